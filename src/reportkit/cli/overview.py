"""`reportkit status`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.alignment import aligned
from reportkit.cli.app import Out, Params, command
from reportkit.cli.check import deliver, issue_lines
from reportkit.cli.edits import tell_edits
from reportkit.signs import json_text, one_line
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.overview import Overview, Unit
    from reportkit.project import Project


class Layout(StrEnum):
    """How `status` tells what it has found."""

    text = "text"
    json = "json"
    html = "html"
    xlsx = "xlsx"


@command(example="reportkit status params/2023/宁海县 --format html -o 宁海县.html")
def status(
    params: Params = None,
    year: Annotated[
        int | None, typer.Option(help=_("The reporting year; default: the last one that has files."))
    ] = None,
    layout: Annotated[
        Layout, typer.Option("--format", help=_("Lines for people, JSON, a page to read and print, or a workbook."))
    ] = Layout.text,
    out: Out = None,
    dist: Annotated[str | None, typer.Option(help=_("The folder of the reports; default: dist/."))] = None,
    edits: Annotated[
        bool, typer.Option("--edits", help=_("Tell instead, word by word, what towns have changed in their notebooks."))
    ] = False,
) -> None:
    """Tell each unit's state: no file, begun, errors, conflict, handed in, out of date, built; default: the last year.

    The units are those of the roster (roster.csv) in its order, with who has no file and whose day has passed, and all
    that have a file. Nothing is built or written. Exits with 1 unless every unit's report is built and up to date; with
    --edits, if anything is in conflict.
    """
    from reportkit.errors import UserError
    from reportkit.files.locations import location
    from reportkit.overview import survey
    from reportkit.project import project_of

    if layout is Layout.xlsx and out is None:
        raise UserError(_("--format xlsx needs a file: add -o FILE.xlsx"))
    paths = [location(text) for text in params or []]
    project = project_of(paths)
    if edits:
        raise typer.Exit(0 if _tell_edits(project, paths, year) else 1)
    found = survey(project, paths, year=year, out=location(dist) if dist else None)
    deliver(_rendered(project, found, layout), out)
    if layout is Layout.text and out is None and paths and not found.folders:
        _tell_edits(project, paths, year)
    raise typer.Exit(0 if found.is_well else 1)


def _tell_edits(project: Project, paths: Sequence[Path], year: int | None) -> bool:
    """Tell of the towns that are named, or of all that have a copy; return whether all is well."""
    from reportkit.notebook.towns import towns_with_copies, unlisted_copies
    from reportkit.overview.scope import scope_of

    copies = towns_with_copies(project)
    if not paths and year is None:
        return tell_edits(project, dict.fromkeys(project.in_order(copies, str)), unlisted_copies(project))
    scope = scope_of(project, paths, year)
    if not scope.folders:
        return tell_edits(project, scope.reports, ())
    files = {name: path for name, path in scope.reports.items() if name in copies}
    return tell_edits(project, files, unlisted_copies(project))


def _rendered(project: Project, found: Overview, layout: Layout) -> bytes:
    if layout is Layout.text:
        return "".join(f"{one_line(line)}\n" for line in _lines(project, found)).encode()
    if layout is Layout.json:
        return f"{json_text(found.as_dict(), indent=1)}\n".encode()
    if layout is Layout.html:
        from reportkit.overview.status_page import status_page

        return status_page(found)
    return _sheet(found)


def _lines(project: Project, found: Overview) -> Iterator[str]:
    from reportkit.overview.state_words import remarks, summary
    from reportkit.translation import in_a_row

    yield from aligned([[unit.report, _(unit.state), in_a_row(remarks(unit))] for unit in found.units])
    yield from issue_lines(project, found.between)
    yield from map(str, found.strays)
    yield from found.notes
    yield summary(found)


def _sheet(found: Overview) -> bytes:
    from reportkit.cli.worksheet import Column, sheet

    columns = [Column(_("Unit"), 18), Column(_("State"), 12), Column(_("Errors"), 8), Column(_("Warnings"), 8)]
    columns += [Column(_("Cells edited"), 8), Column(_("In conflict"), 8), Column(_("Remarks"), 40)]
    columns += [Column(_("Due"), 11), Column(_("Contact"), 18), Column(_("File"), 36)]
    return sheet(_("Reports at a glance"), columns, [_row(found, unit) for unit in found.units])


def _row(found: Overview, unit: Unit) -> list[str | Decimal]:
    from reportkit.overview.state_words import remarks
    from reportkit.translation import in_a_row

    counts = (unit.errors, unit.warnings, unit.edited, unit.conflicts)
    about = [in_a_row(remarks(unit)), str(unit.due or ""), unit.contact, unit.file]
    return [found.label(unit), _(unit.state), *map(Decimal, counts), *about]
