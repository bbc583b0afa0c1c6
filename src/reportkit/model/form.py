"""A form as frozen values: header trees, tables, sections, rules. Spans are computed from the trees, never typed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from reportkit.errors import CellRef, Severity

Kind = Literal["count", "change", "amount"]
"""What a column holds: a whole number >= 0, a whole number with a sign, or a decimal amount of money."""

FactType = Literal["str", "int", "float", "bool", "date"]
"""What the value of a fact is; a date is a text as ISO writes it."""

Scope = Literal["col", "colgroup", "row", "rowgroup", ""]


class Leaf(NamedTuple):
    """A leaf of a header tree: the row or column that a cell belongs to.

    `key` is the dotted path of the keys above it, `labels` the printed labels from the top down.
    """

    key: str
    labels: tuple[str, ...]
    kind: Kind
    unit: str

    @property
    def label(self) -> str:
        """The printed label of the leaf itself."""
        return self.labels[-1]


@dataclass(frozen=True)
class Header:
    """A node of a header tree. A header with an empty `key` is printed but adds nothing to its leaves' keys."""

    key: str
    label: str
    children: tuple[Header, ...] = ()
    kind: Kind = "count"
    unit: str = ""

    def __hash__(self) -> int:
        # Readers look trees up a hundred times a file; to hash all that is below would take longer than to read it.
        return hash((self.key, self.label))

    @property
    def depth(self) -> int:
        """Number of header levels from this one down, 1 for a leaf."""
        return 1 + max((child.depth for child in self.children), default=0)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves below this header (itself if it has no children), in print order."""
        if not self.children:
            return (Leaf(self.key, (self.label,), self.kind, self.unit),)
        below = (leaf for child in self.children for leaf in child.leaves)
        return tuple(
            leaf._replace(key=f"{self.key}.{leaf.key}".strip("."), labels=(self.label, *leaf.labels)) for leaf in below
        )


class GridCell(NamedTuple):
    """One printed cell: where it starts, how far it reaches, and its text or (for a value) its address."""

    row: int
    column: int
    rowspan: int
    colspan: int
    label: str
    scope: Scope
    ref: CellRef | None = None


@dataclass(frozen=True)
class Block:
    """A part of a table with column headers of its own.

    `title` is a full-width row above the headers ("" if there is none), `corner` the text over the stub. Rows whose
    labels are all empty have no stub.
    """

    title: str
    corner: str
    columns: tuple[Header, ...]
    rows: tuple[Header, ...]

    @cached_property
    def column_leaves(self) -> tuple[Leaf, ...]:
        """The value columns, left to right."""
        return tuple(leaf for header in self.columns for leaf in header.leaves)

    @cached_property
    def row_leaves(self) -> tuple[Leaf, ...]:
        """The data rows, top to bottom."""
        return tuple(leaf for header in self.rows for leaf in header.leaves)

    @cached_property
    def stub_depth(self) -> int:
        """Number of grid columns the row labels take."""
        if not any(label for leaf in self.row_leaves for label in leaf.labels):
            return 0
        return max(header.depth for header in self.rows)

    @cached_property
    def head_depth(self) -> int:
        """Number of printed rows the column labels take."""
        return max(header.depth for header in self.columns)

    @property
    def width(self) -> int:
        """Number of grid columns the block needs by itself."""
        return self.stub_depth + len(self.column_leaves)


@dataclass(frozen=True)
class Table:
    """A statutory table: one or more blocks over a common grid."""

    key: str
    caption: str
    blocks: tuple[Block, ...]

    @cached_property
    def width(self) -> int:
        """Number of grid columns; a narrower block stretches its last column to fill them."""
        return max(block.width for block in self.blocks)

    @property
    def head_rows(self) -> int:
        """Number of leading printed rows that head the whole table; 0 where every block has headers of its own."""
        return self.blocks[0].head_depth if len(self.blocks) == 1 and not self.blocks[0].title else 0

    @cached_property
    def rows(self) -> tuple[tuple[Leaf, Block], ...]:
        """The data rows, top to bottom, each with the block it stands in."""
        return tuple((leaf, block) for block in self.blocks for leaf in block.row_leaves)

    @cached_property
    def cells(self) -> dict[CellRef, Leaf]:
        """Every value cell in print order, with the leaf of its column (which knows kind and unit)."""
        return {
            CellRef(self.key, row.key, column.key): column for row, block in self.rows for column in block.column_leaves
        }

    @cached_property
    def labels(self) -> dict[CellRef, tuple[str, str]]:
        """The printed (row label, column label) of every value cell; groups above a leaf are joined by " / "."""
        return {
            CellRef(self.key, row.key, column.key): (" / ".join(filter(None, row.labels)), " / ".join(column.labels))
            for row, block in self.rows
            for column in block.column_leaves
        }

    @cached_property
    def grid(self) -> tuple[tuple[tuple[GridCell, ...], ...], ...]:
        """The printed table: for each block its printed rows, each with the cells that start in it."""
        at = 0
        blocks = []
        for block in self.blocks:
            rows = _block_rows(self.key, block, at, self.width)
            at += len(rows)
            blocks.append(rows)
        return tuple(blocks)


@dataclass(frozen=True)
class Section:
    """A section of the report: its official heading, its table if it has one, and the parts its notice asks for.

    `parts` are their headings by key; a part without a heading is "".
    """

    key: str
    heading: str
    table: Table | None
    parts: dict[str, str]

    @property
    def label(self) -> str:
        """The heading without its number: 一、总体情况 -> 总体情况."""
        return re.sub(r"^[一二三四五六七八九十]+、", "", self.heading)


class Term(NamedTuple):
    """One cell in a linear rule, with its coefficient (+1 left of the sign, -1 right of it)."""

    coefficient: int
    ref: CellRef


@dataclass(frozen=True)
class Rule:
    """One linear equation over cells: the sum of coefficient × cell is 0.

    `total` is the cell that the rule can compute when it is left out. `jurisdictions` is a regular expression for
    the names it applies to ("" for all). `source` says who asks for it.
    """

    code: str
    label: str
    severity: Severity
    source: str
    terms: tuple[Term, ...]
    total: CellRef | None = None
    jurisdictions: str = ""


class Fact(NamedTuple):
    """What a form asks for beside its tables. `added`: that of a county is the sum of its units'."""

    name: str
    label: str
    type: FactType
    required: bool = False
    added: bool = False


@dataclass(frozen=True, repr=False)
class Form:
    """An edition of a report: everything that is printed whatever the town, and the rules between cells.

    `words` are sentences that follow the numbers (Jinja over the cells), by name: the master notebook uses them. `kind`
    is the name of the report kind whose rules and words it shares, "" for none. `facts` are what it asks for beside its
    tables, by name.
    """

    edition: str
    document: str
    years: tuple[int, int | None]
    title: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    words: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Form({self.edition!r}, {len(self.tables)} tables, {len(self.rules)} rules)"

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by key, in print order."""
        return {section.table.key: section.table for section in self.sections if section.table}

    @cached_property
    def section_by_key(self) -> dict[str, Section]:
        """The sections by key, in print order."""
        return {section.key: section for section in self.sections}

    @cached_property
    def totals_of_rows(self) -> frozenset[CellRef]:
        """The cells that are the sum of cells in other rows: whoever adds rows up leaves these out."""
        totals = ((rule.total, rule.terms) for rule in self.rules if rule.total)
        return frozenset(total for total, terms in totals if any(ref.row != total.row for _, ref in terms))

    def covers(self, year: int) -> bool:
        """Whether this edition is the one to use for `year`."""
        first, last = self.years
        return first <= year and (last is None or year <= last)

    @property
    def name(self) -> str:
        """What a report of this form is called, whoever's and of whatever year it is: the title without these."""
        return re.sub(r"\{year\}(?:年度|年)?|\{jurisdiction\}", "", self.title).strip() or self.edition

    @property
    def version(self) -> str:
        """The edition as a page calls it: 2021年版, or the name that it has."""
        return f"{self.edition}年版" if self.edition.isdigit() else self.edition

    def title_for(self, jurisdiction: str, year: int) -> str:
        """The report's title. Plain replacement: a name with braces in it stays as it is."""
        return self.title.replace("{year}", str(year)).replace("{jurisdiction}", jurisdiction)


def _block_rows(table: str, block: Block, top: int, width: int) -> tuple[tuple[GridCell, ...], ...]:
    """The printed rows of one block: title, column headers, data rows."""
    stretch = width - block.width
    rows: list[tuple[GridCell, ...]] = []
    if block.title:
        rows.append((GridCell(top, 0, 1, width, block.title, "rowgroup"),))
    rows += _head_rows(block, top + len(rows), stretch)
    first_data_row = top + len(rows)
    stubs = list(_stub_cells(block, first_data_row))
    for number, row in enumerate(block.row_leaves, first_data_row):
        values = (
            GridCell(number, column, 1, colspan, "", "", CellRef(table, row.key, leaf.key))
            for leaf, column, colspan in _value_columns(block, stretch)
        )
        rows.append((*(cell for cell in stubs if cell.row == number), *values))
    return tuple(rows)


def _value_columns(block: Block, stretch: int) -> Iterator[tuple[Leaf, int, int]]:
    """Each value column with its grid column and colspan; the last one takes what the block leaves of the grid."""
    last = len(block.column_leaves) - 1
    for number, leaf in enumerate(block.column_leaves):
        yield leaf, block.stub_depth + number, 1 + (stretch if number == last else 0)


def _head_rows(block: Block, top: int, stretch: int) -> list[tuple[GridCell, ...]]:
    """The rows of column headers: a header that ends early reaches down to the last one."""
    depth, stub = block.head_depth, block.stub_depth
    over_stub: Scope = "col" if stub == 1 else "colgroup"
    cells = [GridCell(top, 0, depth, stub, block.corner, over_stub)] if stub else []
    cells += _head_cells(block.columns, top, stub, depth, stretch)
    return [tuple(cell for cell in cells if cell.row == top + level) for level in range(depth)]


def _head_cells(headers: tuple[Header, ...], row: int, column: int, depth: int, stretch: int) -> Iterator[GridCell]:
    for header in headers:
        last = header is headers[-1]
        colspan = len(header.leaves) + (stretch if last else 0)
        rowspan = 1 if header.children else depth
        yield GridCell(row, column, rowspan, colspan, header.label, "colgroup" if header.children else "col")
        yield from _head_cells(header.children, row + 1, column, depth - 1, stretch if last else 0)
        column += colspan


def _stub_cells(block: Block, top: int) -> Iterator[GridCell]:
    if block.stub_depth:
        yield from _stub_level(block.rows, top, 0, block.stub_depth)


def _stub_level(headers: tuple[Header, ...], row: int, column: int, depth: int) -> Iterator[GridCell]:
    """Row headers of one level and below: a row that ends early reaches to the last stub column."""
    for header in headers:
        colspan = 1 if header.children else depth
        rowspan = len(header.leaves)
        yield GridCell(row, column, rowspan, colspan, header.label, "rowgroup" if header.children else "row")
        yield from _stub_level(header.children, row, column + 1, depth - 1)
        row += rowspan
