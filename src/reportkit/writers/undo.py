"""One step back for files that a person edits here: the version before the last save is kept, whole.

It is kept in `.reportkit/undo/` below the project's root, under the file's own path.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from reportkit.errors import UserError
from reportkit.locations import below
from reportkit.writers.places import put


def keep(project_root: Path, path: Path) -> Path:
    """Copy the present version of a file aside, in the place of the one kept before, and return where it is.

    Raises OSError, and then the version kept before is still there.
    """
    kept = _kept(project_root, path)
    put(kept, path.read_bytes(), new=not kept.exists())
    return kept


def has_kept(project_root: Path, path: Path) -> bool:
    """Return whether there is an earlier version to go back to."""
    return _kept(project_root, path).is_file()


def restore(project_root: Path, path: Path) -> None:
    """Put the kept version back, and keep the present one in its place: a second call takes the step forward again.

    Raises UserError if no version was kept, and OSError if a file cannot be written; the present version is never lost.
    """
    kept = _kept(project_root, path)
    if not kept.is_file():
        raise UserError(f"{path}: no earlier version is kept; there is one after the first save")
    before = kept.read_bytes()
    if not path.exists():
        put(path, before, new=True)
        return
    present = kept.with_name(f".{kept.name}.present")  # until the other is in its place, both are kept
    put(present, path.read_bytes(), new=not present.exists())
    put(path, before, new=False)
    present.replace(kept)


def _kept(project_root: Path, path: Path) -> Path:
    inside = below(path.absolute(), project_root.absolute())
    # A file elsewhere, for instance in params/ on a network drive, is kept under its whole path.
    return project_root / ".reportkit" / "undo" / (inside or PurePath("elsewhere", *path.absolute().parts[1:]))
