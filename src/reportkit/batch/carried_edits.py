"""Edits that somebody has made in a report's notebook: they go into the town's own copy before the report is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportkit.batch.inputs import Loaded
from reportkit.batch.placement import edited_notebooks, keep_aside, write_all
from reportkit.errors import ReaderError
from reportkit.files import ChangedError
from reportkit.files.locations import read
from reportkit.files.ownership import require_own
from reportkit.notebook import mark_of, notebook_bytes, sign
from reportkit.notebook.towns import (
    Carried,
    Copy,
    CopyError,
    carry,
    copy_path,
    make_copy,
    note,
    parameters_changed,
)
from reportkit.notebook.validation import NotebookError, load_notebook
from reportkit.project import Job
from reportkit.translation import _

_TRIES = 3


def bring_up_to_date(loaded: Loaded) -> str:
    """Carry the edits found in a report's notebooks over to the town's own copy, and show in it what is in conflict.

    Returns a line for each thing that there is to tell. Raises UserError if the master cannot be read, a notebook is
    another user's, or somebody else changes the copy in this moment, OSError if one cannot be written; the edits are
    then where they were, as they are while the parameter file or the copy cannot be read, which the report's outcome
    tells.
    """
    job = loaded.job
    edited = edited_notebooks(job.target)
    try:
        if not edited and loaded.copy is None:
            return ""
        copy, town = loaded.copy, loaded.town
    except (CopyError, ReaderError):
        return ""
    for path in edited:
        require_own(path)  # what a stranger put there would be run from now on
    told = list(_strange(job, copy)) if copy else []
    if copy and (copy.base is None or copy.overtaken or town.merged.conflicts):
        town = make_copy(job.project, job.name, loaded.filing, "build", town)
        loaded.written(town)
    elif copy:
        note(job.project, copy)
    if town.merged.conflicts:
        return "\n".join(told)  # the report is invalid, so its notebooks stay where they are, edits and all
    return "\n".join([*told, *(line for path in edited for line in _carried(loaded, path))])


def _strange(job: Job, copy: Copy) -> Iterator[str]:
    """What a person would not expect of a copy."""
    where = job.project.shown(copy.path)
    if copy.overtaken:
        yield _("{path}: {reason}").format(path=where, reason=copy.overtaken)
    if copy.base is None:
        yield _("{copy}: not known what it was made from; all in it counts as the town's own").format(copy=where)
    if parameters_changed(copy, job.name):
        words = _("{copy}: its parameters cell was changed, which decides nothing; put it into the parameter file")
        yield words.format(copy=where)


def _carried(loaded: Loaded, path: Path) -> list[str]:
    """Carry the edits of one notebook over, and return what there is to tell; what is saved meanwhile comes, too."""
    job, told = loaded.job, list[str]()
    for left in reversed(range(_TRIES)):
        content = read(path)
        try:
            nb = load_notebook(path, content)
        except NotebookError as error:
            words = _("{file}: no longer a notebook ({reason}); kept as {kept}")
            return [*told, words.format(file=path.name, reason=error.reason, kept=keep_aside(path).name)]
        if (made := mark_of(nb)) is None or made.base is None:
            kept = keep_aside(path).name
            words = _("{file}: not known what it was made from; kept as {kept}, see reportkit adopt")
            return [*told, words.format(file=path.name, kept=kept)]
        taken = carry(job.project, job.name, loaded.filing, nb, "build", loaded.town)
        if taken.cells:
            loaded.written()
        told += _notices(job, path, taken)
        if taken.parameters:
            words = _("{file}: its parameters were changed by hand; these come from the parameter file, kept as {kept}")
            return [*told, words.format(file=path.name, kept=keep_aside(path).name)]
        # From here on it is as it was made: else the same edits would come again after they have been settled.
        sign(nb, job.name)
        try:
            write_all({path: notebook_bytes(nb)}, job.out, {path: content})
            break
        except ChangedError:
            if taken.conflicts or not left:
                raise
    return told


def _notices(job: Job, path: Path, taken: Carried) -> list[str]:
    if not taken.cells:
        return []
    where = job.project.shown(copy_path(job.project, job.name))
    words = _("{file}: edited cells {cells} were carried over to {copy}")
    return [words.format(file=path.name, cells=", ".join(taken.cells), copy=where)]
