"""Part files: where a file is written until it is whole. Nobody can know their names, and none is left for long."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from reportkit.files.swapping import held, is_held
from reportkit.translation import N_

_NAME = re.compile(r"\.reportkit-[0-9a-f]{16}\.part")

# A file that is there already, a link above all, is never opened: somebody else may have put it there.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

# Windows wants to be able to write what it is to have on the disk.
_SAME = (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | getattr(os, "O_NOFOLLOW", 0)


class Sweeper:
    """Removes the part files that killed commands have left: of each folder once in a process.

    After `young` seconds a part file that nobody holds belongs to a command that was killed; not at once, as there are
    shares on which what another machine holds cannot be told. After `stale` seconds it does where nobody can tell who
    holds it; writing one takes less than a second.
    """

    def __init__(self, young: float = 60.0, stale: float = 3600.0) -> None:
        self.young, self.stale = young, stale
        self.swept: set[Path] = set()

    def sweep(self, folder: Path) -> None:
        """Look for them in a folder, if that was not done yet."""
        if folder in self.swept:
            return
        self.swept.add(folder)
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name):
                    with contextlib.suppress(OSError):
                        if self._is_abandoned(entry):
                            os.unlink(entry.path)  # noqa: PTH108

    def _is_abandoned(self, entry: os.DirEntry[str]) -> bool:
        about = entry.stat(follow_symlinks=False)
        # A file that has taken another's place is as old as its content, but not its entry.
        age = time.time() - max(about.st_mtime, about.st_ctime)
        if age <= self.young:
            return False
        has_owner = is_held(Path(entry.path))
        return age > self.stale if has_owner is None else not has_owner


SWEEPER = Sweeper()
"""That of this process."""


@contextlib.contextmanager
def part_of(content: bytes, folder: Path, mode: int | None = None) -> Iterator[Path]:
    """Yield a file in a folder that holds this and is safe on the disk; what is left of it afterwards is removed.

    `mode` are its rights, by default those of any new file. Raises OSError if it cannot be written.
    """
    part = write_part(content, folder, mode)
    try:
        with on_disk(part):
            yield part
    finally:
        remove_part(part)


def write_part(content: bytes, folder: Path, mode: int | None = None) -> Path:
    """Return a new file in a folder that holds this, and that `on_disk` makes safe.

    Raises OSError if it cannot be written, and then nothing is left of it.
    """
    SWEEPER.sweep(folder)
    part = folder / part_name()
    try:
        try:
            _write(part, content, mode)
        except FileExistsError:  # which a caller would take for the file itself
            raise OSError(errno.EBUSY, N_("its part file's name is taken"), str(part)) from None
    except BaseException:
        remove_part(part)
        raise
    return part


@contextlib.contextmanager
def on_disk(part: Path) -> Iterator[None]:
    """Have a part file safe on the disk, and kept from sweepers during the block. Raises OSError."""
    # Without this, a power cut after the move can leave an empty file under the final name.
    number = os.open(part, _SAME)
    try:
        os.fsync(number)
    finally:
        os.close(number)
    with held(part):  # from whoever looks for those of killed commands, also if this one is asleep for hours
        yield


def remove_part(part: Path) -> None:
    """Remove what is left of a part file."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def part_name() -> str:
    """Return a name for a part file that nobody has and nobody can guess."""
    return f".reportkit-{os.urandom(8).hex()}.part"


def _write(path: Path, content: bytes, mode: int | None) -> None:
    with os.fdopen(os.open(path, _NEW, 0o666 if mode is None else 0o600), "wb") as file:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(content)
