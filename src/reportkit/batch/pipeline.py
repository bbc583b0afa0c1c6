"""One report in four steps: prepare, run, finish, publish. Each is a function; where they run is decided elsewhere.

What passes between the steps can be pickled, since each may run in a process of its own: reading and finishing are our
own code and stay in a warm process, the cells are anybody's code and get a process for each report, and whoever waits
for the disk keeps nobody waiting.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reportkit.assigned_names import INJECTED, tags_of
from reportkit.batch import recovery
from reportkit.batch.carried_edits import bring_up_to_date
from reportkit.batch.dependencies import digest, places, traced
from reportkit.batch.execution import run_cells, town_notebook
from reportkit.batch.finished_text import content_of, pictures_of
from reportkit.batch.inputs import Loaded, notebook_folders
from reportkit.batch.outcome import Outcome
from reportkit.batch.own_code import brought, notices_of_new_code, refused
from reportkit.batch.placement import (
    FAILED,
    NOTEBOOKS,
    Pending,
    beside,
    lay_down,
    put_in_place,
    remove_unedited,
    withdraw,
)
from reportkit.batch.printed import printed
from reportkit.batch.processes.imports_ahead import imported_since
from reportkit.batch.purity import is_plain_job
from reportkit.errors import Issue, ReaderError, ReportkitError, RunError, UserError, in_cell, reason_of
from reportkit.exporters.formats import notes, render
from reportkit.kinds.titles import Titles, titles_of
from reportkit.model.filing import Filing, publishable
from reportkit.notebook import note_failure, notebook_bytes, parameters, sign
from reportkit.notebook.cells import Cell
from reportkit.notebook.towns import CopyError, as_printed, inputs_of, unread
from reportkit.project import Job, Project, folders_of, looked_in
from reportkit.signs import one_line
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.checks import Examined

log = logging.getLogger(__name__)

_FULL_OR_FORBIDDEN = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass(frozen=True)
class Draft:
    """A report before its cells have run: the notebook with its parameters, and whose it is."""

    job: Job
    nb: Any
    jurisdiction: str
    agency: str
    titles: Titles | None
    issues: tuple[Issue, ...]
    inputs: dict[str, str]
    seconds: dict[str, float]
    waivers: Mapping[str, str] = field(default_factory=dict)
    code: tuple[Cell, ...] = ()
    """The cells of the town's own that hold code."""
    plain: bool = False
    """Whether its cells can leave nothing behind, see `purity`."""
    expected: tuple[Project, dict[str, Any], Filing, tuple[Issue, ...]] | None = None
    """What `report.expect` was told here, for the process that runs the cells; None for a report of a list."""


@dataclass(frozen=True)
class Run:
    """What came of running the cells: the notebook, and if a cell failed, which and why.

    `modules` are those of Python and its packages that the cells have imported first in this process.
    """

    nb: Any
    inputs: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed_cell: str = ""
    reason: str = ""
    modules: tuple[str, ...] = ()

    @property
    def failure(self) -> str:
        """The cell that failed, and why; "" if none did."""
        return in_cell(one_line(self.failed_cell), self.reason) if self.failed_cell else self.reason


Finish = Callable[[Draft, Run], Any]
"""Makes of a report's run what is wanted of it."""


def take_over(loaded: Loaded) -> str | Outcome:
    """Bring the town's own copy up to date, if it has one or if cells of its report were changed by hand.

    Returns what there is to tell about that, or the outcome if it cannot be done.
    """
    with _answering(loaded.job) as failure:
        return bring_up_to_date(loaded)
    return failure[0]


def with_note(outcome: Outcome, note: str) -> Outcome:
    """Return the outcome with a note put before its reason."""
    return replace(outcome, reason="\n".join(filter(None, (note, outcome.reason)))) if note else outcome


def prepare(loaded: Loaded) -> Draft | Outcome:
    """Return the notebook that is to be run, or the outcome if it need not be: then its old pages are taken away."""
    made = draft(loaded)
    if isinstance(made, Outcome) and made.status == "invalid":
        with _answering(loaded.job) as failure:
            withdraw(loaded.job.target)
            return made
        return failure[0]
    return made


def draft(loaded: Loaded) -> Draft | Outcome:
    """Return the notebook that is to be run, or the outcome if it need not be: the data is not fit for a report.

    Changes no file.
    """
    job = loaded.job
    with _answering(job) as failure, _timed("read") as seconds:
        # These import pandas and all rules, which a command that makes nothing does without.
        from reportkit.report import expect

        content = loaded.content
        inputs = {job.source: digest(job.params) if content is None else _digest(content)}
        try:
            filing = loaded.filing
        except ReaderError as error:
            return Outcome(job, "invalid", issues=tuple(error.issues), inputs=inputs)
        try:
            town = loaded.town
        except CopyError as error:
            return Outcome(job, "invalid", issues=(unread(job.project, error),), inputs=inputs)
        inputs |= inputs_of(town, job.project)
        if job.plain_only and (code := tuple(refused(job.project, town))):
            return Outcome(job, "invalid", issues=code, inputs=inputs)
        filing = as_printed(job.project, town, filing)
        found = _examined(job, filing)
        issues, inputs = tuple(found.issues), {**found.inputs, **inputs}
        if not publishable(list(issues)):
            return Outcome(job, "invalid", issues=issues, inputs=inputs)
        values = parameters(filing, job.project.forms.facts if filing.form.facts else ())
        # What the cells find done here, they need not do.
        # Told by its path below params/: the notebook must not depend on where that is, or the command was given.
        expected = None
        if job.given is None:
            name = f"{job.name}{job.params.suffix}"
            called = tuple(_called(issues, filing.origin.path, name))
            expected = (job.project, values, filing.called(name), called)
            expect(*expected)
        places(job.project.root, job.out)
        nb = town_notebook(town, values)
        waivers = {**job.project.waivers, **filing.waivers}
        own, titles = tuple(brought(town)), titles_of(filing.form) if job.given is None else None
        whose = filing.jurisdiction, filing.agency
        plain = is_plain_job(loaded)
        return Draft(job, nb, *whose, titles, issues, inputs, seconds, waivers, own, plain, expected)
    return failure[0]


def _examined(job: Job, filing: Filing) -> Examined:
    """What is wrong with a job's data: with a file also next to other files, of which a row of a list knows nothing."""
    from reportkit.checks import Examined, check, examine

    if job.given is None:
        return examine(job.project, job.params, filing)
    return Examined(check(filing, job.project.waivers), {})


def run(draft: Draft, on_cell: Callable[[int], None] | None = None) -> Run:
    """Run the cells in this process; `on_cell` is told the index of each before it starts."""
    project = draft.job.project
    cwd = project.working_directory
    start, there = time.perf_counter(), len(sys.modules)
    with (
        traced(project.root, draft.job.out) as inputs,
        looked_in(folders_of(project, cwd, notebook_folders(draft.job))),
    ):
        try:
            if not cwd.is_dir():
                return broken_run(draft, -1, _("{path}: no such folder for cells to begin in").format(path=cwd))
            nb, failure = run_cells(draft.nb, cwd, on_cell=on_cell, plain=draft.plain)
        except ReportkitError as error:
            return broken_run(draft, -1, str(error))
        except Exception as error:
            log.debug("%s", draft.job.params, exc_info=True)
            return broken_run(draft, -1, fault(error))
    seconds = {"cells": time.perf_counter() - start}
    modules = imported_since(there)
    if failure is None:
        return Run(nb, inputs, seconds, modules=modules)
    return Run(nb, inputs, seconds, failure.cell_id, failure.words, modules)


def rehearse(draft: Draft) -> Run | None:
    """Run what the report of a form has in common with all others, none of it anybody's code; None without a form.

    What comes of it is nobody's report: only this process, and those forked from it, have done it once.
    """
    from nbformat.v4 import new_code_cell

    from reportkit.report.rehearsal import rehearsal

    if draft.expected is None:
        return None
    _project, values, filing, _issues = draft.expected
    given = [cell for cell in draft.nb.cells if INJECTED in tags_of(cell)]
    cells = [new_code_cell(source) for source in rehearsal(filing.form, values)]
    return run(replace(draft, nb=type(draft.nb)({**draft.nb, "cells": [*given, *cells]})))


def broken_run(draft: Draft, index: int, reason: str) -> Run:
    """Return the run of a notebook whose process gave no answer, last seen in the cell with this index (-1: in none).

    The notebook is as it was before its cells ran.
    """
    cell = str(draft.nb.cells[index].get("id", "")) if index >= 0 else ""
    return Run(draft.nb, failed_cell=cell, reason=reason)


@dataclass(frozen=True)
class Finished:
    """A report whose files are made and wait for their places; `note` is what there is to tell before all else.

    `outcome` is what it will come to, but for what putting the files into place adds.
    """

    outcome: Outcome
    files: Pending
    note: str = ""


def finish(draft: Draft, done: Run) -> Finished | Outcome:
    """Make the files of a run, and check that they are the right town's; return what is to be published, or why not.

    Code of the town's own that was run for the first time is told.
    """
    lines = tuple(printed(done.nb)) if draft.job.log_output else ()  # before anything else is put into the notebook
    made = _finished(draft, done)
    note = "\n".join(notices_of_new_code(draft.job.project, draft.job.name, draft.code))
    if isinstance(made, Outcome):
        return with_note(replace(made, printed=lines), note)
    return Finished(replace(made.outcome, printed=lines), made.files, note)


def _finished(draft: Draft, done: Run) -> Finished | Outcome:
    job = draft.job
    seconds = {**draft.seconds, **done.seconds}
    inputs = {**done.inputs, **draft.inputs}
    with _answering(job) as failure:
        if done.failure:
            return _failed(draft, done, done.failure, inputs, seconds)
        try:
            files, issues, warnings, pictures = rendered(draft, done.nb, seconds)
        except UserError as error:
            return _failed(draft, done, str(error), inputs, seconds)
        # What is seen on the page alone is told here, as `check` cannot.
        own = "\n".join(str(issue) for issue in issues[len(draft.issues) :] if issue.severity == "warning")
        start = time.perf_counter()
        digests, sizes = tuple(map(_digest, files.values())), tuple(map(len, files.values()))
        recovery.note(job, dict(zip(files, digests, strict=True)))
        pending = lay_down(files, job.out)
        seconds["write"] = time.perf_counter() - start
        inputs, told = {**pictures, **inputs}, tuple(warnings)
        outcome = Outcome(job, "built", tuple(files), issues, own, inputs, digests, sizes, seconds, warnings=told)
        return Finished(outcome, pending)
    return failure[0]


def publish(finished: Finished) -> Outcome:
    """Put the files of a report into place, once they are on the disk, and return what it has come to."""
    made, start = finished.outcome, time.perf_counter()
    job = made.job
    with _answering(job) as failure:
        aside = put_in_place(finished.files, [beside(job.target, suffix) for suffix in NOTEBOOKS])
        remove_unedited(beside(job.target, FAILED))
        seconds = {**made.seconds, "write": made.seconds["write"] + time.perf_counter() - start}
        return with_note(replace(made, seconds=seconds), "\n".join(filter(None, (finished.note, aside))))
    return with_note(replace(failure[0], printed=made.printed), finished.note)


def published(made: Any) -> Any:
    """Return what a report has come to that may have to be published yet; whatever else a `Finish` makes, as it is."""
    return publish(made) if isinstance(made, Finished) else made


def unpublished(draft: Draft, done: Run, reason: str) -> Outcome:
    """Keep the notebook of a run whose files could not be made, as the process that makes them was lost."""
    inputs = {**done.inputs, **draft.inputs}
    with _answering(draft.job) as failure:
        return _failed(draft, done, done.failure or reason, inputs, done.seconds)
    return failure[0]


def _failed(draft: Draft, done: Run, reason: str, inputs: dict[str, str], seconds: dict[str, float]) -> Outcome:
    aside = _keep_failed(draft.job, done.nb, done.failed_cell, reason)
    told = "\n".join(filter(None, (reason, aside)))
    return Outcome(draft.job, "failed", issues=draft.issues, reason=told, inputs=inputs, seconds=seconds)


class Rendering(NamedTuple):
    """A report's files by their paths, its issues, what to look at in its cells, and the pictures it was made from."""

    files: dict[Path, bytes]
    issues: tuple[Issue, ...]
    warnings: list[str]
    inputs: dict[str, str]


def rendered(draft: Draft, nb: Any, seconds: dict[str, float]) -> Rendering:
    """Return the files of a report; `seconds` is told how long each took.

    Raises UserError if the report cannot be published.
    """
    job = draft.job
    start = time.perf_counter()
    sign(nb, job.name)
    files = {beside(job.target, ".ipynb"): notebook_bytes(nb)} if job.notebook else {}
    content, issues = content_of(draft, nb)
    seconds["content"] = time.perf_counter() - start
    for name in job.formats:
        start = time.perf_counter()
        files[beside(job.target, f".{name}")] = render(content, name)
        seconds[name] = time.perf_counter() - start
    warnings = [*content.warnings, *notes(content, job.formats)]
    return Rendering(files, issues, warnings, pictures_of(job, content))


def _keep_failed(job: Job, nb: Any, cell: str, reason: str) -> str:
    """Keep the failed notebook where the report would be, and take away the report of an earlier build.

    Returns what there is to tell about an earlier failed notebook that was changed by hand.
    """
    withdraw(job.target)
    if not job.notebook:
        return ""
    sign(nb, job.name)
    note_failure(nb, cell, reason)
    failed = beside(job.target, FAILED)
    return put_in_place(lay_down({failed: notebook_bytes(nb)}, job.out), [failed])


def _called(issues: Iterable[Issue], path: str, name: str) -> Iterator[Issue]:
    """The issues with another name for their file, as `Filing.called` has it."""
    for issue in issues:
        yield replace(issue, origin=issue.origin._replace(path=name)) if issue.origin.path == path else issue


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _timed(name: str) -> Iterator[dict[str, float]]:
    """Yield a dict that holds, after the block, the seconds it took."""
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    yield seconds
    seconds[name] = time.perf_counter() - start


@contextmanager
def _answering(job: Job) -> Iterator[list[Outcome]]:
    """Turn what the block raises into an outcome, the one element of the list."""
    failure: list[Outcome] = []
    try:
        yield failure
    except OSError as error:
        reason = _("{path}: {reason}").format(path=error.filename or job.target, reason=reason_of(error))
        failure.append(Outcome(job, "failed", reason=reason, stops=error.errno in _FULL_OR_FORBIDDEN))
    except (RunError, UserError) as error:
        failure.append(Outcome(job, "failed", reason=str(error)))
    except Exception as error:
        # A fault of ours in one report must not cost the others theirs.
        log.debug("%s", job.params, exc_info=True)
        failure.append(Outcome(job, "failed", reason=fault(error)))


def fault(error: Exception) -> str:
    """Return what is told of an exception that nobody expected."""
    return _("{kind}: {error} (a fault of reportkit)").format(kind=type(error).__name__, error=error)
