"""A folder that a process holds as long as it lives, so that others see whether it has ended."""

from __future__ import annotations

import os
from pathlib import Path


class Claim:
    """What holds a folder; it ends with `close`, and with the process however that ends."""

    def __init__(self, number: int | None = None) -> None:
        self._number = number

    def close(self) -> None:
        """Let the folder go."""
        if self._number is not None:
            os.close(self._number)
            self._number = None


def claim(folder: Path) -> Claim | None:
    """Return what holds a folder from now on, None if a living process holds it. Raises OSError if it is not there.

    Where the system or the disk has no locks, nobody is known to hold anything.
    """
    try:
        import fcntl
    except ImportError:
        return Claim()
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        return None
    except OSError:
        os.close(number)
        return Claim()
    return Claim(number)
