"""What is printed in a cell: a value as it was written, and otherwise only where the form says so."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

from reportkit.model.cell import AS_WRITTEN, Cell
from reportkit.model.days import printed_day
from reportkit.model.filing import EXACT, Figure, Text, Value
from reportkit.model.rounding import HUNDRED, places, quantized

TICKED, OPEN = "☑", "□"
"""The boxes before the option that was chosen, and before any other."""


def printed(value: Value | None, cell: Cell) -> str:
    """Return what is printed in a cell that holds this value, or None if it is blank."""
    if cell.format is AS_WRITTEN:
        return "" if value is None else value.text
    if cell.kind == "choice" and cell.format.boxes:
        return _boxes(value, cell)
    if value is None:
        return cell.format.blank or ""
    if isinstance(value, Text):
        return printed_day(value, cell.format.date) if cell.kind == "date" and cell.format.date else value.text
    with localcontext(EXACT):
        return _number(value, cell)


def shown(value: Value, cell: Cell) -> Value:
    """Return a value that prints as its cell does: as a figure it is the same number."""
    if cell.format is AS_WRITTEN:
        return value
    text = printed(value, cell)
    return Text(text) if isinstance(value, Text) else Figure(value, text)


def _boxes(value: Value | None, cell: Cell) -> str:
    return "　".join(f"{TICKED if option == value else OPEN}{option}" for option in cell.options)


def _number(figure: Figure, cell: Cell) -> str:
    said, percent = cell.format, cell.kind == "percent"
    digits, unit = places(cell), "" if percent else figure.text.lstrip("+-.0123456789")
    number = abs(Decimal(figure)) * (HUNDRED if percent else 1)
    text = re.sub(r"[^\d.]", "", figure.text) if digits is None else format(quantized(number, digits), "f")
    below = figure < 0 and bool(text.strip("0."))
    if said.group:
        whole, point, rest = text.partition(".")
        text = f"{int(whole):,}{point}{rest}"
    text = (cell.sign if said.symbol and cell.kind == "money" else "") + text
    text += "%" if percent and not cell.hides_percent else unit
    if below:
        return f"({text})" if said.negative == "parens" else f"-{text}"
    return f"+{text}" if said.plus and figure > 0 else text
