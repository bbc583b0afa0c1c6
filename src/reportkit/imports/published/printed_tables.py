"""Tables that stand in a file just as the form prints them: each label then is known by its place, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportkit.documents.blocks import tidy
from reportkit.documents.document import Grid, Row
from reportkit.imports.published.labels import Labels, Stub
from reportkit.imports.published.lexer import VALUES, Kind, Token, Words
from reportkit.imports.published.radicals import folded
from reportkit.imports.spelling import squeezed
from reportkit.model.form import Block, Form, GridCell, Table

_IN_CELLS = VALUES | {Kind.PROSE}
"""What a cell for a figure can hold; a word that is a label elsewhere stands in the place of a number there."""


class Printed:
    """The tables of a form as they are printed: cell by cell, label by label."""

    def __init__(self, form: Form, labels: Labels, words: Words) -> None:
        self._tables, self._labels, self._words = list(form.tables.values()), labels, words

    def tokens(self, grid: Grid) -> list[tuple[Token, ...]]:
        """Return the tokens of each row of a table that is one of the form's, with all of its labels; else nothing."""
        table = next((table for table in self._tables if _is_printed(table, grid)), None)
        return list(self._rows(table, grid)) if table else []

    def _rows(self, table: Table, grid: Grid) -> Iterator[tuple[Token, ...]]:
        stubs = iter([stub for stub in self._labels.stubs if stub.table == table.key])
        rows = iter(grid.rows)
        for block, printed in zip(table.blocks, table.grid, strict=True):
            for cells in printed:
                of_data = any(cell.ref for cell in cells)
                yield tuple(
                    self._of_data(cell, text, stubs) if of_data else self._above(cell, text, block)
                    for cell, text in zip(cells, _texts(next(rows)), strict=True)
                )

    def _of_data(self, cell: GridCell, text: str, stubs: Iterator[Stub]) -> Token:
        if not cell.ref:
            return Token(Kind.STUB, text, next(stubs)) if cell.label else Token(Kind.BLANK, "")
        token = self._words.of_cell(text)
        return token if token.kind in _IN_CELLS else Token(Kind.FILLER, text)

    def _above(self, cell: GridCell, text: str, block: Block) -> Token:
        """What a label above the rows is: the block's title, what stands over the stub, or a column's."""
        if not text:
            return Token(Kind.BLANK, "")
        if cell.scope == "rowgroup":
            return Token(Kind.TITLE, text)
        if cell.column or not block.stub_depth:
            return Token(Kind.HEAD, text)
        return Token(Kind.CORNER if self._labels.is_corner(text) else Kind.NOTE, text)


def _is_printed(table: Table, grid: Grid) -> bool:
    """Whether a table has the cells of a form's table in each row, and the same labels in all that are labels."""
    rows = _printed_rows(table)
    return len(rows) == len(grid.rows) and all(
        len(cells) == len(row.cells) and all(map(_agrees, cells, _texts(row)))
        for cells, row in zip(rows, grid.rows, strict=True)
    )


def _agrees(cell: GridCell, text: str) -> bool:
    return cell.ref is not None or squeezed(cell.label) == squeezed(text)


def _printed_rows(table: Table) -> Sequence[tuple[GridCell, ...]]:
    return [row for block in table.grid for row in block]


def _texts(row: Row) -> list[str]:
    return [tidy(folded(cell.text)) for cell in row.cells]
