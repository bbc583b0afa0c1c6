"""A year's parameter file where there is none yet: begun from last year's, as `reportkit new` begins it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportkit.batch.new_year import Begun, Status, begin_year
from reportkit.errors import UserError
from reportkit.project import Project
from reportkit.translation import _, ngettext
from reportkit.workbench.serialization import notice


def can_begin(project: Project, year: int, jurisdiction: str) -> bool:
    """Whether the unit has a file of the year before from which this year's can be begun."""
    try:
        return bool(_last(project, year, jurisdiction))
    except UserError:
        return False


def begun(project: Project, year: int, jurisdiction: str) -> dict[str, Any]:
    """Begin a unit's year, and return the message of it. Raises UserError if there is nothing to begin from."""
    (one,) = begin_year(project, year, [_last(project, year, jurisdiction)])
    if one.status == Status.refused:
        return notice("error", "\n".join([one.reason, *map(str, one.issues)]).strip())
    path = project.name_of(one.path) if one.path else ""
    if one.status == Status.there:
        return notice("note", _("{path} is there already").format(path=path))
    return notice("done", "\n".join([_("{path} is begun; run this cell again").format(path=path), *_along(one)]))


def _last(project: Project, year: int, jurisdiction: str) -> Path:
    return project.find(year - 1, jurisdiction)


def _along(one: Begun) -> list[str]:
    """What has come along from last year."""
    told = []
    if one.made and (number := len(one.made.carried)):
        words = ngettext("{number} figure carried over", "{number} figures carried over", number)
        told.append(words.format(number=number))
    if one.edits and one.edits.cells:
        told.append(_("its own cells {cells} came along").format(cells=", ".join(one.edits.cells)))
    if one.edits and one.edits.conflicts:
        told.append(_("in conflict: {cells}").format(cells=", ".join(one.edits.conflicts)))
    return told
