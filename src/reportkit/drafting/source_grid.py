"""A table as a file has it: its cells with their spans, where each of them stands, and what the file says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.model.numbers import half_width
from reportkit.signs import hidden
from reportkit.spreadsheets.entry_cells import Asked
from reportkit.spreadsheets.sheets import Position, Value
from reportkit.translation import _

MAX_CELLS = 20_000
"""Of a table; the largest official ones have some 500."""

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_FIGURE = re.compile(r"[-+]?[$¥￥€£]?[-+(]?\d[\d,]*(?:\.\d+)?\)?\s*[%‰]?(?:[百千万亿]{0,2}元)?|[-–—/\\√\s_.…]*")
"""What stands in a cell that is filled in, or left to be: no word."""

_BOXES = re.compile("[□☐☑☒■]")
"""Before what can be ticked."""

_LONGEST_FIGURE = 40


class Role(Enum):
    """What the file itself says of a cell."""

    OPEN = auto()  # nothing
    LABEL = auto()  # it cannot be changed, or is called the head of others
    FIELD = auto()  # something is to be filled in, or is worked out there


@dataclass(frozen=True, eq=False)
class SourceCell:
    """A cell with how far it reaches, and its text on one line.

    `value` is what a workbook stores, `formula` how it is worked out there; `shown` is the number format, and `asked`
    what may be typed. `indent` counts the blanks before the text.
    """

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    role: Role = Role.OPEN
    value: Value = ""
    formula: str = ""
    shown: str = ""
    asked: Asked | None = None
    indent: int = 0

    @property
    def bottom(self) -> int:
        """The row below it."""
        return self.row + self.rowspan

    @property
    def right(self) -> int:
        """The column to its right."""
        return self.column + self.colspan

    @property
    def is_figure(self) -> bool:
        """Whether a number stands in it, or a sign for none."""
        return bool(self.text) and is_figure(self.text)

    @property
    def is_label(self) -> bool:
        """Whether words stand in it, as far as one can see."""
        return self.role is Role.LABEL or (self.role is Role.OPEN and not is_figure(self.text) and not self.has_boxes)

    @property
    def has_boxes(self) -> bool:
        """Whether something in it is to be ticked."""
        return _BOXES.search(self.text) is not None


def is_figure(text: str) -> bool:
    """Return whether a text is no word: a number, a sign for none, or nothing."""
    return len(text) <= _LONGEST_FIGURE and _FIGURE.fullmatch(half_width(text)) is not None


def on_one_line(text: str) -> str:
    """Return a text on one line, without signs that nobody sees."""
    seen = text
    for sign in {one.sign for one in hidden(text)}:
        seen = seen.replace(sign, "")
    return " ".join(seen.split())


def as_label(text: str) -> str:
    """Return a label as it is printed: on one line, without the gaps that spread Chinese words over a cell."""
    return _GAP.sub("", on_one_line(text))


@dataclass(eq=False)
class SourceGrid:
    """The cells of a table by each position that they take; `address` is how messages call a position.

    `path` is the file, `origin` the table in it: 样表.xlsx#收支总表. `fixed` tells that the file says of every cell
    whether it is a label. `above` and `below` are the lines of text around the table.
    """

    path: str
    origin: str
    cells: dict[Position, SourceCell]
    address: Callable[[Position], str]
    fixed: bool = False
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    sheet: str = ""

    def __post_init__(self) -> None:
        rows, columns = {row for row, _ in self.cells}, {column for _, column in self.cells}
        self.rows, self.columns = range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)

    def starting(self, row: int, columns: Iterable[int] | None = None) -> list[SourceCell]:
        """Return the cells that begin in a row, from left to right."""
        found = (self.cells[row, column] for column in columns or self.columns)
        return list(dict.fromkeys(cell for cell in found if cell.row == row))

    def all_cells(self) -> Iterator[SourceCell]:
        """Yield each cell once, from the top, row by row."""
        for row in self.rows:
            yield from self.starting(row)

    def place(self, cell: SourceCell) -> str:
        """Return where a cell stands, as messages tell it."""
        return self.address((cell.row, cell.column))


class TableError(UserError):
    """A table from which no form can be made: the message says where, what was found, and what to do."""


class BrokenGrid(NamedTuple):
    """A table whose cells make no grid, and why: told when it is used, so that others of its file can be."""

    path: str
    origin: str
    sheet: str
    error: TableError


def tiled(cells: Iterable[SourceCell], origin: str, address: Callable[[Position], str]) -> dict[Position, SourceCell]:
    """Return the cells by each position that they take. Raises TableError where two take the same one, or none does."""
    found: dict[Position, SourceCell] = {}
    for cell in cells:
        if len(found) + cell.rowspan * cell.colspan > MAX_CELLS:
            words = _(
                "{origin}: the table has more than {most:,} cells, and no form has; name a file with the table alone"
            )
            raise TableError(words.format(origin=origin, most=MAX_CELLS))
        for at in ((row, column) for row in range(cell.row, cell.bottom) for column in range(cell.column, cell.right)):
            if at in found:
                words = _(
                    "{origin}: {place}: two merged cells overlap ({one} and {other}); each place belongs to one cell: "
                    "undo one of the merges"
                )
                first, second = (shortened(one.text) for one in (found[at], cell))
                raise TableError(words.format(origin=origin, place=address(at), one=first, other=second))
            found[at] = cell
    return found


def check_full(found: dict[Position, SourceCell], origin: str, address: Callable[[Position], str]) -> None:
    """Raise TableError where a row of a table has fewer cells than the others."""
    bottom, right = max(row for row, _ in found), max(column for _, column in found)
    for row in range(bottom + 1):
        missing = [column for column in range(right + 1) if (row, column) not in found]
        if missing:
            words = _(
                "{origin}: {place}: the row has {count} columns, and the table {width}: its merged cells leave a gap; "
                "mend the colspan and rowspan there, or save the table as .xlsx"
            )
            count, width = right + 1 - len(missing), right + 1
            raise TableError(words.format(origin=origin, place=address((row, missing[0])), count=count, width=width))


def shortened(text: str) -> str:
    """Return a label as a message shows it."""
    return f"“{text if len(text) <= 20 else text[:19] + '…'}”"
