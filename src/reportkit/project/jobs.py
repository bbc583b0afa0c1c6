"""The jobs: which parameter files are meant, and where each one's report goes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from reportkit.errors import UserError, reason_of
from reportkit.files.locations import is_remote, listing, may_be_there
from reportkit.files.walk import Linked, Walked, obstacle
from reportkit.params.reader import SUFFIXES
from reportkit.project.listings import listed, parameter_names
from reportkit.project.parameter_sets import Given
from reportkit.project.project import Project
from reportkit.translation import _

PART = "#"
"""Stands between a list and the name of a report that is made from a part of it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: a parameter file, the report's name, the formats wanted, and where they go.

    `file` is the parameter file, one of this machine as a text: of tens of thousands of jobs, paths would be the larger
    part. `name` is that of its files below `out` without their suffix, for instance 2019/宁海县/桑洲镇; without
    `notebook` no notebook is among them.
    With `plain_only` a notebook is not run that holds code, other than the master's kind of sentences and calls.
    With `log_output` what its cells print is kept to be told. `given` are the parameters of one that comes from a list,
    which `params` is then.
    """

    project: Project
    file: Path | str
    name: str
    formats: tuple[str, ...]
    out: Path
    notebook: bool = True
    plain_only: bool = False
    log_output: bool = False
    given: Given | None = None

    @property
    def params(self) -> Path:
        """Its parameter file, or the list that it comes from."""
        return Path(self.file) if isinstance(self.file, str) else self.file

    @property
    def source(self) -> str:
        """What it is made from, as the journal keeps it: the parameter file, or its own part of a list."""
        if self.given:
            return f"{self.project.list_name}{PART}{self.given.name}"
        return self.project.name_of(self.file)

    @property
    def place(self) -> str:
        """Where its parameters stand, as messages print it."""
        return self.project.shown(self.params) if self.given is None else str(self.given.place)

    @property
    def target(self) -> Path:
        """The path of its files without their suffix."""
        return self.out / self.name


class Selection(NamedTuple):
    """Parameter files, each with its path below params/ (or below the folder that was named).

    `unlisted` are folders and links whose files are not known, each with the reason.
    """

    files: list[tuple[Path, PurePath]]
    unlisted: list[tuple[Path, str]]


def select(project: Project, paths: Sequence[Path], year: int | None = None) -> Selection:
    """Return the parameter files that the paths name, all of params/ if there are none, in the order of the roster.

    What is neither file nor folder is taken for a name, of that `year`, as `named_path` does. Raises UserError for what
    is none of these or a folder without parameter files, and if a store cannot be read.
    """
    if project.source:
        words = _(
            "{list}: this project's reports are made of a notebook and a list of its parameters; "
            "the command is for parameter files of a form"
        )
        raise UserError(words.format(list=project.shown(project.params)))
    found: dict[Path, PurePath] = {}
    unlisted: dict[Path, str] = {}
    for path in [named_path(project, path, year) for path in paths] or [project.params]:
        named = _in_store(project, path) if is_remote(path) else _on_disk(project, path)
        for file, inside in named.files:
            own = project.inside(file)
            found.setdefault(file, inside if own in (None, inside) else own)  # not two paths for each of thousands
        unlisted |= named.unlisted
    files = project.in_order(found.items(), lambda file: file[1].with_suffix("").as_posix())
    return Selection(files, list(unlisted.items()))


def selected(project: Project, paths: Sequence[Path]) -> list[tuple[Path, PurePath]]:
    """Return the files that `select` does. Raises UserError, too, if there are folders whose files are not known."""
    found = select(project, paths)
    if found.unlisted:
        words = _("{path}: {reason}")
        raise UserError(*(words.format(path=project.shown(path), reason=reason) for path, reason in found.unlisted))
    return found.files


def _in_store(project: Project, path: Path) -> Selection:
    there = listing(path)
    if not there:
        raise UserError(_nothing(project, path))
    if PurePosixPath() in there:
        return Selection([(path, PurePosixPath(path.name))], [])
    return _of_folder(project, path, Walked(parameter_names(there), []))


def _on_disk(project: Project, path: Path) -> Selection:
    itself = Selection([(path, PurePath(path.name))], [])
    try:
        folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116
    except OSError as error:
        if path == project.params and not os.path.lexists(path):
            raise UserError(_not_begun(project)) from None
        dead = obstacle(path, path, Linked()) if path.is_symlink() else reason_of(error)
        return itself if path.name.endswith(SUFFIXES) else Selection([], [(path, dead)])
    if not folder or path.name.endswith(SUFFIXES):
        return itself
    return _of_folder(project, path, listed(path, project.params))


def named_path(project: Project, path: Path, year: int | None = None, *, folder: bool = False) -> Path:
    """Return the file or folder that a person means: the path itself if something is there, else what is called so.

    That is the file of a jurisdiction, as `Project.locate` finds it, or else a folder of the name; with `folder` the
    folder goes before a file. Raises UserError if there is neither.
    """
    if is_remote(path) or may_be_there(path):
        return path
    if path.is_absolute() or path.name.endswith(SUFFIXES) or is_remote(project.params):
        raise UserError(_nothing(project, path))
    name = path.as_posix()
    if folder and (found := project.folder_called(name, year)):
        return found
    try:
        return project.locate(name, year)
    except UserError as error:
        if found := project.folder_called(name, year):
            return found
        words = _("{path}: no such file or folder; parameter files are kept under params/; {reason}")
        raise UserError(words.format(path=project.shown(path), reason=error)) from None


def _of_folder(project: Project, path: Path, listed: Walked) -> Selection:
    if not listed.files and not listed.unlisted:
        raise UserError(_("{path}: no parameter file (*.yaml) in this folder").format(path=project.shown(path)))
    files = [(path / inside, inside) for inside in listed.files]
    return Selection(files, [(path / inside, reason) for inside, reason in listed.unlisted])


def _not_begun(project: Project) -> str:
    words = _(
        "{path}: no such folder, and so no parameter files; begin a project with reportkit init, "
        "or make a report for each row of a list: reportkit build --notebook FILE.ipynb LIST"
    )
    return words.format(path=project.shown(project.params))


def _nothing(project: Project, path: Path) -> str:
    words = _("{path}: no such file or folder; parameter files are kept under params/")
    return words.format(path=project.shown(path))


def plan(
    project: Project, paths: Sequence[Path], formats: Sequence[str], out: Path | None = None, notebook: bool = True
) -> list[Job]:
    """Return a job for each parameter file that the paths name; dist/ mirrors params/.

    Raises UserError as `selected` and `jobs_of` do.
    """
    return jobs_of(project, selected(project, paths), formats, out, notebook)


def jobs_of(
    project: Project,
    files: Iterable[tuple[Path, PurePath]],
    formats: Sequence[str],
    out: Path | None = None,
    notebook: bool = True,
) -> list[Job]:
    """Return a job for each of some selected files. Raises UserError if two would write the same report."""
    out = (out or project.dist).absolute()
    formats = tuple(formats)
    jobs: dict[str, Job] = {}
    for file, inside in files:
        name = inside.with_suffix("").as_posix()
        job = Job(project, file if is_remote(file) else str(file), name, formats, out, notebook)
        if name in jobs:
            words = _("{one} and {other} would both write {target}")
            other = project.shown(jobs[name].params)
            raise UserError(words.format(one=project.shown(file), other=other, target=job.target))
        jobs[name] = job
    return list(jobs.values())


def jobs_of_sets(project: Project, formats: Sequence[str], out: Path | None = None, notebook: bool = True) -> list[Job]:
    """Return a job for each parameter set of the project's list. Raises UserError with all that is wrong in it."""
    out, params = (out or project.dist).absolute(), project.params
    return [
        Job(project, params, name, tuple(formats), out, notebook, given=given) for name, given in project.sets.items()
    ]
