"""Where the tables of a sheet are: in their frames, or what stands together in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from reportkit.drafting.cell_types import is_unit_note
from reportkit.drafting.source_grid import is_figure
from reportkit.drafting.total_labels import total_rank
from reportkit.spreadsheets.sheets import Area, Position

MAX_ROWS = 1_048_576
"""Of a sheet, in any program."""

_NOTES = ("注", "说明", "备注", "填表", "制表", "资料来源", "数据来源", "单位负责人", "Note", "Source")
"""What the lines below a table begin with."""

_NEXT_TO = ((0, 1), (1, 0), (0, -1), (-1, 0))


@dataclass(frozen=True)
class SheetAreas:
    """What a sheet has by position: texts, cells to fill in, merged areas by their first cell, and frames.

    Below the row `last` no table is looked for.
    """

    texts: Mapping[Position, str]
    fields: Set[Position]
    merged: Mapping[Position, Area]
    framed: Set[Position]
    last: int = MAX_ROWS

    def areas(self) -> list[Area]:
        """Return the areas of the tables from the top: in frames, if nothing outside of these looks like a table."""
        framed = [area for area in _joined(self.framed) if self._is_table(area)]
        outside = (sum((row, at) not in self.framed for at in columns) for row, columns in self._labels.items())
        if framed and not any(count > 2 for count in outside):
            return framed
        return [area for area in self._between_blank_rows() if self._is_table(area)]

    @cached_property
    def _labels(self) -> dict[int, set[int]]:
        """The columns in which each row has words."""
        return _by_row(at for at, text in self.texts.items() if not is_figure(text) and at not in self.fields)

    @cached_property
    def _used(self) -> dict[int, set[int]]:
        """The columns in which each row has anything."""
        used = {*self.texts, *self.fields}
        used |= {at for first, area in self.merged.items() if first in used for at in _corners(area)}
        return _by_row(at for at in used if at[0] <= self.last)

    def _is_table(self, area: Area) -> bool:
        columns = range(area.left, area.right + 1)
        labels = (sum(at in columns for at in self._labels.get(row, ())) for row in range(area.top, area.bottom + 1))
        return len(columns) > 1 and sum(labels) > 1

    def _between_blank_rows(self) -> Iterator[Area]:
        """What stands together in rows, without the lines of text above and below it."""
        for first, last in self._with_sums([*_runs(sorted(self._used))]):
            columns = [column for row in range(first, last + 1) for column in self._used.get(row, ())]
            area = Area(first, min(columns), last, max(columns))
            top, bottom = self._without_lines(area)
            if top <= bottom:
                yield self._with_a_row(area._replace(top=top, bottom=bottom))

    def _with_sums(self, runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """The rows that stand together, and those of a list with the sums below its blank lines."""
        found: list[tuple[int, int]] = []
        for first, last in runs:
            label = self.texts.get((first, min(self._used[first])), "")
            found[-1:] = [(found[-1][0], last)] if found and total_rank(label) else [*found[-1:], (first, last)]
        return found

    def _without_lines(self, area: Area) -> tuple[int, int]:
        """The first and the last row of an area that are no lines of text, but for a title of a part of the table."""
        rows = range(area.top, area.bottom + 1)
        first = next((row for row in rows if not self._is_line(row, area)), area.bottom + 1)
        last = next((row for row in reversed(rows) if not self._is_note(row, area)), area.top)
        titles = first > area.top and any(self._is_over_all(row, area) for row in range(first, last))
        return first - titles, last

    def _is_line(self, row: int, area: Area) -> bool:
        """Whether a row above a table is one text from the left, or a unit."""
        there = self._there(row)
        return len(there) == 1 and (there[0] == area.left or is_unit_note(self.texts[row, there[0]]))

    def _is_note(self, row: int, area: Area) -> bool:
        """Whether a row below a table is a note."""
        there = self._there(row)
        return len(there) == 1 and (self._is_over_all(row, area) or self.texts[row, there[0]].startswith(_NOTES))

    def _is_over_all(self, row: int, area: Area) -> bool:
        merged = self.merged.get((row, area.left))
        return merged is not None and merged.right >= area.right and self._there(row) == [area.left]

    def _there(self, row: int) -> list[int]:
        """The columns in which a row has texts; none for one with something to fill in."""
        columns = sorted(self._used.get(row, ()))
        there = [at for at in columns if (row, at) in self.texts]
        return [] if any((row, at) in self.fields for at in columns) else there

    def _with_a_row(self, area: Area) -> Area:
        """The area with a row to fill in, where it has nothing but heads."""
        bare = (at for at in positions(area, area) if at not in self._covered)
        filled = any(at in self.fields or is_figure(self.texts.get(at, "")) for at in bare)
        return area if filled else area._replace(bottom=area.bottom + 1)

    @cached_property
    def _covered(self) -> set[Position]:
        """The positions that merged cells with a text take."""
        areas = (area for first, area in self.merged.items() if first in self.texts)
        return {at for area in areas for at in positions(area, area)} - self.texts.keys()


def positions(area: Area, within: Area) -> Iterator[Position]:
    """Yield the positions of an area that lie in another, row by row."""
    rows = range(area.top, min(area.bottom, within.bottom) + 1)
    columns = range(area.left, min(area.right, within.right) + 1)
    return ((row, column) for row in rows for column in columns)


def _corners(area: Area) -> tuple[Position, Position]:
    return (area.top, area.left), (area.bottom, area.right)


def _by_row(found: Iterable[Position]) -> dict[int, set[int]]:
    rows: dict[int, set[int]] = {}
    for row, column in found:
        rows.setdefault(row, set()).add(column)
    return rows


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of rows that follow each other without a gap."""
    starts = [row for row, before in zip(rows, [-2, *rows], strict=False) if row > before + 1]
    ends = [row for row, after in zip(rows, [*rows[1:], MAX_ROWS + 2], strict=True) if after > row + 1]
    return zip(starts, ends, strict=True)


def _joined(framed: Set[Position]) -> list[Area]:
    """The rectangles around framed cells that touch each other, from the top."""
    left, found = set(framed), []
    while left:
        reached = [left.pop()]
        top, side, bottom, right = *reached[0], *reached[0]
        while reached:
            row, column = reached.pop()
            top, side, bottom, right = min(top, row), min(side, column), max(bottom, row), max(right, column)
            for down, along in _NEXT_TO:
                if (near := (row + down, column + along)) in left:
                    left.remove(near)
                    reached.append(near)
        found.append(Area(top, side, bottom, right))
    return sorted(found)
