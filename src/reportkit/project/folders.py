"""Where files and modules of a notebook are looked for, the same on every road: beside it, then from the root on.

A build says which folders these are for the report at hand. A kernel looks for its project from the folder in which it
was started, when it starts (`load_ipython_extension`) or at the latest when a cell calls `path`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reportkit.files.locations import is_remote, real
from reportkit.project.discovery import find_project
from reportkit.project.project import Project
from reportkit.project.root import current_folder
from reportkit.translation import _, in_a_row

_PACKAGES = ("site-packages", "dist-packages")

_folders: tuple[Path, ...] = ()


def folders_of(project: Project, current: Path, beside: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return where a notebook's files and modules are looked for, in this order.

    First the folder in which its cells begin, unless that is the root; then those `beside` which it lies, without any
    that of the project's notebook; the root is the last. A folder in a store is none of them.
    """
    root = real(project.root)
    near = [current, *(list(beside) or [project.notebook.parent])]
    return (*dict.fromkeys(place for folder in near if not is_remote(folder) and (place := real(folder)) != root), root)


@contextmanager
def looked_in(folders: Iterable[Path]) -> Iterator[None]:
    """Let modules and `path` be looked for in these folders during the block."""
    global _folders
    before, modules = _folders, list(sys.path)
    look_in(folders)
    try:
        yield
    finally:
        _folders = before
        sys.path[:] = modules


def look_in(folders: Iterable[Path]) -> None:
    """Let modules and `path` be looked for in these folders from now on, and in no others of a project."""
    global _folders
    _folders = tuple(folders)
    if sys.flags.safe_path:
        return
    # What is not there holds no module; who searches the path for packages would open it, and a build take it for read.
    own = [str(folder) for folder in _folders if folder.is_dir()]
    others = [entry for entry in sys.path if entry not in own]
    # Behind the standard library and before packages, where IPython puts the folder in which it was started. Before
    # that one, too: papermill starts a kernel in another folder than JupyterLab, which is not to decide between two.
    ends = (i for i, entry in enumerate(others) if entry == "" or entry.endswith(_PACKAGES))
    place = next(ends, len(others))
    sys.path[:] = [*others[:place], *own, *others[place:]]


def look_from_here() -> Project:
    """Let modules and `path` be looked for where the project of the current folder has them, and return that project.

    Raises UserError as `find_project` does.
    """
    here = current_folder()
    project = find_project(here)
    look_in(folders_of(project, here))
    return project


def path(name: str | os.PathLike[str]) -> Path:
    """Return where a file or folder is that a notebook names: beside the notebook, or else from the project's root on.

    So one name holds in JupyterLab, with nbconvert and papermill, and in `reportkit build`, whatever the working
    directory is. Raises FileNotFoundError that names all places in which it is not, and UserError for a project that
    cannot be read.
    """
    if not _folders:
        look_from_here()
    places = list(dict.fromkeys(folder / name for folder in _folders))
    for place in places:
        # A build watches what is opened; a file that is not there yet, and would be taken before another, counts, too.
        sys.audit("open", str(place), None, os.O_RDONLY)
        if place.exists():
            return place
    words = _("{name} is neither beside the notebook nor in its project; looked for: {places}")
    raise FileNotFoundError(words.format(name=name, places=in_a_row(map(str, places))))
