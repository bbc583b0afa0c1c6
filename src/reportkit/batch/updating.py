"""Bringing a folder of reports up to date: what has to be made is made, recorded, and listed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from reportkit.batch.environment import environment
from reportkit.batch.journal import Journal
from reportkit.batch.outcome import Outcome
from reportkit.batch.place import keep_aside
from reportkit.batch.running import run
from reportkit.batch.steps import told
from reportkit.locations import is_remote
from reportkit.project import Job, Project


@dataclass(frozen=True)
class Plan:
    """What a build has to do: the jobs whose report is up to date, and the others, each with the reason."""

    current: list[Job]
    stale: list[tuple[Job, str]]


def update(
    project: Project,
    jobs: Sequence[Job],
    executor: Callable[[int], AbstractContextManager[Executor]],
    *,
    force: bool = False,
    only_unmade: bool = False,
    announce: Callable[[Plan], None] = lambda _: None,
) -> Generator[Outcome, None, None]:
    """Yield an outcome for each job: those up to date first, then the others as they are made.

    `executor` is called with the number of reports to make, if there are any, and gives what they are made on.
    `announce` is called before the first is made. With `force` all are made again; with
    `only_unmade` those that were invalid or failed the last time, and no others are looked at. At the end, however it
    comes, MANIFEST.sha256 lists all reports that are there.

    Raises UserError if the folder cannot be written or another build is at work in it.
    """
    if not jobs:
        return
    formats = {name for job in jobs for name in job.formats}
    with Journal(project, jobs[0].out, environment(project, formats)) as journal:
        if only_unmade:
            unmade = journal.unmade()
            jobs = [job for job in jobs if job.name in unmade]
        plan = _plan(journal, jobs, force)
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
            journal.record(outcome)
            yield told(outcome, notes.get(outcome.job.name, ""))


def _pages_kept(journal: Journal, job: Job) -> str:
    """Move the pages of a report that were changed by hand out of the way of the new ones, and say so."""
    kept = [(page.name, keep_aside(page).name) for page in journal.changed_pages(job)]
    return "\n".join(f"{page} was changed by hand, which no build can take over; kept as {new}" for page, new in kept)


def _plan(journal: Journal, jobs: Sequence[Job], force: bool) -> Plan:
    if force:
        return Plan([], [(job, "--force") for job in jobs])
    reasons = list(zip(jobs, journal.reasons(jobs), strict=True))
    return Plan([job for job, why in reasons if not why], [(job, why) for job, why in reasons if why])
