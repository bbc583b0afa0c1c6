"""The changes of two sides put into the text that both come from, for a person to look at or to ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportkit.notebook.line_ends import without_ends
from reportkit.notebook.markers import lines_of
from reportkit.notebook.sentence_merge import Versions, doubtful, lines_from, parts_of
from reportkit.worddiff.common_subsequence import Block, matching_blocks


class _Edit(NamedTuple):
    """What stands from `start` to `end` of the base becomes these parts; theirs comes before ours at the same place."""

    start: int
    end: int
    is_ours: bool
    parts: list[str]


def only_adds(base: str, side: str, *, prose: bool) -> bool:
    """Whether all that the base says stands in a side, in the same order: in prose by sentence, else by line."""
    return _kept(_parts(base, prose), _parts(side, prose)) is not None


def both_changes(base: str, ours: str, theirs: str, *, prose: bool) -> str | None:
    """Return the base with what both sides have changed in it, theirs first where both have added at the same place.

    None if both have changed the same sentence (in what is no prose: line), or if a sentence would come to stand there
    twice by it, or be lost.
    """
    bare = without_ends(base, ours, theirs)
    parts, left, right = (_parts(text, prose) for text in bare.texts)
    edits = [*_edits(parts, left, is_ours=True), *_edits(parts, right, is_ours=False)]
    whole: list[str] = []
    reached, last = 0, None
    for edit in sorted(edits):
        if last and edit[:2] == last[:2] and edit.parts == last.parts:
            continue  # both have done the same
        if edit.start < reached:
            return None
        whole += [*parts[reached : edit.start], *edit.parts]
        reached, last = edit.end, edit
    lines = lines_from([*whole, *parts[reached:]])
    if prose and doubtful(Versions(*[lines] * 3), *map(lines_of, bare.texts)):
        return None
    return bare.with_ends("\n".join(lines))


def _parts(text: str, prose: bool) -> list[str]:
    lines = lines_of(text)
    return parts_of(lines) if prose else [f"{line}\n" for line in lines]


def _edits(base: Sequence[str], side: Sequence[str], *, is_ours: bool) -> Iterator[_Edit]:
    at = there = 0
    for block in [*(_kept(base, side) or matching_blocks(base, side)), Block(len(base), len(side), 0)]:
        if (at, there) != block[:2]:
            yield _Edit(at, block.before, is_ours, list(side[there : block.after]))
        at, there = block.before + block.size, block.after + block.size


def _kept(base: Sequence[str], side: Sequence[str]) -> list[Block] | None:
    """Where in a side each part of the base stands, the first that can be it; None if not all of them are there."""
    rest = iter(enumerate(side))
    found = [next((place for place, own in rest if own == part), None) for part in base]
    return None if None in found else [Block(at, place, 1) for at, place in enumerate(found) if place is not None]
