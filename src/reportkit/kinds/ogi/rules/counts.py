"""What the tables say, for comparing with sentences: a blank cell is 0, an unread one or a blank table no answer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reportkit.errors import CellRef
from reportkit.model.filing import Filing

ZERO = Decimal(0)


def requests(filing: Filing, row: str, columns: Iterable[str] = ("total",)) -> Decimal | None:
    """Return what table 3 has in a row or, for a group of rows, in all below it; None if nothing can be concluded."""
    rows = _rows(filing, "requests", row)
    if not rows or not stated(filing, "requests"):
        return None
    return _sum(_cell(filing, CellRef("requests", key, column)) for key in rows for column in columns)


def reviews(filing: Filing, group: str, result: str = "total") -> Decimal | None:
    """Return what table 4 has for a group (review, direct, after_review); None if nothing can be concluded."""
    if "reviews" not in filing.form.tables or not stated(filing, "reviews"):
        return None
    return _cell(filing, CellRef("reviews", "cases", f"{group}.{result}"))


def proactive(filing: Filing, row: str, column: str) -> Decimal | None:
    """Return what table 2 has in a cell; None if the form has no such cell or nothing can be concluded."""
    ref = CellRef("proactive", row, column)
    table = filing.form.tables.get("proactive")
    if table is None or ref not in table.cells or not stated(filing, "proactive"):
        return None
    return _cell(filing, ref)


def stated(filing: Filing, table: str) -> bool:
    """Whether a table has any figure: of one that is blank as a whole it is told that it is blank, and no more."""
    return table in filing.form.tables and any(ref in filing.values for ref in filing.form.tables[table].cells)


def total(*numbers: Decimal | None) -> Decimal | None:
    """Return the sum, None if one of the numbers is not known."""
    return _sum(numbers)


def _rows(filing: Filing, table: str, row: str) -> list[str]:
    if table not in filing.form.tables:
        return []
    below = f"{row}."
    return [leaf.key for leaf, _ in filing.form.tables[table].rows if leaf.key == row or leaf.key.startswith(below)]


def _cell(filing: Filing, ref: CellRef) -> Decimal | None:
    if ref in filing.unread:
        return None
    if ref in filing.figures:
        return Decimal(filing.figures[ref])
    return _from_parts(filing, ref) if ref.column.rpartition(".")[2] == "total" else ZERO


def _from_parts(filing: Filing, ref: CellRef) -> Decimal | None:
    """A total that was left blank: the sum of its row, or of its group in table 4."""
    group = ref.column.removesuffix("total")
    parts = [
        cell
        for cell in filing.form.tables[ref.table].cells
        if cell.row == ref.row and cell != ref and cell.column.startswith(group)
    ]
    return _sum(None if part in filing.unread else filing.figures.get(part, ZERO) for part in parts)


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    found = list(numbers)
    return None if None in found else sum((number for number in found if number is not None), ZERO)
