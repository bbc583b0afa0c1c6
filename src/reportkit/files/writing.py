"""Writing files of this machine: each appears in one step, whole and on the disk, or nothing has changed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from reportkit.errors import UserError
from reportkit.files.parts import SWEEPER, on_disk, part_name, part_of, remove_part, write_part
from reportkit.files.swapping import exchange, held, rename_new
from reportkit.translation import N_, _


class ChangedError(UserError):
    """Somebody else has saved a file between our reading and our writing; his save is what the file holds."""

    def __init__(self, path: Path) -> None:
        words = _(
            "{path}: was changed by somebody else in this moment; that is kept, nothing was written: "
            "look at it and run the command again"
        )
        super().__init__(words.format(path=path))
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path,)


def put(path: Path, content: bytes, new: bool) -> None:
    """Write a file as `write_whole` does, and the folders that it lies in."""
    with _told_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content, new)


def write_whole(path: Path, content: bytes, new: bool, mode: int | None = None) -> None:
    """Write a file, whatever another of this name holds. A link is replaced, not followed.

    `mode` are a new file's rights, by default those of any. Raises OSError, and then nothing has changed;
    FileExistsError if a new one would take the place of another.
    """
    with _told_of(path), part_of(content, path.parent, mode if new else mode_of(path)) as part:
        if new:
            _link(part, path)
        elif path.is_dir():  # of "." the system says that it is busy
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        else:
            part.replace(path)


def replace_if(path: Path, expected: bytes | None, content: bytes) -> None:
    """Write a file that still holds what is expected (None: that is not there), and no other.

    The two are compared in the moment of writing: what somebody saves before it stays, what he saves later is later.
    Raises ChangedError if it holds something else, UserError for a link, OSError if it cannot be written; then nothing
    has changed.
    """
    if path.is_symlink():
        raise UserError(
            _("{path}: is a link, which is not written through; put the file itself here").format(path=path)
        )
    replace_held(path, expected, content, held(path.parent))


def replace_held(path: Path, expected: bytes | None, content: bytes, hold: AbstractContextManager[None]) -> None:
    """Write a file of ours as `replace_if` does, in a folder that is held already, or else by `hold`."""
    if expected is None:
        try:
            put(path, content, new=True)
        except FileExistsError:
            raise ChangedError(path) from None
        return
    with _told_of(path), part_of(content, path.parent, mode_of(path)) as part, hold:
        if read_now(path) != expected:
            raise ChangedError(path)
        _replace(path, part, expected)


def remove_if(path: Path, expected: bytes) -> None:
    """Remove a file that still holds what is expected. Raises as `replace_if`; then it is still there."""
    SWEEPER.sweep(path.parent)
    with _told_of(path), held(path.parent), held(path):
        if read_now(path) != expected:
            raise ChangedError(path)
        taken = path.with_name(part_name())
        path.rename(taken)
        if taken.read_bytes() != expected:  # saved between these two lines
            _link(taken, path)
            taken.unlink(missing_ok=True)
            raise ChangedError(path)
        with contextlib.suppress(OSError):
            taken.unlink()


def move_new(path: Path, target: Path) -> None:
    """Give a file another name. Raises FileExistsError if something has that name, and OSError."""
    if not rename_new(path, target):
        _free(target)
        path.rename(target)


def write_parts(files: Mapping[Path, bytes], parts: Path) -> dict[Path, Path]:
    """Write what several files are to hold into the folder `parts`; return for each file where that is.

    It is not on the disk before `all_on_disk` has said so. Raises OSError, and then nothing is left in the folder.
    """
    written: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            with _told_of(path):
                written[path] = write_part(content, parts)
    except BaseException:
        for part in written.values():
            remove_part(part)
        raise
    return written


@contextlib.contextmanager
def all_on_disk(written: Mapping[Path, Path]) -> Iterator[None]:
    """Have what `write_parts` has written on the disk, all of it, during the block; what is left then is removed.

    Raises OSError.
    """
    with contextlib.ExitStack() as stack:
        for part in written.values():
            stack.callback(remove_part, part)
        for path, part in written.items():
            with _told_of(path):
                stack.enter_context(on_disk(part))
        yield


def move_all(written: Mapping[Path, Path], expected: Mapping[Path, bytes | None]) -> None:
    """Put into place what is on the disk, under the names of the files.

    Those in `expected` are written only if they hold that, as `replace_if` has it, and come first. Raises OSError,
    UserError, or ChangedError, after which it can be tried again.
    """
    for path in written:
        with _told_of(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            SWEEPER.sweep(path.parent)
    for path in sorted(written, key=lambda path: path not in expected):
        with _told_of(path), held(path.parent) if path in expected else contextlib.nullcontext():
            _move(written[path], path, expected)


def _move(part: Path, path: Path, expected: Mapping[Path, bytes | None]) -> None:
    if path not in expected:
        part.replace(path)
    elif (before := expected[path]) is None:
        try:
            _link(part, path)
        except FileExistsError:
            raise ChangedError(path) from None
    elif read_now(path) != before:
        raise ChangedError(path)
    else:
        _replace(path, part, before)


OWN = ".reportkit"
"""The folder for what is ours and nobody's to look after; version control leaves it out."""


def own_folder(base: Path, *names: str) -> Path:
    """Make a folder of ours below another, step by step, and return it.

    Raises OSError, also for a link on the way, which could lead anywhere.
    """
    folder = base
    for name in names:
        folder = folder / name
        if not folder.is_dir():
            folder.mkdir(parents=folder.parent == base, exist_ok=True)
        if folder.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, N_("is a link, and what is kept here must stay here"), str(folder))
        if name == OWN:
            SWEEPER.sweep(folder)  # nothing else is written in there
            _leave_out(folder)
    return folder


def _leave_out(folder: Path) -> None:
    """Let version control leave a folder out."""
    ignored = folder / ".gitignore"
    if not ignored.exists():
        with contextlib.suppress(OSError):
            write_whole(ignored, b"*\n", new=True)


def read_now(path: Path) -> bytes | None:
    """Return what a file holds, None if it is not there. Raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(path: Path, part: Path, expected: bytes) -> None:
    """Put the part into the place of a file that has just been compared."""
    with held(path):  # which is the part file from then on
        try:
            if not exchange(part, path):
                part.replace(path)
                return
        except FileNotFoundError:
            raise ChangedError(path) from None
        if read_now(part) != expected:  # saved in between, and told only now
            exchange(part, path)
            raise ChangedError(path)


def _link(part: Path, path: Path) -> None:
    """Put a file into a place that is free."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: a look at the place has to do
        _free(path)
        part.replace(path)


def _free(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def mode_of(path: Path) -> int | None:
    """Return the rights of a file; None if it is not there, or a link."""
    try:
        about = path.lstat()
    except OSError:
        return None
    return stat.S_IMODE(about.st_mode) if stat.S_ISREG(about.st_mode) else None


@contextlib.contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Let errors name the file that was to be written, and not the one beside it that nobody knows."""
    try:
        yield
    except OSError as error:
        known = error.filename is not None and not str(error.filename).endswith(".part")
        if known or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
