"""A process for each report: forked from one that has everything imported, watched, and always ended."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from reportkit.batch.processes import frames
from reportkit.batch.processes.resource_limits import Limits, too_long
from reportkit.batch.processes.supervisor import adopt_orphans, children, die_with_parent, end_children
from reportkit.translation import _

_LOOK_AGAIN = 0.05
_CHUNK = 1 << 20


class ChildError(Exception):
    """A forked process gave no answer; the message says why, `note` is what it last said it was doing."""

    def __init__(self, reason: str, note: int) -> None:
        super().__init__(reason)
        self.note = note


class Forge:
    """Runs functions in forked processes, one at a time.

    `keep_out` are the file descriptors that belong to this process and must not be seen by a child.
    """

    def __init__(self, limits: Limits, keep_out: Iterable[int] = ()) -> None:
        self._limits = limits
        self._keep_out = list(keep_out)
        # Memory shared with the child: where it was when it ended without a word.
        self._note = mmap.mmap(-1, 8)

    def call(self, function: Callable[[Callable[[int], None]], Any]) -> Any:
        """Return what `function` returns in a child of its own; it is given a way to note a number on its way.

        Raises ChildError if the child crashes, exits, or takes longer than the limit. Whatever it has started is
        ended with it, also what has detached itself from it.
        """
        self._write_note(-1)
        adopt_orphans()
        others = children()
        reading, writing = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._be_the_child(function, parent, writing)
        os.close(writing)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        answer = bytearray()
        try:
            end = self._listen(reading, pid, answer)
        finally:
            os.close(reading)
            status = _end(pid)
            end_children(except_for=others)
        if frames.whole(answer):
            return frames.unpack(answer)
        raise ChildError(end or epitaph(status), self._read_note())

    def _listen(self, reading: int, pid: int, answer: bytearray) -> str:
        """Collect the child's answer; return "" when it is whole or the child has ended, else why it is to be ended."""
        deadline = time.monotonic() + self._limits.seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return too_long(self._limits.seconds)
            ready, _, _ = select.select([reading], [], [], min(left, _LOOK_AGAIN))
            if ready:
                data = os.read(reading, _CHUNK)
                answer += data
                if not data or frames.whole(answer):
                    return ""
            elif _has_ended(pid):  # its pipe is still open: it has left a process behind that inherited it
                return ""

    def _be_the_child(self, function: Callable[[Callable[[int], None]], Any], parent: int, writing: int) -> NoReturn:
        code = 1
        try:
            os.setpgid(0, 0)
            die_with_parent(parent)
            own_surroundings(self._keep_out)
            self._limits.hold_memory()
            me = os.getpid()
            answer = frames.pack(function(self._write_note))
            if os.getpid() == me:  # and not a process that a cell forked
                _write(writing, answer)
                code = 0
        finally:
            # No clean-up of the interpreter: it would take time, and run the exit handlers of the process above.
            os._exit(code)

    def _write_note(self, number: int) -> None:
        self._note[:8] = number.to_bytes(8, "little", signed=True)

    def _read_note(self) -> int:
        return int.from_bytes(self._note[:8], "little", signed=True)


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


def _has_ended(pid: int) -> bool:
    """Whether a child has ended; it is not taken off the list, so that its number stays its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(pid: int) -> int:
    """End a child and what it has started, and return its wait status."""
    # Before it is waited for: after that, its number may be another's.
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)  # it may not have become a group of its own yet
    return os.waitpid(pid, 0)[1]


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
