r"""Three texts merged line by line.

A text is taken as what stands *between* its line feeds, so that joining it again neither invents nor loses one. How
lines end (`\n` or `\r\n`) and how many empty ones close the text are merged apart from what the lines say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

from reportkit.notebook.markers import (
    LABELS,
    Labels,
    MarksError,
    Region,
    agreed,
    conflict,
    is_open,
    lines_of,
    regions_of,
    resolved,
)
from reportkit.worddiff.common_subsequence import matching_blocks

__all__ = ["LABELS", "Labels", "Lines", "MarksError", "is_open", "merge_lines", "resolved", "whole_conflict"]


class Lines(NamedTuple):
    """A merged text; where it is in conflict, both sides stand in it between marks."""

    text: str
    conflict: bool


def merge_lines(base: str, ours: str, theirs: str, labels: Labels = LABELS) -> Lines:
    """Return `ours` and `theirs` merged, `base` being what both come from.

    What one side alone changed is taken, and what both changed alike is taken once. The rest is in conflict, as are
    changes with no unchanged line between them, and any text in which the marks of an earlier conflict are left.
    """
    text = theirs if ours == base else ours if theirs in (base, ours) else _merged(base, ours, theirs, labels)
    return Lines(text, is_open(text))


def whole_conflict(base: str, ours: str | None, theirs: str | None, labels: Labels = LABELS) -> str:
    """Return both whole texts between marks; a side that has no such cell (None) has no line there."""
    known = lines_of(base)
    left, right = ([] if text is None else _decided(_items(lines_of(text)), known) for text in (ours, theirs))
    return "\n".join(conflict(left, right, labels).written)


def _merged(base: str, ours: str, theirs: str, labels: Labels) -> str:
    ending = _ending(base, ours, theirs)
    texts = [text.replace("\r\n", "\n") if ending else text for text in (base, ours, theirs)]
    closings = [_closing(text) for text in texts]
    base, ours, theirs = (text.removesuffix(end) for text, end in zip(texts, closings, strict=True))
    text = "\n".join(_lines(lines_of(base) if base else [], lines_of(ours), lines_of(theirs), labels))
    text += _three_way(*closings)
    return text.replace("\n", ending) if ending else text


def _lines(base: list[str], ours: list[str], theirs: list[str], labels: Labels) -> Iterator[str]:
    for old, left, right in _chunks(base, _items(ours), _items(theirs)):
        yield from _chunk(old, left, right, labels)


def _chunk(base: list[str], ours: list[Region], theirs: list[Region], labels: Labels) -> list[str]:
    """Return what becomes of some lines that are not the same in all three texts."""
    left, right = _written(ours), _written(theirs)
    if left in (base, right):
        return right
    if right == base:
        return left
    left, right = _decided(ours, base), _decided(theirs, base)
    head = _shared(left, right)
    left, right = left[len(head) :], right[len(head) :]
    tail = _shared(left[::-1], right[::-1])[::-1]
    left, right = left[: len(left) - len(tail)], right[: len(right) - len(tail)]
    return [*head, *(conflict(left, right, labels).written if left or right else []), *tail]


def _decided(items: list[Region], base: list[str]) -> list[str]:
    """Return a side's lines for a new conflict: its own side of an earlier one, if the other side is known from base.

    So a second change of the master replaces the first within the marks, and marks stand within marks only where
    somebody has written between them.
    """
    known = set(base)
    return [line for item in items for line in (item.ours if known.issuperset(item.theirs) else item.written)]


def _items(lines: list[str]) -> list[Region]:
    """Return single lines, and conflicts that are left in the text as one item each."""
    try:
        regions = regions_of(lines)
    except MarksError:
        regions = [agreed(lines)]
    items = []
    for region in regions:
        items += [region] if region.conflict else [agreed([line]) for line in region.ours]
    return items


def _chunks(
    base: list[str], ours: list[Region], theirs: list[Region]
) -> Iterator[tuple[list[str], list[Region], list[Region]]]:
    """Yield the three texts in pieces: each line that all three share, and what lies between such lines."""
    left, right = _matches(base, ours), _matches(base, theirs)
    shared = [(at, left[at], right[at]) for at in range(len(base)) if at in left and at in right]
    b = o = t = 0
    for at, ours_at, theirs_at in [*shared, (len(base), len(ours), len(theirs))]:
        if (at, ours_at, theirs_at) != (b, o, t):
            yield base[b:at], ours[o:ours_at], theirs[t:theirs_at]
        yield base[at : at + 1], ours[ours_at : ours_at + 1], theirs[theirs_at : theirs_at + 1]
        b, o, t = at + 1, ours_at + 1, theirs_at + 1


def _matches(base: list[str], items: list[Region]) -> Mapping[int, int]:
    """Return the number of the item that is the same line, by the number of the line in base."""
    places = [(line, None if item.conflict else at) for at, item in enumerate(items) for line in item.theirs]
    blocks = matching_blocks(base, [line for line, _ in places])
    pairs = ((old + step, places[new + step][1]) for old, new, size in blocks for step in range(size))
    return {old: new for old, new in pairs if new is not None}


def _written(items: list[Region]) -> list[str]:
    return [line for item in items for line in item.written]


def _shared(left: list[str], right: list[str]) -> list[str]:
    """Return the lines with which both begin."""
    return [line for line, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))]


def _closing(text: str) -> str:
    at = len(text)
    while text[at - 1 : at] == "\n":
        at -= 2 if text[at - 2 : at] == "\r\n" else 1
    return text[at:]


def _ending(base: str, ours: str, theirs: str) -> str:
    """Return how the merged lines end, or "" if one of the texts mixes two ways; then each line keeps its own."""
    before, left, right = map(_way, (base, ours, theirs))
    if "" in (before, left, right):
        return ""
    left, right = left or right or before or "\n", right or left or before or "\n"
    return _three_way(before or left, left, right)


def _way(text: str) -> str | None:
    feeds, pairs = text.count("\n"), text.count("\r\n")
    return None if not feeds else "\r\n" if pairs == feeds else "" if pairs else "\n"


def _three_way(base: str, ours: str, theirs: str) -> str:
    return theirs if ours == base else ours
