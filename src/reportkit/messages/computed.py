"""What the cells that a form computes, and formats, tell by themselves, in words."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.errors import CellRef, Issue
from reportkit.messages.cell_words import own_label, stated
from reportkit.messages.numbers import takes
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.discrepancies import Discrepancy, discrepancies, shortened
from reportkit.model.filing import Filing
from reportkit.model.form import Table


def found_in(filled: Filing) -> Iterator[Issue]:
    """Yield what is wrong with the computed cells of a filing that has its totals, and with the decimals of figures."""
    for one in discrepancies(filled):
        yield _of_cell(filled, one)
    refs = shortened(filled)
    for table in filled.form.tables.values() if refs else ():
        yield from _shortened(filled, table, [ref for ref in refs if ref.table == table.key])


def _of_cell(filing: Filing, one: Discrepancy) -> Issue:
    ref, table = one.ref, filing.form.tables[one.ref.table]
    parts = joined(
        (phrase("stated", name=_name(table, part, ref), number=stated(filing, part)) for part in one.worked.refs),
        "list",
    )
    at = (filing.where(ref), ref, stated(filing, ref))
    told = {"cell": _cell(table, ref), "formula": one.worked.formula.text, "parts": parts}
    match one.why:
        case "differs":
            return issue("F1", *at, "" if one.given is None else one.given.text, **told)
        case "zero":
            return issue("F2", *at, "", **told)
        case _:
            return issue("F3", *at, takes(one.worked.cell), **told)


def _shortened(filing: Filing, table: Table, refs: list[CellRef]) -> Iterator[Issue]:
    if refs:
        first = refs[0]
        digits = filing.form.cells[first].format.decimals
        at = (filing.where(first), first, filing.values[first].text, "")
        yield issue("F4", *at, cell=_cell(table, first), count=len(refs), digits=digits)


def _cell(table: Table, ref: CellRef) -> str:
    return joined([table.caption, *(f"“{label}”" for label in table.labels[ref] if label)])


def _name(table: Table, part: CellRef, ref: CellRef) -> str:
    """What a part of a formula is called where the cell that it computes is known."""
    row, column = table.labels[part]
    return own_label(column if part.row == ref.row else row)
