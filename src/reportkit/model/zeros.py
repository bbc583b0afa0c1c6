"""Zeros for the cells that somebody has left blank because there was nothing to count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from reportkit.errors import CellRef
from reportkit.model.cell import ADDED
from reportkit.model.filing import Figure, Filing, broken_rules, with_totals
from reportkit.model.form import Form
from reportkit.model.row_records import asked_cells


def zeros(filing: Filing, but: Collection[CellRef] = ()) -> dict[CellRef, Figure]:
    """Return a 0 for each cell that a filing leaves blank and that may be one, in print order.

    Not for an unread cell or one of `but`, nor for one that takes no count and no amount; not for a total, which is
    computed; and not where a sum that was stated does not hold: what is missing there is a number.
    """
    filled = replace(with_totals(filing), unread={})
    doubtful = {ref for breach in broken_rules(filled) for ref in breach.rule.refs}
    left_alone = {*but, *filing.unread, *doubtful, *filing.form.totals}
    stated = filing.values.keys() | filing.unread.keys()
    asked = (ref for table in filing.form.tables.values() for ref in asked_cells(table, stated))
    cells = (ref for ref in asked if filing.form.cells[ref].kind in ADDED)
    return {ref: Figure(0) for ref in cells if ref not in filing.values and ref not in left_alone}


def by_table(form: Form, cells: Iterable[CellRef]) -> dict[str, int]:
    """Return how many of the cells are in each table, by its caption, in print order."""
    counts = Counter(ref.table for ref in cells)
    return {table.caption: counts[key] for key, table in form.tables.items() if counts[key]}
