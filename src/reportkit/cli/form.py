"""`reportkit form`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say
from reportkit.translation import N_, _

if TYPE_CHECKING:
    from reportkit.form_workbook.prefill import Entries
    from reportkit.model.filing import Filing
    from reportkit.project import Project


@command(example="reportkit form --year 2024 --from params/2023/江苏省/宿迁市.yaml -o form.xlsx")
def form(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=_(
                "Where the workbook goes (.xlsx); with a folder as --from, a folder or a .zip for one of each town."
            ),
        ),
    ],
    edition: Annotated[
        str, typer.Option(help=_("Edition of the form; default: that of last year's file, or of the year."))
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=2099, help=_("Year of the report; with --from, the year after by default.")),
    ] = None,
    jurisdiction: Annotated[str, typer.Option(help=_("Whose report it is."))] = "",
    last: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help=_("Last year's parameter file, or a folder of them: fills in the names and what carries over."),
        ),
    ] = None,
    county: Annotated[
        bool, typer.Option("--county", help=_("One row for each jurisdiction, instead of a form."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the file if it exists."))] = False,
) -> None:
    """Make a workbook that a town (or with --county, a county for all its towns) fills in.

    With a folder as --from a workbook is made for each town, named after it. Exits with 1 if one of them could not be
    made, or was there.
    """
    from dataclasses import replace

    from reportkit.cli.form_folder import make_each
    from reportkit.errors import UserError
    from reportkit.form_workbook.county import county_bytes
    from reportkit.form_workbook.next_form import check_years, chosen_form, next_form
    from reportkit.form_workbook.prefill import Entries, carried
    from reportkit.form_workbook.town_workbook import form_bytes
    from reportkit.project import named_path, project_of

    project = project_of([last] if last else [])
    last = named_path(project, last, folder=county) if last else None
    if last and os.path.isdir(last) and not county:  # noqa: PTH112
        if jurisdiction:
            raise UserError(_("--jurisdiction names one town; leave it out where --from is a folder"))
        make_each(project, last, output, partial(next_form, project.forms, edition, year), force=force)
        return
    named = _filings(project, last)
    filings = list(named.values())
    year = year or (filings[0].year + 1 if filings else None)
    chosen = chosen_form(project.forms, edition, year, filings)
    check_years(filings, year)
    known = {name: carried(chosen, filing) for name, filing in named.items()}
    if county:
        content = county_bytes(chosen, _with_roster(project, last, known), year)
    else:
        about: Entries = next(iter(known.values()), Entries())
        content = form_bytes(chosen, replace(about, year=year, jurisdiction=jurisdiction or about.jurisdiction))
    _write(output, content, force=force)
    say(_("written {path} ({edition} edition)").format(path=project.shown(output), edition=chosen.edition))


def _filings(project: Project, last: Path | None) -> dict[str, Filing]:
    """Last year's filings by their reports' names: the one file, or all those of a folder."""
    from reportkit.project import selected

    if last is None:
        return {}
    return {inside.with_suffix("").as_posix(): project.read(path) for path, inside in selected(project, [last])}


def _with_roster(project: Project, last: Path | None, known: Mapping[str, Entries]) -> list[Entries]:
    """The entries, and names for the units of the roster that had no file last year, in the order of the roster."""
    from reportkit.form_workbook.prefill import Entries

    if project.roster is None:
        return list(known.values())
    year = next(iter(known), "").partition("/")[0]
    inside = project.inside(last) if last else None
    there = {*known, *(name for name in project.reports() if last and name.startswith(f"{year}/"))}
    absent = project.roster.absent(there, "/".join(inside.parts[1:]) if inside else "")
    rows = {**known, **{f"{year}/{one.name}": Entries(jurisdiction=one.name.rpartition("/")[2]) for one in absent}}
    return [entries for _name, entries in project.in_order(rows.items(), lambda row: row[0])]


def _write(output: Path, content: bytes, *, force: bool) -> None:
    """Write the one workbook."""
    from reportkit.errors import UserError
    from reportkit.files import write_whole

    if output.suffix.lower() != ".xlsx":
        raise UserError(_("{path}: the workbook is an .xlsx file; name it so").format(path=output))
    with taken_as_told(output):
        write_whole(output, content, new=not force or not os.path.lexists(output))


@contextmanager
def taken_as_told(output: Path) -> Iterator[None]:
    """Let what keeps a file from being written raise UserError, with what to do."""
    from reportkit.errors import UserError, unwritten

    try:
        yield
    except FileExistsError:
        taken = _("{path} exists already and may be filled in; choose another name, or --force to replace it")
        raise UserError(taken.format(path=output)) from None
    except OSError as error:
        raise unwritten(error, output, N_("choose another file with -o")) from None
