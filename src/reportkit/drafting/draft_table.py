"""A table as it is drafted: trees of labels with keys, and for each cell what the file says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportkit.drafting.layout import Part, layout_of
from reportkit.drafting.register import Register
from reportkit.drafting.source_grid import SourceCell, SourceGrid
from reportkit.drafting.trees import Node, Trees, dotted, paths
from reportkit.errors import CellRef
from reportkit.spreadsheets.sheets import Position


@dataclass(eq=False)
class DraftBlock:
    """A part of a table with heads of its own; `corner` are the labels over those of the rows.

    `lines` are the rows of the file that it prints, `right` is the column behind its last one.
    """

    title: str
    corner: list[Node]
    columns: list[Node]
    rows: list[Node]
    lines: list[int]
    right: int
    beside: bool = False
    repeated: bool = False
    foot: int = 0
    register: Register | None = None


class Entry(NamedTuple):
    """A cell to fill in: what the file has there, its address, and the labels over it from the top down.

    `alone` tells that it is the only one of its row.
    """

    source: SourceCell
    ref: CellRef
    row: tuple[Node, ...]
    column: tuple[Node, ...]
    alone: bool

    @property
    def at(self) -> Position:
        """Where it stands in the file."""
        return self.source.row, self.source.column


@dataclass(eq=False)
class DraftTable:
    """A table with the grid that it was found in; `heading` is that of its section."""

    grid: SourceGrid
    blocks: list[DraftBlock]
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    key: str = ""
    heading: str = ""
    note: str = ""
    footnotes: list[str] = field(default_factory=list)
    source: str = ""

    @property
    def bands(self) -> list[list[int]]:
        """The rows of the file that make the parts of the table, together those of parts beside each other."""
        bands: list[list[int]] = []
        for block in self.blocks:
            if block.beside and bands:
                bands[-1] = sorted({*bands[-1], *block.lines})
            else:
                bands.append(block.lines)
        return bands

    def entries(self) -> Iterator[Entry]:
        """Yield the cells with their addresses; keys must have been given."""
        for block in self.blocks:
            yield from self.entries_of(block)

    def entries_of(self, block: DraftBlock) -> Iterator[Entry]:
        """Yield the cells of a block, likewise."""
        columns = [*paths(block.columns)]
        for row in paths(block.rows):
            cells = self._cells(row[-1], [column[-1] for column in columns], block)
            for cell, column in zip(cells, columns, strict=True):
                yield Entry(cell, CellRef(self.key, dotted(row), dotted(column)), row, column, len(columns) == 1)

    def _cells(self, row: Node, columns: Sequence[Node], block: DraftBlock) -> list[SourceCell]:
        """The cells of a row below the heads of columns: one after the other where they are merged otherwise."""
        in_order = self.grid.starting(row.at, range(columns[0].at, block.right))
        if len(in_order) == len(columns):
            return in_order
        return [self.grid.cells[row.at, column.at] for column in columns]


def drafted_table(grid: SourceGrid) -> DraftTable:
    """Return the table that a grid holds, without keys. Raises TableError for what is no table of a form."""
    layout = layout_of(grid)
    blocks = [_block(grid, part) for part in layout.parts]
    return DraftTable(grid, blocks, [*grid.above, *layout.above], [*layout.below, *grid.below])


def _block(grid: SourceGrid, part: Part) -> DraftBlock:
    trees = Trees(grid, part)
    title = part.title.text if part.title else ""
    body = part.body if part.register is None else []
    lines = sorted({*([part.title.row] if part.title else []), *([] if part.repeated else part.head), *body})
    return DraftBlock(
        title,
        trees.corner,
        trees.columns,
        trees.rows,
        lines,
        part.right,
        part.beside,
        part.repeated,
        part.foot,
        part.register,
    )
