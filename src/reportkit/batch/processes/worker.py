"""What goes on in a worker process: it imports everything once, then makes reports until its input ends."""

from __future__ import annotations

import contextlib
import functools
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from reportkit.batch import pipeline
from reportkit.batch.inputs import Loaded
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes import frames
from reportkit.batch.processes.readiness import import_all, make_ready, open_fonts, settle
from reportkit.batch.processes.resource_limits import Limits, TooLongError
from reportkit.batch.purity import is_plain_job
from reportkit.exporters import formats as report_formats
from reportkit.project import Job, Project
from reportkit.translation import _

CAN_FORK = sys.platform.startswith("linux")
"""Elsewhere there is no fork (Windows), or system libraries do not stand it (macOS)."""

if CAN_FORK:
    from reportkit.batch.processes.apart import Apart
    from reportkit.batch.processes.fork import ChildError
    from reportkit.batch.processes.fork_server import ForkServer
    from reportkit.batch.processes.imports_ahead import import_ahead
    from reportkit.batch.processes.warm_process import Server

Start = Callable[[Loaded], pipeline.Draft | Outcome]
Result = Callable[[], Any]
"""Gives what a report has come to; it may still be on its way."""


@dataclass(frozen=True)
class Settings:
    """How a worker works: the bounds of a report, when it forks, the project, and the formats it will make.

    `fork` True is for each report, None for each whose notebook could leave something behind, False never.
    """

    limits: Limits
    fork: bool | None
    project: Project
    formats: tuple[str, ...] = tuple(report_formats.FORMATS)


def build_all(jobs: Sequence[Job]) -> list[Outcome]:
    """Return the outcomes of a group of jobs, in the way of this process."""
    return [outcome for outcomes in build_each(jobs) for outcome in outcomes]


def build_each(jobs: Sequence[Job]) -> Iterator[list[Outcome]]:
    """Yield the outcome of each job of a group as soon as it is there, in their order: as `build_all` of it alone.

    One is begun after the other. Where the cells have a process of their own, those of a report run while the one
    before is published and the one after is made ready.
    """
    before: Callable[[], Outcome] | None = None
    for job in jobs:
        result = _begun(job)
        if before:
            yield [before()]
        before = result
    if before:
        yield [before()]


def build(job: Job) -> Outcome:
    """Make one report in the way of this process and return its outcome.

    Never raises for what is wrong with the report itself.
    """
    return _begun(job)()


def _begun(job: Job) -> Callable[[], Outcome]:
    """Begin to make a report; what is returned gives its outcome."""
    loaded = Loaded(job)
    note = _held(job, lambda: pipeline.take_over(loaded))
    if isinstance(note, Outcome):
        return lambda: note
    result = _begin(loaded, pipeline.prepare, pipeline.finish)
    # The disk is waited for here, while the process that has finished it is at the next report.
    return lambda: pipeline.with_note(pipeline.published(result()), note)


def make(loaded: Loaded, start: Start, finish: pipeline.Finish) -> Any:
    """Return what `finish` makes of a report's run, in the way of this process; or its outcome if it comes to none.

    `start` and `finish` are our own code, which stays warm; the cells have a process to themselves where they need it.
    """
    return _begin(loaded, start, finish)()


def _here(loaded: Loaded, start: Start, finish: pipeline.Finish) -> Any:
    draft = start(loaded)
    return draft if isinstance(draft, Outcome) else finish(draft, pipeline.run(draft))


def _at_once(loaded: Loaded, start: Start, finish: pipeline.Finish) -> Result:
    return _given(_here(loaded, start, finish))


def _given(value: Any) -> Result:
    return lambda: value


_begin: Callable[[Loaded, Start, pipeline.Finish], Result] = _at_once
_limits: Limits | None = None
"""What reading and checking in this process are held to; None where somebody else ends it."""


def _held(job: Job, step: Callable[[], Any]) -> Any:
    """Return what a step before the cells gives, or the outcome of a report for which it takes too long."""
    try:
        with _limits.hold_time() if _limits else contextlib.nullcontext():
            return step()
    except TooLongError as error:
        return Outcome(job, "failed", reason=_("reading and checking: {error}").format(error=error))


def main() -> None:
    """Serve calls that come in as frames on standard input, with frames on standard output, until the input ends."""
    global _begin, _limits
    calls, answers = _private_streams()
    workshop: _Workshop | None = None
    try:
        import_all()
        settings: Settings = frames.receive(calls)
        receive: Callable[[], Any] = functools.partial(frames.receive, calls)
        if settings.fork is False:
            receive = _watched(calls)
            settings.limits.hold_memory()
            make_ready(settings.project, settings.formats)
            settle()
        else:
            workshop = _Workshop(settings, calls, answers)
            _begin, _limits = workshop.begin, settings.limits
        frames.send(answers, None)
        while True:
            for answer in _answers(*receive()):
                frames.send(answers, answer)
    except (EOFError, BrokenPipeError):
        if workshop:
            workshop.close()
        os._exit(0)  # without the exit handlers of libraries: nobody is waiting for them


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take standard input and output away from everybody else: nothing that prints may get between the frames."""
    calls, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return open(calls, "rb"), open(answers, "wb")  # noqa: PTH123


def _watched(calls: IO[bytes]) -> Callable[[], Any]:
    """Return a function that gives the next message; the process ends with its input, also in the middle of a cell.

    Whoever keeps the time of a report here is at the other end of the input: without him it may take for ever.
    """
    messages: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        try:
            while True:
                messages.put(frames.receive(calls))
        finally:
            os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return messages.get


def _answers(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Iterator[tuple[bool, Any]]:
    """Yield (True, the result), of a generator (True, each of its results); or (False, the exception), as the last."""
    try:
        result = function(*arguments)
        for one in result if isinstance(result, Iterator) else [result]:
            yield True, one
    except Exception as error:
        yield False, error


class _Workshop:
    """Makes reports in processes forked from this one.

    A server finishes what has been run; it also runs notebooks that can leave nothing behind. All others are run in
    a process that is forked for the one report, from one that is there to fork alone. What went wrong in the server is
    tried again in such a process, where it can be told in which cell.
    """

    def __init__(self, settings: Settings, calls: IO[bytes], answers: IO[bytes]) -> None:
        self._alone = bool(settings.fork)
        ours = [calls.fileno(), answers.fileno()]
        self._server = Server(settings.limits, lambda: [*ours, *self._forks.descriptors])
        self._forks = ForkServer(settings.limits, lambda: [*ours, *self._server.descriptors], open_fonts)
        make_ready(settings.project, settings.formats)
        self._tried: set[str] = set()
        self._running: Apart | None = None
        self._has_rehearsed = False
        settle()

    def begin(self, loaded: Loaded, start: Start, finish: pipeline.Finish) -> Result:
        """Begin a job; what is returned gives what `finish` makes of its run, or the outcome if it comes to none."""
        plain = False if self._alone else _held(loaded.job, lambda: is_plain_job(loaded))
        if isinstance(plain, Outcome):
            return _given(plain)
        if not plain:
            return self._begin_apart(loaded, start, finish)
        answer = self._server.begin(_here, loaded, start, finish)

        def result() -> Any:
            try:
                return answer.result()
            except ChildError:
                return self._begin_apart(loaded, start, finish)()

        return result

    def _begin_apart(self, loaded: Loaded, start: Start, finish: pipeline.Finish) -> Result:
        """Begin to run a job's cells in a process of their own, and to publish the job whose cells have run before."""
        # While the cells of the job before run:
        draft = _held(loaded.job, lambda: start(loaded))
        apart = None if isinstance(draft, Outcome) else Apart(self._server, draft, finish, self._learn)
        before = self._running
        if before:
            new = apart is not None and self._rehearse(draft)
            before.wait()
            if new:
                self._forks.close()  # see _learn
        if apart:
            apart.run(self._forks)  # first of all: whoever is publishing has time until these cells have run
            self._running = apart
        if before:
            before.publish()
        return apart.result if apart else _given(draft)

    def _rehearse(self, draft: pipeline.Draft) -> bool:
        """Do once what every report does, for the processes that will be forked from this one; return whether it was.

        A single report does without: it is the first in its process all the same.
        """
        import reportkit.engine

        if self._has_rehearsed:
            return False
        self._has_rehearsed = True
        _held(draft.job, lambda: pipeline.rehearse(draft))
        reportkit.engine.prepare()
        settle()
        return True

    def _learn(self, done: pipeline.Run) -> None:
        """Import here what the cells have imported, so that the process of the next report finds it done."""
        import reportkit.engine.plots

        new = [name for name in done.modules if name not in self._tried]
        self._tried.update(new)
        if new and import_ahead(new):
            reportkit.engine.plots.warm_up()
            settle()
            self._forks.close()  # the next report's process is forked from one that has them

    def close(self) -> None:
        """End the processes."""
        self._forks.close()
        self._server.close()
