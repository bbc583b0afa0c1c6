"""Tables with open rows that stand in a file just as the form prints them: as many records as there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportkit.documents.document import Document, Grid
from reportkit.imports.published.labels import Stub
from reportkit.imports.published.printed_tables import is_printed, printed_rows, texts_of
from reportkit.imports.published.rows import Found, Value
from reportkit.model.form import Form, Table
from reportkit.model.row_records import of_length


def without_open_tables(document: Document, form: Form) -> tuple[Document, list[Found]]:
    """Return a document without the form's tables with open rows, and what the rows of these are."""
    rows: list[Found] = []
    rest = []
    for block in document.blocks:
        if isinstance(block, Grid) and (found := _open_table(block, form)):
            rows += _rows(block, *found)
        else:
            rest.append(block)
    return (replace(document, blocks=tuple(rest)), rows) if rows else (document, rows)


def _open_table(grid: Grid, form: Form) -> tuple[Table, Table] | None:
    """Return the form's table with open rows that a table is, as the form has it and as it is printed with its rows."""
    for table in form.tables.values():
        if table.open:
            count = len(grid.rows) - table.head_rows - bool(table.open.total)
            printed = of_length(table, count) if 0 < count <= table.open.most else None
            if printed and is_printed(printed, grid):
                return table, printed
    return None


def _rows(grid: Grid, table: Table, printed: Table) -> Iterator[Found]:
    """Yield the rows of a table with open rows: its records, and their sums."""
    for at, (cells, row) in enumerate(zip(printed_rows(printed), grid.rows, strict=True)):
        texts = {cell.ref.column: text for cell, text in zip(cells, texts_of(row), strict=True) if cell.ref}
        key = next((cell.ref.row for cell in cells if cell.ref), "")
        if key:
            stub = Stub(table.key, 0, at, key, key, "", key)
            values = (Value(texts.get(leaf.key, ""), row.place) for leaf in table.blocks[0].column_leaves)
            yield Found(stub, row.place, tuple(values))
