"""How wide the columns of a table are to be, and how large its type, so that it fits the page and no number is cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from reportkit.exporters.runs import Block
from reportkit.exporters.text import is_wide
from reportkit.page_styles import Page

_GLUE = "\u00a0\u2007\u202f"
_OPENING = "（《“‘〈「『【〔([{$￥¥£€№" + _GLUE
_CLOSING = "）》”’〉」』】〕、。，．：；！？·…)]},.;:!?%％℃°′″‰々〻ー〜・ゝゞヽヾ" + _GLUE
_NARROW = frozenset("ijl.,:;'|!I()[]{}-/ ")
_BROAD = frozenset("mwMW%@—…“”‘’")
# A space, the stem of an unbroken word or number, dashes that stay together, or a single Chinese character.
_TOKEN = re.compile(rf"[^\S{_GLUE}]|\u200b|[^\s\u200b\u2e80-\U0003ffff“”‘’—…]+|—+|…+|.", re.S)


def fit(table: Block, page: Page) -> bool:
    """Give a table its type size, column widths in points, padding, and whether its page is upright or on its side.

    Return whether there is a page for it; there is none for a hundred columns.
    """
    cells = [cell for part in table["parts"] for row in part["rows"] for cell in row]
    for landscape, width in ((False, page.width), (True, page.height)):
        for size in page.table_sizes:
            if _try(table, cells, size, width, page.padding(size)):
                table["landscape"] = landscape
                _align_wrapped(table, cells)
                return True
    table["landscape"] = True
    return _squeeze(table, cells, page.height, page.table_sizes[-1])


def fit_into(table: Block, width: float, size: float, page: Page) -> bool:
    """Fit a table within something else into its width, in type no larger than what is around it, if it can be."""
    cells = [cell for part in table["parts"] for row in part["rows"] for cell in row]
    for smaller in (smaller for smaller in page.table_sizes if smaller <= min(size, 9)):
        if _try(table, cells, smaller, width, page.padding(smaller)):
            _align_wrapped(table, cells)
            return True
    return _squeeze(table, cells, width, page.table_sizes[-1])


# What is asked of a text is remembered because the labels of a form and small numbers come back in every report.
_remembered = lru_cache(maxsize=4096)


@_remembered
def em(text: str) -> float:
    """Return about how wide the longest line of a text runs, in ems; rather too wide than too narrow."""
    return max(sum(map(_char_em, line)) for line in text.split("\n"))


@_remembered
def tokens(text: str) -> tuple[str, ...]:
    """Return the pieces of a text between which a line may end, by the rules of Chinese punctuation."""
    pieces = [""]
    for token in _TOKEN.findall(text):
        if token == "\u200b" or (token.isspace() and token not in _GLUE):
            pieces.append("")
        elif not pieces[-1] or pieces[-1][-1] in _OPENING or token[0] in _CLOSING:
            pieces[-1] += token
        else:
            pieces.append(token)
    return tuple(filter(None, pieces))


def _char_em(char: str) -> float:
    if char == "\u200b":
        return 0.0
    # Signs beyond the Latin letters, such as ■ or Ⅷ, are as wide as Chinese characters in most typefaces.
    if char > "\u02ff" or is_wide(char) or char in _BROAD:
        return 1.0
    if char in _NARROW:
        return 0.4
    return 0.74 if char.isupper() else 0.58


def _try(table: Block, cells: list[Block], size: float, page: float, around: float) -> bool:
    """Set the table at this size if every column can have what it needs; return whether it could."""
    count, padding = table["columns"], 2 * around + 0.5
    least = [width * size + padding for width in _columns(count, cells, _needed)]
    if sum(least) > page:
        return False
    wish = [max(a * size + padding, b) for a, b in zip(_columns(count, cells, _on_one_line), least, strict=True)]
    if sum(wish) > page:
        wish = [max(a * size + padding, b) for a, b in zip(_columns(count, cells, _wished), least, strict=True)]
    table |= {"size": size, "padding": around, "widths": _alike(count, cells, _share(least, wish, page), least)}
    return True


def _columns(count: int, cells: list[Block], measure: Callable[[str, int, bool], float]) -> list[float]:
    """Return a width for each column, in ems, from what `measure` says of a text, its rowspan, and if it is a head."""
    widths = [0.0] * count
    spanning = []
    for cell in cells:
        width = measure(cell["text"], cell["rowspan"], cell["head"])
        if cell["colspan"] > 1:
            spanning.append((cell["colspan"], cell["column"], width))
        elif width > widths[cell["column"]]:
            widths[cell["column"]] = width
    for colspan, column, width in sorted(spanning, key=lambda span: span[0]):
        missing = width - sum(widths[column : column + colspan])
        for place in range(column, column + colspan):
            widths[place] += max(missing, 0) / colspan
    return widths


@_remembered
def _needed(text: str, rowspan: int, _head: bool) -> float:
    """Return the least width in which a cell looks right: its longest word, and no tower of single characters."""
    widest = max(map(em, tokens(text)), default=0.0)
    length = em(text)
    if length <= 3 and rowspan <= 2:
        return max(widest, length)
    return max(widest, min(length, max(2.0, min(length / (6 * rowspan), 12.0))))


def _on_one_line(text: str, rowspan: int, head: bool) -> float:
    """Return the width in which no line of a cell ends early."""
    return em(text) if rowspan == 1 else _wished(text, rowspan, head)


@_remembered
def _wished(text: str, rowspan: int, head: bool) -> float:
    """Return a width in which a cell is easy on the eye: headers in two lines, the rest in the rows it spans."""
    needed, length = _needed(text, rowspan, head), em(text)
    if head:
        return max(needed, length / (2 * rowspan))
    return min(max(_without_orphan(text, needed), length / rowspan), max(needed, 24.0))


def _without_orphan(text: str, width: float) -> float:
    """Return the width, or up to two characters more, in which no character stands alone on the last line."""
    if width <= 2:  # a tower of characters: one more at its foot is no blemish
        return width
    for wider in (width, width + 1, width + 2):
        if _last_line(text, wider) > 1:
            return wider
    return width


def _last_line(text: str, width: float) -> float:
    line = 0.0
    for token in tokens(text):
        line = line + em(token) if line + em(token) <= width else em(token)
    return line


def _share(least: list[float], wish: list[float], page: float) -> list[float]:
    """Return widths that fill the page: wishes stretched alike, or what is left shared by what each still wants."""
    if sum(wish) <= page:
        return [width * page / sum(wish) for width in wish]
    room, wanted = page - sum(least), sum(wish) - sum(least)
    return [low + room * (high - low) / wanted for low, high in zip(least, wish, strict=True)]


def _alike(count: int, cells: list[Block], widths: list[float], least: list[float]) -> list[float]:
    """Return the widths with the columns of figures made equal, except where one of them needs more."""
    body = [cell for cell in cells if not cell["head"]]
    stubs = {cell["column"] for cell in body if cell["header"] and cell["colspan"] == 1}
    long = {cell["column"] for cell in body if em(cell["text"]) > 8}
    figures = [column for column in range(count) if column not in stubs | long]
    out, room = list(widths), sum(widths[column] for column in figures)
    for column in sorted(figures, key=lambda column: -least[column]):
        out[column] = max(least[column], room / len(figures))
        room -= out[column]
        figures = figures[1:]
    return out


def _align_wrapped(table: Block, cells: list[Block]) -> None:
    """Set cells that take several lines, and those like them in their column, from the left: centred they tire."""
    size, padding = table["size"], table["padding"]
    groups: dict[tuple[int, int], list[Block]] = {}
    for cell in cells:
        if not cell["head"] and cell["rowspan"] == 1:
            groups.setdefault((cell["column"], cell["colspan"]), []).append(cell)
    for (column, colspan), group in groups.items():
        room = sum(table["widths"][column : column + colspan]) - 2 * padding
        if any(em(cell["text"]) * size > room for cell in group):
            for cell in group:
                cell["align"] = cell["align"] or "left"


def _squeeze(table: Block, cells: list[Block], page: float, smallest: float) -> bool:
    """Set a table that fits no page if its columns hold a character each: they shrink, and words may end anywhere."""
    padding = 1.0
    for size in (smallest, *(size for size in (6, 5) if size < smallest)):
        floors = [width * size + 2 * padding for width in _columns(table["columns"], cells, _broadest)]
        if sum(floors) <= page:
            wish = [width * size + 2 * padding for width in _columns(table["columns"], cells, _needed)]
            widths = _share(floors, [max(pair) for pair in zip(floors, wish, strict=True)], page)
            table |= {"size": size, "padding": padding, "widths": widths, "crowded": True}
            return True
    return False


@_remembered
def _broadest(text: str, _rowspan: int, _head: bool) -> float:
    """Return the width of the broadest character."""
    return max(map(_char_em, text), default=0.0)
