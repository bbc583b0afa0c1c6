"""Beginning a project: all its files are written, or none, and none over what is there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.files import write_whole
from reportkit.files.locations import is_remote, location, real
from reportkit.files.ownership import require_own_root
from reportkit.project.root import current_folder, root_above
from reportkit.skeletons.contents import contents
from reportkit.translation import _


class Begun(NamedTuple):
    """A new project: its folder, the files that were written, and the project that it lies in, if it does."""

    folder: Path
    files: list[str]
    within: Path | None


def begin(folder: str, kind: str) -> Begun:
    """Make a project of a kind in a folder, which is made if it is not there.

    Raises UserError if a file of one of the names is there, or the folder is another user's, and OSError if something
    cannot be written; then all is as it was.
    """
    place = location(folder, current_folder())
    if is_remote(place):
        words = _("{folder}: is an address; a project begins in a folder on this machine")
        raise UserError(words.format(folder=folder))
    root = real(place)
    files = contents(kind, root)
    taken = list(_taken(root, files))
    if taken:
        raise _taken_error(root, taken)
    if root.is_dir():
        require_own_root(root)
    _write(root, files)
    with contextlib.suppress(UserError):  # beyond the border of a file system no project is used
        return Begun(root, list(files), root_above(root.parent))
    return Begun(root, list(files), None)


def _taken(root: Path, files: Iterable[str]) -> Iterator[str]:
    """What is there in the place of a file, or of a folder that one would lie in."""
    if os.path.lexists(root) and not root.is_dir():
        yield "."
        return
    seen: set[Path] = set()
    for name in files:
        for path in [*reversed(Path(name).parents), Path(name)]:
            is_free = not os.path.lexists(root / path) or (path != Path(name) and (root / path).is_dir())
            if not is_free and path not in seen:
                seen.add(path)
                yield path.as_posix()
                break


def _taken_error(root: Path, names: Iterable[str]) -> UserError:
    words = _("{path}: is there already")
    told = [words.format(path=root if name == "." else root / name) for name in names]
    cure = _("nothing was written; choose another folder, or move these files away")
    return UserError(*told, cure)


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write the files; if one cannot be, take away again those that were, with their folders."""
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = root / name
            for folder in reversed(path.parents):
                with contextlib.suppress(FileExistsError):
                    folder.mkdir()
                    made.append(folder)
            write_whole(path, content, new=True)
            made.append(path)
    except BaseException as error:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, FileExistsError):
            raise _taken_error(root, [name]) from None
        raise
