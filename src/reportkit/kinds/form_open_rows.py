"""Open rows of a form, as its file writes them: a block that holds records, and the sums of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import UNSET

from reportkit.errors import CellRef
from reportkit.kinds import table_shapes
from reportkit.model.cell import ADDED
from reportkit.model.form import Block, Table
from reportkit.model.open_rows import TOTAL, Open
from reportkit.model.row_records import keys_of
from reportkit.model.rule import Rule, Term
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _

_USUAL = 30
"""How many rows there can be where a form does not say."""


def open_rows(block: table_shapes.Block) -> Open:
    """Return what a block with open rows says of them."""
    return Open(
        most=_USUAL if block.most is UNSET else block.most,
        total=block.total,
        added=tuple(key for key, header in _leaves(block.columns) if header.add),
        numbered=bool(block.corner),
    )


def open_of(table: table_shapes.Table, blocks: tuple[Block, ...], steps: Steps) -> Open | None:
    """Return what a table says of open rows, None if it has none.

    Raises WrongShapeError for what does not go together; `steps` is where the table stands.
    """
    for number, shape in enumerate(table.blocks):
        found = _faults_of_open(table, shape, blocks[number]) if shape.rows == "open" else _faults_of_others(shape)
        for entry, words in found:
            told = _("table {table}, block {number}: {reason}")
            told = told.format(table=table.key, number=number + 1, reason=words)
            raise WrongShapeError((*steps, "blocks", number, *entry), "", told)
    return next((open_rows(shape) for shape in table.blocks if shape.rows == "open"), None)


def sums_of(tables: Mapping[str, Table]) -> Iterator[Rule]:
    """Yield the rules of the sums below open rows, each under a code of its table."""
    for table in tables.values():
        for column in table.open.added if table.open else ():
            total = CellRef(table.key, TOTAL, column)
            parts = tuple(Term(CellRef(table.key, row, column)) for row in keys_of(table))
            yield Rule(f"{table.key.upper()}_TOTAL", table.labels[total][0], "error", "", parts, (Term(total),), total)


def _faults_of_open(table: table_shapes.Table, shape: table_shapes.Block, made: Block) -> Iterator[tuple[Steps, str]]:
    """What is wrong with a block of open rows, each with the entry that says it."""
    added = [(key, header) for key, header in _leaves(shape.columns) if header.add]
    kinds = {leaf.key: leaf.traits.kind or "count" for leaf in made.column_leaves}
    if len(table.blocks) > 1:
        yield ("rows",), _("open rows are the only block of their table; give the others a table of their own")
    if not isinstance(shape.corner, str):
        yield ("corner",), _("over the numbers of open rows stands one text; without a corner there are no numbers")
    if any(not header.key for _key, header in _leaves(shape.columns)):
        yield ("columns",), _("each column of open rows has a key: records name their values by it")
    for key, header in added:
        if kinds[key] not in ADDED:
            words = _("{label} holds {kind}, which cannot be added up; take add out")
            yield ("columns",), words.format(label=header.label, kind=kinds[key])
    if added and not shape.total:
        yield ("columns",), _("columns are added up (add), but the row of the sums has no label; write it at total")
    if shape.total and not added:
        yield (
            ("total",),
            _("total is the row of sums, and no column is added up; write add: true at some, or take it out"),
        )
    first = next(iter(_leaves(shape.columns)))[1]
    if shape.total and not shape.corner and first.add:
        yield ("total",), _("its label has no place: write a corner, or begin with a column that is not added up")


def _faults_of_others(shape: table_shapes.Block) -> Iterator[tuple[Steps, str]]:
    """What only open rows can have."""
    assert not isinstance(shape.rows, str)
    if shape.total or shape.most is not UNSET:
        entry = "total" if shape.total else "most"
        words = _("{entry} is for open rows (rows: open); take it out, or write the row of the sums among the rows")
        yield (entry,), words.format(entry=entry)
    for side in ("columns", "rows"):
        if any(header.add for _key, header in _leaves(getattr(shape, side))):
            yield (side,), _("add is for columns of open rows (rows: open); write a rule with total: right here")


def _leaves(headers: tuple[table_shapes.Header, ...], above: str = "") -> Iterator[tuple[str, table_shapes.Header]]:
    for header in headers:
        key = f"{above}.{header.key}".strip(".")
        if header.children:
            yield from _leaves(header.children, key)
        else:
            yield key, header
