"""Jobs onto an executor, outcomes back: never more of them on the way than the executor can work on."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from queue import SimpleQueue

from reportkit.batch.outcome import Outcome
from reportkit.batch.processes.worker import build, build_all
from reportkit.errors import UserError
from reportkit.files.locations import may_be_there
from reportkit.project import Job
from reportkit.translation import _

Waiting = dict["Future[list[Outcome]]", list[Job]]
"""The futures of outcomes, and of which jobs they are."""


class GroupingExecutor(Executor):
    """An executor to which it costs something to hand a job over, and which says how many jobs it wants at a time."""

    group = 1
    ahead = 16

    def hand_over(self, jobs: list[Job]) -> Waiting:
        """Have a group of jobs done."""
        return {self.submit(build_all, jobs): jobs}


def group_size(reports: int, places: int, most: int, shares: int) -> int:
    """Return how many jobs to hand over at a time: `most`, or fewer, so that each place gets some `shares` times."""
    return max(1, min(most, reports // (shares * places)))


def run(
    jobs: Iterable[Job], executor: Executor | None = None, *, group: int = 1, ahead: int = 16
) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job as it is done. A report that fails costs one outcome, not the batch.

    Without an executor the jobs are done here, one after the other. With one, `group` jobs are handed over at a time,
    and at most `ahead` groups before the first of them is back; a GroupingExecutor has these numbers of its own. An
    outcome that `stops` ends the batch.

    Raises UserError if the executor gives up as a whole.
    """
    if executor is None:
        yield from _until_stopped(map(build, jobs))
        return
    crew = executor if isinstance(executor, GroupingExecutor) else _Ungrouped(executor, group, ahead)
    source = iter(jobs)
    waiting: Waiting = {}
    done: SimpleQueue[Future[list[Outcome]]] = SimpleQueue()

    def hand_over(chunk: list[Job]) -> None:
        new = crew.hand_over(chunk)
        waiting.update(new)
        for future in new:
            future.add_done_callback(done.put)

    try:
        while True:
            while sum(map(len, waiting.values())) <= (crew.ahead - 1) * (size := crew.group):
                if not (chunk := list(itertools.islice(source, size))):
                    break
                hand_over(chunk)
            if not waiting:
                return
            future = done.get()
            chunk = waiting.pop(future)
            if len(chunk) > 1 and _is_lost(future):  # one of them may have ended the worker of all
                for job in chunk:
                    hand_over([job])
                continue
            outcomes = _result(future, chunk)
            yield from outcomes
            if any(outcome.stops for outcome in outcomes):
                return
    finally:
        for future in waiting:
            future.cancel()


def _until_stopped(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        yield outcome
        if outcome.stops:
            return


class _Ungrouped(GroupingExecutor):
    """An executor of anybody's, to which groups are handed over as its caller wants it."""

    def __init__(self, executor: Executor, group: int, ahead: int) -> None:
        self.submit = executor.submit  # type: ignore[method-assign]
        self.group, self.ahead = group, ahead


def _is_lost(future: Future[list[Outcome]]) -> bool:
    """Whether the executor has lost a group of jobs, and not given up as a whole."""
    return not future.cancelled() and future.exception() is not None


def _result(future: Future[list[Outcome]], jobs: list[Job]) -> list[Outcome]:
    try:
        return future.result()
    except CancelledError:
        message = _("the scheduler that hands out the reports has gone away; the same command goes on from here")
        raise UserError(message) from None
    except Exception as error:
        # The executor lost the group: a worker died, a cluster gave up. The reports are not made, the batch goes on,
        # unless no worker can begin any more.
        gone = [root for root in {job.project.root for job in jobs} if not may_be_there(root)]
        reason = f"{type(error).__name__}: {error}"
        if gone:
            reason = _("{folder} is gone: put the folder back").format(folder=gone[0])
        return [Outcome(job, "failed", reason=reason, stops=bool(gone)) for job in jobs]
