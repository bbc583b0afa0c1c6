"""Which towns a project has, year by year, and finding one of thousands as its name is typed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import PurePath
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.files.locations import is_remote
from reportkit.project import Project
from reportkit.project.listings import parameter_files
from reportkit.translation import _


class Town(NamedTuple):
    """A town in a year: its place below the year's folder, without suffix, and whether it has a parameter file there.

    One without a file had one the year before, from which a new one can be started.
    """

    year: int
    inside: str
    suffix: str
    has_file: bool

    @property
    def name(self) -> str:
        """The report's name, for instance 2019/宁海县/桑洲镇."""
        return f"{self.year}/{self.inside}"

    @property
    def jurisdiction(self) -> str:
        """The town's own name."""
        return self.inside.rpartition("/")[2]

    @property
    def county(self) -> str:
        """The folders above it, "" for one right below the year."""
        return self.inside.rpartition("/")[0]


class Towns:
    """The towns of a project as its folders are at first sight."""

    def __init__(self, project: Project) -> None:
        """Raise UserError if params/ is no folder on this machine: files elsewhere cannot be edited here."""
        if is_remote(project.params):
            words = _(
                "{folder}: the parameter files are not on this machine, so the workbench cannot change them; "
                "copy them into a folder params/ here"
            )
            raise UserError(words.format(folder=project.params))
        self._project = project
        self._files: dict[int, dict[str, str]] = {}
        for path in parameter_files(project.params):
            inside = PurePath(path.relative_to(project.params))
            if len(inside.parts) > 1 and inside.parts[0].isdecimal():
                below = PurePath(*inside.parts[1:])
                self._files.setdefault(int(inside.parts[0]), {}).setdefault(
                    below.with_suffix("").as_posix(), below.suffix
                )
        self.of = cache(self._of)
        self._lines = cache(lambda year: [(town.inside, town.jurisdiction, town) for town in self.of(year)])

    @property
    def years(self) -> list[int]:
        """The years that have files, and those after them, for which new ones can be started; the newest first."""
        return sorted({year for known in self._files for year in (known, known + 1)}, reverse=True)

    def _of(self, year: int) -> tuple[Town, ...]:
        """The towns of a year as they are listed: those with a file, and those that had one the year before."""
        now, before = self._files.get(year, {}), self._files.get(year - 1, {})
        towns = (
            Town(year, inside, now.get(inside, before.get(inside, "")), inside in now)
            for inside in sorted(now.keys() | before.keys())
        )
        return tuple(self._project.in_order(towns, lambda town: town.name))

    def search(self, year: int, text: str, limit: int = 50) -> list[Town]:
        """Return the towns of a year in whose place all the words of a text stand, best first.

        A name that begins with the text goes before one that has it inside, and both before a county that has it.
        """
        words = text.replace("/", " ").split()
        lines = self._lines(year)
        for word in words:
            lines = [line for line in lines if word in line[0]]
        ranks: tuple[list[Town], ...] = ([], [], [], [])
        last = words[-1] if words else ""
        for _inside, name, town in lines:
            ranks[0 if name == last else 1 if name.startswith(last) else 2 if last in name else 3].append(town)
        return list(itertools.islice(itertools.chain(*ranks), limit))

    def find(self, year: int, inside: str) -> Town:
        """Return the town at a place. Raises UserError if there is none."""
        for town in self._named(year, inside):
            return town
        raise UserError(_('{year} has no "{inside}"; choose a unit of the list').format(year=year, inside=inside))

    def _named(self, year: int, inside: str) -> Iterator[Town]:
        return (town for town in self.of(year) if town.inside == inside)
