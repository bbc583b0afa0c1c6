"""Records of a table with open rows as the text of a parameter file: a line each, their values by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportkit.errors import CellRef
from reportkit.model.form import Table
from reportkit.model.open_rows import TOTAL
from reportkit.model.row_records import filled_rows, value_names
from reportkit.params.figures import ROWS
from reportkit.params.yaml_text import BLANK, Entry, Items, Plain, Written, flow, number

Notes = dict[CellRef | str, list[str]]


def records_value(table: Table, values: Mapping[CellRef, Written], notes: Notes) -> str | Items | list[Entry]:
    """Return what stands below a table's name: the list, with the sums beside it where they are stated.

    The notes that are told at the cells of a record are taken out of `notes`.
    """
    last = max(map(int, filled_rows(table, values.keys())), default=0)
    items = Items(list(_lines(table, values, notes, range(1, last + 1))))
    rows: str | Items = items if items.lines else BLANK
    if sums := record(table, TOTAL, values):
        assert table.open
        told = [note for ref in table.cells if ref.row == TOTAL for note in notes.pop(ref, [])]
        return [Entry(Plain(ROWS), rows), Entry(table.open.total, sums, told)]
    return rows


def new_lines(table: Table, values: Mapping[CellRef, Written], rows: range) -> Items:
    """Return the lines of these records."""
    return Items(list(_lines(table, values, {}, rows)))


def record(table: Table, row: str, values: Mapping[CellRef, Written]) -> str:
    """Return a record on one line, its values by name; "" if it has none."""
    stated = ((name, values.get(CellRef(table.key, row, key))) for key, name in value_names(table).items())
    cells = [Entry(name, number(value)) for name, value in stated if value is not None]
    return f"{{{flow(cells)}}}" if cells else ""


def _lines(
    table: Table, values: Mapping[CellRef, Written], notes: Notes, rows: range
) -> Iterator[tuple[str, list[str]]]:
    for row in map(str, rows):
        refs = [CellRef(table.key, row, leaf.key) for leaf in table.blocks[0].column_leaves]
        yield record(table, row, values) or "{}", [note for ref in refs for note in notes.pop(ref, [])]
