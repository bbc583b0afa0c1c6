"""What a cell takes and prints: kinds, units and formats of columns, rows and cells."""

from pathlib import Path

import pytest

from reportkit.errors import CellRef, FormError, Origin
from reportkit.kinds import load_form
from reportkit.messages.figures import check
from reportkit.messages.numbers import cure, expected
from reportkit.model.cell import Cell, Format
from reportkit.model.entries import is_blank, read_value
from reportkit.model.filing import Figure, Filing, Text, with_totals
from reportkit.model.numbers import Refusal
from reportkit.model.printing import printed

NUMBER, SIGNED = Cell("number"), Cell("number", negative=True)
PERCENT, DOLLARS = Cell("percent", negative=True), Cell("money", currency="USD", negative=True)
SITES, DAY = Cell("choice", options=("政府门户网站", "部门网站", "专业网站")), Cell("date")


@pytest.mark.parametrize(
    ("cell", "text", "number", "written"),
    [
        (NUMBER, "2.5", "2.5", "2.5"),
        (NUMBER, "１，２３４．５０", "1234.50", "1234.50"),
        (SIGNED, "(1,379.55)", "-1379.55", "-1379.55"),
        (SIGNED, "（5）", "-5", "-5"),
        (SIGNED, "−5", "-5", "-5"),
        (Cell("change"), "(161)", "-161", "-161"),
        (PERCENT, "4.6%", "0.046", "4.6%"),
        (PERCENT, "4.6", "0.046", "4.6%"),
        (PERCENT, "(9.2%)", "-0.092", "-9.2%"),
        (PERCENT, "(9.2)%", "-0.092", "-9.2%"),
        (Cell("percent", "%"), "4.6%", "0.046", "4.6"),
        (DOLLARS, "$97,120.45", "97120.45", "97120.45"),
        (DOLLARS, "($1,310.20)", "-1310.20", "-1310.20"),
        (DOLLARS, "-$5", "-5", "-5"),
        (DOLLARS, "$-5", "-5", "-5"),
        (DOLLARS, "usd 5", "5", "5"),
        (DOLLARS, "5 USD", "5", "5"),
        (Cell("money", currency="CHF"), "CHF 12.50", "12.50", "12.50"),
        (Cell("amount", negative=True), "-9.2万元", "-9.2", "-9.2万元"),
    ],
)
def test_a_number_is_read_as_it_is_meant(cell, text, number, written):
    figure = read_value(text, cell)
    assert (str(figure + 0), figure.text) == (number, written)


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (NUMBER, "-1", "V2"),
        (NUMBER, "(1)", "V1"),
        (NUMBER, "2.5天", "V4"),
        (NUMBER, "5%", "V4"),
        (Cell("count"), "5%", "V4"),
        (PERCENT, "5元", "V4"),
        (DOLLARS, "€5", "V1"),
        (DOLLARS, "5%", "V4"),
        (DOLLARS, "--5", "V1"),
        (DOLLARS, "$$5", "V1"),
        (DOLLARS, "", "V1"),
        (SITES, "门户", "V8"),
        (SITES, "☑政府门户网站 ☑部门网站", "V8"),
        (SITES, "□政府门户网站 ☑别的", "V8"),
        (Cell("choice", options=("是", "否")), "☑是否□", "V8"),
        (Cell("choice", options=("是", "否")), "☑", "V8"),
        (DAY, "2024-02-30", "V8"),
        (DAY, "03/04/2024", "V8"),
        (Cell("text"), "长" * 501, "V8"),
    ],
)
def test_what_is_not_certain_is_refused_with_what_to_do(cell, text, code):
    refusal = read_value(text, cell)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, bool(expected(refusal)), bool(cure(refusal))) == (code, True, True)


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Cell("text"), " 0399990001 ", "0399990001"),
        (Cell("text"), "某ICP备\n00000001号", "某ICP备 00000001号"),
        (SITES, "部门网站", "部门网站"),
        (SITES, "□政府门户网站　☑部门网站　□专业网站", "部门网站"),
        (SITES, "√ 专业网站", "专业网站"),
        (Cell("choice", options=("是", "否")), "是☑ 否□", "是"),
        (Cell("choice", options=("是", "否")), "是□　否√", "否"),
        (Cell("choice", options=("Yes", "No")), "yes", "Yes"),
        (DAY, "2024年1月31日", "2024-01-31"),
        (DAY, "2024/1/31", "2024-01-31"),
        (DAY, "January 31, 2024", "2024-01-31"),
        (Cell("date", format=Format(date="{day}/{month}/{year}")), "3/4/2024", "2024-04-03"),
    ],
)
def test_words_an_option_and_a_day_are_read(cell, text, value):
    assert read_value(text, cell) == Text(value)


@pytest.mark.parametrize(
    ("cell", "text", "look", "shown"),
    [
        (SIGNED, "-1379.55", {}, "-1379.55"),
        (SIGNED, "120", {"decimals": 2}, "120.00"),
        (SIGNED, "2345600.5", {"group": True}, "2,345,600.5"),
        (SIGNED, "-1379.55", {"group": True, "negative": "parens"}, "(1,379.55)"),
        (SIGNED, "-0.004", {"decimals": 2, "negative": "parens"}, "0.00"),
        (SIGNED, "0.125", {"decimals": 2}, "0.13"),
        (SIGNED, "7", {"plus": True}, "+7"),
        (Cell("amount"), "12345.6万元", {"decimals": 2, "group": True}, "12,345.60万元"),
        (Cell("count"), "12345", {"decimals": 2, "group": True}, "12,345"),
        (PERCENT, "4.64%", {"decimals": 1}, "4.6%"),
        (PERCENT, "-9.2", {"decimals": 1, "negative": "parens"}, "(9.2%)"),
        (Cell("percent", "%"), "98.6", {"decimals": 1}, "98.6"),
        (DOLLARS, "-1310.2", {"decimals": 2, "symbol": True, "negative": "parens"}, "($1,310.20)".replace(",", "")),
        (Cell("money", currency="CHF"), "5", {"symbol": True}, "CHF5"),
        (SITES, "部门网站", {"boxes": True}, "□政府门户网站　☑部门网站　□专业网站"),
        (DAY, "2024-01-05", {"date": "{year}年{month}月{day}日"}, "2024年1月5日"),
        (DAY, "2024-01-05", {"date": "{monthname} {day}, {year}"}, "January 5, 2024"),
        (DAY, "2024-01-05", {}, "2024-01-05"),
    ],
)
def test_a_value_is_printed_as_the_form_says_and_read_back_as_it_was(cell, text, look, shown):
    cell = cell._replace(format=Format(**look))
    value = read_value(text, cell)
    assert printed(value, cell) == shown
    again = read_value(shown, cell)
    assert again == value or abs(again - value) < Figure(1)


def test_a_blank_is_printed_as_the_form_says_and_read_as_one():
    boxes = SITES._replace(format=Format(boxes=True))
    assert printed(None, boxes) == "□政府门户网站　□部门网站　□专业网站"
    assert printed(None, NUMBER._replace(format=Format(blank="–"))) == "–"
    assert printed(None, NUMBER) == ""
    assert is_blank(printed(None, boxes), boxes)
    assert is_blank("–", NUMBER._replace(format=Format(blank="–")))
    assert not is_blank("–", NUMBER)


FORM = """
edition: e
years: [2020, null]
title: "{jurisdiction} {year}"
sections: [{key: s, heading: Numbers, table: t}]
tables:
  - key: t
    caption: Numbers
    format: {decimals: 2, group: true}
    cells: [{row: b, column: y, kind: choice, options: [yes please, none]}]
    blocks:
      - format: {blank: "-"}
        columns:
          - {key: x, label: X, kind: money, currency: USD, format: {decimals: 0}}
          - label: G
            kind: number
            children: [{key: y, label: Y}, {key: z, label: Z, kind: percent}]
        rows: [{key: a, label: A}, {key: b, label: B, kind: text}, {key: c, label: C, format: {group: false}}]
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    return load_form(path)


def test_the_narrowest_says_what_a_cell_takes_and_how_it_is_printed(tmp_path):
    cells = {(ref.row, ref.column): cell for ref, cell in load(tmp_path, FORM).cells.items()}
    assert cells["a", "x"] == Cell("money", "", "USD", (), False, Format(0, True, blank="-"), ("X",))
    assert cells["a", "y"][:2] == ("number", "")  # from its group
    assert cells["a", "z"].kind == "percent"
    assert cells["b", "x"][:5] == ("text", "", "", (), False)  # a row's kind has not the column's currency
    assert cells["b", "y"].options == ("yes please", "none")
    assert cells["c", "z"].format == Format(2, False, blank="-")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: text", "kind: choice", 18, "B: a choice is between options; add options: [...]"),
        ("kind: text", "kind: money", 18, "B: money is of one currency; add currency: USD"),
        ("kind: text", "kind: text, unit: 天", 18, "B: text has no unit; take it out"),
        ("kind: text", "kind: text, negative: true", 18, "B: text is never negative by this entry"),
        ("kind: text", "options: [a, b]", 18, "B: options belong to kind: choice; say both here"),
        ("kind: text", "kind: choice, options: [a]", 18, "B: one option is no choice"),
        ("kind: text", "kind: choice, options: [a, a]", 18, "B: an option stands there twice"),
        ("kind: text", "kind: choice, options: [☑a, b]", 18, "B: an option is a text without boxes, and not blank"),
        ("row: b, column: y", "row: b, column: w", 10, "t[b, w]: no such cell; the columns of this row are ['x', 'y', 'z']"),
        ("row: b, column: y", "row: w, column: y", 10, "t[w, y]: no such row; there is ['a', 'b', 'c']"),
        ("currency: USD", "currency: $", 14, "currency is the code of a currency in quotes, found '$', three capital letters"),
        ("decimals: 0", "decimals: 10", 14, "decimals is a whole number from 0 to 9, found 10"),
        ("decimals: 0", "negative: red", 14, "negative is minus or parens, found 'red'"),
        ("decimals: 0", 'date: "{day}.{month}."', 14, "date is a text in quotes with places for year, month and day, found"),
        ("decimals: 0", 'blank: "0"', 14, "blank is a text in quotes without digits, found '0', a reader would take it for"),
        ("decimals: 0", "places: 2", 14, "unknown places"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told_at_loading(tmp_path, old, new, line, words):
    with pytest.raises(FormError) as caught:
        load(tmp_path, FORM.replace(old, new, 1))
    assert f"e.yaml:{line}: " in str(caught.value)
    assert words in str(caught.value)


def test_more_decimals_than_are_printed_are_told_once_a_table(tmp_path):
    form = load(tmp_path, FORM)
    values = {
        CellRef("t", "a", "x"): Figure("5.25"), CellRef("t", "a", "y"): Figure("1.005"), CellRef("t", "a", "z"): Figure("0.05", "5%"),
    }  # fmt: skip
    filing = with_totals(Filing(form, "A", 2024, "", values, {}, Origin("a.yaml", 1)))
    told = [issue for issue in check(filing) if issue.code == "F4"]
    assert [(issue.ref, issue.values["count"]) for issue in told] == [(CellRef("t", "a", "x"), 2)]


def test_a_blank_text_is_told_unless_the_form_says_what_stands_there(tmp_path):
    values = {CellRef("t", row, column): Figure("1") for row in ("a", "c") for column in ("x", "y")}
    for text, told in ((FORM, []), (FORM.replace('format: {blank: "-"}', "title: T"), [2 + 3])):
        filing = Filing(load(tmp_path, text), "A", 2024, "", values, {}, Origin("a.yaml", 1))
        assert [issue.values["count"] for issue in check(filing) if issue.code == "B1"] == told
