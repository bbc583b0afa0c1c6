"""A process for each report: forked from one that has everything imported, watched, and always ended."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from reportkit.batch.processes import frames, pages_ahead
from reportkit.batch.processes.resource_limits import Limits, too_long
from reportkit.batch.processes.supervisor import adopt_orphans, die_with_parent, end_children
from reportkit.translation import _

_LOOK_AGAIN = 0.05
_CHUNK = 1 << 20


class ChildError(Exception):
    """A forked process gave no answer; the message says why, `note` is what it last said it was doing.

    `was_killed` says whether a signal has ended it that was not ours.
    """

    def __init__(self, reason: str, note: int, *, was_killed: bool = False) -> None:
        super().__init__(reason)
        self.note, self.was_killed = note, was_killed


class Forge:
    """Runs functions in forked processes, one at a time; while one runs, the process of the next is forked already.

    A fork takes a fifth of what a small report does, the ending of a process as much again, and copies of memory twice
    that: all of it is done while somebody else works, and so is what `get_ready` does in each. `keep_out` are the file
    descriptors that belong to this process and must not be seen by a child.
    """

    def __init__(
        self, limits: Limits, keep_out: Iterable[int] = (), get_ready: Callable[[], None] = lambda: None
    ) -> None:
        self._limits = limits
        self._keep_out = list(keep_out)
        self._get_ready = get_ready
        self._waiting: _Child | None = None
        self._working: _Child | None = None
        self._written: list[pages_ahead.Range] | None = None
        adopt_orphans()

    def call(self, order: bytes) -> bytes:
        """Return, as a packed message, what a function returns in a child of its own.

        `order` is a packed message too: the function, and its arguments. It is given a way to note a number on its way
        before these. Raises ChildError if the child crashes, exits, or takes longer than the limit. The child and
        whatever it has started is there until `clear` is called. One that is killed before it has noted anything was
        lost while it waited: then another one is asked.
        """
        answer = self._answer(order)
        if isinstance(answer, ChildError) and answer.note < 0 and answer.was_killed:
            answer = self._answer(order)
        if isinstance(answer, ChildError):
            raise answer
        return answer

    def _answer(self, order: bytes) -> bytes | ChildError:
        self.clear()
        child = self._working = self._ordered(order)
        self._waiting = self._fork()
        answer = bytearray()
        end = self._listen(child, answer)
        if frames.whole(answer):
            if self._written is None:
                self._written = pages_ahead.written(child.pid)
            return bytes(answer)
        status = self.clear()
        return ChildError(end or epitaph(status), child.noted, was_killed=not end and os.WIFSIGNALED(status))

    def clear(self) -> int:
        """End what the last call has started, also what has detached itself, and return the child's wait status."""
        child, self._working = self._working, None
        if child is None:
            return 0
        status = child.end()
        end_children(except_for=[self._waiting.pid] if self._waiting else ())
        return status

    def _ordered(self, order: bytes) -> _Child:
        """Return a child that has been told what to do."""
        child, self._waiting = self._waiting or self._fork(), None
        try:
            _write(child.line, order)
        except OSError:  # somebody has ended it while it waited
            child.end()
            child = self._fork()
            with contextlib.suppress(OSError):  # of this one, the caller hears how it ended
                _write(child.line, order)
        return child

    def _fork(self) -> _Child:
        ours, theirs = (end.detach() for end in socket.socketpair())
        note = mmap.mmap(-1, 8)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            others = [self._working.line] if self._working else []
            child = _Child(os.getpid(), theirs, note)
            child.work(parent, self._limits, [*self._keep_out, *others, ours], self._get_ahead)
        os.close(theirs)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        return _Child(pid, ours, note)

    def _get_ahead(self) -> None:
        """Do in a child, while it waits, what it can do without an order."""
        pages_ahead.copy(self._written or [])
        self._get_ready()

    def _listen(self, child: _Child, answer: bytearray) -> str:
        """Collect the child's answer; return "" when it is whole or the child has ended, else why it is to be ended."""
        deadline = time.monotonic() + self._limits.seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return too_long(self._limits.seconds)
            ready, _, _ = select.select([child.line], [], [], min(left, _LOOK_AGAIN))
            if ready:
                data = _read(child.line)
                answer += data
                if not data or frames.whole(answer):
                    return ""
            elif child.has_ended:  # its line is still open: it has left a process behind that inherited it
                return ""


class _Child:
    """A forked process, from either side: its number, the line to the other one, and a note in memory of both."""

    def __init__(self, pid: int, line: int, note: mmap.mmap) -> None:
        self.pid, self.line = pid, line
        # Where the child was when it ended without a word.
        self._note = note
        self._write_note(-1)

    def work(self, parent: int, limits: Limits, keep_out: Iterable[int], get_ready: Callable[[], None]) -> NoReturn:
        """Get ready, wait for an order, do it, answer, and end: in the child."""
        code = 1
        try:
            os.setpgid(0, 0)
            die_with_parent(parent)
            own_surroundings(keep_out)
            limits.hold_memory()
            get_ready()
            with open(self.line, "rb", closefd=False) as orders:
                function, arguments = frames.receive(orders)
            me = os.getpid()
            answer = frames.pack(function(self._write_note, *arguments))
            if os.getpid() == me:  # and not a process that a cell forked
                _write(self.line, answer)
                code = 0
                os.read(self.line, 1)  # its memory may be looked at until it is ended
        finally:
            # No clean-up of the interpreter: it would take time, and run the exit handlers of the process above.
            os._exit(code)

    @property
    def noted(self) -> int:
        """The number that the child noted last, -1 if none."""
        return int.from_bytes(self._note[:8], "little", signed=True)

    @property
    def has_ended(self) -> bool:
        """Whether the child has ended; it is not taken off the list, so that its number stays its own."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> int:
        """End the child and its group, and return its wait status."""
        os.close(self.line)
        # Before it is waited for: after that, its number may be another's.
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        os.kill(self.pid, signal.SIGKILL)  # it may not have become a group of its own yet
        return os.waitpid(self.pid, 0)[1]

    def _write_note(self, number: int) -> None:
        self._note[:8] = number.to_bytes(8, "little", signed=True)


def own_surroundings(keep_out: Iterable[int]) -> None:
    """Give a child nothing of its parent's: no streams, pipes or signal handlers, and random numbers that repeat."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    for descriptor in keep_out:
        os.close(descriptor)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int) -> bytes:
    """Return what has come, b"" if the other side has ended."""
    try:
        return os.read(descriptor, _CHUNK)
    except ConnectionResetError:  # it ended before it had read its whole order
        return b""


def epitaph(status: int) -> str:
    """What there is to say of a process that ended without an answer."""
    if not os.WIFSIGNALED(status):
        words = _("the process ended by itself, with exit status {status}")
        return words.format(status=os.waitstatus_to_exitcode(status))
    number = os.WTERMSIG(status)
    words = _("the process was ended by {signal}")
    if number == signal.SIGKILL:
        words = _("the process was ended by {signal}; perhaps the machine ran out of memory")
    return words.format(signal=signal.Signals(number).name)
