"""What a town has changed in its copy of one year, in its copy of a later one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reportkit.model.filing import Filing
from reportkit.notebook.cells import Cell
from reportkit.notebook.markers import Labels
from reportkit.notebook.own_words import is_narrative
from reportkit.notebook.towns.edit import take_over
from reportkit.notebook.towns.town_notebook import Town, read_town
from reportkit.notebook.towns.versions import own_copy
from reportkit.project import Project
from reportkit.translation import N_

LAST_AND_NOW = Labels(N_("the town's text of last year"), N_("the text of the master (or the parameter file) now"))


class Edits(NamedTuple):
    """The cells of a town's copy that go on into a later year, those of them in conflict, and what stays behind."""

    cells: Sequence[str]
    conflicts: Sequence[str]
    behind: Sequence[str]


def _going_on(project: Project, name: str, filing: Filing, *, words: bool = True) -> tuple[Town, list[Cell], list[str]]:
    """Return a town's notebook, its cells as they go on into a later year, and the ids of those that stay behind.

    Without `words` the cells that are a section's words are the master's again.
    Raises CopyError if the town's own copy cannot be read or is another user's, UserError if the master cannot.
    """
    town = read_town(project, name, filing)
    cells = town.merged.cells
    if words:
        return town, cells, []
    made = {cell.id: cell for cell in town.cells}
    texts = [cell for cell in cells if cell.kind == "code" and is_narrative(cell.source)]
    behind = [cell.id for cell in texts if cell != made.get(cell.id)]
    kept = (made.get(cell.id) if cell.id in behind else cell for cell in cells)
    return town, [cell for cell in kept if cell], behind


def go_on(project: Project, name: str, filing: Filing, last_name: str, last: Filing, *, words: bool = True) -> Edits:
    """Bring what a town has changed in its copy of an earlier year into its copy of this one, as a merge.

    `name` and `filing` are this year's report, whose file need not be there yet; the copy is made if the town has
    changed anything. Without `words` the cells that are a section's words stay behind.
    Raises as `make_copy` does, and UserError if this year's copy has open conflicts.
    """
    if own_copy(project, last_name) is None:
        return Edits([], [], [])
    earlier, cells, behind = _going_on(project, last_name, last, words=words)
    town = read_town(project, name, filing)
    taken = take_over(project, town, earlier.cells, cells, "new", LAST_AND_NOW)
    return Edits(taken.cells, taken.conflicts, behind)
