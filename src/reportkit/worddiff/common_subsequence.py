"""What two sequences have in common, in time that grows with their length.

Short ones are compared exactly, which takes the square of their length and more. Of long ones the pieces are compared
that lie between what stands in each of them once, as long as these pieces are short.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise, takewhile
from typing import NamedTuple

EXACT = 200_000
"""Pairs of items up to which two sequences are compared exactly."""

_EXACT_WITHIN, _EXACT_IN_ALL, _DEEPEST = 40_000, 400_000, 8
"""The same for one piece of long sequences, and for all their pieces; and how often a piece is cut into pieces."""


class Block(NamedTuple):
    """So many items that are the same from these places on."""

    before: int
    after: int
    size: int


def matching_blocks(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Block]:
    """Return what both have in the same order, block by block; none is empty."""
    if len(before) * len(after) <= EXACT:
        return list(_exact(before, after))
    return list(_joined(_Long(before, after).blocks(0, len(before), 0, len(after), _DEEPEST)))


def _exact(before: Sequence[Hashable], after: Sequence[Hashable], a: int = 0, b: int = 0) -> Iterator[Block]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return (Block(a + old, b + new, size) for old, new, size in matcher.get_matching_blocks() if size)


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    last: Block | None = None
    for block in blocks:
        if last and (last.before + last.size, last.after + last.size) == block[:2]:
            last = last._replace(size=last.size + block.size)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


class _Long:
    """Compares pieces of two long sequences, and counts what it costs."""

    def __init__(self, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
        self._before, self._after = before, after
        self._left = _EXACT_IN_ALL

    def blocks(self, a: int, a_end: int, b: int, b_end: int, depth: int) -> Iterator[Block]:
        """Yield what two pieces have in common."""
        head = _same(zip(range(a, a_end), range(b, b_end), strict=False), self._before, self._after)
        if head:
            yield Block(a, b, head)
        a, b = a + head, b + head
        backwards = zip(range(a_end - 1, a - 1, -1), range(b_end - 1, b - 1, -1), strict=False)
        tail = _same(backwards, self._before, self._after)
        yield from self._between(a, a_end - tail, b, b_end - tail, depth)
        if tail:
            yield Block(a_end - tail, b_end - tail, tail)

    def _between(self, a: int, a_end: int, b: int, b_end: int, depth: int) -> Iterator[Block]:
        pairs = (a_end - a) * (b_end - b)
        if pairs <= min(_EXACT_WITHIN, self._left):
            self._left -= pairs
            yield from _exact(self._before[a:a_end], self._after[b:b_end], a, b) if pairs else ()
            return
        anchors = self._anchors(a, a_end, b, b_end) if depth else []
        for (old, new), (old_end, new_end) in pairwise([(a - 1, b - 1), *anchors, (a_end, b_end)]) if anchors else ():
            if old >= a:
                yield Block(old, new, 1)
            yield from self.blocks(old + 1, old_end, new + 1, new_end, depth - 1)

    def _anchors(self, a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int]]:
        """The most items in order of those that stand in each piece once."""
        before, after = self._before[a:a_end], self._after[b:b_end]
        twice = {item for counts in (Counter(before), Counter(after)) for item, count in counts.items() if count > 1}
        places = {item: at for at, item in enumerate(after, b) if item not in twice}
        once = [(at, places[item]) for at, item in enumerate(before, a) if item not in twice and item in places]
        return _longest_rise(once)


def _same(
    places: Iterator[tuple[int, int]] | zip[tuple[int, int]], before: Sequence[Hashable], after: Sequence[Hashable]
) -> int:
    return sum(1 for _ in takewhile(lambda at: before[at[0]] == after[at[1]], places))


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs of which the second numbers rise as the first ones do."""
    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for at, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        previous.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(new)
            last.append(at)
        else:
            ends[length], last[length] = new, at
    chosen: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = previous[at]
    return chosen[::-1]
