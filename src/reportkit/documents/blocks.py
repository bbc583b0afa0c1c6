"""Puts a document together from the events of a walk through its markup: lines, cells, tables and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from reportkit.documents.document import Block, Cell, Grid, Paragraph, Picture, Row
from reportkit.documents.size_limits import unreadable
from reportkit.errors import Origin, Place, Trouble

MAX_COLSPAN = 100
MAX_NESTING = 50
MAX_CELLS = 200_000
"""Cells of one table with its spans expanded; the largest official one has 260."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


UNREADABLE = "\ufffc"
"""In place of what is seen in a cell and cannot be read: neither a number nor a blank."""

_WORDS = re.compile("[一-鿿]")


class _Sign(Enum):
    PICTURE = "picture"
    OBJECT = "object"


@dataclass(eq=False)
class OpenCell:
    """A cell while it is read: a rowspan may grow, and 0 reaches to the end of the group of rows."""

    rowspan: int = 1
    colspan: int = 1
    head: bool = False
    content: list[_Content] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The lines of the cell."""
        return "\n".join(line for line in self.content if isinstance(line, str))

    @property
    def text(self) -> str:
        """The lines of the cell, and a sign for what else is in it where a figure may stand."""
        words = self.words
        other = any(isinstance(content, _Sign) for content in self.content) and not _WORDS.search(words)
        return f"{words}{UNREADABLE}" if other else words


@dataclass(eq=False)
class _OpenRow:
    group: int
    cells: list[OpenCell] = field(default_factory=list)


@dataclass(eq=False)
class _OpenTable:
    rows: list[_OpenRow] = field(default_factory=list)
    outside: list[_Content] = field(default_factory=list)  # a caption, or text that stands between the cells
    row: _OpenRow | None = None
    cell: OpenCell | None = None
    group: int = 0

    def new_row(self) -> _OpenRow:
        self.rows.append(_OpenRow(self.group))
        return self.rows[-1]


_Content = str | _Sign | _OpenTable


def tidy(line: str) -> str:
    """Return a line without white space and invisible characters at its ends, and without the latter inside."""
    return _INVISIBLE.sub(_separator, line).strip()


def _separator(invisible: re.Match[str]) -> str:
    """What invisible characters may be between two digits: the border of two numbers, so no number is read there."""
    line, start, end = invisible.string, invisible.start(), invisible.end()
    before, after = line[max(0, start - 1) : start], line[end : end + 1]
    return invisible[0] if before.isdigit() and after.isdigit() else ""


def struck_out(texts: list[str], path: str) -> list[Trouble]:
    """Return one warning about all texts of a file that are crossed out, none if there are none."""
    if not texts:
        return []
    found = texts[0] if len(texts[0]) <= 40 else f"{texts[0][:40]}…"
    return [Trouble("D11", Origin(path), found, values={"count": len(texts)})]


class Blocks:
    """Takes what a walk meets, in reading order, and returns the blocks of the document in the end.

    Only innermost tables become a Grid: one that holds other tables, or no row with two cells of text, arranges the
    page, and its cells are read one after the other.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._root: list[_Content] = []
        self._tables: list[_OpenTable] = []
        self._line: list[str] = []

    def write(self, text: str) -> None:
        """Go on with the line."""
        self._line.append(text)

    @property
    def wants_space(self) -> bool:
        """Whether a space would be the first since the last character of the line."""
        return bool(self._line) and not self._line[-1].endswith(" ")

    def break_line(self) -> None:
        """End the line, and keep it if there is something on it."""
        if self._line:
            line = tidy("".join(self._line))
            self._line = []
            if line:
                self._flow.append(line)

    def picture(self) -> None:
        """Note a picture beside the line."""
        self._flow.append(_Sign.PICTURE)

    def unreadable(self) -> None:
        """Note that there is something in this place that is seen and not read: in a cell it is no blank."""
        if self._tables and self._tables[-1].cell:
            self._flow.append(_Sign.OBJECT)

    def open_table(self) -> None:
        """Begin a table. Raises UnreadableError if tables are nested beyond reason."""
        self.break_line()
        if len(self._tables) == MAX_NESTING:
            raise unreadable("D6.nested_tables", Origin(self._path), most=MAX_NESTING)
        self._tables.append(_OpenTable())

    def open_group(self) -> None:
        """Begin a group of rows, beyond which no cell of the rows before reaches."""
        if self._tables:
            self.close_row()
            self._tables[-1].group += 1

    def open_row(self) -> None:
        """Begin a row, after the end of the one before; outside a table it is but a line."""
        self.close_row()
        if self._tables:
            self._tables[-1].row = self._tables[-1].new_row()

    def open_cell(self, rowspan: int = 1, colspan: int = 1, *, head: bool = False) -> OpenCell:
        """Begin a cell, after the end of the one before, and return it."""
        self.close_cell()
        cell = OpenCell(rowspan, max(1, min(colspan, MAX_COLSPAN)), head)
        if self._tables:
            table = self._tables[-1]
            table.row = table.row or table.new_row()
            table.row.cells.append(cell)
            table.cell = cell
        return cell

    def close_cell(self) -> None:
        """End the cell that is open in the innermost table."""
        self.break_line()
        if self._tables:
            self._tables[-1].cell = None

    def close_row(self) -> None:
        """End the row that is open in the innermost table."""
        self.close_cell()
        if self._tables:
            self._tables[-1].row = None

    def close_table(self) -> None:
        """End the innermost table. Raises UnreadableError if its spans make it larger than any report."""
        self.close_row()
        table = self._tables.pop()
        flow = self._flow
        flow.extend(table.outside)
        cells = [cell for row in table.rows for cell in row.cells]
        if _arranges_the_page(table):
            for cell in cells:
                flow.extend(content for content in cell.content if content is not _Sign.OBJECT)
            return
        _clip_spans(table)
        if sum(cell.rowspan * cell.colspan for cell in cells) > MAX_CELLS:
            raise unreadable("D6.cells", Origin(self._path), most=MAX_CELLS)
        flow.append(table)
        flow.extend(_Sign.PICTURE for cell in cells for content in cell.content if content is _Sign.PICTURE)

    def finish(self) -> tuple[Block, ...]:
        """Return all blocks, with their places counted from 1."""
        while self._tables:
            self.close_table()
        self.break_line()
        blocks: list[Block] = []
        counts = {"paragraph": 0, "table": 0, "picture": 0}
        for content in self._root:
            kind = "paragraph" if isinstance(content, str) else "picture" if isinstance(content, _Sign) else "table"
            counts[kind] += 1
            blocks.append(_block(content, f"{kind} {counts[kind]}"))
        return tuple(blocks)

    @property
    def _flow(self) -> list[_Content]:
        if not self._tables:
            return self._root
        table = self._tables[-1]
        return table.cell.content if table.cell else table.outside


def _arranges_the_page(table: _OpenTable) -> bool:
    if any(isinstance(content, _OpenTable) for row in table.rows for cell in row.cells for content in cell.content):
        return True
    return all(sum(bool(cell.words) for cell in row.cells) < 2 for row in table.rows)


def _clip_spans(table: _OpenTable) -> None:
    """Let no cell reach beyond the rows of its group, as no browser does."""
    ends = {row.group: number for number, row in enumerate(table.rows)}
    for number, row in enumerate(table.rows):
        left = ends[row.group] - number + 1
        for cell in row.cells:
            cell.rowspan = min(cell.rowspan, left) if cell.rowspan > 0 else left


def _block(content: _Content, place: Place) -> Block:
    if isinstance(content, str):
        return Paragraph(content, place)
    if isinstance(content, _Sign):
        return Picture(place)
    rows = (
        Row(tuple(Cell(cell.text, cell.rowspan, cell.colspan) for cell in row.cells), f"{place} row {number}")
        for number, row in enumerate(content.rows, 1)
    )
    cells = ((at, cell) for at, row in enumerate(content.rows) for cell in enumerate(row.cells))
    return Grid(tuple(rows), place, frozenset((at, number) for at, (number, cell) in cells if cell.head))
