"""Where a paragraph begins in text that was typed or pasted line by line, and how the lines of one are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reportkit.exporters.text import closes_up, columns, is_wide

_BEGINS = (
    r"(?:\*\*)?(?:[（(](?:[一二三四五六七八九十百]{1,4}|\d{1,3})[）)]|[一二三四五六七八九十]{1,3}[、是要]|\d{1,3}(?:[、．)）]|\.(?!\d))"
    r"|[①-⑳⑴-⒇㈠-㈩]|[第其][一二三四五六七八九十]{1,3}[，、,：:是]|(?:备?注|附(?:件|表|图)?\d{0,2})[：:]|[●■◆▲★※○◎◇□△·•])"
)
_NUMBERED = re.compile(_BEGINS)
"""The number or the sign that a paragraph begins with."""

_TITLE = re.compile(_BEGINS + r"[^，。；：！？,;:!?]{1,30}$")
"""A line with a number and without any punctuation is a title, however long it is."""

_LINE_END = re.compile(r"\n(?![-+*>|#]|\d{1,9}[.)]\s)")
"""The end of a line that the next line goes on with, as no list, table or heading does."""

_CLOSING = "*）)》〉」』】〕]’\"'"
_ENDS, _LATIN_ENDS = "。！？；：…”", ".!?;:"
_GOES_ON = "，,、（(《〈「『【〔[“‘—–"
_OPEN = "、（(《〈「『【〔[“‘"
_SHORT = 0.6
"""A line that takes less of the longest one's width was not broken because it was full."""


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs of lines between two blank ones, without the white space around each line.

    A line begins a paragraph when it is indented; when it begins with a number (一、 （一） 1. ① 第一， 一是) or 注：;
    when the line before ends a sentence; and when that line is a title: numbered and without punctuation, or much
    shorter than the longest line. Otherwise one line was broken in two.
    """
    widest = max(map(columns, lines)) if len(lines) > 1 else 0
    begun: list[str] = []
    for line in lines:
        if begun and begins(begun[-1], line, widest):
            yield joined(begun)
            begun = []
        begun.append(line.strip())
    yield joined(begun)


def joined(lines: Sequence[str]) -> str:
    """Return stripped lines as one: closed up between two Chinese characters, else with a line end as a space."""
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        pieces += ["" if closes_up(before[-1:], line[:1]) else "\n", line]
    return "".join(pieces)


def one_paragraph(text: str) -> str:
    """Return a text in which only a blank line ends a paragraph, whatever the lines end with."""
    groups = re.split(r"\n[ \t]*\n", text.strip())
    return "\n\n".join(_LINE_END.sub(" ", joined([line.strip() for line in group.split("\n")])) for group in groups)


def begins(before: str, line: str, widest: int = 0) -> bool:
    """Return whether a line begins a paragraph.

    `before` is the line above it, stripped; `widest` the columns of the longest line.
    """
    words = line.lstrip()
    indent = line[: len(line) - len(words)]
    if "\u3000" in indent or len(indent.expandtabs(4)) >= 4 or _ends_sentence(before):
        return True
    if before[-1:] in _OPEN:
        return False
    if _NUMBERED.match(words):
        return True
    return before[-1:] not in _GOES_ON and (bool(_TITLE.match(before)) or columns(before) < _SHORT * widest)


def _ends_sentence(line: str) -> bool:
    inside = line.rstrip(_CLOSING)
    # A full stop of Latin script ends many lines of wrapped English, and seldom a paragraph there.
    return inside[-1:] in _ENDS if inside[-1:] not in _LATIN_ENDS else is_wide(inside[-2:-1])
