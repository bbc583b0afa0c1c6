"""Changes of a town's own copy: made, brought up to the master, given edits from elsewhere, settled, given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeVar

from reportkit.errors import UserError
from reportkit.files import ChangedError, Step
from reportkit.files.locations import is_remote
from reportkit.model.filing import Filing
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.conflict_note import note_of
from reportkit.notebook.markers import Labels, is_open, labels_of, resolved
from reportkit.notebook.merge import Conflict, merge
from reportkit.notebook.provenance import mark_of, parameters_mark
from reportkit.notebook.towns.file import copy_bytes, copy_path
from reportkit.notebook.towns.status import Change, changes
from reportkit.notebook.towns.town_notebook import COPY_AND_MASTER, Town, read_town
from reportkit.notebook.towns.versions import discard, history_of, store
from reportkit.project import Project
from reportkit.translation import N_, _

Result = TypeVar("Result")

_TRIES = 5

EDIT_AND_COPY = Labels(N_("the text as just edited"), N_("the text before"))


class Carried(NamedTuple):
    """What became of edits found in a notebook: the cells that the copy now has otherwise, and those in conflict.

    `parameters` is set if its figures were changed as well, which nothing takes over.
    """

    cells: list[str]
    conflicts: list[str]
    parameters: bool


def make_copy(project: Project, name: str, filing: Filing, by: str = "edit", known: Town | None = None) -> Town:
    """Bring a town's own copy up to the master now, or make it, and return the town with it.

    What was changed on both sides stands in the copy between marks, each with a note that shows both sides. What
    somebody saves meanwhile is merged, too. `by` is what the copy's history calls it; `known` is the town, if it
    has been read already.
    Raises UserError if a notebook cannot be read or somebody saves time and again, OSError if it cannot be written.
    """
    towns = _towns(project, name, filing, known)

    def make() -> Town:
        town = next(towns)
        written = _write(project, town, town.merged.cells, town.merged.conflicts, by)
        return next(towns) if written else town

    return _again(make)


def carry(
    project: Project, name: str, filing: Filing, nb: Any, by: str = "adopt", known: Town | None = None
) -> Carried:
    """Put the edits of an output notebook into the town's own copy, which is made if the town has none.

    A notebook without a mark of ours (run by plain papermill) counts as made from the master as it is now; one whose
    mark was changed, as made from what is printed now.
    Raises UserError if the town has open conflicts, so that nothing is mixed up; else as `make_copy`.
    """
    towns = _towns(project, name, filing, known)
    return _again(lambda: _carry(project, next(towns), nb, by))


def _carry(project: Project, town: Town, nb: Any, by: str) -> Carried:
    if town.merged.conflicts:
        cells = ", ".join(conflict.cell for conflict in town.merged.conflicts)
        words = _(
            "{path}: cells {cells} are in conflict; settle them first "
            "(reportkit resolve {name} --ours|--theirs), then the new edits can be taken over"
        )
        path = project.shown(copy_path(project, town.name))
        raise UserError(words.format(path=path, cells=cells, name=town.name))
    made = mark_of(nb)
    now = town.merged.cells
    base = (made.base or now) if made else town.bare
    merged = merge(base, cells_of(nb), now, EDIT_AND_COPY)
    changed = _differing(now, merged.cells)
    if changed:
        _write(project, town, merged.cells, merged.conflicts, by, EDIT_AND_COPY)
    parameters = made is not None and bool(made.parameters) and parameters_mark(nb) != made.parameters
    return Carried(changed, [conflict.cell for conflict in merged.conflicts], parameters)


def resolve(
    project: Project, name: str, filing: Filing, side: Literal["ours", "theirs"], cell: str | None = None
) -> list[str]:
    """Settle the conflicts of a town, or of one cell, in favour of one side, and return the ids of the cells.

    Raises UserError if there is no such conflict or its marks are half edited; else as `make_copy`.
    """
    return _again(lambda: _resolve(project, name, filing, side, cell))


def _resolve(
    project: Project, name: str, filing: Filing, side: Literal["ours", "theirs"], cell: str | None
) -> list[str]:
    town = read_town(project, name, filing)
    wanted = [each.cell for each in town.merged.conflicts if cell in (None, each.cell)]
    if not wanted:
        words = _("{name}: there is no conflict; reportkit status lists them")
        if cell:
            words = _("{name}: there is no conflict in cell {cell}; reportkit status lists them")
        raise UserError(words.format(name=name, cell=cell))
    cells: list[Cell] = []
    for each in town.merged.cells:
        if each.id not in wanted:
            cells.append(each)
        elif source := resolved(each.source, side):  # nothing left: that side had deleted the cell
            cells.append(replace(each, source=source))
    left = [conflict for conflict in town.merged.conflicts if conflict.cell not in wanted]
    _write(project, town, cells, left, f"resolve --{side}")
    return wanted


def reset(project: Project, name: str, filing: Filing, cell: str | None = None) -> list[Change]:
    """Give a cell the master's text again, or all, and return what was given up; the history keeps it.

    Without a cell the copy is removed. Raises UserError if there is no copy, or if neither side has such a cell; else
    as `make_copy`.
    """
    return _again(lambda: _reset(project, name, filing, cell))


def _reset(project: Project, name: str, filing: Filing, cell: str | None) -> list[Change]:
    town = read_town(project, name, filing)
    if town.copy is None:
        raise UserError(_("{name}: has no copy of its own; there is nothing to give up").format(name=name))
    given_up = [change for change in changes(town) if cell in (None, change.cell)]
    if cell is None:
        discard(project, town.copy, "reset")
    else:
        _give_back(project, town, cell)
    return given_up


def _give_back(project: Project, town: Town, cell: str) -> None:
    own = {each.id: each for each in town.merged.cells}
    master = {each.id: each for each in town.cells}
    if cell not in own and cell not in master:
        known = ", ".join(each.id for each in town.merged.cells)
        words = _("{name}: there is no cell {cell}; there are {known}")
        raise UserError(words.format(name=town.name, cell=cell, known=known))
    # As if the town had never touched the cell: its own side of it is the master's.
    ours = [master.get(each.id, each) if each.id == cell else each for each in town.merged.cells]
    if cell not in master:
        ours = [each for each in ours if each.id != cell]
    theirs = town.theirs(but=cell)
    base = [each for each in theirs if cell in own or each.id != cell]
    conflicts = [conflict for conflict in town.merged.conflicts if conflict.cell != cell]
    _write(project, town, merge(base, ours, theirs).cells, conflicts, f"reset {cell}", base=theirs)


def undo(project: Project, name: str, to: int | None = None) -> Step:
    """Put an earlier version of a town's own copy back; see reportkit.files.History.go_back.

    Raises UserError if none is kept, OSError if it cannot be written; then nothing has changed.
    """
    path = copy_path(project, name)
    if is_remote(path):
        words = _("{path}: is in a store, of which no earlier versions are kept here; most stores keep them")
        raise UserError(words.format(path=path))
    return _again(lambda: history_of(project, path).go_back(to))


def _towns(project: Project, name: str, filing: Filing, known: Town | None) -> Iterator[Town]:
    """The town as it is known, if it is, and from then on as it is whenever the next is asked for."""
    if known:
        yield known
    while True:
        yield read_town(project, name, filing)


def _again(change: Callable[[], Result]) -> Result:
    """Do what reads a copy and changes it, and do it anew if somebody saves in between."""
    for left in reversed(range(_TRIES)):
        try:
            return change()
        except ChangedError:
            if not left:
                raise
    raise AssertionError


def _write(
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
    content = copy_bytes(town.notebook(told), town.name, town.theirs() if base is None else base)
    was = town.copy.content if town.copy else None
    store(project, copy_path(project, town.name), content, was, by)
    return content != was


def _differing(before: Sequence[Cell], after: Sequence[Cell]) -> list[str]:
    """The ids of the cells that differ, were added or taken out, or of all if only their order changed."""
    if list(before) == list(after):
        return []
    old, new = {cell.id: cell for cell in before}, {cell.id: cell for cell in after}
    ids = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    return ids or list(new)
