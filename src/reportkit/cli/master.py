"""`reportkit update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.project import Project


@command(example="reportkit update")
def update(
    undo: Annotated[
        bool, typer.Option("--undo", help=_("Bring back the master that was there before; once more goes on."))
    ] = False,
) -> None:
    """Bring the project's master up to the one that comes with this reportkit; what you have changed in it stays.

    Exits with 1 if both have changed the same lines: then both stand in the cell, between marks.
    """
    from reportkit.project import find_project
    from reportkit.skeletons import go_back, update_master

    project = find_project()
    if undo:
        step = go_back(project)
        words = _("{path}: as step {step} left it; reportkit update brings it up to date again")
        say(words.format(path=project.shown(project.notebook), step=step.number))
        return
    _tell(project, *update_master(project)[1:])


def _tell(project: Project, cells: list[str], conflicts: list[str]) -> None:
    path = project.shown(project.notebook)
    if not cells:
        say(_("{path}: is of the version that comes with this reportkit; nothing to do").format(path=path))
        return
    words = _("{path}: brought up to this reportkit's master in cells {cells}; reportkit update --undo takes it back")
    say(words.format(path=path, cells=", ".join(cells)))
    for cell in conflicts:
        words = _(
            "{path}: cell {cell} is in conflict: leave the lines that are to stay, delete those that begin with "
            "<<<<<<<, ======= and >>>>>>>, and save it; until then no report that prints it is made"
        )
        say(words.format(path=path, cell=cell))
    if conflicts:
        raise typer.Exit(1)
