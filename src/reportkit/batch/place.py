"""Putting files into place: each in one step, and not before all of a report are safely on the disk."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from pathlib import Path

from reportkit.locations import is_remote, move, remove, write
from reportkit.notebook import is_edited

SUFFIXES = (".ipynb", ".html", ".pdf")
"""What a report consists of; docs and tests know them by these names."""

FAILED = ".failed.ipynb"
"""The suffix of the notebook that is kept when a report could not be made."""

_numbers = itertools.count(1)


def parts_folder(out: Path) -> Path:
    """Return where files are written before they are moved into place: on the same disk, out of everybody's way."""
    return out / ".reportkit" / "parts"


def write_all(files: Mapping[Path, bytes], out: Path) -> None:
    """Write files below `out`; none appears under its name before all of them are whole and on the disk.

    In a store they are written under their names at once: an object store replaces each object in one step.

    Raises OSError, and then none of the files has changed, unless it is the moving itself that failed; UserError if a
    store cannot be written.
    """
    if is_remote(out):
        write(files)
        return
    folder = parts_folder(out)
    folder.mkdir(parents=True, exist_ok=True)
    parts = {path: folder / f"{os.getpid()}-{next(_numbers)}" for path in files}
    try:
        for path, content in files.items():
            _write(parts[path], content)
        for parent in {path.parent for path in files}:
            parent.mkdir(parents=True, exist_ok=True)
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        # Without this, a power cut after the move can leave an empty file under the final name.
        os.fsync(file.fileno())


def beside(target: Path, suffix: str) -> Path:
    """Return the target's file with a suffix; dots in a town's name stay."""
    return target.with_name(target.name + suffix)


def withdraw(target: Path) -> list[Path]:
    """Remove what an earlier build made of a report that now cannot be made, and return the files removed.

    A page left in place would be published with figures that no longer hold. A notebook with cells changed by hand
    stays.
    """
    edited = edited_notebooks(target)
    paths = [beside(target, suffix) for suffix in (*SUFFIXES, FAILED)]
    return [path for path in paths if path not in edited and remove(path)]


def edited_notebooks(target: Path) -> list[Path]:
    """Return the notebooks of a report, made or failed, whose cells were changed by hand."""
    return [path for suffix in (".ipynb", FAILED) if is_edited(path := beside(target, suffix))]


def keep_edits(target: Path) -> str:
    """Move notebooks that somebody has changed while the report was being made out of its way; say so."""
    kept = [keep_aside(path) for path in edited_notebooks(target)]
    return "\n".join(f"{path.name}: changed by hand while the report was made; that is kept here" for path in kept)


def keep_aside(path: Path) -> Path:
    """Move a file that was changed by hand out of the way of the new one; return its new name."""
    names = (path.with_name(f"{path.stem}.edited{number or ''}{path.suffix}") for number in itertools.count())
    kept = next(name for name in names if not name.exists())
    move(path, kept)
    return kept
