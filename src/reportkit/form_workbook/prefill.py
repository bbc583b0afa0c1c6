"""What stands in a workbook when a town gets it: names, and the figures that follow from last year's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import localcontext
from typing import Any

from reportkit.errors import CellRef
from reportkit.kinds import kind_of
from reportkit.kinds.file_shapes import Carried, Grown
from reportkit.model.filing import EXACT, Figure, Filing
from reportkit.model.form import Form


@dataclass(frozen=True)
class Entries:
    """The names, figures and facts in a workbook; `hints` are words beside a cell."""

    year: int | None = None
    jurisdiction: str = ""
    agency: str = ""
    values: Mapping[CellRef, Figure] = field(default_factory=dict)
    hints: Mapping[CellRef, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def entries_of(filing: Filing) -> Entries:
    """Return everything that a filing states in figures, and in facts."""
    return Entries(filing.year, filing.jurisdiction, filing.agency, filing.values, facts=filing.facts)


def carried(form: Form, last: Filing) -> Entries:
    """Return what last year's filing says about this year's, as the kind of both forms has it; else the names alone.

    What must be counted anew is not filled in: last year's number stands beside it as a hint; so does a carry-over of
    which only the total was stated.
    """
    known = kind_of(form).prefill if form.kind == last.form.kind else None
    if known is None:
        return Entries(last.year + 1, last.jurisdiction, last.agency)
    cells = {ref for table in form.tables.values() for ref in table.cells}
    sums = {rule.total for rule in form.rules}
    values: dict[CellRef, Figure] = {}
    hints = {
        ref: f"上年（{last.year}年）为 {figure.text}"
        for ref, figure in last.values.items()
        if ref.column in known.counted_anew and ref in cells
    }
    for rows in known.carry:
        over = {ref: figure for ref, figure in _carry_over(rows, last) if ref in cells}
        stated = {ref: figure for ref, figure in over.items() if ref not in sums}
        values |= stated
        hints |= {} if stated else {ref: rows.hint.format(figure.text) for ref, figure in over.items()}
    if form.edition == last.form.edition:
        values |= {ref: figure for columns in known.grown for ref, figure in _grown(columns, last)}
    return Entries(last.year + 1, last.jurisdiction, last.agency, values, hints)


def _carry_over(rows: Carried, last: Filing) -> Iterator[tuple[CellRef, Figure]]:
    """The figures of a row of last year's, column by column, as those of this year's row."""
    for ref, figure in last.values.items():
        if (ref.table, ref.row) == (rows.table, rows.source):
            yield CellRef(rows.table, rows.to, ref.column), figure


def _grown(columns: Grown, last: Filing) -> Iterator[tuple[CellRef, Figure]]:
    """Last year's figures of a column, each with its change added, where both were stated."""
    for ref, figure in last.values.items():
        change = last.values.get(ref._replace(column=columns.change))
        if ref.column == columns.column and change is not None:
            with localcontext(EXACT):
                yield ref, Figure(figure + change)
