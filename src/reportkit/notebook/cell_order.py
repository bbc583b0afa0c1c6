"""The order of merged cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence


def in_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], kept: Collection[str]) -> list[str]:
    """Return the ids of the kept cells in the order of the side that moved any, ours if both did.

    A cell that only the other side has stands right after the one that it followed there.
    """
    moved = not _same_order(base, ours)
    spine, other = (ours, theirs) if moved else (theirs, ours)
    order = [name for name in spine if name in kept]
    placed = set(order)
    following: dict[str | None, str] = {}
    before: str | None = None
    for name in other:
        if name in kept and name not in placed:
            following[before] = name
            placed.add(name)
        before = name if name in placed else before
    return [name for first in (None, *order) for name in _chain(first, following)]


def _chain(first: str | None, following: Mapping[str | None, str]) -> Iterator[str]:
    name = first or following.get(None)
    while name is not None:
        yield name
        name = following.get(name)


def _same_order(base: Sequence[str], side: Sequence[str]) -> bool:
    """Whether the cells that both have are in the same order on both."""
    shared = set(base) & set(side)
    return [name for name in base if name in shared] == [name for name in side if name in shared]
