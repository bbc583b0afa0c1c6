"""What the formulas of a workbook give, worked out from its values: a saved result may be older than these."""

from __future__ import annotations

from decimal import Decimal

from reportkit.spreadsheets.formulas import NotUnderstood, result
from reportkit.spreadsheets.sheets import Area, Position, Sheet, Value, Workbook

_DEEPEST = 40
"""Formulas that build on formulas: ours go three deep."""

_MOST_CELLS = 10_000_000
"""Cells that the formulas of a workbook add up, each time they do: a county of 1,000 units has a fifth of it."""


class Calculator:
    """Works out formulas that are sums, each once."""

    def __init__(self, book: Workbook) -> None:
        self._sheets = {sheet.name: sheet for sheet in book.sheets}
        self._known: dict[tuple[str, Position], Decimal | None] = {}
        self._left = _MOST_CELLS
        self._open: list[tuple[str, Position]] = []

    def result(self, sheet: Sheet, at: Position) -> Decimal | None:
        """Return what the formula in a cell gives, None for a blank. Raises NotUnderstood for other formulas."""
        key = (sheet.name, at)
        if key not in self._known:
            if key in self._open or len(self._open) > _DEEPEST:
                raise NotUnderstood
            self._open.append(key)
            try:
                self._known[key] = result(sheet.facts.formulas[at], lambda name, area: self._values(sheet, name, area))
            finally:
                self._open.pop()
        return self._known[key]

    def _values(self, own: Sheet, name: str, area: Area) -> list[Value] | None:
        """What stands in the cells of an area; the result of a formula, where that can be worked out."""
        sheet = self._sheets.get(name) if name else own
        self._left -= (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if sheet is None or self._left < 0:
            return None
        faults, formulas = sheet.facts.faults, sheet.facts.formulas
        values: list[Value] = []
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                at = row, column
                if at in faults:
                    return None
                values.append(self._given(sheet, at) if at in formulas else sheet.value(row, column))
        return values

    def _given(self, sheet: Sheet, at: Position) -> Value:
        number = self.result(sheet, at)
        return "" if number is None else float(number)
