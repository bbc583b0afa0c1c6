"""Worker processes as an executor of concurrent.futures."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from reportkit.batch.processes import frames
from reportkit.batch.processes.resource_limits import too_long
from reportkit.batch.processes.started_worker import StartedWorker
from reportkit.batch.processes.worker import Settings, build_each
from reportkit.batch.scheduler import GroupingExecutor, Waiting
from reportkit.project import Job
from reportkit.translation import _

_CALLS = 50
"""A worker that does not fork is replaced after so many reports: what their cells import or change, stays in it."""

_MOST = 16
"""Reports that a worker is given at once, to run the cells of one while it publishes the one before."""

_START = 120.0
"""Seconds that the imports of a worker may take, on a slow network drive for instance."""


class WorkerDiedError(Exception):
    """A worker process ended in the middle of a call; the message says how."""


class Worker:
    """One worker process, which does one call at a time: the one that has been started, or else a new one."""

    def __init__(self, settings: Settings, started: StartedWorker | None = None) -> None:
        self._settings = settings
        self._process = started or StartedWorker()
        self.calls = 0
        self._send(settings)
        self._receive_within(_START, _("a worker process was not ready after {seconds:g} s").format(seconds=_START))

    @property
    def pid(self) -> int:
        """The number of the process that watches over the worker's."""
        return self._process.pid

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], results: int = 1) -> Iterator[Any]:
        """Yield what the function returns in the worker, or yields there, if it is a generator of so many results.

        Raises what the function raises; WorkerDiedError if the worker ended.
        """
        self.calls += 1
        self._send((function, arguments))
        for _result in range(results):
            if self._settings.fork is not False:  # it watches its children itself
                done, result = self._receive()
            else:
                seconds = self._settings.limits.seconds
                done, result = self._receive_within(seconds, too_long(seconds))
            if not done:
                raise result
            yield result

    def close(self) -> None:
        """End the process, whatever it is doing, and what it has started."""
        self._process.close()

    def _send(self, message: Any) -> None:
        try:
            frames.send(self._process.input, message)
        except OSError:
            raise WorkerDiedError(self._last_words()) from None

    def _receive(self) -> Any:
        try:
            return frames.receive(self._process.output)
        except (EOFError, OSError):
            raise WorkerDiedError(self._last_words()) from None

    def _receive_within(self, seconds: float, too_long: str) -> Any:
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.end()

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            return self._receive()
        except WorkerDiedError:
            if late.is_set():
                raise TimeoutError(too_long) from None
            raise
        finally:
            timer.cancel()

    def _last_words(self) -> str:
        code, line = self._process.last_words()
        words = (
            _("a worker process ended (exit status {code}): {line}")
            if line
            else _("a worker process ended (exit status {code})")
        )
        return words.format(code=code, line=line)


@dataclass(frozen=True)
class _Call:
    """A function to be called in a worker, with the futures of its results: for a group of jobs, one for each."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    futures: deque[Future[Any]]
    again: bool = True
    """Whether it is tried once more if its worker dies."""

    def is_wanted(self) -> bool:
        """Return whether anybody waits for it still; from now on, none of it is taken back."""
        wanted = [future.set_running_or_notify_cancel() for future in self.futures]
        return any(wanted)

    def deliver(self, result: Any) -> None:
        """Give the next result to whoever waits for it."""
        future = self.futures.popleft()
        if future.running():
            future.set_result(result)

    def rest(self) -> list[_Call]:
        """What is to be tried once more, each by itself: one of them may have ended the worker of all."""
        if len(self.futures) == 1:
            return [replace(self, again=False)] if self.again else []
        (jobs,) = self.arguments
        left = zip(jobs[-len(self.futures) :], self.futures, strict=True)
        return [_Call(self.function, ([job],), deque([future]), again=False) for job, future in left]

    def fail(self, error: Exception) -> None:
        """Tell whoever waits for a result why there is none."""
        for future in filter(Future.running, self.futures):
            future.set_exception(error)


class Crew(GroupingExecutor):
    """An executor of worker processes. A call whose worker dies is tried once more, in a new one.

    Use it as a context manager; leaving it ends the workers, also in the middle of a call. `started` is a process that
    becomes the first worker, `reports` how many there are to be made.
    """

    def __init__(self, size: int, settings: Settings, started: StartedWorker | None = None, reports: int = 1) -> None:
        self._settings = settings
        self._size, self._left = size, reports
        self.ahead = max(GroupingExecutor.ahead, 2 * size)
        self._started: queue.SimpleQueue[StartedWorker] = queue.SimpleQueue()
        if started:
            self._started.put(started)
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._workers: set[Worker] = set()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    @property
    def group(self) -> int:  # type: ignore[override]
        """How many jobs a worker is given next: fewer towards the end, so that no worker waits for another."""
        if self._settings.fork is False:  # the time of a report is that of a call
            return 1
        return _MOST if self._size == 1 else max(1, min(_MOST, self._left // (2 * self._size)))

    def hand_over(self, jobs: list[Job]) -> Waiting:
        """Have a group of jobs done in one worker; there is a future for each."""
        self._left -= len(jobs)
        futures = [Future[Any]() for _ in jobs]
        self._put(_Call(build_each, (jobs,), deque(futures)))
        return {future: [job] for future, job in zip(futures, jobs, strict=True)}

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Return a future of a picklable function's result in a worker."""
        future: Future[Any] = Future()
        self._put(_Call(function, arguments, deque([future])))
        return future

    def _put(self, call: _Call) -> None:
        self._calls.put(call)
        if self._closed:  # perhaps meanwhile, and nobody is going to serve it
            for future in call.futures:
                future.cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """End the workers."""
        self._closed = True
        for _thread in self._threads:
            self._calls.put(None)
        for worker in list(self._workers):
            worker.close()
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        """Give one worker after the other its calls; the work of one thread."""
        worker: Worker | None = None
        while call := self._calls.get():
            if self._closed:
                for future in call.futures:
                    future.cancel()
            if not call.is_wanted():
                continue
            worker = self._work(worker, call)
            if worker and self._settings.fork is False and worker.calls >= _CALLS:
                self._dismiss(worker)
                worker = None
        self._dismiss(worker)

    def _work(self, worker: Worker | None, call: _Call) -> Worker | None:
        """Do a call and return the worker for the next one, if there is one."""
        try:
            worker = worker or self._hire()
            for result in worker.call(call.function, call.arguments, len(call.futures)):
                call.deliver(result)
        except (WorkerDiedError, TimeoutError) as error:
            self._dismiss(worker)
            worker = None
            parts = [] if self._closed or isinstance(error, TimeoutError) else call.rest()
            if not parts:
                call.fail(error)
            for part in parts:
                worker = self._work(worker, part)
        except Exception as error:
            call.fail(error)
        return worker

    def _hire(self) -> Worker:
        started = None
        with contextlib.suppress(queue.Empty):
            started = self._started.get_nowait()
        worker = Worker(self._settings, started)
        self._workers.add(worker)
        if self._closed:  # meanwhile
            worker.close()
        return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker:
            self._workers.discard(worker)
            worker.close()
