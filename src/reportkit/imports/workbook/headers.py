"""The header of a county's list: which cell of the form each column is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.imports.workbook.labels import other_names, words_of
from reportkit.imports.workbook.prose import AGENCY, EDITION, WHO, YEAR, plain_text
from reportkit.kinds import kind_of
from reportkit.messages.words import phrase
from reportkit.model.filing import fact_at
from reportkit.model.form import Form
from reportkit.model.numbers import MONEY, normal
from reportkit.spreadsheets.sheets import Sheet

KEYS = frozenset(map(normal, (*WHO, "单位", "乡镇", "乡镇（街道）", "乡镇街道", "街道", "镇街", "行政区划", "部门")))
"""What the column of the names is called."""

IGNORED = frozenset(("序号", "编号", "备注", "说明", "联系人", "联系电话", "填报人", "填报日期", "审核人", "no."))
"""Columns that a county has for itself."""

COUNTED = frozenset(("件", "个", "项", "次", "宗", "条", "单位:件", "(件)", "(个)", "(项)", "(单位:件)"))
"""Units that a header may state of a count."""

MAX_HEADER = 12
"""Rows in which the header is looked for: titles and notes may stand above it."""


_UNSAID = "?"
"""In the place of a unit: the form has one, and the header does not name it."""


class Key(NamedTuple):
    """The cell that heads the column of the names."""

    row: int
    column: int


@dataclass
class Columns:
    """What the columns of a sheet are: cells of the form, words about the unit, sections of the narrative.

    `unclear` are columns that could be several cells, `doubled` cells that several columns name, `unknown` columns that
    are none.
    """

    cells: dict[int, tuple[CellRef, str]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    unclear: dict[int, tuple[str, list[CellRef]]] = field(default_factory=dict)
    doubled: dict[CellRef, list[int]] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)


def key_of(sheet: Sheet) -> Key | None:
    """Return the cell that would head the column of the names, None if there is none."""
    for row in range(min(MAX_HEADER, len(sheet.rows))):
        for column in range(min(sheet.width, 6)):
            if normal(sheet.text(row, column)) in KEYS:
                return Key(row, column)
    return None


def first_line(sheet: Sheet, key: Key) -> int:
    """Return the first row of the list."""
    rows = range(key.row + 1, len(sheet.rows))
    return next((row for row in rows if sheet.value(row, key.column) != ""), len(sheet.rows))


class Names:
    """What the cells of a form may be called in the header of a column."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.tables = _table_words(form)
        self.about = _about(form)
        self._addresses = tuple(_addresses(form, self.tables))
        self._known = frozenset(word for address in self._addresses for level in address.levels for word in level)
        self._most_parts = max((word.count("/") for word in self._known), default=0) + 1

    def meant(self, path: list[str]) -> tuple[list[tuple[CellRef, str]], str]:
        """Return the cells that a path of labels can mean, each with the unit of money that the path states.

        If it names a cell but not the unit that this has, that unit comes back in the second place.
        """
        key = normal(path[-1]).lower() if len(path) == 1 else ""
        if re.fullmatch(r"[a-z_.]+", key):
            return [(one.ref, "") for one in self._addresses if f".{'.'.join(one.ref)}".endswith(f".{key}")], ""
        words = [word for label in path for word in self._split(normal(label))]
        fits = [(address, unit) for address in self._addresses if (unit := _fits(address, words)) is not None]
        found = [(address.ref, unit) for address, unit in fits if unit != _UNSAID]
        return found, "" if found or not fits else fits[0][0].unit

    def _split(self, label: str) -> Iterator[str]:
        """The parts of a label between slashes, which stand in a few of the official ones, too: 处/本年增/减."""
        pieces = re.split(r"[/›>]", label)
        at = 0
        while at < len(pieces):
            sizes = range(min(len(pieces) - at, self._most_parts), 0, -1)
            size = next((size for size in sizes if "/".join(pieces[at : at + size]) in self._known), 1)
            yield "/".join(pieces[at : at + size])
            at += size


def read_header(sheet: Sheet, key: Key, names: Names) -> Columns:
    """Return what the columns are, by the labels over them."""
    columns = Columns()
    zone = range(first_line(sheet, key))
    above = _Above(sheet, zone)
    prefix = [table for table, words in names.tables.items() if normal(sheet.name) in words]
    for column in range(sheet.width):
        written = _path(sheet, column, key, above)
        path = list(dict.fromkeys(written))
        if column == key.column:
            continue
        if not path:
            if any(isinstance(sheet.value(row, column), float) for row in range(zone.stop, len(sheet.rows))):
                columns.unknown[column] = phrase("no_name")
            continue
        word = normal(path[-1])
        if word in names.about and len(path) == 1:
            columns.words[column] = names.about[word]
        elif word not in IGNORED:
            # 合计 twice is the total of totals, or a label that somebody has repeated.
            exact = written if len(written) > len(path) and len(names.meant(written)[0]) == 1 else path
            _cell(columns, column, prefix, exact, names)
    _drop_doubles(columns)
    return columns


def _cell(columns: Columns, column: int, prefix: list[str], path: list[str], names: Names) -> None:
    shown = " / ".join(path)
    found, unit = names.meant(path)
    if len(found) > 1 and prefix:
        found = [one for one in found if one[0].table in prefix] or found
    if len(found) == 1:
        columns.cells[column] = found[0]
    elif found:
        columns.unclear[column] = (shown, [ref for ref, _ in found])
    else:
        columns.unknown[column] = phrase("needs_unit", name=shown, unit=unit) if unit else shown


def _drop_doubles(columns: Columns) -> None:
    """Two columns for one cell: neither is read."""
    by_ref: dict[CellRef, list[int]] = {}
    for column, (ref, _) in columns.cells.items():
        by_ref.setdefault(ref, []).append(column)
    for ref, doubled in by_ref.items():
        if len(doubled) > 1:
            for column in doubled:
                del columns.cells[column]
            columns.doubled[ref] = doubled


class _Above:
    """The header over the columns, looked through once."""

    def __init__(self, sheet: Sheet, zone: range) -> None:
        self.zone = zone
        self._spans = {(area.top, area.left): area for area in sheet.facts.merged if area.top in zone}
        columns = range(sheet.width)
        filled = [[column if sheet.value(row, column) != "" else -1 for column in columns] for row in zone]
        self._left = [list(accumulate(row, max)) for row in filled]
        self._lowest = [max((row for row in zone if filled[row][column] >= 0), default=-1) for column in columns]

    def heading(self, row: int, column: int) -> int | None:
        """Return the column of the label that reaches over a column in a row of the header."""
        left = self._left[row][column]
        if left == column:
            return left
        if left < 0:
            return None
        if area := self._spans.get((row, left)):
            return left if area.right >= column else None
        # Without a merge, what has labels below it reaches to the next label; what has none is a column of its own.
        return left if min(self._lowest[left], self._lowest[column]) > row else None


def _path(sheet: Sheet, column: int, key: Key, above: _Above) -> list[str]:
    """The labels over a column, from the top down; titles over the whole list are none of them."""
    labels: list[str] = []
    for row in above.zone:
        left = above.heading(row, column)
        if left is None or (row < key.row and left <= key.column):
            continue
        labels.append(plain_text(sheet.value(row, left)))
    return labels


def _about(form: Form) -> dict[str, str]:
    """The columns that are no figures: year, agency, edition, the sections of the narrative, and the form's facts."""
    known = {"year": YEAR, "agency": AGENCY, "edition": EDITION}
    known |= {f"narrative.{one.key}": (one.heading, one.label) for one in form.sections if one.table is None}
    facts = {normal(word): fact_at(one.name) for one in form.facts.values() for word in (one.name, one.label)}
    return facts | {normal(word): name for name, words in known.items() for word in words}


def _table_words(form: Form) -> dict[str, frozenset[str]]:
    """What each table is called: 表三, its heading with and without the number, its caption and key."""
    return {
        section.table.key: frozenset(
            normal(word)
            for word in (
                f"表{section.heading[0]}", section.heading, section.label, section.table.caption, section.table.key,
            )
        )
        for section in form.sections
        if section.table
    }  # fmt: skip


class _Address(NamedTuple):
    """A cell with the words that may name it: for each level from the table down to the column."""

    ref: CellRef
    levels: tuple[frozenset[str], ...]
    units: dict[str, str]
    unit: str


def _addresses(form: Form, tables: dict[str, frozenset[str]]) -> Iterator[_Address]:
    aliases = kind_of(form).vocabulary.aliases
    for table in form.tables.values():
        for row, block in table.rows:
            rows = [frozenset((*words_of(label), *other_names(label, aliases))) for label in row.labels]
            for column in block.column_leaves:
                own = words_of(column.label, column.unit, column.kind == "amount")
                over = [frozenset(words_of(label)) for label in column.labels[:-1]]
                levels = (tables[table.key], frozenset(words_of(block.title)), *rows, *over, frozenset(own))
                stated = {word: unit for word, unit in own.items() if unit}
                yield _Address(CellRef(table.key, row.key, column.key), levels, stated, column.unit)


def _fits(address: _Address, words: list[str]) -> str | None:
    """The unit of money that words state of a cell ("" if none), None if they do not name it.

    Each word is a level of the cell's address, in order; levels may be left out.
    """
    levels, at, unit = address.levels, 0, _UNSAID if address.unit else ""
    for word in words:
        bare = word.strip("()").removeprefix("单位:")
        if bare in MONEY and (address.unit or address.units):
            if address.unit and bare != address.unit:
                return None
            unit = "" if address.unit else bare
            continue
        if word in COUNTED and not (address.unit or address.units):
            continue
        while at < len(levels) and word not in levels[at]:
            at += 1
        if at == len(levels):
            return None
        if at == len(levels) - 1:
            unit = address.units.get(word, "")
        at += 1
    return unit if at else None
