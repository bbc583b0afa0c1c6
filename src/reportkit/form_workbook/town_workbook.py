"""A form as a workbook that a town fills in: `reportkit form`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reportkit.form_workbook.facts import write_fact
from reportkit.form_workbook.grid import TableSheet
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.styles import PROTECTED, Styles, fact_validation, lines
from reportkit.model.form import Form, Section

VERSION = "1"
"""Of the workbook's layout: a reader can know by it what it has to do with."""

OWN_SHEET = "_reportkit"
COVER, PROSE = "填报单位", "正文"
_A4 = 9
_PARAGRAPHS = {True: 3, False: 14}
"""Rows for text: few in a section that has a table."""

ADVICE = (
    "1. 只在浅黄色的格子里填写；灰色的格子是表头和自动计算的总计，不用填，也不能改。",
    "2. 没有的数填 0；一时不清楚的留空，不要填“无”或“/”。",
    "3. {checked}最下面一行是“勾稽检查”：√ 表示各项相符；出现“差”，请核对变红的格子。",
    "4. 正文写在“正文”工作表，一段写一行，可以从 Word 里粘贴；多余的行留空。",
    "5. 请不要改动表头和行名，不要合并格子，不要引用别的文件；填完后保存，把这个文件交回。",
)


def form_bytes(form: Form, entries: Entries | None = None) -> bytes:
    """Return the workbook of a form, with what is known already filled in. The same entries give the same bytes."""
    entries = entries or Entries()
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        first_of_january = datetime(entries.year or form.years[0], 1, 1)
        book.set_properties({"title": f"{form.name}填报表", "created": first_of_january})
        book.set_calc_mode("auto")
        styles = Styles(book)
        cover = book.add_worksheet(COVER)
        tables = {key: _table(book, form, section, entries, styles) for key, section in _with_tables(form).items()}
        _cover(cover, form, entries, tables, styles)
        _prose(book.add_worksheet(PROSE), form, styles)
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
    heading = f"{sheet.get_name()}　{section.label}"
    table = TableSheet(sheet, form, section.table, styles)
    _page(sheet, landscape=section.table.width > 12)
    sheet.protect("", PROTECTED)
    subtitle = f'={COVER}!$B$3&"　"&{COVER}!$B$5&"年度"'
    table.write(heading, subtitle, f"{entries.jurisdiction}　{entries.year or ''}年度", entries)
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
    sheet.merge_range(0, 0, 0, 1, f"{form.name}填报表", styles["title"])
    document = f"（{form.document}）" if form.document else ""
    fields: list[tuple[str, str | int, str]] = [
        ("填报单位", entries.jurisdiction, "name"),
        ("发布机关", entries.agency, "name"),
        ("年度", entries.year or "", "name"),
        ("格式版本", f"{form.version}{document}", "fixed"),
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
        write_fact(sheet, (row, 1), fact, entries.facts.get(fact.name), styles)
        sheet.data_validation(row, 1, row, 1, fact_validation(fact))
    below += len(form.facts)
    _cover_check(sheet, below, tables, styles)
    for row, advice in enumerate(_advice(tables), below + 2):
        sheet.set_row(row, 17 * lines(advice, 84) + 5)
        sheet.merge_range(row, 0, row, 1, advice, styles["advice"])
    _page(sheet, landscape=False)
    sheet.protect("", PROTECTED)


def _advice(tables: Mapping[str, TableSheet]) -> Iterator[str]:
    """What is to be known about filling in, counted anew where a form has nothing to say of one."""
    checked = "、".join(table.sheet.get_name() for table in tables.values() if table.check_area)
    kept = (words.partition(" ")[2] for words in ADVICE if checked or "{checked}" not in words)
    return (f"{number}. {words.format(checked=checked)}" for number, words in enumerate(kept, 1))


def _cover_rules(sheet: Worksheet, form: Form) -> None:
    first, last = form.years
    message = f"{form.version}格式用于{first}年{'起' if last is None else f'—{last}年'}的报告，请填四位数的年份。"
    limits = {"criteria": "between", "minimum": first, "maximum": last or 2099}
    sheet.data_validation(
        4, 1, 4, 1, {"validate": "integer", **limits, "error_title": "年度", "error_message": message}
    )
    for row, told in ((2, "行政区或单位的名称，例如 桑洲镇"), (3, "公布报告的机关，例如 桑洲镇人民政府")):
        sheet.data_validation(row, 1, row, 1, {"validate": "any", "input_title": "请填写", "input_message": told})


def _cover_check(sheet: Worksheet, row: int, tables: Mapping[str, TableSheet], styles: Styles) -> None:
    """Tell on the first page whether the rules hold."""
    areas = [f"{table.sheet.get_name()}!{area}" for table in tables.values() if (area := table.check_area)]
    if not areas:
        return
    wrong = "+".join(f'COUNTIF({area},"差*")' for area in areas)
    right = "+".join(f'COUNTIF({area},"√")' for area in areas)
    text = f'=IF({wrong}>0,"有 "&({wrong})&" 列不符，请看变红的格子",IF({right}>0,"已填的各列都相符","还没有填写"))'
    sheet.set_row(row, 26)
    sheet.write_string(row, 0, "勾稽检查", styles["field"])
    broken = sum(table.broken for table in tables.values())
    filled = any(table.filled for table in tables.values())
    state = f"有 {broken} 列不符，请看变红的格子" if broken else "已填的各列都相符" if filled else "还没有填写"
    sheet.write_formula(row, 1, text, styles["fixed"], state)
    wrong_style = {"type": "text", "criteria": "begins with", "value": "有", "format": styles["wrong"]}
    sheet.conditional_format(row, 1, row, 1, wrong_style)


def _prose(sheet: Worksheet, form: Form, styles: Styles) -> None:
    sheet.set_column(0, 0, 80)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, "正文（一段写一行，从 Word 粘贴即可；不用写标题和落款）", styles["remark"])
    row = 1
    for section in form.sections:
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, section.heading, styles["heading"])
        paragraphs = _PARAGRAPHS[section.table is not None]
        for line in range(row + 1, row + 1 + paragraphs):
            sheet.write_blank(line, 0, None, styles["text"])
        told = "、".join(filter(None, section.parts.values()))
        message = (
            f"这一部分要写：{told}" if told else "这一部分要另外说明的，写在这里；没有就留空" if section.table else ""
        )
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
