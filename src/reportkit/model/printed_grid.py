"""The printed cells of a table: its header trees laid out over one grid. Spans are computed, never typed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from reportkit.errors import CellRef
from reportkit.model.open_rows import TOTAL

if TYPE_CHECKING:
    from reportkit.model.form import Block, Header, Leaf, Table

Scope = Literal["col", "colgroup", "row", "rowgroup", ""]
Role = Literal["title", "corner", "column", "row", "value", "padding"]
"""What a cell is to its block: its title, a label over the stub, a column's, a row's, a figure's place, or none."""


class GridCell(NamedTuple):
    """One printed cell: where it starts, how far it reaches, and its text or (for a value) its address.

    `block` is the number of its block in the table.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    label: str
    scope: Scope
    role: Role
    ref: CellRef | None = None
    block: int = 0


def grid_of(table: Table) -> tuple[tuple[tuple[GridCell, ...], ...], ...]:
    """Return for each band of a table its printed rows, each with the cells that start in it."""
    top = first = 0
    bands = []
    for band in table.bands:
        rows = _band_rows(table, band, top, first)
        bands.append(rows)
        top, first = top + len(rows), first + len(band)
    return tuple(bands)


def heads_of(table: Table) -> dict[GridCell, tuple[GridCell, ...]]:
    """Return for each value the labels of its row and of its column, of a table in which their scopes do not tell.

    That is one with blocks beside each other, or with several columns of labels that are headed each by itself: the
    scope of a group would reach down to the end of the rows, and into the other side.
    """
    if not table.is_sided and not any(isinstance(block.corner, tuple) for block in table.blocks):
        return {}
    cells = [cell for band in table.grid for row in band for cell in row]
    labels = [cell for cell in cells if cell.label and cell.role in ("title", "column", "row")]
    return {
        value: tuple(label for label in labels if label.block == value.block and _heads(label, value))
        for value in cells
        if value.ref
    }


def _heads(label: GridCell, value: GridCell) -> bool:
    """Whether a label of a value's block stands over it, or beside it."""
    if label.role == "row":
        return label.row <= value.row < label.row + label.rowspan
    return label.column <= value.column < label.column + label.colspan


def _band_rows(table: Table, band: tuple[Block, ...], top: int, first: int) -> tuple[tuple[GridCell, ...], ...]:
    """The printed rows of the blocks beside each other, of which the first has the number `first`."""
    head = max(bool(block.title) + block.head_depth for block in band)
    length = max(len(block.row_leaves) for block in band)
    stretch = table.width - sum(block.width for block in band)
    cells: list[GridCell] = []
    left = 0
    for number, block in enumerate(band, first):
        last = number == first + len(band) - 1
        place = _Place(table, block, top, left, head, stretch if last else 0, beside=len(band) > 1)
        cells += [cell._replace(block=number) for cell in (*place.head_cells(), *place.body_cells(length))]
        left += place.width
    rows: list[list[GridCell]] = [[] for _ in range(head + length)]
    for cell in cells:
        rows[cell.row - top].append(cell)
    return tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in rows)


class _Place(NamedTuple):
    """Where a block stands in the grid: `head` are the rows that its band takes for titles and headers."""

    table: Table
    block: Block
    top: int
    left: int
    head: int
    stretch: int
    beside: bool

    @property
    def width(self) -> int:
        return self.block.width + self.stretch

    def head_cells(self) -> Iterator[GridCell]:
        """The title and the headers: one that ends early reaches down to the last row of them."""
        block, row, depth = self.block, self.top, self.head
        if block.title:
            # Over all of the table it heads the rows below; over a half of it, columns.
            scope: Scope = "colgroup" if self.beside else "rowgroup"
            yield GridCell(row, self.left, 1, self.width, block.title, scope, "title")
            row, depth = row + 1, depth - 1
        if isinstance(block.corner, tuple):
            yield from _head_cells(block.corner, row, self.left, depth, 0, "corner")
        elif block.stub_depth:
            over_stub: Scope = "col" if block.stub_depth == 1 else "colgroup"
            yield GridCell(row, self.left, depth, block.stub_depth, block.corner, over_stub, "corner")
        yield from _head_cells(block.columns, row, self.left + block.stub_depth, depth, self.stretch, "column")

    def body_cells(self, length: int) -> Iterator[GridCell]:
        """The rows; what the block is too short for `length` of them is padded above its foot."""
        row, end = self.top + self.head, self.top + self.head + length
        leaves, foot = self.block.row_leaves, self.block.foot
        padding = length - len(leaves)
        above = len(leaves) - foot if padding else len(leaves)
        for headers, first in _parted(self.block.rows, above, row, row + above + padding):
            if self.block.stub_depth:
                yield from _stub_level(headers, first, self.left, self.block.stub_depth)
        rows = [*range(row, row + above), *range(row + above + padding, end)]
        for number, leaf in zip(rows, leaves, strict=True):
            yield from self._values(number, leaf)
        for number in range(row + above, row + above + padding):
            yield from self._padding(number)

    def _values(self, row: int, leaf: Leaf) -> Iterator[GridCell]:
        named = self._named(leaf)
        if named:
            assert self.table.open
            yield GridCell(row, self.left, 1, named, self.table.open.total, "row", "row")
        for column, at, colspan in [*self._columns()][named:]:
            yield GridCell(row, at, 1, colspan, "", "", "value", CellRef(self.table.key, leaf.key, column.key))

    def _named(self, leaf: Leaf) -> int:
        """Over how many columns the label of the sums reaches, where the rows have no labels."""
        said = self.table.open
        if said is None or leaf.key != TOTAL or self.block.stub_depth:
            return 0
        return next(at for at, column in enumerate(self.block.column_leaves) if column.key in said.added)

    def _padding(self, row: int) -> Iterator[GridCell]:
        if self.block.stub_depth:
            yield GridCell(row, self.left, 1, self.block.stub_depth, "", "", "padding")
        for _column, at, colspan in self._columns():
            yield GridCell(row, at, 1, colspan, "", "", "padding")

    def _columns(self) -> Iterator[tuple[Leaf, int, int]]:
        """Each value column with its grid column and colspan; the last one takes what is left of the grid."""
        last = len(self.block.column_leaves) - 1
        for number, leaf in enumerate(self.block.column_leaves):
            at = self.left + self.block.stub_depth + number
            yield leaf, at, 1 + (self.stretch if number == last else 0)


def _parted(headers: tuple[Header, ...], above: int, row: int, foot: int) -> Iterator[tuple[tuple[Header, ...], int]]:
    """The headers of the first `above` rows, and those of the others, each with the row in which they begin."""
    upper: list[Header] = []
    for header in headers:
        if sum(len(each.leaves) for each in (*upper, header)) > above:
            break
        upper.append(header)
    yield tuple(upper), row
    yield headers[len(upper) :], foot


def _head_cells(
    headers: tuple[Header, ...], row: int, column: int, depth: int, stretch: int, role: Role
) -> Iterator[GridCell]:
    for header in headers:
        last = header is headers[-1]
        colspan = len(header.leaves) + (stretch if last else 0)
        rowspan = 1 if header.children else depth
        scope: Scope = "colgroup" if header.children else "col"
        yield GridCell(row, column, rowspan, colspan, header.label, scope, role)
        yield from _head_cells(header.children, row + 1, column, depth - 1, stretch if last else 0, role)
        column += colspan


def _stub_level(headers: tuple[Header, ...], row: int, column: int, depth: int) -> Iterator[GridCell]:
    """Row headers of one level and below: a row that ends early reaches to the last stub column."""
    for header in headers:
        colspan = 1 if header.children else depth
        rowspan = len(header.leaves)
        yield GridCell(row, column, rowspan, colspan, header.label, "rowgroup" if header.children else "row", "row")
        yield from _stub_level(header.children, row, column + 1, depth - 1)
        row += rowspan
