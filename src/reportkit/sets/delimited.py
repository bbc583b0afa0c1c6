"""The rows of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from reportkit.declarations.typed_values import typed
from reportkit.declarations.unfit import UnfitError
from reportkit.sets.faults import Faults
from reportkit.sets.header import plain_name
from reportkit.sets.list_text import file_text, lines
from reportkit.sets.places import Where
from reportkit.sets.row_reading import Row, Table
from reportkit.translation import N_

_PARTED = {",": N_("a comma"), ";": N_("a semicolon"), "\t": N_("a tab")}
"""What parts cells: the first is taken where a header has none of them."""

_BETWEEN = " \r\n".join(_PARTED)
_OPEN = N_("a quotation mark is opened here and never closed; a quotation mark within a text is written twice")
_LONG = N_("a cell has more than {most} signs; if it should not, a quotation mark in it is opened and never closed")
_BEHIND = N_(
    "something stands behind a closing quotation mark; a text with quotation marks is put into them as a whole, "
    "and each within is written twice"
)


def csv_table(path: Path, known: Iterable[str], faults: Faults) -> Table:
    """Return the table of a CSV file, in which a comma, a semicolon or a tab parts the cells, as its header has it."""
    text = file_text(path)
    sign = _separator(text, known)
    return Table(str(path), _rows(text, sign, str(path), faults), typed, ragged=True, parted=_PARTED[sign])


def _separator(text: str, known: Iterable[str]) -> str:
    """What parts the cells of the header: what gives the most parameters, or else the most cells."""

    def gives(sign: str) -> tuple[int, int]:
        header = _first_row(text, sign)
        return len({plain_name(cell) for cell in header} & set(known)), len(header)

    return max(_PARTED, key=gives)


def _first_row(text: str, sign: str) -> list[str]:
    try:
        return next(
            (row for row in csv.reader(lines(text), delimiter=sign) if any(cell.strip(_BETWEEN) for cell in row)), []
        )
    except csv.Error:
        return []


def _rows(text: str, sign: str, path: str, faults: Faults) -> Iterator[Row]:
    """The rows up to the first that cannot be told from the next, which is noted."""
    reader = csv.reader(lines(text), delimiter=sign, strict=True)
    for number in count(1):
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults.add(Where(path, number, line), _refused(str(error)))
            return
        if cells is None:
            return
        yield Row(number, number if line == number else line, cells)  # one number for both takes less room


def _refused(said: str) -> UnfitError:
    """What is told of a row that the csv module refuses, by one word of what it says."""
    if "larger" in said:
        return UnfitError(_LONG, most=csv.field_size_limit())
    return UnfitError(_BEHIND if "after" in said else _OPEN)
