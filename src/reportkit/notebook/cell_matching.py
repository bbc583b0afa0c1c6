"""Which cell of a town's copy is which of the master's, where an editor has dropped or renewed ids."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from reportkit.notebook.cells import Cell, has_tag

PARAMETERS = "parameters"


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


def with_parameters(parameters: Cell | None, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with this parameters cell, if there is one, in the place of their own."""
    if not parameters:
        return list(cells)
    own = next((cell for cell in cells if cell.id == parameters.id), None) or parameters_cell(cells)
    return [parameters if cell is own else cell for cell in cells]


def parameters_cell(cells: Sequence[Cell]) -> Cell | None:
    """Return the first cell that is tagged "parameters"."""
    return next((cell for cell in cells if has_tag(cell, PARAMETERS)), None)


def _whole(cell: Cell) -> tuple[str, str] | None:
    return cell.kind, cell.source


def _narrative(cell: Cell) -> str | None:
    head = cell.source.partition("\n")[0].rstrip()
    return head if cell.kind == "code" and head.startswith("%%narrative ") else None
