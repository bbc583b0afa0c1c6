"""One report's file with all that it is checked against: last year's file, and the units' where it is a county's own.

`check`, a build, the workbench, the preview and a running notebook all judge a report by the pieces here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.checks.filing_runner import (
    as_issues,
    check,
    codes_in,
    found_against,
    found_in,
    sentence_of,
    with_waivers,
)
from reportkit.checks.findings import Finding
from reportkit.checks.kept_dates import kept_in_cells
from reportkit.checks.registry import codes_for, rules_for
from reportkit.checks.units import missing, twice, without_last_year
from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.files.locations import is_remote, read_or_none, read_remote
from reportkit.messages.words import joined, phrase
from reportkit.model.filing import Filing
from reportkit.notebook.towns import copy_path, printed
from reportkit.project import Project
from reportkit.project.listings import folder_digest
from reportkit.project.siblings import Folders, folders_of

_AT = "compare"
_KEPT = 128
"""So many of the other files are kept as they were read: a county's units, while somebody edits the county's own."""

Read = Callable[[Path], Filing]
"""Returns the filing of a file as it is printed. Raises ReaderError, and UserError for a store that does not answer."""


class Before(NamedTuple):
    """Last year's filing, or why there is none.

    `wrong` is what is wrong with a file that is there: it cannot be read, for the reason `why`, or is another's.
    `filing` is given if it can be read and is the year before's; `name` is what messages call the file, also one that
    is not there.
    """

    name: str = ""
    filing: Filing | None = None
    wrong: Finding | None = None
    why: str = ""


class Found(NamedTuple):
    """Issues before any is waived, and the codes of the rules that have looked."""

    issues: list[Issue]
    ran: Collection[str]


class Examined(NamedTuple):
    """The issues of a report's file, and the other files that they hang on: by their path in the project the SHA-256.

    A file that was looked for in vain has "", a folder the hash of what lies in it.
    """

    issues: list[Issue]
    inputs: Mapping[str, str]


def check_report(project: Project, path: Path | None, filing: Filing) -> list[Issue]:
    """Return all that is wrong with a report's file: by itself, next to last year's, and next to its units'.

    `path` is the file; None for parameters that were given otherwise, which are taken for those of the file with their
    year and jurisdiction. Each error among the issues keeps the report from being made, on every road.
    Raises UserError if a store cannot be read.
    """
    return examine(project, path, filing).issues


def examine(project: Project, path: Path | None, filing: Filing, but: Container[str] = ()) -> Examined:
    """Return what `check_report` does, less the rules `but`, with the other files that were looked at."""
    look = _Look(project)
    folders = folders_of(project)
    name = folders.name(path) if path else folders.place(filing)
    found = file_issues(project, filing, look.before(folders, name, filing), but)
    found.issues.extend(kept_in_cells(project, folders, name) if name else ())
    units = folders.units(name) if name else []
    if name and units:
        look.folder(folders, name)
        of_folder = folder_issues(project, folders, name, filing, look.filing)
        found = Found([*found.issues, *of_folder.issues], {*found.ran, *of_folder.ran})
    return Examined(with_waivers(filing, found.issues, found.ran, project.waivers), look.inputs)


def last_year(project: Project, filing: Filing) -> Before:
    """Return what there is of last year beside a filing. Raises UserError if a store cannot be read."""
    folders = folders_of(project)
    return _Look(project).before(folders, folders.place(filing), filing)


def last_to_compare(project: Project, filing: Filing, before: Before | None = None) -> Filing | None:
    """Return last year's filing if this one can be shown beside it; if not, `check_report` has said why.

    `before` is what `last_year` has returned, if it was asked. Raises UserError if a store cannot be read.
    """
    before = before or last_year(project, filing)
    return before.filing if before.filing and not _obstacle(project, filing, before) else None


def last_unfit(project: Project, before: Before) -> Finding | None:
    """Return why nothing can be said of last year: R22 with the variant; None if something can."""
    if wrong := before.wrong or (before.filing and _unreliable(project, before.name, before.filing)):
        return wrong
    if before.filing is None:
        return Finding("R22.none_of_name", _AT, file=before.name) if before.name else Finding("R22.none", _AT)
    return None


def file_issues(project: Project, filing: Filing, before: Before | None, but: Container[str] = ()) -> Found:
    """Return what is wrong with a filing by itself and next to last year's; `before` is None if nobody has looked."""
    form = filing.form
    issues, ran = found_in(filing), set(codes_in(filing) | codes_for(form, "names"))
    for rule in rules_for(form, "names"):
        issues += as_issues(rule.find(filing, project.jurisdictions), filing.where, form.kind)
    if before is None:
        return Found(issues, ran)
    if before.filing:
        issues += found_against(filing, before.filing, but)
        ran |= {code for code in codes_for(form, "last") if code not in but}
    if project.compares(filing):
        issues += as_issues(filter(None, [_obstacle(project, filing, before)]), filing.where)
        ran.add("R22")
    elif before.why:
        issues += as_issues([Finding("R19.unread", file=before.name, why=before.why)], filing.where)
    return Found(issues, ran)


def _obstacle(project: Project, filing: Filing, before: Before) -> Finding | None:
    """Why a filing cannot be shown beside last year's (R22): an error if it is last year's file that must be mended."""
    from reportkit.kinds.comparison import table_lines  # which most reports do without

    if (wrong := last_unfit(project, before)) or before.filing is None:
        return wrong
    if not table_lines(filing, before.filing):
        edition = filing.form.edition
        if edition == before.filing.form.edition:
            return Finding("R22.no_figures", _AT, edition=edition)
        return Finding("R22.editions", _AT, edition=edition)
    return None


def before_of(
    project: Project, filing: Filing, path: Path, read: Read, called: Callable[[Path], str] | None = None
) -> Before:
    """Return what last year's file says, `path` being that file; `called` is how messages call a file."""
    name = (called or project.shown)(path)
    try:
        last = read(path)
    except ReaderError as error:
        why = error.issues[0].message
        return Before(name, None, Finding("R22.unread", _AT, file=name, why=why), why)
    if last.year + 1 != filing.year:
        return Before(name, None, Finding("R22.other_year", _AT, file=name, year=last.year))
    if last.jurisdiction != filing.jurisdiction:
        return Before(name, last, Finding("R22.other_unit", _AT, file=name, unit=last.jurisdiction))
    return Before(name, last)


def _unreliable(project: Project, name: str, last: Filing) -> Finding | None:
    """What is wrong with last year's figures by themselves."""
    errors = [issue for issue in check(last, project.waivers) if issue.severity == "error"]
    if not errors:
        return None
    return Finding("R22.errors", _AT, file=name, count=len(errors), first=f"{errors[0].origin} {errors[0].code}")


def folder_issues(project: Project, folders: Folders, folder: PurePath, county: Filing | None, read: Read) -> Found:
    """Return what is missing in a folder, and how its sums compare with the county's own file, if there is one."""
    units = folders.units(folder)
    found: dict[str, Iterable[Finding]] = {
        "R18": missing([unit.stem for unit in units], folders.last_year_units(folder), folders.folders_in(folder)),
        "R19": without_last_year(folders.new(folder)),
        **(_next_to_units(county, units, read) if county else {}),
    }
    nowhere = Origin(project.shown(folders.county(folder) or project.params / folder))

    def where(ref: CellRef | str) -> Origin:
        return county.where(ref) if county else nowhere

    kind = county.form.kind if county else ""
    issues = [one for findings in found.values() for one in as_issues(findings, where, kind)]
    return Found(issues, found.keys() if county else ())


def _next_to_units(county: Filing, units: Sequence[Path], read: Read) -> Mapping[str, Iterable[Finding]]:
    """What the rules that need a county's units find, by code; only why they cannot be added up (R11), if so."""
    filings, lost = [], []
    for unit in units:
        try:
            filings.append((unit, read(unit)))
        except ReaderError:
            lost.append(unit.stem)
    if lost:
        return {"R11": [Finding("R11.unread", "", joined(lost))]}
    doubled = list(twice(filings, county.jurisdiction))
    if doubled:
        return {"R11": [Finding("R11.doubled", "", found.found, why=sentence_of(found)) for found in doubled]}
    of_units = [filing for _, filing in filings]
    return {rule.code: rule.find(county, of_units) for rule in rules_for(county.form, "units")}


class _Look:
    """One look around a report's file, which notes what it has seen.

    Messages call the other files by their path below params/: a notebook prints them, and must not depend on where
    that is, or the command was given.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._contents: dict[Path, bytes | None] = {}
        self.inputs: dict[str, str] = {}

    def before(self, folders: Folders, name: PurePath | None, filing: Filing) -> Before:
        """What there is of last year."""
        if name is None:
            several = [str(other) for other in folders.named(filing)]
            return Before(phrase("of_one_name", name=filing.jurisdiction, places=several) if len(several) > 1 else "")
        if last := folders.last_year(name):
            return before_of(self._project, filing, last, self.filing, self._called)
        same = folders.same_place(name)
        self.inputs[self._project.name_of(self._project.params / same)] = ""
        return Before(same)

    def folder(self, folders: Folders, name: PurePath) -> None:
        """Note what lies in a folder, and fetch its files side by side if it is in a store."""
        if is_remote(self._project.params):
            units = folders.units(name)
            self._contents.update(zip(units, read_remote(units), strict=True))
        else:
            folder = self._project.params / name
            self.inputs[self._project.name_of(folder)] = folder_digest(folder)

    def filing(self, path: Path) -> Filing:
        """What a file says, as it is printed. Raises ReaderError."""
        content = self._contents.pop(path, None) or read_or_none(path)
        self.inputs[self._project.name_of(path)] = hashlib.sha256(content).hexdigest() if content is not None else ""
        filing = _read(self._project, path, content, self._called(path))
        copy = copy_path(self._project, filing.origin.path.removesuffix(path.suffix))
        if (own := read_or_none(copy)) is None:
            return filing
        self.inputs[self._project.name_of(copy)] = hashlib.sha256(own).hexdigest()
        return printed(self._project, filing.origin.path.removesuffix(path.suffix), filing)

    def _called(self, path: Path) -> str:
        return (self._project.inside(path) or path).as_posix()


@lru_cache(maxsize=_KEPT)
def _read(project: Project, path: Path, content: bytes | None, name: str) -> Filing:
    return project.read(path, content).called(name)
