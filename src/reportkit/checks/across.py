"""Many files together: each by itself and against its last year's, then every folder, then what is alike."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.checks.checking import YEAR_RULES, codes_in, found_against, found_in, settled, told
from reportkit.checks.findings import Finding
from reportkit.checks.folders import Folders
from reportkit.checks.strangers import other_names
from reportkit.checks.units import missing, sums, without_last_year
from reportkit.checks.waivers import check_config
from reportkit.copies import printed, towns_with_copies
from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.filing import Filing, in_order
from reportkit.locations import read_remote
from reportkit.project import Project

_KEPT = 1024
"""So many filings are kept for when their folder is looked at; of more, the older ones are read again."""


class Checked(NamedTuple):
    """The issues of one file, or of a folder that has no file of its own.

    `name` is the jurisdiction, or what the file is called where it cannot be read. `across` says that the issues were
    found by looking at several files.
    """

    path: Path
    name: str
    issues: list[Issue]
    across: bool = False


def check_project(project: Project, files: Iterable[Path]) -> Iterator[Checked]:
    """Yield the issues of each file, also against last year's file, and then those between files, folder by folder.

    A county is compared with its units if it is among the files, or if all of its units are. Near-duplicates are looked
    for among the files of one year. Nothing is yielded for what is in order between files.

    Raises UserError if the project's waivers are wrong or a store cannot be read.
    """
    check_config(project)
    return _Run(project, list(files)).all()


class _Run:
    """One look at many files."""

    def __init__(self, project: Project, files: list[Path]) -> None:
        self._project, self._files = project, files
        self._folders = Folders(project, files)
        self._copies = set(towns_with_copies(project))
        self._contents: dict[Path, bytes | None] = {}
        self._read = lru_cache(maxsize=_KEPT)(self._fresh)
        self._texts: dict[int, list[tuple[Path, Filing]]] = {}

    def all(self) -> Iterator[Checked]:
        lasts = [self._folders.last_year(path) for path in self._files]
        contents, of_last = read_remote(self._files), read_remote(last for last in lasts if last)
        for path, last, content in zip(self._files, lasts, contents, strict=True):
            self._contents = {path: content} | ({last: next(of_last)} if last else {})
            yield self._file(path, last)
        self._contents = {}
        for folder in self._folders.whole():
            yield from self._folder(folder)
        for texts in self._texts.values():
            yield from self._alike(texts)

    def _fresh(self, path: Path) -> Filing:
        filing = self._project.read(path, self._contents.get(path))
        inside = self._project.inside(path)
        name = inside.with_suffix("").as_posix() if inside else ""
        return printed(self._project, name, filing) if name in self._copies else filing

    def _file(self, path: Path, last: Path | None) -> Checked:
        try:
            filing = self._read(path)
        except ReaderError as error:
            return Checked(path, path.stem, in_order(error.issues))
        self._texts.setdefault(filing.year, []).append((path, _text_of(filing)))
        issues, ran = found_in(filing), codes_in(filing) - YEAR_RULES.keys() | {"L3"}
        issues += told("L3", other_names(filing, self._project.jurisdictions), filing.where)
        before = self._before(filing, last) if last else None
        if isinstance(before, Filing):
            ran |= YEAR_RULES.keys()
            issues += found_against(filing, before)
        elif before:
            issues += told("R19", [before], filing.where)
        return Checked(path, filing.jurisdiction, self._settled(filing, issues, ran))

    def _before(self, filing: Filing, last: Path) -> Filing | Finding | None:
        """Last year's filing, or what there is to say as it cannot be read; None if one of the two has a wrong year."""
        try:
            before = self._fresh(last)  # and not kept: it is needed once
        except ReaderError as error:
            cause = error.issues[0].message
            return Finding(f"上年的文件 {self._project.shown(last)} 读不出来，上年结转等没有核对：{cause}")
        return before if filing.year == before.year + 1 else None

    def _folder(self, folder: PurePath) -> Iterator[Checked]:
        """What is missing in a folder, and how its sums compare with the county's own file, if there is one."""
        own, units = self._folders.county(folder), self._folders.units(folder)
        county = self._readable(own) if own else None
        below = self._folders.folders_in(folder) if own else []
        found = {
            "R18": missing([unit.stem for unit in units], self._folders.last_year_units(folder), below),
            "R19": without_last_year(self._folders.new(folder)),
            "R11": self._sums(county, units) if county else (),
        }
        place = own or self._project.params / folder
        where = county.where if county else self._nowhere(place)
        issues = (issue for code, findings in found.items() for issue in told(code, findings, where))
        if issues_of_folder := self._settled(county, issues, found if county else ()):
            yield Checked(place, county.jurisdiction if county else folder.name, issues_of_folder, across=True)

    def _sums(self, county: Filing, units: Sequence[Path]) -> Iterable[Finding]:
        filings = [filing for unit in units if (filing := self._readable(unit))]
        if len(filings) == len(units):
            return sums(county, filings)
        lost = "、".join(unit.stem for unit in units if not self._readable(unit))
        return [Finding(f"{lost}的文件读不出来，没有核对各单位的合计", "", lost, "")]

    def _readable(self, path: Path) -> Filing | None:
        try:
            return self._read(path)
        except ReaderError:
            return None

    def _nowhere(self, place: Path) -> Callable[[CellRef | str], Origin]:
        """Where things stand in a file that cannot be read, or in a folder."""
        origin = Origin(self._project.shown(place))
        return lambda _: origin

    def _alike(self, texts: Sequence[tuple[Path, Filing]]) -> Iterator[Checked]:
        """What stands in several files of a year: the issues of each file together."""
        from reportkit.checks.similar import near_duplicates  # needs numpy, which nothing else here does

        paths = {filing.origin.path: path for path, filing in texts}
        alike: dict[str, tuple[Filing, list[Issue]]] = {}
        for filing, finding, code in near_duplicates([filing for _, filing in texts]):
            alike.setdefault(filing.origin.path, (filing, []))[1].extend(told(code, [finding], filing.where))
        for name, (filing, issues) in alike.items():
            yield Checked(paths[name], filing.jurisdiction, self._settled(filing, issues, ()), across=True)

    def _settled(self, filing: Filing | None, issues: Iterable[Issue], ran: Container[str]) -> list[Issue]:
        return settled(filing, issues, ran, self._project.waivers)


def _text_of(filing: Filing) -> Filing:
    """A filing without its figures, of which many can be kept."""
    origins: dict[CellRef | str, Origin] = {
        key: origin for key, origin in filing.origins.items() if not isinstance(key, CellRef)
    }
    return replace(filing, values={}, origins=origins, notes=(), computed=frozenset(), unread=frozenset())
