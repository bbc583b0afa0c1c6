"""Which files of the project a report was made from, seen as they are opened."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.files.locations import read
from reportkit.files.ownership import require_own
from reportkit.project.listings import folder_digest

_PACKAGE = Path(__file__).parent.parent
_EVENTS = ("open", "import")
"""What Python tells of: each file that is opened, and each module in machine code by its file."""

_CODE = (".py", ".pyc", ".ipynb", ".so", ".pyd")

_current: _Trace | None = None
_installed = False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, of a folder that of the names in it, or "" if there is none that can be read."""
    try:
        return hashlib.sha256(read(path)).hexdigest()
    except OSError:
        return folder_digest(path)


class _Trace:
    """The files below `root` that are opened for reading, with what they held at that moment."""

    def __init__(self, root: Path, ignored: Path) -> None:
        self.root, self.ignored = places(root, ignored)
        self.read: dict[str, str] = {}
        self.written: set[str] = set()
        self.busy = False

    def see(self, name: Any, flags: int) -> None:
        path = os.path.abspath(os.fsdecode(name))  # noqa: PTH100  (resolve() would follow links, on each open)
        if path.endswith(_CODE) and self._counts(path):
            require_own(Path(path))
        if path.endswith(".pyc"):
            path = importlib.util.source_from_cache(path)
        if not self._counts(path) or path in self.written:
            return
        key = os.path.relpath(path, self.root)
        if flags & (os.O_WRONLY | os.O_RDWR):
            self.written.add(path)
            self.read.pop(key, None)
        elif key not in self.read:
            # Now, and not at the end of the run: a file that changes meanwhile must not pass for the one that was read.
            self.read[key] = digest(Path(path))

    def _counts(self, path: str) -> bool:
        if not path.startswith(self.root + os.sep):
            return False
        if path.startswith(self.ignored):
            return False
        return not any(part.startswith(".") for part in Path(path[len(self.root) + 1 :]).parts)


@lru_cache(maxsize=4)
def places(root: Path, ignored: Path) -> tuple[str, tuple[str, ...]]:
    """Return the folder to watch and those in it to leave out, as the beginnings of absolute paths."""
    # Python's own files and ours are not the project's, even where they lie below it.
    folders = (ignored, Path(sys.prefix), _PACKAGE)
    return str(root.resolve()), tuple(f"{path.resolve()}{os.sep}" for path in folders)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS or _current is None or _current.busy:
        return
    name, flags = (arguments[0], arguments[2]) if event == "open" else (arguments[1], os.O_RDONLY)
    if isinstance(name, (str, bytes)):
        _current.busy = True
        try:
            _current.see(name, flags or 0)
        except (OSError, ValueError, NotImplementedError):
            pass  # a name that is no path; whoever opens it gets the error
        finally:
            _current.busy = False


@contextmanager
def traced(root: Path, ignored: Path) -> Iterator[dict[str, str]]:
    """Yield a dict that fills with the files below `root` that the block opens, by their path in it: their SHA-256.

    One with code that another user put there is not opened: UserError is raised where it is imported.
    Modules that come from them are forgotten at the end: the next run opens them again, and has them to itself.
    Left out are files below `ignored` and below this Python's own folder, hidden ones, and those the block itself
    writes. A file that was looked for and is not there counts, with "".
    """
    global _current, _installed
    if not _installed:
        sys.addaudithook(_hook)  # cannot be removed, hence only one
        _installed = True
    before, _current = _current, _Trace(root, ignored)
    try:
        yield _current.read
    finally:
        _forget(_current)
        _current = before


def _forget(trace: _Trace) -> None:
    """Let Python forget the modules that were imported from the files seen."""
    own = {os.path.join(trace.root, key) for key in trace.read if key.endswith(".py")}  # noqa: PTH118
    if not own:
        return
    for name in [name for name, module in sys.modules.items() if getattr(module, "__file__", None) in own]:
        del sys.modules[name]


def look(path: Path | str) -> tuple[int, int, int] | None:
    """Return the size and the times of a file, None if there is none."""
    try:
        about = os.stat(path)  # noqa: PTH116  (for each report of thousands)
    except OSError:
        return None
    return about.st_size, *times_of(about)


def times_of(about: os.stat_result) -> tuple[int, int]:
    """Return when a file was last written, and when anything of it changed, which nobody can choose."""
    return about.st_mtime_ns, 0 if os.name == "nt" else about.st_ctime_ns  # Windows calls its beginning so
