"""How wide the columns of a table are to be, and how large its type, so that it fits the page and no number is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reportkit.exporters.runs import Block
from reportkit.exporters.text import is_wide

PORTRAIT = 156 / 25.4 * 72
LANDSCAPE = 225 / 25.4 * 72
_SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
_OPENING = "（《“‘〈「『【〔([{"
_CLOSING = "）》”’〉」』】〕、。，．：；！？·…)]},.;:!?%％"
_NARROW = frozenset("ijl.,:;'|!I()[]{}-/ ")
_BROAD = frozenset("mwMW%@—…“”‘’")
# The stem of an unbroken word or number, a single Chinese character, or a space.
_TOKEN = re.compile(r"\s|[^\s\u2e80-\U0003ffff“”‘’—…]+|.", re.S)


def fit(table: Block) -> None:
    """Give a table its type size, column widths in points, padding, and page: upright, or on its side if it must."""
    for landscape in (False, True):
        for size in _SIZES:
            page = LANDSCAPE if landscape else PORTRAIT
            if _try(table, size, page):
                table["landscape"] = landscape
                return
    _squeeze(table)


def em(text: str) -> float:
    """Return about how wide the longest line of a text runs, in ems; rather too wide than too narrow."""
    return max(sum(map(_char_em, line)) for line in text.split("\n"))


def tokens(text: str) -> Iterator[str]:
    """Yield the pieces of a text between which a line may end, by the rules of Chinese punctuation."""
    piece = ""
    for token in _TOKEN.findall(text):
        if token.isspace():
            if piece:
                yield piece
            piece = ""
        elif not piece or piece[-1] in _OPENING or token[0] in _CLOSING:
            piece += token
        else:
            yield piece
            piece = token
    if piece:
        yield piece


def _char_em(char: str) -> float:
    if is_wide(char) or char in _BROAD:
        return 1.0
    if char in _NARROW:
        return 0.4
    return 0.74 if char.isupper() else 0.58


def _padding(size: float) -> float:
    return 3.0 if size > 8.5 else 2.0


def _try(table: Block, size: float, page: float) -> bool:
    """Set the table at this size if every column can have what it needs; return whether it could."""
    padding = 2 * _padding(size) + 0.5
    least = [width * size + padding for width in _columns(table, _needed)]
    if sum(least) > page:
        return False
    wish = [max(a * size + padding, b) for a, b in zip(_columns(table, _wished), least, strict=True)]
    table |= {"size": size, "padding": _padding(size), "widths": _alike(table, _share(least, wish, page), least)}
    return True


def _columns(table: Block, measure: Any) -> list[float]:
    """Return a width for each column, in ems, from what `measure` says of its cells."""
    widths = [0.0] * table["columns"]
    spanning = []
    for cell in _cells(table):
        if cell["colspan"] > 1:
            spanning.append(cell)
        else:
            widths[cell["column"]] = max(widths[cell["column"]], measure(cell))
    for cell in sorted(spanning, key=lambda cell: cell["colspan"]):
        reach = range(cell["column"], cell["column"] + cell["colspan"])
        missing = measure(cell) - sum(widths[column] for column in reach)
        for column in reach:
            widths[column] += max(missing, 0) / len(reach)
    return widths


def _needed(cell: Block) -> float:
    """Return the least width in which a cell looks right: its longest word, and no tower of single characters."""
    widest = max(map(em, tokens(cell["text"])), default=0.0)
    length = em(cell["text"])
    return max(widest, min(length, max(2.0, min(length / (6 * cell["rowspan"]), 12.0))))


def _wished(cell: Block) -> float:
    """Return the width in which a cell takes no more lines than it spans rows."""
    return max(_needed(cell), min(em(cell["text"]) / cell["rowspan"], 24.0))


def _share(least: list[float], wish: list[float], page: float) -> list[float]:
    """Return widths that fill the page: wishes stretched alike, or what is left shared by what each still wants."""
    if sum(wish) <= page:
        return [width * page / sum(wish) for width in wish]
    room, wanted = page - sum(least), sum(wish) - sum(least)
    return [low + room * (high - low) / wanted for low, high in zip(least, wish, strict=True)]


def _alike(table: Block, widths: list[float], least: list[float]) -> list[float]:
    """Return the widths with the columns of figures made equal, where none of them gets too narrow by it."""
    stubs = {c["column"] for c in _cells(table, body=True) if c["header"] and c["colspan"] == 1}
    long = {c["column"] for c in _cells(table, body=True) if em(c["text"]) > 8}
    figures = [column for column in range(table["columns"]) if column not in stubs | long]
    if not figures:
        return widths
    mean = sum(widths[column] for column in figures) / len(figures)
    if any(least[column] > mean for column in figures):
        return widths
    return [mean if column in figures else width for column, width in enumerate(widths)]


def _squeeze(table: Block) -> None:
    """Set a table that fits no page: columns shrink in proportion, and words may end anywhere."""
    size = _SIZES[-1]
    least = [width * size + 4.5 for width in _columns(table, _needed)]
    scale = LANDSCAPE / sum(least)
    table |= {"size": size, "padding": 1.0, "widths": [w * scale for w in least], "landscape": True, "crowded": True}


def _cells(table: Block, *, body: bool = False) -> Iterator[Block]:
    for part in table["parts"]:
        if not (body and part["level"]):
            for row in part["rows"]:
                yield from row
