"""The tables on a page or in a Word file, with the lines above each."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.documents.blocks import UNREADABLE
from reportkit.documents.document import Document, Grid, Paragraph
from reportkit.drafting.source_grid import (
    BrokenGrid,
    Role,
    SourceCell,
    SourceGrid,
    TableError,
    as_label,
    check_full,
    is_figure,
    on_one_line,
    tiled,
)
from reportkit.spreadsheets.sheets import Position
from reportkit.translation import _


def document_tables(document: Document) -> list[SourceGrid | BrokenGrid]:
    """Return the tables of a document in their order; one whose cells overlap or leave a gap is broken."""
    tables: list[SourceGrid | BrokenGrid] = []
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(on_one_line(block.text))
        elif isinstance(block, Grid):
            _put_below(tables, lines)
            tables.append(_table(block, document.path, lines, len(tables) + 1))
            lines = []
    _put_below(tables, lines)
    return tables


def _put_below(tables: list[SourceGrid | BrokenGrid], lines: list[str]) -> None:
    if tables and isinstance(tables[-1], SourceGrid):
        tables[-1].below = lines


def _table(grid: Grid, path: str, above: list[str], number: int) -> SourceGrid | BrokenGrid:
    origin = f"{path}#{number}"
    try:
        found = tiled(_cells(grid), origin, _place)
        check_full(found, origin, _place)
    except TableError as error:
        return BrokenGrid(path, origin, "", error)
    return SourceGrid(path, origin, found, _place, fixed=_tells_heads(grid), above=above)


def _tells_heads(grid: Grid) -> bool:
    """Whether the file says of each cell if it heads others: also of those before the figures of a row."""
    others = [
        (row, at) for row, line in enumerate(grid.rows) for at in range(len(line.cells)) if (row, at) not in grid.heads
    ]
    rows = {row for row, _ in grid.heads} & {row for row, _ in others}
    return bool(grid.heads) and (bool(rows) or all(is_figure(grid.rows[row].cells[at].text) for row, at in others))


def _cells(grid: Grid) -> Iterator[SourceCell]:
    """The cells, each in the first place of its row that is free."""
    other = Role.FIELD if _tells_heads(grid) else Role.OPEN
    reach: dict[int, int] = {}  # by column: the row up to which a cell from above takes it
    for number, row in enumerate(grid.rows):
        column = 0
        for at, cell in enumerate(row.cells):
            while reach.get(column, 0) > number:
                column += 1
            role = Role.LABEL if (number, at) in grid.heads else other
            text = as_label(cell.text.replace(UNREADABLE, " "))
            yield SourceCell(number, column, cell.rowspan, cell.colspan, text, role, text)
            reach.update(dict.fromkeys(range(column, column + cell.colspan), number + cell.rowspan))
            column += cell.colspan


def _place(at: Position) -> str:
    return _("row {row}, column {column}").format(row=at[0] + 1, column=at[1] + 1)
