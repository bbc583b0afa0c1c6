"""Tables with open rows: a list of records with typed columns, as many as there are, and their sums."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, FormError, Origin
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_text
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import Forms, load_form, load_forms
from reportkit.messages.figures import check
from reportkit.model.filing import Figure, Filing, Text, with_totals
from reportkit.model.form import Form
from reportkit.model.rollup import combine
from reportkit.model.row_records import records
from reportkit.model.zeros import zeros
from reportkit.params.editor import Editor
from reportkit.params.parameters import parameters
from reportkit.params.reader import read_parameters, read_params
from reportkit.params.writer import params_text
from reportkit.project import load_project
from reportkit.report.narrative import names
from reportkit.report.narrative.expressions import NarrativeError, filled
from reportkit.report.tables import style_table, table_frame
from reportkit.workbench.opening import opened
from reportkit.workbench.table_layout import table_shape
from support.html_tables import grid, page
from support.laws import examples
from support.repository import FILES

ROOT = FILES / "open-rows"
FORMS = load_forms(ROOT / "forms")
FORM = FORMS["许可年报"]
FILE = ROOT / "params/2024/白鹭镇.yaml"
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def filing() -> Filing:
    return load_project(ROOT).read(FILE)


def read(figures: str) -> Filing:
    """A filing with this below `figures:`, from line 5 on."""
    text = f"edition: 许可年报\nyear: 2024\njurisdiction: 白鹭镇\nfigures:\n{figures}\n"
    return with_totals(read_params(Path("x.yaml"), FORMS, "x.yaml", text.encode()))


def shown(filing: Filing, key: str) -> list[list[str]]:
    (table,) = page(style_table(filing, key).to_html()).iter("table")
    return [[cell.text for cell in row if cell] for row in grid(table)]


def test_records_are_printed_in_their_order_with_their_sums(filing):
    assert shown(filing, "permits") == [
        ["序号", "街道", "批准日期", "许可", "收费"],
        ["新发", "延续"],
        ["1", "东街", "2024-03-01", "3", "1", "9.2"],
        ["2", "西街", "2024-05-17", "4", "2", "0"],
        ["3", "南街", "2024-06-30", "0", "5", "1.3"],
        ["合计", "", "", "7", "8", "10.5"],
    ]


def test_without_numbers_the_label_of_the_sums_reaches_over_the_columns_before_them(filing):
    assert shown(filing, "projects")[-2:] == [["白鹭湿地步道", "完工", "35.5"], ["总计", "155.5"]]
    assert shown(filing, "rates") == [["收费项目", "减免比例"], ["临时占道", "50%"]]


def test_a_frame_has_a_row_for_each_record(filing):
    frame = table_frame(filing, "projects")
    assert (frame.shape, list(frame["name"])) == ((3, 3), ["镇卫生院扩建", "白鹭湿地步道", None])


def test_blank_records_between_others_are_not_printed():
    found = read("  收费标准:\n    - {收费项目: 甲}\n    - {}\n    -\n    - {收费项目: 乙}")
    assert shown(found, "rates") == [["收费项目", "减免比例"], ["甲", ""], ["乙", ""]]
    assert records(FORM.tables["rates"], found.values) == [{"item": "甲"}, {"item": "乙"}]


def test_a_table_without_records_is_told_and_has_a_blank_row(filing):
    found = read("  收费标准: ~")
    assert shown(found, "rates") == [["收费项目", "减免比例"], ["", ""]]
    assert [issue.variant for issue in check(found) if issue.code == "B1"] == ["records"] * 3
    assert [issue for issue in check(filing) if issue.code == "B1"] == []


def test_what_a_record_leaves_blank_is_told_and_becomes_0_where_something_is_counted():
    found = read("  许可台账:\n    - {街道: 东街, 新发: 2}")
    assert {issue.variant for issue in check(found) if issue.code == "B1"} == {"cells", "words", "records"}
    row = {CellRef("permits", "1", "renewed"), CellRef("permits", "1", "fees")}
    assert zeros(found).keys() == row


def test_a_sum_that_is_stated_otherwise_is_an_error():
    found = read("  许可台账:\n    rows:\n      - {新发: 2}\n      - {新发: 3}\n    合计: {新发: 6}")
    (issue,) = (issue for issue in check(found) if issue.severity == "error")
    assert (issue.code, issue.ref, issue.origin.line) == ("PERMITS_TOTAL", CellRef("permits", "total", "issued"), 9)
    same = read("  许可台账:\n    rows: [{新发: 2}, {新发: 3}]\n    total: {issued: 5}")
    assert [issue for issue in check(same) if issue.severity == "error"] == []


# --- the form ----------------------------------------------------------------------------------------------------

TABLE = """
edition: x
years: [2020, null]
title: t
sections: [{key: t, heading: 一、表, table: t}]
tables:
  - key: t
    blocks:
      - BLOCK
"""
BLOCK = "{corner: 序号, rows: open, total: 合计, columns: [{key: a, label: 名, kind: text}, {key: b, label: 数, add: true}]}"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (BLOCK.replace("rows: open", "rows: opened"), "rows is a list of rows, or open, found 'opened'"),
        (BLOCK.replace("rows: open", "rows: [{key: r}]"), "a header has"),
        (
            BLOCK.replace("rows: open", "rows: [{key: r, label: 行}]"),
            "total is for open rows (rows: open); take it out",
        ),
        (
            BLOCK.replace("rows: open, total: 合计", "rows: [{key: r, label: 行}]"),
            "add is for columns of open rows (rows: open); write a rule with total: right here",
        ),
        (BLOCK.replace("rows: open, total: 合计", "most: 3, rows: [{key: r, label: 行}]"), "most is for open rows"),
        (f"{BLOCK}\n      - {BLOCK}", "block 1: open rows are the only block of their table"),
        (BLOCK.replace("序号", "[序号]"), "over the numbers of open rows stands one text; without a corner"),
        (BLOCK.replace("{key: a, ", "{"), "each column of open rows has a key: records name their values by it"),
        (BLOCK.replace("kind: text", "kind: text, add: true"), "名 holds text, which cannot be added up; take add out"),
        (BLOCK.replace("total: 合计, ", ""), "the row of the sums has no label; write it at total"),
        (BLOCK.replace(", add: true", ""), "total is the row of sums, and no column is added up"),
        (
            BLOCK.replace("corner: 序号, ", "").replace("kind: text", "add: true"),
            "its label has no place: write a corner, or begin with a column that is not added up",
        ),
        (BLOCK.replace("corner", "most: 0, corner"), "most is a whole number from 1 to 500, found 0"),
        (BLOCK.replace("corner", "most: 501, corner"), "most is a whole number from 1 to 500, found 501"),
        (BLOCK.replace("corner", "foot: 1, corner"), "foot is for blocks that stand beside each other"),
        (BLOCK.replace("corner", "beside: true, corner"), "it is the first block"),
    ],
)
def test_open_rows_that_cannot_be_are_told_with_their_place(tmp_path, block, words):
    path = tmp_path / "x.yaml"
    path.write_text(TABLE.replace("BLOCK", block), encoding="utf-8")
    with pytest.raises(FormError) as error:
        load_form(path)
    assert re.match(rf"{re.escape(str(path))}:(9|10): ", str(error.value))
    assert words in str(error.value)


def test_a_formula_of_a_column_holds_in_each_record_and_a_rule_over_the_sums(tmp_path):
    columns = "{key: a, label: 收, add: true}, {key: b, label: 支}, {key: c, label: 余, formula: a - b, kind: change}"
    text = TABLE.replace("BLOCK", f"{{corner: 序号, rows: open, total: 合计, columns: [{columns}]}}")
    path = tmp_path / "x.yaml"
    path.write_text(
        text + 'rules: [{code: K1, label: 收不多于十, left: ["t[total, a]"], right: [facts.most], sign: "<="}]\n'
        "facts: {most: {type: int}}\n",
        encoding="utf-8",
    )
    form = load_form(path)
    values = {CellRef("t", "1", "a"): Figure(5), CellRef("t", "1", "b"): Figure(2), CellRef("t", "2", "a"): Figure(6)}
    found = with_totals(Filing(form, "甲", 2024, "甲", values, {}, Origin("x"), facts={"most": 10}))
    assert shown(found, "t") == [
        ["序号", "收", "支", "余"],
        ["1", "5", "2", "3"],
        ["2", "6", "", ""],
        ["合计", "11", "", ""],
    ]
    assert [issue.code for issue in check(found) if issue.severity == "error"] == ["K1"]


# --- the parameter file ------------------------------------------------------------------------------------------


def test_a_filing_comes_back_from_its_file_its_parameters_its_workbook_and_its_page(filing):
    text = params_text(filing)
    assert '    - {街道: 东街, 批准日期: "2024-03-01", 新发: 3, 延续: 1, 收费: 9.2}\n' in text
    entries = Entries(2024, filing.jurisdiction, filing.agency, filing.values)
    (own,) = read_workbook(form_bytes(FORM, entries), "上报.xlsx", FORMS)
    for found in (
        with_totals(read_params(Path("x.yaml"), FORMS, "x.yaml", text.encode())),
        with_totals(read_parameters(parameters(filing), FORMS)),
        own,
        read_text(bare(filing), "页.html", FORMS),
    ):
        assert (dict(found.values), [str(one) for one in found.notes]) == (dict(filing.values), [])


def bare(filing: Filing) -> str:
    """A page with the tables of a filing under the headings of their sections."""
    parts = [f"<h1>{filing.title}</h1>"]
    for section in filing.form.sections:
        parts.append(f"<h2>{section.heading}</h2>")
        parts += [style_table(filing, section.table.key).to_html()] if section.table else []
    return f"<html><body>{''.join(parts)}</body></html>"


@pytest.mark.parametrize(
    ("figures", "line", "words"),
    [
        ("  许可台账:\n    东街: {新发: 3}", 6, "“东街”"),
        ("  许可台账: 3", 5, "“许可台账”的行数不定，下面应当逐条写"),
        ("  许可台账:\n    - 东街", 6, "“许可台账”的一条应写“列名: 值”，写的是“东街”"),
        ("  许可台账:\n    - {新发: 1}\n    - {新办: 3}", 7, "“新办”"),
        ("  许可台账:\n    - {新发: 1}\n    - {新发: 三}", 7, "三"),
        ("  许可台账:\n    - {新发: 1}\n    - [1, 2]", 7, "应有 5 个数"),
        ("  许可台账:\n" + "    - {新发: 1}\n" * 13, 18, "写了 13 条，格式最多容 12 条"),
        ("  重点项目:\n    - {进度: 停工}", 6, "停工"),
        ("  许可台账:\n    - {新发: 1, 新发: 2}", 6, "新发"),
        ("  许可台账:\n    rows: []\n    总计: {新发: 1}", 7, "总计"),
    ],
)
def test_what_is_no_record_is_told_with_its_line(figures, line, words):
    found = read(figures)
    assert [(note.origin.line, words in note.message) for note in found.notes if note.severity == "error"] == [
        (line, True)
    ]


@pytest.mark.parametrize(
    ("edits", "wanted"),
    [
        ({("permits", "2", "fees"): Figure(7)}, "      fees: 7\n"),
        ({("projects", "2", "stage"): None}, "    - {项目名称: 白鹭湿地步道, 进度: ~, 投资: 35.5}\n"),
        ({("rates", "2", "item"): Text("摊位")}, "50%}\n    - {收费项目: 摊位}\nnarrative"),
        ({("permits", "5", "street"): Text("北街")}, "1.3]\n    - {}\n    - {街道: 北街}\n"),
        ({("permits", "3", "issued"): Figure(9)}, "    - [南街, 2024-06-30, 9, 5, 1.3]\n"),
        ({("projects", "total", "money"): Figure(9)}, "  重点项目:\n    rows:\n    - {项目"),
        ({("projects", "total", "money"): Figure(9)}, "35.5}\n    总计: {投资: 9}\n  收费标准"),
    ],
)
def test_an_edit_changes_its_record_alone(filing, edits, wanted):
    edits = {CellRef(*ref): value for ref, value in edits.items()}
    editor = Editor(TEXT, FORM, "x.yaml")
    editor.put_figures(edits)
    text = editor.result()
    assert wanted in text
    stated = {ref: value for ref, value in filing.values.items() if ref not in filing.computed}
    found = read_params(Path("x.yaml"), FORMS, "x.yaml", text.encode())
    assert dict(found.values) == {ref: value for ref, value in {**stated, **edits}.items() if value is not None}


@pytest.mark.parametrize(
    "start", ["  收费标准:\n", "  收费标准: ~\n", "  收费标准: []\n", "  收费标准: [{收费项目: 甲}]\n", "  {}\n", ""]
)
@pytest.mark.parametrize("total", [False, True])
def test_records_are_added_to_a_file_however_it_is_written(start, total):
    if total:
        start = start.replace("收费标准", "重点项目").replace("收费项目", "项目名称")
    text = f"edition: 许可年报\nyear: 2024\njurisdiction: 白鹭镇\nfigures:\n{start}narrative: {{}}\n"
    key, column = ("projects", "name") if total else ("rates", "item")
    edits: dict = {CellRef(key, "2", column): Text("乙")}
    if total:
        edits[CellRef(key, "total", "money")] = Figure(3)
    editor = Editor(text, FORM, "x.yaml")
    editor.put_figures(edits)
    before = read_params(Path("x.yaml"), FORMS, "x.yaml", text.encode())
    found = read_params(Path("x.yaml"), FORMS, "x.yaml", editor.result().encode())
    assert dict(found.values) == {**before.values, **edits}


# --- workbooks ---------------------------------------------------------------------------------------------------


def workbook(filing: Filing):
    entries = Entries(2024, filing.jurisdiction, filing.agency, filing.values)
    return openpyxl.load_workbook(io.BytesIO(form_bytes(FORM, entries)))


def test_the_workbook_has_spare_rows_and_its_sums_are_formulas(filing):
    sheet = workbook(filing)["表二"]
    assert [sheet.cell(row, 1).value for row in (6, 17, 18)] == ["1", "12", "合计"]
    assert sheet["D18"].value == '=IF(COUNT(D6:D17)=0,"",SUM(D6:D17))'
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation if one.type == "whole"][:2] != []


def test_rows_are_read_as_far_as_they_are_filled_and_one_too_many_is_told(filing):
    book = workbook(filing)
    sheet = book["表四"]
    sheet.protection.sheet = False
    first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "1")
    for row in range(first, first + 32):
        sheet.cell(row, 2).value = f"项目{row}"
        sheet.cell(row, 3).value = 0.5
    for name in ("表二", "表三"):  # what openpyxl writes, nobody has worked out
        for row in book[name].iter_rows():
            for cell in row:
                if str(cell.value).startswith("=IF("):
                    cell.value = None
    out = io.BytesIO()
    book.save(out)
    (found,) = read_workbook(out.getvalue(), "上报.xlsx", FORMS)
    rows = {ref.row for ref in found.values if ref.table == "rates"}
    assert rows == {str(number) for number in range(1, 31)}
    assert [(note.code, note.variant) for note in found.notes if note.severity == "error"] == [("W7", "more")]


def test_a_copy_of_the_printed_table_is_read_from_any_sheet():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in (
        ["重点项目"],
        ["项目名称", "进度", "投资"],
        ["水厂", "在建", 3],
        ["3", "完工", 4.5],
        ["总计", "", 7.5],
        ["注：万元"],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    (found,) = read_workbook(out.getvalue(), "项目.xlsx", Forms({FORM.edition: FORM}))
    assert records(FORM.tables["projects"], found.values) == [
        {"name": "水厂", "stage": "在建", "money": 3}, {"name": "3", "stage": "完工", "money": Decimal("4.5")}
    ]  # fmt: skip
    assert found.values[CellRef("projects", "total", "money")] == Decimal("7.5")


def test_a_county_s_list_says_that_it_has_no_place_for_records():
    sheet = openpyxl.load_workbook(io.BytesIO(county_bytes(FORM, [Entries(2024, "甲镇")], 2024))).active
    assert "许可台账、重点项目、收费标准的行数不定，不列入汇总表" in sheet["A1"].value
    assert [cell.value for cell in sheet[2] if cell.value] == ["单位名称", "发布机关"]


# --- a county, sentences, the workbench --------------------------------------------------------------------------


def test_a_county_has_the_sums_of_the_sums_and_no_records(filing):
    rolled = combine([filing, replace(filing, jurisdiction="乙镇")], FORM, "云溪县", 2024, Origin("x.yaml"))
    assert {str(ref): figure.text for ref, figure in rolled.filing.values.items()} == {
        "permits[total, issued]": "14", "permits[total, renewed]": "16", "permits[total, fees]": "21.0",
        "projects[total, money]": "311.0",
    }  # fmt: skip
    county = read_params(Path("x.yaml"), FORMS, "x.yaml", params_text(rolled.filing).encode())
    assert dict(county.values) == dict(rolled.filing.values)
    assert [issue for issue in check(county) if issue.severity == "error"] == []
    assert shown(county, "projects") == [["项目名称", "进度", "投资"], ["", "", ""], ["总计", "311.0"]]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("{{ permits | length }} 条，共 {{ permits.total.issued }} 件", "3 条，共 7 件"),
        (
            "{% for one in permits if one.issued %}{{ one.street }} {{ one.issued }} 件；{% endfor %}",
            "东街 3 件；西街 4 件；",
        ),
        ("{{ projects | map(attribute='name') | join('、') }}", "镇卫生院扩建、白鹭湿地步道"),
        ("{{ rates[0].share }}", "50%"),
    ],
)
def test_a_sentence_goes_through_the_records(filing, sentence, said):
    assert filled(sentence, names(filing), "x") == said


@pytest.mark.parametrize("sentence", ["{{ permits }}", "{{ permits.total }}", "{{ permits.total.street }}"])
def test_a_list_of_records_prints_nothing_by_itself(filing, sentence):
    with pytest.raises(NarrativeError):
        filled(sentence, names(filing), "x")


def test_the_workbench_has_a_row_for_each_record_that_there_can_be():
    shape = table_shape(FORM.tables["permits"], FORM)
    rows = [[cell for cell in row if cell.get("ref")] for row in shape["rows"]]
    assert ([len(row) for row in rows], len(shape["columns"])) == ([0, 0, *[5] * 13], 6)


def test_a_record_is_added_changed_and_taken_out_in_the_workbench():
    draft = opened(load_project(ROOT), FILE, FILE.read_bytes())
    refs = {"street": CellRef("permits", "4", "street"), "issued": CellRef("permits", "4", "issued")}
    more = draft.with_cells({refs["street"]: "北街", refs["issued"]: "6"})
    assert "    - {街道: 北街, 新发: 6}\n" in more.bytes.decode()
    assert more.filing.values[CellRef("permits", "total", "issued")] == 13
    assert more.with_cells(dict.fromkeys(refs.values(), "")).bytes == FILE.read_bytes()
    row = [ref for ref in FORM.tables["permits"].cells if ref.row == "2"]
    less = draft.with_cells(dict.fromkeys(row, ""))
    assert [one["street"] for one in records(FORM.tables["permits"], less.filing.values)] == ["东街", "南街"]
    assert [line[:2] for line in shown(less.filing, "permits")[2:]] == [["1", "东街"], ["2", "南街"], ["合计", ""]]


# --- any form ----------------------------------------------------------------------------------------------------

KINDS = {
    "count": st.integers(0, 10**6).map(Figure),
    "change": st.integers(-1000, 1000).map(Figure),
    "number": st.integers(1, 9999).filter(lambda number: number % 10).map(lambda number: Figure(Decimal(number) / 10)),
    "text": st.sampled_from(["甲街", "乙路 3 号", "3", "合并", "a: b", "- x", "# y", "'"]).map(Text),
    "date": st.dates().filter(lambda day: day.year > 1950).map(lambda day: Text(day.isoformat())),
    "choice": st.sampled_from(["是", "否"]).map(Text),
}


@st.composite
def open_forms(draw) -> tuple[Form, dict]:
    numbers = count(1)
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=2, max_size=5))
    columns = [
        {"key": f"c{number}", "label": f"第{'甲乙丙丁戊己'[number]}项", "kind": kind}
        | ({"options": ["是", "否"]} if kind == "choice" else {})
        for number, kind in enumerate(kinds)
    ]
    corner = draw(st.booleans())
    added = [one for one in columns[not corner :] if one["kind"] in ("count", "number", "change")]
    block: dict = {"rows": "open", "columns": columns, "most": draw(st.integers(1, 8))}
    if corner:
        block["corner"] = "序号"
    if added and draw(st.booleans()):
        added[0]["add"], block["total"] = True, "合计"
    if draw(st.booleans()):
        block["columns"] = [*columns[:-1], {"label": "组", "key": "g", "children": columns[-1:]}]
    tables = [
        {"key": "t", "caption": "明细表", "note": "单位：件", "footnotes": [f"注：{next(numbers)}"], "blocks": [block]}
    ]
    entry = {"edition": "x", "years": [2020, None], "title": "{jurisdiction}{year}年明细表", "tables": tables}
    entry["sections"] = [{"key": "t", "heading": "一、明细表", "table": "t"}]
    return entry, block


@settings(max_examples=examples(60), deadline=None)
@given(open_forms(), st.data())
def test_any_records_come_back_from_file_workbook_and_page(tmp_path_factory, made, data):
    entry, block = made
    path = tmp_path_factory.getbasetemp() / "open.yaml"
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    form = load_form(path)
    forms, table = Forms({"x": form}), form.tables["t"]
    values = {}
    for row in range(1, data.draw(st.integers(1, block["most"])) + 1):
        for leaf in table.blocks[0].column_leaves:
            if leaf is table.blocks[0].column_leaves[0] or data.draw(st.booleans()):
                values[CellRef("t", str(row), leaf.key)] = data.draw(KINDS[leaf.traits.kind])
    filing = with_totals(Filing(form, "示例镇", 2024, "示例镇", values, {}, Origin("x.yaml")))
    written = with_totals(read_params(Path("x.yaml"), forms, "x.yaml", params_text(filing).encode()))
    entries = Entries(2024, "示例镇", "示例镇", filing.values)
    (own,) = read_workbook(form_bytes(form, entries), "上报.xlsx", forms)
    for found in written, read_text(bare(filing), "页.html", forms), own:
        assert (dict(found.values), [note.message for note in found.notes]) == (dict(filing.values), [])
