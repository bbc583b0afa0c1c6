"""A statutory table on a sheet: headers and stubs as printed, cells to fill in, totals as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reportkit.errors import CellRef
from reportkit.form_workbook.equation_formulas import (
    Position,
    areas,
    broken_formula,
    check_formula,
    computed,
    total_formula,
    total_rules,
)
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.styles import Styles, lines, validation, width
from reportkit.model.equations import breaches
from reportkit.model.filing import EXACT, Figure
from reportkit.model.form import Form, GridCell, Rule, Table

_TOP = 2
"""Rows over the table: its name, and whose it is."""

_LINE = 14.5
"""Points of a line of text."""

_ROW = 23.0
"""Points of a row that needs a single line."""


class TableSheet:
    """Writes one table; knows afterwards where everything stands."""

    def __init__(self, sheet: Worksheet, form: Form, table: Table, styles: Styles) -> None:
        self.sheet, self.form, self.table, self.styles = sheet, form, table, styles
        self._cells = [cell for block in table.grid for row in block for cell in row]
        self._at = {cell.ref: (cell.row + _TOP, cell.column) for cell in self._cells if cell.ref}
        self._height = max(cell.row + cell.rowspan for cell in self._cells)
        self._widths = _widths(self._cells, table.width)
        self._deep = table.blocks[0].stub_depth > 1
        self._totals = total_rules(form)
        self.check_area = ""
        self.broken = 0
        self.filled = False

    def at(self, ref: CellRef) -> Position:
        """Where a cell stands."""
        return self._at[ref]

    def places(self) -> Iterator[tuple[CellRef, str]]:
        """Every cell with its address, as messages print it."""
        for ref, at in self._at.items():
            yield ref, f"{self.sheet.get_name()}!{xl_rowcol_to_cell(*at)}"

    def write(self, heading: str, subtitle: str, subtitle_now: str, entries: Entries) -> None:
        """Write the whole sheet."""
        last = self.table.width - 1
        for column, wide in enumerate(self._widths):
            self.sheet.set_column(column, column, wide)
        self.sheet.set_row(0, 30)
        self.sheet.merge_range(0, 0, 0, last, heading, self.styles["title"])
        self.sheet.merge_range(1, 0, 1, last, "", self.styles["subtitle"])
        self.sheet.write_formula(1, 0, subtitle, self.styles["subtitle"], subtitle_now)
        self._rows()
        values = computed(self.form, entries.values)
        for cell in self._cells:
            if cell.ref:
                self._value(cell, cell.ref, entries, values)
            else:
                self._label(cell)
        self._checks({**entries.values, **values})
        self._page(last, bool(entries.hints))

    def _rows(self) -> None:
        """Make every row as high as its labels need."""
        heights = [_ROW] * self._height
        for cell in sorted(self._cells, key=lambda cell: cell.rowspan):
            room = sum(self._widths[cell.column : cell.column + cell.colspan])
            needed = _LINE * lines(cell.label, room) + 5
            span = slice(cell.row, cell.row + cell.rowspan)
            missing = (needed - sum(heights[span])) / cell.rowspan
            if missing > 0:
                heights[span] = [height + missing for height in heights[span]]
        for row, height in enumerate(heights, _TOP):
            self.sheet.set_row(row, height)

    def _label(self, cell: GridCell) -> None:
        self._put(cell, "stub" if cell.scope == "row" and self._deep else "label")

    def _put(self, cell: GridCell, style: str) -> None:
        row, column = cell.row + _TOP, cell.column
        if cell.rowspan > 1 or cell.colspan > 1:
            bottom, right = row + cell.rowspan - 1, column + cell.colspan - 1
            self.sheet.merge_range(row, column, bottom, right, "", self.styles[style])
        self.sheet.write_string(row, column, cell.label, self.styles[style])

    def _value(self, cell: GridCell, ref: CellRef, entries: Entries, totals: dict[CellRef, Figure]) -> None:
        (row, column), leaf = self.at(ref), self.table.cells[ref]
        style = self.styles.cell(leaf, total=ref in self._totals)
        if cell.colspan > 1:
            self.sheet.merge_range(row, column, row, column + cell.colspan - 1, "", style)
        if ref in entries.hints:
            self._hint(row, ref, entries.hints[ref])
        stated = entries.values.get(ref)
        if ref in self._totals and stated in (None, totals.get(ref)):
            now = float(totals[ref]) if ref in totals else ""
            self.sheet.write_formula(row, column, total_formula(self._totals[ref], self.at), style, now)
            return
        write_figure(self.sheet, (row, column), stated, style)
        if ref not in self._totals:
            self.sheet.data_validation(row, column, row, column, validation(leaf))

    def _hint(self, row: int, ref: CellRef, text: str) -> None:
        label = self.table.cells[ref].label
        self.sheet.write_string(row, self.table.width + 1, f"{label}：{text}", self.styles["hint"])

    def _checks(self, values: dict[CellRef, Figure]) -> None:
        """A line below the table that says where a rule is broken; the cells concerned turn red."""
        rules = {
            column: rule
            for rule in reversed(self.form.rules)
            if not rule.total and (column := self._column_of(rule)) is not None
        }
        if not rules:
            return
        row, first, last = _TOP + self._height, min(rules), max(rules)
        if first > 1:
            self.sheet.merge_range(row, 0, row, first - 1, "", self.styles["checked"])
        self.sheet.write_string(row, 0, f"勾稽检查：{rules[first].label}", self.styles["checked"])
        self.sheet.set_row(row, 20)
        for column, rule in rules.items():
            self._check(row, column, rule, values)
        self.check_area = xl_range_abs(row, first, row, last)

    def _column_of(self, rule: Rule) -> int | None:
        """The column of a rule with two sides whose cells all stand in it."""
        columns = {self.at(ref)[1] if ref in self._at else -1 for _, ref in rule.terms}
        both = {sign for sign, _ in rule.terms} == {1, -1}
        return columns.pop() if both and len(columns) == 1 and columns != {-1} else None

    def _check(self, row: int, column: int, rule: Rule, values: dict[CellRef, Figure]) -> None:
        filled = {sign for sign, ref in rule.terms if ref in values} == {1, -1}
        with localcontext(EXACT):
            broken = breaches([rule], values) if filled else []
        state = f"差{broken[0].left - broken[0].right:f}" if broken else "√" if filled else ""
        self.broken += bool(broken)
        self.filled |= filled
        self.sheet.write_formula(row, column, check_formula(rule, self.at), self.styles["check"], state)
        red = {"type": "formula", "criteria": broken_formula(rule, self.at), "format": self.styles["wrong"]}
        first, *_ = (self.at(ref) for _, ref in rule.terms)
        cells = " ".join(areas([self.at(ref)]) for _, ref in rule.terms)
        self.sheet.conditional_format(*first, *first, red | {"multi_range": cells})
        self.sheet.conditional_format(row, column, row, column, red)

    def _page(self, last: int, hints: bool) -> None:
        self.sheet.print_area(0, 0, _TOP + self._height, last)
        self.sheet.freeze_panes(_TOP + self.table.head_rows, self.table.blocks[0].stub_depth)
        if hints:
            self.sheet.set_column(last + 1, last + 1, 2)
            self.sheet.set_column(last + 2, last + 2, 34)


def write_figure(sheet: Worksheet, at: Position, figure: Figure | None, style: object) -> None:
    """Write a figure as a number if that says all of it, else as text (9.2万元); a blank if there is none."""
    if figure is None:
        sheet.write_blank(*at, None, style)
    elif figure.text == format(Figure(format(float(figure), ".15g")), "f"):
        sheet.write_number(*at, float(figure), style)
    else:
        sheet.write_string(*at, figure.text, style)


def _widths(cells: list[GridCell], columns: int) -> list[float]:
    """The width of each column: a stub as its labels need, the last in two lines if long; others by their number."""
    values = [cell.column for cell in cells if cell.ref]
    stub = min(values)
    each = 21.0 if columns - stub <= 4 else 8.8
    widths = [each] * columns
    for column in range(stub):
        labels = [cell for cell in cells if cell.column == column and cell.colspan == 1 and not cell.ref]
        longest = max((width(cell.label) for cell in labels), default=10)
        if column < stub - 1:  # the outermost group is written downwards, over all its rows
            widths[column] = 5.0 if all(cell.rowspan > 9 for cell in labels) else longest + 1
        else:
            widths[column] = min(longest + 3, 36)
    return widths
