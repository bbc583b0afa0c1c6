"""Where a project begins: the nearest folder upwards that has what a project has, on the same file system."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from reportkit.errors import UserError
from reportkit.files.ownership import SAFE, is_safe
from reportkit.project.config import CONFIG
from reportkit.translation import _


def root_above(start: Path) -> Path | None:
    """Return the nearest folder upwards, from a path on, that is a project's, None if there is none.

    Raises UserError if it is beyond the border of a file system: what is mounted is not looked after by those who own
    the folder above.
    """
    root = next((folder for folder in (start, *start.parents) if is_root(folder)), None)
    if root and root != start and _device(start) != _device(root) and not is_safe(root):
        words = _(
            "{root} is a project, but {folder} below it is on another file system. If it is meant, call the command in "
            "{root}, or list that folder in {variable}; or begin a project here: "
            "a folder with an empty {config} is one"
        )
        raise UserError(words.format(root=root, folder=start, variable=SAFE, config=CONFIG))
    return root


def is_root(folder: Path) -> bool:
    """Return whether a folder is a project's: it has a reportkit.toml or a params/ folder."""
    # A link that leads nowhere is meant, too: whoever reads the file tells.
    return os.path.lexists(folder / CONFIG) or os.path.isdir(folder / "params")  # noqa: PTH112


def _device(path: Path) -> int:
    """The file system of a path, or of the nearest folder above it that can be looked at."""
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError, ValueError):
            return os.stat(folder).st_dev  # noqa: PTH116
    return 0


def current_folder() -> Path:
    """Return the current folder. Raises UserError if it is gone."""
    try:
        return Path.cwd()
    except OSError:
        words = _("the current folder is gone: go to one that is there (cd) and call the command again")
        raise UserError(words) from None
