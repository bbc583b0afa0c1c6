"""A table with a header, whatever file it stands in, as sets of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reportkit.declarations.declaring import Declared
from reportkit.declarations.unfit import UnfitError
from reportkit.sets.faults import Faults
from reportkit.sets.header import Column, columns, letters, require_columns, required
from reportkit.sets.places import ParameterSet, Where
from reportkit.shapes import shown
from reportkit.translation import N_, gettext

_REMEMBERED = 4096
"""So many texts of a column are read once: a year that stands in each row is one text, and one number."""

_NEVER_SHARED = ("list", "dict")


class Row(NamedTuple):
    """A row: its number as a spreadsheet shows it, the line that it begins on (0: none), and what its cells hold."""

    number: int
    line: int
    cells: Sequence[Any]


Reader = Callable[[Any, Declared | None], Any]
"""Makes the value of a parameter from what a cell holds; raises ValueError with the reason if it is none."""


class Table(NamedTuple):
    """A table: rows, of which the first is the header, and how a cell is read.

    `ragged` says that each row must have as many cells as the header; `parted` is what parts cells, as it is told.
    """

    path: str
    rows: Iterator[Row]
    reader: Reader
    ragged: bool = False
    parted: str = ""


def sets_of(
    table: Table, known: Mapping[str, Declared] | None, common: Mapping[str, Any], faults: Faults
) -> list[ParameterSet]:
    """Return a set for each row that is not blank, and note what is wrong."""
    header = next((row for row in table.rows if not is_blank(row)), None)
    if header is None:
        faults.add(Where(table.path), UnfitError(N_("there is nothing in it; the first row names the parameters")))
        return []
    names = [cell if isinstance(cell, str) else str(cell) for cell in header.cells]
    place = Where(table.path, header.number, header.line)
    found = columns(names, known, place, faults)
    missing = require_columns(names, known, common, place, faults)
    reading = _Reading(table, names, found, frozenset(required(known, common)) - missing, faults)
    sets = [reading.set_of(row, common) for row in table.rows if not is_blank(row)]
    if not sets and not faults.count:
        faults.add(place, UnfitError(N_("below the header there is no row; each is to become one report")))
    return sets


def is_blank(row: Row) -> bool:
    """Return whether there is nothing in a row."""
    return not any(map(is_filled, row.cells))


class _Reading:
    """Reads the rows of a table one after the other."""

    def __init__(
        self, table: Table, names: list[str], found: list[Column], required: frozenset[str], faults: Faults
    ) -> None:
        self._table, self._faults, self._width = table, faults, len(names)
        self._columns = [(column, _remembering(table.reader, column.declared)) for column in found]
        self._required = [column.name for column in found if column.name in required]
        self._nameless = {at for at, name in enumerate(names) if not name.strip()}

    def set_of(self, row: Row, common: Mapping[str, Any]) -> ParameterSet:
        """Return a row as a set: without what is wrong with it, which is noted."""
        cells, place = row.cells, Where(self._table.path, row.number, row.line)
        values = dict(common)
        if (len(cells) != self._width or self._nameless) and self._is_uneven(cells, place):
            return ParameterSet(values, place)
        given = 0
        for column, read in self._columns:
            cell = cells[column.at] if column.at < len(cells) else ""
            if not is_filled(cell):
                continue
            given += 1
            try:
                values[column.name] = read(cell)
            except UnfitError as error:
                self._faults.add(place, error, column=column.name)
                values[column.name] = None
        if given < len(self._columns):
            self._require(values, place)
        return ParameterSet(values, place)

    def _require(self, values: Mapping[str, Any], place: Where) -> None:
        for name in self._required:
            if name not in values:
                words = N_("is blank, and the notebook has no value for it; fill it in")
                self._faults.add(place, UnfitError(words), column=name)

    def _is_uneven(self, cells: Sequence[Any], place: Where) -> bool:
        """Whether cells and header do not fit together, which is noted."""
        if why := uneven(self._table, cells, self._width):
            self._faults.add(place, why)
            return True
        for at in sorted(self._nameless):
            if at < len(cells) and is_filled(cells[at]):
                self._nameless.remove(at)  # once is enough for a column
                words = N_("{found} stands in a column without a name; name it in the header, or clear it")
                self._faults.add(
                    place,
                    UnfitError(words, found=shown(cells[at] if isinstance(cells[at], str) else str(cells[at]))),
                    column=letters(at),
                )
        return False


def uneven(table: Table, cells: Sequence[Any], width: int) -> UnfitError | None:
    """Return why cells do not fit below a header of this width, None if they do; blank ones behind it are none."""
    beyond = [at for at in range(width, len(cells)) if is_filled(cells[at])]
    if not beyond and not (table.ragged and len(cells) < width):
        return None
    words = N_("{count} cells, where the header has {width}; cells are parted by {sign}")
    if not table.parted:
        words = N_("{count} cells, where the header has {width}; name each column in the header")
    count = beyond[-1] + 1 if beyond else len(cells)
    return UnfitError(words, count=count, width=width, sign=gettext(table.parted))


def is_filled(cell: Any) -> bool:
    """Return whether there is anything in a cell."""
    return not isinstance(cell, str) or not (not cell or cell.isspace())


def _remembering(reader: Reader, declared: Declared | None) -> Callable[[Any], Any]:
    """How the cells of a column are read, each text of it once."""
    if declared and declared.type in _NEVER_SHARED:
        return lambda cell: reader(cell, declared)
    known: dict[str, Any] = {}

    def read(cell: Any) -> Any:
        if type(cell) is not str:
            return reader(cell, declared)
        if cell in known:
            return known[cell]
        value = reader(cell, declared)
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value

    return read
