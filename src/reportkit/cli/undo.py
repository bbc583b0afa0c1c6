"""`reportkit undo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, app
from reportkit.cli.edits import named
from reportkit.cli.output import say

if TYPE_CHECKING:
    from reportkit.files import History, Step


@app.command(epilog="Example: reportkit undo 桑洲镇 --list")
def undo(
    town: TownName,
    year: Year = None,
    to: Annotated[int | None, typer.Option(help="Bring back the version of this step, as --list numbers it.")] = None,
    show: Annotated[bool, typer.Option("--list", help="List the steps: when each was made, and what made it.")] = False,
    params: Annotated[
        bool, typer.Option("--params", help="The town's parameter file, instead of its notebook.")
    ] = False,
) -> None:
    """Bring back the version before of a town's own copy; once more goes one step further back.

    The version that was there is kept, as a step like the others: with --to you are back at it.
    """
    from reportkit.errors import UserError
    from reportkit.files import History
    from reportkit.files.locations import is_remote
    from reportkit.notebook.towns import copy_path, history_of
    from reportkit.notebook.towns import undo as go_back
    from reportkit.project import find_project

    project = find_project()
    name, path = named(project, town, year)
    if not params:
        path = copy_path(project, name)
    if is_remote(path):
        raise UserError(f"{path}: is in a store, of which no earlier versions are kept here; most stores keep them")
    history = History(project.root, path) if params else history_of(project, path)
    if show:
        _tell_steps(history, path, project.shown(path))
        return
    step = history.go_back(to) if params else go_back(project, name, to)
    was = (
        f"as step {step.number} left it, {_made(step)}" if step.digest else f"removed, as before step {step.number + 1}"
    )
    say(f"{project.shown(path)}: {was}; reportkit undo {name} --to {history.steps[-2].number} takes this back")


def _tell_steps(history: History, path: Path, shown: str) -> None:
    """List the steps of a file, the newest last; what is no longer kept, and what the file holds now, is marked."""
    from reportkit.files import read_now

    steps = history.steps
    if not steps:
        say(f"{shown}: nothing has changed it yet")
    for step in steps:
        ends = "" if history.is_kept(step) else "  (no longer kept)"
        say(f"{step.number:>4}  {_made(step)}{ends}" if step.digest else f"{step.number:>4}  {_made(step)}  (no file)")
    if steps and history.last_before(read_now(path)) == steps[-1]:
        say("   now  changed by hand since")


def _made(step: Step) -> str:
    from reportkit.notebook.towns import when

    back = f" to step {step.back_to}" if step.back_to else ""
    return f"{when(step)}  {step.by or 'at the beginning'}{back}"
