"""A conflict as a reader sees it: what was there before, and what each side has made of it, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reportkit.notebook.markers import lines_of
from reportkit.notebook.merge import Conflict
from reportkit.notebook.sentence_ends import is_said
from reportkit.notebook.sentence_merge import parts_of
from reportkit.worddiff import Piece, word_diff


class View(NamedTuple):
    """What stood there before (None: not known, or nothing), and what became of it on each side (None: taken out).

    The pieces of a side are the difference from what was before. Where that is None they are that from the other side:
    what only this side says is new, and nothing is gone. The sentences with which all begin or end alike are left out,
    "…" stands for them.
    """

    before: str | None
    ours: list[Piece] | None
    theirs: list[Piece] | None


def view_of(conflict: Conflict) -> View:
    """Return a conflict for a reader, less the line `%%narrative` where all have the same."""
    _, bare = without_head(conflict)
    base, ours, theirs = _narrowed(bare.base, bare.ours, bare.theirs)
    if base is not None:
        return View(base, *(None if side is None else word_diff(base, side) for side in (ours, theirs)))
    left, right = (
        None if own is None else [piece for piece in word_diff(other or "", own) if piece.kind != "gone"]
        for own, other in ((ours, theirs), (theirs, ours))
    )
    return View(None, left, right)


def without_head(conflict: Conflict) -> tuple[str, Conflict]:
    """Return the line `%%narrative …` of a cell in conflict with its line end, and the conflict without it.

    It is "" where the texts have different ones, which then stay in them.
    """
    texts = conflict.base, conflict.ours, conflict.theirs
    lines = [text.partition("\n") for text in texts if text is not None]
    head = "".join(lines[0][:2]) if len({line[:2] for line in lines}) == 1 else ""
    if not (head.startswith("%%") and head.endswith("\n")):
        return "", conflict
    return head, Conflict(conflict.cell, *(None if text is None else text.removeprefix(head) for text in texts))


def _narrowed(*texts: str | None) -> list[str | None]:
    """The texts without the parts with which all of them begin and end."""
    parts = [parts_of(lines_of(text)) for text in texts if text is not None]
    head = _alike(parts)
    tail = _alike([side[head:][::-1] for side in parts])
    ends = "…" if head else "", "…" if is_said("".join(parts[0][len(parts[0]) - tail :])) else ""
    sides = iter(_between(side, head, tail).join(ends) for side in parts)
    return [None if text is None else next(sides) for text in texts]


def _alike(sides: Sequence[Sequence[str]]) -> int:
    """The number of parts with which all begin."""
    number = 0
    for parts in zip(*sides, strict=False):
        if len(set(parts)) > 1:
            break
        number += 1
    return number


def _between(parts: Sequence[str], head: int, tail: int) -> str:
    return "".join(parts[head : len(parts) - tail]).removesuffix("\n")
