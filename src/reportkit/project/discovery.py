"""Finding the project: from the current folder, from the files that are named, from a town's name."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from reportkit.errors import UserError
from reportkit.files.locations import below, is_remote, location, may_be_there, real
from reportkit.files.ownership import require_own, require_own_root
from reportkit.kinds import find_kind, load_kind
from reportkit.params.reader import SUFFIXES
from reportkit.project.config import CONFIG, Config, read_config
from reportkit.project.masters import packaged_master
from reportkit.project.parameter_sets import SetSource
from reportkit.project.project import Project
from reportkit.project.root import current_folder, is_root, root_above
from reportkit.translation import _


def find_project(start: Path | None = None) -> Project:
    """Return the project that a folder (the current one by default) belongs to.

    Its root is the nearest folder upwards with a reportkit.toml or a params/ folder; without any, the folder itself.
    Raises UserError for a reportkit.toml that is not right, and for a project that would run a stranger's code: one
    of another user, or beyond the border of a file system; see reportkit.files.ownership.
    """
    start = real(start or current_folder())
    return load_project(root_above(start) or start)


def project_of(paths: Iterable[Path]) -> Project:
    """Return the project that the named files and folders lie in; the current folder's if they lie in none.

    Raises UserError if they lie in two, and as `find_project` does.
    """
    current: Project | None = None
    with contextlib.suppress(UserError):  # which is told if the files are its own
        current = find_project()
    roots: dict[Path, Path] = {}
    for path in paths:
        if not is_remote(path) and (root := _root_of(path, current)):
            roots.setdefault(root, path)
    if len(roots) > 1:
        each = (_("{path} is of {root}").format(path=path, root=root) for root, path in roots.items())
        words = _(
            "these files are of {number} projects: {listed}; "
            "each has a master of its own; call the command for each of them"
        )
        raise UserError(words.format(number=len(roots), listed=_("; ").join(each)))
    root = next(iter(roots), None)
    if current and root in (None, current.root):
        return current
    return load_project(root) if root else find_project()


def project_of_town(*towns: str) -> Project:
    """Return the project of towns as `Project.locate` takes them: the one that the files lie in which are named so.

    Raises UserError as `project_of` does.
    """
    return project_of(location(town) for town in towns if town.endswith(SUFFIXES))


def _root_of(path: Path, current: Project | None) -> Path | None:
    """The root of the project that a file or folder lies in: by its own path, or else by where its links lead."""
    if current and (below(path.absolute(), current.params.absolute()) is not None or current.inside(path)):
        return current.root
    own = real(path) if ".." in path.parts else path.absolute()
    root = root_above(own) or root_above(real(path))
    if root is None and current and is_root(current.root):
        return current.root
    return root and real(root)


def load_project(root: Path) -> Project:
    """Return the project at a root folder; see find_project."""
    config = Config()
    if is_root(root):
        require_own_root(root)
        if os.path.lexists(file := root / CONFIG):
            require_own(file)
            config = read_config(file)
    kind = load_kind(find_kind(config.kind, root).reference)
    notebook = location(config.notebook, root)
    # To ask a store takes time, for each report; somebody has written that address down, so it is meant.
    packaged = packaged_master(kind)
    there = is_remote(notebook) or may_be_there(notebook) or not packaged.exists()
    require_own(notebook)
    params = location(config.params, root)
    return Project(
        root=root,
        params=params,
        notebook=notebook if there else packaged,
        forms_folder=root / config.forms,
        dist=location(config.dist, root),
        copies=location(config.copies, root),
        waived=config.waived,
        compare=config.compare,
        source=SetSource.of(params, config) if kind.is_of_any_notebook else None,
        cwd=root / config.cwd if config.cwd else None,
        roster_file=root / config.roster,
        style=config.style,
        kind_reference=kind.reference,
        brand=config.brand,
        page=json.dumps(config.page, default=str) if config.page else "",  # a date is written as one
    )
