"""A roster as an office keeps it, in a CSV file or a workbook -> the units that are to hand in a report."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.errors import UserError, reason_of
from reportkit.model.names import unfit
from reportkit.model.numbers import half_width
from reportkit.model.spelling import normal
from reportkit.project.roster import Deadline, Entry, Roster
from reportkit.sets.faults import Faults
from reportkit.sets.header import letters
from reportkit.sets.lists import table_of
from reportkit.sets.places import Where
from reportkit.sets.row_reading import Row, Table, is_blank, is_filled, uneven
from reportkit.shapes import shown as quoted
from reportkit.translation import N_, _, in_a_row

_HEADS = {
    "name": "单位 名称 单位名称 单位全称 报送单位 name unit town jurisdiction",
    "order": "序号 顺序 排序 order no no.",
    "deadline": "截止 期限 截止日期 截止时间 报送期限 报送时限 deadline due duedate",
    "contact": "联系人 联系方式 联系电话 电话 手机 contact phone telephone email",
}
"""What the columns of a roster are headed with; all others are left alone."""

_MEANING = {normal(head): name for name, heads in _HEADS.items() for head in heads.split()}
_TYPES = {name: Declared(name, "int" if name == "order" else "str", False, None) for name in _HEADS}

_ABOVE = 10
"""So many rows a title may take over the header."""

_DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?")
_LEAP_YEAR = 2000
"""Whose days a deadline without a year may have."""


def read_roster(path: Path) -> Roster:
    """Return the roster that a file holds. Raises UserError with all that is wrong in it, with row and column."""
    faults = Faults()
    try:
        table = table_of(path, _MEANING, faults)
    except OSError as error:
        words = _("{path}: {reason}; check the path and your rights there")
        raise UserError(words.format(path=path, reason=reason_of(error))) from None
    if table is None:
        words = _("{path}: no roster that can be read; one is a .csv, .xlsx, .xls or .ods")
        raise UserError(words.format(path=path))
    entries = _entries(table, faults)
    faults.tell()
    return Roster(str(path), entries)


class _Header(NamedTuple):
    """The header of a roster: how many columns there are, and which of them mean something."""

    width: int
    columns: Mapping[str, Sequence[int]]

    def of(self, name: str) -> int | None:
        """Return the column of that meaning, None if there is none."""
        return next(iter(self.columns.get(name, ())), None)


def _entries(table: Table, faults: Faults) -> list[Entry]:
    header = _header(table, faults)
    rows = _Rows(table, header, faults) if header else None
    entries = [] if rows is None else list(rows.entries())
    if rows and not entries and not faults.count:
        faults.add(Where(table.path), UnfitError(N_("below the header there is no row; each is a unit")))
    return entries


def _header(table: Table, faults: Faults) -> _Header | None:
    """The first row with a column of names; what stands over it is a title."""
    above: list[str] = []
    for row in islice((row for row in table.rows if not is_blank(row)), _ABOVE):
        heads = [_MEANING.get(normal(str(cell)).casefold(), "") for cell in row.cells]
        if "name" in heads:
            return _checked(table, row, heads, faults)
        above += [str(cell).strip() for cell in row.cells if is_filled(cell)]
    words = N_("no column of names; head it with {head}. The first rows have: {found}")
    if not faults.count:
        faults.add(
            Where(table.path),
            UnfitError(words, head=_HEADS["name"].split()[0], found=in_a_row(map(quoted, above[:_ABOVE])) or "–"),
        )
    return None


def _checked(table: Table, row: Row, heads: Sequence[str], faults: Faults) -> _Header:
    columns = {name: [at for at, head in enumerate(heads) if head == name] for name in _HEADS}
    for name, found in columns.items():
        if len(found) > 1 and name != "contact":
            words = N_("columns {listed} all say the same; leave one of them, and head the others otherwise")
            why = UnfitError(words, listed=in_a_row(map(letters, found)))
            faults.add(Where(table.path, row.number, row.line), why, column=str(row.cells[found[-1]]).strip())
    filled = [at for at, cell in enumerate(row.cells) if is_filled(cell)]
    return _Header(max(filled) + 1, columns)


class _Rows:
    """Reads the rows below a header, and notes what is wrong with each."""

    def __init__(self, table: Table, header: _Header, faults: Faults) -> None:
        self._table, self._header, self._faults = table, header, faults
        self._seen: dict[str, Where] = {}

    def entries(self) -> Iterator[Entry]:
        """Return the units in their order: by their numbers, where there are some, and else as they stand."""
        found = [one for row in self._table.rows if not is_blank(row) and (one := self._entry(row))]
        return (entry for _order, entry in sorted(found, key=lambda one: one[0]))

    def _entry(self, row: Row) -> tuple[float, Entry] | None:
        place = Where(self._table.path, row.number, row.line)
        if why := uneven(self._table, row.cells, self._header.width):
            self._faults.add(place, why)
            return None
        held = {name: self._held(row, name, place) for name in ("order", "deadline")}
        contacts = [self._text(row, at, "contact", place) for at in self._header.columns["contact"]]
        name = self._name(row, place)
        if not name:
            return None
        order = math.inf if held["order"] is None else held["order"]
        return order, Entry(name, held["deadline"], " ".join(filter(None, contacts)), place)

    def _name(self, row: Row, place: Where) -> str:
        """The unit's name, "" if it has none that can be used, which is noted."""
        at = self._header.columns["name"][0]
        name = "/".join(part.strip() for part in self._text(row, at, "name", place).split("/"))
        why: UnfitError | None = None
        if not name:
            why = UnfitError(N_("is blank; write the unit's name, or clear the row"))
        elif reason := next(filter(None, map(unfit, name.split("/"))), ""):
            why = UnfitError(
                N_("{found} {reason}; write the name as the parameter file has it"), found=quoted(name), reason=reason
            )
        elif first := self._seen.get(normal(name)):
            why = UnfitError(
                N_("{found} is there already, {first}; take one of them out"), found=quoted(name), first=first.short
            )
        if why:
            self._faults.add(place, why, column=letters(at))
            return ""
        self._seen[normal(name)] = place
        return name

    def _held(self, row: Row, name: str, place: Where) -> Any:
        """What a cell of that meaning says, None if it is blank or is none, which is noted."""
        at = self._header.of(name)
        text = "" if at is None else self._text(row, at, name, place)
        if at is None or not text:
            return None
        try:
            return _order(text) if name == "order" else _deadline(text)
        except UnfitError as error:
            self._faults.add(place, error, column=letters(at))
            return None

    def _text(self, row: Row, at: int, name: str, place: Where) -> str:
        cell = row.cells[at] if at < len(row.cells) else ""
        try:
            return str(cell if isinstance(cell, str) else self._table.reader(cell, _TYPES[name])).strip()
        except UnfitError as error:
            self._faults.add(place, error, column=letters(at))
            return ""


def _order(text: str) -> int:
    number = half_width(text)
    if number.isascii() and number.isdigit() and len(number) < 10:
        return int(number)
    raise UnfitError(N_("{found} is no number; write the unit's place as in 12, or leave it blank"), found=quoted(text))


def _deadline(text: str) -> Deadline:
    if match := _DAY.fullmatch(half_width(text)):
        year = int(match[1]) if match[1] else None
        with suppress(ValueError):  # a day that the calendar has not
            day = date(year or _LEAP_YEAR, int(match[2]), int(match[3]))
            return Deadline(year, day.month, day.day)
    words = N_("{found} is no day; write it as 2026-01-31, or as 01-31 for each year")
    raise UnfitError(words, found=quoted(text))
