"""Which towns have their own copies, and what each has changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.files.locations import is_remote, listing
from reportkit.files.walk import Walked, walk
from reportkit.notebook.cell_matching import PARAMETERS
from reportkit.notebook.cells import Cell, has_tag
from reportkit.notebook.towns.file import copy_path, read_copy
from reportkit.notebook.towns.town_notebook import Town
from reportkit.project import Project
from reportkit.project.siblings import Folders
from reportkit.translation import N_


class Kind(StrEnum):
    """How a town's cell differs from the master's."""

    changed = N_("changed")
    added = N_("added")
    removed = N_("removed")
    tagged = N_("tags changed")
    moved = N_("moved")


class Change(NamedTuple):
    """One cell that a town's copy has otherwise than the master now; `before` and `after` are the texts."""

    cell: str
    kind: Kind
    before: str
    after: str


def towns_with_copies(project: Project) -> list[str]:
    """Return the names of the reports (2019/宁海县/桑洲镇) that have a copy of their own, sorted.

    Raises UserError if the folder's store cannot be read.
    """
    if not is_remote(project.copies):
        return sorted(path.with_suffix("").as_posix() for path in _on_disk(project).files)
    found = listing(project.copies)
    names = [path for path in found if path.suffix == ".ipynb" and not any(part.startswith(".") for part in path.parts)]
    return sorted(path.with_suffix("").as_posix() for path in names)


def unlisted_copies(project: Project) -> list[tuple[Path, str]]:
    """Return the folders of copies that cannot be looked into, each with the reason."""
    if is_remote(project.copies):
        return []
    return [(project.copies / inside, reason) for inside, reason in _on_disk(project).unlisted]


def _on_disk(project: Project) -> Walked:
    return walk(project.copies, lambda name: name.endswith(".ipynb"))


def strays(project: Project) -> list[str]:
    """Return the names of the copies to which no parameter file belongs: what they say is printed in no report."""
    return [name for name in towns_with_copies(project) if not project.has_file(name)]


def changes(town: Town) -> Iterator[Change]:
    """Yield what a town's copy has otherwise than the master now, in the copy's order; conflicts are left out."""
    torn = {conflict.cell for conflict in town.merged.conflicts}
    own = {cell.id: cell for cell in town.merged.cells}
    master = {cell.id: cell for cell in town.cells}
    for name, cell in own.items():
        if name not in torn and cell != master.get(name):
            yield _change(cell, master.get(name))
    for name, cell in master.items():
        if name not in own:
            yield Change(name, Kind.removed, cell.source, "")
    shared = [name for name in own if name in master]
    if shared != [name for name in master if name in own]:
        yield from (Change(name, Kind.moved, "", "") for name in _moved(shared, list(master)))


def _change(cell: Cell, master: Cell | None) -> Change:
    if master is None:
        return Change(cell.id, Kind.added, "", cell.source)
    kind = Kind.tagged if cell.source == master.source and cell.kind == master.kind else Kind.changed
    return Change(cell.id, kind, master.source, cell.source)


def _moved(own: list[str], master: list[str]) -> Iterator[str]:
    """The cells that stand behind another one than in the master."""
    order = [name for name in master if name in own]
    before = dict(zip(order[1:], order, strict=False))
    return (name for last, name in zip([None, *own], own, strict=False) if before.get(name) != last)


def edited_last_year(project: Project, name: str) -> tuple[str, int]:
    """Return the name of a town's report of the year before, and how many cells its own copy has otherwise than made.

    0 if it has none, or one that cannot be read.
    """
    folders = Folders(project)
    now = folders.name(project.file_of(name))
    params = folders.last_year(now) if now else None
    inside = project.inside(params) if params else None
    if inside is None:
        return "", 0
    last = inside.with_suffix("").as_posix()
    try:
        copy = read_copy(copy_path(project, last))
    except UserError:
        return last, 0
    made = {cell.id: cell for cell in copy.base or []} if copy else {}
    return last, sum(cell != made.get(cell.id) for cell in copy.cells if not has_tag(cell, PARAMETERS)) if copy else 0
