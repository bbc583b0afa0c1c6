"""Which parameter files belong together: last year's file of a unit, the units of a county, whole folders.

A file is known by its name below params/, without suffix: 2023/宁海县/桑洲镇. A folder of that name holds its units.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePath

from reportkit.model.filing import Filing
from reportkit.model.names import unfit
from reportkit.params.reader import SUFFIXES
from reportkit.project import Project
from reportkit.project.listings import is_year
from reportkit.project.year_files import Shelf, shelf


class Folders:
    """The files of a project, and those of them that somebody selected.

    On a local disk each question looks at a few folders only, so that it can be put for each report of a batch; a store
    is listed once for all questions.
    """

    def __init__(self, project: Project, files: Iterable[Path] = ()) -> None:
        self._project = project
        self._shelves: dict[int, Shelf] = {}
        self._selected = {name: path for path in files if (name := self.name(path))}

    def name(self, path: Path) -> PurePath | None:
        """Return the name of a file; None for one outside of params/, or in no year's folder."""
        inside = self._project.inside(path)
        return inside.with_suffix("") if inside and is_year(inside.parts[0]) else None

    def place(self, filing: Filing) -> PurePath | None:
        """Return the name of the file that a filing was read from, or that it would have.

        Of parameters that papermill gave that is the only file of the year with the jurisdiction's name, or else a
        name that no file has; None if there are several files, and for a filing that was read elsewhere.
        """
        own = PurePath(filing.origin.path)
        if own.suffix in SUFFIXES:
            if len(own.parts) > 1 and own.parts[0] == str(filing.year):
                return own.with_suffix("")  # as a build calls it, wherever params/ is
            return self.name(Path(own))
        if unfit(filing.jurisdiction):
            return None
        named = self.named(filing)
        return None if len(named) > 1 else next(iter(named), PurePath(str(filing.year), filing.jurisdiction))

    def named(self, filing: Filing) -> list[PurePath]:
        """Return the names of the files of the filing's year that end with its jurisdiction's name."""
        return self._year(filing.year).named(filing.jurisdiction)

    def last_year(self, name: PurePath) -> Path | None:
        """Return the file of the year before: in the same place, or the only one of the name that is there no more.

        None if there is none.
        """
        before = self._around(name, -1)
        if before.empty:  # as for thousands in a project's first year
            return None
        if same := before.file(_moved(name, -1)):
            return same
        now = self._around(name)
        gone = [other for other in before.named(name.name) if now.file(_moved(other, 1)) is None]
        return before.file(gone[0]) if len(gone) == 1 else None

    def gone_on(self, name: PurePath, year: int) -> Path | None:
        """Return the file of a later year of the same unit: in the same place, or one of the name that was not there.

        None if there is none.
        """
        then, years = self._year(year), year - int(name.parts[0])
        if same := then.file(_moved(name, years)):
            return same
        now = self._around(name)
        new = [other for other in then.named(name.name) if now.file(_moved(other, -years)) is None]
        return then.file(new[0]) if new else None

    def same_place(self, name: PurePath) -> str:
        """Return the path below params/ of the file that has the name a year before, if there is one."""
        return f"{_moved(name, -1).as_posix()}{SUFFIXES[0]}"

    def whole(self) -> list[PurePath]:
        """Return the folders to look at as a whole: all their files are selected, or the file of their name is."""
        parents = dict.fromkeys(name.parent for name in self._selected)
        full = [folder for folder in parents if self._selected.keys() >= set(self._around(folder).units(folder))]
        return sorted({*full, *(name for name in self._selected if self._around(name).units(name))})

    def county(self, folder: PurePath) -> Path | None:
        """Return the file of a folder's own name, if there is one."""
        return self._path(folder)

    def units(self, folder: PurePath) -> list[Path]:
        """Return the files directly in a folder, each as it was selected if it was; two of one name are both there."""
        found = self._around(folder).files(folder)
        selected = [self._selected.get(folder / path.stem, path) for path in found]
        return [own if own.name == path.name else path for own, path in zip(selected, found, strict=True)]

    def last_year_units(self, folder: PurePath) -> list[str]:
        """Return the names of the units that the folder had the year before."""
        return [name.name for name in self._around(folder, -1).units(_moved(folder, -1))]

    def folders_in(self, folder: PurePath) -> list[str]:
        """Return the names of the folders in a folder that hold files themselves."""
        return self._around(folder).folders(folder)

    def new(self, folder: PurePath) -> list[str]:
        """Return the units without a file of last year; none if no unit of the folder has one."""
        if not self.last_year_units(folder):
            return []
        return [name.name for name in self._around(folder).units(folder) if self.last_year(name) is None]

    def _path(self, name: PurePath) -> Path | None:
        """The file of a name, as it was selected if it was."""
        return self._selected.get(name) or self._around(name).file(name)

    def _around(self, name: PurePath, years: int = 0) -> Shelf:
        """The files of a name's year, or of so many years later."""
        return self._year(int(name.parts[0]) + years)

    def _year(self, year: int) -> Shelf:
        if year not in self._shelves:
            self._shelves[year] = shelf(self._project, year)
        return self._shelves[year]


@lru_cache(maxsize=4)
def folders_of(project: Project) -> Folders:
    """Return the folders of a project; those of a store are listed once in a process."""
    return Folders(project)


def _moved(name: PurePath, years: int) -> PurePath:
    """The same name in another year."""
    return type(name)(str(int(name.parts[0]) + years), *name.parts[1:])
