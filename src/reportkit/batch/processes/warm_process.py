"""A forked process that does one call after the other, for code that is ours: warm, watched, and replaceable.

Typst's first page in a process costs several times what the next ones do, so HTML and PDF are made in one that stays.
It is apart from the process that forks, because a process that has used Typst has threads, and its forks would wait
for these for ever.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError, epitaph, own_surroundings
from reportkit.batch.processes.resource_limits import Limits, too_long
from reportkit.batch.processes.supervisor import die_with_parent

_CALLS = 500
"""After so many the process is replaced, whatever it may have gathered meanwhile; a fork costs next to nothing."""


class Server:
    """Does calls in a process that is forked at the first; see Forge for `keep_out`."""

    def __init__(self, limits: Limits, keep_out: Iterable[int] = ()) -> None:
        self._limits, self._keep_out = limits, list(keep_out)
        self._pid = self._done = 0
        self._socket: socket.socket | None = None

    @property
    def descriptors(self) -> list[int]:
        """The file descriptors that other children must not keep open."""
        return [self._socket.fileno()] if self._socket else []

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the function returns there. Raises ChildError if the process crashes or takes too long."""
        if self._done >= _CALLS:
            self.close()
        if not self._socket:
            self._start()
        assert self._socket
        self._done += 1
        reason = ""
        stream = self._socket.makefile("rwb")
        try:
            frames.send(stream, (function, arguments))
            reason = self._wait()
            if not reason:
                return frames.receive(stream)
        except (OSError, EOFError):
            pass  # it has ended
        finally:
            with contextlib.suppress(OSError):  # what is left to be sent cannot be
                stream.close()
        status = self.close()
        raise ChildError(reason or epitaph(status), -1)

    def close(self) -> int:
        """End the process and return its wait status."""
        if not self._socket:
            return 0
        self._socket.close()
        self._socket = None
        os.kill(self._pid, signal.SIGKILL)
        return os.waitpid(self._pid, 0)[1]

    def _start(self) -> None:
        self._socket, theirs = socket.socketpair()
        parent = os.getpid()
        self._pid, self._done = os.fork(), 0
        if self._pid == 0:
            self._serve(parent, theirs)
        theirs.close()

    def _wait(self) -> str:
        """Return "" when there is an answer, or else why not."""
        assert self._socket
        ready, _, _ = select.select([self._socket], [], [], self._limits.seconds)
        return "" if ready else too_long(self._limits.seconds)

    def _serve(self, parent: int, theirs: socket.socket) -> NoReturn:
        try:
            die_with_parent(parent)
            own_surroundings([*self._keep_out, *self.descriptors])
            self._limits.hold_memory()
            stream = theirs.makefile("rwb")
            while True:
                function, arguments = frames.receive(stream)
                frames.send(stream, function(*arguments))
        finally:
            os._exit(0)
