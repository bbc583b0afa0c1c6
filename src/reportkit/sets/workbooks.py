"""The rows of a sheet of a workbook."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.declarations.called import called_as_it_is
from reportkit.declarations.declaring import UNKNOWN, Declared
from reportkit.declarations.typed_values import typed
from reportkit.declarations.unfit import UnfitError
from reportkit.errors import UnreadableError, UserError
from reportkit.sets.faults import Faults
from reportkit.sets.fitting import unfitting
from reportkit.sets.header import letters
from reportkit.sets.list_names import sheet_of
from reportkit.sets.list_text import file_bytes
from reportkit.sets.places import Where
from reportkit.sets.row_reading import Row, Table
from reportkit.spreadsheets.sheets import Facts, Position, Sheet, Value, Workbook
from reportkit.spreadsheets.workbook import open_workbook
from reportkit.translation import N_, _, gettext, in_a_row

_EXACT = 10**15
"""From here on a workbook keeps no more each digit of a whole number."""

_REFUSED = {
    "W1": N_("no workbook that can be read; save it again as .xlsx"),
    "W2": N_("larger than a list can be; divide it, or save it as .csv"),
    "W3": N_("has a password; save it without one"),
    "W4": N_("has macros; save it as .xlsx, which has none"),
}


class _Odd(NamedTuple):
    """In place of a value: why there is none, and what stands there."""

    words: str
    found: str

    def __str__(self) -> str:
        return self.found


class _Seen(NamedTuple):
    """A number that is shown otherwise: with zeros before it (`padded`), or in a way that is not told here."""

    number: float
    padded: str


def workbook_table(path: Path, faults: Faults) -> Table:
    """Return the table of the one sheet that a workbook has, or of the one that is named."""
    file, name = sheet_of(path)
    sheet = _chosen(_opened(file), name, file)
    _note_merged(sheet, str(path), faults)
    return Table(str(path), _rows(sheet), _value)


def _opened(path: Path) -> Workbook:
    try:
        return open_workbook(file_bytes(path), str(path))
    except UnreadableError as error:
        why = gettext(_REFUSED[error.trouble.name.partition(".")[0]])
        raise UserError(_("{place}: {why}").format(place=path, why=why)) from None


def _chosen(book: Workbook, name: str, path: Path) -> Sheet:
    """The sheet that is meant. Raises UserError where none is, or more than one may be."""
    filled = [sheet for sheet in book.sheets if sheet.rows]
    if name:
        filled = [sheet for sheet in book.sheets if sheet.name == name]
    if len(filled) == 1:
        return filled[0]
    names = in_a_row(sheet.name for sheet in book.sheets)
    if name:
        words = _("{path}: no sheet that is to be seen has the name {name}; there are: {names}")
    elif not filled:
        words = _("{path}: no sheet that is to be seen has anything in it")
    else:
        words = _("{path}: more than one sheet is filled; name the one that is the list, as in {path}#{first}: {names}")
    raise UserError(words.format(path=path, name=name, names=names, first=filled[0].name if filled else ""))


def _note_merged(sheet: Sheet, path: str, faults: Faults) -> None:
    """Note merged cells: all but the first of them look filled and are blank."""
    for area in sorted(sheet.facts.merged):
        if area.top < area.bottom and sheet.value(area.top, area.left) != "":
            cells = f"{letters(area.left)}{area.top + 1}:{letters(area.right)}{area.bottom + 1}"
            words = N_("the cells {cells} are merged, and only the first has a value; divide them and fill each in")
            faults.add(Where(path, area.top + 1), UnfitError(words, cells=cells))


def _rows(sheet: Sheet) -> Iterator[Row]:
    odd = _odd_cells(sheet)
    for number, cells in enumerate(sheet.rows, 1):
        row: list[Any] = cells
        if number - 1 in odd:
            row = [odd[number - 1].get(at, cell) for at, cell in enumerate(cells)]
        yield Row(number, 0, row)


def _odd_cells(sheet: Sheet) -> dict[int, dict[int, Any]]:
    """The cells whose value does not say all, by row and column."""
    facts = sheet.facts
    found: dict[int, dict[int, Any]] = {}
    for row, column in {*facts.faults, *facts.unsolved, *facts.padded, *facts.shown}:
        found.setdefault(row, {})[column] = _odd(sheet.value(row, column), facts, (row, column))
    return found


def _odd(value: Value, facts: Facts, at: Position) -> Any:
    if fault := facts.faults.get(at):
        if value in (0, 1) and not fault.startswith(("#", "Err")):
            return bool(value)  # as an .ods has it
        return _Odd(N_("{found} is an error of the workbook; mend its formula, or put the value in its place"), fault)
    if at in facts.unsolved:
        words = N_("{found} has no result yet; open the workbook, let it calculate and save it, or put the value here")
        return _Odd(words, f"={facts.formulas.get(at, '')}"[:60])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _Seen(value, facts.padded.get(at, ""))
    return value


def _value(cell: Any, declared: Declared | None) -> Any:
    """What a cell holds, as the value of a parameter."""
    kind = declared.type if declared else UNKNOWN
    match cell:
        case _Odd():
            raise UnfitError(cell.words, found=cell.found)
        case str():
            return typed(cell, declared) if kind != UNKNOWN else cell
        case _Seen():
            return _shown(cell, declared) if kind == "str" else _number(cell.number, declared)
        case bool():
            return _bool(cell, declared)
        case int() | float():
            return _number(cell, declared)
        case _:
            return _time(cell, declared)


def _shown(cell: _Seen, declared: Declared | None) -> str:
    """A number as a text: as it is seen, which is certain only of zeros before it."""
    if cell.padded:
        return cell.padded
    words = N_(
        "holds the number {number} and shows it in another way; format the cell as text and type what is meant, "
        "or declare {name} as a number in the notebook"
    )
    raise UnfitError(words, number=_digits(cell.number), name=declared.name if declared else "")


def _number(number: float, declared: Declared | None) -> Any:
    kind = declared.type if declared else UNKNOWN
    if kind == "float":
        return float(number)
    whole = float(number).is_integer()
    if whole and abs(number) >= _EXACT:
        words = N_(
            "{found} has more digits than a workbook keeps of a number; format the cell as text and type it again"
        )
        raise UnfitError(words, found=_digits(number))
    if kind == "str":
        return _digits(number)
    if kind in (UNKNOWN, "int"):
        if whole:
            return int(number)
        if kind == UNKNOWN:
            return float(number)
    if kind == "bool" and number in (0, 1):
        return bool(number)
    assert declared
    raise unfitting(int(number) if whole else number, declared)


def _digits(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{Decimal(repr(number)):f}"


def _bool(value: bool, declared: Declared | None) -> Any:
    kind = declared.type if declared else UNKNOWN
    if declared and kind not in (UNKNOWN, "bool", "str"):
        raise unfitting(value, declared)
    return str(value).upper() if kind == "str" else value


def _time(value: Any, declared: Declared | None) -> str:
    """A day or a time of day as ISO writes it."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    is_day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    kind = declared.type if declared else UNKNOWN
    if declared and kind not in (UNKNOWN, "str") and not (kind == "date" and is_day):
        raise unfitting(_written(value), declared, called_as_it_is(value))
    return _written(value)


def _written(value: Any) -> str:
    return value.isoformat(*" " * isinstance(value, datetime.datetime)) if hasattr(value, "isoformat") else str(value)
