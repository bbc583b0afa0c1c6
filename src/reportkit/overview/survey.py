"""Looking over the units of a project: the roster, the files, their checks, the towns' copies and the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.batch.fingerprint import environment
from reportkit.batch.snapshot import Snapshot
from reportkit.checks import Checked, check, check_project, unlisted
from reportkit.errors import Issue
from reportkit.exporters.formats import FORMATS
from reportkit.notebook.towns import copy_path, strays
from reportkit.overview.deadlines import Expected
from reportkit.overview.opened_files import EditCounts, OpenedFiles
from reportkit.overview.scope import Scope, scope_of
from reportkit.overview.state import Overview, State, Stray, Unit
from reportkit.project import Job, Project, jobs_of, jobs_of_sets

_CONFLICT = "N2"
"""The code of a cell that nobody has settled yet."""


class _Made(NamedTuple):
    """What the journal says of a report: whether there is one, and why it has to be made."""

    is_there: bool
    why: str


def survey(
    project: Project,
    paths: Sequence[Path] = (),
    *,
    year: int | None = None,
    out: Path | None = None,
    today: date | None = None,
) -> Overview:
    """Return how far the reports are of the parameter files that the paths name, in the order of the roster.

    Without paths they are those of the `year`, or of the last year that has some. Units of the roster without a file
    are among them, if a whole folder is looked at. `out` is the folder of reports, the project's by default. Each file
    is opened once, nothing is written, and a build that is at work goes on; `today` decides what is late.

    Raises UserError for paths that `select` does not take, and for a roster, a master or a store that cannot be read.
    """
    today = today or date.today()
    scope = scope_of(project, paths, year, today)
    jobs = _jobs(project, scope, out)
    files = OpenedFiles(project)
    issues, between = _issues(project, scope, jobs, files)
    made, note = _made(project, jobs, files)
    units = [_unit(job, issues[job.name], files, made[job.name]) for job in jobs]
    expected = Expected(project, units, today)
    units = [expected.marked(unit) for unit in units]
    units += [expected.missing(*one) for one in scope.absent(project, [unit.report for unit in units])]
    return Overview(
        units=tuple(project.in_order(units, lambda unit: unit.report)),
        day=today,
        roster=project.roster.path if project.roster else "",
        between=tuple(between),
        strays=tuple(_stray(project, name) for name in strays(project) if scope.covers(name)),
        notes=tuple(filter(None, (note, *expected.notes))),
        folders=tuple(scope.folders),
    )


def _jobs(project: Project, scope: Scope, out: Path | None) -> list[Job]:
    if project.source is None:
        return jobs_of(project, scope.selection.files, (), out)
    return [job for job in jobs_of_sets(project, (), out) if not scope.named or job.name in scope.named]


def _issues(
    project: Project, scope: Scope, jobs: Sequence[Job], files: OpenedFiles
) -> tuple[dict[str, list[Issue]], list[Checked]]:
    """The issues of each report, and those of no single one."""
    if project.source:
        return {job.name: check(files.printed(job), project.waivers) for job in jobs}, []
    found: dict[str, list[Issue]] = {job.name: [] for job in jobs}
    names = {job.params: job.name for job in jobs}
    between = list(unlisted(project, scope.selection))
    for group in check_project(project, list(names), files.filing):
        if group.path in names:
            found[names[group.path]] += group.issues
        elif group.issues:
            between.append(group)
    return found, between


def _made(project: Project, jobs: Sequence[Job], files: OpenedFiles) -> tuple[dict[str, _Made], str]:
    """What the journal says of each report, and of itself."""
    if not jobs:
        return {}, ""
    about = environment(project, FORMATS, files.master)
    with Snapshot(project, jobs[0].out, about, files.digests) as journal:
        made = {job.name: journal.made(job) for job in jobs}
        whys = list(journal.reasons([_as_made(job, made[job.name]) for job in jobs]))
        found = {
            job.name: _Made(bool(made[job.name]), why if journal.knows(job) else "")
            for job, why in zip(jobs, whys, strict=True)
        }
        return found, journal.note


def _as_made(job: Job, suffixes: Iterable[str]) -> Job:
    """The job that asks for just those files that were made the last time."""
    formats = tuple(suffix[1:] for suffix in suffixes if suffix != ".ipynb")
    return replace(job, formats=formats, notebook=".ipynb" in suffixes)


def _unit(job: Job, issues: Sequence[Issue], files: OpenedFiles, made: _Made) -> Unit:
    edits = files.edits.get(job.name, EditCounts())
    errors = sum(issue.severity == "error" and issue.code != _CONFLICT for issue in issues)
    state = State.built
    if job.name in files.begun:
        state = State.begun
    elif errors:
        state = State.errors
    elif edits.conflicts:
        state = State.conflict
    elif not made.is_there:
        state = State.handed_in
    elif made.why:
        state = State.outdated
    return Unit(
        report=job.name,
        name=job.given.subject if job.given and job.given.subject else PurePath(job.name).name,
        state=state,
        file=job.place,
        errors=errors,
        warnings=sum(issue.severity == "warning" for issue in issues),
        edited=edits.edited,
        conflicts=edits.conflicts,
        why=made.why if state in (State.outdated, State.handed_in) else "",
    )


def _stray(project: Project, name: str) -> Stray:
    return Stray(name, project.shown(copy_path(project, name)))
