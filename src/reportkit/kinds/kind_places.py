"""Where the kinds of reports are: in a project, in another package, or with this one.

Whatever deals with a kind knows it by a reference: for one that comes with the package its name; for any other its
folder, with a mark of what lay in it, so that nothing that was made of an earlier state is taken for it.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportkit.errors import UserError
from reportkit.files.ownership import require_own
from reportkit.translation import _, in_a_row

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

KINDS = Path(__file__).parent
"""The folder with a folder for each kind that comes with the package."""

DEFAULT = "ogi"
"""The kind of a project that names none; its forms are chosen by the report's year."""

FILE = "kind.yaml"
OWN = "kinds"
"""The folder of a project for kinds of its own."""

GROUP = "reportkit.kinds"
"""The entry points of other packages: each names a package, whose folder is the kind's."""

_PACKAGE = "reportkit"
_MARK = "#"


class Place(NamedTuple):
    """A kind's name and folder, and where it is from: the package that it comes with, or the project's own folder."""

    name: str
    folder: Path
    source: str

    @property
    def reference(self) -> str:
        """What the kind is known by."""
        if self.folder.parent == KINDS:
            return self.name
        # What it extends lies beside it, mostly.
        beside = self.folder.parent if self.folder.parent.name == OWN else self.folder
        return f"{self.folder}{_MARK}{_mark_of(beside)}"


def folder_of(reference: str) -> Path:
    """Return the folder of a kind."""
    folder, is_marked, _ = reference.rpartition(_MARK)
    return Path(folder) if is_marked else KINDS / reference


def is_shipped(reference: str) -> bool:
    """Return whether a kind comes with the package."""
    return _MARK not in reference


def find_kind(name: str, root: Path | None = None) -> Place:
    """Return where a kind is: at a path, in a project's own folder, with this package, or with another one.

    A path goes out from `root`, as the folder of own kinds does. Raises UserError for a kind that there is not, and for
    one whose files are a stranger's.
    """
    base = (root or Path()).absolute()
    if {"/", os.sep} & {*name} or name in (".", ".."):
        return _in_folder(Path(os.path.abspath(base / name)), name)  # noqa: PTH100  (a link counts by its own path)
    if root and os.path.lexists(own := base / OWN / name):
        return _in_folder(own, OWN)
    if name in shipped_names():
        return Place(name, KINDS / name, _PACKAGE)
    for point in _points():
        if point.name == name:
            return _of_package(point)
    raise UserError(_no_such(name, [place.name for place in _all(root)]))


def all_kinds(root: Path | None = None) -> list[Place]:
    """Return the kinds that there are for a project, by name. One that cannot be used is among them."""
    return sorted(_all(root))


def shipped_names() -> list[str]:
    """Return the names of the kinds that come with the package."""
    return _names_in(KINDS)


@cache
def _names_in(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))


def _all(root: Path | None) -> Iterator[Place]:
    own = _own(root) if root else []
    taken = {place.name for place in own}
    yield from own
    yield from (Place(name, KINDS / name, _PACKAGE) for name in shipped_names() if name not in taken)
    for point in _points():
        if point.name not in taken:
            yield Place(point.name, _folder_of_package(point.value) or Path(), _distribution(point))


def _points() -> list[EntryPoint]:
    """The kinds of other packages, by name. A name of ours is ours: to install a package must change no project."""
    from importlib.metadata import entry_points  # which takes time, and most projects have a kind of ours

    found = {point.name: point for point in reversed(list(entry_points(group=GROUP)))}
    return [point for point in found.values() if point.name not in shipped_names()]


def _own(root: Path) -> list[Place]:
    folder = root.absolute() / OWN
    if not folder.is_dir():
        return []
    paths = (path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith((".", "_")))
    return [Place(path.name, path, OWN) for path in paths]


def _in_folder(folder: Path, source: str) -> Place:
    """The place of a kind that belongs to a person."""
    if not folder.is_dir():
        words = _("{path}: no such folder; a kind is a folder with a {file}")
        raise UserError(words.format(path=folder, file=FILE))
    if not (folder / FILE).is_file():
        words = _("{path}: no kind, as it has no {file}; write one with name and title (reportkit schema kind)")
        raise UserError(words.format(path=folder, file=FILE))
    for path in [folder, *files_in(folder)]:
        require_own(path)
    return Place(folder.name, folder, source)


def _of_package(point: EntryPoint) -> Place:
    folder = _folder_of_package(point.value)
    if folder is None or not (folder / FILE).is_file():
        words = _(
            "kind {name} of the package {package}: {value} is no package with a {file} in its folder; "
            "look for a later version of it, or take it out of this environment"
        )
        told = words.format(name=point.name, package=_distribution(point), value=point.value, file=FILE)
        raise UserError(told)
    return Place(point.name, folder, _distribution(point))


def _folder_of_package(module: str) -> Path | None:
    """The folder of a package, which need not be run for that."""
    try:
        found = util.find_spec(module)
    except (ImportError, ValueError):
        return None
    folders = list(found.submodule_search_locations or ()) if found else []
    return Path(folders[0]) if folders else None


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def files_in(folder: Path) -> list[Path]:
    """Return the files of a kind's folder, sorted; hidden ones, and what Python leaves behind, are not its own."""
    paths = sorted(folder.rglob("*"))
    return [
        path
        for path in paths
        if path.suffix != ".pyc"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    ]


def _mark_of(folder: Path) -> str:
    """A mark of what lies in a folder: other names, sizes or times are another mark."""
    found = hashlib.sha256()
    for path in files_in(folder):
        about = path.stat()
        found.update(f"{path.relative_to(folder)}\0{about.st_size}\0{about.st_mtime_ns}\0".encode(errors="replace"))
    return found.hexdigest()[:12]


def _no_such(name: str, names: Iterable[str]) -> str:
    there = sorted(set(names))
    close = difflib.get_close_matches(name, there, n=1)
    words = _("there is no kind {kind}; there is {names}, and one of your own is a folder {folder} with a {file}")
    if close:
        words = _("there is no kind {kind}; did you mean {close}? One of your own is a folder {folder} with a {file}")
    folder = f"{OWN}/{name}"
    return words.format(kind=name, names=in_a_row(there), close=close and close[0], folder=folder, file=FILE)
