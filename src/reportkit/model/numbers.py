"""One cell's text as a Figure, or the reason why it is none. Never guesses a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportkit.model.filing import Figure
from reportkit.model.form import Leaf

MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""Units in which an amount can be written, with what each is worth."""

MAX_DIGITS = 15
"""More digits than any count in the country has: the sum of all is far below 10^15."""

TO_CHECK = "待核"
"""What stands in a cell whose figure could not be read with certainty; until somebody has looked it is no blank."""

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?P<fraction>\.\d+)?\s*(?P<unit>\D*)", re.ASCII)
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_WIDE_QUOTES = tuple("“”‘’＂＇")
_SHORT = 100
_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {ord(sign): "-" for sign in "−–﹣"}


class Refusal(NamedTuple):
    """Why a text is no figure for a column: a code, the names of what was expected and of what to do, and values.

    The names are words of the catalogue's.
    """

    code: str
    wanted: str
    cure: str
    values: Mapping[str, object]


def _refusal(code: str, column: Leaf, cure: str, wanted: str = "", **values: object) -> Refusal:
    return Refusal(code, wanted or column.kind, cure, {"column_unit": column.unit, **values})


def normal(text: str) -> str:
    """Return the text in one way of writing: full-width to half-width (NFKC), one kind of quotes, no white space."""
    return _folded(text) if len(text) <= _SHORT else _folded.__wrapped__(text)


@lru_cache(4096)
def _folded(text: str) -> str:
    """The labels of a form come again in each file of a thousand."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def half_width(text: str) -> str:
    """Return the text with full-width digits and signs as plain ones, and no white space around it.

    Nothing else is folded, as it is for labels: NFKC would read 5² as 52 and 3① as 31, and without its space 3 5 would
    be 35.
    """
    return text.translate(_HALF_WIDTH).strip()


def read_figure(text: str, column: Leaf) -> Figure | Refusal:
    """Return the figure that a cell's text states.

    Full-width digits and thousands separators are read as the plain number; decimals, a sign and a unit of money
    survive as written.
    """
    plain = _plain(text) if len(text) <= MAX_DIGITS else None
    if plain is not None:
        return plain  # the short way for most cells, which the long one would read just so
    match = _NUMBER.fullmatch(half_width(text))
    if not match and text.strip()[:1] in _WIDE_QUOTES:
        return _refusal("V1", column, "wide_quotes")
    if not match:
        return _refusal("V1", column, "text")
    sign, whole, fraction, unit = match["sign"], match["whole"].replace(",", ""), match["fraction"] or "", match["unit"]
    if len(whole) > 1 and whole.startswith("0"):
        meant = f"{sign}{whole.lstrip('0') or '0'}{fraction}{unit}"
        return _refusal("V1", column, "zeros", meant=meant)
    if len(whole + fraction.removeprefix(".")) > MAX_DIGITS:
        return _refusal("V5", column, "digits", "digits", most=MAX_DIGITS)
    refusal = _refused(column, sign, fraction, unit)
    return refusal or Figure(Decimal(sign + whole + fraction), sign + whole + fraction + unit)


@lru_cache(4096)
def _plain(text: str) -> Figure | None:
    """The figure of a text that is nothing but its digits."""
    plain = text.isascii() and text.isdigit() and (text[0] != "0" or len(text) == 1)
    return Figure(text, text) if plain else None


def _refused(column: Leaf, sign: str, fraction: str, unit: str) -> Refusal | None:
    if unit and column.kind != "amount":
        return _refusal("V4", column, "no_unit", unit=unit)
    if unit and unit not in MONEY:
        return _refusal("V4", column, "strange_unit", unit=unit, units=list(MONEY))
    if unit and column.unit and unit != column.unit:
        return _refusal("V4", column, "other_unit", "unit")
    if sign and column.kind != "change":
        return _refusal("V2", column, "plus" if sign == "+" else "minus")
    if fraction and column.kind != "amount":
        return _refusal("V3", column, "fraction")
    return None
