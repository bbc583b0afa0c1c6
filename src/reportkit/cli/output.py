"""All that the command line writes: nothing else in this package prints, and no text of a person gets past `signs`."""

from __future__ import annotations

import io
import logging
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from reportkit.cli.help import is_help, told_mistake
from reportkit.signs import json_text, one_line, visible

if TYPE_CHECKING:
    from reportkit.worddiff import Piece

ClickError: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What a mistake in the call raises; typer has no public name for it."""


def say(line: object = "", *, aside: bool = False, flush: bool = False) -> None:
    """Write one line to standard output, or `aside` to standard error, whatever signs and line ends are in it."""
    print(one_line(str(line)), file=sys.stderr if aside else sys.stdout, flush=flush)


def say_lines(head: str, lines: Sequence[str], *, aside: bool = False) -> None:
    """Write the first line as the {message} of a head and the others below it, indented.

    So none of them begins like a line of ours.
    """
    first, *others = lines or [""]
    say(head.format(message=first), aside=aside)
    for line in others:
        say(f"  {line}", aside=aside)


def show(text: str) -> None:
    """Write a text of many lines to standard output, a file for instance, as it is but for signs that nobody sees."""
    print(visible(text), end="", flush=True)


def show_json(value: Any) -> None:
    """Write a value to standard output as JSON."""
    print(json_text(value, indent=1))


def show_words(pieces: Sequence[Piece], indent: str) -> None:
    """Write a difference to standard output line by line, in colours if it is a terminal."""
    from reportkit.worddiff import coloured, plain

    for line in (coloured if sys.stdout.isatty() else plain)(pieces).split("\n"):
        print(f"{indent}{line}")


def prepare_libraries() -> None:
    """Let what Python and libraries write of themselves be as `say` has it."""
    warnings.showwarning = _warn
    if logging.lastResort:
        logging.lastResort.setFormatter(_Lines())


def tell_mistake(error: Any) -> None:
    """Write what is wrong with a call, with the usage of the command, to standard error."""
    if isinstance(getattr(error, "message", None), str) and not is_help(error):
        error.message = one_line(error.message)
    sys.stderr.write(visible(told_mistake(error) or _shown(error)))


def _shown(error: Any) -> str:
    text = io.StringIO()
    error.show(file=text)
    return text.getvalue()


def tell_fault() -> None:
    """Write the traceback of an exception that nobody expected to standard error."""
    sys.stderr.write(visible(traceback.format_exc()))


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _warn(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    say(f"{category.__name__}: {message}", aside=True)
