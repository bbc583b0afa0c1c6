"""What must hold of an office's files at every moment, whatever has happened."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from syscalls import Event, Work

from reportkit.files import History, Step
from support.offices import files

PART = re.compile(r"\.reportkit-[0-9a-f]{16}\.part")

Files = Mapping[str, bytes]

_LIST = "dist/MANIFEST.sha256"
"""Tells what there is, and so of each report that was refused, too."""

_PERSONS = ("params/", "notebooks/")
_WORDS = ["改过", "另改", "再没有其他", "by hand"]
"""What people have written, also into files that a build replaces."""


def held(root: Path) -> dict[str, bytes]:
    """The files under a final name, those of ours left out; of a workbook, that it is whole: it says when it was made."""
    found = {name: content for name, content in files(root).items() if not PART.fullmatch(Path(name).name)}
    return {name: _whole(content) if name.endswith(".xlsx") else content for name, content in found.items()}


def _whole(workbook: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return b"whole" if parts.testzip() is None else b"damaged"


class Course:
    """What a piece of work does when nothing goes wrong: its events, and what each file holds at any moment of it."""

    def __init__(self, function: Callable[[], int], root: Path) -> None:
        self.before, self.steps = held(root), dict(_steps(root))
        self.events = list[Event]()
        self._seen: defaultdict[str, set[bytes | None]] = defaultdict(set)
        self._see(self.before)
        work = Work(function, root)
        for event in work:
            self.events.append(event)
            self._see(held(root))
        self.code, self.after = work.code, held(root)
        self._see(self.after)
        work.close()

    def _see(self, now: Files) -> None:
        for name in now.keys() | self._seen.keys():
            self._seen[name].add(now.get(name))

    def between(self) -> list[str]:
        """The files that at some moment hold neither what they held before nor what they hold after."""
        return [name for name, seen in self._seen.items() if seen - {self.before.get(name), self.after.get(name), None}]

    def wrong(self, root: Path) -> Iterator[str]:
        """What is not as it can be at any moment."""
        now = held(root)
        for name in (now.keys() | self._seen.keys()) - {_LIST}:
            if now.get(name) not in self._seen[name] | ({None} if name not in self.before else set()):
                yield f"{name} is neither old nor new"
        yield from lost(self.before, root)
        for path, steps in _steps(root):
            if steps[-1:] != self.steps.get(path, [])[-1:] and steps[-1].digest != _digest(root / path):
                yield f"the history of {path} tells of a version that was never written"


def lost(before: Files, root: Path) -> Iterator[str]:
    """What people had saved and is nowhere any more."""
    there = {path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for name, content in before.items():
        if name.startswith(_PERSONS) and content not in there:
            yield f"what {name} held is lost"
    for words in _WORDS:
        if _stands(words, before.values()) and not _stands(words, there):
            yield f"the words {words} are lost"


def _stands(words: str, contents: Iterable[bytes]) -> bool:
    return any(words.encode() in content for content in contents)


def _steps(root: Path) -> Iterator[tuple[str, list[Step]]]:
    """The steps of each file that has a history."""
    for path in (root / ".reportkit/history").rglob("steps.json"):
        name = path.parent.relative_to(root / ".reportkit/history").as_posix()
        yield name, History(root, root / name).steps


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def parts_left(root: Path, events: Iterable[Event]) -> list[str]:
    """The part files in folders in which something has been changed."""
    folders = {(root / event.path).parent for event in events}
    return [path.name for folder in folders for path in folder.glob(".*") if PART.fullmatch(path.name)]
