"""`reportkit rollup`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.cli.app import app

if TYPE_CHECKING:
    from decimal import Decimal

    from reportkit.filing import Figure, Filing
    from reportkit.rollup import RollUp


class Layout(StrEnum):
    """How `rollup` tells a county's figures."""

    yaml = "yaml"
    json = "json"
    xlsx = "xlsx"


@app.command(epilog="Example: reportkit rollup params/2023/宁海县 -o params/2023/宁海县.yaml")
def rollup(
    folder: Annotated[str, typer.Argument(help="The folder with the units' parameter files, below params/<year>/.")],
    layout: Annotated[
        Layout, typer.Option("--format", help="A parameter file, JSON, or a workbook of all cells by unit.")
    ] = Layout.yaml,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write to this file, if there is none yet; a workbook needs one.")
    ] = None,
) -> None:
    """Add up the figures of a county's units, with what each unit has added to each cell.

    Told besides: cells that cannot be added, blanks, missing units, and where the county's own file says otherwise.
    Nothing is made if one of the files cannot be read. No file is ever overwritten.
    """
    from reportkit.checks import sums_of
    from reportkit.cli.sheets import save
    from reportkit.errors import UserError
    from reportkit.locations import location
    from reportkit.project import find_project

    if layout is Layout.xlsx and out is None:
        raise UserError("--format xlsx needs a file: add -o FILE.xlsx")
    project = find_project()
    found = sums_of(project, location(folder))
    for issue in found.issues:
        print(issue, file=sys.stderr)
    if found.rolled is None:
        print("nothing was added up: mend these files first", file=sys.stderr)
        raise typer.Exit(1)
    content = _rendered(found.rolled, found.units, layout)
    if out:
        save(out, content, over=False)
        print(f"{len(found.units)} units added up in {project.shown(out)}", file=sys.stderr)
    else:
        print(content.decode(), end="")


def _rendered(rolled: RollUp, units: Sequence[Filing], layout: Layout) -> bytes:
    if layout is Layout.yaml:
        return _yaml(rolled).encode(errors="replace")
    if layout is Layout.json:
        return f"{json.dumps(_plain(rolled, units), ensure_ascii=False, indent=1)}\n".encode(errors="replace")
    return _sheet(rolled, [unit.jurisdiction for unit in units])


def _yaml(rolled: RollUp) -> str:
    """A parameter file in which a comment tells of each cell that is not 0 who added what."""
    from reportkit.rollup import in_words
    from reportkit.writers.params import params_text

    remarks = {}
    for ref, _, _, column in _cells(rolled):
        if words := in_words(rolled.shares[ref]):
            remarks[ref] = f"{column}：{words}" if column else words
    return params_text(rolled.filing, remarks)


def _plain(rolled: RollUp, units: Sequence[Filing]) -> dict[str, Any]:
    filing = rolled.filing
    cells = [
        {
            "cell": list(ref),
            "labels": [table, row, column],
            "sum": _text(filing.values.get(ref)),
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
        "issues": [issue.as_dict() for issue in filing.notes],
    }


def _sheet(rolled: RollUp, units: Sequence[str]) -> bytes:
    from reportkit.cli.sheets import Column, sheet

    columns = [Column("表", 24), Column("行", 34), Column("列", 20), Column("合计", 12)]
    columns += [Column(unit, 10) for unit in units]
    rows = []
    for ref, *labels in _cells(rolled):
        shares = {share.unit: share.figure for share in rolled.shares[ref]}
        figures = [rolled.filing.values.get(ref), *(shares.get(unit) for unit in units)]
        rows.append([*labels, *map(_number, figures)])
    return sheet("汇总", columns, rows)


def _cells(rolled: RollUp) -> Iterator[tuple[Any, str, str, str]]:
    """Every cell with the labels of its table, row and column."""
    for table in rolled.filing.form.tables.values():
        for ref in table.cells:
            yield ref, table.caption, *table.labels[ref]


def _text(figure: Figure | None) -> str | None:
    return None if figure is None else figure.text


def _number(figure: Figure | None) -> str | Decimal:
    """A figure as a number, if it is one as it is written; a blank stays one."""
    if figure is None:
        return ""
    return figure if figure.text.lstrip("+-").replace(".", "").isdigit() else figure.text
