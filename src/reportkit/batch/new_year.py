"""A year is begun for many towns: each gets its parameter file, and what it has changed in its notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reportkit.batch.carried_edits import bring_up_to_date
from reportkit.batch.inputs import Loaded
from reportkit.batch.placement import edited_notebooks
from reportkit.errors import Issue, ReaderError, UserError, unwritten
from reportkit.files import put
from reportkit.notebook.towns import Edits, copy_path, go_on
from reportkit.params.first_words import Words
from reportkit.params.new_year import NewYear
from reportkit.project import Job, Project, jobs_of
from reportkit.project.new_year import Beginning, begin, begun_already


class Status(StrEnum):
    """What became of a town's new year; nothing was written of one that was there already or is refused."""

    written = "written"
    there = "there"
    refused = "refused"


@dataclass(frozen=True)
class Begun:
    """What became of one file: `last` is last year's, `path` this year's, None if there is none.

    `made` is what it holds, `edits` what has come along into the town's own copy, None if that was there already.
    `told` are lines about edits in last year's report. What is refused has `issues`, or a `reason`.
    """

    last: Path
    status: Status
    path: Path | None = None
    made: NewYear | None = None
    edits: Edits | None = None
    told: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Wishes:
    """How a year is begun; see `reportkit.project.new_year.begin`. With `dry_run` nothing is written."""

    words: Words = Words.last_year
    blank_as_zero: bool = False
    edition: str = ""
    dry_run: bool = False


def begin_year(project: Project, year: int, files: Iterable[Path], wishes: Wishes = Wishes()) -> Iterator[Begun]:
    """Yield what becomes of each of an earlier year's files; one that is there already is left alone.

    Each is written in one step, after the town's own copy: a run that was cut off is gone on with by another one.
    """
    for last in files:
        yield _begun(project, year, last, wishes)


def _begun(project: Project, year: int, last: Path, wishes: Wishes) -> Begun:
    try:
        if there := begun_already(project, last, year):
            return Begun(last, Status.there, there)
        found = begin(
            project, last, year, words=wishes.words, blank_as_zero=wishes.blank_as_zero, edition=wishes.edition
        )
        if wishes.dry_run:
            return Begun(last, Status.written, *found)
        return _written(project, last, found, wishes)
    except FileExistsError as error:
        return Begun(last, Status.there, Path(error.filename))
    except ReaderError as error:
        return Begun(last, Status.refused, issues=tuple(error.issues))
    except (UserError, OSError) as error:
        return Begun(last, Status.refused, reason=str(unwritten(error) if isinstance(error, OSError) else error))


def _written(project: Project, last: Path, found: Beginning, wishes: Wishes) -> Begun:
    (before,) = jobs_of(project, [(last, _inside(project, last))], ())
    (job,) = jobs_of(project, [(found.path, _inside(project, found.path))], ())
    told, edits = "", None
    if not copy_path(project, job.name).exists():
        told = _from_outputs(before)
        words = wishes.words is Words.last_year
        edits = go_on(project, job.name, found.made.filing, before.name, found.made.last, words=words)
    put(found.path, found.made.text.encode(), new=True)
    return Begun(last, Status.written, *found, edits, tuple(told.splitlines()))


def _from_outputs(job: Job) -> str:
    """Bring edits in a report's notebooks into the town's copy, as a build does, and return what there is to tell."""
    return bring_up_to_date(Loaded(job)) if edited_notebooks(job.target) else ""


def _inside(project: Project, path: Path) -> Path:
    inside = project.inside(path)
    assert inside is not None  # as that of each file of `files_of_year`
    return Path(inside)
