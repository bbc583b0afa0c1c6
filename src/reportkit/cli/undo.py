"""`reportkit undo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, command
from reportkit.cli.output import say
from reportkit.cli.town_names import named
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.files import History, Step


@command(example="reportkit undo 桑洲镇 --list")
def undo(
    town: TownName,
    year: Year = None,
    to: Annotated[
        int | None, typer.Option(help=_("Bring back the version of this step, as --list numbers it."))
    ] = None,
    show: Annotated[
        bool, typer.Option("--list", help=_("List the steps: when each was made, and what made it."))
    ] = False,
    params: Annotated[
        bool, typer.Option("--params", help=_("The town's parameter file, instead of its notebook."))
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
        words = _("{path}: is in a store, of which no earlier versions are kept here; most stores keep them")
        raise UserError(words.format(path=path))
    history = History(project.root, path) if params else history_of(project, path)
    if show:
        _tell_steps(history, path, project.shown(path))
        return
    step = history.go_back(to) if params else go_back(project, name, to)
    words = _("{path}: removed, as before step {next}; reportkit undo {name} --to {back} takes this back")
    if step.digest:
        words = _("{path}: as step {step} left it, {made}; reportkit undo {name} --to {back} takes this back")
    back = history.steps[-2].number
    shown = project.shown(path)
    say(words.format(path=shown, step=step.number, made=_made(step), next=step.number + 1, name=name, back=back))


def _tell_steps(history: History, path: Path, shown: str) -> None:
    """List the steps of a file, the newest last; what is no longer kept, and what the file holds now, is marked."""
    from reportkit.files import read_now

    steps = history.steps
    if not steps:
        say(_("{path}: nothing has changed it yet").format(path=shown))
    for step in steps:
        ends = "" if history.is_kept(step) else "  " + _("(no longer kept)")
        ends = ends if step.digest else "  " + _("(no file)")
        say(f"{step.number:>4}  {_made(step)}{ends}")
    if steps and history.last_before(read_now(path)) == steps[-1]:
        say("  " + _(" now  changed by hand since"))


def _made(step: Step) -> str:
    from reportkit.notebook.towns import when

    by = _(step.by) if step.by else _("at the beginning")
    if step.back_to:
        return _("{when}  {command} to step {step}").format(when=when(step), command=by, step=step.back_to)
    return f"{when(step)}  {by}"
