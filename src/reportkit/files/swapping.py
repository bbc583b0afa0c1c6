"""Two names of a folder changing places in one step, where the system can do it, and what is held for one writer."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reportkit.files.patience import patience

_HERE = -100
"""What the system calls the current folder, from which relative paths are told."""
_NO_REPLACE, _EXCHANGE = 1, 2
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}

_PAUSE = 0.01


def exchange(first: Path, second: Path) -> bool:
    """Let two files change places in one step; False if this disk cannot. Raises OSError."""
    return _rename(first, second, _EXCHANGE)


def rename_new(path: Path, target: Path) -> bool:
    """Give a file a name that nothing has; False if this disk cannot say so. Raises OSError, as FileExistsError."""
    return _rename(path, target, _NO_REPLACE)


def _rename(path: Path, target: Path, flag: int) -> bool:
    call = _renameat2()
    if call is None:
        return False
    code = call(os.fsencode(path), os.fsencode(target), flag)
    if code in _UNKNOWN:
        return False
    if code:
        raise OSError(code, os.strerror(code), str(path), None, str(target))
    return True


@cache
def _renameat2() -> Callable[[bytes, bytes, int], int] | None:
    """The call of Linux, which Python has no name for: it returns 0 or the number of the error."""
    import ctypes

    try:
        function: Any = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an old one
        return None

    def call(path: bytes, target: bytes, flag: int) -> int:
        done = function(_HERE, ctypes.c_char_p(path), _HERE, ctypes.c_char_p(target), ctypes.c_uint(flag))
        return ctypes.get_errno() if done else 0

    return call


@contextlib.contextmanager
def held(place: Path) -> Iterator[None]:
    """Keep other commands of ours from changing files of a folder, or from removing a part file, meanwhile.

    Whoever holds it for longer than `patience` is not waited for, and some disks have no locks: what is written is
    compared all the same.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            number = os.open(place, os.O_RDONLY)
            stack.callback(os.close, number)
            end = time.monotonic() + patience()
            while not _locked(fcntl, number) and time.monotonic() < end:
                time.sleep(_PAUSE)
        yield


def is_held(path: Path) -> bool | None:
    """Return whether somebody holds a file; None if that cannot be told, on a disk that has no locks for instance."""
    try:
        import fcntl

        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (ImportError, OSError):
        return None
    try:
        return not _locked(fcntl, number)
    except OSError:
        return None
    finally:
        os.close(number)


def _locked(fcntl: Any, number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
