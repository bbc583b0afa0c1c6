"""Forms are data: official labels to the character, spans that follow from the trees."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import FormError
from reportkit.kinds import form_for, load_form, load_forms, shipped_forms
from reportkit.model.form import Block, Form, Header, Table
from support.grids import every_slot_once, slots
from support.repository import FILES

OFFICIAL = json.loads((FILES / "editions.json").read_text(encoding="utf-8"))


def outline(headers):
    """The labels of a header forest as the official list writes them: a leaf is a string, a group {label: [...]}."""
    return [{header.label: outline(header.children)} if header.children else header.label for header in headers]


def test_headings_documents_and_years_are_the_official_ones(form: Form):
    official = OFFICIAL[form.edition]
    assert [section.heading for section in form.sections] == official["headings"]
    assert (form.document, list(form.years)) == (official["document"], official["years"])


def test_table_two_has_the_official_labels(form: Form):
    blocks = form.tables["proactive"].blocks
    assert [[block.title, outline(block.columns), outline(block.rows)] for block in blocks] == OFFICIAL[form.edition][
        "table2"
    ]
    assert {block.corner for block in blocks} == {"信息内容"}


def test_table_three_has_the_official_labels(form: Form):
    (block,) = form.tables["requests"].blocks
    official = OFFICIAL[form.edition]["table3"]
    assert block.corner == official["corner"]
    assert [leaf.label for leaf in block.column_leaves] == official["columns"]
    assert outline(block.columns) == [{"申请人情况": ["自然人", {"法人或其他组织": official["columns"][1:6]}, "总计"]}]
    assert outline(block.rows) == official["rows"]


def test_table_four_has_the_official_labels(form: Form):
    (block,) = form.tables["reviews"].blocks
    review, litigation = outline(block.columns)
    official = OFFICIAL[form.edition]["table4"]
    assert review == {"行政复议": official["行政复议"]}
    assert litigation == {"行政诉讼": [{name: results} for name, results in official["行政诉讼"].items()]}


@pytest.mark.parametrize(
    ("edition", "table", "printed_rows", "head_rows", "width"),
    [
        ("2019", "proactive", 18, 0, 4), ("2019", "requests", 3 + 23, 3, 10), ("2019", "reviews", 3 + 1, 3, 15),
        ("2021", "proactive", 14, 0, 4), ("2021", "requests", 3 + 25, 3, 10), ("2021", "reviews", 3 + 1, 3, 15),
    ],
)  # fmt: skip
def test_printed_sizes(edition, table, printed_rows, head_rows, width):
    found = shipped_forms()[edition].tables[table]
    assert (sum(map(len, found.grid)), found.head_rows, found.width) == (printed_rows, head_rows, width)


@pytest.mark.parametrize(
    ("edition", "label", "rowspan", "colspan"),
    [
        ("2019", "三、本年度办理结果", 20, 1), ("2021", "三、本年度办理结果", 22, 1), ("2019", "（三）不予公开", 8, 1),
        ("2019", "（六）其他处理", 1, 2), ("2021", "（六）其他处理", 3, 1), ("2021", "（七）总计", 1, 2),
        ("2019", "一、本年新收政府信息公开申请数量", 1, 3), ("2019", "申请人情况", 1, 7), ("2019", "自然人", 2, 1),
        ("2019", "法人或其他组织", 1, 5), ("2019", "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
        ("2021", "第二十条第（五）项", 1, 4), ("2021", "本年处理决定数量", 1, 3), ("2019", "采购总金额", 1, 2),
        ("2019", "行政诉讼", 1, 10), ("2019", "复议后起诉", 1, 5),
    ],
)  # fmt: skip
def test_merged_cells(edition, label, rowspan, colspan):
    cells = [
        cell
        for table in shipped_forms()[edition].tables.values()
        for block in table.grid
        for row in block
        for cell in row
        if cell.label == label
    ]
    assert {(cell.rowspan, cell.colspan) for cell in cells} == {(rowspan, colspan)}


def test_official_grids_cover_every_slot_exactly_once(form: Form):
    for table in form.tables.values():
        assert slots(table) == every_slot_once(table)


KEYS = st.uuids().map(lambda number: f"k{number.hex}")
TREES = st.recursive(
    st.builds(Header, KEYS, st.just("标签")),
    lambda below: st.builds(Header, KEYS, st.just("组"), st.lists(below, min_size=1, max_size=3).map(tuple)),
    max_leaves=8,
)
FORESTS = st.lists(TREES, min_size=1, max_size=3).map(tuple)
BLOCKS = st.builds(Block, st.sampled_from(["", "题"]), st.just("角"), FORESTS, FORESTS)


@given(st.lists(BLOCKS, min_size=1, max_size=3).map(tuple))
def test_any_header_trees_cover_every_slot_exactly_once(blocks):
    table = Table("t", "表", blocks)
    assert slots(table) == every_slot_once(table)
    values = [cell.ref for block in table.grid for row in block for cell in row if cell.ref]
    assert values == list(table.cells)


@pytest.mark.parametrize(
    ("year", "edition"), [(2018, None), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2030, "2021")]
)
def test_the_edition_of_a_year(year, edition):
    found = form_for(shipped_forms(), year)
    assert (found.edition if found else None) == edition


def test_a_form_teaches_what_it_is():
    assert repr(shipped_forms()["2019"]) == "Form('2019', 3 tables, 41 rules)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", [":1: not readable as YAML"]),
        ("a: 1\nb: c: d\n", [":2: not readable as YAML; check the indent"]),
        ("edition: x", ["missing", "sections", "title", "years"]),
        ("{edition: x, years: [2020, 2021], title: t, sections: [], colour: red}", ["unknown colour"]),
        ("{edition: x, years: 2020, title: t, sections: []}", ["years is a list, found 2020"]),
        ("{edition: x, years: [1, 2], title: t, sections: [{key: a, heading: b, table: c}]}", ["no table 'c'"]),
        (
            "{edition: x, years: [1, 2], title: t, sections: [{key: a, heading: b, table: c}], tables: [{key: c, blocks:"
            " [{columns: [{key: n, label: 数, kind: sum}], rows: [{key: r, label: 行}]}]}]}",
            ["kind is count, change, amount, number, percent, money, text, choice or date, found 'sum'"],
        ),
        (
            "{edition: x, years: [1, 2], title: t, sections: [{key: a, heading: b, table: c}], tables: [{key: c, blocks:"
            " [{columns: [{key: n, label: 数}], rows: [{key: r, label: 行}]}]}],"
            " rules: [{code: X, label: l, table: c, per: row, left: [m], right: [n]}]}",
            ["rule X", "nothing is called 'm'; there is n"],
        ),
    ],
)  # fmt: skip
def test_a_wrong_form_is_told_with_its_file_and_its_place(tmp_path, text, words):
    path = tmp_path / "form.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormError) as error:
        load_form(path)
    assert [word for word in [str(path), *words] if word not in str(error.value)] == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("{year}年度{jurisdiction}政府信息公开工作年度报告", "政府信息公开工作年度报告"),
        ("Annual Report of the Town of {jurisdiction}, {year}", "Annual Report of the Town"),
        ("Report of the {jurisdiction} Library for {year}", "Report of the Library"),
        ("{jurisdiction}: {year}", "x"),
    ],
)
def test_a_form_is_called_as_its_reports_are_without_town_and_year(title, name):
    assert Form("x", "", (2020, None), title, "", (), ()).name == name


def test_a_form_under_the_name_of_an_official_one_is_not_used(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "{edition: '2019', years: [2019, null], title: t, sections: []}", encoding="utf-8"
    )
    forms = load_forms(tmp_path)
    assert (forms["2019"], forms.wrong("2019")) == (shipped_forms()["2019"], "")
    assert ["exists already" in broken.reason for broken in forms.broken] == [True]
