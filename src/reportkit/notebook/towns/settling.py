"""A town's conflicts settled: by a side, by both, or by a text that somebody has written.

A front end lists them with `open_conflicts`, shows each (`place`, `labels`, `view`), offers its `choices` and a field
to write in that begins with `ours` or `theirs`, and settles it with `settle` or `settle_by_text`. Each of these reads
the town anew, writes under the same lock as every command, and is one step that `reportkit undo` takes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportkit.errors import UserError
from reportkit.model.filing import Filing
from reportkit.notebook.cells import Cell
from reportkit.notebook.markers import is_open, resolved
from reportkit.notebook.towns.open_conflicts import Choice, OpenConflict, conflicts_of
from reportkit.notebook.towns.rewriting import again, write_copy
from reportkit.notebook.towns.town_notebook import read_town
from reportkit.project import Project
from reportkit.translation import _


def settle(project: Project, name: str, filing: Filing, cell: str, choice: Choice, seen: str = "") -> None:
    """Settle the conflict in one cell by taking a side, or both; what did not clash stays merged.

    `seen` is the `version` of the conflict that the person has seen; if it has changed since, nothing is written.
    Raises UserError if there is no such conflict, it is not the one that was seen, its marks are half edited, or both
    cannot be taken; else as `make_copy`. Then nothing has changed.
    """

    def text(conflict: OpenConflict, source: str) -> str:
        _require_seen(name, conflict, seen)
        return _chosen(name, conflict, source, choice)

    again(lambda: _settle(project, name, filing, cell, text, f"resolve --{choice}"))


def settle_by_text(project: Project, name: str, filing: Filing, cell: str, text: str, seen: str = "") -> None:
    """Settle the conflict in one cell by a text that somebody has written; the conflict's `head` is put before it.

    Raises UserError if a mark of the conflict is left in the text, else as `settle` does.
    """

    def written(conflict: OpenConflict, _source: str) -> str:
        _require_seen(name, conflict, seen)
        if is_open(text):
            words = _("{name}: a line that begins with <<<<<<< or >>>>>>> is left in the text for cell {cell}")
            raise UserError(words.format(name=name, cell=cell))
        return conflict.head + text

    again(lambda: _settle(project, name, filing, cell, written, "resolve"))


def resolve(project: Project, name: str, filing: Filing, choice: Choice, cell: str | None = None) -> list[str]:
    """Settle the conflicts of a town, or of one cell, as `settle` does, in one step; return the ids of the cells.

    Raises UserError as `settle` does, then none is settled.
    """

    def text(conflict: OpenConflict, source: str) -> str:
        return _chosen(name, conflict, source, choice)

    return again(lambda: _settle(project, name, filing, cell, text, f"resolve --{choice}"))


def _require_seen(name: str, conflict: OpenConflict, seen: str) -> None:
    if seen and seen != conflict.version:
        words = _("{name} {cell}: the texts have changed since they were shown; look at them again, then choose")
        raise UserError(words.format(name=name, cell=conflict.cell))


def _chosen(name: str, conflict: OpenConflict, source: str, choice: Choice) -> str:
    """The cell's source; "" for none, where the side that is taken has deleted the cell."""
    side = resolved(source, "theirs" if choice == Choice.theirs else "ours")
    if choice != Choice.both:
        return side
    if conflict.both is None:
        words = _("{name} {cell}: both cannot be taken: {reason}; take --ours or --theirs, or edit the cell")
        raise UserError(words.format(name=name, cell=conflict.cell, reason=conflict.no_both))
    return conflict.head + conflict.both


def _settle(
    project: Project,
    name: str,
    filing: Filing,
    cell: str | None,
    text: Callable[[OpenConflict, str], str],
    by: str,
) -> list[str]:
    town = read_town(project, name, filing)
    wanted = {each.cell: each for each in conflicts_of(project, town) if cell in (None, each.cell)}
    if not wanted:
        words = _("{name}: there is no conflict; reportkit status --edits lists them")
        if cell:
            words = _("{name}: there is no conflict in cell {cell}; reportkit status --edits lists them")
        raise UserError(words.format(name=name, cell=cell))
    cells: list[Cell] = []
    for each in town.merged.cells:
        if each.id not in wanted:
            cells.append(each)
        elif source := text(wanted[each.id], each.source):  # nothing left: that side had deleted the cell
            cells.append(replace(each, source=source))
    left = [conflict for conflict in town.merged.conflicts if conflict.cell not in wanted]
    write_copy(project, town, cells, left, by)
    return list(wanted)
