"""The command itself, and what its subcommands have in common."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit import __version__
from reportkit.cli.help import Command, Group, first_sentence
from reportkit.cli.output import say
from reportkit.translation import _

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Params = Annotated[
    list[str] | None,
    # No Path, which would make one slash of the two in s3://bucket.
    typer.Argument(
        metavar=_("PARAMS"),
        help=_("Parameter files or folders, also addresses (s3://…), or names; default: params/."),
    ),
]

TownName = Annotated[
    str, typer.Argument(metavar=_("TOWN"), help=_("桑洲镇, 宁海县/桑洲镇, 2019/宁海县/桑洲镇, or its parameter file."))
]

Year = Annotated[int | None, typer.Option(help=_("The reporting year; default: the last one that has the town."))]

Out = Annotated[Path | None, typer.Option("-o", "--out", help=_("Write to this file; a workbook needs one."))]


def command(
    name: str | None = None, *, example: str, cls: type[Command] = Command
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that makes a command of a function; its docstring is the help, with an example below."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        words = _documented(function)
        return app.command(
            name,
            cls=cls,
            help=words,
            short_help=first_sentence(words),
            epilog=_("Example: {command}").format(command=example),
        )(function)

    return add


def _documented(function: Callable[..., Any]) -> str:
    """What a function says of itself, in the language of the person."""
    return _(inspect.cleandoc(function.__doc__ or ""))


def _version(wanted: bool) -> None:
    if wanted:
        say(f"reportkit {__version__}")
        raise typer.Exit


@app.callback(cls=Group, help=_("One notebook, one data file per town: checked annual reports as HTML and PDF."))
def reportkit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version."))
    ] = False,
) -> None:
    """The command without a subcommand."""
