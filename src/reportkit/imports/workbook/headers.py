"""The header of a county's list: which cell of the form each column is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.imports.workbook.labels import unit_stated, without_unit
from reportkit.imports.workbook.prose import AGENCY, EDITION, WHO, YEAR, plain_text
from reportkit.kinds.headings import Headings, table_names
from reportkit.kinds.labels import Degree, Labels, aliases_of
from reportkit.messages.words import phrase
from reportkit.model.filing import fact_at
from reportkit.model.form import Form, Leaf
from reportkit.model.numbers import MONEY
from reportkit.model.spelling import COUNTED, Spelled, normal, spelled, squeezed
from reportkit.spreadsheets.sheets import Sheet

KEYS = frozenset(map(normal, (*WHO, "单位", "乡镇", "乡镇（街道）", "乡镇街道", "街道", "镇街", "行政区划", "部门")))
"""What the column of the names is called."""

IGNORED = frozenset(("序号", "编号", "备注", "说明", "联系人", "联系电话", "填报人", "填报日期", "审核人", "no."))
"""Columns that a county has for itself."""

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
        self._headings = Headings(form)
        self._addresses = tuple(_addresses(form))
        self._having: dict[str, list[int]] = {}  # the places in _addresses of those that have a label
        for place, address in enumerate(self._addresses):
            for label in frozenset().union(*address.levels):
                self._having.setdefault(label, []).append(place)
        known = dict.fromkeys(label for address in self._addresses for level in address.levels for label in level)
        aliases = aliases_of(form)
        self._labels = Labels(((without_unit(label), label) for label in known), aliases)
        self._about = Labels(((spelled(label), name) for name, label in _about(form)), aliases)
        self._most_parts = max((label.count("/") for label in known), default=0) + 1

    def meant(self, path: list[str]) -> tuple[list[tuple[CellRef, str]], str]:
        """Return the cells that a path of labels can mean, each with the unit of money that the path states.

        If it names a cell but not the unit that this has, that unit comes back in the second place.
        """
        key = normal(path[-1]).lower() if len(path) == 1 else ""
        if re.fullmatch(r"[a-z_.]+", key):
            return [(one.ref, "") for one in self._addresses if f".{'.'.join(one.ref)}".endswith(f".{key}")], ""
        words, unsaid = [word for label in path for word in self._split(squeezed(label))], ""
        for degree in Degree:
            named = [self._named(word, degree) for word in words]
            fits = [(one, unit) for one in self._candidates(named) if (unit := _fits(one, named)) is not None]
            if found := [(address.ref, unit) for address, unit in fits if unit != _UNSAID]:
                return found, ""
            unsaid = unsaid or next((address.column.unit for address, _ in fits), "")
        return [], unsaid

    def about(self, label: str) -> str:
        """Return what a column of just this name holds beside figures, "" if nothing else.

        That is the year, the agency, the edition, the words of a section, or a fact.
        """
        return _single(self._about.at(spelled(label), Degree.PRINTED))

    def nearly_about(self, label: str) -> str:
        """Return the same for a name that somebody has written in another way."""
        section = self._headings.named_section(label)
        words = f"narrative.{section.key}" if section and section.table is None else ""
        return _single(self._about.meant(spelled(label))) or words

    def table(self, sheet: Sheet) -> str:
        """Return the key of the table that a sheet is called after, "" if there is none."""
        table = self._headings.named_table(sheet.name)
        return table.key if table else ""

    def _named(self, word: str, degree: Degree) -> _Named:
        """The labels that a word names so exactly at the least."""
        text, asked = spelled(word), without_unit(word)
        labels = (label for one in Degree if one <= degree for label in self._labels.at(asked, one))
        return _Named(text, frozenset(labels))

    def _candidates(self, words: list[_Named]) -> Iterator[_Address]:
        """The cells that have a label of the rarest of the words: each that is no unit is one of the cell's own."""
        own = [labels for text, labels in words if text.whole not in COUNTED and _bare(text.whole) not in MONEY]
        places = ({place for label in labels for place in self._having.get(label, ())} for labels in own)
        return (self._addresses[place] for place in sorted(min(places, key=len, default=range(len(self._addresses)))))

    def _split(self, label: str) -> Iterator[str]:
        """The parts of a label between slashes, which stand in a few of the official ones, too: 处/本年增/减."""
        pieces = re.split(r"[/›>]", label)
        at = 0
        while at < len(pieces):
            sizes = range(min(len(pieces) - at, self._most_parts), 0, -1)
            size = next((size for size in sizes if self._is_label("/".join(pieces[at : at + size]))), 1)
            yield "/".join(pieces[at : at + size])
            at += size

    def _is_label(self, word: str) -> bool:
        return bool(self._labels.meant(without_unit(word)))


def read_header(sheet: Sheet, key: Key, names: Names) -> Columns:
    """Return what the columns are, by the labels over them."""
    columns = Columns()
    zone = range(first_line(sheet, key))
    above = _Above(sheet, zone)
    prefix = names.table(sheet)
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
        if len(path) == 1 and (about := names.about(path[0])):
            columns.words[column] = about
        elif word not in IGNORED or (len(path) > 1 and names.meant(path)[0]):  # a form can have 备注 of its own
            # 合计 twice is the total of totals, or a label that somebody has repeated.
            exact = written if len(written) > len(path) and len(names.meant(written)[0]) == 1 else path
            _cell(columns, column, prefix, exact, names)
    _drop_doubles(columns)
    return columns


def _cell(columns: Columns, column: int, prefix: str, path: list[str], names: Names) -> None:
    shown = " / ".join(path)
    found, unit = names.meant(path)
    if len(found) > 1 and prefix:
        found = [one for one in found if one[0].table == prefix] or found
    if len(found) == 1:
        columns.cells[column] = found[0]
    elif found:
        columns.unclear[column] = (shown, [ref for ref, _ in found])
    elif len(path) == 1 and (about := names.nearly_about(path[0])):
        columns.words[column] = about
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


def _about(form: Form) -> Iterator[tuple[str, str]]:
    """The columns that are no figures, by label: year, agency, edition, sections without a table, the form's facts."""
    known = {"year": YEAR, "agency": AGENCY, "edition": EDITION}
    known |= {f"narrative.{one.key}": (one.heading, one.label) for one in form.sections if one.table is None}
    stated = {normal(word): fact_at(one.name) for one in form.facts.values() for word in (one.name, one.label)}
    stated |= {normal(word): name for name, words in known.items() for word in words}
    yield from ((name, word) for word, name in stated.items())


def _single(found: list[str]) -> str:
    return found[0] if len(found) == 1 else ""


class _Named(NamedTuple):
    """A word of a header, and the labels that it names."""

    text: Spelled
    labels: frozenset[str]


class _Address(NamedTuple):
    """A cell with the labels that may stand over it: for each level from the table down to the column."""

    ref: CellRef
    levels: tuple[frozenset[str], ...]
    column: Leaf

    @property
    def is_money(self) -> bool:
        """Whether a unit of money can be stated of it."""
        return bool(self.column.unit) or self.column.kind == "amount"


def _addresses(form: Form) -> Iterator[_Address]:
    for table in (table for table in form.tables.values() if not table.open):
        names = frozenset(table_names(form, table))
        for row, block in table.rows:
            over = (names, frozenset((block.title,)), *(frozenset((label,)) for label in row.labels))
            for column in block.column_leaves:
                levels = (*over, *(frozenset((label,)) for label in column.labels))
                yield _Address(CellRef(table.key, row.key, column.key), levels, column)


def _bare(word: str) -> str:
    """A unit without what is written around it."""
    return word.strip("()").removeprefix("单位:")


def _fits(address: _Address, words: list[_Named]) -> str | None:
    """The unit of money that words state of a cell ("" if none), None if they do not name it.

    Each word is a level of the cell's address, in order; levels may be left out.
    """
    levels, at, unit = address.levels, 0, _UNSAID if address.column.unit else ""
    for text, labels in words:
        bare = _bare(text.whole)
        if bare in MONEY and address.is_money:
            if address.column.unit not in ("", bare):
                return None
            unit = "" if address.column.unit else bare
            continue
        if text.whole in COUNTED and not address.is_money:
            continue
        while at < len(levels) and levels[at].isdisjoint(labels):
            at += 1
        if at == len(levels):
            return None
        if at == len(levels) - 1 and (text.unit or not address.column.unit or unit_stated(text, address.column) == ""):
            stated = unit_stated(text, address.column)
            if stated is None:
                return None
            unit = stated
        at += 1
    return unit if at else None
