"""Bringing a folder of reports up to date: what has to be made is made, recorded, and listed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path

from reportkit.batch.fingerprint import environment
from reportkit.batch.inputs import Loaded
from reportkit.batch.journal import Journal
from reportkit.batch.outcome import Outcome
from reportkit.batch.pipeline import with_note
from reportkit.batch.placement import SUFFIXES, keep_aside, withdraw
from reportkit.batch.purity import is_plain_job
from reportkit.batch.scheduler import run
from reportkit.batch.withdrawal import Left, clear, take_out
from reportkit.errors import UserError
from reportkit.files.locations import is_remote
from reportkit.project import Job, Project
from reportkit.translation import _


@dataclass(frozen=True)
class Plan:
    """What a build has to do: the jobs whose report is up to date, and the others, each with the reason.

    `left` are the reports that have been taken out, as their parameter files are gone; `stuck` says of which
    that could not be done, and why; `note` what there is to tell of the folder itself.
    """

    current: list[Job]
    stale: list[tuple[Job, str]]
    left: tuple[Left, ...] = ()
    stuck: tuple[str, ...] = ()
    note: str = ""


def update(
    project: Project,
    jobs: Sequence[Job],
    executor: Callable[[int], AbstractContextManager[Executor]],
    *,
    force: bool = False,
    only_unmade: bool = False,
    announce: Callable[[Plan], None] = lambda _: None,
    covered: Sequence[Path] = (),
) -> Generator[Outcome, None, None]:
    """Yield an outcome for each job: those up to date first, then the others as they are made.

    `covered` are the folders that are brought up to date as a whole: of a parameter file that is gone from there, the
    report leaves the folder of reports; see `take_out`. `executor` is called with the number of reports to make, if
    there are any, and gives what they are made on. `announce` is called before the first is made. With `force` all are
    made again; with `only_unmade` those that were invalid, failed or cut off the last time, and no others are looked
    at. At the end, however it comes, MANIFEST.sha256 lists all reports that are there.

    Raises UserError if the folder cannot be written or another build is at work in it.
    """
    if not jobs:
        return
    formats, out = {name for job in jobs for name in job.formats}, jobs[0].out
    with Journal(project, out, environment(project, formats)) as journal:
        if only_unmade:
            unmade = journal.unmade()
            jobs = [job for job in jobs if job.name in unmade]
        stuck: list[str] = []
        left = () if only_unmade else tuple(_taken_out(project, journal, jobs, covered, out, stuck))
        plan = replace(_plan(journal, jobs, force), left=left, stuck=tuple(stuck), note=journal.note)
        announce(plan)
        try:
            for job in plan.current:
                yield Outcome(job, "up-to-date", journal.files(job))
            if plan.stale:
                yield from _made(journal, [job for job, _ in plan.stale], executor)
        finally:
            journal.write_manifest()  # also when nothing was made: a town may have gone


def _made(
    journal: Journal, jobs: Sequence[Job], executor: Callable[[int], AbstractContextManager[Executor]]
) -> Iterator[Outcome]:
    """Make the reports, and record each outcome before it is told."""
    from reportkit.checks import check_config  # the rules, which a command that makes nothing does without

    check_config(jobs[0].project)  # a form or a waiver that is wrong is told once, and not by each report
    if is_remote(jobs[0].out):
        journal.write_manifest()  # or else the first to learn that nothing can be written is a finished report
    notes = {job.name: note for job in jobs if (note := _pages_kept(journal, job))}
    with executor(len(jobs)) as crew, closing(run(jobs, crew)) as made:
        for outcome in made:
            job = outcome.job
            removed = clear(job, journal.made(job) if is_remote(job.out) else ()) if outcome.status == "built" else ""
            if outcome.status == "failed" and not outcome.stops:
                _take_away(job, journal.made(job) if is_remote(job.out) else SUFFIXES)
            journal.record(outcome)
            yield with_note(outcome, "\n".join(filter(None, (notes.get(job.name, ""), removed))))


def _take_away(job: Job, suffixes: Collection[str]) -> None:
    """Take away what an earlier build made of a report, also where the process was lost that would have done it."""
    with contextlib.suppress(OSError, UserError):  # the report is told to have failed in any case
        withdraw(job.target, suffixes)


def _taken_out(
    project: Project, journal: Journal, jobs: Sequence[Job], covered: Sequence[Path], out: Path, stuck: list[str]
) -> Iterator[Left]:
    """Take out the reports whose parameter file is gone; one that has another file now is made again.

    Those that cannot be moved are told in `stuck`, and tried again by the next build.
    """
    for name, params in journal.gone(covered, {job.name for job in jobs}):
        try:
            left = take_out(project, out, name, params)
        except UserError as error:
            stuck.append(_("{params} is gone, but its report cannot leave: {error}").format(params=params, error=error))
            continue
        yield left
        journal.forget(name)


def _pages_kept(journal: Journal, job: Job) -> str:
    """Move the pages of a report that were changed by hand out of the way of the new ones, and say so."""
    kept = [(page.name, keep_aside(page).name) for page in journal.changed_pages(job)]
    words = _("{page} was changed by hand, which no build can take over; kept as {kept}")
    return "\n".join(words.format(page=page, kept=new) for page, new in kept)


def _holds_code(job: Job) -> str:
    """Why a report that is up to date is not to be left there: with `plain_only`, if code has made it."""
    plain = not job.plain_only or is_plain_job(Loaded(job))
    return "" if plain else _("its notebook holds code, or cannot be read")


def _plan(journal: Journal, jobs: Sequence[Job], force: bool) -> Plan:
    if force:
        return Plan([], [(job, "--force") for job in jobs])
    reasons = [(job, why or _holds_code(job)) for job, why in zip(jobs, journal.reasons(jobs), strict=True)]
    return Plan([job for job, why in reasons if not why], [(job, why) for job, why in reasons if why])
