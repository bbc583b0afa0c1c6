"""One cell's text as a Figure, or the reason why it is none. Never guesses a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportkit.model.cell import DECIMALS, Cell
from reportkit.model.filing import Figure
from reportkit.model.rounding import HUNDRED

MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""Units in which an amount can be written, with what each is worth."""

MAX_DIGITS = 15
"""More digits than any count in the country has: the sum of all is far below 10^15."""

TO_CHECK = {"zh": "待核", "en": "TO CHECK"}
"""What stands in a cell whose figure could not be read with certainty, by the language of the form; until somebody has
looked it is no blank.
"""

MARKS = frozenset(TO_CHECK.values())
"""The same in any language."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?P<fraction>\.\d+)?(?P<unit>[^\d%]*)(?P<percent>%?)", re.ASCII
)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)(%?)")
_WIDE_QUOTES = tuple("“”‘’＂＇")
_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {ord(sign): "-" for sign in "−–﹣"}


class Refusal(NamedTuple):
    """Why a text is no figure for a column: a code, the names of what was expected and of what to do, and values.

    The names are words of the catalogue's.
    """

    code: str
    wanted: str
    cure: str
    values: Mapping[str, object]


def refused(code: str, cell: Cell, cure: str, wanted: str = "", **values: object) -> Refusal:
    """Return the refusal of a text for a cell, of which the cell's kind was expected if nothing else is said."""
    told = {
        "column_unit": "" if cell.hides_percent else cell.unit,
        "currency": cell.currency,
        "options": [*cell.options],
    }
    return Refusal(code, wanted or cell.kind, cure, {**told, **values})


def half_width(text: str) -> str:
    """Return the text with full-width digits and signs as plain ones, and no white space around it.

    Nothing else is folded, as it is for labels: NFKC would read 5² as 52 and 3① as 31, and without its space 3 5 would
    be 35.
    """
    return text.translate(_HALF_WIDTH).strip()


def read_figure(text: str, cell: Cell) -> Figure | Refusal:
    """Return the figure that the text of a cell with a number states.

    Full-width digits and thousands separators are read as the plain number, (5) as -5 and $5 as 5 where the form has
    such cells; decimals, a sign and a unit of money survive as written. A figure in percent is the share: 5% is 0.05.
    """
    plain = _plain(text) if len(text) <= MAX_DIGITS and cell.kind != "percent" else None
    if plain is not None:
        return plain  # the short way for most cells, which the long one would read just so
    match = _NUMBER.fullmatch(_bare(half_width(text), cell))
    if not match and text.strip()[:1] in _WIDE_QUOTES:
        return refused("V1", cell, "wide_quotes")
    if not match:
        return refused("V1", cell, "text")
    sign, whole, fraction, unit = match["sign"], match["whole"].replace(",", ""), match["fraction"] or "", match["unit"]
    unit = unit.strip() + match["percent"]
    if len(whole) > 1 and whole.startswith("0"):
        meant = f"{sign}{whole.lstrip('0') or '0'}{fraction}{unit}"
        return refused("V1", cell, "zeros", meant=meant)
    if len(whole + fraction.removeprefix(".")) > MAX_DIGITS:
        return refused("V5", cell, "digits", "digits", most=MAX_DIGITS)
    if refusal := _refused(cell, sign, fraction, unit):
        return refusal
    number = Decimal(sign + whole + fraction)
    if cell.kind == "percent":
        return Figure(number / HUNDRED, f"{sign}{whole}{fraction}{'' if cell.hides_percent else '%'}")
    return Figure(number, sign + whole + fraction + unit)


def _bare(text: str, cell: Cell) -> str:
    """The text without brackets, which stand for a minus, and without the sign of its currency."""
    if cell.below_zero and (found := _IN_BRACKETS.fullmatch(text)) and found[1].strip()[:1] not in ("-", "+"):
        text = f"-{found[1].strip()}{found[2]}"
    if cell.kind != "money":
        return text
    signs = (cell.sign, cell.currency)
    minus, rest = (text[0], text[1:].strip()) if text[:1] in ("-", "+") else ("", text)
    for sign in filter(None, signs):
        if rest.upper().startswith(sign):
            rest = rest[len(sign) :].strip()
            break
        if rest.upper().endswith(sign):
            rest = rest[: -len(sign)].strip()
            break
    return minus + rest


@lru_cache(4096)
def _plain(text: str) -> Figure | None:
    """The figure of a text that is nothing but its digits."""
    plain = text.isascii() and text.isdigit() and (text[0] != "0" or len(text) == 1)
    return Figure(text, text) if plain else None


def _refused(cell: Cell, sign: str, fraction: str, unit: str) -> Refusal | None:
    if unit and unit != "%" and cell.kind == "amount":
        if unit not in MONEY:
            return refused("V4", cell, "strange_unit", unit=unit, units=list(MONEY))
        if cell.unit and unit != cell.unit:
            return refused("V4", cell, "other_unit", "unit")
    elif unit and (unit != "%" or cell.kind != "percent"):
        cure = "other_currency" if cell.kind == "money" else "no_unit"
        return refused("V4", cell, cure, unit=unit)
    if sign and not cell.below_zero:
        return refused("V2", cell, "plus" if sign == "+" else "minus")
    if fraction and cell.kind not in DECIMALS:
        return refused("V3", cell, "fraction")
    return None
