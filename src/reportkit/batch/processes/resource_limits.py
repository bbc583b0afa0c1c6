"""What one report may take, and how a process is held to it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from reportkit.translation import _

_MEGABYTE = 1_000_000

SECONDS, MEGABYTES = 120.0, 4000
"""What a report may take if nobody says otherwise."""


def too_long(seconds: float) -> str:
    """Return what is said of a report that was ended for its time."""
    return _("took longer than the {seconds:g} s a report may take (--timeout)").format(seconds=seconds)


class TooLongError(Exception):
    """A report was ended for its time; the message says so."""


class _Alarm(BaseException):
    """Ends a block whatever errors it deals with itself."""


def _end_block(*_: object) -> NoReturn:
    raise _Alarm


@dataclass(frozen=True)
class Limits:
    """Bounds for one report: `seconds` of wall-clock time, `megabytes` of memory.

    A report of the master notebook takes a tenth of a second and some ten megabytes; the defaults leave room for
    plots and for data of the analysts' own, and end what has gone wrong before a county's other reports suffer.
    """

    seconds: float = SECONDS
    megabytes: int = MEGABYTES

    @contextlib.contextmanager
    def hold_time(self) -> Iterator[None]:
        """Raise TooLongError in the block when the time is over; only in the main thread, and not on Windows.

        For code that is ours and may be ended at any place: what it writes, it writes as a whole or not at all.
        """
        before = signal.signal(signal.SIGALRM, _end_block)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        try:
            yield
        except _Alarm:
            raise TooLongError(too_long(self.seconds)) from None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def hold_memory(self) -> None:
        """Let this process, and each it starts, fail with MemoryError beyond the limit; not on Windows.

        The bound is on what comes on top of what the process has mapped already.
        """
        try:
            import resource
        except ImportError:
            return
        most = _mapped() + self.megabytes * _MEGABYTE
        _lower(resource.RLIMIT_AS, most)
        # What a cell lets a program print goes to a file, which must not fill the disk either.
        _lower(resource.RLIMIT_FSIZE, most)
        _lower(resource.RLIMIT_CORE, 0)


def _lower(which: int, most: int) -> None:
    import resource

    _soft, hard = resource.getrlimit(which)
    resource.setrlimit(which, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def _mapped() -> int:
    """The bytes of address space in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (a Path would be one more import in each child)
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
