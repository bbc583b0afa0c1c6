"""A published report as blocks in reading order, whatever it came as: HTML, Word, or plain text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from reportkit.errors import Place, Trouble


class Joint(Enum):
    """What stands between a line and the one before it."""

    APART = auto()  # a blank line, or whatever else ends a paragraph
    NEXT = auto()  # the end of the line only
    PAGE = auto()  # the end of a page


class Paragraph(NamedTuple):
    """A line or paragraph of running text; `place` is its line number (text) or `paragraph 12` (HTML, Word).

    `joint` and `indented` say how it stands below the line before, where the file tells.
    """

    text: str
    place: Place
    joint: Joint = Joint.APART
    indented: bool = False


class Picture(NamedTuple):
    """An image: a report whose tables are pictures cannot be read."""

    place: Place


class Cell(NamedTuple):
    """A table cell as the file has it; line breaks in it are plain line ends."""

    text: str
    rowspan: int = 1
    colspan: int = 1


class Row(NamedTuple):
    """The cells that start in a row; `place` is `table 2 row 9`, or a line number."""

    cells: tuple[Cell, ...]
    place: Place


class Grid(NamedTuple):
    """A table: its rows as the file has them, spans not expanded.

    `heads` are the cells that the file calls the head of others: the number of the row, and of the cell in it, from 0.
    """

    rows: tuple[Row, ...]
    place: Place
    heads: frozenset[tuple[int, int]] = frozenset()


Block = Paragraph | Picture | Grid


@dataclass(frozen=True)
class Document:
    """The blocks of a file, with the name that messages use for it; `title` is the HTML page's own, if it has one."""

    path: str
    blocks: tuple[Block, ...]
    title: str = ""
    notes: tuple[Trouble, ...] = ()
