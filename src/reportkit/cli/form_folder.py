"""`reportkit form --from FOLDER`: a workbook for each town, in a folder or a zip file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reportkit.cli.output import say, say_lines
from reportkit.translation import _, counted

if TYPE_CHECKING:
    from reportkit.form_workbook.town_workbooks import FormOf
    from reportkit.project import Project


def make_each(project: Project, folder: Path, output: Path, form_of: FormOf, *, force: bool) -> None:
    """Make a workbook for each town of a folder, in a .zip or a folder.

    One that cannot be made is told, and others go on; then the command exits with 1.
    """
    from reportkit.errors import UserError
    from reportkit.form_workbook.town_workbooks import town_workbooks
    from reportkit.project import select

    if output.suffix.lower() in (".xlsx", ".xls"):
        words = _("{path} is a folder; name a folder or a .zip with -o for its workbooks, or make a list with --county")
        raise UserError(words.format(path=project.shown(folder)))
    made: dict[str, bytes] = {}
    lost = 0
    for name, content in town_workbooks(project, select(project, [folder]), folder, form_of):
        if isinstance(content, bytes):
            made[name] = content
        else:
            lost += 1
            say_lines(_("refused {message}"), [name, *str(content).splitlines()])
    if output.suffix.lower() == ".zip":
        _zip(project, output, made, force=force)
    else:
        lost += sum(not _written(project, output / name, content, force=force) for name, content in made.items())
    raise typer.Exit(1 if lost else 0)


def _zip(project: Project, output: Path, made: dict[str, bytes], *, force: bool) -> None:
    from reportkit.files.archive import archive_bytes

    if made:
        _put(output, archive_bytes(made), force=force)
        where = project.shown(output)
        say(counted(len(made), "{number} workbook in {path}", "{number} workbooks in {path}", path=where))


def _written(project: Project, output: Path, content: bytes, *, force: bool) -> bool:
    """Write one of many workbooks, and tell it; False if it cannot be written."""
    from reportkit.errors import UserError

    try:
        _put(output, content, force=force)
    except UserError as error:
        say(_("refused {message}").format(message=error))
        return False
    say(_("written {path}").format(path=project.shown(output)))
    return True


def _put(output: Path, content: bytes, *, force: bool) -> None:
    from reportkit.cli.form import taken_as_told
    from reportkit.files import put

    with taken_as_told(output):
        put(output, content, new=not force or not os.path.lexists(output))
