"""Whether a form prints a table as the file has it: row by row, each label and how far each cell reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from reportkit.drafting.draft_table import DraftTable
from reportkit.drafting.source_grid import SourceCell, SourceGrid
from reportkit.model.form import Table
from reportkit.model.printed_grid import GridCell
from reportkit.model.row_records import as_printed


class PrintedCell(NamedTuple):
    """A cell as it is printed; the label of one that is filled in is None."""

    row: int
    column: int
    rowspan: int
    colspan: int
    label: str | None


Printed = tuple[PrintedCell, ...]
"""The cells of a row, whose number is left open."""


class Likeness(NamedTuple):
    """How many of the rows of a file a form prints just so, and where those begin that it does not."""

    rows: int
    same: int
    others: tuple[str, ...] = ()


def likeness(table: DraftTable, form: Table) -> Likeness:
    """Return how much of a table a form prints as the file has it."""
    source = [(row, cells) for band in _source_bands(table) for row, cells in _compressed(band)]
    made = [row for band in printed_table(form).grid for _, row in _compressed(_made(band))]
    matcher = SequenceMatcher(None, [cells for _, cells in source], made, autojunk=False)
    same = {at for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)}
    others = tuple(_place(table.grid, row) for at, (row, _) in enumerate(source) if at not in same)
    return Likeness(len(source), len(same), others)


def printed_table(form: Table) -> Table:
    """Return a form's table as it is printed while nothing is filled in: with one line, where rows are open."""
    return as_printed(form, {})[0] if form.open else form


def _place(grid: SourceGrid, row: int) -> str:
    return grid.address((row, grid.columns.start))


def _made(band: Iterable[Iterable[GridCell]]) -> list[PrintedCell]:
    """The cells of a part of a form's table."""
    cells = (cell for row in band for cell in row)
    return [PrintedCell(*cell[:4], None if cell.ref else cell.label) for cell in cells]


def _source_bands(table: DraftTable) -> list[list[PrintedCell]]:
    """The cells of the file that make the parts of the table, from the top down."""
    fields = {entry.at for entry in table.entries()}
    return [
        [_printed(cell, (cell.row, cell.column) in fields) for row in rows for cell in table.grid.starting(row)]
        for rows in table.bands
    ]


def _printed(cell: SourceCell, filled_in: bool) -> PrintedCell:
    return PrintedCell(cell.row, cell.column, cell.rowspan, cell.colspan, None if filled_in else cell.text)


def _compressed(cells: Sequence[PrintedCell]) -> list[tuple[int, Printed]]:
    """The rows of cells, each with the number that it has, in columns and rows in which at least one label begins.

    A cell that is filled in is told by its place among the others of its row: many files merge it as it comes.
    """
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells if cell.label is not None})
    found = []
    for row in rows:
        line = sorted((cell for cell in cells if cell.row == row), key=_column)
        found.append((row, tuple(_within(cell, at, rows, columns) for at, cell in enumerate(line))))
    return found


def _within(cell: PrintedCell, at: int, rows: Sequence[int], columns: Sequence[int]) -> PrintedCell:
    if cell.label is None:
        return PrintedCell(0, at, 1, 1, None)
    across = sum(cell.column <= column < cell.column + cell.colspan for column in columns)
    down = sum(cell.row <= row < cell.row + cell.rowspan for row in rows)
    return PrintedCell(0, columns.index(cell.column), down, across, cell.label)


def _column(cell: PrintedCell) -> int:
    return cell.column
