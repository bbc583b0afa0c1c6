"""The official tables as Stylers: merged heads and stubs, values as written."""

import copy
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, Origin
from reportkit.exporters.sanitize import clean
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Block, Form, Header, Section, Table
from reportkit.params.reader import read_params
from reportkit.report.tables import style_table, table_frame
from support.html_tables import Cell, grid, page
from support.laws import examples
from support.repository import SUQIAN
from support.synthetic import filings

FORMS = shipped_forms()


@pytest.fixture(scope="module")
def suqian() -> Filing:
    return read_params(SUQIAN, FORMS)


def only_table(html: str):
    (table,) = page(html).iter("table")
    return table


def test_a_frame_has_the_keys_and_the_numbers(suqian):
    frame = table_frame(suqian, "requests")
    assert frame.shape == (25, 7)
    assert frame.loc["outcome.total", "total"] == 3486
    assert frame["total"].sum() == 3511 + 96 + 3486 * 2 + 121
    assert table_frame(suqian, "proactive").loc["licences"].to_dict() == {
        "issued": None, "repealed": None, "in_force": None, "decisions": Figure(1808595), "amount": None
    }  # fmt: skip


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("key", ["proactive", "requests", "reviews"])
def test_every_printed_cell_stands_in_the_html_with_its_spans(edition, key):
    form = FORMS[edition]
    values = {ref: Figure(number) for number, ref in enumerate(form.tables[key].cells)}
    filing = Filing(form, "甲镇", form.years[0], "甲镇", values, {}, Origin("x"))
    printed = [
        [Cell(cell.label or str(values[cell.ref]), cell.rowspan, cell.colspan) for cell in row]
        for block in form.tables[key].grid
        for row in block
    ]
    shown = grid(only_table(style_table(filing, key).to_html()))
    assert [[cell for cell in row if cell] for row in shown] == printed


def test_header_cells_have_a_scope_and_heads_stand_in_thead(suqian):
    table = only_table(style_table(suqian, "requests").to_html())
    assert {th.get("scope") for th in table.iter("th")} == {"col", "colgroup", "row", "rowgroup"}
    assert len(table.findall("thead/tr")) == 3
    assert table.findtext("caption") == "收到和处理政府信息公开申请情况"
    assert table.get("id") == "T_requests"


def test_blocks_with_heads_of_their_own_are_bodies_of_their_own(suqian):
    table = only_table(style_table(suqian, "proactive").to_html())
    assert [len(body.findall("tr")) for body in table.findall("tbody")] == [4, 3, 4, 3]
    assert table.find("thead") is None


def test_the_same_filing_gives_the_same_bytes(suqian):
    assert style_table(suqian, "requests").to_html() == style_table(suqian, "requests").to_html()


def test_labels_and_figures_cannot_become_markup():
    hostile = "<script>alert(1)</script>"
    table = Table("t", hostile, (Block("", hostile, (Header("c", hostile),), (Header("r", hostile),)),))
    form = Form("x", "", (2020, None), "t", (Section("s", "s", table, {}),), ())
    filing = Filing(form, "甲", 2020, "甲", {CellRef("t", "r", "c"): Figure(1, hostile)}, {}, Origin("x"))
    html = style_table(filing, "t").to_html()
    assert "<script" not in html
    assert grid(only_table(html)) == [[Cell(hostile, 1, 1)] * 2] * 2


def test_an_analyst_can_style_it_like_any_styler(suqian):
    styler = style_table(suqian, "reviews").map(lambda value: "font-weight: bold" if value == 440 else "")
    html = styler.to_html()
    (cell,) = [td for td in only_table(html).iter("td") if td.text == "440"]
    assert f"#{cell.get('id')}" in html.split("</style>")[0]


def test_it_is_a_pandas_styler_that_a_notebook_shows(suqian):
    styler = style_table(suqian, "reviews")
    assert isinstance(styler, pd.io.formats.style.Styler)
    assert 'id="T_reviews"' in styler._repr_html_()


@given(st.data())
@settings(max_examples=examples(30), deadline=None)
def test_a_table_that_nobody_styled_is_shown_as_pandas_shows_it(data):
    form = FORMS[data.draw(st.sampled_from(["2019", "2021"]))]
    filing = data.draw(filings(form))
    values = {ref: figure for ref, figure in filing.values.items() if data.draw(st.booleans())}
    for key in form.tables:
        shown = style_table(replace(filing, values=values), key)
        styled = style_table(replace(filing, values=values), key)
        assert styled.data.shape  # asked for, so it is a Styler from here on
        assert shown._repr_html_() == styled._repr_html_() == styled.to_html()


def test_a_table_is_a_styler_as_soon_as_something_of_it_is_set_or_asked_for(suqian):
    assert "own caption" in style_table(suqian, "reviews").set_caption("own caption")._repr_html_()
    table = style_table(suqian, "reviews")
    table.caption = "own caption"
    assert "own caption" in table._repr_html_()
    assert copy.copy(style_table(suqian, "reviews")).to_html() == style_table(suqian, "reviews").to_html()
    with pytest.raises(AttributeError, match="no attribute 'coulmns'"):
        style_table(suqian, "reviews").coulmns  # noqa: B018


def test_an_option_of_pandas_counts(suqian):
    assert style_table(suqian, "reviews")._repr_html_()
    with pd.option_context("styler.html.mathjax", False):
        assert "tex2jax_ignore" in style_table(suqian, "reviews").to_html()
    with pd.option_context("styler.render.repr", "latex"):
        assert style_table(suqian, "reviews")._repr_html_() is None


def test_an_analyst_can_format_and_mark_cells(suqian):
    styler = style_table(suqian, "reviews").format("{}件", subset=["review.total"])
    styler.set_td_classes(pd.DataFrame("mark", index=["cases"], columns=["review.total"])).set_uuid("own")
    cells = list(only_table(styler.to_html(table_attributes='lang="zh"')).iter("td"))
    assert [td.text for td in cells if "mark" in td.get("class")] == ["440件"]
    assert cells[0].text == "309"
    assert only_table(styler.to_html()).get("id") == "T_own"


STYLES = {
    "map": lambda table: table.map(lambda _: "color: red"),
    "apply": lambda table: table.apply(lambda row: ["color: red"] * len(row), axis=1),
    "set_properties": lambda table: table.set_properties(color="red"),
    "highlight_max": lambda table: table.highlight_max(axis=None),
    "highlight_between": lambda table: table.highlight_between(left=400, right=500),
    "background_gradient": lambda table: table.background_gradient(axis=None),
    "text_gradient": lambda table: table.text_gradient(axis=None),
}


@pytest.mark.parametrize("way", STYLES)
def test_a_style_of_pandas_has_its_rule_by_id_and_nothing_in_the_cell_outranks_it(suqian, way):
    html = STYLES[way](style_table(suqian, "reviews")).to_html()
    (cell,) = [td for td in only_table(html).iter("td") if td.text == "440"]
    rules, _, _ = html.partition("</style>")
    assert f"#{cell.get('id')}" in rules
    assert "style" not in cell.attrib


def test_rules_of_an_analyst_stand_after_base_looks_that_name_no_id(suqian):
    rule = {"selector": "td", "props": "text-align: left"}
    html = style_table(suqian, "reviews").set_table_styles([rule]).to_html()
    base, own, _ = html.partition("#T_reviews td {")
    assert own
    assert "#" not in base
    assert 'style="' not in html.partition("</style>")[2]


def test_a_blank_cell_stays_blank_whatever_the_format(suqian):
    table = style_table(replace(suqian, values={}), "reviews").format("{} 件")
    assert {cell.text or "" for cell in only_table(table.to_html()).iter("td")} == {""}


def test_a_caption_of_ones_own_is_seen_and_the_forms_is_not(suqian):
    assert only_table(style_table(suqian, "reviews").to_html()).find("caption").get("class") == "visually-hidden"
    caption = only_table(style_table(suqian, "reviews").set_caption("甲 < 乙").to_html()).find("caption")
    assert (caption.text, caption.get("class")) == ("甲 < 乙", None)


def test_nothing_inline_outranks_a_class_of_ones_own(suqian):
    classes = pd.DataFrame("mark", index=["cases"], columns=["review.total"])
    html = style_table(suqian, "reviews").set_td_classes(classes).to_html()
    assert 'style="' not in html.partition("</style>")[2]


def test_a_class_of_ones_own_stands_beside_the_forms(suqian):
    table = only_table(style_table(suqian, "reviews").set_table_attributes('class="mine" lang="zh"').to_html())
    assert (table.get("class"), table.get("lang")) == ("form-table mine", "zh")


def test_borders_stand_in_the_cells_for_notebooks_whose_style_sheets_are_stripped_and_not_on_a_page(suqian):
    html = style_table(suqian, "reviews")._repr_html_()
    cells = list(only_table(html).iter("th", "td"))
    assert {cell.get("style") for cell in cells} == {"border:1px solid;text-align:center"}
    assert {element.get("style") for element in clean(html).iter("th", "td", "tr")} == {None}


def test_a_style_of_a_rows_label_has_its_rule_by_id(suqian):
    styled = style_table(suqian, "requests").map_index(lambda key: "color: red" if key == "outcome.total" else "")
    html = styled.to_html()
    (label,) = [th for th in only_table(html).iter("th") if th.get("id")]
    assert (label.text, label.get("style")) == ("（七）总计", None)
    assert f"#{label.get('id')} {{" in html
    with pytest.raises(ValueError, match="set_table_styles"):
        style_table(suqian, "requests").map_index(lambda _: "color: red", axis="columns").to_html()


def test_a_column_of_the_form_cannot_be_hidden(suqian):
    for hidden in ({"subset": ["review.total"], "axis": "columns"}, {"axis": "columns"}, {"axis": "index"}):
        with pytest.raises(ValueError, match="all the columns"):
            style_table(suqian, "reviews").hide(**hidden).to_html()


def test_a_row_of_the_form_cannot_be_hidden(suqian):
    with pytest.raises(ValueError, match="rows of its form"):
        style_table(suqian, "requests").hide(["outcome.total"], axis="index").to_html()
