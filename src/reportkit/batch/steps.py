"""One report in three steps: prepare, run, publish. Each is a plain function; where they run is decided elsewhere.

What passes between the steps can be pickled, since each may run in a process of its own: reading and publishing are
our own code and stay in a warm process, the cells are anybody's code and get a process for each report.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportkit.batch.edits import bring_up_to_date
from reportkit.batch.guard import check_town
from reportkit.batch.notebooks import run_cells, town_notebook
from reportkit.batch.outcome import Outcome
from reportkit.batch.place import FAILED, beside, keep_edits, withdraw, write_all
from reportkit.batch.publishing import read_content, render
from reportkit.batch.tracing import digest, places, traced
from reportkit.copies import as_printed, inputs_of, read_town
from reportkit.errors import Issue, ReaderError, ReportkitError, RunError, UserError
from reportkit.filing import publishable
from reportkit.locations import read_remote, remove
from reportkit.notebook import note_failure, notebook_bytes, parameters, sign
from reportkit.project import Job

log = logging.getLogger(__name__)

_FULL_OR_FORBIDDEN = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass(frozen=True)
class Draft:
    """A report before its cells have run: the notebook with its parameters, and whose it is."""

    job: Job
    nb: Any
    jurisdiction: str
    agency: str
    issues: tuple[Issue, ...]
    inputs: dict[str, str]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Run:
    """What came of running the cells: the notebook, and if a cell failed, which and why."""

    nb: Any
    inputs: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed_cell: str = ""
    reason: str = ""


def take_over(job: Job) -> str | Outcome:
    """Bring the town's own copy up to date, if it has one or if cells of its report were changed by hand.

    Returns what there is to tell about that, or the outcome if it cannot be done.
    """
    with _answering(job) as failure:
        return bring_up_to_date(job)
    return failure[0]


def told(outcome: Outcome, note: str) -> Outcome:
    """Return the outcome with a note put before its reason."""
    return replace(outcome, reason="\n".join(filter(None, (note, outcome.reason)))) if note else outcome


def prepare(job: Job) -> Draft | Outcome:
    """Return the notebook that is to be run, or the outcome if it need not be: then its old pages are taken away."""
    made = draft(job)
    if isinstance(made, Outcome) and made.status == "invalid":
        with _answering(job) as failure:
            withdraw(job.target)
            return made
        return failure[0]
    return made


def draft(job: Job, content: bytes | None = None) -> Draft | Outcome:
    """Return the notebook that is to be run, or the outcome if it need not be: the data is not fit for a report.

    `content` is what the parameter file is taken to hold, else it is read. Changes no file.
    """
    with _answering(job) as failure, _timed("read") as seconds:
        # These import pandas and all rules, which a command that makes nothing does without.
        from reportkit.checks import check
        from reportkit.report import expect

        if content is None:
            content = next(read_remote([job.params]))  # once, as it takes time
        inputs = {job.project.name_of(job.params): digest(job.params) if content is None else _digest(content)}
        try:
            filing = job.project.read(job.params, content)
        except ReaderError as error:
            return Outcome(job, "invalid", issues=tuple(error.issues), inputs=inputs)
        town = read_town(job.project, job.name, filing)
        inputs |= inputs_of(town, job.project)
        filing = as_printed(job.project, town, filing)
        issues = tuple(check(filing, job.project.waivers))
        if not publishable(list(issues)):
            return Outcome(job, "invalid", issues=issues, inputs=inputs)
        values = parameters(filing)
        # The process that runs the cells may be a fork of this one: what it finds done here, it need not do.
        # Told by its path below params/: the notebook must not depend on where that is, or the command was given.
        name = f"{job.name}{job.params.suffix}"
        expect(job.project, values, filing.called(name), _called(issues, filing.origin.path, name))
        places(job.project.root, job.out)
        nb = town_notebook(town, values)
        return Draft(job, nb, filing.jurisdiction, filing.agency, issues, inputs, seconds)
    return failure[0]


def run(draft: Draft, on_cell: Callable[[int], None] | None = None) -> Run:
    """Run the cells in this process; `on_cell` is told the index of each before it starts."""
    project = draft.job.project
    start = time.perf_counter()
    with traced(project.root, draft.job.out) as inputs:
        try:
            nb, failure = run_cells(draft.nb, project.root, on_cell=on_cell)
        except ReportkitError as error:
            return broken_run(draft, -1, str(error))
        except Exception as error:
            log.debug("%s", draft.job.params, exc_info=True)
            return broken_run(draft, -1, f"{type(error).__name__}: {error} (a fault of reportkit)")
    seconds = {"cells": time.perf_counter() - start}
    if failure is None:
        return Run(nb, inputs, seconds)
    return Run(nb, inputs, seconds, failure.cell_id, str(failure))


def broken_run(draft: Draft, index: int, reason: str) -> Run:
    """Return the run of a notebook whose process gave no answer, last seen in the cell with this index (-1: in none).

    The notebook is as it was before its cells ran.
    """
    cell = str(draft.nb.cells[index].get("id", "")) if index >= 0 else ""
    return Run(draft.nb, failed_cell=cell, reason=f"cell {cell}: {reason}" if cell else reason)


def publish(draft: Draft, done: Run) -> Outcome:
    """Make the files of a run, check that they are the right town's, and put them into place."""
    job = draft.job
    seconds = {**draft.seconds, **done.seconds}
    inputs = {**done.inputs, **draft.inputs}
    with _answering(job) as failure:
        nb, reason = done.nb, done.reason
        others = job.project.jurisdictions
        try:
            files = {} if reason else rendered(draft, nb, seconds, others)
        except UserError as error:
            reason = str(error)
        if reason:
            _keep_failed(job, nb, done.failed_cell, reason)
            return Outcome(job, "failed", issues=draft.issues, reason=reason, inputs=inputs, seconds=seconds)
        start = time.perf_counter()
        kept = keep_edits(job.target)
        remove(beside(job.target, FAILED))
        write_all(files, job.out)
        seconds["write"] = time.perf_counter() - start
        made = [(path, _digest(content), len(content)) for path, content in files.items()]
        paths, digests, sizes = zip(*made, strict=True)
        return Outcome(job, "built", paths, draft.issues, kept, inputs, digests, sizes, seconds)
    return failure[0]


def unpublished(draft: Draft, done: Run, reason: str) -> Outcome:
    """Return the outcome of a run whose files could not be made, as the process that makes them was lost."""
    inputs = {**done.inputs, **draft.inputs}
    return Outcome(draft.job, "failed", issues=draft.issues, reason=done.reason or reason, inputs=inputs)


def rendered(draft: Draft, nb: Any, seconds: dict[str, float], others: Collection[str]) -> dict[Path, bytes]:
    """Return the files of a report by their paths; `seconds` is told how long each took.

    `others` are the names of all jurisdictions, none of which may stand in a title. Raises UserError if the report
    cannot be published.
    """
    job = draft.job
    sign(nb, job.name)
    files = {beside(job.target, ".ipynb"): notebook_bytes(nb)}
    content = content_of(draft, nb, others)
    for name in job.formats:
        start = time.perf_counter()
        files[beside(job.target, f".{name}")] = render(content, name)
        seconds[name] = time.perf_counter() - start
    return files


def content_of(draft: Draft, nb: Any, others: Collection[str]) -> Any:
    """Return what a reader sees of a report, once it is known to be the right town's; see `rendered`."""
    content = read_content(nb)
    check_town(draft.jurisdiction, draft.agency, content.title, content.headings, content.text.splitlines(), others)
    return content


def _keep_failed(job: Job, nb: Any, cell: str, reason: str) -> None:
    """Keep the failed notebook where the report would be, and take away the report of an earlier build."""
    withdraw(job.target)
    sign(nb, job.name)
    note_failure(nb, cell, reason)
    write_all({beside(job.target, FAILED): notebook_bytes(nb)}, job.out)


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
        reason = f"{error.filename or job.target}: {error.strerror or error}"
        failure.append(Outcome(job, "failed", reason=reason, stops=error.errno in _FULL_OR_FORBIDDEN))
    except (RunError, UserError) as error:
        failure.append(Outcome(job, "failed", reason=str(error)))
    except Exception as error:
        # A fault of ours in one report must not cost the others theirs.
        log.debug("%s", job.params, exc_info=True)
        failure.append(Outcome(job, "failed", reason=f"{type(error).__name__}: {error} (a fault of reportkit)"))
