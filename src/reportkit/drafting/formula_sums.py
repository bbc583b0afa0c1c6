"""Sums that a workbook works out itself: its SUM, + and − as rules, those of many rows or columns as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from reportkit.drafting.draft_table import DraftTable, Entry
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.trees import Node
from reportkit.spreadsheets.formulas import NotUnderstood, result
from reportkit.spreadsheets.sheets import Area, Position, Value
from reportkit.translation import N_

_MOST = 400
"""Cells of one formula."""

_WAYS = (("row", 1, 2), ("column", 2, 1))
"""What a rule is for, with the part of an address that its cells share, and the one that it names."""

_SheetAt = tuple[str, Position]
"""A cell by its sheet and its position."""


class Line(NamedTuple):
    """A formula as a rule: the cell that it stands in, what is added, and what is taken off."""

    entry: Entry
    added: tuple[Entry, ...]
    taken: tuple[Entry, ...]


def formula_lines(tables: Sequence[DraftTable]) -> list[Line]:
    """Return what the formulas of workbooks add up; what is no sum or difference of cells of the tables is left out."""
    found = []
    for file in dict.fromkeys(table.grid.path for table in tables):
        of_file = [table for table in tables if table.grid.path == file]
        entries = {(table.grid.sheet, one.at): one for table in of_file for one in table.entries()}
        found += [line for at in entries if (line := _line(at, entries))]
    return found


def _line(at: _SheetAt, entries: Mapping[_SheetAt, Entry]) -> Line | None:
    """The formula in a cell, None if there is none, or one of another kind."""
    if not entries[at].source.formula:
        return None
    try:
        factors = _factors(entries[at].source.formula, at[0])
    except NotUnderstood:
        return None
    if at in factors or not factors.keys() <= entries.keys() or not set(factors.values()) <= {Decimal(1), Decimal(-1)}:
        return None
    added, taken = (tuple(entries[one] for one, factor in factors.items() if factor == sign) for sign in (1, -1))
    return Line(entries[at], added, taken) if added else None


def _factors(formula: str, own: str) -> dict[_SheetAt, Decimal]:
    """How often a formula adds each cell: what it gives if that alone were 1. Raises NotUnderstood."""
    cells: dict[_SheetAt, None] = {}

    def noted(sheet: str, area: Area) -> list[Value]:
        places = [(sheet or own, at) for at in _positions(area)]
        cells.update(dict.fromkeys(places))
        if len(cells) > _MOST:
            raise NotUnderstood
        return [0.0] * len(places)

    if result(formula, noted):
        raise NotUnderstood  # something is added that stands in no cell

    def only(one: _SheetAt) -> Callable[[str, Area], list[Value]]:
        return lambda sheet, area: [float((sheet or own, at) == one) for at in _positions(area)]

    factors = {cell: result(formula, only(cell)) or Decimal(0) for cell in cells}
    return {cell: factor for cell, factor in factors.items() if factor}


def _positions(area: Area) -> list[Position]:
    if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _MOST:
        raise NotUnderstood
    return [(row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1)]


def formula_proposals(
    lines: Iterable[Line], tables: Sequence[DraftTable], say: Callable[[str], str]
) -> Iterator[Proposal]:
    """Yield the rules that formulas state: those that are alike in several rows, or columns, are one."""
    by_table = {table.key: table for table in tables}
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(_likeness(line), []).append(line)
    for (table, per, *_), alike in groups.items():
        if per:
            yield _of_lines(by_table[str(table)], str(per), alike, say)
        else:
            yield from (_of_cells(line, say) for line in alike)


def _likeness(line: Line) -> tuple[object, ...]:
    """What formulas of one rule have in common: the table, and the columns that they add up in their own row."""
    refs = [one.ref for one in (line.entry, *line.added, *line.taken)]
    if len({ref.table for ref in refs}) == 1:
        for per, own, other in _WAYS:
            if len({ref[own] for ref in refs}) == 1:
                keys = (tuple(one.ref[other] for one in side) for side in ((line.entry,), line.added, line.taken))
                return line.entry.ref.table, per, *keys
    return "", "", line


def _of_lines(table: DraftTable, per: str, alike: Sequence[Line], say: Callable[[str], str]) -> Proposal:
    first = alike[0]
    own, other = next((own, other) for way, own, other in _WAYS if way == per)
    left = tuple(one.ref[other] for one in first.added)
    right = tuple(one.ref[other] for one in (first.entry, *first.taken))
    only = tuple(dict.fromkeys(line.entry.ref[own] for line in alike))
    if len(only) == len({one.ref[own] for one in table.entries()}):
        only = ()
    words = _words(first.entry.column if per == "row" else first.entry.row, say)
    return Proposal(words, left, right, table.key, per, only, total=len(right) == 1, leaves=frozenset(left))


def _of_cells(line: Line, say: Callable[[str], str]) -> Proposal:
    left, right = (tuple(str(one.ref) for one in side) for side in (line.added, (line.entry, *line.taken)))
    return Proposal(_words((*line.entry.row, *line.entry.column), say), left, right, leaves=frozenset(left))


def _words(path: Sequence[Node], say: Callable[[str], str]) -> str:
    name = " / ".join(node.label for node in path if node.label)
    return say(N_("{total} as the workbook works it out")).format(total=name)
