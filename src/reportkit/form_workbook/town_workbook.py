"""A form as a workbook that a town fills in: `reportkit form`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from reportkit.form_workbook.facts import write_fact
from reportkit.form_workbook.grid import TableSheet
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.sheet_words import (
    AGENCY,
    COVER,
    EDITION,
    OFF,
    PROSE,
    SUMS,
    YEAR,
    beginning,
    edition,
    expression,
)
from reportkit.form_workbook.styles import PROTECTED, Styles, lines
from reportkit.form_workbook.validations import fact_validation
from reportkit.kinds import Say, language_of, saying
from reportkit.model.form import Form, Section
from reportkit.translation import N_, in_a_row

VERSION = "1"
"""Of the workbook's layout: a reader can know by it what it has to do with."""

OWN_SHEET = "_reportkit"
_A4 = 9
_PARAGRAPHS = {True: 3, False: 14}
"""Rows for text: few in a section that has a table."""

_ADVICE = (
    N_("Fill in the light yellow cells only; grey ones are headings, and totals that are worked out by themselves."),
    N_("Write 0 where there is none; leave blank what is not known yet, and write no words or signs there."),
    N_("The lowest row of {checked} checks the sums: √ where they agree; where they are off, see the cells in red."),
    N_("The text has its own sheet: a paragraph in each row, pasted from Word if you like; leave other rows blank."),
    N_("Change no headings, merge no cells, refer to no other file; save this file at the end and send it back."),
)

_TITLE = N_("{form}: form to fill in")
_WRONG = N_("Wrong: {number} columns, see the cells in red")


def form_bytes(form: Form, entries: Entries | None = None) -> bytes:
    """Return the workbook of a form, with what is known already filled in. The same entries give the same bytes."""
    entries = entries or Entries()
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        first_of_january = datetime(entries.year or form.years[0], 1, 1)
        say = saying(form)
        book.set_properties({"title": say(_TITLE).format(form=form.name), "created": first_of_january})
        book.set_calc_mode("auto")
        styles = Styles(book, language_of(form))
        cover = book.add_worksheet(say(COVER))
        tables = {key: _table(book, form, section, entries, styles) for key, section in _with_tables(form).items()}
        _cover(cover, form, entries, tables, styles)
        _prose(book.add_worksheet(say(PROSE)), form, styles)
        _own(book.add_worksheet(OWN_SHEET), form, entries, tables)
        cover.activate()
    return buffer.getvalue()


def _with_tables(form: Form) -> Mapping[str, Section]:
    return {section.table.key: section for section in form.sections if section.table}


def sheet_name(section: Section) -> str:
    """Return the name of a table's sheet: 表三 for the section that begins with 三、."""
    number, mark, _ = section.heading.partition("、")
    name = f"表{number}" if mark else section.label
    return "".join(sign for sign in name if sign not in r"[]:*?/\'")[:31]


def _table(book: Workbook, form: Form, section: Section, entries: Entries, styles: Styles) -> TableSheet:
    sheet = book.add_worksheet(sheet_name(section))
    assert section.table is not None
    # In Chinese the sheet is called by the table's number: 表三.
    numbered = sheet.get_name() not in section.label
    heading = f"{sheet.get_name()}　{section.label}" if numbered else section.label
    table = TableSheet(sheet, form, section.table, styles)
    _page(sheet, landscape=section.table.width > 12)
    sheet.protect("", PROTECTED)
    words, cover = saying(form)(N_("{unit}, {year}")), quote_sheetname(saying(form)(COVER))
    subtitle = f"={expression(words, unit=f'{cover}!$B$3', year=f'{cover}!$B$5')}"
    table.write(heading, subtitle, words.format(unit=entries.jurisdiction, year=entries.year or ""), entries)
    return table


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer("&C&P / &N")
    sheet.hide_gridlines(2)
    if landscape:
        sheet.set_landscape()


def _cover(sheet: Worksheet, form: Form, entries: Entries, tables: Mapping[str, TableSheet], styles: Styles) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 64)
    sheet.set_row(0, 36)
    say = saying(form)
    sheet.merge_range(0, 0, 0, 1, say(_TITLE).format(form=form.name), styles["title"])
    version = edition(form, say)
    if form.document:
        version = say(N_("{edition} ({document})")).format(edition=version, document=form.document)
    fields: list[tuple[str, str | int, str]] = [
        (say(COVER), entries.jurisdiction, "name"),
        (say(AGENCY), entries.agency, "name"),
        (say(YEAR), entries.year or "", "name"),
        (say(EDITION), version, "fixed"),
    ]
    for row, (label, value, style) in enumerate(fields, 2):
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, label, styles["field"])
        if value == "":
            sheet.write_blank(row, 1, None, styles[style])
        elif isinstance(value, int):
            sheet.write_number(row, 1, value, styles[style])
        else:
            sheet.write_string(row, 1, value, styles[style])
    _cover_rules(sheet, form)
    below = len(fields) + 2
    for row, fact in enumerate(form.facts.values(), below):
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, fact.label, styles["field"])
        write_fact(sheet, (row, 1), fact, entries.facts.get(fact.name), styles, say)
        sheet.data_validation(row, 1, row, 1, fact_validation(fact, say))
    below += len(form.facts)
    _cover_check(sheet, below, tables, styles, say)
    for row, advice in enumerate(_advice(tables, say), below + 2):
        sheet.set_row(row, 17 * lines(advice, 84) + 5)
        sheet.merge_range(row, 0, row, 1, advice, styles["advice"])
    _page(sheet, landscape=False)
    sheet.protect("", PROTECTED)


def _advice(tables: Mapping[str, TableSheet], say: Say) -> Iterator[str]:
    """What is to be known about filling in, counted anew where a form has nothing to say of one."""
    checked = in_a_row((table.sheet.get_name() for table in tables.values() if table.check_area), say)
    kept = (say(words) for words in _ADVICE if checked or "{checked}" not in words)
    return (f"{number}. {words.format(checked=checked)}" for number, words in enumerate(kept, 1))


def _cover_rules(sheet: Worksheet, form: Form) -> None:
    first, last = form.years
    say = saying(form)
    years = say(N_("{first} and later") if last is None else N_("{first} to {last}")).format(first=first, last=last)
    message = say(N_("{edition} is for reports of {years}; write a year of four digits."))
    message = message.format(edition=edition(form, say), years=years)
    limits = {"criteria": "between", "minimum": first, "maximum": last or 2099}
    sheet.data_validation(
        4, 1, 4, 1, {"validate": "integer", **limits, "error_title": say(YEAR), "error_message": message}
    )
    unit = N_("the name of the jurisdiction or unit")
    office = N_("the office that publishes the report")
    for row, told in ((2, unit), (3, office)):
        words = {"input_title": say(N_("Please fill in")), "input_message": say(told)}
        sheet.data_validation(row, 1, row, 1, {"validate": "any", **words})


def _cover_check(sheet: Worksheet, row: int, tables: Mapping[str, TableSheet], styles: Styles, say: Say) -> None:
    """Tell on the first page whether the rules hold."""
    areas = [
        f"{quote_sheetname(table.sheet.get_name())}!{area}" for table in tables.values() if (area := table.check_area)
    ]
    if not areas:
        return
    wrong = "+".join(f'COUNTIF({area},"{beginning(say(OFF))}*")' for area in areas)
    right = "+".join(f'COUNTIF({area},"√")' for area in areas)
    bad, good, none = say(_WRONG), say(N_("All columns that are filled in agree")), say(N_("Nothing is filled in yet"))
    text = f'=IF({wrong}>0,{expression(bad, number=f"({wrong})")},IF({right}>0,"{good}","{none}"))'
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, say(SUMS), styles["field"])
    broken = sum(table.broken for table in tables.values())
    filled = any(table.filled for table in tables.values())
    state = bad.format(number=broken) if broken else good if filled else none
    sheet.write_formula(row, 1, text, styles["fixed"], state)
    wrong_style = {
        "type": "text",
        "criteria": "begins with",
        "value": beginning(bad).strip(),
        "format": styles["wrong"],
    }
    sheet.conditional_format(row, 1, row, 1, wrong_style)


def _prose(sheet: Worksheet, form: Form, styles: Styles) -> None:
    sheet.set_column(0, 0, 80)
    sheet.set_row(0, 32)
    say = saying(form)
    told = say(N_("Text (a paragraph in each row, pasted from Word if you like; no headings, no signature)"))
    sheet.write_string(0, 0, told, styles["remark"])
    row = 1
    for section in form.sections:
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, section.heading, styles["heading"])
        paragraphs = _PARAGRAPHS[section.table is not None]
        for line in range(row + 1, row + 1 + paragraphs):
            sheet.write_blank(line, 0, None, styles["text"])
        parts, message = in_a_row(filter(None, section.parts.values()), say), ""
        if parts:
            message = say(N_("This section reports: {parts}")).format(parts=parts)
        elif section.table:
            message = say(N_("What else there is to say in this section; blank if there is nothing"))
        if message:
            title = {"input_title": section.label[:32], "input_message": message[:255]}
            sheet.data_validation(row + 1, 0, row + paragraphs, 0, {"validate": "any", **title})
        row += 1 + paragraphs
    _page(sheet, landscape=False)
    sheet.freeze_panes(1, 0)
    sheet.protect("", {**PROTECTED, "insert_rows": True, "delete_rows": True})


def _own(sheet: Worksheet, form: Form, entries: Entries, tables: Mapping[str, TableSheet]) -> None:
    """What the form is, and where each of its cells was put: for the reader, not for people."""
    about = [("reportkit form", VERSION), ("edition", form.edition), ("year", str(entries.year or ""))]
    places = [(str(ref), place) for table in tables.values() for ref, place in table.places()]
    for row, (name, text) in enumerate([*about, *places]):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.hide()
    sheet.protect("")
