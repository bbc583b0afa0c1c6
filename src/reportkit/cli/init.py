"""`reportkit init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.skeletons import Begun


@command(example="reportkit init reports --kind notebook")
def init(
    folder: Annotated[
        str,
        typer.Argument(
            metavar=_("FOLDER"),
            show_default=False,
            help=_("Where; made if it is not there. Default: the current folder."),
        ),
    ] = ".",
    kind: Annotated[
        str,
        typer.Option(
            metavar=_("KIND"), help=_("What the reports are, as `reportkit kinds` lists it, or a kind's folder.")
        ),
    ] = "ogi",
) -> None:
    """Begin a project that can be built at once: settings, a notebook, a sample, and a README that says how to go on.

    If a file of one of the names is there already, nothing is written.
    """
    from reportkit.skeletons import begin

    begun = begin(folder, kind)
    for name in begun.files:
        say(Path(folder, name))
    for line in _lines(folder, begun):
        say(line, aside=True)


def _lines(folder: str, begun: Begun) -> list[str]:
    lines = []
    if begun.within:
        words = _("{folder} lies in the project {other}: commands take {folder} for what is in it, not {other}")
        lines.append(words.format(folder=folder, other=begun.within))
    go_on = "reportkit build"
    if begun.folder != Path.cwd():
        go_on = f"cd {shlex.quote(folder)} && {go_on}"
    words = _("a project with {number} files; go on with: {command}")
    return [*lines, words.format(number=len(begun.files), command=go_on)]
