"""A county's list as a workbook: a row for each jurisdiction, a column for each cell of the form."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reportkit.errors import CellRef
from reportkit.form_workbook.cell_formats import write_value
from reportkit.form_workbook.equation_formulas import computed, computing, ways
from reportkit.form_workbook.facts import write_fact
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.sheet_words import AGENCY, UNIT, edition
from reportkit.form_workbook.styles import PROTECTED, Styles, lines
from reportkit.form_workbook.town_workbook import OWN_SHEET, VERSION
from reportkit.form_workbook.validations import fact_validation, validation
from reportkit.kinds import language_of, saying
from reportkit.model.facts import Fact
from reportkit.model.form import Block, Form, Leaf
from reportkit.translation import N_, in_a_row

_HEAD = 4
"""Rows over the list: its title, and three of labels."""

_WIDTH = 9.5
"""Of a column, in characters."""

_TITLE = N_("{form}: list of a county")

_SPARE = 20
"""Rows for jurisdictions that the county adds itself."""


def county_bytes(form: Form, rows: Sequence[Entries], year: int | None = None) -> bytes:
    """Return a workbook with a row for each of the entries, and spare rows. The same entries give the same bytes."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        title = saying(form)(_TITLE).format(form=form.name)
        book.set_properties({"title": title, "created": datetime(year or form.years[0], 1, 1)})
        styles = Styles(book, language_of(form))
        sheet = book.add_worksheet(saying(form)(N_("List")))
        _header(sheet, form, year, styles)
        for row in range(_HEAD, _HEAD + len(rows) + _SPARE):
            entries = rows[row - _HEAD] if row < _HEAD + len(rows) else Entries()
            _line(sheet, form, row, entries, styles)
        _validations(sheet, form, _HEAD + len(rows) + _SPARE - 1)
        own = book.add_worksheet(OWN_SHEET)
        for row, line in enumerate(
            (("reportkit county", VERSION), ("edition", form.edition), ("year", str(year or "")))
        ):
            own.write_string(row, 0, line[0])
            own.write_string(row, 1, line[1])
        own.hide()
    return buffer.getvalue()


def columns_of(form: Form) -> dict[CellRef, int]:
    """Return the column of each cell of the form; the names stand in column 0."""
    cells = (ref for table in form.tables.values() if not table.open for ref in table.cells)
    return {ref: column for column, ref in enumerate(cells, 1)}


def fact_columns(form: Form) -> dict[int, Fact]:
    """Return what the form asks for beside its tables by its column, behind that of the agency."""
    return dict(enumerate(form.facts.values(), len(columns_of(form)) + 2))


def _header(sheet: Worksheet, form: Form, year: int | None, styles: Styles) -> None:
    say = saying(form)
    title = say(N_("{form}: list of a county for {year}") if year else _TITLE).format(form=form.name, year=year)
    told = say(N_("{title} ({edition}, a row for each unit)")).format(title=title, edition=edition(form, say))
    if lists := [table.caption for table in form.tables.values() if table.open]:
        words = say(N_("; the rows of {tables} are not the same for all: each unit sends its own workbook for them"))
        told += words.format(tables=in_a_row(lists, say))
    sheet.write_string(0, 0, told, styles["remark"])
    sheet.merge_range(1, 0, _HEAD - 1, 0, say(UNIT), styles["label"])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(columns_of(form)), _WIDTH)
    labels = [form.cells[ref].label for ref in columns_of(form)]
    for row, height in enumerate((24, 20, 64, 15 * max((lines(label, _WIDTH) for label in labels), default=1) + 5)):
        sheet.set_row(row, height)
    column = 1
    for section in form.sections:
        if section.table and not section.table.open:
            width = len(section.table.cells)
            _label(sheet, (1, column, column + width - 1), section.heading, styles)
            for leaf, block in section.table.rows:
                title = block.title if section.table.is_titled else ""
                _row_labels(sheet, column, title, leaf, block, styles)
                column += len(block.column_leaves)
    sheet.merge_range(1, column, _HEAD - 1, column, say(AGENCY), styles["label"])
    sheet.set_column(column, column, 22)
    for at, fact in fact_columns(form).items():
        sheet.merge_range(1, at, _HEAD - 1, at, fact.label, styles["label"])
        sheet.set_column(at, at, _WIDTH if fact.type in ("int", "float", "bool") else 22)
    sheet.freeze_panes(_HEAD, 1)
    sheet.protect("", {**PROTECTED, "insert_rows": True, "delete_rows": True, "sort": True})


def _row_labels(sheet: Worksheet, column: int, title: str, leaf: Leaf, block: Block, styles: Styles) -> None:
    """The label of a row of the form over its columns; where rows have none, the groups of the columns."""
    leaves = block.column_leaves
    name = "/".join(filter(None, (title, *leaf.labels[-2:])))
    if name:
        _label(sheet, (2, column, column + len(leaves) - 1), name, styles)
    for offset, each in enumerate(leaves):
        if not name:
            _label(sheet, (2, column + offset, column + offset), "/".join(each.labels[:-1]), styles)
        _label(sheet, (3, column + offset, column + offset), each.label, styles)


def _label(sheet: Worksheet, span: tuple[int, int, int], text: str, styles: Styles) -> None:
    row, first, last = span
    if last > first:
        sheet.merge_range(row, first, row, last, "", styles["label"])
    sheet.write_string(row, first, text, styles["label"])


def _line(sheet: Worksheet, form: Form, row: int, entries: Entries, styles: Styles) -> None:
    columns, computable = columns_of(form), ways(form)
    totals = computed(form, entries.values)
    for column, name in ((0, entries.jurisdiction), (len(columns) + 1, entries.agency)):
        if name:
            sheet.write_string(row, column, name, styles["name"])
        else:
            sheet.write_blank(row, column, None, styles["name"])
    for column, fact in fact_columns(form).items():
        write_fact(sheet, (row, column), fact, entries.facts.get(fact.name), styles, saying(form))
    for ref, column in columns.items():
        style = styles.cell(form.tables[ref.table].cells[ref], computed=ref in computable)
        stated = entries.values.get(ref)
        if ref in computable and stated in (None, totals.get(ref)):
            now = float(totals[ref]) if ref in totals else ""
            sheet.write_formula(row, column, computing(computable[ref], lambda part: (row, columns[part])), style, now)
        else:
            write_value(sheet, (row, column), stated, form.cells[ref], style)


def _validations(sheet: Worksheet, form: Form, last: int) -> None:
    totals = ways(form)
    for at, fact in fact_columns(form).items():
        sheet.data_validation(_HEAD, at, last, at, fact_validation(fact, saying(form)))
    for ref, column in columns_of(form).items():
        if ref not in totals:
            sheet.data_validation(_HEAD, column, last, column, validation(form.cells[ref], saying(form)))
