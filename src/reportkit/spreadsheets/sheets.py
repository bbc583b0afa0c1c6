"""A sheet as the readers see it: values by position, and what a value alone does not tell."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from reportkit.errors import Origin, Trouble

Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta
"""What a cell holds; "" if nothing. A number is a float, whatever it looks like."""

EXACT = decimal.Context(prec=100)
"""Decimals of a workbook's numbers are exact with as many digits as this: a double has 17."""

Position = tuple[int, int]
"""Row and column, from 0."""


class Area(NamedTuple):
    """A rectangle of cells, both corners within."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, at: Position) -> bool:
        """Whether a cell is in it."""
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right


@dataclass
class Facts:
    """What a sheet's file says beside the values.

    `formulas` are in A1 notation without the "=", "" if the text is not known. `faults` are error values (#REF!),
    `unsolved` the formulas that were never calculated: both look like blank cells otherwise.

    `shown` is what a person sees where that is not plainly what is stored, None where it is not known. The letters of
    `struck` cells, or some of them, are struck out, those of `raised` ones raised or lowered, those of `unseen` ones
    white on white. In `conditional` areas a condition may do so. `padded` are whole numbers that are shown with zeros
    before them, as a person sees them.
    """

    formulas: dict[Position, str] = field(default_factory=dict)
    faults: dict[Position, str] = field(default_factory=dict)
    unsolved: set[Position] = field(default_factory=set)
    shown: dict[Position, str | None] = field(default_factory=dict)
    padded: dict[Position, str] = field(default_factory=dict)
    struck: set[Position] = field(default_factory=set)
    raised: set[Position] = field(default_factory=set)
    unseen: set[Position] = field(default_factory=set)
    conditional: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A worksheet that people see."""

    name: str
    rows: list[list[Value]]
    facts: Facts

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def value(self, row: int, column: int) -> Value:
        """What stands in a cell, "" outside of what is used."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def text(self, row: int, column: int) -> str:
        """A cell's text without the white space around it, "" if it holds no text."""
        value = self.value(row, column)
        return value.strip() if isinstance(value, str) else ""

    def place(self, row: int, column: int) -> str:
        """The cell's address as messages print it: 表三!D7."""
        return f"{self.name}!{address(row, column)}"


@dataclass(frozen=True)
class Workbook:
    """A workbook whose file was found to be sound.

    `own` are the lines of the sheet in which our form says what it is, by their first cell; `manual` tells that the
    program was not to calculate by itself.
    """

    path: str
    sheets: tuple[Sheet, ...]
    own: Mapping[str, str]
    manual: bool = False
    notes: tuple[Trouble, ...] = ()

    @property
    def origin(self) -> Origin:
        """The file as a whole."""
        return Origin(self.path)


def address(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> address(6, 3), address(0, 26)
    ('D7', 'AA1')
    """
    return f"{_letters(column)}{row + 1}"


@lru_cache(1024)
def _letters(column: int) -> str:
    letters = ""
    number = column + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def position(letters: str, digits: str) -> Position:
    """Return the position that the two parts of an address name.

    >>> position("D", "7"), position("AA", "1")
    ((6, 3), (0, 26))
    """
    return int(digits) - 1, _column(letters)


@lru_cache(1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
