"""A county's folder added up, and everything that is to be known before the sum is used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.checks.file_runner import check_report
from reportkit.checks.filing_runner import as_issues
from reportkit.checks.units import missing, sums, twice
from reportkit.errors import Issue, Origin, ReaderError, UserError
from reportkit.files.locations import is_remote, read_remote
from reportkit.kinds import form_for
from reportkit.messages.rollup import with_notes
from reportkit.model.filing import Filing, in_order
from reportkit.model.form import Form
from reportkit.model.rollup import RollUp, combine
from reportkit.project import Project
from reportkit.project.listings import listed
from reportkit.project.siblings import Folders
from reportkit.translation import _, in_a_row


@dataclass(frozen=True)
class Added:
    """A folder's sum, with its units and what there is to say about them.

    `rolled` is None where a file cannot be read or a jurisdiction would count twice; `wrong` names the units that have
    errors: no report can be made of them, and a sum with them is not to be relied on.
    """

    rolled: RollUp | None
    units: Sequence[Filing]
    issues: Sequence[Issue]
    wrong: Sequence[str] = ()


def sums_of(project: Project, folder: Path) -> Added:
    """Return the sum of the files directly in a folder, as the figures of the jurisdiction that the folder is called.

    The issues are: errors in the units, all that would keep their reports from being made; several files of one
    jurisdiction (R23); cells that cannot be added (R20), blanks (R21), missing units (R18), and what the county's own
    file, if there is one, says otherwise (R11).

    Raises UserError if the folder holds no parameter file, cannot be looked into, or holds files of several years.
    """
    folder = folder if is_remote(folder) else Path(os.path.abspath(folder))  # noqa: PTH100  (links keep their names)
    there = listed(folder, project.params)
    paths = [folder / inside for inside in there.files if len(inside.parts) == 1]
    paths = project.in_order(paths, lambda path: (project.inside(path) or path).with_suffix("").as_posix())
    if unlisted := [reason for inside, reason in there.unlisted if not inside.parts]:
        raise UserError(_("{path}: {reason}").format(path=project.shown(folder), reason=unlisted[0]))
    if not paths:
        words = _("{path}: no parameter file (*.yaml) in this folder; try params/2023/宁海县")
        raise UserError(words.format(path=project.shown(folder)))
    units, unread = _read(project, paths)
    if unread:
        return Added(None, units, in_order(unread))
    wrong = _errors(project, paths, units)
    issues = [issue for _, errors in wrong for issue in errors]
    names = [name for name, _ in wrong]
    if doubled := list(twice(zip(paths, units, strict=True), folder.name)):
        origin = Origin(project.shown(folder))
        return Added(None, units, [*issues, *as_issues(doubled, lambda _: origin)], names)
    year = _year(project, folder, units)
    county = _county(project, paths)
    form, origin = _form(project, county, units, year), Origin(project.shown(folder))
    rolled = with_notes(combine(units, form, folder.name, year, origin))
    between = [*_missing(project, folder, paths), *rolled.filing.notes]
    if county:
        between += as_issues(sums(county, units), county.where)
    return Added(rolled, units, [*issues, *between], names)


def _read(project: Project, paths: Sequence[Path]) -> tuple[list[Filing], list[Issue]]:
    units, issues = [], []
    for path, content in zip(paths, read_remote(paths), strict=True):
        try:
            units.append(project.read(path, content))
        except ReaderError as error:
            issues += error.issues
    return units, issues


def _errors(project: Project, paths: Sequence[Path], units: Sequence[Filing]) -> list[tuple[str, list[Issue]]]:
    """The units that have errors, with these."""
    found = ((unit, check_report(project, path, unit)) for path, unit in zip(paths, units, strict=True))
    wrong = [(unit.jurisdiction, [issue for issue in issues if issue.severity == "error"]) for unit, issues in found]
    return [(name, errors) for name, errors in wrong if errors]


def _year(project: Project, folder: Path, units: Sequence[Filing]) -> int:
    names: dict[int, list[str]] = {}
    for unit in units:
        names.setdefault(unit.year, []).append(unit.jurisdiction)
    if len(names) > 1:
        found = "; ".join(f"{year}: {in_a_row(group[:3])}" for year, group in sorted(names.items()))
        words = _("{path}: files of several years cannot be added up ({found})")
        raise UserError(words.format(path=project.shown(folder), found=found))
    return units[0].year


def _county(project: Project, paths: Sequence[Path]) -> Filing | None:
    """The county's own filing, if it has one that can be read."""
    inside = project.inside(paths[0])
    own = Folders(project, paths).county(inside.parent) if inside and len(inside.parts) > 2 else None
    try:
        return project.read(own) if own else None
    except ReaderError:
        return None


def _form(project: Project, county: Filing | None, units: Sequence[Filing], year: int) -> Form:
    """The form of the sum: the county's own, else that of the year, else the first unit's."""
    own = {unit.form.edition for unit in units}
    return county.form if county else units[0].form if len(own) == 1 else form_for(project.forms, year) or units[0].form


def _missing(project: Project, folder: Path, paths: Sequence[Path]) -> Iterator[Issue]:
    inside = project.inside(paths[0])
    if inside and inside.parts[0].isdecimal():
        folders, name, origin = Folders(project, paths), inside.parent, Origin(project.shown(folder))
        gone = missing([path.stem for path in paths], folders.last_year_units(name), folders.folders_in(name))
        yield from as_issues(gone, lambda _: origin)
