"""Making reports from the workbench, as `reportkit build` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from pathlib import Path

from reportkit.batch.incremental import update
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.exporters.formats import FORMATS
from reportkit.project import Project, plan

_WORKERS = 2

Tell = Callable[[int, int, Outcome | None], None]
"""Takes the number of reports done, of all, and the outcome of the last one."""

Workers = Callable[[int], AbstractContextManager[Executor]]


def build(project: Project, paths: Sequence[Path], tell: Tell, workers: Workers | None = None) -> list[Outcome]:
    """Return the outcomes of bringing the reports of parameter files, or of folders of them, up to date.

    Raises UserError for a path without parameter files, and if another build is at work in the folder.
    """
    jobs = plan(project, paths, tuple(FORMATS))
    settings = Settings(Limits(), None if CAN_FORK else False, project)
    tell(0, len(jobs), None)
    outcomes: list[Outcome] = []
    with closing(update(project, jobs, workers or (lambda count: Crew(min(_WORKERS, count), settings)))) as made:
        for outcome in made:
            outcomes.append(outcome)
            tell(len(outcomes), len(jobs), outcome)
    return outcomes
