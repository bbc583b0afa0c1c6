"""A process between a command and its worker: when one of them is gone, whatever the worker has started is ended.

It imports next to nothing and does nothing but wait, so that no cell and no library of another language can keep it
from noticing.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_PATIENCE = 5.0
"""Seconds after which processes that start others faster than they can be ended are left alone."""

_POLITE = (signal.SIGINT, signal.SIGTERM)


def supervise() -> None:
    """Return in a new process, which this one waits for; it ends with it, or when its standard input is closed.

    On a system without fork, return in this process: the worker looks out for the end of its input itself.
    """
    if not hasattr(os, "fork"):
        return
    _signal_of_parent(signal.SIGTERM)
    adopt_orphans()
    above = os.getpid()
    worker = os.fork()
    if worker == 0:
        os.setpgid(0, 0)
        die_with_parent(above)
        return
    with contextlib.suppress(OSError):
        os.setpgid(worker, worker)
    _wait_for(worker)


def die_with_parent(parent: int) -> None:
    """End this process with the one that forked it; on Linux only, elsewhere its time limit ends it."""
    _signal_of_parent(signal.SIGKILL)
    if sys.platform.startswith("linux") and os.getppid() != parent:  # it died before this took effect
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of what this process' children leave behind, also of what detached itself; on Linux only."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    """Return the processes that this process has started in its main thread, or adopted; none where none can be told.

    Ended ones that nobody has waited for are among them.
    """
    own = os.getpid()
    with contextlib.suppress(OSError):
        return {int(child) for child in Path(f"/proc/{own}/task/{own}/children").read_text().split()}
    return set()


def end_children(except_for: Collection[int] = ()) -> None:
    """End the processes that this process has started or adopted, and those that come to it as these end."""
    until = time.monotonic() + _PATIENCE
    while (there := children().difference(except_for)) and time.monotonic() < until:
        for child in there:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        for child in there:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)


def _signal_of_parent(number: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _wait_for(worker: int) -> NoReturn:
    """Wait until the worker, or the process that it works for, has ended; end everything, and end as the worker did."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # whoever reads the worker's answers is to see that it has ended
    status = _status(worker)
    with contextlib.suppress(OSError):
        os.killpg(worker, signal.SIGKILL)
    end_children()
    if os.WIFSIGNALED(status):
        _end_by(os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


def _status(worker: int) -> int:
    """Return the wait status of the worker, or 0 as soon as nobody is there any more for whom it works."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, *_POLITE):
        signal.signal(number, lambda *_: None)
    poll = select.poll()
    poll.register(0, 0)  # told is its end alone: what comes in is the worker's to read
    poll.register(woken, select.POLLIN)
    while True:
        ended, status = os.waitpid(worker, os.WNOHANG)
        if ended:
            return status
        ready = [descriptor for descriptor, _ in poll.poll()]
        if 0 in ready or not {*os.read(woken, 1 << 10)}.isdisjoint(_POLITE):
            return 0


def _end_by(number: int) -> NoReturn:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the one that counts is the worker's
    with contextlib.suppress(OSError):  # SIGKILL has no other action
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(1)
