"""Our form as a workbook: what is printed comes out of it, and what people put in is read or told, never guessed."""

import datetime
import io
import re
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from reportkit.errors import CellRef, Origin
from reportkit.form_workbook.prefill import Entries, carried, entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, with_totals
from reportkit.model.form import Form
from reportkit.model.reading import Hints
from reportkit.spreadsheets.number_formats import _sections, seen
from support.laws import examples
from support.repository import FILES
from support.synthetic import filings
from support.workbooks import (
    CITY,
    FORMS,
    LOOKS,
    RECEIVED,
    TOTAL,
    TOWN,
    cell_xml,
    codes,
    edited,
    filled,
    looking,
    only,
    read,
    repacked,
)

FEW = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def texts(values) -> dict[str, str]:
    return {str(ref): figure.text for ref, figure in values.items()}


@FEW
@given(draw=st.data())
def test_what_is_written_is_read(form: Form, draw: st.DataObject):
    filing = draw.draw(filings(form))
    reading = only(filled(filing))
    assert texts(reading.values) == texts(filing.values)
    assert (reading.form.edition, reading.jurisdiction, reading.year) == (
        form.edition,
        filing.jurisdiction,
        filing.year,
    )
    assert (reading.agency, reading.notes, reading.unread) == (filing.agency, (), frozenset())


@FEW
@given(draw=st.data())
def test_blanks_stay_blank(form: Form, draw: st.DataObject):
    filing = draw.draw(filings(form))
    kept = draw.draw(st.sets(st.sampled_from(sorted(filing.values.keys() - filing.computed))))
    partial = with_totals(replace(filing, values={ref: filing.values[ref] for ref in kept}, computed=frozenset()))
    reading = only(filled(partial))
    assert texts(reading.values) == texts(partial.values)
    assert (reading.notes, reading.unread) == ((), frozenset())


@pytest.mark.parametrize("filing", [TOWN, CITY], ids=["2019", "2021"])
def test_real_figures_go_through(filing):
    reading = only(filled(filing))
    assert texts(reading.values) == texts(filing.values)
    assert reading.notes == ()


def test_every_cell_has_its_place():
    reading = only(filled())
    assert reading.origins[RECEIVED] == Origin("上报.xlsx", "表三!D6")
    assert reading.origins["requests"] == Origin("上报.xlsx", "表三")
    assert reading.origin == Origin("上报.xlsx")


def test_the_same_form_has_the_same_bytes(form: Form):
    entries = Entries(form.years[0], "甲镇", "甲镇人民政府")
    assert form_bytes(form, entries) == form_bytes(form, entries)
    assert form_bytes(form) != form_bytes(form, entries)


@pytest.mark.parametrize("name", ['=HYPERLINK("http://a.cn")', "+1", "-1+2", "@SUM(A1)", "=1+1", "{=1}", "http://a.cn"])
def test_a_name_is_text_whatever_it_looks_like(name):
    raw = form_bytes(FORMS["2021"], Entries(2024, name, name))
    cell = openpyxl.load_workbook(io.BytesIO(raw))["填报单位"]["B3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    assert (only(filled(replace(CITY, jurisdiction=name))).jurisdiction) == name


def test_the_form_is_printed_as_the_table_says(form: Form):
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(form)))
    assert book.sheetnames == ["填报单位", "表二", "表三", "表四", "正文", "_reportkit"]
    for sheet, table in zip(book.worksheets[1:4], form.tables.values(), strict=True):
        merged = {str(area) for area in sheet.merged_cells.ranges}
        for cell in (cell for block in table.grid for row in block for cell in row):
            there = sheet.cell(cell.row + 3, cell.column + 1)
            area = (
                f"{there.coordinate}:{sheet.cell(cell.row + 2 + cell.rowspan, cell.column + cell.colspan).coordinate}"
            )
            assert cell.ref or there.value == cell.label
            assert (area in merged) == (cell.rowspan > 1 or cell.colspan > 1)
            total = cell.ref in {rule.total for rule in form.rules}
            assert there.protection.locked == (not cell.ref or total)
            assert isinstance(there.value, str) or not total
        assert (sheet.protection.sheet, sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            True,
            9,
            True,
        )
    assert (book["表四"].page_setup.orientation, book["_reportkit"].sheet_state) == ("landscape", "hidden")


def test_what_may_be_typed_depends_on_the_column():
    sheet = openpyxl.load_workbook(io.BytesIO(form_bytes(FORMS["2019"])))["表二"]
    kinds = {
        str(rule.sqref): (rule.type, rule.operator, rule.formula1) for rule in sheet.data_validations.dataValidation
    }
    assert kinds["B5"] == ("whole", "greaterThanOrEqual", "0")
    assert kinds["C9"] == ("whole", None, "-1000000000")
    assert "C20" not in kinds or kinds["C20"][0] in (None, "none")
    fees = openpyxl.load_workbook(io.BytesIO(form_bytes(FORMS["2021"])))["表二"].data_validations.dataValidation
    assert ("B16", "decimal") in [(str(rule.sqref), rule.type) for rule in fees]


def test_totals_are_sums_and_a_broken_rule_shows():
    raw = filled(replace(CITY, values={**CITY.values, RECEIVED: Figure(3403), TOTAL: Figure(3512)}))
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book["表三"]["J6"].value == '=IF(COUNT(D6:I6)=0,"",SUM(D6:I6))'
    assert book["表三"]["D29"].value == '=IF(COUNT(D8:D28)=0,"",SUM(D8:D28))'
    shown = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    assert [shown["表三"].cell(31, column).value for column in (4, 5, 10)] == ["差1", "√", "差1"]
    assert shown["填报单位"]["B7"].value == "有 2 列不符，请看变红的格子"


def test_last_year_s_carry_over_is_filled_in():
    entries = carried(FORMS["2021"], CITY)
    assert (entries.year, entries.jurisdiction, entries.agency) == (2024, "宿迁市", "宿迁市人民政府")
    columns = {"person": "118", "company": "3", "research": "0", "charity": "0", "legal_service": "0", "other": "0"}
    assert texts(entries.values) == {f"requests[carried_in, {column}]": text for column, text in columns.items()}
    assert entries.hints[CellRef("proactive", "normative_documents", "in_force")] == "上年（2023年）为 597"
    reading = only(form_bytes(FORMS["2021"], entries))
    assert texts(reading.values) == {**texts(entries.values), "requests[carried_in, total]": "121"}


def test_standing_items_go_on_within_the_edition_only():
    licences, change = CellRef("proactive", "licences", "last_year"), CellRef("proactive", "licences", "change")
    last = replace(TOWN, values={**TOWN.values, licences: Figure(21), change: Figure("-2")})
    assert carried(FORMS["2019"], last).values[licences] == 19
    fewer = replace(last, values={**last.values, change: Figure("-22")})  # than there are
    assert licences not in carried(FORMS["2019"], fewer).values
    unstated = replace(last, values={ref: figure for ref, figure in last.values.items() if ref != change})
    assert licences not in carried(FORMS["2019"], unstated).values
    carried_over = CellRef("requests", "carried_over", "person")
    into_2021 = carried(FORMS["2021"], replace(last, year=2020, values={**last.values, carried_over: Figure(4)}))
    assert texts(into_2021.values) == {"requests[carried_in, person]": "4"}


# What towns do to a workbook


def everywhere(book, change) -> None:
    for sheet in book.worksheets[1:4]:
        change(sheet)


def unmerge(sheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def moved(sheet) -> None:
    unmerge(sheet)
    sheet.insert_rows(1, 3)
    sheet.insert_cols(1, 2)


def with_remark(sheet) -> None:
    unmerge(sheet)
    sheet.insert_cols(5)
    sheet.cell(4, 5).value = "备注"
    sheet.cell(6, 5).value = 99


def renamed(sheet) -> None:
    sheet.title = f"附件{sheet.title}（终稿）"


@pytest.mark.parametrize("filing", [TOWN, CITY], ids=["2019", "2021"])
@pytest.mark.parametrize("change", [unmerge, moved, renamed])
def test_labels_say_where_a_cell_is(filing, change):
    reading = only(edited(filled(filing), lambda book: everywhere(book, change), values_only=True))
    assert texts(reading.values) == texts(filing.values)
    assert reading.notes == ()


def test_a_column_that_is_none_of_the_form_s_is_passed_over():
    reading = only(edited(filled(), lambda book: with_remark(book["表三"]), values_only=True))
    assert texts(reading.values) == texts(CITY.values)


def test_rows_and_columns_may_stand_in_another_order():
    def swap(book):
        sheet = book["表三"]
        unmerge(sheet)
        for column in range(1, sheet.max_column + 1):
            first, second = sheet.cell(6, column), sheet.cell(7, column)
            first.value, second.value = second.value, first.value
        for row in range(3, 32):
            first, second = sheet.cell(row, 5), sheet.cell(row, 6)
            if row != 4:
                first.value, second.value = second.value, first.value

    assert texts(only(edited(filled(), swap, values_only=True)).values) == texts(CITY.values)


def test_groups_that_changed_places_take_their_numbers_along():
    def swap(book):
        sheet = book["表四"]
        unmerge(sheet)
        sheet["F4"], sheet["K4"] = "复议后起诉", "未经复议直接起诉"

    values = only(edited(filled(), swap, values_only=True)).values
    assert values[CellRef("reviews", "cases", "direct.other")] == 67
    assert values[CellRef("reviews", "cases", "after_review.other")] == 16


def test_groups_that_are_lost_go_by_the_printed_order():
    def lose(book):
        unmerge(book["表四"])
        book["表四"]["F4"] = book["表四"]["K4"] = None

    assert texts(only(edited(filled(), lose, values_only=True)).values) == texts(CITY.values)


def test_groups_that_are_lost_and_columns_too_are_left_blank():
    def lose(book):
        unmerge(book["表四"])
        book["表四"]["F4"] = book["表四"]["K4"] = book["表四"]["O5"] = None

    reading = only(edited(filled(), lose, values_only=True))
    left = {ref.column for ref in reading.values if ref.table == "reviews"}
    assert left == {"review.upheld", "review.corrected", "review.other", "review.pending"}
    assert [(note.code, note.origin.place) for note in reading.notes] == [("W7", "表四"), ("W17", "表四!O6")]


def test_a_neighbour_of_the_same_name_is_not_taken_for_a_lost_column():
    def lose(book):
        unmerge(book["表四"])
        book["表四"]["K4"] = book["表四"]["I5"] = None  # the last group, and a column of the group before it

    reading = only(edited(filled(), lose, values_only=True))
    pending = CellRef("reviews", "cases", "direct.pending")
    assert (pending in reading.unread, pending in reading.values) == (True, False)
    assert {ref: reading.values[ref] for ref in reading.values if CITY.values[ref] != reading.values[ref]} == {}


def test_a_table_of_our_form_that_is_gone_is_told():
    reading = only(edited(filled(), lambda book: book.remove(book["表二"]), values_only=True))
    assert [(note.code, note.severity) for note in reading.notes] == [("W7", "error")]
    assert {ref.table for ref in reading.unread} == {"proactive"}


def test_a_changed_label_leaves_its_row_blank_and_says_where_it_was():
    reading = only(edited(filled(), lambda book: book["表二"].__setitem__("A5", "地方规章"), values_only=True))
    assert {str(ref) for ref in reading.unread} == {
        f"proactive[regulations, {c}]" for c in ("issued", "repealed", "in_force")
    }
    (note,) = reading.notes
    assert (note.code, note.origin.place) == ("W7", "表二")
    assert "规章" in note.message
    assert "表二!B5" in note.message


def test_a_label_that_stands_twice_leaves_both_rows_blank():
    reading = only(
        edited(filled(), lambda book: book["表三"].__setitem__("C10", "2.其他法律行政法规禁止公开"), values_only=True)
    )
    assert {(ref.row, reading.values.get(ref)) for ref in reading.unread} == {
        ("outcome.refused.state_secret", None),
        ("outcome.refused.forbidden_by_law", None),
    }
    assert sorted(note.code for note in reading.notes) == ["W7", "W8"]


# Values


def only_told(reading, ref=RECEIVED):
    return [(note.code, note.origin.place, note.found) for note in reading.notes if note.ref == ref]


COLUMN = [CellRef("requests", row, "person") for _, row, column in CITY.values if column == "person"]
"""Enough cells in a column for a test: each value goes into one of them."""


def read_column(values):
    """The workbook with these values from D6 on, read."""

    def write(book):
        for row, value in enumerate(values, 6):
            book["表三"].cell(row, 4).value = value

    return only(edited(filled(), write, values_only=True))


def test_a_number_is_read_however_it_is_stored():
    stored = {27.0: "27", 0: "0", "12": "12", " １２ ": "12", "1,234": "1234", 2.9999999999999996: "3"}
    reading = read_column(stored)
    assert [reading.values[ref].text for ref in COLUMN[: len(stored)]] == list(stored.values())


def test_white_space_is_a_blank():
    blanks = [None, "", " ", "\u3000", "\xa0"]
    reading = read_column(blanks)
    assert reading.values.keys().isdisjoint(COLUMN[: len(blanks)])
    assert not reading.unread


def test_what_is_no_number_stays_blank_and_is_told():
    cases = [
        ("约3", "V1", "约3"), ("无", "V1", "无"), ("3件", "V4", "3件"), (-1, "V2", "-1"), (1.5, "V3", "1.5"),
        (1e30, "V5", "1" + "0" * 30), ("1e3", "V1", "1e3"), (True, "W15", "True"), ("'=1+1", "V1", "'=1+1"),
        (datetime.date(2023, 3, 5), "W15", "2023-03-05"), (datetime.time(3, 5), "W15", "03:05:00"), ("5²", "V4", "5²"),
    ]  # fmt: skip
    reading = read_column([value for value, _, _ in cases])
    there = [(f"表三!D{row}", code, found) for row, (_, code, found) in enumerate(cases, 6)]
    assert [(note.origin.place, note.code, note.found) for note in reading.notes] == there
    assert reading.unread == set(COLUMN[: len(cases)])
    assert reading.values.keys().isdisjoint(reading.unread)


def test_a_number_that_is_shown_as_another_is_not_read():
    def style(book):
        for at, value, shown in (
            ("D6", 5, "0%"),
            ("D7", 92000, '0\\.0,"万"'),
            ("D8", 1234, "#,##0"),
            ("D9", 3, '0"%,"'),
        ):
            book["表三"][at], book["表三"][at].number_format = value, shown

    reading = only(edited(filled(), style, values_only=True))
    assert [(note.code, note.origin.place, note.found) for note in reading.notes] == [
        ("W28", "表三!D6", "5"), ("W28", "表三!D7", "92000"), ("W28", "表三!D9", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("General", "45", "45"),
        ("#,##0.00", "1234", "1234"),
        ('#,##0.00"元"', "125000", "125000.00元"),
        ('0"千"', "45", "45千"),
        ('0.0"亿元"', "12.55", "12.6亿元"),
        ("0.0", "12.55", "12.6"),
        ("0,", "45000", None),
        ('0!.0,"万"', "45000", None),
        ("0.0,,", "45000000", None),
        ("0\\.0", "45", None),
        ("0%", "0.45", "45%"),
        ("0.0E+00", "45", None),
        ("# ?/?", "0.5", None),
        ("yyyy-mm-dd", "45", None),
        (";;;", "45", ""),
        ('0;-0;;@', "0", "0"),
        ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0", "0"),
        ('0"件"', "0", "0"),  # in any unit
        ('"1"0', "0", "10"),
        ("0", "-5", "-5"),
        ("0;[Red]0", "-5", "5"),
        ("0_);(0)", "-5", "(5)"),
        ('"-"0', "5", "-5"),
        ("[$¥-804]#,##0", "45", "¥45"),
        ("[$-804]General", "45", "45"),
        ('[>=100]0"百";0', "45", "45"),
        ('[>=100]0"百";0', "145", "145百"),
        ('[<100]0', "145", None),
        ("@", "45", "45"),
        ('"', "45", '"'),
    ],
)  # fmt: skip
def test_what_a_format_shows(code, number, shown):
    assert seen(code, Decimal(number)) == shown


def test_a_format_is_looked_at_in_linear_time():
    for piece in ('"', "[", "0", "0,", ";", "_", "\\", "[>=1]", "General", '"a'):
        assert len(_sections(piece * 30_000)) <= 30_001


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_cells_are_read_as_a_person_sees_them(kind):
    """The .xls and .ods were converted from the .xlsx that `looking` makes, with LibreOffice."""
    raw = looking() if kind == "xlsx" else (FILES / f"workbooks/looks.{kind}").read_bytes()
    readings = read_workbook(raw, f"上报.{kind}", FORMS, Hints(edition="2021", year=2023))
    found = [
        ({figure.text for figure in reading.values.values()}, [n.code for n in reading.notes if n.severity == "error"])
        for reading in readings
    ]
    assert found == [({text}, []) if text else (set(), [code]) for _, _, text, code in LOOKS]
    places = [n.origin.place for reading in readings for n in reading.notes if n.code in ("W28", "W29", "W30")]
    assert places == [f"列表!B{row}" for row, (_, _, text, _) in enumerate(LOOKS, 2) if not text]


def test_struck_words_are_told():
    def strike(book):
        sheet = book["正文"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value and "总体情况" in str(cell.value):
                    sheet.cell(cell.row + 1, cell.column, "作废的一段").font = Font(strike=True)

    assert "W29" in [note.code for note in only(edited(filled(), strike, values_only=True)).notes]


def test_a_column_without_width_is_hidden():
    def narrow(parts):
        name = "xl/worksheets/sheet3.xml"
        parts[name] = re.sub(rb'(<col min="4" max="\d+") width="[\d.]+"', rb'\1 width="0"', parts[name], count=1)

    assert "W18" in [note.code for note in only(repacked(filled(), narrow)).notes]


def test_a_number_that_another_cell_covers_is_not_read():
    def merge(book):
        book["表三"].unmerge_cells("D4:D5")
        book["表三"].merge_cells("D4:D6")

    reading = only(cell_xml(edited(filled(), merge, values_only=True), 3, "D6", "<v>5</v>"))
    assert [(note.code, note.ref) for note in reading.notes if note.severity == "error"] == [("W16", COLUMN[0])]


def test_an_amount_is_read_to_the_digit():
    amount = CellRef("proactive", "fees", "amount")
    for value, text in ((9.2, "9.2"), (0.1 + 0.2, "0.3"), (59237.2449, "59237.2449"), ("9.2万元", "9.2万元")):
        reading = only(edited(filled(), lambda book, value=value: book["表二"].__setitem__("B16", value)))
        assert reading.values[amount].text == text
    wrong = only(edited(filled(), lambda book: book["表二"].__setitem__("B16", "92000元")))
    assert only_told(wrong, amount) == [("V4", "表二!B16", "92000元")]


def test_the_unit_in_a_header_goes_with_the_number():
    header = lambda unit: lambda book: book["表二"].__setitem__("C19", f"采购总金额({unit})")  # noqa: E731
    plain = replace(TOWN, values={**TOWN.values, CellRef("proactive", "procurement", "amount"): Figure("9.2")})
    values = only(edited(filled(plain), header("万元"), values_only=True)).values
    assert values[CellRef("proactive", "procurement", "amount")].text == "9.2万元"
    assert ("W7", "表二") in codes(edited(filled(plain), header("美元"), values_only=True))


def test_a_header_in_another_unit_is_another_header():
    def edit(book):
        book["表二"]["B15"] = "本年收费金额（单位：元）"

    reading = only(edited(filled(), edit, values_only=True))
    assert CellRef("proactive", "fees", "amount") in reading.unread


# Formulas


def test_a_total_that_was_never_calculated_is_left_out_and_told_once():
    reading = only(edited(filled(), lambda _: None))
    parts = {ref for ref in CITY.values if ref not in {rule.total for rule in CITY.form.rules}}
    assert set(reading.values) == parts
    assert [(note.code, note.severity) for note in reading.notes] == [("W11", "warning")]


def test_a_total_with_an_old_result_is_not_read():
    raw = cell_xml(filled(), 3, "J6", '<f>IF(COUNT(D6:I6)=0,"",SUM(D6:I6))</f><v>3510</v>')
    reading = only(raw)
    assert [(note.code, note.origin.place, note.found, note.expected) for note in reading.notes] == [
        ("W12", "表三!J6", "3510", "3511")
    ]
    assert reading.unread == {TOTAL}


@pytest.mark.parametrize(
    ("formula", "result", "code"),
    [
        ("SUM(D6:H6)", "3510", "W13"), ("3511", "3511", None), ("SUM(D6:I6)", "3511", None), ("D6+E6+F6+G6+H6+I6", "3511", None),
        ("SUM($D$6:I6)+0", "3511", None), ("ROUND(SUM(D6:I6),0)", "3511", None), ("ROUND(SUM(D6:H6),0)", "3510", "W13"),
        ("[1]Sheet1!A1", "3511", "W10"), ("'C:\\[a.xlsx]表'!A1", "3511", "W10"), ("SUM(D6:I6)", "", None), ("SUM(D6:H6)", "", "W13"),
        ("VLOOKUP(A1,B:C,2)", "", "W13"), ("SUM(#REF!)", "", "W13"), ("J6", "3511", None),
    ],
)  # fmt: skip
def test_the_formula_of_a_total_may_be_any_that_gives_the_sum(formula, result, code):
    reading = only(cell_xml(filled(), 3, "J6", f"<f>{formula}</f><v>{result}</v>"))
    assert [note.code for note in reading.notes] == ([code] if code else [] if result else ["W11"])
    assert (TOTAL in reading.unread) == (code is not None)
    assert reading.values.get(TOTAL) == (3511 if result and not code else None)


@pytest.mark.parametrize(
    ("formula", "result", "code", "value"),
    [
        ("3400+2", "3402", None, 3402), ("3400+3", "3402", "W12", None), ("3400+2", "", "W12", None),
        ("表二!B5+3400", "3402", None, 3402), ("表九!B5", "3402", "W14", 3402), ("VLOOKUP(A1,B:C,2)", "3402", "W14", 3402),
        ("[1]Sheet1!A1", "3402", "W10", None), ("D6", "3402", "W14", 3402), ("VLOOKUP(A1,B:C,2)", "", "W12", None),
        ("(" * 3000 + "1" + ")" * 3000, "3402", "W14", 3402),
    ],
)  # fmt: skip
def test_a_formula_in_a_cell_counts_where_its_result_still_holds(formula, result, code, value):
    reading = only(cell_xml(filled(), 3, "D6", f"<f>{formula}</f><v>{result}</v>"))
    assert [note.code for note in reading.notes if note.origin.place == "表三!D6"] == ([code] if code else [])
    assert reading.values.get(RECEIVED) == value


def test_results_that_were_calculated_on_demand_are_not_trusted():
    def manual(parts):
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<calcPr ", b'<calcPr calcMode="manual" ')

    raw = repacked(cell_xml(filled(), 3, "D6", "<f>VLOOKUP(A1,B:C,2)</f><v>3402</v>"), manual)
    assert only_told(only(raw))[0][0] == "W12"


def test_a_total_of_a_cell_that_is_no_number_is_not_read():
    doubtful = {
        (ref.row, ref.column) for ref in only(cell_xml(filled(), 3, "D8", "<is><t>约3</t></is>", "inlineStr")).unread
    }
    assert doubtful == {
        ("outcome.granted", "person"), ("outcome.granted", "total"), ("outcome.total", "person"), ("outcome.total", "total"),
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["#REF!", "#DIV/0!", "#N/A"])
def test_an_error_value_is_no_blank(fault):
    assert only_told(only(cell_xml(filled(), 3, "D6", f"<v>{fault}</v>", "e"))) == [("W9", "表三!D6", fault)]


def test_a_shared_formula_is_meant_for_each_of_its_cells():
    def share(parts):
        text = parts["xl/worksheets/sheet3.xml"].decode()
        for row in range(6, 9):
            own = f'<f>IF(COUNT(D{row}:I{row})=0,"",SUM(D{row}:I{row}))</f>'.replace('"', "&quot;")
            own = own if own in text else own.replace("&quot;", '"')
            assert own in text
            first = '<f t="shared" ref="J6:J8" si="0">SUM(D6:I6)</f>'
            text = text.replace(own, first if row == 6 else '<f t="shared" si="0"/>')
        parts["xl/worksheets/sheet3.xml"] = text.encode()

    reading = only(repacked(filled(), share))
    assert (texts(reading.values), reading.notes) == (texts(CITY.values), ())


# The sheet as people leave it


def test_cells_merged_into_one_belong_to_nobody():
    def merge(book):
        book["表三"].merge_cells("D6:I6")

    reading = only(edited(filled(), merge, values_only=True))
    assert [note.code for note in reading.notes] == ["W16"]
    assert {ref.column for ref in reading.unread} == {
        "person",
        "company",
        "research",
        "charity",
        "legal_service",
        "other",
    }


def test_a_number_beside_its_cell_is_not_lost():
    def shift(book):
        unmerge(book["表二"])
        book["表二"]["C9"], book["表二"]["B9"] = book["表二"]["B9"].value, None

    reading = only(edited(filled(), shift, values_only=True))
    assert [(note.code, note.origin.place) for note in reading.notes] == [("W17", "表二!C9")]
    assert reading.unread == {CellRef("proactive", "licences", "decisions")}


def test_a_hidden_row_is_read_and_told():
    def hide(book):
        book["表三"].row_dimensions[6].hidden = True
        book["表三"].column_dimensions["E"].hidden = True

    reading = only(edited(filled(), hide, values_only=True))
    assert [(note.code, note.severity, note.origin.place) for note in reading.notes] == [("W18", "warning", "表三!D6")]
    assert texts(reading.values) == texts(CITY.values)


def test_a_hidden_sheet_is_not_read_and_told():
    def hide(book):
        book.copy_worksheet(book["表三"]).sheet_state = "veryHidden"

    reading = only(edited(filled(), hide, values_only=True))
    assert [(note.code, note.origin.place) for note in reading.notes] == [("W19", "表三 Copy")]
    assert texts(reading.values) == texts(CITY.values)


def test_the_narrative_is_text_and_no_markdown():
    def write(book):
        book["正文"]["A3"], book["正文"]["A4"] = "2023年，公开信息*30*条。", "1. 制发文件\n# 2件\n"
        book["正文"]["A6"] = "=1+1 是文字"
        book["正文"]["A6"].data_type = "s"

    reading = only(edited(filled(), write))
    assert reading.narrative == {
        "overview": "2023年，公开信息\\*30\\*条。\n\n1\\. 制发文件\n\n\\# 2件\n\n\\=1+1 是文字"
    }
    assert reading.origins["overview"].place == "正文!A3"


def test_a_heading_that_was_pasted_along_is_told():
    def write(book):
        book["正文"]["A3"], book["正文"]["A4"] = "总的来说……", "五、存在的主要问题及改进情况"

    assert ("W26", "正文!A29") in codes(edited(filled(), write, values_only=True))


def test_a_year_that_is_none_is_told():
    raw = edited(filled(), lambda book: book["填报单位"].__setitem__("B5", "二〇二三"), values_only=True)
    assert codes(raw) == [("W27", "填报单位!A5")]


# Workbooks that are not our form


def copied(filings_by_name):
    """A workbook with a sheet for each jurisdiction, all three tables in it, as somebody made it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, filing in filings_by_name.items():
        sheet, at = book.create_sheet(name), 1
        source = openpyxl.load_workbook(io.BytesIO(filled(filing)), data_only=True)
        for table in source.worksheets[1:4]:
            rows = list(table.iter_rows(min_row=3, values_only=True))
            for row in rows:
                for column, value in enumerate(row, 1):
                    sheet.cell(at, column).value = value
                at += 1
            for area in table.merged_cells.ranges:
                if area.min_row > 2:
                    area.shift(row_shift=at - 3 - len(rows))
                    sheet.merge_cells(str(area))
            at += 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("filing", [TOWN, CITY], ids=["2019", "2021"])
def test_a_sheet_for_each_jurisdiction(filing):
    other = replace(filing, values={ref: figure for ref, figure in filing.values.items() if ref.table == "reviews"})
    first, second = read(copied({"甲镇": filing, "乙街道": other}))
    assert (first.jurisdiction, first.form.edition, first.year) == ("甲镇", filing.form.edition, None)
    assert (second.jurisdiction, second.origin) == ("乙街道", Origin("上报.xlsx", "乙街道"))
    assert texts(first.values) == texts(filing.values)
    assert texts(second.values) == texts(other.values)


def test_two_sheets_of_the_same_name_and_table_are_refused():
    raw = edited(filled(), lambda book: setattr(book.copy_worksheet(book["表三"]), "title", "表三 "), values_only=True)
    assert codes(raw) == [("W25", "")]


def test_forms_in_one_workbook_are_told_by_their_names():
    def double(book):
        for sheet in book.worksheets[:5]:
            sheet.title, copy = f"甲镇{sheet.title}", book.copy_worksheet(sheet)
            copy.title = f"乙镇{sheet.title[2:]}"
        book["甲镇填报单位"]["B3"], book["乙镇填报单位"]["B3"] = "甲镇", None

    first, second = read(edited(filled(), double, values_only=True))
    assert [first.jurisdiction, second.jurisdiction] == ["甲镇", "乙镇"]
    assert texts(first.values) == texts(second.values) == texts(CITY.values)


def test_table_4_alone_does_not_tell_the_edition():
    def keep(book):
        for name in ("填报单位", "表二", "表三", "正文", "_reportkit"):
            del book[name]

    raw = edited(filled(), keep, values_only=True)
    assert codes(raw) == [("W6", "")]
    assert only(raw, Hints(year=2019)).form.edition == "2019"
    assert only(raw, Hints(edition="2021")).form.edition == "2021"


def test_what_the_person_says_goes_before_what_the_file_says():
    reading = only(filled(), Hints(year=2024, jurisdiction="宿城区"))
    assert (reading.year, reading.jurisdiction) == (2024, "宿城区")
    assert only(filled(), Hints(edition="2019")).unread  # the columns of the other edition are not there


def test_a_title_says_whose_it_is():
    def title(book):
        del book["_reportkit"], book["填报单位"]
        book["表二"]["A1"] = "桑洲镇2023年度政府信息公开工作年度报告"

    reading = only(edited(filled(), title, values_only=True))
    assert (reading.jurisdiction, reading.year) == ("桑洲镇", 2023)


def test_an_empty_workbook_has_no_table():
    assert codes(edited(filled(), lambda book: [book.remove(sheet) for sheet in book.worksheets[1:]])) == [("W5", "")]


def test_forms_stay_as_they_are_shipped():
    assert list(shipped_forms()) == ["2019", "2021"]
    assert entries_of(CITY).values == CITY.values
