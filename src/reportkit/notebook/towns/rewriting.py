"""A town's own copy written anew: whole, with what was before kept, and only over the version that was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from reportkit.files import ChangedError
from reportkit.notebook.cells import Cell
from reportkit.notebook.conflict_note import note_of
from reportkit.notebook.markers import Labels, is_open, labels_of
from reportkit.notebook.merge import Conflict
from reportkit.notebook.towns.file import copy_bytes, copy_path
from reportkit.notebook.towns.town_notebook import COPY_AND_MASTER, Town
from reportkit.notebook.towns.versions import store
from reportkit.project import Project

Result = TypeVar("Result")

_TRIES = 5


def again(change: Callable[[], Result]) -> Result:
    """Do what reads a copy and changes it, and do it anew if somebody saves in between.

    Raises ChangedError if that happens time and again.
    """
    for left in reversed(range(_TRIES)):
        try:
            return change()
        except ChangedError:
            if not left:
                raise
    raise AssertionError


def write_copy(
    project: Project,
    town: Town,
    cells: Sequence[Cell],
    conflicts: Sequence[Conflict],
    by: str,
    labels: Labels = COPY_AND_MASTER,
    base: Sequence[Cell] | None = None,
) -> bool:
    """Write the copy with these cells, made from the master now, and a note before each cell in conflict.

    Returns whether it was another before.
    """
    torn = {cell.id: cell.source for cell in cells}
    notes = {each.cell: note_of(each, labels_of(torn.get(each.cell, "")) or labels) for each in conflicts}
    told: list[Cell] = []
    for cell in cells:
        told += [notes[cell.id], cell] if cell.id in notes and is_open(cell.source) else [cell]
    before = {each.cell: each.base for each in conflicts if each.base is not None and is_open(torn.get(each.cell, ""))}
    content = copy_bytes(town.notebook(told), town.name, town.theirs() if base is None else base, before)
    was = town.copy.content if town.copy else None
    store(project, copy_path(project, town.name), content, was, by)
    return content != was
