"""`reportkit check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import Out, Params, command
from reportkit.cli.output import say, show
from reportkit.cli.phrases import listed
from reportkit.signs import json_text, one_line
from reportkit.translation import _, counted

if TYPE_CHECKING:
    from reportkit.checks import Checked
    from reportkit.errors import Issue
    from reportkit.project import Project


class Layout(StrEnum):
    """How `check` tells its findings."""

    text = "text"
    json = "json"
    xlsx = "xlsx"


class Least(StrEnum):
    """From how grave on issues are told."""

    error = "error"
    warning = "warning"
    note = "note"
    waived = "waived"


@command(example="reportkit check params/2023/宁海县 --format xlsx -o 宁海县.xlsx")
def check(
    params: Params = None,
    layout: Annotated[
        Layout, typer.Option("--format", help=_("Lines for people, JSON, or a workbook to send to the towns."))
    ] = Layout.text,
    out: Out = None,
    severity: Annotated[
        Least, typer.Option(help=_("Tell errors only; also warnings; also notes; or also what was waived."))
    ] = Least.waived,
) -> None:
    """Check the figures and the text without making anything, also against last year and between the units of a county.

    One line per issue, PATH:LINE CODE severity message, under a heading for each town; `reportkit explain CODE` says
    what a code means. Exits with 1 if there is an error.
    """
    from reportkit.checks import check_project, unlisted
    from reportkit.errors import UserError
    from reportkit.files.locations import location
    from reportkit.project import project_of, select

    if layout is Layout.xlsx and out is None:
        raise UserError(_("--format xlsx needs a file: add -o FILE.xlsx"))
    paths = [location(text) for text in params or []]
    project = project_of(paths)
    if project.source:
        _check_list(project)
        return
    found = select(project, paths)
    files = [path for path, _ in found.files]
    counts: Counter[str] = Counter()
    all_groups = chain(unlisted(project, found), check_project(project, files))
    groups = _counted(all_groups, list(Least)[: list(Least).index(severity) + 1], counts)
    if layout is Layout.text and out is None:
        for line in issue_lines(project, groups):  # as they are found: a county takes seconds
            say(line)
    else:
        deliver(_rendered(project, groups, layout), out)
    say(_summary(len(files), counts), aside=True)
    raise typer.Exit(1 if counts["error"] else 0)


def _check_list(project: Project) -> None:
    """Tell how many parameter sets a list has. Raises UserError with all that is wrong in it."""
    number = len(project.sets)
    shown = project.shown(project.params)
    say(
        counted(
            number, "{list}: {number} parameter set, no fault", "{list}: {number} parameter sets, no fault", list=shown
        )
    )


def _counted(groups: Iterable[Checked], told: Iterable[str], counts: Counter[str]) -> Iterator[Checked]:
    """The groups with the issues that are to be told; all are counted."""
    wanted = {str(severity) for severity in told}
    for group in groups:
        counts.update(issue.severity for issue in group.issues)
        yield group._replace(issues=[issue for issue in group.issues if issue.severity in wanted])


def _summary(files: int, counts: Counter[str]) -> str:
    told = [_("{number} checked").format(number=files)]
    told += [counted(counts["error"], "{number} error", "{number} errors")]
    told += [counted(counts["warning"], "{number} warning", "{number} warnings")]
    told += [_("{number} waived").format(number=counts["waived"])] if counts["waived"] else []
    return listed(told)


def issue_lines(project: Project, groups: Iterable[Checked]) -> Iterator[str]:
    """Yield a heading and a line per issue for each group that has any."""
    for group in groups:
        if group.issues:
            words = _("{path} (compared with other files)") if group.across else "{path}"
            where = words.format(path=project.shown(group.path))
            yield f"== {group.name}  {where}"
            yield from map(str, group.issues)


def _rendered(project: Project, groups: Iterable[Checked], layout: Layout) -> bytes:
    if layout is Layout.text:
        return "".join(f"{one_line(line)}\n" for line in issue_lines(project, groups)).encode()
    if layout is Layout.json:
        issues = [{"unit": group.name, **issue.as_dict()} for group in groups for issue in group.issues]
        return f"{json_text(issues, indent=1)}\n".encode()
    from reportkit.checks import entries_of
    from reportkit.cli.worksheet import Column, sheet

    columns = [Column(_("Unit"), 14), Column(_("File"), 30), Column(_("Place"), 8), Column(_("Code"), 7)]
    columns += [Column(_("Level"), 8), Column(_("Issue"), 70), Column(_("Found"), 16), Column(_("Expected"), 16)]
    columns += [Column(_("Source"), 40)]
    entries = entries_of(project.forms.values())
    sources = {code: entry.source for code, entry in entries.items()}
    rows = (_row(group, issue, sources.get(issue.code, "")) for group in groups for issue in group.issues)
    return sheet(_("Issues"), columns, rows)


def _row(group: Checked, issue: Issue, source: str) -> list[str]:
    from reportkit.errors import LEVELS

    where = [group.name, issue.origin.path, issue.origin.place]
    return [*where, issue.code, _(LEVELS[issue.severity]), issue.message, issue.found, issue.expected, source]


def deliver(content: bytes, out: Path | None) -> None:
    """Write what was asked for to a file, over one that is there, or show it if none is named. Raises as `save`."""
    from reportkit.cli.worksheet import save

    if out:
        save(out, content, over=True)
    else:
        show(content.decode())
