"""Printed grids of tables, slot by slot."""

from __future__ import annotations

from collections import Counter

from reportkit.model.form import Table


def slots(table: Table) -> Counter[tuple[int, int]]:
    """The slots (row, column) that cells of the printed table cover, each as often as it is covered."""
    return Counter(
        (row, column)
        for band in table.grid
        for cells in band
        for cell in cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for column in range(cell.column, cell.column + cell.colspan)
    )


def every_slot_once(table: Table) -> Counter[tuple[int, int]]:
    """The slots of a table that cells tile without holes or overlaps."""
    rows = sum(map(len, table.grid))
    return Counter((row, column) for row in range(rows) for column in range(table.width))
