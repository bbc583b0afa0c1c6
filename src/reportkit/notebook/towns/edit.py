"""Changes of a town's own copy: made, brought up to the master, given edits from elsewhere, settled, given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from reportkit.errors import UserError
from reportkit.files import Step
from reportkit.files.locations import is_remote
from reportkit.model.filing import Filing
from reportkit.notebook.cell_matching import renumbered
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.markers import Labels
from reportkit.notebook.merge import merge
from reportkit.notebook.provenance import mark_of, parameters_mark
from reportkit.notebook.towns.file import copy_path
from reportkit.notebook.towns.rewriting import again, write_copy
from reportkit.notebook.towns.status import Change, changes
from reportkit.notebook.towns.town_notebook import Town, read_town
from reportkit.notebook.towns.versions import discard, history_of
from reportkit.project import Project
from reportkit.translation import N_, _

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
        written = write_copy(project, town, town.merged.cells, town.merged.conflicts, by)
        return next(towns) if written else town

    return again(make)


def carry(
    project: Project, name: str, filing: Filing, nb: Any, by: str = "adopt", known: Town | None = None
) -> Carried:
    """Put the edits of an output notebook into the town's own copy, which is made if the town has none.

    A notebook without a mark of ours (run by plain papermill) counts as made from the master as it is now; one whose
    mark was changed, as made from what is printed now.
    Raises UserError if the town has open conflicts, so that nothing is mixed up; else as `make_copy`.
    """
    towns = _towns(project, name, filing, known)
    return again(lambda: _carry(project, next(towns), nb, by))


def _carry(project: Project, town: Town, nb: Any, by: str) -> Carried:
    made = mark_of(nb)
    base = (made.base or town.merged.cells) if made else town.bare
    taken = take_over(project, town, base, cells_of(nb), by, EDIT_AND_COPY)
    parameters = made is not None and bool(made.parameters) and parameters_mark(nb) != made.parameters
    return taken._replace(parameters=parameters)


def take_over(
    project: Project, town: Town, base: Sequence[Cell], edited: Sequence[Cell], by: str, labels: Labels
) -> Carried:
    """Put the edits of other cells, made from `base`, into a town's own copy, which is made if the town has none.

    Raises UserError if the town has open conflicts, so that nothing is mixed up, and as `make_copy`.
    """
    if town.merged.conflicts:
        cells = ", ".join(conflict.cell for conflict in town.merged.conflicts)
        words = _(
            "{path}: cells {cells} are in conflict; settle them first "
            "(reportkit resolve {name} --ours|--theirs), then the new edits can be taken over"
        )
        path = project.shown(copy_path(project, town.name))
        raise UserError(words.format(path=path, cells=cells, name=town.name))
    now = town.merged.cells
    merged = merge(renumbered(base, base, now), renumbered(edited, base, now), now, labels)
    changed = _differing(now, merged.cells)
    if changed:
        write_copy(project, town, merged.cells, merged.conflicts, by, labels)
    return Carried(changed, [conflict.cell for conflict in merged.conflicts], parameters=False)


def reset(project: Project, name: str, filing: Filing, cell: str | None = None) -> list[Change]:
    """Give a cell the master's text again, or all, and return what was given up; the history keeps it.

    Without a cell the copy is removed. Raises UserError if there is no copy, or if neither side has such a cell; else
    as `make_copy`.
    """
    return again(lambda: _reset(project, name, filing, cell))


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
    write_copy(project, town, merge(base, ours, theirs).cells, conflicts, f"reset {cell}", base=theirs)


def undo(project: Project, name: str, to: int | None = None) -> Step:
    """Put an earlier version of a town's own copy back; see reportkit.files.History.go_back.

    Raises UserError if none is kept, OSError if it cannot be written; then nothing has changed.
    """
    path = copy_path(project, name)
    if is_remote(path):
        words = _("{path}: is in a store, of which no earlier versions are kept here; most stores keep them")
        raise UserError(words.format(path=path))
    return again(lambda: history_of(project, path).go_back(to))


def _towns(project: Project, name: str, filing: Filing, known: Town | None) -> Iterator[Town]:
    """The town as it is known, if it is, and from then on as it is whenever the next is asked for."""
    if known:
        yield known
    while True:
        yield read_town(project, name, filing)


def _differing(before: Sequence[Cell], after: Sequence[Cell]) -> list[str]:
    """The ids of the cells that differ, were added or taken out, or of all if only their order changed."""
    if list(before) == list(after):
        return []
    old, new = {cell.id: cell for cell in before}, {cell.id: cell for cell in after}
    ids = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    return ids or list(new)
