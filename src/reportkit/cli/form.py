"""`reportkit form`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say
from reportkit.translation import N_, _

if TYPE_CHECKING:
    from reportkit.form_workbook.prefill import Entries
    from reportkit.kinds import Forms
    from reportkit.model.filing import Filing
    from reportkit.model.form import Form
    from reportkit.project import Project


@command(example="reportkit form --year 2024 --from params/2023/江苏省/宿迁市.yaml -o form.xlsx")
def form(
    output: Annotated[Path, typer.Option("--output", "-o", help=_("Where the workbook goes (.xlsx)."))],
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
            "--from", help=_("Last year's parameter file (with --county: a folder): fills in what carries over.")
        ),
    ] = None,
    county: Annotated[
        bool, typer.Option("--county", help=_("One row for each jurisdiction, instead of a form."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the file if it exists."))] = False,
) -> None:
    """Make a workbook that a town (or with --county, a county for all its towns) fills in."""
    from dataclasses import replace

    from reportkit.form_workbook.county import county_bytes
    from reportkit.form_workbook.prefill import Entries, carried
    from reportkit.form_workbook.town_workbook import form_bytes
    from reportkit.project import project_of

    project = project_of([last] if last else [])
    filings = _filings(project, last, folder=county)
    year = year or (filings[0].year + 1 if filings else None)
    chosen = _chosen(project.forms, edition, year, filings)
    _check_years(filings, year)
    known = [carried(chosen, filing) for filing in filings]
    if county:
        content = county_bytes(chosen, known, year)
    else:
        about: Entries = known[0] if known else Entries()
        content = form_bytes(chosen, replace(about, year=year, jurisdiction=jurisdiction or about.jurisdiction))
    _write(output, content, force=force)
    say(_("written {path} ({edition} edition)").format(path=project.shown(output), edition=chosen.edition))


def _filings(project: Project, last: Path | None, *, folder: bool) -> list[Filing]:
    """Last year's filings: the one file, or with `folder` all those of a folder."""
    from reportkit.errors import UserError
    from reportkit.project import selected

    if last is None:
        return []
    if os.path.isdir(last) and not folder:  # noqa: PTH112
        words = _("{path} is a folder; name one parameter file, or make a list with --county")
        raise UserError(words.format(path=project.shown(last)))
    return [project.read(path) for path, _ in selected(project, [last])]


def _chosen(forms: Forms, edition: str, year: int | None, filings: list[Filing]) -> Form:
    """The form that is asked for: by name, that of last year's files, by year, or the newest of the official ones."""
    from reportkit.errors import UserError
    from reportkit.kinds import default_kind, form_for

    official = form_for(forms, year) if year else default_kind().newest
    if broken := forms.wrong(edition):
        raise UserError(f"--edition {edition}: {broken}")
    used = {filing.form.edition for filing in filings}
    if not edition and year and len(used) == 1 and filings[0].form.covers(year):
        return filings[0].form
    if not edition and used - default_kind().forms.keys():
        names = "、".join(sorted(used))
        words = _("last year's form ({names}) does not say which one is for {year}; name it with --edition")
        raise UserError(words.format(names=names, year=year))
    found = forms.get(edition) if edition else official
    if found is None:
        there = ", ".join(forms)
        if edition:
            raise UserError(_("no edition {edition!r}; there are: {there}").format(edition=edition, there=there))
        raise UserError(_("no official edition for {year}; there are: {there}").format(year=year, there=there))
    if year and not found.covers(year):
        words = _("the {edition} edition is not for reports of {year}")
        if official:
            words = _("the {edition} edition is not for reports of {year}; use --edition {official}")
        raise UserError(words.format(edition=found.edition, year=year, official=official and official.edition))
    return found


def _check_years(filings: list[Filing], year: int | None) -> None:
    """What carries over is that of the year before."""
    from reportkit.errors import UserError

    for filing in filings:
        if year != filing.year + 1:
            words = _("{path} is of {last}, but the form is for {year}: name last year's")
            raise UserError(words.format(path=filing.origin.path, last=filing.year, year=year))


def _write(output: Path, content: bytes, *, force: bool) -> None:
    """Write the workbook in one step: a file that is there is whole."""
    from reportkit.errors import UserError, unwritten
    from reportkit.files import write_whole

    if output.suffix.lower() != ".xlsx":
        raise UserError(_("{path}: the workbook is an .xlsx file; name it so").format(path=output))
    try:
        write_whole(output, content, new=not force or not os.path.lexists(output))
    except FileExistsError:
        taken = _("{path} exists already and may be filled in; choose another name, or --force to replace it")
        raise UserError(taken.format(path=output)) from None
    except OSError as error:
        raise unwritten(error, output, N_("choose another file with -o")) from None
