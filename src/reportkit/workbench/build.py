"""Making reports from the workbench, as `reportkit build` does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing
from pathlib import Path

from reportkit.batch.incremental import update
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.errors import ReportkitError, UserError
from reportkit.exporters.formats import FORMATS
from reportkit.project import Project, plan
from reportkit.translation import _

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
    with closing(
        update(project, jobs, workers or (lambda count: Crew(min(_WORKERS, count), settings, reports=count)))
    ) as made:
        for outcome in made:
            outcomes.append(outcome)
            tell(len(outcomes), len(jobs), outcome)
    return outcomes


class Builds:
    """Builds in threads of their own, one at a time; `tell` hears of each report, `fail` why there is none."""

    def __init__(
        self, project: Project, tell: Tell, fail: Callable[[ReportkitError], None], workers: Workers | None = None
    ) -> None:
        self._project, self._tell, self._fail, self._workers = project, tell, fail, workers
        self._busy = threading.Lock()

    def start(self, path: Path) -> None:
        """Bring the reports of a parameter file, or of a folder of them, up to date; returns at once."""
        threading.Thread(target=self._build, args=(path,), daemon=True, name="reportkit build").start()

    def _build(self, path: Path) -> None:
        if not self._busy.acquire(blocking=False):
            self._fail(UserError(_("Reports are still being made; wait until that has ended.")))
            return
        try:
            build(self._project, [path], self._tell, self._workers)
        except ReportkitError as error:
            self._tell(0, 0, None)
            self._fail(error)
        finally:
            self._busy.release()
