"""Three texts merged line by line, and prose by sentence where both sides have changed a line.

A text is taken as what stands *between* its line feeds, so that joining it again neither invents nor loses one.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import takewhile
from typing import NamedTuple

from reportkit.notebook.line_ends import without_ends
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
from reportkit.notebook.sentence_merge import Versions, doubtful, joined, merge_sentences, said_in
from reportkit.notebook.three_way import Places, in_step, places

__all__ = ["LABELS", "Labels", "Lines", "MarksError", "is_open", "merge_lines", "resolved", "whole_conflict"]


class Lines(NamedTuple):
    """A merged text; where it is in conflict, both sides stand in it between marks, and in `base` what was before."""

    text: str
    conflict: bool
    base: str


class _Way(NamedTuple):
    """How lines are merged: in prose by sentence, and of the doubted ones no change is taken from one side alone."""

    labels: Labels
    prose: bool
    doubted: Set[str] = frozenset()


def merge_lines(base: str, ours: str, theirs: str, labels: Labels = LABELS, *, prose: bool = False) -> Lines:
    """Return `ours` and `theirs` merged, `base` being what both come from.

    What one side alone changed is taken, and what both changed alike is taken once. The rest is in conflict, as are
    changes with no unchanged line between them (in prose: no unchanged sentence), and any text in which the marks of an
    earlier conflict are left. In prose a merge by which a sentence would double or get lost is a conflict, too. All
    that is not in conflict is merged on both sides of it.
    """
    if ours == base or theirs in (base, ours):
        text = theirs if ours == base else ours
        return Lines(text, True, base) if is_open(text) else Lines(text, False, text)
    return _merged(base, ours, theirs, _Way(labels, prose))


def whole_conflict(
    base: str, ours: str | None, theirs: str | None, labels: Labels = LABELS, *, prose: bool = False
) -> str:
    """Return both whole texts between marks; a side that has no such cell (None) has no line there."""
    known = lines_of(base)
    left, right = ([] if text is None else _decided(_items(lines_of(text)), known, prose) for text in (ours, theirs))
    return "\n".join(conflict(left, right, labels).written)


def _merged(base: str, ours: str, theirs: str, way: _Way) -> Lines:
    bare = without_ends(base, ours, theirs)
    base, ours, theirs = bare.texts
    found = _versions(lines_of(base) if base else [], lines_of(ours), lines_of(theirs), way)
    before = [line for each in found for line in each.base]
    after = [line for each in found for line in _marked(each, way.labels)]
    text, old = (bare.with_ends("\n".join(lines)) for lines in (after, before))
    return Lines(text, is_open(text), old)


def _marked(versions: Versions, labels: Labels) -> list[str]:
    """Return the lines, with both sides between marks where they are not the same."""
    _base, ours, theirs = versions
    return ours if ours == theirs else conflict(ours, theirs, labels).written


def _versions(base: list[str], ours: list[str], theirs: list[str], way: _Way) -> list[Versions]:
    """Return the merged lines in pieces. In prose they are merged anew where a sentence has doubled or got lost."""
    items = _items(ours), _items(theirs)
    found = list(_pieces(base, *items, way))
    if not way.prose or any(map(is_open, (*ours, *theirs))):
        return found
    if doubted := doubtful(joined(found), base, ours, theirs):
        found = list(_pieces(base, *items, way._replace(doubted=doubted)))
    if doubted and doubtful(joined(found), base, ours, theirs):
        found = list(_pieces(base, *items, way._replace(doubted={*said_in(ours), *said_in(theirs)})))
    return found


def _pieces(base: list[str], ours: list[Region], theirs: list[Region], way: _Way) -> Iterator[Versions]:
    left, right = _places(base, ours), _places(base, theirs)
    for before, here, there in in_step(left, right, len(base), len(ours), len(theirs)):
        yield from _piece(base[before], ours[here], theirs[there], way)


def _piece(base: list[str], ours: list[Region], theirs: list[Region], way: _Way) -> Iterator[Versions]:
    """Yield what becomes of some lines that are not the same in all three texts."""
    left, right = _written(ours), _written(theirs)
    if left == right or (base in (left, right) and not (way.doubted & {*said_in(left), *said_in(right)})):
        lines = right if left == base else left
        yield Versions(lines, lines, lines)
        return
    left, right = _decided(ours, base, way.prose), _decided(theirs, base, way.prose)
    if way.prose and not any(map(is_open, (*left, *right))):
        base, left, right = merge_sentences(base, left, right, way.doubted)
    head = _shared(left, right)
    left, right = left[len(head) :], right[len(head) :]
    tail = _shared(left[::-1], right[::-1])[::-1]
    left, right = left[: len(left) - len(tail)], right[: len(right) - len(tail)]
    base = base[len(_shared(base, head)) :]
    base = base[: len(base) - len(_shared(base[::-1], tail[::-1]))]
    yield from (Versions(*[head] * 3), Versions(base if left != right else [], left, right), Versions(*[tail] * 3))


def _decided(items: list[Region], base: list[str], prose: bool) -> list[str]:
    """Return a side's lines for a new conflict: its own side of an earlier one, if the other side is known from base.

    So a second change of the master replaces the first within the marks, and marks stand within marks only where
    somebody has written between them. What could be merged stands on both sides of the earlier one.
    """
    if not any(item.conflict for item in items):
        return _written(items)
    known = {*base, *(said_in(base) if prose else ())}
    return [line for item in items for line in (item.ours if _is_known(item, known, prose) else item.written)]


def _is_known(item: Region, known: Set[str], prose: bool) -> bool:
    """Whether the other side of an earlier conflict says nothing that is neither known nor on our side of it."""
    if not item.conflict:
        return True
    known = {*known, *item.ours, *(said_in(item.ours) if prose else ())}
    return all(line in known or (prose and known.issuperset(said_in([line]) or [line])) for line in item.theirs)


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


def _places(base: list[str], items: list[Region]) -> Places:
    """Return the number of the item that is the same line, by the number of the line in base."""
    lines = [(line, None if item.conflict else at) for at, item in enumerate(items) for line in item.theirs]
    found = {old: lines[new][1] for old, new in places(base, [line for line, _ in lines]).items()}
    return {old: new for old, new in found.items() if new is not None}


def _written(items: list[Region]) -> list[str]:
    return [line for item in items for line in item.written]


def _shared(left: list[str], right: list[str]) -> list[str]:
    """Return the lines with which both begin."""
    return [line for line, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))]
