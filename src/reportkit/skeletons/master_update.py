"""A project's master brought up to the one that comes with reportkit: what the office has changed in it stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import UserError, reason_of
from reportkit.files import History, Step
from reportkit.files.locations import is_remote, read
from reportkit.notebook import notebook_bytes, read_notebook
from reportkit.notebook.cell_matching import PARAMETERS
from reportkit.notebook.cells import Cell, as_json, cells_of
from reportkit.notebook.markers import Labels, is_open
from reportkit.notebook.merge import Merged, merge
from reportkit.notebook.provenance import cells_digest, mark_master, master_base
from reportkit.notebook.towns.versions import store
from reportkit.project import Project
from reportkit.project.masters import packaged_master
from reportkit.translation import N_, _

OFFICE_AND_PACKAGED = Labels(N_("the text of this project"), N_("the text of the master that comes with reportkit"))

_STAND_IN = "reportkit-parameters"


class Updated(NamedTuple):
    """What became of a master: the cells that it has otherwise now, and those of them that are in conflict."""

    path: Path
    cells: list[str]
    conflicts: list[str]


def update_master(project: Project) -> Updated:
    """Bring a project's master up to the packaged one, and keep the version before.

    Nothing is written if it is of that version. Raises UserError if it does not say what it was made from, holds a
    conflict, or is none that comes with reportkit; ChangedError or OSError if it cannot be written, and then it is as
    it was.
    """
    path = _path(project)
    source = packaged_master(project.kind)
    packaged = cells_of(json.loads(read_notebook(source).text))
    if path == source:
        return Updated(path, [], [])
    content = _content(path)
    nb: dict[str, Any] = json.loads(read_notebook(path, content).text)
    own, base = cells_of(nb), master_base(nb)
    if base is None:
        if own == packaged:
            return Updated(path, [], [])
        raise UserError(_unrecorded(path))
    if torn := [cell.id for cell in own if is_open(cell.source)]:
        words = _("{path}: cells {cells} are in conflict; leave the lines that are to stay and delete the marked ones")
        raise UserError(words.format(path=path, cells=", ".join(torn)))
    if cells_digest(base) == cells_digest(packaged):
        return Updated(path, [], [])
    merged = _merged(base, own, packaged)
    nb["cells"] = [{**as_json(cell), "source": cell.source.splitlines(keepends=True)} for cell in merged.cells]
    mark_master(nb, packaged)
    store(project, path, notebook_bytes(nb), content, "update")
    return Updated(path, _differing(own, merged.cells), [conflict.cell for conflict in merged.conflicts])


def go_back(project: Project) -> Step:
    """Put the version of the master back that was there before its last change; return the step that had left it.

    Raises UserError if none is kept, and OSError if it cannot be written; then nothing has changed.
    """
    path = _path(project)
    if path == packaged_master(project.kind) or is_remote(path):
        raise UserError(_("{path}: no earlier version of it is kept").format(path=path))
    return History(project.root, path).go_back()


def _path(project: Project) -> Path:
    if project.source:
        words = _("{path}: is a notebook of your own, of which no later version comes with reportkit")
        raise UserError(words.format(path=project.notebook))
    return project.notebook


def _content(path: Path) -> bytes:
    try:
        return read(path)
    except OSError as error:
        raise UserError(_("{path}: cannot be read: {reason}").format(path=path, reason=reason_of(error))) from None


def _unrecorded(path: Path) -> str:
    words = _(
        "{path}: does not say which version of reportkit's master it was made from, so what you have changed cannot be "
        "told from what is new; nothing was done. Make a master with such a record (reportkit init FOLDER), put your "
        "changes into it and it in this one's place"
    )
    return words.format(path=path)


def _merged(base: Sequence[Cell], own: Sequence[Cell], packaged: Sequence[Cell]) -> Merged:
    """The merge, with the cell of the parameters as any other: in a town's copy it is the master's, here it is ours."""
    before, left, right = ([_retagged(cell, PARAMETERS, _STAND_IN) for cell in side] for side in (base, own, packaged))
    merged = merge(before, left, right, OFFICE_AND_PACKAGED)
    return replace(merged, cells=[_retagged(cell, _STAND_IN, PARAMETERS) for cell in merged.cells])


def _retagged(cell: Cell, tag: str, other: str) -> Cell:
    tags = cell.metadata.get("tags", ())
    if tag not in tags:
        return cell
    return replace(cell, metadata={**cell.metadata, "tags": [other if each == tag else each for each in tags]})


def _differing(before: Iterable[Cell], after: Iterable[Cell]) -> list[str]:
    """The ids of the cells that differ, came or went."""
    old, new = ({cell.id: cell for cell in cells} for cells in (before, after))
    return [name for name in {**new, **old} if old.get(name) != new.get(name)]
