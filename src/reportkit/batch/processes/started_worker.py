"""A worker process from its start to the end: the process itself, the streams to it, and its last words.

It imports what every report needs before it is told what to do, so that a command can start one while it still looks
at what there is to be made. Nothing is imported here that takes time.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, Self

# The current folder is anybody's, and not where a worker's own modules come from. (-P would hold for the cells, too.)
_PROGRAM = """
import gc, sys
gc.disable()
sys.path[:] = filter(None, sys.path)
import json
sys.path[:] = json.loads(sys.argv.pop())
from reportkit.batch.processes.supervisor import supervise
supervise()
from reportkit.batch.processes.worker import main
main()
"""

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

_ELSEWHERE = ("--dask", "--help")
"""With these options, a build makes its reports elsewhere, or none."""

_GRACE = 1.0
"""Seconds in which a worker ends when its input does, with all that it has started."""


class StartedWorker:
    """A worker process that waits for its settings. As a context manager it is ended on the way out."""

    def __init__(self) -> None:
        import tempfile  # which most commands do without

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
        self.pid = self._process.pid
        self.input = _there(self._process.stdin)
        self.output = _there(self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def end(self) -> None:
        """End the process, whatever it is doing, and what it has started."""
        _close(self.input)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End the process and let go of its streams."""
        self.end()
        _close(self.output)
        _close(self._errors)

    def last_words(self) -> tuple[int, str]:
        """Wait for the end; return the exit status, and the last line that the process wrote ("" if none)."""
        code, lines = self._process.wait(), list[str]()
        with contextlib.suppress(ValueError):  # another thread has closed the worker, and nobody will read it
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return code, lines[-1] if lines else ""


_ahead: list[StartedWorker] = []


def start_ahead(words: Sequence[str]) -> None:
    """Start the worker of a command, given by its words, before it has read them; of others than a build, none.

    Where nothing is to be made it was for nothing, on a core that nobody else uses.
    """
    if words[:1] == ["build"] and not any(word.startswith(_ELSEWHERE) for word in words) and cores() > 1:
        with contextlib.suppress(OSError):  # the command will try it once more, and tell
            _ahead.append(StartedWorker())


def taken() -> StartedWorker | None:
    """Return the worker that was started ahead, if there is one that nobody has taken."""
    return _ahead.pop() if _ahead else None


def cores() -> int:
    """The cores this process may use, which in a container can be fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _close(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):  # ValueError: two threads may close a worker at once
        stream.close()
