"""How many lines the text of a cell takes in any typeface, where that is certain without setting it.

A row that is told too high leaves a gap; one that is told too low would print over the next. So a text is taken as wide
as it comes in any typeface, and as narrow only to see that it needs as many lines then.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

from reportkit.exporters.text import HAN
from reportkit.exporters.widths import tokens

# No line ends within a number, however narrow its room.
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)*%?")
# Ideographs fill their square in all typefaces; of a stop or bracket, half is blank and may be left out.
_STOP = "\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60"
# By class of a sign: what it takes at least and at most, in ems. A digit and a point together are 1.2 ems wide in a
# typewriter's face, and 1.1 in the broadest of others.
_WIDTHS = (
    (re.compile(f"[{_STOP}]"), 0.5, 1.0),
    (re.compile(f"[{HAN}]"), 1.0, 1.0),
    (re.compile("[0-9]"), 0.45, 0.72),
    (re.compile("[.,]"), 0.2, 0.5),
    (re.compile(r"[!-/:-@\[-`{-~“”‘’·…—]"), 0.2, 1.0),
)
# Typst sets ideographs and digits that meet this far apart.
_MEETING, _GAP = re.compile(f"[{HAN}](?=[0-9])|[0-9](?=[{HAN}])"), 0.25
# Of these it is known where a line may end: not before a stop or a closing bracket, not after an opening one, and not
# within a number. In case a typesetter knows better, each line is taken to hold a sign less.
_KNOWN = re.compile(r"[\u4e00-\u9fa5（）《》〈〉【】、，。；：？！0-9.]+")
_LESS = 1.0
_HARDLY = 0.01


def certain_lines(text: str, room: float) -> int:
    """Return how many lines a text takes in so many ems of room, 0 where that is not certain."""
    if _NUMBER.fullmatch(text):
        return 1
    least, most = _extent(text)
    if most + _HARDLY <= room:
        return 1
    lines = _at_most(text, room)
    return lines if lines and ceil(least / room) == lines else 0


def _at_most(text: str, room: float) -> int:
    """A number of lines that a text does not exceed, 0 where none is known."""
    if not _KNOWN.fullmatch(text):
        return 0
    lines, used = 1, 0.0
    for token in tokens(text):
        width = _extent(token)[1]
        if width > room:
            return 0  # who knows what becomes of it?
        if used and used + width > room - _LESS:
            lines, used = lines + 1, 0.0
        used += width
    return lines


@lru_cache(maxsize=4096)
def _extent(text: str) -> tuple[float, float]:
    """The least and the most that a text takes on one line, in ems; without end where that is not known."""
    least = most = 0.0
    rest = text
    for signs, narrow, wide in _WIDTHS:
        rest, number = signs.subn("", rest)
        least, most = least + number * narrow, most + number * wide
    return (least, most + _GAP * len(_MEETING.findall(text))) if not rest else (0.0, float("inf"))
