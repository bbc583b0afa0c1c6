"""Numbers as sentences write them: 3,607 and 两 and 18万余, with what they count."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS_IN_A_TEXT = r"(?<!\d)\d{1,20}(?:,\d{3}){0,6}(?:\.\d{1,9})?"
NUMBER = rf"(?:[约近逾]|超过?)?(?:{_DIGITS_IN_A_TEXT}|[〇零一二两三四五六七八九十百千]{{1,9}})[万亿]?[余多]?"
"""A number with the words that make it a rough one.

It begins where its digits do and has no more than any number has: a search tries it at each place, and would take the
square of the time for a page of digits.
"""

COUNTED = "(?:件|份|条|宗|起|次|例|个|项|封|人次)"
"""What applications and cases are counted in."""

_EXACT = re.compile(r"(?P<number>[\d,]+(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+)(?P<unit>[万亿]?)")
_MOST_DIGITS = 20
_DIGITS = {sign: value for value, signs in enumerate(("〇零", "一", "二两", *"三四五六七八九")) for sign in signs}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_UNITS = {"": 1, "万": 10**4, "亿": 10**8}


def exact(text: str) -> Decimal | None:
    """Return the number that a text states, or None if it is a rough one (260余, 近3万), a huge one, or none at all."""
    match = _EXACT.fullmatch(text)
    if not match or len(match["number"]) > _MOST_DIGITS:
        return None
    number = match["number"]
    value = Decimal(number.replace(",", "")) if number[0].isdecimal() else _chinese(number)
    return None if value is None else value * _UNITS[match["unit"]]


def _chinese(text: str) -> Decimal | None:
    """三千六百零七 -> 3607; None for what is no number (一二) or leaves the place open (三百五)."""
    total, digit, smallest = 0, None, 10**4
    for sign in text:
        place = _PLACES.get(sign)
        if place is None:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif place >= smallest or digit == 0 or (digit is None and place != 10):
            return None
        else:
            total, digit, smallest = total + (digit or 1) * place, None, place
    if digit and total and smallest > 10 and "零" not in text and "〇" not in text:
        return None
    return Decimal(total + (digit or 0))


def rounds_to(value: Decimal, stated: str) -> bool:
    """Whether a number can be told as `stated`: rounded either way or cut off, to the digits that it has."""
    digits = len(stated.partition(".")[2])
    return abs(value - Decimal(stated)) < Decimal(1).scaleb(-digits)
