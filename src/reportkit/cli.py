"""The command line: the only module that prints or exits."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit import __version__

if TYPE_CHECKING:
    from reportkit.batch import Outcome
    from reportkit.errors import Issue

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Params = Annotated[
    list[Path] | None, typer.Argument(metavar="[PARAMS]...", help="Parameter files or folders; default: params/.")
]


class Format(StrEnum):
    """What `build` can make."""

    html = "html"
    pdf = "pdf"


class Layout(StrEnum):
    """How `check` prints its findings."""

    text = "text"
    json = "json"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"reportkit {__version__}")
        raise typer.Exit


@app.callback()
def reportkit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """One notebook, one data file per town: checked annual reports as HTML and PDF."""


@app.command(epilog="Example: reportkit build params/2019/宁海县 --to html --to pdf")
def build(
    params: Params = None,
    to: Annotated[list[Format] | None, typer.Option(help="Formats to make; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the reports; default: dist/.")] = None,
) -> None:
    """Make the reports: checks, master notebook, HTML and PDF. dist/ mirrors params/."""
    from reportkit.batch import run
    from reportkit.project import find_project, plan

    formats = [chosen.value for chosen in dict.fromkeys(to or Format)]
    jobs = plan(find_project(), params or [], formats, out)
    outcomes = []
    for outcome in run(jobs):
        outcomes.append(outcome)
        _tell(outcome)
    counts = {
        status: sum(outcome.status == status for outcome in outcomes) for status in ("built", "invalid", "failed")
    }
    print(", ".join(f"{number} {status}" for status, number in counts.items() if number or status == "built"))
    raise typer.Exit(0 if counts["built"] == len(outcomes) else 1)


@app.command(epilog="Example: reportkit check params/2019/宁海县/桑洲镇.yaml --format json")
def check(
    params: Params = None,
    layout: Annotated[Layout, typer.Option("--format", help="Lines for people, or JSON.")] = Layout.text,
) -> None:
    """Check the figures without making anything: one line per issue, PATH:LINE CODE severity message."""
    from reportkit.errors import ReaderError
    from reportkit.filing import check as check_filing
    from reportkit.project import find_project, selected

    project = find_project()
    issues: list[Issue] = []
    files = selected(project, params or [])
    for path, _ in files:
        try:
            found = check_filing(project.read(path))
        except ReaderError as error:
            found = error.issues
        issues += found
        if layout is Layout.text:
            _print_issues(found)
    if layout is Layout.json:
        print(json.dumps([issue.as_dict() for issue in issues], ensure_ascii=False, indent=1))
    errors = sum(issue.severity == "error" for issue in issues)
    summary = [f"{len(files)} checked", _count(errors, "error"), _count(len(issues) - errors, "warning")]
    print(", ".join(summary), file=sys.stderr)
    raise typer.Exit(1 if errors else 0)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_issues(issues: list[Issue]) -> None:
    for issue in issues:
        print(issue)


def _tell(outcome: Outcome) -> None:
    """One line per outcome; below it, what kept a report from being made."""
    shown = outcome.job.project.shown
    if outcome.status == "built":
        files = " ".join(shown(path) for path in outcome.files if path.suffix != ".ipynb")
        warnings = f" ({_count(len(outcome.issues), 'warning')}: reportkit check)" if outcome.issues else ""
        print(f"built {files}{warnings}")
        return
    print(f"{outcome.status} {shown(outcome.job.params)}")
    _print_issues([issue for issue in outcome.issues if issue.severity == "error"])
    if outcome.reason:
        print(f"  {outcome.reason}")


def main() -> None:
    """Run the command line; a mistake in the call or in a file is a message, not a traceback."""
    from reportkit.errors import UserError

    for stream in (sys.stdout, sys.stderr):
        # A clerk's console may not have every character; a message with a box in it is better than none.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
