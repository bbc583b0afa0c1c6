"""A statutory table on a sheet: headers and stubs as printed, cells to fill in, totals as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reportkit.errors import CellRef
from reportkit.form_workbook.cell_formats import write_value
from reportkit.form_workbook.equation_formulas import (
    Position,
    areas,
    broken_formula,
    check_formula,
    computed,
    computing,
    ways,
)
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.sheet_words import OFF
from reportkit.form_workbook.styles import Styles, lines, width
from reportkit.form_workbook.validations import validation
from reportkit.kinds import saying
from reportkit.model.equations import breaches
from reportkit.model.filing import EXACT, Figure, figures_in
from reportkit.model.form import Form, Table
from reportkit.model.printed_grid import GridCell
from reportkit.model.rule import Rule
from reportkit.translation import N_

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
        self._say = saying(form)
        self._cells = [cell for block in table.grid for row in block for cell in row]
        self._block = {cell.ref: cell.block for cell in self._cells if cell.ref}
        self._top = _TOP + bool(table.note)
        self._at = {cell.ref: (cell.row + self._top, cell.column) for cell in self._cells if cell.ref}
        self._height = max(cell.row + cell.rowspan for cell in self._cells)
        self._widths = _open_widths(table, self._cells) if table.open else _widths(self._cells, table.width)
        self._deep = {number for number, block in enumerate(table.blocks) if block.stub_depth > 1}
        self._ways = ways(form)
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
        self._lines(last)
        self._rows()
        values = computed(self.form, entries.values)
        figures = figures_in(self.form, entries.values)
        for cell in self._cells:
            if cell.ref:
                self._value(cell, cell.ref, entries, values)
            else:
                self._label(cell)
        self._checks({**figures, **values})
        self._page(last, bool(entries.hints))

    def _lines(self, last: int) -> None:
        """What the form says above and below the table."""
        if self.table.note:
            self._line(_TOP, self.table.note, "above", last)
        for row, text in enumerate(self.table.below, self._below):
            self._line(row, text, "below", last)

    def _line(self, row: int, text: str, style: str, last: int) -> None:
        if last:
            self.sheet.merge_range(row, 0, row, last, "", self.styles[style])
        self.sheet.write_string(row, 0, text, self.styles[style])
        self.sheet.set_row(row, _LINE * lines(text, sum(self._widths)) + 5)

    @property
    def _below(self) -> int:
        """The first row below the table and its checks."""
        return self._top + self._height + 1

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
        for row, height in enumerate(heights, self._top):
            self.sheet.set_row(row, height)

    def _label(self, cell: GridCell) -> None:
        if cell.role == "padding":
            self._put(cell, "fixed")
            return
        self._put(cell, "stub" if cell.scope == "row" and cell.block in self._deep else "label")

    def _put(self, cell: GridCell, style: str) -> None:
        row, column = cell.row + self._top, cell.column
        if cell.rowspan > 1 or cell.colspan > 1:
            bottom, right = row + cell.rowspan - 1, column + cell.colspan - 1
            self.sheet.merge_range(row, column, bottom, right, "", self.styles[style])
        self.sheet.write_string(row, column, cell.label, self.styles[style])

    def _value(self, cell: GridCell, ref: CellRef, entries: Entries, totals: dict[CellRef, Figure]) -> None:
        (row, column), takes, way = self.at(ref), self.table.cells[ref], self._ways.get(ref)
        style = self.styles.cell(takes, computed=way is not None)
        if cell.colspan > 1:
            self.sheet.merge_range(row, column, row, column + cell.colspan - 1, "", style)
        if ref in entries.hints:
            self._hint(row, ref, entries.hints[ref])
        stated = entries.values.get(ref)
        if way and stated in (None, totals.get(ref)):
            now = float(totals[ref]) if ref in totals else ""
            self.sheet.write_formula(row, column, computing(way, self.at), style, now)
            return
        write_value(self.sheet, (row, column), stated, takes, style)
        if not way:
            self.sheet.data_validation(row, column, row, column, validation(takes, self._say))

    def _hint(self, row: int, ref: CellRef, text: str) -> None:
        hint = self._say(N_("{label}: {text}")).format(label=self.table.cells[ref].label, text=text)
        self.sheet.write_string(row, self.table.width + 1, hint, self.styles["hint"])

    def _checks(self, values: dict[CellRef, Figure]) -> None:
        """A line below the table that says where a rule is broken; the cells concerned turn red."""
        rules = {
            column: rule
            for rule in reversed(self.form.rules)
            if not rule.total and (column := self._column_of(rule)) is not None
        }
        if not rules:
            return
        row, first, last = self._top + self._height, min(rules), max(rules)
        if first > 1:
            self.sheet.merge_range(row, 0, row, first - 1, "", self.styles["checked"])
        told = self._say(N_("Sums: {rule}")).format(rule=rules[first].label)
        self.sheet.write_string(row, 0, told, self.styles["checked"])
        self.sheet.set_row(row, 20)
        for column, rule in rules.items():
            self._check(row, column, rule, values)
        self.check_area = xl_range_abs(row, first, row, last)

    def _column_of(self, rule: Rule) -> int | None:
        """The column of a rule with two sides whose cells all stand in it, or of its right side across two blocks."""
        if not rule.left or not all(ref in self._at for ref in rule.refs):
            return None
        across = len({self._block[ref] for ref in rule.refs}) > 1 and self.table.is_sided
        columns = {self.at(term.ref)[1] for term in (*(() if across else rule.left), *rule.right)}
        return columns.pop() if rule.right and len(columns) == 1 else None

    def _check(self, row: int, column: int, rule: Rule, values: dict[CellRef, Figure]) -> None:
        filled = all(any(ref in values for ref, _ in side) for side in (rule.left, rule.right))
        with localcontext(EXACT):
            broken = breaches([rule], values) if filled else []
        off = self._say(OFF)
        state = "√" if filled else ""
        if broken:
            state = off.format(difference=f"{broken[0].left - broken[0].right:f}")
        self.broken += bool(broken)
        self.filled |= filled
        self.sheet.write_formula(row, column, check_formula(rule, self.at, off), self.styles["check"], state)
        red = {"type": "formula", "criteria": broken_formula(rule, self.at), "format": self.styles["wrong"]}
        first, *_ = (self.at(ref) for ref in rule.refs)
        cells = " ".join(areas([self.at(ref)]) for ref in rule.refs)
        self.sheet.conditional_format(*first, *first, red | {"multi_range": cells})
        self.sheet.conditional_format(row, column, row, column, red)

    def _page(self, last: int, hints: bool) -> None:
        bottom = self._below + len(self.table.below) - 1
        self.sheet.print_area(0, 0, bottom, last)
        # Where blocks stand beside each other, the first one's labels are of no use to the others.
        self.sheet.freeze_panes(
            self._top + self.table.head_rows, 0 if self.table.is_sided else self.table.blocks[0].stub_depth
        )
        if hints:
            self.sheet.set_column(last + 1, last + 1, 2)
            self.sheet.set_column(last + 2, last + 2, 34)


def _open_widths(table: Table, cells: list[GridCell]) -> list[float]:
    """The width of each column of a table with open rows: what holds words has room for some, a number for itself."""
    kinds = {cell.column: table.cells[cell.ref].kind for cell in cells if cell.ref}
    known = {"text": 24.0, "choice": 14.0, "date": 13.0}
    return [known.get(kinds[at], 10.0) if at in kinds else 8.0 for at in range(table.width)]


def _widths(cells: list[GridCell], columns: int) -> list[float]:
    """The width of each column: a stub as its labels need, the last in two lines if long; others by their number."""
    labels = [cell for cell in cells if cell.role in ("row", "padding")]
    stubs = {at for cell in labels for at in range(cell.column, cell.column + cell.colspan)}
    stubs -= {at for cell in cells if cell.ref for at in range(cell.column, cell.column + cell.colspan)}
    widths = [21.0 if columns - len(stubs) <= 4 else 8.8] * columns
    for column in stubs:
        labels = [cell for cell in cells if cell.column == column and cell.colspan == 1 and not cell.ref]
        longest = max((width(cell.label) for cell in labels), default=10)
        if column + 1 in stubs:  # the outermost group is written downwards, over all its rows
            widths[column] = 5.0 if all(cell.rowspan > 9 for cell in labels) else longest + 1
        else:
            widths[column] = min(longest + 3, 36)
    return widths
