"""One cell's text as a Figure, or the reason why it is none. Never guesses a number."""

from __future__ import annotations

import re
import unicodedata
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
    """Why a text is no figure for a column: a code, what was expected, and what to do."""

    code: str
    expected: str
    cure: str


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
        return Refusal("V1", _expected(column), "引号是全角的，请删去引号")
    if not match:
        return Refusal("V1", _expected(column), "没有的数写 0，不清楚的留空，说明请写进 narrative")
    sign, whole, fraction, unit = match["sign"], match["whole"].replace(",", ""), match["fraction"] or "", match["unit"]
    if len(whole) > 1 and whole.startswith("0"):
        meant = f"{sign}{whole.lstrip('0') or '0'}{fraction}{unit}"
        return Refusal("V1", _expected(column), f"数的前面多了 0；如果是 {meant}，请写 {meant}")
    if len(whole + fraction.removeprefix(".")) > MAX_DIGITS:
        return Refusal("V5", f"不超过 {MAX_DIGITS} 位的数", "这个数大得不可能，请核对")
    refusal = _refused(column, sign, fraction, unit)
    return refusal or Figure(Decimal(sign + whole + fraction), sign + whole + fraction + unit)


@lru_cache(4096)
def _plain(text: str) -> Figure | None:
    """The figure of a text that is nothing but its digits."""
    plain = text.isascii() and text.isdigit() and (text[0] != "0" or len(text) == 1)
    return Figure(text, text) if plain else None


def _refused(column: Leaf, sign: str, fraction: str, unit: str) -> Refusal | None:
    if unit and column.kind != "amount":
        return Refusal("V4", _expected(column), f"这一格只写数，请删去“{unit}”")
    if unit and unit not in MONEY:
        return Refusal("V4", _expected(column), f"“{unit}”不是金额单位；可以写{'、'.join(MONEY)}，或只写数")
    if unit and column.unit and unit != column.unit:
        return Refusal("V4", f"单位为{column.unit}的数", f"这一列的单位是{column.unit}，请换算后再写")
    if sign and column.kind != "change":
        return Refusal("V2", _expected(column), "这一格不带正负号" if sign == "+" else "这一格不能是负数，请核对")
    if fraction and column.kind != "amount":
        return Refusal("V3", _expected(column), "件数不能有小数，请核对")
    return None


def _expected(column: Leaf) -> str:
    names = {"count": "不小于 0 的整数", "change": "整数（减少写负数）", "amount": "金额（可有小数）"}
    unit = f"，单位{column.unit}" if column.unit else ""
    return names[column.kind] + unit
