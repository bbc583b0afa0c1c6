"""The records in a table with open rows: which rows hold any, and the table with just as many rows as it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from reportkit.errors import CellRef
from reportkit.model.form import Header, Table
from reportkit.model.open_rows import TOTAL, Open

V = TypeVar("V")


def keys_of(table: Table) -> list[str]:
    """Return the keys of the rows for records, in print order."""
    assert table.open
    return [str(number) for number in range(1, table.open.most + 1)]


def value_names(table: Table) -> dict[str, str]:
    """Return what each column is called in a record, by its key: its label, or the key where others have that label."""
    leaves = table.blocks[0].column_leaves
    often = Counter(leaf.label for leaf in leaves)
    return {leaf.key: leaf.label if often[leaf.label] == 1 and leaf.label else leaf.key for leaf in leaves}


def filled_rows(table: Table, cells: Set[CellRef]) -> list[str]:
    """Return the keys of the rows for records in which something stands, in print order; `cells` are those filled."""
    filled = {ref.row for ref in cells if ref.table == table.key}
    return [key for key in keys_of(table) if key in filled]


def asked_cells(table: Table, cells: Set[CellRef]) -> list[CellRef]:
    """Return the cells that a filing is to fill in: of open rows those of its records; `cells` are those filled."""
    if table.open is None:
        return list(table.cells)
    rows = filled_rows(table, cells)
    return [CellRef(table.key, row, leaf.key) for row in rows for leaf in table.blocks[0].column_leaves]


def records(table: Table, values: Mapping[CellRef, V]) -> list[dict[str, V]]:
    """Return what the rows hold, in print order: the values of each by column; blank cells are not there."""
    columns = [leaf.key for leaf in table.blocks[0].column_leaves]
    refs = ([CellRef(table.key, row, column) for column in columns] for row in filled_rows(table, values.keys()))
    return [{ref.column: values[ref] for ref in row if ref in values} for row in refs]


def as_printed(table: Table, values: Mapping[CellRef, V]) -> tuple[Table, Mapping[CellRef, V]]:
    """Return a table with open rows as it is printed, with a row for each record, and its values in there.

    Without any record it has one blank row.
    """
    rows = filled_rows(table, values.keys())
    places = {key: str(number) for number, key in enumerate(rows, 1)} | {TOTAL: TOTAL}
    moved = {
        ref._replace(row=places[ref.row]): value
        for ref, value in values.items()
        if ref.table == table.key and ref.row in places
    }
    return of_length(table, max(len(rows), 1)), moved


@lru_cache(maxsize=64)
def of_length(table: Table, count: int) -> Table:
    """Return a table with open rows as it is printed with so many of them."""
    assert table.open
    block = table.blocks[0]
    rows = [Header(str(number), str(number) if table.open.numbered else "") for number in range(1, count + 1)]
    if table.open.total:
        rows.append(Header(TOTAL, table.open.total if table.open.numbered else ""))
    kept = {header.key for header in rows}
    formulas = {ref: formula for ref, formula in table.formulas.items() if ref.row in kept}
    return replace(table, blocks=(replace(block, rows=tuple(rows)),), formulas=formulas)


def rows_of(said: Open) -> tuple[Header, ...]:
    """Return the rows that a form has for records, and that of the sums."""
    rows = [Header(str(number), str(number)) for number in range(1, said.most + 1)]
    return (*rows, *([Header(TOTAL, said.total)] if said.total else []))
