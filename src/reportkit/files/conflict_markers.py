"""Git's conflict markers: what it leaves in a file that it could not merge, two versions of some lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from reportkit.translation import N_, Saying

_MARK = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?:[ \t]([^\r\n]*))?\r?$", re.MULTILINE)
_SHOWN = 60


class Markers(NamedTuple):
    """The first conflict: its line, what to tell of it, and both versions in short."""

    line: int
    message: str
    ours: str = ""
    theirs: str = ""


def conflict_markers(text: str) -> Markers | None:
    """Return what git has left in a text, None if nothing: `<<<<<<<`, `|||||||`, `=======` and `>>>>>>>` at the margin.

    A lone `=======` is none, as it underlines headings.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return None
    marks = list(_MARK.finditer(text))
    first = next((mark for mark in marks if mark[1] != "======="), None)
    if first is None:
        return None
    line = text.count("\n", 0, first.start()) + 1
    places = sum(mark[1][0] == "<" for mark in marks)
    several = Saying(" ({number} places in all)", number=places) if places > 1 else ""
    sides = _sides(text, marks[marks.index(first) :])
    if sides is None:
        message = Saying(
            "line {line} is {mark}, which git has left behind, and its marks do not pair up{several}; "
            "leave the text that you want and delete the lines with marks",
            line=line,
            mark=first[1],
            several=several,
        )
        return Markers(line, message)
    (our_name, ours), (their_name, theirs) = sides
    message = Saying(
        "from line {line} on git has left two versions to choose from{several}: "
        '{our_name} "{ours}", {their_name} "{theirs}"; '
        "leave the one that you want and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>",
        line=line,
        several=several,
        our_name=our_name,
        ours=ours,
        their_name=their_name,
        theirs=theirs,
    )
    return Markers(line, message, ours, theirs)


def _sides(text: str, marks: list[re.Match[str]]) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """The name and the text of both sides of the conflict with which the marks begin; None if a mark is missing."""
    ends = iter(marks)
    wanted = ["<<<<<<<", "=======", ">>>>>>>"]
    found: list[re.Match[str]] = []
    base: re.Match[str] | None = None
    for mark in ends:
        if mark[1] == "|||||||" and len(found) == 1 and base is None:
            base = mark
        elif mark[1] == wanted[len(found)]:
            found.append(mark)
            if len(found) == len(wanted):
                break
        else:
            return None
    if len(found) < len(wanted):
        return None
    opening, middle, closing = found
    ours = _shown(text[opening.end() : (base or middle).start()])
    theirs = _shown(text[middle.end() : closing.start()])
    return (_name(opening, N_("one side")), ours), (_name(closing, N_("the other side")), theirs)


def _name(mark: re.Match[str], side: str) -> Saying:
    name = _shown(mark[2] or "", 30)
    return Saying("{side} ({name})", side=Saying(side), name=name) if name else Saying(side)


def _shown(text: str, length: int = _SHOWN) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length]}…"
