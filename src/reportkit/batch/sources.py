"""What reports are made from, by the names that the journal keeps: parameter files, and the parts of a list."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reportkit.files.locations import below, is_remote, listing, may_be_there, printed_location
from reportkit.project import PART, Project


def still_there(project: Project, sources: set[str]) -> set[str]:
    """Return those that may still be there; in a store, those of a folder by one listing.

    A part of the project's list is there if the list has it, and one of another list if that is there. Raises
    UserError if a store or the list cannot be read.
    """
    mine = _parts_of(project)
    parts = {name for name in sources if mine and name.startswith(mine)}
    local = {name for name in sources - parts if "://" not in name}
    there = {name for name in parts if name.removeprefix(mine) in project.sets}
    there |= {name for name in local if may_be_there(project.root / name) or _list_is_there(project, name)}
    others = [printed_location(name, project.params) for name in sources - there if "://" in name]
    folders = {path.parent if below(path, project.params) is None else project.params for path in others}
    return there | {str(folder / inside) for folder in folders for inside in listing(folder)}


def all_below(project: Project, sources: Iterable[str], folders: Sequence[Path]) -> Iterator[bool]:
    """Yield for each source whether it lies in one of these folders; a list holds its parts."""
    stores = [folder for folder in folders if is_remote(folder)]
    local = tuple(os.path.join(_plain(folder), "") for folder in folders if not is_remote(folder))  # noqa: PTH118
    root = _plain(project.root)
    for source in sources:
        if is_part(project, source):
            yield project.params in folders
        elif "://" in source:
            path = printed_location(source, project.params)
            yield any(below(path, store) is not None for store in stores)
        else:  # one by one, and for tens of thousands: as texts
            yield os.path.join(os.path.normpath(os.path.join(root, source)), "").startswith(local)  # noqa: PTH118


def is_part(project: Project, source: str) -> bool:
    """Return whether a report is made from a part of the project's list."""
    mine = _parts_of(project)
    return bool(mine) and source.startswith(mine)


def _plain(path: Path) -> str:
    """A path from the root on, without steps back."""
    return os.path.normpath(path.absolute())


def _parts_of(project: Project) -> str:
    """What the names of the parts of the project's list begin with, "" if it has none."""
    return f"{project.list_name}{PART}" if project.source else ""


def _list_is_there(project: Project, name: str) -> bool:
    """Whether a name is that of a part of another list which is still there."""
    return PART in name and may_be_there(project.root / name.partition(PART)[0])
