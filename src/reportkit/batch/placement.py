"""Putting files into place: each in one step, and not before all of a report are safely on the disk."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportkit.exporters.formats import FORMATS
from reportkit.files import (
    OWN,
    ChangedError,
    all_on_disk,
    move_all,
    move_new,
    own_folder,
    read_now,
    remove_if,
    write_parts,
)
from reportkit.files.locations import is_remote, move, remove, write
from reportkit.notebook import is_edited
from reportkit.translation import _

PAGES = tuple(f".{name}" for name in FORMATS)

SUFFIXES = (".ipynb", *PAGES)
"""What a report consists of; docs and tests know them by these names."""

FAILED = ".failed.ipynb"
"""The suffix of the notebook that is kept when a report could not be made."""

NOTEBOOKS = (".ipynb", FAILED)
"""The notebooks of a report, in which somebody may have changed a cell."""

_TRIES = 3


def parts_folder(out: Path) -> Path:
    """Return where files are written before they are moved into place: on the same disk, out of everybody's way."""
    return out / OWN / "parts"


def write_all(files: Mapping[Path, bytes], out: Path, expected: Mapping[Path, bytes | None] | None = None) -> None:
    """Write files below `out`; none appears under its name before all of them are whole and on the disk.

    Those in `expected` are written only if they still hold that. In a store all are written under their names at once:
    an object store replaces each object in one step.

    Raises OSError or ChangedError, and then none of the files has changed, unless it is the moving itself that failed;
    UserError if a store cannot be written.
    """
    pending = lay_down(files, out)
    with all_on_disk(pending.parts):
        _move(pending, expected or {})


def beside(target: Path, suffix: str) -> Path:
    """Return the target's file with a suffix; dots in a town's name stay."""
    return target.with_name(target.name + suffix)


def withdraw(target: Path, suffixes: Collection[str] = (*SUFFIXES, FAILED)) -> list[Path]:
    """Remove what an earlier build made of a report that now cannot be made, and return the files removed.

    A page left in place would be published with figures that no longer hold. A notebook with cells changed by hand
    stays.
    """
    return [path for suffix in suffixes if remove_unedited(path := beside(target, suffix))]


def remove_unedited(path: Path) -> bool:
    """Remove a file of a report, but no notebook that somebody has changed, up to this moment; return whether it is."""
    if path.suffix != ".ipynb" or is_remote(path):
        return not (path.suffix == ".ipynb" and is_edited(path)) and remove(path)
    content = read_now(path)
    if content is None or is_edited(path, content):
        return False
    with contextlib.suppress(ChangedError):
        remove_if(path, content)
        return True
    return False


def edited_notebooks(target: Path) -> list[Path]:
    """Return the notebooks of a report, made or failed, whose cells were changed by hand."""
    return [path for suffix in NOTEBOOKS if is_edited(path := beside(target, suffix))]


@dataclass(frozen=True)
class Pending:
    """Files that wait to be put into place: where each one's part lies, or for a store what they hold."""

    parts: Mapping[Path, Path] = field(default_factory=dict)
    contents: Mapping[Path, bytes] = field(default_factory=dict)


def lay_down(files: Mapping[Path, bytes], out: Path) -> Pending:
    """Write the files of a report where they wait to be put into place; another process may do that.

    Raises OSError, and then nothing is left of them.
    """
    if is_remote(out):
        return Pending(contents=files)
    return Pending(write_parts(files, own_folder(out, OWN, "parts")))


def put_in_place(pending: Pending, replaced: Iterable[Path]) -> str:
    """Put the files of a report into place, all of them whole and on the disk; return what there is to tell.

    `replaced` are the notebooks whose place they take: what somebody has changed in one while the report was being
    made, up to this moment, is moved out of the way. In a store all are written at once. Raises OSError, UserError if
    a store cannot be written, and ChangedError if somebody saves time and again.
    """
    replaced, told = list(replaced), list[str]()
    with all_on_disk(pending.parts):
        for left in reversed(range(_TRIES)):
            before = dict(_before(replaced, told))
            try:
                _move(pending, {path: content for path, content in before.items() if path in pending.parts})
                break
            except ChangedError:
                if not left:
                    raise
    return "\n".join(told)


def _move(pending: Pending, expected: Mapping[Path, bytes | None]) -> None:
    if pending.contents:
        write(pending.contents)
    move_all(pending.parts, expected)


def _before(notebooks: Iterable[Path], told: list[str]) -> Iterator[tuple[Path, bytes | None]]:
    """What stands where notebooks are to be written, once edited ones are out of the way; a store is not asked."""
    for path in notebooks:
        content = None if is_remote(path) else read_now(path)
        if (content is not None or is_remote(path)) and is_edited(path, content):
            kept, content = keep_aside(path), None
            told.append(
                _("{file}: changed by hand while the report was made; that is kept here").format(file=kept.name)
            )
        yield path, content


def keep_aside(path: Path) -> Path:
    """Move a file that was changed by hand out of the way of the new one; return its new name."""
    names = (path.with_name(f"{path.stem}.edited{number or ''}{path.suffix}") for number in itertools.count())
    for kept in names:
        if not kept.exists():
            with contextlib.suppress(FileExistsError):
                move(path, kept) if is_remote(path) else move_new(path, kept)
                return kept
    raise AssertionError
