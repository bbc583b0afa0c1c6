"""`reportkit check`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import Params, app
from reportkit.cli.words import count

if TYPE_CHECKING:
    from reportkit.errors import Issue


class Layout(StrEnum):
    """How `check` prints its findings."""

    text = "text"
    json = "json"


@app.command(epilog="Example: reportkit check params/2019/宁海县/桑洲镇.yaml --format json")
def check(
    params: Params = None,
    layout: Annotated[Layout, typer.Option("--format", help="Lines for people, or JSON.")] = Layout.text,
) -> None:
    """Check the figures without making anything: one line per issue, PATH:LINE CODE severity message."""
    from reportkit.errors import ReaderError
    from reportkit.filing import check as check_filing
    from reportkit.locations import location, read_remote
    from reportkit.project import find_project, selected

    project = find_project()
    issues: list[Issue] = []
    files = [path for path, _ in selected(project, [location(text) for text in params or []])]
    for path, content in zip(files, read_remote(files), strict=True):
        try:
            found = check_filing(project.read(path, content))
        except ReaderError as error:
            found = error.issues
        issues += found
        if layout is Layout.text:
            for issue in found:
                print(issue)
    if layout is Layout.json:
        print(json.dumps([issue.as_dict() for issue in issues], ensure_ascii=False, indent=1))
    errors = sum(issue.severity == "error" for issue in issues)
    summary = [f"{len(files)} checked", count(errors, "error"), count(len(issues) - errors, "warning")]
    print(", ".join(summary), file=sys.stderr)
    raise typer.Exit(1 if errors else 0)
