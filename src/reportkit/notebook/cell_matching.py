"""Which cell of a town's copy is which of the master's, where ids were dropped or renewed, or never given."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import count

from reportkit.notebook.cells import Cell, has_tag

PARAMETERS = "parameters"

_NUMBERED = re.compile(r"cell-\d+(?:-\d+)*")
"""The id of a cell that was given none (`unique_ids`): another one's as soon as a cell is put in above it."""

_ALIKE, _READ = 0.6, 2000
"""How much of two texts has to be the same, of so many characters: more take the square of the time."""


def realigned(base: Sequence[Cell], ours: Sequence[Cell], theirs: Sequence[Cell]) -> list[Cell]:
    """Return our cells, those with an unknown id under the id of the one missing base cell that they must be.

    That is the only missing one with the same source or, failing that, with the same `%%narrative` line at its head.
    """
    known = {cell.id for cell in (*base, *theirs)}
    taken = {cell.id for cell in ours}
    missing = {cell.id: cell for cell in base if cell.id not in taken}
    found: dict[str, str] = {}
    for likeness in (_whole, _narrative):
        alike: dict[Hashable, list[str]] = {}
        for old in missing.values():
            alike.setdefault(likeness(old), []).append(old.id)
        for cell in ours:
            if cell.id in known or cell.id in found or not (like := likeness(cell)):
                continue
            if len(ids := alike.get(like, [])) == 1:
                found[cell.id] = ids.pop()
                del missing[found[cell.id]]
    return [replace(cell, id=found.get(cell.id, cell.id)) for cell in ours]


def renumbered(cells: Sequence[Cell], before: Sequence[Cell], now: Sequence[Cell]) -> list[Cell]:
    """Return cells that are called as those of `before` are, by what the same cells are called `now`.

    Only ids that are numbers are changed: who is who is seen by the text and the order. A number that is another cell's
    now is changed as well.
    """
    old, new = ([cell for cell in side if _NUMBERED.fullmatch(cell.id)] for side in (before, now))
    names = dict(_same(old, new))
    taken = {cell.id for cell in (*before, *now)}
    for cell in old:
        if cell.id not in names and any(cell.id == each.id for each in new):
            names[cell.id] = next(name for n in count(2) if (name := f"{cell.id}-{n}") not in taken)
            taken.add(names[cell.id])
    return [replace(cell, id=names.get(cell.id, cell.id)) for cell in cells]


def _same(old: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """Yield the ids of cells that are the same, in their order: of equal text, or else alike or in one place."""
    matcher = SequenceMatcher(None, [_whole(cell) for cell in old], [_whole(cell) for cell in new], autojunk=False)
    for _kind, a, b, c, d in matcher.get_opcodes():
        if b - a == d - c:
            yield from ((before.id, now.id) for before, now in zip(old[a:b], new[c:d], strict=True))
            continue
        for cell in old[a:b]:
            found = next((at for at in range(c, d) if _is_like(cell, new[at])), None)
            if found is not None:
                yield cell.id, new[found].id
                c = found + 1


def _is_like(one: Cell, other: Cell) -> bool:
    texts = one.source[:_READ], other.source[:_READ]
    return one.kind == other.kind and SequenceMatcher(None, *texts).ratio() > _ALIKE


def with_parameters(parameters: Cell | None, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with this parameters cell, if there is one, in the place of their own."""
    if not parameters:
        return list(cells)
    own = next((cell for cell in cells if cell.id == parameters.id), None) or parameters_cell(cells)
    return [parameters if cell is own else cell for cell in cells]


def parameters_cell(cells: Sequence[Cell]) -> Cell | None:
    """Return the first cell that is tagged "parameters"."""
    return next((cell for cell in cells if has_tag(cell, PARAMETERS)), None)


def _whole(cell: Cell) -> tuple[str, str]:
    return cell.kind, cell.source


def _narrative(cell: Cell) -> str | None:
    head = cell.source.partition("\n")[0].rstrip()
    return head if cell.kind == "code" and head.startswith("%%narrative ") else None
