"""Worker processes as an executor of concurrent.futures."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from reportkit.batch.processes import frames
from reportkit.batch.processes.resource_limits import too_long
from reportkit.batch.processes.started_worker import StartedWorker
from reportkit.batch.processes.worker import Settings
from reportkit.batch.scheduler import GroupingExecutor, group_size
from reportkit.translation import _

_CALLS = 50
"""A worker that does not fork is replaced after so many reports: what their cells import or change, stays in it."""

_MOST, _SHARES = 4, 6
"""Reports that a worker is given at once, to run the cells of one while it publishes the one before; and how often a
worker is given some, at least: the last ones to finish keep the others waiting."""

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

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return what the function returns in the worker, or raise what it raises; WorkerDiedError if it ended."""
        self.calls += 1
        self._send((function, arguments))
        if self._settings.fork is not False:  # it watches its children itself
            done, result = self._receive()
        else:
            seconds = self._settings.limits.seconds
            done, result = self._receive_within(seconds, too_long(seconds))
        if done:
            return result
        raise result

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


class Crew(GroupingExecutor):
    """An executor of worker processes. A call whose worker dies is tried once more, in a new one.

    Use it as a context manager; leaving it ends the workers, also in the middle of a call. `started` is a process that
    becomes the first worker, `reports` how many there are to be made.
    """

    def __init__(self, size: int, settings: Settings, started: StartedWorker | None = None, reports: int = 1) -> None:
        self._settings = settings
        if settings.fork is not False:  # else the time of a report is that of a call
            self.group = group_size(reports, size, _MOST, _SHARES)
        self._started: queue.SimpleQueue[StartedWorker] = queue.SimpleQueue()
        if started:
            self._started.put(started)
        self._calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._workers: set[Worker] = set()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Return a future of a picklable function's result in a worker."""
        future: Future[Any] = Future()
        self._calls.put((future, function, arguments))
        if self._closed:  # perhaps meanwhile, and nobody is going to serve it
            future.cancel()
        return future

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
        while (item := self._calls.get()) is not None:
            future, function, arguments = item
            if self._closed:
                future.cancel()
            if not future.set_running_or_notify_cancel():
                continue
            worker = self._work(worker, future, function, arguments)
            if worker and self._settings.fork is False and worker.calls >= _CALLS:
                self._dismiss(worker)
                worker = None
        self._dismiss(worker)

    def _work(
        self, worker: Worker | None, future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> Worker | None:
        """Do a call and return the worker for the next one, if there is one."""
        for last_try in (False, True):
            try:
                worker = worker or self._hire()
                future.set_result(worker.call(function, arguments))
                return worker
            except (WorkerDiedError, TimeoutError) as error:
                self._dismiss(worker)
                worker = None
                if last_try or self._closed or isinstance(error, TimeoutError):
                    future.set_exception(error)
                    break
            except Exception as error:
                future.set_exception(error)
                break
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
