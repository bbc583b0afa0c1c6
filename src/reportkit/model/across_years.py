"""What ties a form's filings of two years: the figures that are carried over, and those that are compared."""

from __future__ import annotations

from typing import NamedTuple

from reportkit.errors import CellRef

Carry = tuple[tuple[CellRef, CellRef], ...]
"""Cells of this year, each with the cell of last year's filing that it is."""


class Compared(NamedTuple):
    """A line of the comparison: a row and a column by their keys, or by those of a group, whose cells are added up."""

    table: str
    row: str
    column: str
