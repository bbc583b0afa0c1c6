"""The files of a folder and of all below it, and what cannot be looked into: nothing is left out without a word."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.errors import reason_of
from reportkit.files.ownership import is_own_link
from reportkit.translation import Saying


class Unlisted(NamedTuple):
    """A folder whose files are not known, or a link that leads nowhere, and why; `inside` is its path in the folder."""

    inside: PurePath
    reason: str


class Walked(NamedTuple):
    """The files, by their path in the folder, and what could not be looked into. Both are sorted."""

    files: list[PurePath]
    unlisted: list[Unlisted]


def walk(folder: Path, wanted: Callable[[str], bool], whole: Path | None = None) -> Walked:
    """Return the files of a local folder whose name is wanted, and of all folders below; what is hidden is left out.

    Whatever else bears such a name, a folder or a dead link, counts as a file: whoever reads it says what is wrong.
    Links to folders are followed as `obstacle` says, `whole` being the folder that this one is a part of, if it is.
    A folder that is not there has no files.
    """
    files: list[str] = []
    unlisted: list[Unlisted] = []
    linked = Linked()
    remaining = [""]
    while remaining:
        above = remaining.pop()
        try:
            entries = sorted(_entries(folder, above), key=lambda entry: entry.name)
        except OSError as error:
            unlisted.append(
                Unlisted(
                    PurePath(above), Saying("{reason}; none of the files in it are listed", reason=reason_of(error))
                )
            )
            continue
        for entry in entries:
            inside = f"{above}/{entry.name}" if above else entry.name
            if wanted(entry.name):
                files.append(inside)
            elif not is_link(entry):
                remaining += [inside] if entry.is_dir(follow_symlinks=False) else []
            elif reason := obstacle(Path(entry.path), whole or folder, linked):
                unlisted.append(Unlisted(PurePath(inside), reason))
            elif os.path.isdir(entry.path):  # noqa: PTH112
                linked.add(entry.path, inside)
                remaining.append(inside)
        entries.clear()  # of tens of thousands, much to hold beside their paths
    return Walked(sorted(map(PurePath, files)), sorted(unlisted))


def _entries(folder: Path, inside: str) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder below another one, hidden things left out. Raises OSError."""
    try:
        found = os.scandir(folder / inside)
    except (FileNotFoundError, NotADirectoryError):
        return
    with found:
        yield from (entry for entry in found if not entry.name.startswith((".", "~")))


class Linked:
    """The folders that links lead to, with the name of each link."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._above: dict[str, str] = {}

    def add(self, link: str, name: str) -> None:
        """Add a link."""
        real = os.path.realpath(link)
        self._names[real] = name
        for folder in Path(real).parents:
            self._above.setdefault(str(folder), name)

    def other(self, real: str) -> str:
        """Return the name of a link to a folder, to one above it or to one below it, "" if there is none."""
        above = (self._names.get(str(folder)) for folder in (real, *Path(real).parents))
        return self._above.get(real) or next(filter(None, above), "")


def obstacle(link: Path, folder: Path, linked: Linked) -> str:
    """Return why a link below a folder is not followed, "" if it is, or leads to a file.

    It must lead somewhere, be made by somebody who is trusted, and lead out of the folder, where no other link leads:
    else the same files would be there twice, or without end.
    """
    try:
        about = os.stat(link)  # noqa: PTH116
    except OSError as error:
        return Saying(
            "{target}, to which the link leads, cannot be opened ({reason}); bring it back, or delete this link",
            target=_target(link),
            reason=reason_of(error),
        )
    if not stat.S_ISDIR(about.st_mode):
        return ""
    real, base = os.path.realpath(link), os.path.realpath(folder)
    if not is_own_link(link):
        return Saying(
            "another user has made this link (to {real}), which is not followed; "
            "make the link anew yourself, or copy the files here",
            real=real,
        )
    if _is_within(real, base) or _is_within(base, real):
        return Saying(
            "leads to {real}, whose files would count twice, and is not followed; delete this link", real=real
        )
    if other := linked.other(real):
        return Saying(
            "leads to {real} as the link {other} does, and is not followed; leave one", real=real, other=other
        )
    return ""


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _target(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115
    except OSError:
        return str(link)


def is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry of a folder is a link, also one of Windows' own to a folder."""
    # A junction is Windows' own link to a folder; Python tells it from 3.12 on.
    junction: Callable[[], bool] | None = getattr(entry, "is_junction", None)
    return entry.is_symlink() or bool(junction and junction())
