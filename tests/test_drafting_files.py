"""What `reportkit draft` makes of files as offices have them, and what it says of those that it cannot use."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportkit.drafting.cell_types import is_unit_note
from reportkit.drafting.drafted_form import drafted, named_tables
from reportkit.drafting.loaded_form import LoadedForm, loaded_form
from reportkit.drafting.source_files import read_source
from reportkit.errors import UserError
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.kinds import load_form
from support.repository import FILES


def workbook(rows, merged=(), formats=(), sheet="支出表") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merged:
        page.merge_cells(area)
    for cell, code in formats:
        page[cell].number_format = code
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def draft_of(folder: Path, content: bytes | str, name: str = "样表.xlsx", *samples: bytes) -> LoadedForm:
    files = []
    for number, one in enumerate((content, *samples)):
        path = folder / (f"{number}{name}" if number else name)
        path.write_bytes(one if isinstance(one, bytes) else one.encode())
        files.append(str(path))
    return loaded_form(drafted([read_source(files[0])], "样"), named_tables(map(read_source, files[1:])))


def lines(made: LoadedForm, *words: str) -> list[str]:
    """The lines of the form in which one of the words stands, without their indent."""
    return [line.strip() for line in made.text.splitlines() if any(word in line for word in words)]


def labels(made: LoadedForm) -> list[list[str]]:
    """What a form prints, row by row; what is to be filled in is a dot."""
    return [
        ["." if cell.ref else cell.label for cell in row]
        for table in made.form.tables.values()
        for band in table.grid
        for row in band
    ]


def sums(made: LoadedForm) -> list[tuple[str, list[str], list[str]]]:
    return [(one.per, [*one.left], [*one.right]) for one in made.draft.proposals]


SPENDING = [
    ["部门支出表"],
    ["", "", "", "单位：万元"],
    ["科目", "合计", "支出", "", "完成率"],
    ["", "", "基本支出", "项目支出", ""],
    ["教育支出", "=C5+D5", None, None, "=C5/B5"],
    ["　小学教育", "=C6+D6", None, None, "=C6/B6"],
    ["　其中：公用经费", "=C7+D7", None, None, "=C7/B7"],
    ["农林水支出", "=C8+D8", None, None, "=C8/B8"],
    ["合计", "=SUM(C9:D9)", "=C5+C8", "=D5+D8", "=C9/B9"],
    ["注：不含上年结转。"],
]


def test_a_sheet_without_frames_and_merged_cells_is_read_as_it_is_meant(tmp_path):
    made = draft_of(tmp_path, workbook(SPENDING, formats=[(f"E{row}", "0.0%") for row in range(5, 10)]))
    (table,) = made.form.tables.values()
    assert (table.caption, table.note, table.footnotes) == ("部门支出表", "单位：万元", ("注：不含上年结转。",))
    assert labels(made) == [
        ["科目", "合计", "支出", "完成率"],
        ["基本支出", "项目支出"],
        ["教育支出", ".", ".", ".", "."],
        ["小学教育", ".", ".", ".", "."],
        ["其中：公用经费", ".", ".", ".", "."],
        ["农林水支出", ".", ".", ".", "."],
        ["合计", ".", ".", ".", "."],
    ]
    assert lines(made, "完成率", "基本支出") == [
        "- {key: c1, label: 基本支出, kind: amount, unit: 万元}  # ? amount: so the note above the table reads",
        "- {key: c3, label: 完成率, kind: percent, format: {decimals: 1}, formula: c2.c1 ÷ total}  "
        "# ? percent: so it is shown",
    ]


def test_sums_are_those_of_the_workbook_and_what_is_indented_is_not_added_again(tmp_path):
    made = draft_of(tmp_path, workbook(SPENDING))
    assert sums(made) == [
        ("row", ["c2.*"], ["total"]),
        ("column", ["r1", "r4"], ["total"]),
        ("column", ["r3"], ["r2"]),
    ]
    assert lines(made, "code: K", "sign") == [
        "- code: K1",
        "- code: K2",
        "- code: K3  # ? so its label reads",
        'sign: "<="',
    ]


FILLED = [
    ["Permit", "2023", "2024", "Change", "Share (%)"],
    ["Homes", 12, 10, -2, "40.0%"],
    ["Solar", 3.5, 15, 11.5, "60.0%"],
    ["Total", 15.5, 25, 9.5, "100.0%"],
]


def test_kinds_are_seen_from_what_stands_in_a_filled_table(tmp_path):
    made = draft_of(tmp_path, workbook(FILLED))
    (table,) = made.form.tables.values()
    assert [cell.kind for cell in table.cells.values()][:4] == ["number", "count", "number", "percent"]
    assert [row.key for row, _ in table.rows] == ["homes", "solar", "total"]
    assert made.form.language == "en"


def test_a_sum_that_holds_in_a_filled_table_is_told_so(tmp_path):
    made = draft_of(tmp_path, workbook(FILLED))
    assert lines(made, "code: K") == ["- code: K1  # ? so its label reads; holds where it is filled in: 3"]


def test_a_sum_that_a_sample_speaks_against_is_not_proposed(tmp_path):
    blank = [["项目", "数量"], ["甲", None], ["乙", None], ["合计", None]]
    filled = [["项目", "数量"], ["甲", 3], ["乙", 4], ["合计", 8]]
    made = draft_of(tmp_path, workbook(blank), "样表.xlsx", workbook(filled))
    assert made.form.rules == ()
    (told,) = lines(made, "not proposed")
    assert told.endswith("1样表.xlsx#支出表: B4: 7 and 8")
    with pytest.raises(UserError, match="has other rows or columns"):
        draft_of(tmp_path, workbook(blank), "样表.xlsx", workbook([*filled, ["丙", 1]]))


def test_a_sum_that_is_off_by_rounding_has_a_tolerance_and_computes_nothing(tmp_path):
    rows = [["项目", "金额（万元）"], ["甲", 1.23], ["乙", 2.34], ["合计", 3.58]]
    made = draft_of(tmp_path, workbook(rows))
    assert lines(made, "code: K", "tolerance", "total: right") == [
        "- code: K1  # ? so its label reads; holds where it is filled in, but for rounding: 1",
        "tolerance: 0.01",
    ]
    assert draft_of(tmp_path, workbook([*rows[:3], ["合计", 3.60]])).form.rules == ()


SIDES = [
    ["收入", "", "支出", ""],
    ["项目", "预算数", "项目", "预算数"],
    ["财政拨款收入", None, "基本支出", None],
    ["", None, "项目支出", None],
    ["收入总计", None, "支出总计", None],
]


def test_halves_beside_each_other_keep_the_line_of_their_totals(tmp_path):
    made = draft_of(tmp_path, workbook(SIDES, ["A1:B1", "C1:D1"]))
    assert lines(made, "beside: ", "foot: ") == ["foot: 1", "beside: true"]
    assert [one.same for one in made.likenesses().values()] == [5]


def test_both_sides_come_to_the_same(tmp_path):
    made = draft_of(tmp_path, workbook(SIDES, ["A1:B1", "C1:D1"]))
    assert [(one.left, one.right) for one in made.draft.proposals] == [
        (("r3", "r4"), ("r5",)),
        (("r2",), ("r5",)),
    ]


def test_last_year_and_the_change_make_this_year(tmp_path):
    made = draft_of(tmp_path, workbook([["项目", "本年数", "上年数", "增减", "增减（%）"], ["甲"], ["乙"]]))
    assert sums(made) == [("row", ["c2", "change"], ["c1"])]


def test_a_total_that_states_its_unit_adds_up_what_is_counted_in_it(tmp_path):
    above = [["表一　执法情况", *[None] * 5], ["单位：件、万元", *[None] * 5]]
    head = [
        ["部门", "处罚", None, "强制", None, "合计（件）"],
        [None, "罚款（件）", "罚没金额（万元）", "措施（件）", "执行（件）"],
    ]
    merged = ["A1:F1", "A2:F2", "A3:A4", "B3:C3", "D3:E3", "F3:F4"]
    made = draft_of(tmp_path, workbook([*above, *head, ["甲"], ["乙"]], merged))
    (table,) = made.form.tables.values()
    assert (made.form.sections[0].heading, table.note) == ("一、执法情况", "单位：件、万元")
    assert sums(made) == [("row", ["c1.c1", "c2.*"], ["total"])]
    assert [cell.kind for cell in list(table.cells.values())[:5]] == ["count", "amount", "count", "count", "count"]


@pytest.mark.parametrize(
    ("line", "is_note"), [("单位：件、万元", True), ("（单位：人次）", True), ("单位：某镇", False), ("单位：", False)]
)
def test_a_note_of_units_is_told_from_the_name_of_an_office(line, is_note):
    assert is_unit_note(line) is is_note


def test_totals_add_up_what_stands_before_them_back_to_one_that_reaches_as_far(tmp_path):
    rows = ["甲", "乙", "小计", "丙", "丁", "小计", "合计", "上年结转", "总计"]
    made = draft_of(tmp_path, workbook([["项目", "数量"], *([row, None] for row in rows)]))
    assert [(left, right) for _, left, right in sums(made)] == [
        (["r1", "r2"], ["subtotal"]),
        (["r4", "r5"], ["subtotal_2"]),
        (["subtotal", "subtotal_2"], ["total"]),
        (["total", "r8"], ["total_2"]),
    ]


def test_a_total_of_groups_adds_up_their_columns_one_by_one(tmp_path):
    head = [["地区", "合计", "", "市级", "", "县级", ""], ["", "项目", "占比", "项目", "占比", "项目", "占比"]]
    made = draft_of(tmp_path, workbook([*head, ["甲", *[None] * 6]], ["A1:A2", "B1:C1", "D1:E1", "F1:G1"]))
    assert sums(made) == [("row", ["c2.c1", "c3.c1"], ["total.c1"])]


def test_a_question_in_english_is_answered_by_yes_or_no(tmp_path):
    rows = [["Collection", "Loans", "Weeded this year?"], ["Books"], ["Films"], ["Total"]]
    made = draft_of(tmp_path, workbook(rows))
    (table,) = made.form.tables.values()
    assert [cell.options for cell in table.cells.values()][:2] == [(), ("Yes", "No")]
    assert sums(made) == [("column", ["books", "films"], ["total"])]


def test_percentages_and_words_are_not_added_up(tmp_path):
    made = draft_of(
        tmp_path, workbook([["项目", "数量", "办结率", "备注"], ["甲"], ["乙"], ["合计"], ["", "", "", ""]])
    )
    assert [one.only for one in made.draft.proposals] == [("number",)]


@pytest.mark.parametrize("units", [("条", "条", True), ("条", "个", False)])
def test_what_is_counted_in_other_units_is_not_added_up(tmp_path, units):
    one, other, added = units
    rows = ["总数（单位：条）", f"材料（单位：{one}）", f"产品（单位：{other}）"]
    made = draft_of(tmp_path, workbook([["指标", "数值"], *([row, None] for row in rows)]))
    assert bool(sums(made)) is added


def test_rows_of_which_each_has_its_own_kind_say_so(tmp_path):
    rows = [["网站名称", "云溪县人民政府"], ["总访问量", 3456], ["是否统一平台", "是"], ["开通日期", "2020-01-05"]]
    made = draft_of(tmp_path, workbook([["指标", "数值"], *rows, ["平均时间（单位：天）", 2.5]]))
    (table,) = made.form.tables.values()
    assert [cell.kind for cell in table.cells.values()] == ["text", "count", "choice", "date", "number"]


def table(rows: str) -> str:
    return f"<html><body><p>表</p><table>{rows}</table></body></html>"


HEAD = "<tr><td>项目</td><td>数量</td><td>金额</td></tr>"
OVERLAPPING = "<tr><td rowspan=2>甲</td><td></td><td rowspan=2></td></tr><tr><td colspan=2></td></tr>"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("<p>没有表格</p>", "a.html", "no table was found"),
        (
            table(f"{HEAD}<tr><td>甲</td><td></td></tr>"),
            "a.html",
            "row 2, column 3: the row has 2 columns, and the table 3",
        ),
        (table(HEAD + OVERLAPPING), "a.html", "row 3, column 3: two merged cells overlap"),
        (table("<tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr>"), "a.html", "no cell for figures"),
        (
            table("<tr><td>项目</td><td>数量</td></tr><tr><td rowspan=2>甲</td><td></td></tr><tr><td></td></tr>"),
            "a.html",
            "row 2, column 1: “甲” stands before 2 rows",
        ),
        (
            table(
                "<tr><td>项目</td><td colspan=2>甲</td><td>乙</td></tr>"
                "<tr><td></td><td>一</td><td colspan=2>二</td></tr><tr><td>丙</td><td></td><td></td><td></td></tr>"
            ),
            "a.html",
            "row 2, column 3: “二” reaches across the edge",
        ),
        (b"\xd0\xcf\x11\xe0 broken", "a.xlsx", "W1"),
        (b"PK broken", "a.xlsx", "W1"),
        (b"", "a.html", "D1"),
        (b"%PDF-1.7 ...", "a.pdf", "D5"),
    ],
)
def test_a_file_from_which_no_form_can_be_made_says_where_and_why(tmp_path, content, name, words):
    with pytest.raises(UserError, match=words) as error:
        draft_of(tmp_path, content, name)
    assert str(tmp_path / name) in str(error.value)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", 'borderId="0"', 'borderId="list"'),
        ("xl/worksheets/sheet1.xml", 's="1"', 's="x"'),
        ("xl/worksheets/sheet1.xml", '<row r="2"', '<row r="two"'),
    ],
)
def test_a_workbook_whose_parts_say_what_nobody_can_read_is_told(tmp_path, part, old, new):
    content = workbook([["项目", "数量"], ["甲", 1]], formats=[("B2", "0.00")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, one in parts.items():
            archive.writestr(name, one)
    with pytest.raises(UserError, match="W1"):
        draft_of(tmp_path, buffer.getvalue())


def test_merged_cells_of_a_workbook_that_overlap_are_told(tmp_path):
    content = workbook([["项目", "数量", "金额", "备注"], ["甲", None, None]], ["A1:B1", "B1:C1"])
    with pytest.raises(UserError, match="B1: two merged cells overlap"):
        draft_of(tmp_path, content)


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_workbooks_of_other_programs_are_read_without_what_only_xlsx_says(tmp_path, suffix):
    content = (FILES / f"workbooks/suqian-2023.{suffix}").read_bytes()
    made = draft_of(tmp_path, content, f"a.{suffix}")
    assert [(one.same, one.rows) for one in made.likenesses().values()] == [(14, 14), (28, 28), (4, 4)]
    assert all(one.proof for one in made.draft.proposals)


def test_a_table_of_several_is_chosen_by_its_number_or_its_sheet(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        table(HEAD + OVERLAPPING) + table(f"{HEAD}<tr><td>甲</td><td></td><td></td></tr>"), encoding="utf-8"
    )
    made = loaded_form(drafted([read_source(f"{path}#2")], "样"))
    assert labels(made) == [["项目", "数量", "金额"], ["甲", ".", "."]]
    with pytest.raises(UserError, match=r"to leave this table out, name the others: .*a\.html#2"):
        drafted([read_source(str(path))], "样")


def test_a_list_with_blank_lines_leaves_its_rows_open(tmp_path):
    head = ["序号", "项目名称", "街道", "批准日期", "金额（万元）"]
    made = draft_of(tmp_path, workbook([head, [1], [2], ["…"], ["合计", "", "", "", "=SUM(E2:E4)"]]))
    assert lines(made, "rows: open", "corner", "total: ", "项目", "街道", "日期", "金额") == [
        "- corner: 序号",
        "rows: open  # ? its lines are blank in the file",
        "total: 合计",
        "- {key: c1, label: 项目名称, kind: text}  # ? text: so its label reads",
        "- {key: c2, label: 街道, kind: text}  # ? text: as a column of a list that is not added up",
        "- {key: c3, label: 批准日期, kind: date}  # ? date: so its label reads",
        "- {key: amount, label: 金额（万元）, kind: amount, unit: 万元, add: true}",
    ]
    (table,) = made.form.tables.values()
    assert table.open is not None


def test_blank_lines_over_their_sums_stand_for_records(tmp_path):
    made = draft_of(
        tmp_path, workbook([["街道", "新发", "收费（元）"], [], [], ["合计", "=SUM(B2:B3)", "=SUM(C2:C3)"]])
    )
    (table,) = made.form.tables.values()
    assert table.open is not None
    assert (table.open.total, table.open.numbered, table.open_sums) == ("合计", False, ("c2", "c3"))


OPEN = """
edition: 台账
years: [2020, null]
title: "{jurisdiction}{year}年台账"
sections: [{key: permits, heading: 一、许可台账, table: permits}]
tables:
  - key: permits
    blocks:
      - rows: open
        corner: 序号
        total: 合计
        columns:
          - {key: street, label: 街道, kind: text}
          - {key: day, label: 批准日期, kind: date}
          - {key: issued, label: 新发, add: true}
          - {key: fees, label: 收费, kind: amount, unit: 万元, add: true}
"""


@pytest.mark.parametrize("text", [OPEN, OPEN.replace("        corner: 序号\n", "")])
def test_open_rows_come_back_from_a_forms_own_blank_workbook(tmp_path, text):
    (tmp_path / "open.yaml").write_text(text, encoding="utf-8")
    form = load_form(tmp_path / "open.yaml")
    made = draft_of(tmp_path, form_bytes(form))
    (table,), (own,) = made.form.tables.values(), form.tables.values()
    assert (table.open and table.open._replace(added=()), len(table.open_sums)) == (
        own.open and own.open._replace(added=()),
        2,
    )
    assert [[*map(str, row)] for row in labels(made)] == [
        [("." if cell.ref else cell.label) for cell in row] for band in own.grid for row in band
    ]
    assert [cell.kind for cell in table.cells.values()] == [cell.kind for cell in own.cells.values()]


def test_a_unit_in_a_row_of_its_own_and_columns_that_keep_others_apart_are_none_of_the_table(tmp_path):
    rows = "<tr><td colspan=4>部门支出表</td></tr><tr><td colspan=4>单位：万元</td></tr>"
    rows += "<tr><td>项目</td><td>本年</td><td></td><td>上年</td></tr><tr><td>甲</td><td></td><td></td><td></td></tr>"
    made = draft_of(tmp_path, table(rows), "a.html")
    (one,) = made.form.tables.values()
    assert (one.note, one.blocks[0].title) == ("单位：万元", "部门支出表")
    assert labels(made)[1:] == [["项目", "本年", "上年"], ["甲", ".", "."]]
