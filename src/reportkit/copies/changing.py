"""Changes of a town's own copy: made, brought up to the master, given edits from elsewhere, settled, given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reportkit.copies.file import Copy, copy_bytes, copy_path, read_copy, store
from reportkit.copies.joining import COPY_AND_MASTER, Town, read_town
from reportkit.errors import UserError
from reportkit.filing import Filing
from reportkit.locations import is_remote, remove
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.conflicts import note_of
from reportkit.notebook.marks import mark_of, parameters_mark
from reportkit.notebook.merging import Conflict, merge
from reportkit.notebook.regions import Labels, is_open, settled
from reportkit.project import Project
from reportkit.writers.undo import keep

EDIT_AND_COPY = Labels("新改的文字", "原来的文字")


class Carried(NamedTuple):
    """What became of edits found in a notebook: the cells that the copy now has otherwise, and those in conflict.

    `parameters` is set if its figures were changed as well, which nothing takes over.
    """

    cells: list[str]
    conflicts: list[str]
    parameters: bool


def make_copy(project: Project, name: str, filing: Filing) -> Town:
    """Bring a town's own copy up to the master now, or make it, and return the town with it.

    What was changed on both sides stands in the copy between marks, each with a note that shows both sides.
    Raises UserError if a notebook cannot be read or the copy was changed meanwhile, OSError if it cannot be written.
    """
    town = read_town(project, name, filing)
    _write(project, town, town.merged.cells, town.merged.conflicts)
    return read_town(project, name, filing)


def carry(project: Project, name: str, filing: Filing, nb: Any) -> Carried:
    """Put the edits of an output notebook into the town's own copy, which is made if the town has none.

    A notebook without a mark of ours (run by plain papermill) counts as made from the master as it is now; one whose
    mark was changed, as made from what is printed now.
    Raises UserError if the town has open conflicts, so that nothing is mixed up; else as `make_copy`.
    """
    town = read_town(project, name, filing)
    if town.merged.conflicts:
        cells = ", ".join(conflict.cell for conflict in town.merged.conflicts)
        raise UserError(
            f"{project.shown(copy_path(project, name))}: cells {cells} are in conflict; settle them first "
            f"(reportkit resolve {name} --ours|--theirs), then the new edits can be taken over"
        )
    made = mark_of(nb)
    now = town.merged.cells
    base = (made.base or now) if made else town.bare
    merged = merge(base, cells_of(nb), now, EDIT_AND_COPY)
    changed = _differing(now, merged.cells)
    if changed:
        _write(project, town, merged.cells, merged.conflicts, EDIT_AND_COPY)
    parameters = made is not None and bool(made.parameters) and parameters_mark(nb) != made.parameters
    return Carried(changed, [conflict.cell for conflict in merged.conflicts], parameters)


def resolve(
    project: Project, name: str, filing: Filing, side: Literal["ours", "theirs"], cell: str | None = None
) -> list[str]:
    """Settle the conflicts of a town, or of one cell, in favour of one side, and return the ids of the cells.

    Raises UserError if there is no such conflict or its marks are half edited; else as `make_copy`.
    """
    town = read_town(project, name, filing)
    wanted = [each.cell for each in town.merged.conflicts if cell in (None, each.cell)]
    if not wanted:
        place = f" in cell {cell}" if cell else ""
        raise UserError(f"{name}: there is no conflict{place}; reportkit status lists them")
    cells: list[Cell] = []
    for each in town.merged.cells:
        if each.id not in wanted:
            cells.append(each)
        elif source := settled(each.source, side):  # nothing left: that side had deleted the cell
            cells.append(replace(each, source=source))
    left = [conflict for conflict in town.merged.conflicts if conflict.cell not in wanted]
    _write(project, town, cells, left)
    return wanted


def reset(project: Project, name: str, filing: Filing, cell: str) -> str:
    """Give a cell the master's text again and return what it said: "" for one that the town had taken out.

    Raises UserError if neither side has such a cell; else as `make_copy`.
    """
    town = read_town(project, name, filing)
    own = {each.id: each for each in town.merged.cells}
    master = {each.id: each for each in town.cells}
    if cell not in own and cell not in master:
        known = ", ".join(each.id for each in town.merged.cells)
        raise UserError(f"{name}: there is no cell {cell}; there are {known}")
    # As if the town had never touched the cell: its own side of it is the master's.
    ours = [master.get(each.id, each) if each.id == cell else each for each in town.merged.cells]
    if cell not in master:
        ours = [each for each in ours if each.id != cell]
    theirs = town.theirs(but=cell)
    base = [each for each in theirs if cell in own or each.id != cell]
    conflicts = [conflict for conflict in town.merged.conflicts if conflict.cell != cell]
    _write(project, town, merge(base, ours, theirs).cells, conflicts, base=theirs)
    return own[cell].source if cell in own else ""


def remove_copy(project: Project, copy: Copy) -> Path | None:
    """Remove a town's own copy, and return where it is kept for one step back (None: in a store nothing is).

    Raises UserError if somebody has changed it since it was read.
    """
    now = read_copy(copy.path)
    if now and now.content != copy.content:
        raise UserError(f"{copy.path}: was changed by somebody else in this moment; run the command again")
    kept = None if is_remote(copy.path) else keep(project.root, copy.path)
    remove(copy.path)
    return kept


def _write(
    project: Project,
    town: Town,
    cells: Sequence[Cell],
    conflicts: Sequence[Conflict],
    labels: Labels = COPY_AND_MASTER,
    base: Sequence[Cell] | None = None,
) -> None:
    """Write the copy with these cells, made from the master now, and a note before each cell in conflict."""
    notes = {conflict.cell: note_of(conflict, labels) for conflict in conflicts}
    told: list[Cell] = []
    for cell in cells:
        told += [notes[cell.id], cell] if cell.id in notes and is_open(cell.source) else [cell]
    content = copy_bytes(town.notebook(told), town.name, town.theirs() if base is None else base)
    store(project, copy_path(project, town.name), content, town.copy.content if town.copy else None)


def _differing(before: Sequence[Cell], after: Sequence[Cell]) -> list[str]:
    """The ids of the cells that differ, were added or taken out, or of all if only their order changed."""
    if list(before) == list(after):
        return []
    old, new = {cell.id: cell for cell in before}, {cell.id: cell for cell in after}
    ids = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    return ids or list(new)
