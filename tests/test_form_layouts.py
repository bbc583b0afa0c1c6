"""Tables of a form with blocks beside each other, labels over each column of row labels, and lines around them."""

import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check
from reportkit.errors import FormError, Origin
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_text
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import Forms, load_form, load_forms, shipped_forms
from reportkit.model.filing import Figure, Filing, with_totals
from reportkit.model.form import Table
from reportkit.params.reader import read_params
from reportkit.params.writer import params_text
from reportkit.project import load_project
from reportkit.report.tables import style_table
from reportkit.workbench.table_layout import table_shape
from support.form_layouts import layouts
from support.grids import every_slot_once, slots
from support.html_tables import Cell, grid, page
from support.laws import examples
from support.repository import FILES

ROOT = FILES / "layouts"
FORMS = load_forms(ROOT / "forms")
BUDGET = FORMS["部门预算"]


@pytest.fixture(scope="module")
def filing() -> Filing:
    return load_project(ROOT).read(ROOT / "params/2024/白鹭镇.yaml")


def shown(filing: Filing, key: str) -> list[list[str]]:
    """The texts of a table's cells in the HTML, row by row; what reaches further is followed by its spans."""
    (table,) = page(style_table(filing, key).to_html()).iter("table")
    return [[_said(cell) for cell in row if cell] for row in grid(table)]


def _said(cell: Cell) -> str:
    spans = f" {cell.rowspan}x{cell.colspan}" if (cell.rowspan, cell.colspan) != (1, 1) else ""
    return f"{cell.text}{spans}"


def test_blocks_stand_beside_each_other_and_the_shorter_one_is_padded_above_its_foot(filing):
    assert shown(filing, "balance") == [
        ["收入 1x2", "支出 1x2"],
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "2346", "一、一般公共服务支出", "1200"],
        ["二、政府性基金预算拨款收入", "", "二、教育支出", ""],
        ["三、财政专户管理资金收入", "", "三、社会保障和就业支出", "300"],
        ["四、单位资金收入", "120", "四、卫生健康支出", ""],
        ["", "", "五、农林水支出", "900"],
        ["", "", "六、住房保障支出", "100"],
        ["本年收入合计", "2466", "本年支出合计", "2500"],
        ["上年结转结余", "34", "年终结转结余", ""],
        ["收入总计", "2500", "支出总计", "2500"],
    ]


def test_each_column_of_row_labels_has_a_label_of_its_own(filing):
    assert shown(filing, "spending") == [
        ["科目编码 1x2", "科目名称 2x1", "合计 2x1", "基本支出 2x1", "项目支出 2x1"],
        ["类", "款"],
        ["201 2x1", "03", "政府办公厅（室）及相关机构事务", "1100", "980", "120"],
        ["99", "其他一般公共服务支出", "100", "", "100"],
        ["208", "05", "行政事业单位养老支出", "300", "300", ""],
        ["213", "07", "农村综合改革", "1000", "500", "500"],
        ["合计 1x3", "2500", "1780", "720"],
    ]


def heads(filing: Filing, key: str, figure: str) -> list[list[str]]:
    """The texts that head each cell with this figure, as its attribute names them."""
    root = page(style_table(filing, key).to_html())
    by_id = {cell.get("id"): cell for cell in root.iter("th")}
    assert [td.get("headers") is None for td in root.iter("td") if td.text] == [False] * len(
        [td for td in root.iter("td") if td.text]
    )
    cells = [td for td in root.iter("td") if td.text == figure]
    return [[by_id[name].text_content() for name in cell.get("headers").split()] for cell in cells]


def test_a_figure_is_headed_by_the_labels_of_its_own_side(filing):
    assert heads(filing, "balance", "100") == [["支出", "预算数", "六、住房保障支出"]]
    assert heads(filing, "spending", "980") == [["基本支出", "201", "03", "政府办公厅（室）及相关机构事务"]]


def test_heads_of_a_table_with_sides_are_its_head(filing):
    (table,) = page(style_table(filing, "balance").to_html()).iter("table")
    assert (len(table.findall("thead/tr")), len(table.findall("tbody/tr"))) == (2, 9)
    assert {th.get("scope") for th in table.iter("th")} == {"col", "colgroup", "row"}


def test_the_lines_around_a_table_stand_beside_it_and_are_no_part_of_it(filing):
    root = page(style_table(filing, "spending").to_html())
    (table,) = root.iter("table")
    note = table.getprevious()
    assert (note.text, note.get("id"), note.get("class")) == (
        "单位：万元", table.get("aria-describedby"), "table-above"
    )  # fmt: skip
    below = [line.text[:6] for line in table.itersiblings()]
    assert below == ["注：1. 本", "2. 本表金", "资料来源：2"]


@pytest.mark.parametrize("form", shipped_forms().values(), ids=str)
def test_an_official_table_says_nothing_of_sides_and_lines(form):
    filing = Filing(form, "甲", 2020, "甲", {}, {}, Origin("x"))
    html = "".join(style_table(filing, key).to_html() for key in form.tables)
    assert [word for word in ("headers=", "table-above", "table-below", "aria-describedby") if word in html] == []


# --- what cannot be a table ---------------------------------------------------------------------------------------

FORM = """
edition: x
years: [2020, null]
title: t
sections: [{{key: t, heading: 一、表, table: t}}]
tables:
  - key: t
    blocks:
      - {first}
      - {second}
"""
LEFT = "{title: 左, corner: 项目, columns: [{key: a, label: 数}], rows: [{key: x, label: 甲}, {key: y, label: 乙}]}"
RIGHT = LEFT.replace("左", "右").replace("key: ", "key: r").replace("corner", "beside: true, corner")
GROUPED = (
    RIGHT.replace("{key: rx, label: 甲}, {key: ry, label: 乙}", "{label: 组, children: [{key: rx, label: 甲}]}")
    .replace("label: 甲}]", "label: 甲}, {key: ry, label: 乙}]")
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "line", "words"),
    [
        (RIGHT, LEFT.replace("左", "中"), 9, "table t, block 1: it is the first block, and there is none"),
        (LEFT, RIGHT.replace("项目", "[编码, 名称]"), 10, "block 2: corner has 2 labels over 1 columns of row labels"),
        (LEFT, RIGHT.replace("项目", "[]"), 10, "block 2: corner has 0 labels over 1 columns"),
        (
            LEFT.replace("项目", "[{label: 编码, children: [类, 款]}]"),
            RIGHT,
            9,
            "block 1: corner has 2 labels over 1 columns of row labels; give it a label for each column, or one text",
        ),
        (LEFT, RIGHT.replace("右", "左"), 10, "block 2: row '甲' is called as one in a block before it; give both"),
        (LEFT, RIGHT.replace("label: 甲", "label: ''"), 10, "block 2: a row without a label cannot stand beside"),
        (LEFT.replace("corner", "foot: 1, corner"), RIGHT.replace("beside: true, ", ""), 9, "foot is for blocks that"),
        (LEFT, RIGHT.replace("corner", "foot: 3, corner"), 10, "foot is 3, which is more than all rows or cuts"),
        (LEFT, GROUPED.replace("corner", "foot: 1, corner"), 10, "it can be [0, 2]"),
        (LEFT, RIGHT.replace("corner", "foot: -1, corner"), 10, "foot is"),
        (LEFT, RIGHT.replace("true", "right"), 10, "beside is true or false, found 'right'"),
        (LEFT, RIGHT.replace("项目", "{label: 编码}"), 10, "corner is a text, or a list of texts and of groups"),
        (
            LEFT,
            RIGHT.replace("项目", "[{children: [a]}]"),
            10,
            "corner 1: a corner has children, label; missing label",
        ),
    ],
)
def test_blocks_that_make_no_table_are_told_with_their_place(tmp_path, first, second, line, words):
    path = tmp_path / "x.yaml"
    path.write_text(FORM.format(first=first, second=second), encoding="utf-8")
    with pytest.raises(FormError) as error:
        load_form(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert words in str(error.value)


def test_blocks_whose_rows_have_the_same_keys_are_told(tmp_path):
    same = RIGHT.replace("key: rx", "key: x")
    (tmp_path / "x.yaml").write_text(FORM.format(first=LEFT, second=same), encoding="utf-8")
    (broken,) = load_forms(tmp_path).broken
    assert "table t: two rows or two columns have the same key" in broken.reason


# --- there and back ----------------------------------------------------------------------------------------------


def test_a_filing_comes_back_from_its_workbook_its_county_s_list_and_its_file(filing):
    entries = Entries(2024, filing.jurisdiction, filing.agency, filing.values)
    (own,) = read_workbook(form_bytes(BUDGET, entries), "上报.xlsx", FORMS)
    (listed,) = read_workbook(county_bytes(BUDGET, [entries], 2024), "汇总.xlsx", FORMS)
    written = with_totals(read_params(Path("x.yaml"), FORMS, "x.yaml", params_text(filing).encode()))
    for found in own, listed, written:
        assert (dict(found.values), [str(one) for one in found.notes]) == (dict(filing.values), [])


def test_the_workbook_says_what_the_form_says_around_its_tables_and_checks_across_its_sides(filing):
    entries = Entries(2024, filing.jurisdiction, filing.agency, filing.values)
    sheet = openpyxl.load_workbook(io.BytesIO(form_bytes(BUDGET, entries)))["表二"]
    lines = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert (lines[2], lines[-1]) == (["单位：万元"], ["资料来源：2024年部门预算"])
    assert lines[-2][0] == "勾稽检查：收入总计等于支出总计"
    assert "SUM(B14)=SUM(D14)" in str(sheet["D15"].value)


def test_a_line_below_a_table_is_not_taken_for_its_only_row(tmp_path):
    text = FORM.format(
        first="{columns: [{key: a, label: 收入}, {key: b, label: 支出}, {key: c, label: 结余}], rows: [{key: r, label: ''}]}",
        second="",
    )
    text = text.replace("      - \n", "    footnotes: ['注：按 2024 年口径']\n")
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    forms = load_forms(tmp_path)
    (reading,) = read_workbook(form_bytes(forms["x"], Entries(2024, "甲镇", "甲镇人民政府", {})), "甲.xlsx", forms)
    assert (dict(reading.values), reading.unread, list(reading.notes)) == ({}, frozenset(), [])


def bare(filing: Filing) -> str:
    """A page with the tables of a filing under the headings of their sections."""
    parts = [f"<h1>{filing.title}</h1>"]
    for section in filing.form.sections:
        assert section.table
        parts.append(f"<h2>{section.heading}</h2>{style_table(filing, section.table.key).to_html()}")
    return f"<html><body>{''.join(parts)}</body></html>"


def labels_of(table: Table) -> Counter:
    """All the labels of a table, as often as the form has them."""
    found: list[str] = []
    level = [header for block in table.blocks for header in (*block.columns, *block.rows)]
    while level:
        found += [header.label for header in level]
        level = [child for header in level for child in header.children]
    for block in table.blocks:
        found += [block.title, *block.corners]
    return Counter(filter(None, found))


@settings(max_examples=examples(60), deadline=None)
@given(layouts(), st.data())
def test_any_layout_prints_its_labels_once_tiles_its_grid_and_comes_back(form, data):
    for table in form.tables.values():
        assert slots(table) == every_slot_once(table)
        cells = [cell for band in table.grid for row in band for cell in row]
        assert Counter(cell.label for cell in cells if cell.label) == labels_of(table)
        assert Counter(cell.ref for cell in cells if cell.ref) == Counter(list(table.cells))
        assert len(table_shape(table, form)["columns"]) == table.width
    refs = [ref for table in form.tables.values() for ref in table.cells]
    blank = data.draw(st.sets(st.sampled_from(refs)))
    values = {ref: Figure(number) for number, ref in enumerate(refs, 7) if ref not in blank}
    filing = Filing(form, "示例镇", 2024, "示例镇人民政府", values, {}, Origin("x.yaml"))
    forms = Forms({form.edition: form})
    entries = Entries(2024, filing.jurisdiction, filing.agency, values)
    found = read_text(bare(filing), "页.html", forms)
    assert (dict(found.values), found.unread, dict(found.narrative)) == (values, frozenset(), {})
    for raw in form_bytes(form, entries), county_bytes(form, [entries], 2024):
        (reading,) = read_workbook(raw, "上报.xlsx", forms)
        assert (dict(reading.values), reading.unread) == (values, frozenset())
    again = read_params(Path("x.yaml"), forms, "x.yaml", params_text(filing).encode())
    assert dict(again.values) == values


SUBTOTALS = """
edition: 季报
years: [2020, null]
title: "{jurisdiction}{year}年季报"
sections: [{key: t, heading: 一、数量, table: t}]
tables:
  - key: t
    blocks:
      - columns: [{key: n, label: 数}]
        rows: [{key: a, label: 甲}, {key: sa, label: 小计}, {key: b, label: 乙}, {key: sb, label: 小 计}]
"""


@pytest.mark.usefixtures("chinese")
def test_rows_called_alike_side_by_side_are_written_and_told_by_their_keys(tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text(SUBTOTALS, encoding="utf-8")
    form = load_form(path)
    values = {ref: Figure(str(number)) for number, ref in enumerate(form.tables["t"].cells)}
    text = params_text(Filing(form, "甲镇", 2023, "甲镇", values, {}, Origin("甲镇.yaml")))
    path.write_text(text, encoding="utf-8")
    assert dict(read_params(path, {"季报": form}).values) == values
    assert "    # 小计\n    sa: 1\n" in text.replace('"', "")
    path.write_text(text.replace('"sa"', "小计").replace(" sa:", " 小计:"), encoding="utf-8")
    told = [issue.message for issue in check(read_params(path, {"季报": form})) if issue.code == "Y5"]
    assert told == ["没有认出行名“小计”；有 2 处都叫这个名字；请改写它的键：sa、sb"]
