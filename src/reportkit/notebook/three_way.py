"""Three sequences in step: what all three share, one by one, and what lies between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reportkit.worddiff.common_subsequence import matching_blocks

Places = Mapping[int, int]
"""The place in one sequence by the place in the base."""


def places(base: Sequence[str], side: Sequence[str]) -> Places:
    """Return where in a side the items of the base are; those that it has not are left out."""
    return {old + step: new + step for old, new, size in matching_blocks(base, side) for step in range(size)}


def in_step(left: Places, right: Places, base: int, ours: int, theirs: int) -> Iterator[tuple[slice, slice, slice]]:
    """Yield the ranges of base, ours and theirs piece by piece: each item that all share, and what lies between such.

    The numbers are the lengths of the three. Only what lies between may be of different length, or empty on a side.
    """
    shared = [(at, left[at], right[at]) for at in range(base) if at in left and at in right]
    b = o = t = 0
    for at, ours_at, theirs_at in [*shared, (base, ours, theirs)]:
        if (at, ours_at, theirs_at) != (b, o, t):
            yield slice(b, at), slice(o, ours_at), slice(t, theirs_at)
        if at < base:
            yield slice(at, at + 1), slice(ours_at, ours_at + 1), slice(theirs_at, theirs_at + 1)
        b, o, t = at + 1, ours_at + 1, theirs_at + 1
