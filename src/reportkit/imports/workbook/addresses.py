"""Where the cells of an official table stand in a sheet: by the labels of rows and columns, not by addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from reportkit.errors import CellRef
from reportkit.imports.workbook.labels import Axis, Found, assign, column_axis, row_axis
from reportkit.imports.workbook.sheet_texts import Words, alone, sides
from reportkit.kinds import kind_of
from reportkit.messages.words import phrase
from reportkit.model.form import Block, Form, Table
from reportkit.model.numbers import half_width
from reportkit.model.open_rows import TOTAL
from reportkit.model.row_records import keys_of
from reportkit.model.spelling import squeezed
from reportkit.spreadsheets.sheets import Area, Position, Sheet


@dataclass
class Located:
    """A table that was found in a sheet.

    `cells` are the places of its cells, `units` what the header of a column says of money. `missing` are the labels
    that were not found, `doubled` those found more than once, with their places: their cells are in `lost`. Of a table
    with open rows, `rows` are those in which something stands, by key, and `more` is where the first one stands that is
    too many.
    """

    table: Table
    sheet: Sheet
    cells: dict[CellRef, Position] = field(default_factory=dict)
    units: dict[CellRef, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    doubled: dict[str, list[Position]] = field(default_factory=dict)
    stray: list[tuple[Position, list[CellRef]]] = field(default_factory=list)
    merged: list[tuple[Area, list[CellRef]]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    more: Position | None = None

    def add(self, part: Located) -> None:
        """Take in what was found of one of the table's blocks."""
        self.cells |= part.cells
        self.units |= part.units
        self.missing += part.missing
        self.doubled |= part.doubled
        self.stray += part.stray
        self.merged += part.merged

    @property
    def lost(self) -> list[CellRef]:
        """The cells whose place is not known."""
        there = (ref for ref in self.table.cells if not self.table.open or ref.row in self.rows)
        return [ref for ref in there if ref not in self.cells]


def locate(sheet: Sheet, words: Words, form: Form, table: Table) -> Located | None:
    """Return where a table's cells stand in a sheet, None if the table is not there."""
    if table.open:
        return _Locator(sheet, words, form, table, range(sheet.width)).located_rows()
    if not table.is_sided:
        return _Locator(sheet, words, form, table, range(sheet.width)).located()
    parts = [(alone(block, table), columns) for block, columns in sides(words, form, table, sheet.width)]
    found = [_Locator(sheet, words.within(columns), form, part, columns).located() for part, columns in parts]
    if not any(found):
        return None
    whole = Located(table, sheet)
    for (part, _columns), one in zip(parts, found, strict=True):
        whole.add(one or Located(part, sheet, missing=[" / ".join(leaf.labels) for leaf, _ in part.rows]))
    return whole


class _Locator:
    """Looks for a table in some of a sheet's columns, whose `words` they are."""

    def __init__(self, sheet: Sheet, words: Words, form: Form, table: Table, columns: range) -> None:
        self.sheet, self.words, self.form, self.table, self.columns = sheet, words, form, table, columns
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

    def located_rows(self) -> Located | None:
        """Return where the records stand of a table with open rows: below its header, down to the row of the sums."""
        block, axis = self.table.blocks[0], self._axis(self.table.blocks[0])
        last = self._last_of_header(axis, block.head_depth)
        columns = self._columns(axis, range(last - block.head_depth + 1, last + 1), -1) if last >= 0 else {}
        if len(columns) < min(2, len(axis.leaves)):
            return None
        bottom = max(area.bottom for area in (self._area(label.at) for label in columns.values()))
        at = {index: label.line for index, label in columns.items()}
        self.found.rows = self._open_rows(bottom + 1, sorted(at.values()))
        self._place(block, self.found.rows, axis, columns)
        self._note_merged()
        return self.found

    def _last_of_header(self, axis: Axis, depth: int) -> int:
        """The first row with which a header ends that has the most of the columns; -1 if none has any."""
        rows = {row: column for (row, column), _ in self.words.labels(axis)}
        found = {
            last: len({column for (row, column), _ in self.words.labels(axis) if last - depth < row <= last})
            for last in sorted(rows)
        }
        return max(found, key=lambda last: (found[last], -last), default=-1)

    def _area(self, at: Position) -> Area:
        """The cells that are merged with one, or it alone."""
        return next((area for area in self.sheet.facts.merged if area.holds(at)), Area(*at, *at))

    def _open_rows(self, first: int, columns: list[int]) -> dict[str, int]:
        """The rows with records, and that of the sums; what a form's other lines say is none."""
        said, keys = self.table.open, iter(keys_of(self.table))
        assert said
        rows: dict[str, int] = {}
        around = {squeezed(line) for line in self.table.around}
        for row in range(first, len(self.sheet.rows)):
            texts = {squeezed(self.sheet.text(row, column)) for column in range(self.sheet.width)} - {""}
            if said.total and squeezed(said.total) in texts:
                rows[TOTAL] = row
                break
            if texts & around:
                break
            key, filled = next(keys, ""), any(self.sheet.value(row, column) != "" for column in columns)
            if filled and key:
                rows[key] = row
            elif filled and self._has_number(row, columns):
                self.found.more = self.found.more or (row, columns[0])
        return rows

    def _has_number(self, row: int, columns: Iterable[int]) -> bool:
        return any(_is_number(self.sheet, row, column) for column in columns)

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

    def _axis(self, block: Block) -> Axis:
        """The columns of a block."""
        return column_axis(block.column_leaves, self._names)

    def _own_first(self, axis: Axis, labels: list[tuple[Position, str]]) -> list[tuple[Position, str]]:
        """Labels without those by another name whose row or column stands there by its own."""
        naming = self.words.naming(axis)
        own = {naming[word].leaves for _, word in labels if naming[word].own}
        return [(at, word) for at, word in labels if naming[word].own or naming[word].leaves not in own]

    def _row_labels(self, axis: Axis) -> list[tuple[Position, str]]:
        """Where the labels of rows stand.

        A word for a column, too (合计), is a row's where other rows have theirs, or left of them all.
        """
        hits = self._own_first(axis, self.words.labels(axis))
        columns = {word for block in self.table.blocks for word in self.words.naming(self._axis(block))}
        if columns.isdisjoint(self.words.naming(axis)):
            return hits
        sure = {column for (_, column), word in hits if word not in columns}
        stubs = sure or {min((column for (_, column), _ in hits), default=0)}
        return [(at, word) for at, word in hits if word not in columns or at[1] in {*stubs, *range(min(stubs))}]

    def _taken_rows(self, stub: Iterable[int]) -> set[int]:
        """The rows that belong to some table's data: a header does not reach over them.

        A word of this table's own header (上年结转结余) is no row of another table that has a row of that name.
        """
        others = (
            row_axis(table, self._names) for table in self.form.keyed_tables.values() if table.key != self.table.key
        )
        axes = [self._axis(block) for block in self.table.blocks]
        heads = {word for axis in axes for word in (*self.words.naming(axis), *self.words.of_groups(axis))}
        found = ((row, word) for axis in others for (row, _), word in self.words.labels(axis))
        return {*stub, *(row for row, word in found if len(word) > 2 and word not in heads)}

    def _bare_table(self) -> bool:
        """A table of a single row without a label: the row below its header that has numbers."""
        (leaf, block), *_ = self.table.rows
        axis = self._axis(block)
        own = (self.words.naming(axis).keys() | self.words.of_groups(axis)) - self._words_elsewhere()
        header = [row for word in own for row, _ in self.words.at(word)]
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
        for table in self.form.keyed_tables.values():
            if table.key != self.table.key:
                words.update(self.words.naming(row_axis(table, self._names)))
                for block in table.blocks:
                    words.update(self.words.naming(self._axis(block)))
        return words

    def _data_row(self, below: int, columns: list[int]) -> int | None:
        """The row with the numbers; the one right below the header if there is none, None if there are several."""
        end = min((row for row in self._taken_rows(()) if row >= below), default=len(self.sheet.rows))
        rows = range(below, max(end, below + 1))
        with_numbers = [row for row in rows if any(_is_number(self.sheet, row, column) for column in columns)]
        if len(with_numbers) > 1:
            return None
        none = ("", *self.table.around)
        filled = [row for row in rows if any(self.sheet.value(row, column) not in none for column in columns)]
        return (with_numbers or filled or [below])[0]

    def _block(self, block: Block, lines: dict[str, int], zone: range, stub: int) -> int:
        """Place the cells of a block; return how many of its columns were found."""
        axis = self._axis(block)
        columns = self._columns(axis, zone, stub)
        self._place(block, lines, axis, columns)
        self._heads |= dict.fromkeys(lines.values(), (zone, stub))
        return len(columns)

    def _columns(self, axis: Axis, zone: range, stub: int) -> dict[int, Found]:
        """The columns that the header names. In each column the lowest known label counts: those above are groups."""
        lowest: dict[int, tuple[int, str]] = {}
        in_zone = [(at, word) for at, word in self.words.labels(axis) if at[0] in zone and at[1] > stub]
        for (row, column), word in self._own_first(axis, in_zone):
            if row >= lowest.get(column, (-1, ""))[0]:
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
                naming = axis.naming(columns[index].word)
                if naming and naming.unit:
                    self.found.units[ref] = naming.unit

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
            squeezed(text)
            for left in range(self.columns.start, column)
            if (text := next(filter(None, (self.sheet.text(up, left) for up in range(row, -1, -1))), ""))
        ]

    def _above(self, at: Position, zone: range) -> list[str]:
        """The nearest text at or left of a column label, in each row of the header above it."""
        row, column = at
        return [
            squeezed(text)
            for up in range(zone.start, row)
            if (
                text := next(
                    filter(None, (self.sheet.text(up, left) for left in range(column, self.columns.start - 1, -1))), ""
                )
            )
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
            for column in range(stub + 1, self.columns.stop):
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
