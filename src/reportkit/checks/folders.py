"""Which parameter files belong together: last year's file of a unit, the units of a county, whole folders.

A file is known by its name below params/, without suffix: 2023/宁海县/桑洲镇. A folder of that name holds its units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePath

from reportkit.project import Project, parameter_files


class _Year:
    """The parameter files of one year, by name."""

    def __init__(self, project: Project, year: int) -> None:
        folder = project.params / str(year)
        found = {project.inside(path): path for path in parameter_files(folder)}
        self.files = {inside.with_suffix(""): path for inside, path in found.items() if inside}

    @cached_property
    def units(self) -> dict[PurePath, list[PurePath]]:
        """The names of the files directly in a folder, by its name."""
        units = defaultdict(list)
        for name in self.files:
            units[name.parent].append(name)
        return dict(units)

    @cached_property
    def by_stem(self) -> dict[str, list[PurePath]]:
        """All names that end with the same word."""
        names = defaultdict(list)
        for name in self.files:
            names[name.name].append(name)
        return dict(names)


class Folders:
    """The files that somebody selected, and those around them."""

    def __init__(self, project: Project, files: Iterable[Path]) -> None:
        self._project = project
        self._years: dict[int, _Year] = {}
        inside = ((project.inside(path), path) for path in files)
        self._selected = {name.with_suffix(""): path for name, path in inside if name and _is_year(name.parts[0])}
        self._names = {path: name for name, path in self._selected.items()}

    def last_year(self, path: Path) -> Path | None:
        """Return the file of the year before: in the same place, or the only one of the name that is there no more.

        None if there is none, and for a file outside of params/.
        """
        name = self._names.get(path)
        if name is None:
            return None
        now, before = self._around(name), self._around(name, -1)
        if (same := _moved(name, -1)) in before.files:
            return before.files[same]
        gone = [other for other in before.by_stem.get(name.name, ()) if _moved(other, 1) not in now.files]
        return before.files[gone[0]] if len(gone) == 1 else None

    def whole(self) -> list[PurePath]:
        """Return the folders to look at as a whole: all their files are selected, or the file of their name is."""
        parents = dict.fromkeys(name.parent for name in self._selected)
        full = [folder for folder in parents if self._selected.keys() >= set(self._around(folder).units[folder])]
        return sorted({*full, *(name for name in self._selected if name in self._around(name).units)})

    def county(self, folder: PurePath) -> Path | None:
        """Return the file of a folder's own name, if there is one."""
        return self._path(folder) if folder in self._around(folder).files else None

    def units(self, folder: PurePath) -> list[Path]:
        """Return the files directly in a folder."""
        return [self._path(name) for name in self._around(folder).units.get(folder, ())]

    def last_year_units(self, folder: PurePath) -> list[str]:
        """Return the names of the units that the folder had the year before."""
        return [name.name for name in self._around(folder, -1).units.get(_moved(folder, -1), ())]

    def folders_in(self, folder: PurePath) -> list[str]:
        """Return the names of the folders in a folder."""
        return sorted({name.name for name in self._around(folder).units if name.parent == folder})

    def new(self, folder: PurePath) -> list[str]:
        """Return the selected units without a file of last year; none if no unit of the folder has one."""
        if not self.last_year_units(folder):
            return []
        selected = [name for name in self._around(folder).units.get(folder, ()) if name in self._selected]
        return [name.name for name in selected if self.last_year(self._selected[name]) is None]

    def _path(self, name: PurePath) -> Path:
        """The file of a name, as it was selected if it was."""
        return self._selected.get(name) or self._around(name).files[name]

    def _around(self, name: PurePath, years: int = 0) -> _Year:
        """The files of a name's year, or of so many years later."""
        year = int(name.parts[0]) + years
        if year not in self._years:
            self._years[year] = _Year(self._project, year)
        return self._years[year]


def _is_year(folder: str) -> bool:
    return folder.isascii() and folder.isdigit()


def _moved(name: PurePath, years: int) -> PurePath:
    """The same name in another year."""
    return type(name)(str(int(name.parts[0]) + years), *name.parts[1:])
