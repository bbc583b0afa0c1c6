"""The workbooks that a year's towns are to fill in, in one zip file, as `reportkit form --from` makes them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from reportkit.errors import UserError, reason_of
from reportkit.files import put
from reportkit.files.archive import archive_bytes
from reportkit.files.locations import read_local
from reportkit.form_workbook.next_form import next_form
from reportkit.form_workbook.town_workbooks import town_workbooks
from reportkit.project import Project, parameter_files, select
from reportkit.signs import visible
from reportkit.translation import _
from reportkit.workbench.serialization import at_root


def send_out(project: Project, year: int, tell: Callable[[dict[str, Any]], None]) -> None:
    """Make the workbooks of a year from the parameter files of the year before, and tell how far it is.

    They go into a new file in the project's folder; where one holds just the same already, that is it. A workbook that
    cannot be made is told, and the others go on. Raises UserError if there is nothing to make them from, or if the file
    cannot be written.
    """
    folder = project.params / str(year - 1)
    if not parameter_files(folder):
        words = _("Workbooks for {year} are made from the parameter files of {last}, and there are none.")
        raise UserError(words.format(year=year, last=year - 1))
    found = select(project, [folder])
    made: dict[str, bytes] = {}
    refused: list[str] = []
    total = len(found.files) + len(found.unlisted)
    told = {"what": "sent", "year": year, "total": total}
    tell({**told, "done": 0})
    for name, content in town_workbooks(project, found, folder, partial(next_form, project.forms, "", year)):
        if isinstance(content, bytes):
            made[name] = content
        else:
            refused.append(visible(at_root(_refusal(name, str(content)), project)))
        tell({**told, "done": len(made) + len(refused)})
    path = _placed(project, year, archive_bytes(made)) if made else None
    end = {"made": len(made), "refused": refused, "file": str(path or ""), "name": path.name if path else ""}
    tell({**told, "done": total, **end})


def _refusal(name: str, reason: str) -> str:
    """Why there is no workbook, with the file that it was to be made from."""
    return reason if reason.startswith(name) else _("{path}: {reason}").format(path=name, reason=reason)


def _placed(project: Project, year: int, content: bytes) -> Path:
    """The file with this content: one that is there, or a new one that takes the place of none."""
    stem = _("workbooks-{year}").format(year=year)
    for number in itertools.count(1):
        path = project.root.absolute() / f"{stem}{f'-{number}' if number > 1 else ''}.zip"
        try:
            put(path, content, new=True)
        except FileExistsError:
            if _holds(path, content):
                return path
        except OSError as error:
            words = _(
                "{path}: the workbooks were not written ({reason}); check your rights and the disk, and try again"
            )
            raise UserError(words.format(path=project.name_of(path), reason=reason_of(error))) from None
        else:
            return path
    raise AssertionError


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_local(path) == content
    except OSError:
        return False
