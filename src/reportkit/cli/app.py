"""The command itself, and what its subcommands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

from reportkit import __version__
from reportkit.cli.output import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Params = Annotated[
    list[str] | None,
    # No Path, which would make one slash of the two in s3://bucket.
    typer.Argument(
        metavar="[PARAMS]...",
        help="Parameter files or folders, also addresses (s3://…), or names; default: params/.",
    ),
]

TownName = Annotated[
    str, typer.Argument(metavar="TOWN", help="桑洲镇, 宁海县/桑洲镇, 2019/宁海县/桑洲镇, or its parameter file.")
]

Year = Annotated[int | None, typer.Option(help="The reporting year; default: the last one that has the town.")]


def _version(wanted: bool) -> None:
    if wanted:
        say(f"reportkit {__version__}")
        raise typer.Exit


@app.callback()
def reportkit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """One notebook, one data file per town: checked annual reports as HTML and PDF."""
