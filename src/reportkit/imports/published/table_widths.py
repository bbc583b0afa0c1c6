"""Tables whose rows are all equally long: how many cells a row of theirs has too many or too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from reportkit.imports.published.lexer import VALUES, Kind
from reportkit.imports.published.tokens import Line, Shape

_FEWEST, _MOST_OF_FOUR = 3, 3
"""So many other rows, and so many of four of them, must be equally long, and all with headers or a title."""

_LABELS = frozenset({Kind.STUB, Kind.RUN_ON})
_ABOVE_ROWS = frozenset({Kind.TITLE, Kind.CORNER})
_OF_HEADERS = frozenset({Kind.TITLE, Kind.CORNER, Kind.HEAD, Kind.PIECE})
_Row = list[tuple[int, Line]]
"""A row's lines with their numbers."""


def excesses(lines: Sequence[Line]) -> dict[int, int]:
    """Return how many cells more than usual a row has, by the number of its label's line.

    In such tables each row is filled up at its end for the cells above or beside it that reach into it, so that a cell
    that was lost or doubled shows. Other tables have rows of several lengths, and none of theirs is here.
    """
    last = len(lines) - 1  # the file may be cut off in it
    return {number: excess for table in _tables(lines) for number, excess in _excesses(table, last)}


def unfenced(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without the pipe alone that some files have in front of each row."""
    above = [_is_lone(before) for before, line in pairwise(lines) if line.tokens[0].kind in _ABOVE_ROWS and line.cells]
    if len(above) < 2 or sum(above) * 2 <= len(above):
        return list(lines)
    return [line for at, line in enumerate(lines) if not (_is_lone(line) and _opens(lines, at))]


def _opens(lines: Sequence[Line], at: int) -> bool:
    """Whether a pipe alone stands before a label or header, or behind headers: before the values of the next row."""
    after = lines[at + 1].tokens[0].kind if at + 1 < len(lines) else Kind.HEADING
    return after not in VALUES or (at > 0 and lines[at - 1].tokens[0].kind in _OF_HEADERS)


def _is_lone(line: Line) -> bool:
    return line.shape is Shape.CELLS and line.cells == 1 and not line.text


def _excesses(rows: Sequence[_Row], last: int) -> Iterator[tuple[int, int]]:
    widths = [sum(line.cells for _, line in row) for row in rows]
    of_headers = {width for row, width in zip(rows, widths, strict=True) if _is_head(row) and row[-1][0] != last}
    if len(rows) <= _FEWEST or len(of_headers) != 1:
        return
    usual = of_headers.pop()
    count = widths.count(usual)
    for row, width in zip(rows, widths, strict=True):
        if (count - (width == usual)) * 4 >= (len(rows) - 1) * _MOST_OF_FOUR:
            yield from ((number, width - usual) for number, line in row if any(token.stub for token in line.tokens))


def _is_head(row: _Row) -> bool:
    return row[0][1].tokens[0].kind in _OF_HEADERS


def _tables(lines: Sequence[Line]) -> Iterator[list[_Row]]:
    """The rows between headings."""
    rows: list[_Row] = []
    for number, line in enumerate(lines):
        if line.tokens[0].kind is Kind.HEADING:
            yield rows
            rows = []
        elif line.cells and line.shape is Shape.CELLS and rows and _goes_on(rows[-1][-1][1], line):
            rows[-1].append((number, line))
        elif line.cells:
            rows.append([(number, line)])
    yield rows


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a cell is of the same row as the one before it: values follow labels, and headers headers."""
    if before.shape is not Shape.CELLS:
        return False
    kind, last = line.tokens[0].kind, before.tokens[-1].kind
    if kind in VALUES or kind is Kind.CUT:
        return True
    if last in VALUES or last is Kind.TITLE or kind in _ABOVE_ROWS:
        return False
    return kind not in _LABELS or last in _LABELS
