"""What the first report's cells have imported is imported once, before the processes of the next ones are forked.

A notebook that reads a table and draws a plot spends most of its time on imports, again in each process. Only modules
of this Python and its packages come ahead, none of the project's own; and none that would leave a thread behind, as a
fork takes no thread along and what waits for it would wait for ever.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import signal
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

_PATIENCE = 60
"""Seconds that a trial may take: what takes longer is left to each report."""

_UNFIT = 1

_MOVED = 8
"""So many modules may have been taken out meanwhile and put back among the new ones, as plots do with their backend."""


def imported_since(count: int) -> tuple[str, ...]:
    """Return the modules of this Python and its packages that came after so many were there, in their order.

    A few that were there before may be among them. Only the newest names are looked at: to ask for all would write to
    a page of memory for nearly each of them, which in a forked process means to copy it.
    """
    more = len(sys.modules) - count
    names = list(itertools.islice(reversed(sys.modules), more + _MOVED)) if more > 0 else []
    return tuple(name for name in reversed(names) if _is_of_python(getattr(sys.modules.get(name), "__file__", None)))


def import_ahead(names: Sequence[str]) -> bool:
    """Import modules here, if a trial in a process of its own shows that no thread is left; return whether it was done.

    What a module raises or prints is dropped: the cell that imports it meets that again.
    """
    new = [name for name in names if name not in sys.modules]
    if not new:
        return False
    pid = os.fork()
    if pid == 0:
        signal.alarm(_PATIENCE)
        threads = _threads()
        _import(new)
        os._exit(_UNFIT if _threads() > threads else 0)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        return False
    _import(new)
    return True


def _import(names: Iterable[str]) -> None:
    with _silence():
        for name in names:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _threads() -> int:
    """How many threads this process has, those of libraries in C too."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return sys.maxsize  # not to be known here: nothing comes ahead


def _is_of_python(file: str | None) -> bool:
    return bool(file) and os.path.abspath(str(file)).startswith(_folders())  # noqa: PTH100


@cache
def _folders() -> tuple[str, ...]:
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple(f"{path}{os.sep}" for path in sorted({*paths, *site.getsitepackages()}))
