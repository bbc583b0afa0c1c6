"""What stands in a workbook when a town gets it: names, and the figures that follow from last year's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import localcontext

from reportkit.errors import CellRef
from reportkit.filing import EXACT, Figure, Filing
from reportkit.forms import Form

CARRIED_IN = ("requests", "carried_in")
CARRIED_OVER = ("requests", "carried_over")
COUNTED_ANEW = ("in_force", "total_published")


@dataclass(frozen=True)
class Entries:
    """The names and figures in a workbook; `hints` are words beside a cell."""

    year: int | None = None
    jurisdiction: str = ""
    agency: str = ""
    values: Mapping[CellRef, Figure] = field(default_factory=dict)
    hints: Mapping[CellRef, str] = field(default_factory=dict)


def entries_of(filing: Filing) -> Entries:
    """Return everything that a filing states in figures."""
    return Entries(filing.year, filing.jurisdiction, filing.agency, filing.values)


def carried(form: Form, last: Filing) -> Entries:
    """Return what last year's filing says about this year's: the carry-over, and the numbers of standing items.

    What must be counted anew is not filled in: last year's number stands beside it as a hint; so does a carry-over of
    which only the total was stated.
    """
    cells = {ref for table in form.tables.values() for ref in table.cells}
    sums = {rule.total for rule in form.rules}
    values = {ref: figure for ref, figure in _carry_over(last) if ref in cells and ref not in sums}
    if form.edition == last.form.edition:
        values |= dict(_standing_items(last))
    hints = {
        ref: f"上年（{last.year}年）为 {figure.text}"
        for ref, figure in last.values.items()
        if ref.column in COUNTED_ANEW and ref in cells
    }
    if not any(ref[:2] == CARRIED_IN for ref in values):
        hints |= {ref: f"上年结转下年度 {figure.text} 件" for ref, figure in _carry_over(last) if ref in cells}
    return Entries(last.year + 1, last.jurisdiction, last.agency, values, hints)


def _carry_over(last: Filing) -> Iterator[tuple[CellRef, Figure]]:
    """Last year's 结转下年度 is this year's 上年结转, column by column (R7)."""
    for ref, figure in last.values.items():
        if (ref.table, ref.row) == CARRIED_OVER:
            yield CellRef(*CARRIED_IN, ref.column), figure


def _standing_items(last: Filing) -> Iterator[tuple[CellRef, Figure]]:
    """Last year's number of items and its change are this year's 上一年项目数量, where both were stated (R9)."""
    for ref, figure in last.values.items():
        change = last.values.get(ref._replace(column="change"))
        if ref.column == "last_year" and change is not None:
            with localcontext(EXACT):
                yield ref, Figure(figure + change)
