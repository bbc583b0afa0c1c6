"""Which towns have their own copies, and what each has changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from reportkit.copies.joining import Town
from reportkit.locations import is_remote, listing
from reportkit.notebook.cells import Cell
from reportkit.project import Project


class Kind(StrEnum):
    """How a town's cell differs from the master's."""

    changed = "changed"
    added = "added"
    removed = "removed"
    tagged = "tags changed"
    moved = "moved"


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
    folder = project.copies
    found = listing(folder) if is_remote(folder) else (path.relative_to(folder) for path in folder.rglob("*.ipynb"))
    names = [path for path in found if path.suffix == ".ipynb" and not any(part.startswith(".") for part in path.parts)]
    return sorted(path.with_suffix("").as_posix() for path in names)


def strays(project: Project) -> list[str]:
    """Return the names of the copies to which no parameter file belongs: what they say is printed in no report."""
    return [name for name in towns_with_copies(project) if not project.file_of(name).exists()]


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
