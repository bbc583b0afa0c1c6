"""Worker processes as an executor of concurrent.futures."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import IO, Any

from reportkit.batch.processes import frames
from reportkit.batch.processes.resource_limits import too_long
from reportkit.batch.processes.worker import Settings
from reportkit.translation import _

# The current folder is anybody's, and not where a worker's own modules come from. (-P would hold for the cells, too.)
_PROGRAM = """
import sys
sys.path[:] = filter(None, sys.path)
import json
sys.path[:] = json.loads(sys.argv.pop())
from reportkit.batch.processes.supervisor import supervise
supervise()
from reportkit.batch.processes.worker import main
from reportkit.translation import _
main()
"""

_CALLS = 50
"""A worker that does not fork is replaced after so many reports: what their cells import or change, stays in it."""

# The order of a set of strings is the same in every worker, and so are the bytes of what a cell prints of it. Dask sets
# a number of its own in its workers.
_ALWAYS = {"PYTHONHASHSEED": "0"}

_UNLESS_SET = {
    # Reports run side by side; a library's own threads would only be in their way, and do not survive a fork.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}

_START = 120.0
"""Seconds that the imports of a worker may take, on a slow network drive for instance."""

_GRACE = 1.0
"""Seconds in which a worker ends when its input does, with all that it has started."""


class WorkerDiedError(Exception):
    """A worker process ended in the middle of a call; the message says how."""


class Worker:
    """One worker process, which does one call at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the worker)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**_UNLESS_SET, **os.environ, **_ALWAYS},
            # Ctrl-C is for the command, which ends its workers; they must not end by themselves in the middle.
            start_new_session=os.name == "posix",
        )
        self.calls = 0
        self._send(settings)
        self._receive_within(_START, _("a worker process was not ready after {seconds:g} s").format(seconds=_START))

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
        self._end()
        self._close(self._process.stdout)
        self._close(self._errors)

    def _end(self) -> None:
        self._close(self._process.stdin)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _close(self, stream: IO[bytes] | None) -> None:
        with contextlib.suppress(OSError, ValueError):  # ValueError: two threads may close a worker at once
            _closable(stream).close()

    def _send(self, message: Any) -> None:
        try:
            frames.send(_closable(self._process.stdin), message)
        except OSError:
            raise WorkerDiedError(self._last_words()) from None

    def _receive(self) -> Any:
        try:
            return frames.receive(_closable(self._process.stdout))
        except (EOFError, OSError):
            raise WorkerDiedError(self._last_words()) from None

    def _receive_within(self, seconds: float, too_long: str) -> Any:
        late = threading.Event()

        def end() -> None:
            late.set()
            self._end()

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
        code, lines = self._process.wait(), list[str]()
        with contextlib.suppress(ValueError):  # another thread has closed the worker, and nobody will read it
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
        words = (
            _("a worker process ended (exit status {code}): {line}")
            if lines
            else _("a worker process ended (exit status {code})")
        )
        return words.format(code=code, line=lines and lines[-1])


def _closable(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


class Crew(Executor):
    """An executor of worker processes. A call whose worker dies is tried once more, in a new one.

    Use it as a context manager; leaving it ends the workers, also in the middle of a call.
    """

    def __init__(self, size: int, settings: Settings) -> None:
        self._settings = settings
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
        worker = Worker(self._settings)
        self._workers.add(worker)
        if self._closed:  # meanwhile
            worker.close()
        return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker:
            self._workers.discard(worker)
            worker.close()
