"""Finding a jurisdiction's parameter file by its name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from reportkit.errors import UserError
from reportkit.files.locations import below
from reportkit.project.listings import is_year, listed
from reportkit.project.short_names import is_called, written_out
from reportkit.translation import _, in_a_row


@dataclass(frozen=True)
class Jurisdictions:
    """The parameter files of a project by the names of their jurisdictions.

    `shown` is how messages call a path; `year_of` the year that a file says it is of, None if it says none.
    """

    params: Path
    shown: Callable[[Path], str]
    year_of: Callable[[Path], int | None]

    def find(self, year: int, name: str) -> Path:
        """Return the file that a jurisdiction has in a year; see `Project.find`."""
        folder = self.params / str(year)
        files = listed(folder, self.params).files
        found = [folder / inside for inside in files if _is_called(inside, name)]
        found = found or [path for path in self._yearless(name) if self.year_of(path) in (None, year)]
        if len(found) != 1:
            raise self._not_one(found, year, folder, files, name)
        return found[0]

    def locate(self, name: str, year: int | None = None) -> Path:
        """Return the file that a person means; see `Project.locate`."""
        year, name = _parted(name, year)
        files = listed(self.params).files
        name = written_out(name, (_whole(inside) for inside in files if year is None or inside.parts[0] == str(year)))
        if year is not None:
            return self.find(year, name)
        dated = [inside for inside in files if is_year(inside.parts[0])]
        named = [inside for inside in dated if _is_called(inside, name)]
        found = [] if named else self._yearless(name)
        if len(found) == 1:
            return found[0]
        if found or not dated:
            raise self._not_one(found, None, self.params, files, name)
        return self.find(max(int(inside.parts[0]) for inside in named or dated), name)

    def folder(self, name: str, year: int | None = None) -> Path | None:
        """Return the folder of that name which holds parameter files: of the year, or the last that has one.

        None if there is none. Raises UserError if several are called so, or begin so where none is called so.
        """
        year, name = _parted(name, year)
        folders = {above for inside in listed(self.params).files for above in inside.parents if above.parts}
        if year is not None:
            folders = {folder for folder in folders if folder.parts[0] == str(year)}
        name = written_out(name, (folder.as_posix() for folder in folders))
        found = [folder for folder in folders if is_called(folder.as_posix(), name)]
        last = max(map(_year_of, found), default=None)
        of_year = sorted(folder for folder in found if _year_of(folder) == last)
        if len(of_year) > 1:
            raise self._not_one([self.params / folder for folder in of_year], last or None, self.params, [], name)
        return self.params / of_year[0] if of_year else None

    def _yearless(self, name: str) -> list[Path]:
        """The files of a jurisdiction that lie in no year's folder."""
        files = [inside for inside in listed(self.params).files if not is_year(inside.parts[0])]
        return [self.params / inside for inside in files if _is_called(inside, name)]

    def _not_one(
        self, found: Sequence[Path], year: int | None, folder: Path, files: Sequence[PurePath], name: str
    ) -> UserError:
        """The error of a name that several files have, or none; `files` are those of the folder that was looked at."""
        if found:
            insides = [below(path, folder) or below(path, self.params) or path for path in found]
            several = in_a_row(inside.with_suffix("").as_posix() for inside in insides)
            words = _('there are {number} called "{name}": {names}; say which in jurisdiction')
            if year is not None:
                words = _('in {year} there are {number} called "{name}": {names}; say which in jurisdiction')
            return UserError(words.format(year=year, number=len(found), name=name, names=several))
        if files:
            close = difflib.get_close_matches(name, [inside.stem for inside in files], n=3, cutoff=0.3)
            words = _('there is no parameter file of "{name}" in {folder}')
            if close:
                words = _('there is no parameter file of "{name}" in {folder}; close to it: {names}')
            return UserError(words.format(folder=self.shown(folder), name=name, names=in_a_row(close)))
        all_files = listed(self.params).files
        if not all_files:
            example = self.shown(self.params / "2023/宁海县/桑洲镇.yaml")
            words = _(
                "there is no parameter file in {folder} yet; take one in with reportkit import, "
                "or begin a new one, for instance {example}"
            )
            return UserError(words.format(folder=self.shown(self.params), example=example))
        years = sorted({inside.parts[0] for inside in all_files if is_year(inside.parts[0])})
        words = _('there is no parameter file of "{name}" in {folder}; no file lies in a folder of a year')
        if years:
            words = _('there is no parameter file of "{name}" in {folder}; there are some of the years: {years}')
        return UserError(words.format(folder=self.shown(folder), name=name, years=in_a_row(years)))


def _is_called(inside: PurePath, name: str) -> bool:
    return is_called(_whole(inside), name)


def _whole(inside: PurePath) -> str:
    return inside.with_suffix("").as_posix()


def _year_of(folder: PurePath) -> int:
    """The year that a folder below params/ is of, 0 if it is of none."""
    return int(folder.parts[0]) if is_year(folder.parts[0]) else 0


def _parted(name: str, year: int | None) -> tuple[int | None, str]:
    """The year that a name begins with, unless another one is asked for, and the name without it."""
    first, _slash, rest = name.partition("/")
    return (int(first), rest) if rest and is_year(first) and year in (None, int(first)) else (year, name)
