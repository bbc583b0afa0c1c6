"""Where the cells of an official table stand in a sheet: by the labels of rows and columns, not by addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from reportkit.errors import CellRef
from reportkit.imports.workbook.labels import Axis, Found, assign, axis_of, row_axis
from reportkit.kinds import kind_of
from reportkit.messages.words import phrase
from reportkit.model.form import Block, Form, Table
from reportkit.model.numbers import half_width, normal
from reportkit.spreadsheets.sheets import Area, Position, Sheet

_LONGEST = 80
"""Characters of a label: the longest of the official ones has 45."""

Words = Mapping[str, list[Position]]
"""The short texts of a sheet, each with the cells in which it stands."""


@dataclass
class Located:
    """A table that was found in a sheet.

    `cells` are the places of its cells, `units` what the header of a column says of money. `missing` are the labels
    that were not found, `doubled` those found more than once, with their places: their cells are in `lost`.
    """

    table: Table
    sheet: Sheet
    cells: dict[CellRef, Position] = field(default_factory=dict)
    units: dict[CellRef, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    doubled: dict[str, list[Position]] = field(default_factory=dict)
    stray: list[tuple[Position, list[CellRef]]] = field(default_factory=list)
    merged: list[tuple[Area, list[CellRef]]] = field(default_factory=list)

    @property
    def lost(self) -> list[CellRef]:
        """The cells whose place is not known."""
        return [ref for ref in self.table.cells if ref not in self.cells]


def words_in(sheet: Sheet) -> Words:
    """Return the short texts of a sheet, in one way of spelling."""
    words: dict[str, list[Position]] = {}
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            if isinstance(value, str) and 0 < len(value) <= _LONGEST:
                words.setdefault(normal(value), []).append((row, column))
    return words


def locate(sheet: Sheet, words: Words, form: Form, table: Table) -> Located | None:
    """Return where a table's cells stand in a sheet, None if the table is not there."""
    return _Locator(sheet, words, form, table).located()


class _Locator:
    def __init__(self, sheet: Sheet, words: Words, form: Form, table: Table) -> None:
        self.sheet, self.words, self.form, self.table = sheet, words, form, table
        self.found = Located(table, sheet)
        self._names = kind_of(form).vocabulary
        self._heads: dict[int, tuple[range, int]] = {}  # for each row its header's rows, and the column of its label

    def located(self) -> Located | None:
        (first, _), *more = self.table.rows
        there = self._labelled_table() if more or first.label else self._bare_table()
        if not there:
            return None
        self._note_merged()
        self._note_stray()
        return self.found

    def _labelled_table(self) -> bool:
        axis = row_axis(self.table, self._names)
        hits = self._row_labels(axis)
        labels = [Found(at[0], word, at, partial(self._left_of, at)) for at, word in hits]
        rows, doubled = assign(axis, labels)
        if len(rows) < min(2, len(axis.leaves)) or len({label.line for label in rows.values()}) < len(rows):
            return False
        stub = {row: column for (row, column), _ in sorted(hits)}
        taken = self._taken_rows(stub)
        columns = 0
        for block in self.table.blocks:
            lines = {
                leaf.key: rows[i].line for i, (leaf, own) in enumerate(self.table.rows) if own is block and i in rows
            }
            if lines:
                top = max((row for row in taken if row < min(lines.values())), default=-1) + 1
                zone = range(top, min(lines.values()))
                columns += self._block(block, lines, zone, max(stub[line] for line in lines.values()))
        if not columns:
            return False
        self._note_labels(axis, rows, doubled)
        return True

    def _row_labels(self, axis: Axis) -> list[tuple[Position, str]]:
        """Where the labels of rows stand. A word for a column, too (合计), is a row's where other rows have theirs."""
        hits = [(at, word) for word in axis.by_word for at in self.words.get(word, ())]
        own = {axis.by_word[word] for _, word in hits if word not in axis.aliases}
        hits = [(at, word) for at, word in hits if word not in axis.aliases or axis.by_word[word] not in own]
        columns = {word for block in self.table.blocks for word in axis_of(block.column_leaves).by_word}
        if columns.isdisjoint(axis.by_word):
            return hits
        sure = {column for (_, column), word in hits if word not in columns}
        stubs = sure or {min((column for (_, column), _ in hits), default=0)}
        return [(at, word) for at, word in hits if word not in columns or at[1] in stubs]

    def _taken_rows(self, stub: Iterable[int]) -> set[int]:
        """The rows that belong to some table's data: a header does not reach over them."""
        others = (
            row_axis(table, self._names).by_word for table in self.form.tables.values() if table is not self.table
        )
        words = {word for axis in others for word in axis if len(word) > 2}
        return {*stub, *(row for word in words for row, _ in self.words.get(word, ()))}

    def _bare_table(self) -> bool:
        """A table of a single row without a label: the row below its header that has numbers."""
        (leaf, block), *_ = self.table.rows
        axis = axis_of(block.column_leaves)
        own = (set(axis.by_word) | axis.group_words) - self._words_elsewhere()
        header = [row for word in own for row, _ in self.words.get(word, ())]
        if not header:
            return False
        zone = range(min(header), max(header) + 1)
        columns = self._columns(axis, zone, -1)
        if len(columns) < 3:
            return False
        row = self._data_row(zone.stop, [label.line for label in columns.values()])
        if row is None:
            self.found.missing.append(phrase("data_row"))
        else:
            self._place(block, {leaf.key: row}, axis, columns)
            self._heads[row] = (zone, min(label.line for label in columns.values()) - 1)
        return True

    def _words_elsewhere(self) -> set[str]:
        words: set[str] = set()
        for table in self.form.tables.values():
            if table is not self.table:
                words.update(row_axis(table, self._names).by_word)
                for block in table.blocks:
                    words.update(axis_of(block.column_leaves).by_word)
        return words

    def _data_row(self, below: int, columns: list[int]) -> int | None:
        """The row with the numbers; the one right below the header if there is none, None if there are several."""
        end = min((row for row in self._taken_rows(()) if row >= below), default=len(self.sheet.rows))
        rows = range(below, max(end, below + 1))
        with_numbers = [row for row in rows if any(_is_number(self.sheet, row, column) for column in columns)]
        if len(with_numbers) > 1:
            return None
        filled = [row for row in rows if any(self.sheet.value(row, column) != "" for column in columns)]
        return (with_numbers or filled or [below])[0]

    def _block(self, block: Block, lines: dict[str, int], zone: range, stub: int) -> int:
        """Place the cells of a block; return how many of its columns were found."""
        axis = axis_of(block.column_leaves)
        columns = self._columns(axis, zone, stub)
        self._place(block, lines, axis, columns)
        self._heads |= dict.fromkeys(lines.values(), (zone, stub))
        return len(columns)

    def _columns(self, axis: Axis, zone: range, stub: int) -> dict[int, Found]:
        """The columns that the header names. In each column the lowest known label counts: those above are groups."""
        lowest: dict[int, tuple[int, str]] = {}
        for word in axis.by_word:
            for row, column in self.words.get(word, ()):
                if row in zone and column > stub and row >= lowest.get(column, (-1, ""))[0]:
                    lowest[column] = (row, word)
        labels = [
            Found(column, word, (row, column), partial(self._above, (row, column), zone))
            for column, (row, word) in lowest.items()
        ]
        columns, doubled = assign(axis, labels)
        self._note_labels(axis, columns, doubled)
        return columns

    def _place(self, block: Block, lines: dict[str, int], axis: Axis, columns: dict[int, Found]) -> None:
        for index, leaf in enumerate(block.column_leaves):
            for key, row in lines.items() if index in columns else ():
                ref = CellRef(self.table.key, key, leaf.key)
                self.found.cells[ref] = (row, columns[index].line)
                if columns[index].word in axis.units:
                    self.found.units[ref] = axis.units[columns[index].word]

    def _note_labels(self, axis: Axis, found: dict[int, Found], doubled: dict[int, list[Found]]) -> None:
        for index, leaf in enumerate(axis.leaves):
            name = " / ".join(leaf.labels)
            if index in doubled:
                self.found.doubled[name] = [label.at for label in doubled[index]]
            elif index not in found:
                self.found.missing.append(name)

    def _left_of(self, at: Position) -> list[str]:
        """The nearest text at or above a row label, in each column to its left."""
        row, column = at
        return [
            normal(text)
            for left in range(column)
            if (text := next(filter(None, (self.sheet.text(up, left) for up in range(row, -1, -1))), ""))
        ]

    def _above(self, at: Position, zone: range) -> list[str]:
        """The nearest text at or left of a column label, in each row of the header above it."""
        row, column = at
        return [
            normal(text)
            for up in range(zone.start, row)
            if (text := next(filter(None, (self.sheet.text(up, left) for left in range(column, -1, -1))), ""))
        ]

    def _note_merged(self) -> None:
        """Values of several cells in one: whose it is cannot be told."""
        places = {at: ref for ref, at in self.found.cells.items()}
        for area in self.sheet.facts.merged:
            inside = [ref for at, ref in places.items() if area.holds(at)]
            # One alone, which is not the first, is hidden below that.
            if len(inside) > 1 or (inside and (area.top, area.left) not in places):
                self.found.merged.append((area, inside))

    def _note_stray(self) -> None:
        """Numbers in a row of the table that stand in no column of it: the row's blank cells are doubtful."""
        refs = {at: ref for ref, at in self.found.cells.items()}
        for row, (zone, stub) in self._heads.items():
            own = [at for at in refs if at[0] == row]
            for column in range(stub + 1, self.sheet.width):
                if (row, column) in refs or not _is_number(self.sheet, row, column):
                    continue
                if own and not any(self.sheet.text(head, column) for head in zone):
                    blank = [refs[at] for at in own if self.sheet.value(*at) == ""]
                    self.found.stray.append(((row, column), blank))


def _is_number(sheet: Sheet, row: int, column: int) -> bool:
    value = sheet.value(row, column)
    if isinstance(value, str):
        return re.fullmatch(r"[+-]?\d[\d,.]*", half_width(value)) is not None
    return not isinstance(value, bool)
