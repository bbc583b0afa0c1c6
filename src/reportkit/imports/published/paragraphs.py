"""Lines of words -> paragraphs: what was broken to fit a page, or by its end, goes together again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from reportkit.documents.document import Joint
from reportkit.imports.published.tokens import Line

_ENDS = "。；：！？.;:!?…"
_QUOTES = "”’」』\"')）】"
_GOES_ON = "，、,（(《〈“‘【"
_NEVER_FIRST = "，。、；：！？）》〉”’】,;:!?)…"
_PAIRS = {"）": "（", ")": "(", "》": "《", "”": "“", "】": "【"}
_MOST_OPEN = 200
"""What is set off by brackets is not longer."""

_MARKED = re.compile(
    r"[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}(?:[、．)）]|\.(?!\d))|[①-⑳]|第[一二三四五六七八九十][，、是]|[●■◆·]"
)
_COUNTED = re.compile(r"[一二三四五六七八九十]+[、是要]")
"""What paragraphs begin with; 一是 may also be the middle of 统一是, where a line is full."""

_FIRST_WORD = re.compile(r"[!-~]+|.", re.DOTALL)
"""What could not stand at the end of the line before."""

_NARROWEST, _WIDEST, _FULL = 36, 110, 0.85
"""Columns of a line that was broken to fit a page, and how much of the widest line a full line takes."""

_SLACK, _FEWEST = 4, 3
"""How many columns a full line may lack, as signs are kept together; so many of them show that lines were broken."""

_LEAST_CUT = 24
"""Columns of a line that a page's end has cut: a shorter one may be a heading at the foot of the page."""


class Piece(NamedTuple):
    """A line of words, by its number in the document; `joint` is how it stands below the piece before."""

    number: int
    line: Line
    joint: Joint


class Found(NamedTuple):
    """A paragraph: its text, and the lines that it was put together from."""

    text: str
    pieces: tuple[Piece, ...]


def paragraphs(pieces: Sequence[Piece], measure: int, *, indented: bool) -> Iterator[Found]:
    """Yield the paragraphs of lines of words.

    `measure` is the width to which the document's lines were broken, 0 if nothing shows that they were; `indented` says
    that its paragraphs begin with an indent.
    """
    for run in _runs(pieces, measure):
        widest = max(width(piece.line.text) for piece in run)
        parts: list[Piece] = []
        for piece in run:
            if parts and not _goes_on(parts, piece, measure or _local(widest), indented, sure=measure > 0):
                yield _found(parts)
                parts = []
            parts.append(piece)
        yield _found(parts)


def measured(lines: Sequence[Line]) -> int:
    """Return the width to which lines of words were broken: that of several full ones that end in mid-sentence."""
    widths = sorted((width(line.text) for line in lines if line.is_prose and not _ends(line.text)), reverse=True)
    widths = [one for one in widths if _NARROWEST <= one <= _WIDEST]
    for at in range(len(widths) - _FEWEST + 1):
        if widths[at] - widths[at + _FEWEST - 1] <= _SLACK:
            return widths[at]
    return 0


def has_indents(lines: Sequence[Line]) -> bool:
    """Return whether paragraphs begin with an indent: some lines have one, and what goes on below them has none."""
    words = [line for line in lines if line.is_prose]
    below = [line.indented for line in words if line.joint is Joint.NEXT]
    return any(line.indented for line in words) and not all(below)


def width(text: str) -> int:
    """Return how many columns a text takes, two for a Chinese character."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _found(parts: Sequence[Piece]) -> Found:
    """The lines together, with a space only between two words of letters."""
    texts = [piece.line.text for piece in parts]
    words = texts[:1]
    for before, text in pairwise(texts):
        words += [" ", text] if _are_two_words(before, text) else [text]
    return Found("".join(words), tuple(parts))


def _are_two_words(before: str, text: str) -> bool:
    return _is_letter(before[-1:]) and _is_letter(text[:1]) and not _in_address(before)


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _in_address(text: str) -> bool:
    """Whether a text ends within an address of the web or of mail."""
    last = re.split(r"[^!-~]", text[-100:])[-1]
    return any(sign in last for sign in "./@:")


def _local(widest: int) -> int:
    return widest if _NARROWEST <= widest <= _WIDEST else 0


def _runs(pieces: Sequence[Piece], measure: int) -> Iterator[list[Piece]]:
    """Lines that may go together: without a measure, those that follow each other without a blank line between."""
    run: list[Piece] = []
    for piece in pieces:
        if run and piece.joint is Joint.APART and not measure:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _goes_on(parts: Sequence[Piece], piece: Piece, measure: int, indented: bool, *, sure: bool) -> bool:
    """Whether a line goes on with the paragraph that these lines begin."""
    if indented and piece.line.indented:
        return False
    text, following = parts[-1].line.text, piece.line.text
    if following[0] in _NEVER_FIRST:
        return True
    columns, ended = width(text), _ends(text) and not _is_open(parts)
    if piece.joint is Joint.PAGE and not ended:
        return text[-1] in _GOES_ON or (columns >= _LEAST_CUT and not _begins(following, strictly=True))
    needed = width(_first_word(following))
    nearly_full = measure > 0 and columns + max(needed, _SLACK) >= measure
    if not nearly_full and (piece.joint is Joint.APART or not measure or columns < _FULL * measure):
        return False
    if not ended:
        return text[-1] in _GOES_ON or not _begins(following, strictly=nearly_full)
    if _begins(following, strictly=False):
        return False
    return (indented and piece.joint is not Joint.APART) or (sure and columns + needed > measure)


def _first_word(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match[0] if match else ""


def _is_open(parts: Sequence[Piece]) -> bool:
    """Whether a bracket or a quotation is open at the end of these lines."""
    text = "".join(part.line.text for part in parts[-_FEWEST:])[-_MOST_OPEN:]
    return any(text.rfind(begin) > text.rfind(close) for close, begin in _PAIRS.items())


def _begins(text: str, *, strictly: bool) -> bool:
    return bool(_MARKED.match(text)) or (not strictly and bool(_COUNTED.match(text)))


def _ends(text: str) -> bool:
    """Whether a text ends a sentence."""
    return text.rstrip(_QUOTES)[-1:] in _ENDS if text.rstrip(_QUOTES) else False
