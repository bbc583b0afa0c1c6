"""Many files together: each by itself and against its last year's, then every folder, then what is alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.checks.file_runner import Before, before_of, file_issues, folder_issues
from reportkit.checks.filing_runner import as_issues, with_waivers
from reportkit.checks.kept_dates import kept_in_cells
from reportkit.checks.waivers import check_config
from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.files.locations import read_remote
from reportkit.messages.words import issue
from reportkit.model.filing import Filing, in_order
from reportkit.notebook.towns import printed, towns_with_copies, unlisted_copies
from reportkit.project import Project, Selection
from reportkit.project.siblings import Folders

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


Opened = Callable[[Path, bytes | None], Filing]
"""Returns a file as its report prints it; its content is given if it is known. Raises ReaderError and UserError."""


def check_project(project: Project, files: Iterable[Path], opened: Opened | None = None) -> Iterator[Checked]:
    """Yield the issues of each file, also against last year's file, and then those between files, folder by folder.

    A county is compared with its units if it is among the files, or if all of its units are. Near-duplicates are looked
    for among the files of one year. Nothing is yielded for what is in order between files. `opened` is who opens the
    files, if somebody else wants to see them, too.

    Raises UserError if the project's waivers are wrong or a store cannot be read.
    """
    check_config(project)
    return itertools.chain(_broken_forms(project), _Run(project, list(files), opened).all())


def _broken_forms(project: Project) -> Iterator[Checked]:
    """Each form that cannot be used; an error where a report names it, as that report says."""
    for edition, path, reason in project.forms.broken:
        yield Checked(path, edition or path.stem, [issue("Y12.broken", Origin(project.shown(path)), reason=reason)])


def unlisted(project: Project, found: Selection) -> Iterator[Checked]:
    """Yield an error for each folder or link whose files are not known."""
    for path, reason in found.unlisted:
        yield Checked(path, path.name, [issue("Y1.folder", Origin(project.shown(path)), reason=reason)])


def _opener(project: Project, copies: Set[str]) -> Opened:
    hidden = bool(unlisted_copies(project))

    def opened(path: Path, content: bytes | None) -> Filing:
        filing, inside = project.read(path, content), project.inside(path)
        name = inside.with_suffix("").as_posix() if inside else ""
        return printed(project, name, filing) if name in copies or (name and hidden) else filing

    return opened


class _Run:
    """One look at many files."""

    def __init__(self, project: Project, files: list[Path], opened: Opened | None) -> None:
        self._project, self._files = project, files
        self._folders = Folders(project, files)
        self._copies = set(towns_with_copies(project))
        self._opened = opened or _opener(project, self._copies)
        self._contents: dict[Path, bytes | None] = {}
        self._read = lru_cache(maxsize=_KEPT)(self._fresh)
        self._texts: dict[int, list[tuple[Path, Filing]]] = {}

    def all(self) -> Iterator[Checked]:
        names = map(self._folders.name, self._files)
        lasts = [self._folders.last_year(name) if name else None for name in names]
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
        return self._opened(path, self._contents.get(path))

    def _file(self, path: Path, last: Path | None) -> Checked:
        try:
            filing = self._read(path)
        except ReaderError as error:
            return Checked(path, path.stem, in_order(error.issues))
        self._texts.setdefault(filing.year, []).append((path, _text_of(filing)))
        # Last year's is not kept: it is needed once.
        found = file_issues(self._project, filing, self._before(path, filing, last))
        name = self._folders.name(path)
        if name and name.as_posix() in self._copies:
            found.issues.extend(kept_in_cells(self._project, self._folders, name))
        return Checked(path, filing.jurisdiction, self._settled(filing, *found))

    def _before(self, path: Path, filing: Filing, last: Path | None) -> Before:
        if last:
            return before_of(self._project, filing, last, self._fresh)
        name = self._folders.name(path)
        return Before(self._folders.same_place(name) if name else "")

    def _folder(self, folder: PurePath) -> Iterator[Checked]:
        """What is missing in a folder, and how its sums compare with the county's own file, if there is one."""
        own = self._folders.county(folder)
        county = self._readable(own) if own else None
        found = folder_issues(self._project, self._folders, folder, county, self._read)
        if issues := self._settled(county, *found):
            place = own or self._project.params / folder
            yield Checked(place, county.jurisdiction if county else folder.name, issues, across=True)

    def _readable(self, path: Path) -> Filing | None:
        try:
            return self._read(path)
        except ReaderError:
            return None

    def _alike(self, texts: Sequence[tuple[Path, Filing]]) -> Iterator[Checked]:
        """What stands in several files of a year: the issues of each file together."""
        if len(texts) < 2:
            return
        from reportkit.checks.similarity import near_duplicates  # needs numpy, which takes a tenth of a second

        paths = {filing.origin.path: path for path, filing in texts}
        alike: dict[str, tuple[Filing, list[Issue]]] = {}
        for filing, finding in near_duplicates([filing for _, filing in texts]):
            alike.setdefault(filing.origin.path, (filing, []))[1].extend(as_issues([finding], filing.where))
        for name, (filing, issues) in alike.items():
            yield Checked(paths[name], filing.jurisdiction, self._settled(filing, issues, ()), across=True)

    def _settled(self, filing: Filing | None, issues: Iterable[Issue], ran: Container[str]) -> list[Issue]:
        return with_waivers(filing, issues, ran, self._project.waivers)


def _text_of(filing: Filing) -> Filing:
    """A filing without its figures, of which many can be kept."""
    origins: dict[CellRef | str, Origin] = {
        key: origin for key, origin in filing.origins.items() if not isinstance(key, CellRef)
    }
    return replace(filing, values={}, origins=origins, notes=(), computed=frozenset(), unread={})
