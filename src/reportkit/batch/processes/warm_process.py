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
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError, epitaph, own_surroundings
from reportkit.batch.processes.resource_limits import Limits, too_long
from reportkit.batch.processes.supervisor import die_with_parent

_CALLS = 500
"""After so many the process is replaced, whatever it may have gathered meanwhile; a fork costs next to nothing."""


class Answer:
    """What a call comes to in the process that serves: there when it is asked for, or else waited for."""

    def __init__(self, server: Server, deadline: float) -> None:
        self._server, self.deadline = server, deadline
        self.packed = b""
        self.error: ChildError | None = None

    def result(self) -> Any:
        """Return what the function returned. Raises ChildError if the process crashed or took too long."""
        if self._server.open_answer is self:
            self._server.settle()
        if self.error:
            raise self.error
        return self._server.read(frames.unpack(self.packed))


class Server:
    """Does calls in a process that is forked at the first, one after the other.

    `keep_out` gives the file descriptors that belong to this process and must not be seen by the other one. Without
    limits, whoever serves holds each call to its own.
    """

    def __init__(self, limits: Limits | None, keep_out: Callable[[], Iterable[int]]) -> None:
        self._limits, self._keep_out = limits, keep_out
        self._pid = self._done = 0
        self._socket: socket.socket | None = None
        self.open_answer: Answer | None = None

    @property
    def descriptors(self) -> list[int]:
        """The file descriptors that other children must not keep open."""
        return [self._socket.fileno()] if self._socket else []

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the function returns there. Raises ChildError if the process crashes or takes too long."""
        return self.begin(function, *arguments).result()

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Answer:
        """Have the function called there, and return where its answer will be: meanwhile something else can be done.

        The call before this one is waited for.
        """
        order = frames.pack((function, arguments))  # while the process is at work; from here on it has nothing to do
        self.settle()
        if self._done >= _CALLS:
            self.close()
        if not self._socket:
            self._start()
        assert self._socket
        self._done += 1
        self.open_answer = Answer(self, time.monotonic() + (self._limits.seconds if self._limits else 0.0))
        with contextlib.suppress(OSError), self._stream() as stream:  # it has ended, as will be seen
            stream.write(order)
        return self.open_answer

    def read(self, value: Any) -> Any:
        """Return what a function returned, from what came of it on the line."""
        return value

    def settle(self) -> None:
        """Wait for the answer that is on its way, if there is any."""
        answer, self.open_answer = self.open_answer, None
        if answer is None:
            return
        reason = ""
        try:
            reason = self._wait(answer.deadline)
            if not reason:
                with self._stream() as stream:
                    answer.packed = frames.receive_packed(stream)
                return
        except (OSError, EOFError):
            pass  # it has ended
        status = self.close()
        answer.error = ChildError(reason or epitaph(status), -1)

    @contextlib.contextmanager
    def _stream(self) -> Iterator[Any]:
        """The line as a stream, for one message."""
        assert self._socket
        stream = self._socket.makefile("rwb")
        try:
            yield stream
        finally:
            with contextlib.suppress(OSError):  # what is left to be sent cannot be
                stream.close()

    def close(self) -> int:
        """End the process and return its wait status."""
        self.open_answer = None
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

    def _wait(self, deadline: float) -> str:
        """Return "" when there is an answer, or else why not."""
        assert self._socket
        if self._limits is None:
            return ""
        ready, _, _ = select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))
        return "" if ready else too_long(self._limits.seconds)

    def _serve(self, parent: int, theirs: socket.socket) -> NoReturn:
        try:
            die_with_parent(parent)
            own_surroundings([*self._keep_out(), *self.descriptors])
            if self._limits:
                self._limits.hold_memory()
            self.serve(theirs)
        finally:
            os._exit(0)

    def serve(self, line: socket.socket) -> NoReturn:
        """Do what is asked for on the line, in the process that serves, until the line ends with an EOFError."""
        stream = line.makefile("rwb")
        while True:
            function, arguments = frames.receive(stream)
            frames.send(stream, function(*arguments))
