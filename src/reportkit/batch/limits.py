"""What one report may take, and how a process is held to it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from dataclasses import dataclass

TOO_LONG = "took longer than the {:g} s a report may take (--timeout)"
"""What is said of a report that was ended for its time."""

_PR_SET_PDEATHSIG = 1
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds for one report: `seconds` of wall-clock time, `megabytes` of memory.

    A report of the master notebook takes a tenth of a second and some ten megabytes; the defaults leave room for
    plots and for data of the analysts' own, and end what has gone wrong before a county's other reports suffer.
    """

    seconds: float = 120
    megabytes: int = 4000

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

    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def _mapped() -> int:
    """The bytes of address space in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (a Path would be one more import in each child)
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def die_with_parent(parent: int) -> None:
    """End this process with the one that forked it; on Linux only, elsewhere its time limit ends it."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before this took effect
        os._exit(1)
