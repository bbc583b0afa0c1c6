"""Who is at work in a folder: a lock that ends with the process that has it, and says which one that is."""

from __future__ import annotations

import os
import platform
import re
import stat
import time
from contextlib import suppress
from pathlib import Path

from reportkit.translation import _

_LOOK_AGAIN = 0.05

_BEYOND = 1 << 20
"""On Windows nobody can read what is locked: the byte that is lies behind what the file says."""

_WORDS = re.compile(
    r"process (?P<process>\d{1,20}) on (?P<machine>[\w.-]{1,80}), since (?P<time>\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d)",
    re.ASCII,
)
"""What the file says, in any language."""


class HeldError(Exception):
    """Another process is at work there; the message names it, or is empty."""


class Hold:
    """The lock; while it is open, no other one can be had on the same file, not in this process either."""

    def __init__(self, path: Path, patience: float) -> None:
        """Take the lock, within so many seconds.

        Where the file system has no locks, none is taken. Raises HeldError if another process has it, OSError if the
        file cannot be opened for writing.
        """
        # A link would let somebody else choose which file is written.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        self._file = os.open(path, flags, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise FileExistsError(17, "not a file", str(path))
            self._take(time.monotonic() + patience)
            self._sign()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the lock back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _take(self, until: float) -> None:
        while not _locked(self._file):
            if time.monotonic() > until:
                os.lseek(self._file, 0, os.SEEK_SET)
                words = os.read(self._file, 200).decode("ascii", errors="replace").strip()
                found = _WORDS.fullmatch(words)
                raise HeldError(
                    _("process {process} on {machine}, since {time}").format(**found.groupdict()) if found else ""
                )
            time.sleep(_LOOK_AGAIN)

    def _sign(self) -> None:
        words = f"process {os.getpid()} on {platform.node()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n"
        with suppress(OSError):  # a full disk; the lock holds without a name
            os.ftruncate(self._file, 0)
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, words.encode("ascii", errors="replace"))


def _locked(file: int) -> bool:
    """Take the lock if nobody has it; True also where there are none."""
    try:
        import fcntl
    except ImportError:
        return _locked_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _locked_on_windows(file: int) -> bool:
    import msvcrt

    os.lseek(file, _BEYOND, os.SEEK_SET)
    try:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
