"""Days in tables: read in the ways in which they are written, kept as ISO writes them, printed by a form's pattern."""

from __future__ import annotations

import re
from datetime import date

from reportkit.model.numbers import half_width

_PLACES = {"year": r"(\d{4})", "month": r"(\d{1,2})", "day": r"(\d{1,2})", "monthname": r"([A-Za-z]+)"}
_PLACE = re.compile(r"\{(\w+)\}")
_COMMON = ("{year}-{month}-{day}", "{year}/{month}/{day}", "{year}年{month}月{day}日", "{monthname} {day}, {year}")
"""How days are written whose order nobody can doubt."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def is_date_pattern(text: str) -> bool:
    """Return whether a text has a place for each part of a day, and each of them once."""
    return sorted(_PLACE.findall(text)) in (["day", "month", "year"], ["day", "monthname", "year"])


def printed_day(iso: str, pattern: str) -> str:
    """Return a day, as ISO writes it, by a pattern."""
    day = date.fromisoformat(iso)
    parts = {"year": day.year, "month": day.month, "day": day.day, "monthname": _MONTHS[day.month - 1]}
    return _PLACE.sub(lambda place: str(parts[place[1]]), pattern)


def read_day(text: str, pattern: str | None = None) -> str | None:
    """Return the day that a text writes, as ISO writes it; None if it is none, or could be two."""
    plain = " ".join(half_width(text).split())
    for known in (*([pattern] if pattern else ()), *_COMMON):
        if found := re.fullmatch(_as_regex(known), plain):
            return _iso(dict(zip(_PLACE.findall(known), found.groups(), strict=True)))
    return None


def _as_regex(pattern: str) -> str:
    pieces = re.split(r"(\{\w+\})", " ".join(half_width(pattern).split()))
    return "".join(_PLACES[piece[1:-1]] if _PLACE.fullmatch(piece) else re.escape(piece) for piece in pieces)


def _iso(parts: dict[str, str]) -> str | None:
    try:
        named = parts.get("monthname", "").capitalize()
        month = _MONTHS.index(named) + 1 if named else int(parts["month"])
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return None
