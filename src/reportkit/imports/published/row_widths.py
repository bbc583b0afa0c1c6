"""Rows with blank cells: they must have as many cells as the rows beside them, or they are not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reportkit.imports.published.column_heads import Head
from reportkit.imports.published.rows import Found, Unread
from reportkit.model.form import Form

_UNEVEN = Unread("D43")

_Kind = tuple[str, int, int]
"""A table, the number of a block, and how many labels stand beside each other in the row."""


def even(rows: Iterable[Found], heads: Sequence[Head], form: Form) -> list[Found]:
    """Return the rows, those unread in which a cell may be missing.

    Where a row has blank cells, a cell that was lost or doubled would shift the others unnoticed; but then the row is
    shorter or longer than its neighbours. And where all rows of a table are equally long, one that is longer has a cell
    of another.
    """
    rows = list(rows)
    kinds = _kinds(form)
    counts: dict[_Kind, Counter[int]] = {}
    for found in rows:
        if found.spare is not None:
            counts.setdefault(kinds[found.stub.table, found.stub.row], Counter())[found.spare] += 1
    for kind in counts:
        counts[kind].update(_above(kind, heads, form))
    return [_checked(found, counts.get(kinds[found.stub.table, found.stub.row], Counter())) for found in rows]


def _checked(found: Found, spares: Counter[int]) -> Found:
    full = all(value.text for value in found.values)
    if found.spare is None or not found.values or found.excess == 0:
        return found
    if found.excess is not None and (found.excess > 0 or not full):
        return found._replace(values=(), unread=_UNEVEN)
    if not any(value.text for value in found.values) or (found.spare == 0 and full):
        return found
    others = spares - Counter([found.spare])
    usual = others.most_common(1)[0][0] if others else 0
    if found.spare == usual:
        return found
    return found._replace(values=(), unread=_UNEVEN)


def _kinds(form: Form) -> dict[tuple[str, str], _Kind]:
    return {
        (key, row.key): (key, at, len(row.labels))
        for key, table in form.keyed_tables.items()
        for at, block in enumerate(table.blocks)
        for row in block.row_leaves
    }


def _above(kind: _Kind, heads: Sequence[Head], form: Form) -> list[int]:
    """How many cells the block's own header row has to spare."""
    table, at, _ = kind
    width = len(form.tables[table].blocks[at].column_leaves)
    return [head.cells - width for head in heads if (table, at) in head.blocks and head.cells >= width]
