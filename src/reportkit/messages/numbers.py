"""Why a text is no figure, in words: what was expected in its cell, and what to do."""

from __future__ import annotations

from reportkit.messages.words import phrase
from reportkit.model.cell import Cell
from reportkit.model.numbers import Refusal, refused


def expected(refusal: Refusal) -> str:
    """Return what a cell takes: 不小于 0 的整数."""
    wanted = phrase(f"wanted_{refusal.wanted}", **refusal.values)
    unit = refusal.values.get("column_unit")
    return phrase("with_unit", wanted=wanted, unit=unit) if unit and refusal.wanted in _KINDS else wanted


_KINDS = ("count", "change", "amount", "number")


def takes(cell: Cell) -> str:
    """Return what a cell takes, whatever stands there."""
    return expected(refused("", cell, ""))


def cure(refusal: Refusal) -> str:
    """Return what to do about a text that is no figure."""
    return phrase(f"cure_{refusal.cure}", **refusal.values)
