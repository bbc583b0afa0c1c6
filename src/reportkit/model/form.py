"""A form as frozen values: header trees, tables, sections, rules. Spans are computed from the trees, never typed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from reportkit.errors import CellRef
from reportkit.model.across_years import Carry, Compared
from reportkit.model.cell import AS_WRITTEN, DECIMALS, SILENT, Cell, Format, Kind, Traits, cell_of
from reportkit.model.facts import Fact
from reportkit.model.open_rows import TOTAL, Open
from reportkit.model.rule import Rule

if TYPE_CHECKING:
    from reportkit.model.arithmetic import Formula
    from reportkit.model.printed_grid import GridCell


class Leaf(NamedTuple):
    """A leaf of a header tree: the row or column that a cell belongs to.

    `key` is the dotted path of the keys above it, `labels` the printed labels from the top down. `traits` is what is
    said of its cells, by itself and by the groups that it is in.
    """

    key: str
    labels: tuple[str, ...]
    traits: Traits = SILENT

    @property
    def label(self) -> str:
        """The printed label of the leaf itself."""
        return self.labels[-1]

    @property
    def kind(self) -> Kind:
        """What its cells hold, as far as it is the leaf that says so."""
        return self.traits.kind or "count"

    @property
    def unit(self) -> str:
        """The unit that its label states."""
        return self.traits.unit or ""


@dataclass(frozen=True)
class Header:
    """A node of a header tree. A header with an empty `key` is printed but adds nothing to its leaves' keys."""

    key: str
    label: str
    children: tuple[Header, ...] = ()
    traits: Traits = SILENT

    def __hash__(self) -> int:
        # Readers look trees up a hundred times a file; to hash all that is below would take longer than to read it.
        return hash((self.key, self.label))

    @property
    def unit(self) -> str:
        """The unit that its label states."""
        return self.traits.unit or ""

    @property
    def depth(self) -> int:
        """Number of header levels from this one down, 1 for a leaf."""
        return 1 + max((child.depth for child in self.children), default=0)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves below this header (itself if it has no children), in print order."""
        if not self.children:
            return (Leaf(self.key, (self.label,), self.traits),)
        below = (leaf for child in self.children for leaf in child.leaves)
        return tuple(
            Leaf(f"{self.key}.{leaf.key}".strip("."), (self.label, *leaf.labels), leaf.traits.over(self.traits))
            for leaf in below
        )


def labels_in(headers: tuple[Header, ...]) -> Iterator[str]:
    """Yield the labels of a forest that are not empty, from the top down and from left to right."""
    for header in headers:
        if header.label:
            yield header.label
        yield from labels_in(header.children)


@dataclass(frozen=True)
class Block:
    """A part of a table with column headers of its own.

    `title` is a row above the headers ("" if there is none), as wide as the block. `corner` is the text over the stub,
    or a header tree with a label for each of its columns. Rows whose labels are all empty have no stub. A block that is
    `beside` the one before it stands at its right; the last `foot` rows of the shorter one stand at the bottom.
    """

    title: str
    corner: str | tuple[Header, ...]
    columns: tuple[Header, ...]
    rows: tuple[Header, ...]
    format: Format = AS_WRITTEN
    beside: bool = False
    foot: int = 0

    @cached_property
    def corners(self) -> tuple[str, ...]:
        """The labels over the stub, from the top down."""
        return tuple(labels_in(self.corner)) if isinstance(self.corner, tuple) else (self.corner,)

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
        """Number of printed rows the column labels take, and the labels over the stub."""
        over_stub = self.corner if isinstance(self.corner, tuple) else ()
        return max(header.depth for header in (*self.columns, *over_stub))

    @property
    def width(self) -> int:
        """Number of grid columns the block needs by itself."""
        return self.stub_depth + len(self.column_leaves)


@dataclass(frozen=True)
class Table:
    """A statutory table: one or more blocks over a common grid.

    `traits` is what is said of single cells, `formulas` how some of them are computed from others, `format` how all are
    printed where nothing narrower says so. `note` stands above it at the right; below it stand its `footnotes`, and its
    `source`. A table whose rows are `open` is one block with a row for each record that there can be.
    """

    key: str
    caption: str
    blocks: tuple[Block, ...]
    format: Format = AS_WRITTEN
    traits: dict[CellRef, Traits] = field(default_factory=dict, hash=False)
    formulas: dict[CellRef, Formula] = field(default_factory=dict, hash=False)
    note: str = ""
    source: str = ""
    footnotes: tuple[str, ...] = ()
    open: Open | None = None

    @cached_property
    def bands(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks from the top down, together those that stand beside each other."""
        bands: list[tuple[Block, ...]] = []
        for block in self.blocks:
            bands[-1:] = [(*bands[-1], block)] if bands and block.beside else [*bands[-1:], (block,)]
        return tuple(bands)

    @cached_property
    def is_sided(self) -> bool:
        """Whether some of its blocks stand beside each other."""
        return len(self.bands) < len(self.blocks)

    @cached_property
    def width(self) -> int:
        """Number of grid columns; narrower blocks stretch the last column to fill them."""
        return max(sum(block.width for block in band) for band in self.bands)

    @property
    def below(self) -> tuple[str, ...]:
        """The lines below the table, from the top down."""
        return (*self.footnotes, *([self.source] if self.source else []))

    @property
    def around(self) -> tuple[str, ...]:
        """The lines above and below the table, which are no part of its grid."""
        return (*([self.note] if self.note else []), *self.below)

    @property
    def head_rows(self) -> int:
        """Number of leading printed rows that head the whole table; 0 where every block has headers of its own."""
        first, *more = self.bands
        if more or (len(first) == 1 and first[0].title):
            return 0
        return max(bool(block.title) + block.head_depth for block in first)

    @cached_property
    def rows(self) -> tuple[tuple[Leaf, Block], ...]:
        """The data rows, top to bottom, each with the block it stands in."""
        return tuple((leaf, block) for block in self.blocks for leaf in block.row_leaves)

    @property
    def open_sums(self) -> tuple[str, ...]:
        """The columns of open rows that are added up."""
        return self.open.added if self.open else ()

    @cached_property
    def is_titled(self) -> bool:
        """Whether it takes the titles of the blocks to tell two rows apart."""
        return len({leaf.labels for leaf, _ in self.rows}) < len(self.rows)

    @cached_property
    def cells(self) -> dict[CellRef, Cell]:
        """Every value cell in print order, with what it takes."""
        return {
            CellRef(self.key, row.key, column.key): self._cell(row, column, block)
            for row, block in self.rows
            for column in block.column_leaves
        }

    def _cell(self, row: Leaf, column: Leaf, block: Block) -> Cell:
        ref = CellRef(self.key, row.key, column.key)
        wide = Traits(format=block.format.over(self.format))
        said = (self.traits.get(ref, SILENT), row.traits, column.traits, wide)
        return cell_of(said, column.labels, ref in self.formulas)

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
        """The printed table: for each of its bands the printed rows, each with the cells that start in it."""
        from reportkit.model.printed_grid import grid_of  # which whoever prints nothing does without

        return grid_of(self)


@dataclass(frozen=True)
class Section:
    """A section of the report: its official heading, its table if it has one, and the parts its notice asks for.

    `parts` are their headings by key; a part without a heading is "". `required`: it must have words of the unit's own.
    `optional`: it is left out, heading and all, where nothing would stand below the heading.
    """

    key: str
    heading: str
    table: Table | None
    parts: dict[str, str]
    required: bool = False
    optional: bool = False

    @property
    def label(self) -> str:
        """The heading without its number: 一、总体情况 -> 总体情况."""
        return re.sub(r"^[一二三四五六七八九十]+、", "", self.heading)

    @property
    def needs_words(self) -> bool:
        """Whether it is printed only where the unit has words for it: it is optional, and has no table."""
        return self.optional and self.table is None


@dataclass(frozen=True, repr=False)
class Form:
    """An edition of a report: everything that is printed whatever the town, and the rules between cells.

    `words` are sentences that follow the numbers (Jinja over the cells), by name: the master notebook uses them. `kind`
    is the name of the report kind whose rules and words it shares, "" for none. `facts` are what it asks for beside its
    tables, by name. `language` is that of its reports, "" for its kind's. `carry` are cells that are last year's,
    `compared` the lines that are compared with last year's; without any the kind says so, or else it is the totals.
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
    language: str = ""
    carry: tuple[Carry, ...] = ()
    compared: tuple[Compared, ...] = ()

    def __repr__(self) -> str:
        return f"Form({self.edition!r}, {len(self.tables)} tables, {len(self.rules)} rules)"

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by key, in print order."""
        return {section.table.key: section.table for section in self.sections if section.table}

    @cached_property
    def keyed_tables(self) -> dict[str, Table]:
        """Those of the tables whose rows the form names."""
        return {key: table for key, table in self.tables.items() if not table.open}

    @cached_property
    def section_by_key(self) -> dict[str, Section]:
        """The sections by key, in print order."""
        return {section.key: section for section in self.sections}

    @cached_property
    def totals(self) -> frozenset[CellRef]:
        """The cells that can be computed from others where they are left out."""
        return self.totals_of_rules | self.formulas.keys()

    @cached_property
    def totals_of_rules(self) -> frozenset[CellRef]:
        """The cells that are sums by a rule."""
        return frozenset(rule.total for rule in self.rules if rule.total)

    @cached_property
    def formulas(self) -> dict[CellRef, Formula]:
        """How cells are computed that a formula is stated for, in print order."""
        return {ref: formula for table in self.tables.values() for ref, formula in table.formulas.items()}

    @cached_property
    def cells(self) -> dict[CellRef, Cell]:
        """Every value cell of its tables in print order, with what it takes."""
        return {ref: cell for table in self.tables.values() for ref, cell in table.cells.items()}

    @cached_property
    def rounded(self) -> dict[CellRef, int]:
        """The cells that are printed with so many decimals, and no more."""
        limits = ((ref, cell.format.decimals) for ref, cell in self.cells.items() if cell.kind in DECIMALS)
        return {ref: decimals for ref, decimals in limits if decimals is not None}

    @cached_property
    def added_cells(self) -> dict[CellRef, Cell]:
        """Those of the cells that are the same for all who report: of open rows the sums alone."""
        open_rows = {key for key, table in self.tables.items() if table.open}
        if not open_rows:
            return self.cells
        sums = {(key, column) for key in open_rows for column in self.tables[key].open_sums}
        return {
            ref: cell
            for ref, cell in self.cells.items()
            if ref.table not in open_rows or (ref.row == TOTAL and (ref.table, ref.column) in sums)
        }

    @cached_property
    def only_figures(self) -> bool:
        """Whether a number stands in each cell of its tables."""
        return all(cell.is_number for cell in self.cells.values())

    @cached_property
    def totals_of_rows(self) -> frozenset[CellRef]:
        """The cells that are the sum of cells in other rows: whoever adds rows up leaves these out."""
        totals = ((rule.total, rule.refs) for rule in self.rules if rule.total)
        return frozenset(total for total, refs in totals if any(ref.row != total.row for ref in refs))

    def covers(self, year: int) -> bool:
        """Whether this edition is the one to use for `year`."""
        first, last = self.years
        return first <= year and (last is None or year <= last)

    @property
    def name(self) -> str:
        """What a report of this form is called, whoever's and of whatever year it is: the title without these."""
        plain = re.sub(r"(?:\b(?:of|for|in) )?(?:\{year\}(?:年度|年)?|\{jurisdiction\})", "", self.title)
        return " ".join(plain.split()).replace(" ,", ",").strip(" ,:") or self.edition

    @property
    def version(self) -> str:
        """The edition as a page calls it: 2021年版, or the name that it has."""
        return f"{self.edition}年版" if self.edition.isdigit() else self.edition

    def title_for(self, jurisdiction: str, year: int) -> str:
        """The report's title. Plain replacement: a name with braces in it stays as it is."""
        return self.title.replace("{year}", str(year)).replace("{jurisdiction}", jurisdiction)
