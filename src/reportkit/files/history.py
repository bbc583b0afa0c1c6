"""What a file held before: a person's way back, and what an older version that was saved over a newer one did not know.

The versions are kept in `.reportkit/history/` below the project's root, in a folder under the file's own path, with a
list of the steps that led from one to the next. Twenty versions and 5 MB a file are kept, the newest in any case.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any, TypeVar

from reportkit.errors import UserError, reason_of
from reportkit.files.locations import below
from reportkit.files.swapping import held
from reportkit.files.writing import (
    ChangedError,
    mode_of,
    own_folder,
    read_now,
    remove_if,
    replace_held,
    replace_if,
    write_whole,
)
from reportkit.translation import N_, _

_TRIES = 5

BY_HAND = N_("by hand")
"""What made a version that reportkit did not write: JupyterLab, an editor, a copy from elsewhere."""

UNDO = "undo"
_FOUND = "found"

_STEPS = "steps.json"
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?")


Result = TypeVar("Result")


@dataclass(frozen=True)
class Step:
    """One change of a file: its number, when it was made and what made it.

    `digest` is the SHA-256 of what the file held from then on, "" if it was not there; `label` is what the file says of
    its own version. `back_to` is the number of the step whose version an undo has brought back, else 0. `begun` is set
    of a step of which it is not known for sure that the file was written.
    """

    number: int
    time: float
    by: str
    digest: str
    label: str = ""
    back_to: int = 0
    begun: bool = False


@dataclass(frozen=True)
class Bounds:
    """How much is kept of one file: versions, their bytes together, and steps.

    Steps take a line each, and tell of versions that are no longer kept.
    """

    versions: int = 20
    bytes: int = 5_000_000
    steps: int = 200


_BOUNDS = Bounds()


class History:
    """The versions of one file. `label` gives what a version says of itself, to find it again by that."""

    def __init__(
        self, root: Path, path: Path, label: Callable[[bytes], str] = lambda _: "", bounds: Bounds = _BOUNDS
    ) -> None:
        self._bounds = bounds
        inside = below(path.absolute(), root.absolute())
        # A file elsewhere, for instance in params/ on a network drive, is kept under its whole path.
        parts = (inside or PurePath("elsewhere", *path.absolute().parts[1:])).parts
        self._root, self._parts, self._path, self._label = root, (".reportkit", "history", *parts), path, label
        self.folder = root.joinpath(*self._parts)
        self._list: bytes | None = None  # as it was read last

    @property
    def steps(self) -> list[Step]:
        """The steps, the oldest first; none if nothing was kept, or if that may not be read."""
        try:
            return self._read()
        except OSError:
            return []

    def content(self, step: Step) -> bytes | None:
        """Return what the file held after a step, None if it was not there.

        Raises UserError if that version is no longer kept, or not as it was.
        """
        if not step.digest:
            return None
        try:
            content = read_now(self._version(step.digest))
        except OSError as error:
            words = _("{path}: cannot be read: {reason}")
            raise UserError(words.format(path=self._version(step.digest), reason=reason_of(error))) from None
        if content is None or _digest(content) != step.digest:
            words = _("{path}: the version of step {step} is no longer kept")
            raise UserError(words.format(path=self._path, step=step.number))
        return content

    def is_kept(self, step: Step) -> bool:
        """Whether `content` gives what the file held after a step, as far as can be told without reading it."""
        return not step.digest or self._version(step.digest).is_file()

    def last_before(self, present: bytes | None) -> Step | None:
        """Return the step with what the file held before its last change, None if there is none."""
        steps = self.steps
        if steps and steps[-1].digest == _digest(present):
            steps.pop()
        return steps[-1] if steps else None

    def further_back(self, present: bytes | None) -> Step | None:
        """Return the step that an undo leads to from what the file holds now, None if there is none.

        A second undo leads one step further back. What was saved by hand since the last step is undone first.
        """
        steps = self.steps
        if steps and steps[-1].digest != _digest(present):
            return steps[-1]
        by_number = {step.number: step for step in steps}
        at = steps[-1] if steps else None
        while at and at.back_to:
            at = by_number.get(at.back_to)
        return max(
            (step for step in steps if at and step.number < at.number), key=lambda step: step.number, default=None
        )

    def note(self, present: bytes) -> None:
        """Keep what was saved by hand since the last step. Raises OSError if it cannot be kept."""
        with self._held():
            self._again(partial(self._note, present))

    def _note(self, present: bytes) -> None:
        steps = self._read()
        noted = self._noted(steps, present)
        if noted != steps and read_now(self._path) == present:  # else it is not what was saved last
            self._keep([*noted], present)

    def go_back(self, to: int | None = None) -> Step:
        """Put an earlier version back, by default as `further_back` has it, as a step of its own; return whose it was.

        Raises UserError if there is no such step or its version is not kept, and as `save` does.
        """
        present = read_now(self._path)
        step = self.further_back(present) if to is None else next((s for s in self.steps if s.number == to), None)
        if step is None:
            words = _("{path}: no earlier version of it is kept")
            if to is not None:
                words = _("{path}: there is no step {step}; --list shows them")
            raise UserError(words.format(path=self._path, step=to))
        self.save(present, self.content(step), UNDO, step.number)
        return step

    def save(self, before: bytes | None, after: bytes | None, by: str, back_to: int = 0) -> None:
        """Write a file that holds `before` (None: is not there), or with None remove it, and keep both versions.

        Raises ChangedError if the file holds something else, OSError if it or the history cannot be written; then the
        file is as it was.
        """
        with self._held():
            step = self._again(partial(self._begin, before, after, by, back_to))
            self._swap(before, after)
            with contextlib.suppress(OSError, ChangedError):  # else what the file holds tells that it was written
                self._again(partial(self._finish, step))

    def _begin(self, before: bytes | None, after: bytes | None, by: str, back_to: int) -> Step:
        """Keep both versions, with a step that is begun; return it."""
        noted = self._noted(self._read(), before)
        if read_now(self._path) != before:
            raise ChangedError(self._path)
        step = Step(_next(noted), time.time(), by, _digest(after), self._labelled(after), back_to, begun=True)
        self._keep([*noted, step], *(content for content in (before, after) if content is not None))
        return step

    def _finish(self, step: Step) -> None:
        """Keep a step that is done, also if somebody who was waiting has not known of it and begun another."""
        steps = self._read()
        if all(each.time != step.time for each in steps):
            if step.digest != _digest(read_now(self._path)):
                return  # whoever has changed the file since has noted what was there
            steps.append(replace(step, number=_next(steps), begun=False))
        self._keep(steps)

    def _again(self, change: Callable[[], Result]) -> Result:
        """Do what reads the list and writes it, and do it anew if somebody has written it in between.

        Whoever sleeps while he holds the folder is not waited for, and must not put his old list over a newer one.
        """
        for left in reversed(range(_TRIES)):
            try:
                return change()
            except ChangedError as error:
                if not left or error.path == self._path:
                    raise ChangedError(self._path) from None
        raise AssertionError

    def _read(self) -> list[Step]:
        """The steps that were done; of one that was begun, the file itself tells. Raises OSError."""
        steps = self._listed()
        if steps and steps[-1].begun:
            last = steps.pop()
            steps += [replace(last, begun=False)] if last.digest == _digest(read_now(self._path)) else []
        return steps

    def _listed(self) -> list[Step]:
        self._list = content = read_now(self.folder / _STEPS)
        if content is None:
            return []
        try:
            return [_step(entry) for entry in _list(json.loads(content))]
        except (ValueError, TypeError, KeyError, RecursionError):
            return list(self._found())

    def _found(self) -> Iterator[Step]:
        """The versions by their age, where the list of the steps is damaged."""
        versions = [path for path in self.folder.glob(f"*{self._path.suffix}") if path.name != _STEPS]
        by_age = sorted((path.stat().st_mtime, path) for path in versions)
        for number, (when, path) in enumerate(by_age, 1):
            content = path.read_bytes()
            yield Step(number, when, _FOUND, _digest(content), self._labelled(content))

    def _swap(self, before: bytes | None, after: bytes | None) -> None:
        if after is not None:
            replace_if(self._path, before, after)
        elif before is not None:
            remove_if(self._path, before)

    def _noted(self, steps: Sequence[Step], present: bytes | None) -> list[Step]:
        """The steps, with one for what the file holds if the last has left it otherwise."""
        digest = _digest(present)
        if steps and steps[-1].digest == digest:
            return list(steps)
        when = time.time()
        with contextlib.suppress(OSError):
            when = self._path.stat().st_mtime
        by = BY_HAND if steps or present is not None else ""  # a file that was never there is nobody's doing
        return [*steps, Step(_next(steps), when, by, digest, self._labelled(present))]

    def _labelled(self, content: bytes | None) -> str:
        return "" if content is None else self._label(content)

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        with self._naming():
            folder = own_folder(self._root, *self._parts)
        with held(folder):
            yield

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        """Let an error name the file that is not written as its version before cannot be kept."""
        try:
            yield
        except OSError as error:
            where = self._root / self._parts[0] / self._parts[1]
            words = _("the version before cannot be kept in {folder}: {reason}")
            raise OSError(error.errno, words.format(folder=where, reason=reason_of(error)), str(self._path)) from None

    def _keep(self, steps: list[Step], *contents: bytes) -> None:
        """Write the versions that are not kept yet, then the list; then remove what is too old or in no step."""
        steps = steps[-self._bounds.steps :]
        with self._naming():
            self._write(steps, contents)
        self._remove_old(steps)

    def _write(self, steps: Sequence[Step], contents: Sequence[bytes]) -> None:
        for content in contents:
            version = self._version(_digest(content))
            if not version.is_file():
                with contextlib.suppress(FileExistsError):
                    write_whole(version, content, new=True, mode=mode_of(self._path))
        text = json.dumps([asdict(step) for step in steps], ensure_ascii=False, indent=1)
        content = f"{text}\n".encode(errors="replace")
        replace_held(self.folder / _STEPS, self._list, content, contextlib.nullcontext())
        self._list = content

    def _remove_old(self, steps: Sequence[Step]) -> None:
        wanted: dict[str, int] = {}
        most = self._bounds
        for digest in dict.fromkeys(step.digest for step in reversed(steps) if step.digest):
            with contextlib.suppress(OSError):
                size = self._version(digest).stat().st_size
                if wanted and (len(wanted) >= most.versions or sum(wanted.values()) + size > most.bytes):
                    break
                wanted[digest] = size
        keep = {self._version(digest).name for digest in wanted} | {_STEPS}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in keep and not path.name.startswith(".") and path.is_file():
                    path.unlink()

    def _version(self, digest: str) -> Path:
        return self.folder / f"{digest[:32]}{self._path.suffix}"


def _list(entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise TypeError(type(entries))
    return entries


def _step(entry: dict[str, Any]) -> Step:
    """A step as the list has it. Raises TypeError, ValueError or KeyError for what is none."""
    texts = {key: str(entry[key]) for key in ("by", "digest", "label")}
    if not _DIGEST.fullmatch(texts["digest"]):
        raise ValueError(texts["digest"])
    when, begun = float(entry["time"]), bool(entry.get("begun"))
    return Step(number=int(entry["number"]), time=when, back_to=int(entry["back_to"]), begun=begun, **texts)


def _next(steps: Sequence[Step]) -> int:
    return steps[-1].number + 1 if steps else 1


def _digest(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()
