"""Which parameter files there are below a folder, here or in a store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePath

from reportkit.files.locations import below, is_remote, listing
from reportkit.files.walk import Walked, walk
from reportkit.params.reader import SUFFIXES, is_parameter_file


def parameter_files(folder: Path) -> list[Path]:
    """Return the parameter files below a folder, sorted; hidden and temporary files are left out.

    Raises UserError if the folder's store cannot be read.
    """
    return [folder / inside for inside in listed(folder).files]


def listed(folder: Path, params: Path | None = None) -> Walked:
    """Return the parameter files by their path in a folder, and what could not be looked into.

    `params` is the folder that this one may be a part of. Raises UserError if the folder's store cannot be read.
    """
    if is_remote(folder):
        return Walked(parameter_names(listing(folder)), [])
    whole = params if params and not is_remote(params) and below(folder.absolute(), params.absolute()) else None
    return walk(folder, lambda name: name.endswith(SUFFIXES), whole)


def parameter_names(files: Iterable[PurePath]) -> list[PurePath]:
    """Return those of some files that are meant as parameter files, sorted."""
    return sorted(filter(is_parameter_file, files))


def folder_digest(folder: Path) -> str:
    """Return a SHA-256 of the names of the parameter files directly in a local folder, "" if there is none."""
    try:
        names = sorted(path.name for path in folder.iterdir() if is_parameter_file(PurePath(path.name)))
    except OSError:
        return ""
    return hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()


def is_year(folder: str) -> bool:
    """Return whether a folder right below params/ is that of a year, by its name."""
    return folder.isascii() and folder.isdigit()
