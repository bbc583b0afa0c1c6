"""R24: figures that are last year's, as the form says (carry)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reportkit.checks.findings import Finding, Rule
from reportkit.messages.cell_words import cell_place, stated
from reportkit.model.filing import Filing, unknown


def carried_otherwise(filing: Filing, last: Filing) -> Iterator[Finding]:
    """Yield a finding for each cell that is last year's by the form, and another figure.

    Blank cells count as 0, as in all sums; but where one of the two left the whole table blank, and where a cell is
    unreadable, nothing is concluded.
    """
    there = last.form.cells
    tables = {ref.table for ref in filing.values}, {ref.table for ref in last.values}
    closed = unknown(filing), unknown(last)
    for here, before in (pair for carry in filing.form.carry for pair in carry):
        if before not in there or here.table not in tables[0] or before.table not in tables[1]:
            continue
        if here in closed[0] or before in closed[1]:
            continue
        found, wanted = (of.figures.get(ref, Decimal(0)) for of, ref in ((filing, here), (last, before)))
        if found != wanted:
            place, there_place = (cell_place(of.form, ref) for of, ref in ((filing, here), (last, before)))
            told = {"place": place, "before": there_place, "year": last.year, "source": last.where(before)}
            yield Finding("R24", here, stated(filing, here), f"{wanted:f}", **told)


RULES = (Rule("R24", carried_otherwise, "last"),)
