"""Tables that stand in a file just as the form prints them: each label then is known by its place, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportkit.documents.blocks import tidy
from reportkit.documents.document import Grid, Row
from reportkit.imports.published.labels import FormLabels, Stub
from reportkit.imports.published.lexer import VALUES, Kind, Token, Words
from reportkit.imports.published.radicals import folded
from reportkit.model.form import Form, Table
from reportkit.model.printed_grid import GridCell
from reportkit.model.spelling import squeezed

_IN_CELLS = VALUES | {Kind.PROSE}
"""What a cell for a figure can hold; a word that is a label elsewhere stands in the place of a number there."""


class Printed:
    """The tables of a form as they are printed: cell by cell, label by label."""

    def __init__(self, form: Form, labels: FormLabels, words: Words) -> None:
        self._tables, self._labels, self._words = list(form.keyed_tables.values()), labels, words

    def tokens(self, grid: Grid) -> list[tuple[Row, tuple[Token, ...]]]:
        """Return a table that is one of the form's, with all of its labels, row by row as tokens; else nothing.

        A row of blocks beside each other comes once for each of them: all of one block, then all of the next.
        """
        table = next((table for table in self._tables if is_printed(table, grid)), None)
        return list(self._rows(table, grid)) if table else []

    def _rows(self, table: Table, grid: Grid) -> Iterator[tuple[Row, tuple[Token, ...]]]:
        stubs = iter([stub for stub in self._labels.stubs if stub.table == table.key])
        rows = iter(grid.rows)
        for printed in table.grid:
            band = [(row, [*zip(cells, texts_of(row), strict=True)]) for cells, row in zip(printed, rows, strict=False)]
            for number in sorted({cell.block for cell in printed[0]}):
                corner = next((cell for row in printed for cell in row if _is_corner(cell, number)), None)
                for row, cells in band:
                    own = [(cell, text) for cell, text in cells if cell.block == number and cell.role != "padding"]
                    if own:
                        yield row, tuple(self._side(own, corner, stubs))

    def _side(
        self, cells: Sequence[tuple[GridCell, str]], corner: GridCell | None, stubs: Iterator[Stub]
    ) -> Iterator[Token]:
        """The tokens of a block in one row; `corner` is the first of the labels over its stub."""
        of_data = any(cell.ref for cell, _ in cells)
        for cell, text in cells:
            yield self._of_data(cell, text, stubs) if of_data else self._above(cell, text, corner)

    def _of_data(self, cell: GridCell, text: str, stubs: Iterator[Stub]) -> Token:
        if not cell.ref:
            return Token(Kind.STUB, text, next(stubs)) if cell.label else Token(Kind.BLANK, "")
        token = self._words.of_cell(text)
        return token if token.kind in _IN_CELLS else Token(Kind.FILLER, text)

    def _above(self, cell: GridCell, text: str, corner: GridCell | None) -> Token:
        """What a label above the rows is: the block's title, what stands over the stub, or a column's."""
        if not text:
            return Token(Kind.BLANK, "")
        if cell.role == "title":
            return Token(Kind.TITLE, text)
        if cell.role == "column":
            return Token(Kind.HEAD, text)
        return Token(Kind.CORNER if cell is corner and self._labels.is_corner(text) else Kind.NOTE, text)


def _is_corner(cell: GridCell, block: int) -> bool:
    return cell.role == "corner" and cell.block == block


def is_printed(table: Table, grid: Grid) -> bool:
    """Return whether a table has the cells of a form's table in each row, and all of its labels in their places."""
    rows = printed_rows(table)
    return len(rows) == len(grid.rows) and all(
        len(cells) == len(row.cells) and all(map(_agrees, cells, texts_of(row)))
        for cells, row in zip(rows, grid.rows, strict=True)
    )


def _agrees(cell: GridCell, text: str) -> bool:
    return cell.ref is not None or squeezed(cell.label) == squeezed(text)


def printed_rows(table: Table) -> Sequence[tuple[GridCell, ...]]:
    """Return the printed rows of a table."""
    return [row for block in table.grid for row in block]


def texts_of(row: Row) -> list[str]:
    """Return the texts of a row's cells, in one way of writing."""
    return [tidy(folded(cell.text)) for cell in row.cells]
