"""What the formulas of a workbook give, worked out from its values: a saved result may be older than these."""

from __future__ import annotations

from decimal import Decimal

from reportkit.readers.workbook.formulas import NotUnderstood, result
from reportkit.readers.workbook.sheets import Position, Sheet, Value, Workbook

_DEEPEST = 40
"""Formulas that build on formulas: ours go three deep."""


class Calculator:
    """Works out formulas that are sums, each once."""

    def __init__(self, book: Workbook) -> None:
        self._sheets = {sheet.name: sheet for sheet in book.sheets}
        self._known: dict[tuple[str, Position], Decimal | None] = {}
        self._open: list[tuple[str, Position]] = []

    def result(self, sheet: Sheet, at: Position) -> Decimal | None:
        """Return what the formula in a cell gives, None for a blank. Raises NotUnderstood for other formulas."""
        key = (sheet.name, at)
        if key not in self._known:
            if key in self._open or len(self._open) > _DEEPEST:
                raise NotUnderstood
            self._open.append(key)
            try:
                self._known[key] = result(sheet.facts.formulas[at], lambda *where: self._value(sheet, *where))
            finally:
                self._open.pop()
        return self._known[key]

    def _value(self, own: Sheet, name: str, row: int, column: int) -> Value | None:
        """What stands in a cell; the result of its formula, where that can be worked out."""
        sheet = self._sheets.get(name) if name else own
        if sheet is None or (row, column) in sheet.facts.faults:
            return None
        if (row, column) not in sheet.facts.formulas:
            return sheet.value(row, column)
        number = self.result(sheet, (row, column))
        return "" if number is None else float(number)
