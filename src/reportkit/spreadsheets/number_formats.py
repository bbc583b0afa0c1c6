"""Number formats: what a person sees in a cell, which need not be the number that is stored there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from reportkit.spreadsheets.sheets import EXACT

GENERAL = "General"

BUILT_IN: Mapping[int, str] = MappingProxyType(
    {
        0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
        5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0", 7: "¥#,##0.00;¥-#,##0.00", 8: "¥#,##0.00;¥-#,##0.00",
        9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
        37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
        41: "#,##0;-#,##0;-;@", 42: "¥#,##0;¥-#,##0;¥-;@",
        43: "#,##0.00;-#,##0.00;-;@", 44: "¥#,##0.00;¥-#,##0.00;¥-;@",
        48: "##0.0E+0", 49: "@",
    }
)  # fmt: skip
"""The formats that every program knows by a number, as they look in China; the others are dates."""

# A format has at most 255 characters, and a bracket that nothing closes would be looked for up to the end of the text.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<gap>_.|\*.)|\[(?P<bracket>[^\]]{0,255})\]'
    r"|(?P<general>general|g/通用格式)|(?P<digit>[0#?])|(?P<sign>[;,.%/@])|(?P<power>E[+-])|(?P<date>[ymdhse]|上午/下午|am/pm|a/p)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
_NIL = ("", "-", "–", "—", "－")
"""How formats show a zero, and people no number."""


class _Section(NamedTuple):
    """One of the parts of a format, of which the number's sign or a condition chooses.

    `before` and `after` are the words around the number; `places` its decimals, None for as many as it has. A number
    in `percent` is shown as a hundred times as much. An `unclear` one shows the number as another, or as none.
    """

    before: str
    after: str
    digits: bool
    places: int | None
    text: bool
    unclear: bool
    condition: str
    percent: bool = False


@lru_cache(1024)
def shows_whole(code: str) -> bool:
    """Whether a format shows every whole number as it is."""
    return all(seen(code, number) == f"{number:f}" for number in _SAMPLES)


_SAMPLES = tuple(map(Decimal, (0, 1, 45, 1000, 125_000, 99_999_999, -1, -45, -125_000)))


@lru_cache(1024)
def shows_text(code: str) -> bool:
    """Whether a format shows every text as it is."""
    sections = _sections(code)
    for section in sections[3:4] if len(sections) > 3 else sections:
        if section.text:
            return not (section.before + section.after).strip()
    return len(sections) < 4


def seen(code: str, number: Decimal) -> str | None:
    """Return what a format shows of a number, without thousands separators; None if that is not certain.

    The decimals are rounded as the format says. A zero is "0" in any unit, also one that is shown as nothing
    or a dash. What is shown in percent has its sign.
    """
    sections = _sections(code)
    section, bare = _chosen(sections, number)
    if section is None:
        return None
    words = (section.before + section.after).strip()
    if number == 0 and sections[0].digits and not any(map(str.isdigit, words)) and (section.digits or words in _NIL):
        return "0"  # in any unit
    if section.unclear:
        return None
    if not section.digits:
        return words
    with localcontext(EXACT):
        bare = bare * 100 if section.percent else bare
        exact = bare if section.places is None else bare.quantize(Decimal(1).scaleb(-section.places), ROUND_HALF_UP)
    if exact == bare and not words:
        exact = bare  # as it is stored: no zeros behind it
    return f"{section.before}{exact:f}{section.after}".strip()


def _chosen(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section | None, Decimal]:
    """The section for a number, and the number as it is written there: without its sign where that is shown apart."""
    if any(section.condition for section in sections):
        if number < 0:
            return None, number
        fitting = (one for one in sections if not one.condition or _holds(one.condition, number))
        return next(fitting, None), number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _holds(condition: str, number: Decimal) -> bool:
    match = _CONDITION.fullmatch(condition)
    assert match
    limit = Decimal(match[2])
    return {
        "<": number < limit,
        ">": number > limit,
        "=": number == limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "<>": number != limit,
    }[match[1]]


@lru_cache(1024)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code or GENERAL):
        if token["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(map(_section, parts))


def _section(tokens: list[re.Match[str]]) -> _Section:
    before = after = condition = ""
    digits = text = unclear = percent = False
    places: int | None = 0
    point = False
    last_digit = max((at for at, token in enumerate(tokens) if token["digit"]), default=-1)
    for at, token in enumerate(tokens):
        words = _words(token)
        if token["bracket"] is not None and _CONDITION.fullmatch(token["bracket"]):
            condition = token["bracket"]
        elif token["general"] or token["sign"] == "@":
            unclear |= digits
            digits, places, text = True, None, text or token["sign"] == "@"
        elif token["digit"]:
            # Words between the digits, as in 0!.0 for ten thousands, make another number of them.
            unclear |= bool(after) or places is None
            digits = True
            places = (places or 0) + point
        elif token["sign"] == ".":
            unclear |= point
            point = True
        elif token["sign"] == ",":
            unclear |= digits and at > last_digit
        elif token["sign"] == "%":
            unclear |= percent or not digits
            percent, after = True, after + "%"
        elif token["sign"] or token["power"] or token["date"]:
            unclear = True
        elif digits:
            after += words
        else:
            before += words
    return _Section(before, after, digits, places, text, unclear, condition, percent)


def _words(token: re.Match[str]) -> str:
    """What a token adds to the words around a number."""
    if token["bracket"] is not None:
        currency = _CURRENCY.fullmatch(token["bracket"])
        return currency[1] if currency else ""
    return token["quoted"] or token["escaped"] or token["other"] or ""
