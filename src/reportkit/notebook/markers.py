"""A text that holds the marks of a conflict: finding them, reading the sides apart, taking one."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from reportkit.errors import UserError
from reportkit.translation import N_, _

Side = Literal["ours", "theirs"]

OURS, BETWEEN, THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"
_ANY_MARK = re.compile(r"^[ \t]*(?:<{7}|>{7})", re.MULTILINE)
_NEXT = {("", OURS): "ours", ("ours", BETWEEN): "theirs", ("theirs", THEIRS): ""}


class Labels(NamedTuple):
    """What stands behind the marks to tell a reader whose text it is, translated where it is written.

    Nothing is read by these words: a file may have them in whatever language.
    """

    ours: str = N_("the town's text")
    theirs: str = N_("the master's text")


LABELS = Labels()


class MarksError(UserError):
    """The marks of a conflict do not pair up, so only a person can tell the sides apart."""


class Region(NamedTuple):
    """Some lines of a text: its two sides and how it is written; outside a conflict the three are the same."""

    ours: list[str]
    theirs: list[str]
    written: list[str]
    conflict: bool


def lines_of(text: str) -> list[str]:
    """Return what stands between the line feeds, so that joining it again gives the text exactly."""
    return text.split("\n")


def conflict(ours: list[str], theirs: list[str], labels: Labels) -> Region:
    """Return a region in which both sides stand between marks."""
    our_label, their_label = map(_, labels)
    written = [f"{OURS} {our_label}".rstrip(), *ours, BETWEEN, *theirs, f"{THEIRS} {their_label}".rstrip()]
    return Region(ours, theirs, written, True)


def agreed(lines: list[str]) -> Region:
    """Return a region that reads the same on both sides."""
    return Region(lines, lines, lines, False)


def labels_of(source: str) -> Labels | None:
    """Return what stands behind the first pair of marks, None if there is none."""
    ours, theirs = (re.search(rf"^{mark} (.+)$", source, re.MULTILINE) for mark in (OURS, THEIRS))
    return Labels(ours[1], theirs[1]) if ours and theirs else None


def is_open(source: str) -> bool:
    """Whether a mark of a conflict heads any line: half of a pair is not settled either, and nor is a bent one."""
    return _ANY_MARK.search(source) is not None


def resolved(source: str, side: Side) -> str:
    """Return the text with this side of every conflict in it.

    Raises MarksError if the marks do not pair up, or one conflict stands within another.
    """
    regions = regions_of(lines_of(source))
    return "\n".join(line for region in regions for line in (region.ours if side == "ours" else region.theirs))


def sides_of(source: str) -> tuple[str | None, str | None]:
    """Return the two sides of a text; None for a side on which the whole cell is missing.

    Raises MarksError as `resolved` does.
    """
    regions = regions_of(lines_of(source))
    if len(regions) == 1 and regions[0].conflict:
        ours, theirs = regions[0].ours, regions[0].theirs
        return ("\n".join(ours) if ours else None), ("\n".join(theirs) if theirs else None)
    return resolved(source, "ours"), resolved(source, "theirs")


def regions_of(lines: list[str]) -> list[Region]:
    """Return the text's conflicts and what lies between them, in order.

    Raises MarksError if the marks do not pair up, or one conflict stands within another.
    """
    regions: list[Region] = []
    parts: dict[str, list[str]] = {"": [], "ours": [], "theirs": [], "written": []}
    inside = ""
    for number, line in enumerate(lines, 1):
        mark = _mark(line)
        if mark == BETWEEN and not inside:
            mark = ""  # underlines a heading
        if not mark:
            parts[inside].append(line)
        elif (inside, mark) not in _NEXT:
            raise MarksError(_message(number, line))
        else:
            inside = _NEXT[inside, mark]
        if inside or mark:
            parts["written"].append(line)
        if mark == OURS and parts[""]:
            regions.append(agreed(parts.pop("")))
        elif mark == THEIRS:
            regions.append(Region(parts["ours"], parts["theirs"], parts["written"], True))
        if mark in (OURS, THEIRS):
            parts = {"": [], "ours": [], "theirs": [], "written": parts["written"] if mark == OURS else []}
    if inside:
        raise MarksError(_message(len(lines), _("the end of the cell")))
    return [*regions, agreed(parts[""])] if parts[""] else regions


def _mark(line: str) -> str:
    """Return which mark a line is, "?" for what only looks like one, "" for none."""
    line = line.removesuffix("\r")
    if line == BETWEEN:
        return line
    whole = next((mark for mark in (OURS, THEIRS) if line == mark or line.startswith(f"{mark} ")), "")
    return whole or ("?" if is_open(line) else "")


def _message(number: int, found: str) -> str:
    words = _(
        "line {line} of the cell: the marks of the conflict do not pair up ({found!r}); "
        "finish this cell by hand: leave the lines that are to be printed and delete all marked lines"
    )
    return words.format(line=number, found=found)
