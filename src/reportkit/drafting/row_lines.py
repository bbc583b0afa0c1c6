"""What each row of a table is: a title over all columns, heads of columns, or data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from reportkit.drafting.source_grid import Role, SourceCell, SourceGrid
from reportkit.model.spelling import squeezed

_COUNTING = re.compile(r"[甲乙丙丁]|栏次|列次|序号|No\.?|Column")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Line(Enum):
    """What a row is."""

    TITLE = auto()  # one label over all columns
    HEAD = auto()  # labels of columns
    DATA = auto()  # labels of a row, and what is filled in


def lines_of(grid: SourceGrid) -> list[tuple[int, Line]]:
    """Return the rows of a table in which a cell begins, each with what it is."""
    return _Lines(grid).found()


def is_filled(grid: SourceGrid) -> bool:
    """Return whether figures stand in a table, in cells of which the file does not say what they are."""
    top, left = grid.rows.start, grid.columns.start
    inner = (cell for cell in grid.all_cells() if cell.row > top and cell.column > left)
    return any(cell.role is Role.OPEN and cell.is_figure for cell in inner)


def lead_of(grid: SourceGrid, row: int, columns: range) -> int:
    """Return how many columns the labels before the figures of a row take; codes before words are labels."""
    column, width = columns.start, 0
    while column < columns.stop:
        cell = grid.cells[row, column]
        column = cell.right
        if cell.is_label:
            width = column - columns.start
        elif not (cell.is_figure and width == 0 and cell.role is Role.OPEN):
            break
    return width


class _Lines:
    """Looks at the rows from the top down."""

    def __init__(self, grid: SourceGrid) -> None:
        self._grid, self._columns, self._filled = grid, grid.columns, is_filled(grid)
        self._valued: set[int] = set()  # columns of this part in which nothing but figures and blanks has stood
        self._labelled: set[int] = set()

    def found(self) -> list[tuple[int, Line]]:
        """Return the rows, each with what it is."""
        rows = (row for row in self._grid.rows if self._grid.starting(row))
        found: list[tuple[int, Line]] = []
        for row in rows:
            line = self._line(row, [kind for _, kind in found])
            if line is not Line.DATA:
                self._valued, self._labelled = set(), set()
            else:
                self._note(row)
            found.append((row, line))
        return found

    def _line(self, row: int, before: Sequence[Line]) -> Line:
        cells = self._grid.starting(row)
        fields = [cell for cell in cells if not cell.is_label]
        begun = bool(before) and before[-1] is Line.DATA
        if len(cells) == 1 and not fields and cells[0].colspan == len(self._columns) > 1:
            return Line.TITLE
        if any(cell.role is Role.FIELD for cell in cells):
            return Line.DATA
        if self._grid.fixed:
            return Line.HEAD
        if not fields:
            headed = self._filled and (begun or self._has_all_heads(row, before))
            return Line.DATA if headed and not self._repeats(cells) else Line.HEAD
        if begun:
            return Line.HEAD if self._heads_values(cells) else Line.DATA
        return self._first_lines(row, cells, before)

    def _first_lines(self, row: int, cells: Sequence[SourceCell], before: Sequence[Line]) -> Line:
        """What a row is before the first data of a part, where not all of its cells are labels."""
        figures = [cell for cell in cells if cell.is_figure]
        headed = bool(before) and before[-1] is Line.HEAD
        if figures:
            years = all(_YEAR.fullmatch(cell.text) for cell in figures)
            return Line.HEAD if (years and not headed) or (headed and _counts(cells)) else Line.DATA
        edge = self._grid.cells[row, self._columns.start]
        if headed and edge.row != row and edge.row in self._heads_so_far(row, before):
            return Line.HEAD if any(cell.is_label for cell in cells) else Line.DATA
        labels = [cell.is_label for cell in cells]
        if True not in labels:
            return Line.DATA
        leading = labels.index(False) if labels[0] else 0
        return Line.HEAD if any(labels[leading:]) and (not headed or not labels[0]) else Line.DATA

    def _has_all_heads(self, row: int, before: Sequence[Line]) -> bool:
        """Whether the row above is of heads of which none is a group: no more of them can follow."""
        if not before or before[-1] is not Line.HEAD:
            return False
        return all(cell.text and cell.colspan == 1 for cell in self._grid.starting(row - 1))

    def _heads_so_far(self, row: int, before: Sequence[Line]) -> range:
        """The rows of heads just above a row."""
        count = next((at for at, kind in enumerate(reversed(before)) if kind is not Line.HEAD), len(before))
        return range(row - count, row)

    def _repeats(self, cells: Sequence[SourceCell]) -> bool:
        """Whether a row begins with what stands over the labels of the table's rows: heads that are printed again."""
        first = next(self._grid.all_cells())
        return bool(cells[0].text) and squeezed(cells[0].text) == squeezed(first.text)

    def _heads_values(self, cells: Sequence[SourceCell]) -> bool:
        """Whether a row has nothing but labels behind its first cell, some over columns that have none otherwise."""
        labels = {cell.column for cell in cells if cell.is_label}
        return not self._filled and len(labels) >= len(cells) - 1 > 0 and bool(labels & self._valued)

    def _note(self, row: int) -> None:
        first = self._columns.start + lead_of(self._grid, row, self._columns)
        self._labelled.update(range(self._columns.start, first))
        for cell in self._grid.starting(row, range(first, self._columns.stop)):
            (self._labelled if cell.is_label else self._valued).update(range(cell.column, cell.right))
        self._valued -= self._labelled


def _counts(cells: Sequence[SourceCell]) -> bool:
    """Whether cells are numbered from 1 on, behind 栏次 or 甲: the numbers of columns, which head them."""
    texts = [cell.text for cell in cells if cell.text and not _COUNTING.fullmatch(cell.text)]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
