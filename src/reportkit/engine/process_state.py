"""What a run changes in its process, and how it is put back."""

from __future__ import annotations

import builtins
import codecs
import contextlib
import getpass
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SYS_NAMES = (
    *("stdin", "stdout", "stderr", "displayhook", "excepthook", "breakpointhook", "ps1", "ps2", "ps3"),
    *("last_type", "last_value", "last_traceback", "last_exc"),
)
_MISSING = object()


@contextmanager
def preserved_process() -> Iterator[None]:
    """Restore after the block what an IPython shell and its cells change in a process.

    These are the hooks and streams of `sys`, `sys.path`, ``__main__``, builtins, the environment, the working
    directory, warning filters and `getpass`. Imported modules stay.
    """
    hooks = {name: getattr(sys, name, _MISSING) for name in _SYS_NAMES}
    path, main = list(sys.path), sys.modules["__main__"]
    names, environ, ask = dict(vars(builtins)), dict(os.environ), getpass.getpass
    directory = _working_directory()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.path[:], sys.modules["__main__"] = path, main
        getpass.getpass = ask
        _restore_mapping(vars(builtins), names)
        _restore_mapping(os.environ, environ)
        for name, value in hooks.items():
            _restore_attribute(name, value)
        if directory is not None and _working_directory() != directory:
            os.chdir(directory)


def _working_directory() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:  # removed by somebody
        return None


def _restore_mapping(mapping: Any, before: dict[str, Any]) -> None:
    for key in [key for key in mapping if key not in before]:
        del mapping[key]
    for key, value in before.items():
        if mapping.get(key, _MISSING) is not value and mapping.get(key, _MISSING) != value:
            mapping[key] = value


def _restore_attribute(name: str, value: Any) -> None:
    if value is not _MISSING:
        setattr(sys, name, value)
    elif hasattr(sys, name):
        delattr(sys, name)


def kernel_warnings() -> None:
    """Filter and show warnings as a fresh Python does, whatever the host has set (pytest: errors)."""
    warnings.resetwarnings()
    for category in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _show_warning


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    text = warnings.formatwarning(message, category, filename, lineno, line)
    (file or sys.stderr).write(text)


class CellWorld:
    """Streams, file descriptors and root logger, the notebook's during a cell and the host's between two.

    A notebook that sets `sys.stdout` or adds a handler to the root logger finds it again in its next cell.
    """

    def __init__(self, stdout: Any, stderr: Any) -> None:
        self._streams = (stdout, stderr)
        self._logging: tuple[list[logging.Handler], int] = ([], logging.WARNING)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Give the block the notebook's world."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        self._streams, (sys.stdout, sys.stderr) = (sys.stdout, sys.stderr), self._streams
        root = logging.getLogger()
        (handlers, level), self._logging = self._logging, (list(root.handlers), root.level)
        root.handlers[:] = handlers
        if root.level != level:  # setting it makes every logger forget what it has worked out
            root.setLevel(level)


class DescriptorCapture:
    """What is written to the file descriptors 1 and 2, by subprocesses and C libraries.

    Python's own `sys.stdout` does not pass here during a cell. The text goes to unlinked temporary files: there is no
    pipe that could fill up and no thread that would have to read it.
    """

    def __init__(self) -> None:
        self._files = {name: tempfile.TemporaryFile("ab+", buffering=0) for name in ("stdout", "stderr")}  # noqa: SIM115
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in self._files}
        self._seen = dict.fromkeys(self._files, 0)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Redirect both descriptors during the block."""
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(AttributeError, ValueError, OSError):
                stream.flush()  # type: ignore[union-attr]
        saved = {target: _duplicate(target) for target in (1, 2)}
        try:
            for target, file in zip(saved, self._files.values(), strict=True):
                os.dup2(file.fileno(), target)
            yield
        finally:
            for target, copy in saved.items():
                _put_back(copy, target)

    def read(self, room: Callable[[], int | None]) -> Iterator[tuple[str, str, int]]:
        """Return what has been written since the last call, as (stream name, text, number of bytes left out).

        Of each stream the first `room()` bytes are returned, None meaning all; the rest is thrown away.
        """
        for name, file in self._files.items():
            new = os.fstat(file.fileno()).st_size - self._seen[name]
            if new <= 0:
                continue
            bound = room()
            lost = 0 if bound is None else max(0, new - bound)
            file.seek(self._seen[name])
            written = file.read(new - lost)
            self._seen[name] += len(written)
            if lost:
                file.truncate(0)
                self._seen[name] = 0
            yield name, self._decoders[name].decode(written), lost

    def close(self) -> None:
        """Remove the files."""
        for file in self._files.values():
            file.close()


class NoCapture:
    """What stands for a capture where no cell runs a program, and nothing is written past Python."""

    def entered(self) -> contextlib.AbstractContextManager[None]:
        """Leave both descriptors as they are."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """Do nothing."""


def _duplicate(descriptor: int) -> int | None:
    try:
        return os.dup(descriptor)
    except OSError:  # closed, as under pythonw
        return None


def _put_back(copy: int | None, target: int) -> None:
    if copy is None:
        os.close(target)
    else:
        os.dup2(copy, target)
        os.close(copy)
