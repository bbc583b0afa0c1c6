"""Edits that somebody has made in a report's notebook: they go into the town's own copy before the report is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from reportkit.batch.place import edited_notebooks, keep_aside, write_all
from reportkit.copies import Carried, Copy, carry, copy_path, make_copy, parameters_changed, read_copy, read_town
from reportkit.errors import ReaderError
from reportkit.filing import Filing
from reportkit.locations import read
from reportkit.notebook import mark_of, notebook_bytes, sign
from reportkit.notebook.cells import cells_of
from reportkit.project import Job


def bring_up_to_date(job: Job) -> str:
    """Carry the edits found in a report's notebooks over to the town's own copy, and show in it what is in conflict.

    Returns a line for each thing that there is to tell. Raises UserError if a notebook cannot be read or somebody else
    changes the copy in this moment, OSError if one cannot be written; the edits are then where they were.
    """
    edited = edited_notebooks(job.target)
    copy = read_copy(copy_path(job.project, job.name))
    if not edited and copy is None:
        return ""
    try:
        filing = job.project.read(job.params)
    except ReaderError:
        return ""  # which the report's outcome tells; the edits stay where they are until the file can be read
    town = read_town(job.project, job.name, filing)
    told = list(_strange(job, copy)) if copy else []
    if copy and (copy.base is None or town.merged.conflicts):
        town = make_copy(job.project, job.name, filing)
    if town.merged.conflicts:
        return "\n".join(told)  # the report is invalid, so its notebooks stay where they are, edits and all
    return "\n".join([*told, *(line for path in edited for line in _carried(job, filing, path))])


def _strange(job: Job, copy: Copy) -> Iterator[str]:
    """What a person would not expect of a copy."""
    where = job.project.shown(copy.path)
    if copy.base is None:
        yield f"{where}: not known what it was made from; all in it counts as the town's own"
    if parameters_changed(copy, job.name):
        yield f"{where}: its parameters cell was changed, which decides nothing; put it into the parameter file"


def _carried(job: Job, filing: Filing, path: Path) -> list[str]:
    """Carry the edits of one notebook over, and return what there is to tell."""
    try:
        nb = json.loads(read(path))
        cells_of(nb)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"{path.name}: no longer a notebook ({error}); kept as {keep_aside(path).name}"]
    if (made := mark_of(nb)) is None or made.base is None:
        return [f"{path.name}: not known what it was made from; kept as {keep_aside(path).name}, see reportkit adopt"]
    taken = carry(job.project, job.name, filing, nb)
    if taken.parameters:
        kept = keep_aside(path)
        why = "its parameters were changed by hand; these come from the parameter file"
        return [*_told(job, path, taken), f"{path.name}: {why}, kept as {kept.name}"]
    # From here on the notebook is as it was made: else the same edits would come again after they have been settled.
    sign(nb, job.name)
    write_all({path: notebook_bytes(nb)}, job.out)
    return _told(job, path, taken)


def _told(job: Job, path: Path, taken: Carried) -> list[str]:
    if not taken.cells:
        return []
    where = job.project.shown(copy_path(job.project, job.name))
    return [f"{path.name}: edited cells {', '.join(taken.cells)} were carried over to {where}"]
