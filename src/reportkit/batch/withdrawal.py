"""Reports that are asked for no more: their pages leave the folder, so that nobody publishes them, and are kept."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportkit.batch.placement import SUFFIXES, beside, remove_unedited
from reportkit.errors import UserError, reason_of
from reportkit.files import OWN, own_folder, put, remove_if
from reportkit.files.locations import is_remote, listing, read, remove
from reportkit.project import Job, Project
from reportkit.translation import _


@dataclass(frozen=True)
class Left:
    """A report whose parameter file `params` is gone: its files in the folder of reports, and where each is kept."""

    params: str
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def take_out(project: Project, out: Path, name: str, params: str) -> Left:
    """Move all files of a report out of a folder of reports into the project's `.reportkit/withdrawn/`.

    What lies there already stays: later files get a number. Raises UserError if a file cannot be moved; it is then in
    one of the two places, or in both.
    """
    files = sorted(_files(out, PurePosixPath(name)))
    kept = _keep(project, name, files)
    if not is_remote(out):
        _remove_empty((out / name).parent, out)
    return Left(params, tuple(files), tuple(kept))


def _keep(project: Project, name: str, files: list[Path]) -> list[Path]:
    """Move files of a report to where they are kept, and return the new paths. See `take_out`."""
    folder = (project.root / OWN / "withdrawn" / name).parent
    for number in itertools.count(1):
        kept = [folder / _numbered(path.name, PurePosixPath(name).name, number) for path in files]
        if not any(path.exists() for path in kept):
            break
    try:
        own_folder(project.root, OWN, "withdrawn", *PurePosixPath(name).parts[:-1])
        for path, place in zip(files, kept, strict=True):
            content = read(path)
            put(place, content, new=True)
            remove(path) if is_remote(path) else remove_if(path, content)
    except OSError as error:
        words = _("{path}: {reason}; a file of {name} has to leave")
        raise UserError(words.format(path=error.filename or folder, reason=reason_of(error), name=name)) from None
    return kept


def _files(out: Path, name: PurePosixPath) -> Iterator[Path]:
    """The report's own files, and what was kept beside them as it had been changed by hand."""
    own = re.compile(re.escape(name.name) + r"(?:\.failed)?(?:\.edited\d*)?\.(?:ipynb|html|pdf)")
    folder = out / name.parent.as_posix()
    if is_remote(out):
        yield from (
            out / path.as_posix() for path in listing(out) if path.parent == name.parent and own.fullmatch(path.name)
        )
    elif folder.is_dir():
        yield from (path for path in folder.iterdir() if own.fullmatch(path.name))


def _numbered(file: str, name: str, number: int) -> str:
    return file if number == 1 else f"{name}.{number}{file.removeprefix(name)}"


def _remove_empty(folder: Path, out: Path) -> None:
    with contextlib.suppress(OSError):  # the first that is not empty
        while folder != out:
            folder.rmdir()
            folder = folder.parent


def clear(job: Job, known: Collection[str]) -> str:
    """Take away what lies beside a report that has just been made and was not made with it; say what.

    A page of a format that was not asked for now would be published with figures that no longer hold: it is removed.
    Without notebooks, those of earlier builds are removed, and what somebody has edited in one is kept elsewhere; see
    `take_out`. `known` are the suffixes that the journal knows of; a store is asked for no others.
    """
    wanted = {f".{name}" for name in job.formats} | ({".ipynb"} if job.notebook else set())
    others = [beside(job.target, suffix) for suffix in SUFFIXES if suffix not in wanted]
    there = [path for path in others if _is_there(path, job, known)]
    gone = [path.name for path in there if remove_unedited(path)]
    pages = [name for name in gone if not name.endswith(".ipynb")]
    words = _("{files} of an earlier build was removed, as it was not made again")
    notes = [words.format(files=", ".join(pages))] if pages else []
    if not job.notebook and not is_remote(job.out):
        edited = list(_edited(job.target))
        moved = zip(edited, _keep(job.project, job.name, edited), strict=True)
        words = _("{file} is kept as {kept}")
        notes += [words.format(file=path.name, kept=job.project.shown(place)) for path, place in moved]
    return "\n".join(notes)


def _edited(target: Path) -> Iterator[Path]:
    """The notebooks beside a report; they are asked for one by one, as a folder of thousands is not to be listed."""
    for name in (target.name, f"{target.name}.failed"):
        if (own := target.with_name(f"{name}.ipynb")).exists():
            yield own
        aside = (target.with_name(f"{name}.edited{number or ''}.ipynb") for number in itertools.count())
        yield from itertools.takewhile(Path.exists, aside)


def _is_there(path: Path, job: Job, known: Collection[str]) -> bool:
    return path.name.removeprefix(job.target.name) in known if is_remote(path) else path.exists()
