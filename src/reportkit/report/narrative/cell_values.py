"""Cells as sentences quote them: values to count and compare with, that print as their table prints them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reportkit.model.arithmetic import Formula
from reportkit.model.cell import Cell
from reportkit.model.days import printed_day
from reportkit.model.filing import Figure, Text, Value
from reportkit.model.printing import printed, shown


class Day(date):
    """A day that prints as its cell does."""

    text: str

    @classmethod
    def of(cls, iso: str, text: str) -> Day:
        """Return the day that ISO writes so, and its cell as `text`."""
        day = cls.fromisoformat(iso)
        day.text = text
        return day

    def __str__(self) -> str:
        return self.text


def english(value: Any) -> Any:
    """Return a day as an English report writes it, May 6, 2025; any other value as it is."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return value
    return Day.of(value.isoformat(), printed_day(value.isoformat(), "{monthname} {day}, {year}"))


def quoted(value: Value | None, cell: Cell, formula: Formula | None) -> Any:
    """Return what a sentence has of a cell.

    A blank is 0 where numbers are added up, as it is in sums; an empty text where words stand; and None where neither
    would be true: of a percentage, a day, and what a `formula` could not compute.
    """
    if value is None:
        if cell.kind in ("percent", "date") or (formula and not formula.is_sum):
            return None
        return shown(Figure(0), cell) if cell.is_number else ""
    if cell.kind == "date":
        return Day.of(value.text, printed(value, cell))
    # An option or a text stands in a sentence as it is, whatever boxes its table prints.
    return value.text if isinstance(value, Text) else shown(value, cell)
