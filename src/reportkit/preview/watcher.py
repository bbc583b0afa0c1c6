"""Saves, as they happen: which of some files hold something else than before."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.files.locations import read_local

_STEP = 10
"""Milliseconds of quiet after which a save is over; editors write a file in several goes."""

_DEBOUNCE = 50
"""Milliseconds after which a save is taken to be over, quiet or not."""

_LOOK = 1000
"""Milliseconds after which the files are looked at in any case: network drives announce nothing."""

_AGAIN = 0.5
"""Seconds from one look to the next where nothing can be watched."""


class _Seen(NamedTuple):
    signature: tuple[int, int, int]
    digest: str


Contents = Mapping[Path, _Seen]


async def changes(files: Callable[[], Iterable[Path]]) -> AsyncIterator[None]:
    """Yield each time one of the files holds something else than before, for as long as it is asked.

    `files` is asked at each look. A file need not be there; for a folder, the names in it are what it holds. What is
    new among the files is no change.
    """
    seen = await asyncio.to_thread(contents, files())
    async for _ in _looks(files):
        before, seen = seen, await asyncio.to_thread(contents, files(), seen)
        if differ(before, seen):
            yield


async def _looks(files: Callable[[], Iterable[Path]]) -> AsyncIterator[None]:
    """Yield whenever it is worth a look: when something has happened in the files' folders, and now and then."""
    from watchfiles import awatch

    while True:
        watched = watched_folders(files())
        try:
            async for _ in awatch(
                *watched,
                watch_filter=None,
                debounce=_DEBOUNCE,
                step=_STEP,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                recursive=False,
                ignore_permission_denied=True,
            ):
                yield
                if watched_folders(files()) != watched:
                    break
        except (OSError, RuntimeError):  # a folder that went away just now, or more watches than the system has
            await asyncio.sleep(_AGAIN)
            yield


def contents(files: Iterable[Path], before: Contents | None = None) -> Contents:
    """Return what the files hold, as SHA-256; those that look as they did `before` are not read again."""
    return {path: _look(path, (before or {}).get(path)) for path in files}


def differ(before: Contents, now: Contents) -> bool:
    """Whether a file that was seen before holds something else now."""
    return any(now[path].digest != seen.digest for path, seen in before.items() if path in now)


def watched_folders(files: Iterable[Path]) -> set[Path]:
    """Return the folders in which files come and go: of a file whose folder is not there yet, the nearest one."""
    found = list(files)
    return {_nearest(folder) for folder in {path.parent for path in found}} | {path for path in found if path.is_dir()}


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.is_dir())


def _look(path: Path, before: _Seen | None) -> _Seen:
    try:
        stat = path.stat()
        signature = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if before and before.signature == signature:
            return before
        return _Seen(signature, hashlib.sha256(_content(path)).hexdigest())
    except OSError:
        return _Seen((0, 0, 0), "")


def _content(path: Path) -> bytes:
    return "\n".join(sorted(each.name for each in path.iterdir())).encode() if path.is_dir() else read_local(path)
