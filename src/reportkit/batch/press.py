"""The process that makes HTML and PDF: kept warm, since Typst's first page costs ten times what the next ones do.

It runs our own code on finished notebooks, no cell. It is apart from the process that forks, because a process that
has used Typst has threads, and its forks would wait for these for ever.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from reportkit.batch import frames
from reportkit.batch.forge import epitaph, own_surroundings
from reportkit.batch.limits import Limits, die_with_parent
from reportkit.batch.outcome import Outcome
from reportkit.batch.steps import Draft, Run, publish

_REPORTS = 500
"""After so many the process is replaced: what Typst remembers of earlier reports grows."""


class Press:
    """Publishes finished notebooks, one at a time, in a forked process; see Forge for `keep_out` and `lifeline`."""

    def __init__(self, limits: Limits, keep_out: Iterable[int] = (), lifeline: int | None = None) -> None:
        self._limits, self._keep_out, self._lifeline = limits, list(keep_out), lifeline
        self._pid = self._done = 0
        self._socket: socket.socket | None = None

    @property
    def descriptors(self) -> list[int]:
        """The file descriptors that other children must not keep open."""
        return [self._socket.fileno()] if self._socket else []

    def start(self) -> None:
        """Start the process, which makes itself ready while the caller does something else."""
        self._socket, theirs = socket.socketpair()
        parent = os.getpid()
        self._pid, self._done = os.fork(), 0
        if self._pid == 0:
            self._be_the_press(parent, theirs)
        theirs.close()

    def publish(self, draft: Draft, done: Run) -> Outcome:
        """Return the outcome of reportkit.batch.steps.publish; a failed one if the process crashed or took too long."""
        if self._done >= _REPORTS:
            self.close()
        if not self._socket:
            self.start()
        assert self._socket
        self._done += 1
        stream = self._socket.makefile("rwb")
        try:
            frames.send(stream, (replace(draft, nb=None), done))
            if reason := self._wait():
                return self._broken(draft, done, reason)
            return frames.receive(stream)  # type: ignore[no-any-return]
        except (OSError, EOFError):
            return self._broken(draft, done, "")
        finally:
            stream.close()

    def close(self) -> None:
        """End the process."""
        self._end()

    def _wait(self) -> str:
        """Return "" when there is an answer, or else why not."""
        assert self._socket
        watched = [self._socket.fileno()] if self._lifeline is None else [self._socket.fileno(), self._lifeline]
        ready, _, _ = select.select(watched, [], [], self._limits.seconds)
        if self._lifeline in ready and len(ready) == 1:
            raise EOFError
        return "" if ready else f"took longer than the {self._limits.seconds:g} s a report may take (--timeout)"

    def _broken(self, draft: Draft, done: Run, reason: str) -> Outcome:
        status = self._end()
        reason = f"HTML and PDF: {reason or epitaph(status)}"
        inputs = {**done.inputs, **draft.inputs}
        return Outcome(draft.job, "failed", issues=draft.issues, reason=reason, inputs=inputs)

    def _end(self) -> int:
        if not self._socket:
            return 0
        self._socket.close()
        self._socket = None
        os.kill(self._pid, signal.SIGKILL)
        return os.waitpid(self._pid, 0)[1]

    def _be_the_press(self, parent: int, theirs: socket.socket) -> NoReturn:
        try:
            assert self._socket
            die_with_parent(parent)
            own_surroundings([*self._keep_out, *self.descriptors])
            self._limits.hold_memory()
            stream = theirs.makefile("rwb")
            _make_ready()
            while True:
                frames.send(stream, publish(*frames.receive(stream)))
        finally:
            os._exit(0)


def _make_ready() -> Any:
    """Import what publishing takes, while the cells of the first report are still running."""
    from reportkit.batch.publishing import make_ready

    return make_ready()
