"""Tables whose rows are left open: a register with blank or numbered lines, perhaps with their sums below."""

from __future__ import annotations

import re
from typing import NamedTuple

from reportkit.drafting.cell_types import CellType
from reportkit.drafting.source_grid import SourceCell, SourceGrid
from reportkit.drafting.total_labels import total_rank
from reportkit.translation import N_

NUMBERS = re.compile(r"序号|编号|No\.?|#|Nr\.?")
"""What stands over the numbers of the lines."""

_DOTS = re.compile(r"[.…·]{1,6}")
_FEWEST, _USUAL = 2, 30
"""Blank lines that make a register, and how many records a form takes that says nothing of it."""

FIRST = CellType("text", why=N_("as a column of a list that is not added up"))
"""What a column of a register holds of which nothing is known, and which its sums leave out."""


class Register(NamedTuple):
    """What a table with open rows says of them: the line that stands for all, and that of the sums, if there is one.

    `numbered` tells that the first column has the numbers of the lines; `lines` is how many there are.
    """

    line: int
    sums: int | None
    total: str
    numbered: bool
    lines: int

    @property
    def most(self) -> int | None:
        """How many records there can be, None for as many as in any form."""
        return self.lines if self.lines > _USUAL else None


def register_in(grid: SourceGrid, head: list[int], body: list[int]) -> Register | None:
    """Return what the rows of a table say if they are open, None if they have labels or hold anything."""
    sums = body[-1] if head and _is_sums(grid, body[-1]) else None
    lines = body if sums is None else body[:-1]
    if not head or len(lines) < _FEWEST or not all(_is_blank(grid, row, at) for at, row in enumerate(lines, 1)):
        return None
    first = grid.columns.start
    numbered = bool(NUMBERS.fullmatch(grid.cells[head[-1], first].text))
    numbered |= any(grid.cells[row, first].is_figure for row in lines)
    total = "" if sums is None else next(cell.text for cell in grid.starting(sums) if cell.text)
    return Register(lines[0], sums, total, numbered, len(lines))


def _is_sums(grid: SourceGrid, row: int) -> bool:
    """Whether a row is labelled as a total, and nothing stands in it but what is worked out."""
    texts = [cell for cell in grid.starting(row) if cell.text and not cell.formula]
    return len(texts) == 1 and total_rank(texts[0].text) > 0


def _is_blank(grid: SourceGrid, row: int, number: int) -> bool:
    """Whether nothing stands in a line but its number, or dots."""
    return all(_says_nothing(cell, number, grid.columns.start) for cell in grid.starting(row))


def _says_nothing(cell: SourceCell, number: int, first: int) -> bool:
    own_number = cell.column == first and cell.text == str(number)
    return not cell.text or bool(cell.formula) or own_number or _DOTS.fullmatch(cell.text) is not None
