"""Rows of a grid with their spans expanded: blank cells that belong to a label's columns and not to its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from reportkit.documents.document import Cell, Row


class _Span(NamedTuple):
    """A row's cells by the column in which each begins, and the column after the last."""

    starts: tuple[int, ...]
    width: int


def without_label_blanks(rows: Sequence[Row], is_label: Sequence[Sequence[bool]]) -> list[Row]:
    """Return the rows without the blank cells that stand in the columns of the other rows' labels.

    Only rows that are as wide as most of the table, with what reaches into them, are touched: then a cell is neither
    missing nor there twice, and each stands in the column in which the page shows it.
    """
    spans = _spans(rows)
    widths = Counter(span.width for span in spans)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if count * 2 <= len(rows):
        return list(rows)
    ends = Counter(
        span.starts[at] + row.cells[at].colspan
        for row, span, labels in zip(rows, spans, is_label, strict=True)
        if span.width == width
        for at in _labelled(labels)
    )
    first = ends.most_common(1)[0][0] if ends else 0
    return [
        _trimmed(row, span, labels, first) if span.width == width else row
        for row, span, labels in zip(rows, spans, is_label, strict=True)
    ]


def _labelled(labels: Sequence[bool]) -> list[int]:
    """The last label of a row, if it has one."""
    return [at for at, label in enumerate(labels) if label][-1:]


def _trimmed(row: Row, span: _Span, labels: Sequence[bool], first: int) -> Row:
    after = _labelled(labels)
    cells = tuple(
        cell
        for at, cell in enumerate(row.cells)
        if not (after and at > after[0] and not cell.text and span.starts[at] + cell.colspan <= first)
    )
    return row._replace(cells=cells)


def _spans(rows: Sequence[Row]) -> list[_Span]:
    reach: dict[int, int] = {}  # by column: the rows that a cell from above still takes
    return [_span(row.cells, reach) for row in rows]


def _span(cells: Sequence[Cell], reach: dict[int, int]) -> _Span:
    taken = set(reach)
    for column in taken:
        reach[column] -= 1
        if not reach[column]:
            del reach[column]
    starts = []
    column = 0
    for cell in cells:
        while column in taken:
            column += 1
        starts.append(column)
        if cell.rowspan > 1:
            reach.update(dict.fromkeys(range(column, column + cell.colspan), cell.rowspan - 1))
        column += cell.colspan
    return _Span(tuple(starts), max([column, *(at + 1 for at in taken)]))
