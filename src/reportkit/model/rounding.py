"""How exact a number is in its cell, and how it is written there."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reportkit.model.cell import Cell

HUNDRED = Decimal(100)
_OF_A_QUOTIENT = {"percent": 1, "count": 0, "change": 0}
"""So many decimals has a quotient where its format says nothing; 2 in any other cell."""


def places(cell: Cell) -> int | None:
    """Return with how many decimals a cell is printed; None for as many as there are."""
    return 0 if cell.kind in ("count", "change") else cell.format.decimals


def digits(cell: Cell, divided: bool) -> int | None:
    """Return to how many decimals a number that was computed is rounded in its cell; None if it stays as it is.

    One that was `divided` may have no end. Of what is printed as 4.6% these are three: it is 0.046.
    """
    printed = places(cell)
    if printed is None and divided:
        printed = _OF_A_QUOTIENT.get(cell.kind, 2)
    return printed + 2 if printed is not None and cell.kind == "percent" else printed


def quantized(number: Decimal, digits: int) -> Decimal:
    """Return a number with so many decimals, rounded half up; there is no minus before a zero."""
    short = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return short if short else abs(short)


def figure_text(number: Decimal, cell: Cell) -> str:
    """Return a number as its cell would have it written: 0.046 as 4.6%, and without the sign if its label has it."""
    if cell.kind != "percent":
        return format(number, "f")
    text = format(number * HUNDRED, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if cell.hides_percent else f"{text}%"
