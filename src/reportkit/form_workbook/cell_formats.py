"""Values in the cells of our workbooks, and the number formats that show them as the form prints them."""

from __future__ import annotations

from datetime import date

from xlsxwriter.worksheet import Worksheet

from reportkit.model.cell import Cell
from reportkit.model.filing import Figure, Text, Value
from reportkit.model.rounding import places

TEXT, GENERAL, DAY = "@", "General", "yyyy-mm-dd"

OLDEST = date(1900, 3, 1)
"""The first day of which spreadsheets are certain."""


def number_format(cell: Cell) -> str:
    """Return the number format of a cell; that of one for words keeps what is typed as it is."""
    if cell.kind == "date":
        return DAY
    if not cell.is_number:
        return TEXT
    digits, said = _digits(cell), cell.format
    if digits is None:
        return GENERAL
    number = f"{'#,##0' if said.group else '0'}{'.' if digits else ''}{'0' * digits}"
    if cell.kind == "percent":
        number += "%"
    if cell.kind == "money" and said.symbol:
        number = f'"{cell.sign}"{number}'
    if said.negative == "parens":
        return f"{number}_);({number})"
    return f"+{number};-{number};{number}" if said.plus else number


def write_value(sheet: Worksheet, at: tuple[int, int], value: Value | None, cell: Cell, style: object) -> None:
    """Write a value as a number or a day if that says all of it, else as text (9.2万元); a blank if there is none."""
    if value is None:
        sheet.write_blank(*at, None, style)
    elif isinstance(value, Text) and cell.kind == "date" and (day := date.fromisoformat(value)) >= OLDEST:
        sheet.write_datetime(*at, day, style)
    elif isinstance(value, Figure) and _is_shown_whole(value, cell):
        sheet.write_number(*at, float(value), style)
    else:
        sheet.write_string(*at, value.text, style)


def _digits(cell: Cell) -> int | None:
    """With how many decimals a sheet shows a number; None for as many as it has, which it cannot in percent."""
    digits = places(cell)
    return 2 if digits is None and cell.kind == "percent" else digits


def _is_shown_whole(figure: Figure, cell: Cell) -> bool:
    """Whether a number says all that a figure does, and all its decimals are shown."""
    stored, digits = Figure(format(float(figure), ".15g")), _digits(cell)
    if digits is None:
        return figure.text == format(stored, "f")
    text = figure.text.removesuffix("%") if cell.kind == "percent" else figure.text
    whole, _, decimals = text.removeprefix("-").partition(".")
    return stored == figure and len(decimals) <= digits and (whole + decimals).isdigit()
