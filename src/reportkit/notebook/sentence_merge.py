"""Three versions of some paragraphs merged sentence by sentence.

Changes of both sides are merged only where a sentence lies between them that all three have. Neighbours often speak of
the same thing (a total, then its parts), and whether what one side put in belongs before or after what the other has
changed is nowhere said: that is for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from reportkit.notebook.sentence_ends import is_said, sentences
from reportkit.notebook.three_way import in_step, places

_END = "\n"


class Versions(NamedTuple):
    """The same text three times: all that could be merged is in each, so that they differ where a person must decide.

    There it stands in each as in the base, on our side and on theirs.
    """

    base: list[str]
    ours: list[str]
    theirs: list[str]


def merge_sentences(base: list[str], ours: list[str], theirs: list[str], doubted: Set[str] = frozenset()) -> Versions:
    """Return three versions of some lines merged by sentence.

    Of the `doubted` sentences no change is taken over from one side alone.
    """
    pieces = _pieces(*map(parts_of, (base, ours, theirs)))
    parts = joined(_settled(piece, doubted) for piece in pieces)
    return Versions(*map(lines_from, parts))


def doubtful(merged: Versions, base: list[str], ours: list[str], theirs: list[str]) -> set[str]:
    """Return the sentences that merged lines have more often, or less often, than what the two sides did accounts for.

    So it is where both have moved one to different places, one has moved what the other has taken out, or both have
    taken out a different one of two that are alike.
    """
    before, left, right = map(_counted, (base, ours, theirs))
    now, *sides = map(_counted, merged)
    return {
        said
        for said in {*before, *left, *right}
        if not _is_accounted(
            [count[said] for count in (before, left, right)], now[said], [side[said] for side in sides]
        )
    }


def _is_accounted(counts: Sequence[int], now: int, sides: Sequence[int]) -> bool:
    """Whether a sentence stands in the merged versions as often as it should: `counts` are of base, ours and theirs."""
    before, *own = counts
    if not all(min(own) <= side <= max(own) for side in sides):
        return False
    # What a side has changed, less what of it stands where the versions differ, as a person decides there.
    ours, theirs = (count - before - (side - now) for count, side in zip(own, sides, strict=True))
    return (ours == theirs or 0 in (ours, theirs)) and now - before == (ours or theirs)


def said_in(lines: Iterable[str]) -> list[str]:
    """Return the sentences of lines, without what is only space or signs."""
    return [part for line in lines for part in sentences(line) if is_said(part)]


def parts_of(lines: Iterable[str]) -> list[str]:
    """Return the sentences of lines, the space around them and, for each line, its end."""
    return [part for line in lines for part in (*sentences(line), _END)]


def lines_from(parts: Iterable[str]) -> list[str]:
    """Return the lines that `parts_of` has taken apart."""
    return "".join(parts).split(_END)[:-1]


def _counted(lines: list[str]) -> Counter[str]:
    return Counter(said_in(lines))


def _settled(piece: Versions, doubted: Set[str]) -> Versions:
    base, ours, theirs = piece
    if ours != theirs and (base not in (ours, theirs) or doubted & {*ours, *theirs}):
        return piece
    return Versions(*[theirs if ours == base else ours] * 3)


def _pieces(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Versions]:
    """Yield the three in pieces; what is changed has sentences around it that all three share."""
    left, right = places(base, ours), places(base, theirs)
    changed: list[Versions] = []
    space: list[Versions] = []
    for before, here, there in in_step(left, right, len(base), len(ours), len(theirs)):
        piece = Versions(list(base[before]), list(ours[here]), list(theirs[there]))
        if not piece.base == piece.ours == piece.theirs:
            if not changed:
                yield from space
                space.clear()
            changed += [*space, piece]
            space.clear()
        elif is_said(piece.base[0]):
            yield from (joined(changed), *space, piece)
            changed, space = [], []
        else:
            space.append(piece)
    yield from (joined(changed), *space)


def joined(pieces: Iterable[Versions]) -> Versions:
    """Return pieces of a text as one."""
    whole = Versions([], [], [])
    for piece in pieces:
        for side, own in zip(whole, piece, strict=True):
            side += own
    return whole
