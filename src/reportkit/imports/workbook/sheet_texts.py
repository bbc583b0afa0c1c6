"""The short texts of a sheet, which may be labels, and the columns of it in which each side of a table stands."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from itertools import accumulate

from reportkit.imports.workbook.labels import Axis, Naming, column_axis, row_axis
from reportkit.kinds import kind_of
from reportkit.model.form import Block, Form, Table
from reportkit.model.spelling import squeezed
from reportkit.spreadsheets.sheets import Position, Sheet

_LONGEST = 80
"""Characters of a label: the longest of the official ones has 45."""


class Words:
    """The short texts of a sheet, each with the cells in which it stands."""

    def __init__(self, places: Mapping[str, list[Position]]) -> None:
        self._places = places
        self._named: dict[Axis, Mapping[str, Naming]] = {}

    def within(self, columns: range) -> Words:
        """Return the texts that stand in these columns."""
        places = {word: [at for at in found if at[1] in columns] for word, found in self._places.items()}
        return Words({word: found for word, found in places.items() if found})

    def without(self, cells: Set[Position]) -> Words:
        """Return the texts that stand in other cells than these."""
        places = {word: [at for at in found if at not in cells] for word, found in self._places.items()}
        return Words({word: found for word, found in places.items() if found})

    def at(self, word: str) -> list[Position]:
        """Return the cells in which a text stands."""
        return self._places[word]

    def naming(self, axis: Axis) -> Mapping[str, Naming]:
        """Return the texts that name a row or a column of an axis."""
        if axis not in self._named:
            found = ((word, axis.naming(word)) for word in self._places)
            self._named[axis] = {word: naming for word, naming in found if naming}
        return self._named[axis]

    def of_groups(self, axis: Axis) -> set[str]:
        """Return the texts that name a group of an axis."""
        return {word for word in self._places if axis.group(word)}

    def labels(self, axis: Axis) -> list[tuple[Position, str]]:
        """Return the places of texts that name a row or a column, each with its text."""
        return [(at, word) for word in self.naming(axis) for at in self._places[word]]


def words_in(sheet: Sheet) -> Words:
    """Return the short texts of a sheet, in one way of spelling."""
    words: dict[str, list[Position]] = {}
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            if isinstance(value, str) and 0 < len(value) <= _LONGEST:
                words.setdefault(squeezed(value), []).append((row, column))
    return Words(words)


def sides(words: Words, form: Form, table: Table, width: int) -> list[tuple[Block, range]]:
    """Return the blocks of a table with the columns of a sheet in which each stands; none where that cannot be told.

    Blocks beside each other begin where a label of a row first stands that only one of them has; where all have the
    same labels, in the columns with labels, from left to right.
    """
    return [pair for band in table.bands for pair in _sides_of(words, form, table, band, width)]


def _sides_of(words: Words, form: Form, table: Table, band: tuple[Block, ...], width: int) -> list[tuple[Block, range]]:
    names = kind_of(form).vocabulary
    axes = [row_axis(alone(block, table), names) for block in band]
    labels = [{*words.naming(axis), *words.of_groups(axis)} for axis in axes]
    over = {word for block in band for word in words.naming(column_axis(block.column_leaves, names))}
    starts = [0]
    for at, own in enumerate(labels[1:], 1):
        others = over.union(*labels[:at], *labels[at + 1 :])
        starts.append(min((column for word in own - others for _, column in words.at(word)), default=0))
    if starts != sorted(set(starts)):
        columns = sorted({column for word in set().union(*labels) - over for _, column in words.at(word)})
        depths = list(accumulate(block.stub_depth for block in band))
        starts = [0, *(columns[depth] for depth in depths[:-1])] if len(columns) == depths[-1] else []
    if not starts:
        return [(block, range(0)) for block in band]
    return [(block, range(*ends)) for block, *ends in zip(band, starts, [*starts[1:], width], strict=True)]


def alone(block: Block, table: Table) -> Table:
    """A table of one block alone."""
    return replace(table, blocks=(block,))
