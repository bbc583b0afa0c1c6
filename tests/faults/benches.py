"""An office at one place, put there anew for each try, so that what commands print and write is the same each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from judging import Course
from syscalls import Work
from writers import warm

from reportkit.project import Project
from support.changing import desk_of, made_office


class Bench:
    """A place for an office, and the office as it is before a try."""

    def __init__(self, folder: Path) -> None:
        warm()
        self.root, self._ready, self._made = folder / "office", folder / "ready", made_office(folder / "made")

    def lay(self, *before: Callable[[Project], None]) -> None:
        """Prepare an office in which all this is the case."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self._ready, ignore_errors=True)
        project = desk_of(self._made, self.root)
        for each in before:
            each(project)
        self.root.rename(self._ready)

    def is_untouched(self) -> bool:
        """Whether no file of the office has changed at all, ours included."""
        return _contents(self.root) == _contents(self._ready)

    def anew(self) -> Path:
        """Put that office into its place."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._ready, self.root)
        return self.root

    def course(self, function: Callable[[], int]) -> Course:
        """What a piece of work does in that office when nothing goes wrong."""
        return Course(function, self.anew())

    def start(self, function: Callable[[], int]) -> Work:
        """A piece of work in that office, which stands before its first event."""
        return Work(function, self.anew())


def ended(work: Work, *, killed: bool = False) -> Iterator[str]:
    """Yield how a command may not end; what it has printed is forgotten."""
    if work.code not in ([-9] if killed else [0, 1, 2]):
        yield f"it ended with {work.code}: {work.printed[-300:]}"
    if "Traceback" in work.printed or "a fault of reportkit" in work.printed:
        yield work.printed[-2000:]
    if work.code in (1, 2) and not work.printed:
        yield "it says nothing"
    work.close()


def _contents(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
