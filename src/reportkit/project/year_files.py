"""The parameter files of one year, by their names below params/: on a disk each question looks where it must."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol

from reportkit.files.locations import is_remote
from reportkit.files.walk import Linked, is_link, obstacle
from reportkit.params.reader import SUFFIXES
from reportkit.project import Project
from reportkit.project.listings import parameter_files


class Shelf(Protocol):
    """What can be asked about the files of a year. All lists are sorted."""

    @property
    def empty(self) -> bool:
        """Whether the year has neither files nor folders that may hold some."""

    def file(self, name: PurePath) -> Path | None:
        """Return the file of a name, None if there is none."""

    def units(self, folder: PurePath) -> list[PurePath]:
        """Return the names of the files directly in a folder."""

    def files(self, folder: PurePath) -> list[Path]:
        """Return the files directly in a folder; two of one name are both there."""

    def folders(self, folder: PurePath) -> list[str]:
        """Return which folders directly in a folder have units."""

    def named(self, stem: str) -> list[PurePath]:
        """Return all names that end with the same word."""


def shelf(project: Project, year: int) -> Shelf:
    """Return the files of a year."""
    return _Store(project, year) if is_remote(project.params) else _Disk(project, year)


class _Store:
    """The files of a year in a store, as one listing has them."""

    def __init__(self, project: Project, year: int) -> None:
        self._project, self._year = project, year

    @property
    def empty(self) -> bool:
        return not self._files

    def file(self, name: PurePath) -> Path | None:
        return self._files.get(name)

    def units(self, folder: PurePath) -> list[PurePath]:
        return self._units.get(folder, [])

    def files(self, folder: PurePath) -> list[Path]:
        return self._in_folders.get(folder, [])

    def folders(self, folder: PurePath) -> list[str]:
        return sorted({name.name for name in self._units if name.parent == folder})

    def named(self, stem: str) -> list[PurePath]:
        return self._by_stem.get(stem, [])

    @cached_property
    def _all(self) -> list[tuple[PurePath, Path]]:
        """Each file with its name."""
        paths = parameter_files(self._project.params / str(self._year))
        return [(inside.with_suffix(""), path) for path in paths if (inside := self._project.inside(path))]

    @cached_property
    def _files(self) -> dict[PurePath, Path]:
        files: dict[PurePath, Path] = {}
        for name, path in self._all:
            files.setdefault(name, path)
        return files

    @cached_property
    def _in_folders(self) -> dict[PurePath, list[Path]]:
        files = defaultdict(list)
        for name, path in self._all:
            files[name.parent].append(path)
        return dict(files)

    @cached_property
    def _units(self) -> dict[PurePath, list[PurePath]]:
        units = defaultdict(list)
        for name in self._files:
            units[name.parent].append(name)
        return dict(units)

    @cached_property
    def _by_stem(self) -> dict[str, list[PurePath]]:
        names = defaultdict(list)
        for name in self._files:
            names[name.name].append(name)
        return dict(names)


class _Disk:
    """The files of a year on a disk."""

    def __init__(self, project: Project, year: int) -> None:
        self._params, self._year = project.params, str(year)
        self._root = str(project.params.absolute())

    @property
    def empty(self) -> bool:
        listed = _look(f"{self._root}/{self._year}")
        return not (listed.files or listed.folders or listed.links)

    def file(self, name: PurePath) -> Path | None:
        for suffix in SUFFIXES:
            inside = f"{name}{suffix}"
            if os.path.isfile(f"{self._root}/{inside}"):  # noqa: PTH113  (for each report of thousands)
                return self._params / inside
        return None

    def units(self, folder: PurePath) -> list[PurePath]:
        names = {PurePath(name).stem for name in _look(f"{self._root}/{folder}").files}
        return sorted(folder / name for name in names)

    def files(self, folder: PurePath) -> list[Path]:
        return [self._params / folder / name for name in sorted(_look(f"{self._root}/{folder}").files)]

    def folders(self, folder: PurePath) -> list[str]:
        listed = _look(f"{self._root}/{folder}")
        below = [*listed.folders, *listed.links]
        return sorted(name for name in below if _look(f"{self._root}/{folder}/{name}").files)

    def named(self, stem: str) -> list[PurePath]:
        wanted = {f"{stem}{suffix}" for suffix in SUFFIXES}
        folders = self._folders(self._year, Linked())
        return sorted(PurePath(folder, stem) for folder, listed in folders if not wanted.isdisjoint(listed.files))

    def _folders(self, folder: str, linked: Linked) -> Iterator[tuple[str, _Listed]]:
        """A folder and all below it, with what lies directly in each; `linked` are those that links led to."""
        listed = _look(f"{self._root}/{folder}")
        yield folder, listed
        for name in listed.folders:
            yield from self._folders(f"{folder}/{name}", linked)
        for name in listed.links:
            inside = f"{folder}/{name}"
            link = f"{self._root}/{inside}"
            if os.path.isdir(link) and not obstacle(Path(link), Path(self._root), linked):  # noqa: PTH112
                linked.add(link, inside)
                yield from self._folders(inside, linked)


class _Listed(NamedTuple):
    """The parameter files, the folders, and what could be links to folders directly in a folder, as they were once."""

    time: int
    files: frozenset[str]
    folders: tuple[str, ...]
    links: tuple[str, ...]


_NOTHING = _Listed(0, frozenset(), (), ())
_seen: dict[str, _Listed] = {}
_SETTLED = 100_000_000
"""Nanoseconds after its last change from which on a folder's time tells every further change, on any disk."""


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that goes round in a circle
        return False


def _look(folder: str) -> _Listed:
    """What lies in a folder; one that has not changed since it was last listed is not listed again."""
    try:
        changed = os.stat(folder).st_mtime_ns  # noqa: PTH116
        known = _seen.get(folder)
        if known and known.time == changed:
            return known
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith((".", "~"))]
    except (OSError, ValueError):  # not there, not to be read, or no name at all
        return _NOTHING
    files = frozenset(entry.name for entry in entries if entry.name.endswith(SUFFIXES) and _is_file(entry))
    others = sorted((entry for entry in entries if entry.name not in files), key=lambda entry: entry.name)
    folders = tuple(entry.name for entry in others if entry.is_dir(follow_symlinks=False) and not is_link(entry))
    links = tuple(entry.name for entry in others if is_link(entry))
    listed = _Listed(changed, files, folders, links)
    if time.time_ns() - changed > _SETTLED:
        _seen[folder] = listed
    return listed
