"""`reportkit rollup`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show
from reportkit.signs import json_text
from reportkit.translation import N_, _, in_a_row

if TYPE_CHECKING:
    from decimal import Decimal

    from reportkit.errors import CellRef
    from reportkit.model.filing import Figure, Filing
    from reportkit.model.rollup import RollUp
    from reportkit.project import Project


class Layout(StrEnum):
    """How `rollup` tells a county's figures."""

    yaml = "yaml"
    json = "json"
    xlsx = "xlsx"


@command(example="reportkit rollup params/2023/宁海县 -o params/2023/宁海县.yaml")
def rollup(
    folder: Annotated[
        str,
        typer.Argument(
            metavar=_("FOLDER"),
            help=_("The folder with the units' parameter files, below params/<year>/; or its name."),
        ),
    ],
    layout: Annotated[
        Layout, typer.Option("--format", help=_("A parameter file, JSON, or a workbook of all cells by unit."))
    ] = Layout.yaml,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=_("Write to this file, if there is none yet; a workbook needs one.")),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help=_("Put the sums into the parameter file of -o that is there."))
    ] = False,
    with_errors: Annotated[
        bool, typer.Option("--with-errors", help=_("Add up units that have errors, too; the sum may be wrong."))
    ] = False,
) -> None:
    """Add up the figures of a county's units, with what each unit has added to each cell.

    Told besides: cells that cannot be added, blanks, missing units, and where the county's own file says otherwise.
    Nothing is made if one of the files cannot be read or has errors, or if a jurisdiction would count twice. A file
    that is there is never overwritten; with --update its figures and the comments on sums change, and nothing else.
    """
    from reportkit.checks import sums_of
    from reportkit.cli.worksheet import save
    from reportkit.errors import UserError
    from reportkit.files.locations import location
    from reportkit.project import named_path, project_of

    if layout is Layout.xlsx and out is None:
        raise UserError(_("--format xlsx needs a file: add -o FILE.xlsx"))
    if update and (out is None or layout is not Layout.yaml):
        raise UserError(_("--update changes a parameter file: add -o params/2023/宁海县.yaml, without --format"))
    project = project_of([location(folder)])
    found = sums_of(project, named_path(project, location(folder), folder=True))
    for issue in found.issues:
        say(issue, aside=True)
    if found.rolled is None:
        say(_("nothing was added up: mend these files first"), aside=True)
        raise typer.Exit(1)
    if found.wrong and not with_errors:
        names = in_a_row(found.wrong)
        words = _("nothing was added up: errors in {names}; mend these first, or add --with-errors")
        say(words.format(names=names), aside=True)
        raise typer.Exit(1)
    if update and out and out.exists():
        raise typer.Exit(_update(project, found.rolled, out))
    content = _rendered(found.rolled, found.units, layout)
    if not out:
        show(content.decode())
        return
    if layout is Layout.yaml and out.exists():
        words = _("{path} is there already and is not overwritten; add --update to put the sums into it")
        raise UserError(words.format(path=out))
    save(out, content, over=False)
    words = _("{number} units added up in {path}")
    say(words.format(number=len(found.units), path=project.shown(out)), aside=True)


_STATUS = {
    "written": N_("written {path}"),
    "updated": N_("updated {path}"),
    "unchanged": N_("unchanged {path}"),
    "different": N_("different {path}"),
    "refused": N_("refused {path}"),
}


def _update(project: Project, rolled: RollUp, out: Path) -> int:
    """Put the sums into a parameter file, tell what has changed in it, and return the exit code."""
    from reportkit.imports.importer import Importer, Status
    from reportkit.imports.targets import Places
    from reportkit.model.filing import fact_at
    from reportkit.model.reading import Reading

    sums = rolled.filing
    about = (sums.form, sums.jurisdiction, sums.year, "")
    reading = Reading(*about, sums.values, {}, sums.origin, unread=frozenset(sums.unread), facts=sums.facts)
    places, by = Places(project.params), "rollup --update"
    importer = Importer(places, project.forms, project.shown, update=True, root=project.root, by=by)
    stated = {*sums.values, *map(fact_at, sums.facts)}
    one = importer.merge(reading, out, {ref: words for ref, words in _remarks(rolled).items() if ref in stated})
    for issue in one.issues:
        say(issue, aside=True)
    say(_(_STATUS[one.status.value]).format(path=project.shown(out)), aside=True)
    return 1 if one.status is Status.refused or any(issue.severity == "error" for issue in one.issues) else 0


def _rendered(rolled: RollUp, units: Sequence[Filing], layout: Layout) -> bytes:
    if layout is Layout.yaml:
        return _yaml(rolled).encode(errors="replace")
    if layout is Layout.json:
        return f"{json_text(_plain(rolled, units), indent=1)}\n".encode()
    return _sheet(rolled, [unit.jurisdiction for unit in units])


def _yaml(rolled: RollUp) -> str:
    """A parameter file in which a comment tells of each cell that is not 0 who added what."""
    from reportkit.params.writer import params_text

    return params_text(rolled.filing, _remarks(rolled))


def _remarks(rolled: RollUp) -> dict[CellRef | str, str]:
    """Who added what to each cell and each fact that is not 0."""
    from reportkit.kinds import saying
    from reportkit.model.filing import fact_at
    from reportkit.model.rollup import in_words

    facts, say = rolled.filing.form.facts, saying(rolled.filing.form)
    told = {name: words for name, shares in rolled.facts.items() if (words := in_words(shares))}
    named = say(N_("{name}: {figures}"))
    remarks: dict[CellRef | str, str] = {
        fact_at(name): named.format(name=facts[name].label, figures=words) for name, words in told.items()
    }
    for ref, _table, _row, column in _cells(rolled):
        if words := in_words(rolled.shares[ref]):
            remarks[ref] = named.format(name=column, figures=words) if column else words
    return remarks


def _plain(rolled: RollUp, units: Sequence[Filing]) -> dict[str, Any]:
    filing = rolled.filing
    cells = [
        {
            "cell": list(ref),
            "labels": [table, row, column],
            "sum": _text(filing.figures.get(ref)),
            "shares": {share.unit: share.figure.text for share in rolled.shares[ref]},
        }
        for ref, table, row, column in _cells(rolled)
    ]
    return {
        "edition": filing.form.edition,
        "year": filing.year,
        "jurisdiction": filing.jurisdiction,
        "units": [unit.jurisdiction for unit in units],
        "cells": cells,
        **({"facts": list(_plain_facts(rolled))} if rolled.facts else {}),
        "issues": [issue.as_dict() for issue in filing.notes],
    }


def _plain_facts(rolled: RollUp) -> Iterator[dict[str, Any]]:
    for name, shares in rolled.facts.items():
        yield {
            "fact": name,
            "label": rolled.filing.form.facts[name].label,
            "sum": rolled.filing.facts.get(name),
            "shares": {share.unit: share.figure.text for share in shares},
        }


def _sheet(rolled: RollUp, units: Sequence[str]) -> bytes:
    from reportkit.cli.worksheet import Column, sheet
    from reportkit.model.filing import Figure

    columns = [Column(_("Table"), 24), Column(_("Row"), 34), Column(_("Column"), 20), Column(_("Sum"), 12)]
    columns += [Column(unit, 10) for unit in units]
    rows = []
    for ref, *labels in _cells(rolled):
        shares = {share.unit: share.figure for share in rolled.shares[ref]}
        figures = [rolled.filing.figures.get(ref), *(shares.get(unit) for unit in units)]
        rows.append([*labels, *map(_number, figures)])
    for name, added in rolled.facts.items():
        shares, total = {share.unit: share.figure for share in added}, rolled.filing.facts.get(name)
        figures = [None if total is None else Figure(str(total)), *(shares.get(unit) for unit in units)]
        rows.append([rolled.filing.form.facts[name].label, "", "", *map(_number, figures)])
    return sheet(_("Roll-up"), columns, rows)


def _cells(rolled: RollUp) -> Iterator[tuple[Any, str, str, str]]:
    """Every cell that is added, with the labels of its table, row and column."""
    for table in rolled.filing.form.tables.values():
        for ref in (ref for ref in table.cells if ref in rolled.shares):
            yield ref, table.caption, *table.labels[ref]


def _text(figure: Figure | None) -> str | None:
    return None if figure is None else figure.text


def _number(figure: Figure | None) -> str | Decimal:
    """A figure as a number, if it is one as it is written; a blank stays one."""
    if figure is None:
        return ""
    return figure if figure.text.lstrip("+-").replace(".", "").isdigit() else figure.text
