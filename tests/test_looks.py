"""What a Styler or a style attribute asks of a table is what the PDF's cells are given, and what it hides is nowhere."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from reportkit.exporters import html_page, pdf_file, read_content
from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.content import Content
from reportkit.exporters.sanitize import clean
from reportkit.exporters.stylesheets import Looks, colour, read_rules

FRAME = pd.DataFrame([[1, 2], [3, 4]], index=["甲", "乙"], columns=["上", "下"])


def content(html: str) -> Content:
    outputs = [new_output("display_data", data={"text/html": part}) for part in ("<h1>题</h1>", html)]
    return read_content(new_notebook(cells=[new_code_cell("", outputs=outputs, id="c")]))


def cells(html: str) -> dict[str, dict[str, Any]]:
    """The looks of a table's cells by their text, with their alignment; plain cells are left out."""
    made = content(html)
    reader = BlockReader(made.styles)
    blocks = [block for fragment in made.fragments for block in reader.read(fragment.root, "c")]
    (table,) = (block for block in blocks if block["kind"] == "table")
    found = {}
    for cell in (cell for part in table["parts"] for row in part["rows"] for cell in row):
        look = cell["look"] | ({"align": cell["align"]} if cell["align"] else {})
        if look and cell["text"]:
            found[cell["text"]] = look
    return found


def styled(**calls: Any) -> Any:
    styler = FRAME.style.set_uuid("x")
    for name, argument in calls.items():
        styler = getattr(styler, name)(argument)
    return styler


def test_a_styler_gives_its_cells_their_looks() -> None:
    def look(value: int) -> str:
        return (
            "background-color: YELLOW; color: rgb(255, 0, 0); font-weight: 700; text-align: right" if value > 3 else ""
        )

    assert cells(styled(map=look).to_html()) == {
        "4": {"fill": "#ffff00", "color": "#ff0000", "weight": "bold", "align": "right"}
    }
    assert cells(FRAME.style.set_uuid("x").set_properties(subset=["下"], **{"font-style": "italic"}).to_html()) == {
        "2": {"style": "italic"},
        "4": {"style": "italic"},
    }
    assert cells(styled().highlight_max(props="text-decoration: line-through").to_html()) == {
        "3": {"line": "strike"},
        "4": {"line": "strike"},
    }
    gradient = cells(styled().background_gradient(cmap="Reds").to_html())
    assert gradient["1"]["fill"] == "#fff5f0"
    assert gradient["4"]["color"] == "#f1f1f1"


RULES = [
    ({"selector": "td", "props": "color: red"}, {"1", "2", "3", "4"}),
    ({"selector": "th.col_heading", "props": "color: red"}, {"上", "下"}),
    ({"selector": "th:not(.col_heading)", "props": "color: red"}, {"甲", "乙"}),
    ({"selector": "tbody tr:nth-child(even)", "props": "color: red"}, {"乙", "3", "4"}),
    ({"selector": "tr:nth-child(2n+1) > td", "props": "color: red"}, {"1", "2"}),
    ({"selector": ".row1", "props": "color: red"}, {"乙", "3", "4"}),
    ({"selector": "td:hover", "props": "color: red"}, set()),
    ({"selector": "td:last-child, th:first-child", "props": "color: red"}, {"甲", "乙", "2", "4"}),
    ({"selector": "", "props": "color: red"}, {"上", "下", "甲", "乙", "1", "2", "3", "4"}),
]


@pytest.mark.parametrize(("rule", "hit"), RULES)
def test_the_selectors_of_a_table(rule: Any, hit: set[str]) -> None:
    assert cells(styled(set_table_styles=[rule]).to_html()) == {text: {"color": "#ff0000"} for text in hit}


def test_what_is_said_of_a_cell_outranks_what_is_said_of_all() -> None:
    every = "text-align: center; font-weight: normal; background: none"
    base = [{"selector": "th, td", "props": every}, {"selector": "tr", "props": "background: none"}]
    styler = FRAME.style.set_uuid("x").set_table_styles(base)
    assert cells(styler.to_html()) == {}
    styler.map(lambda value: "background: #ff0; text-align: right; font-weight: bold" if value == 1 else "")
    assert cells(styler.to_html()) == {"1": {"fill": "#ffff00", "align": "right", "weight": "bold"}}
    later = (
        "<style>#t td {color: red} #c {color: blue} td {color: green !important} :where(#t) .k {color: black}</style>"
    )
    assert cells(f"{later}<table id=t><tr><td id=c>甲</td></tr></table>") == {"甲": {"color": "#008000"}}


def test_the_looks_of_a_table_without_styles() -> None:
    assert cells(FRAME.to_html()) == {}  # pandas sets heads from the right there
    row = "<tr style='background: #eee; font-weight: bold'><td style='color: #C00'>甲</td><td style='background: #fff'>乙</td></tr>"
    assert cells(f"<table>{row}</table>") == {
        "甲": {"fill": "#eeeeee", "weight": "bold", "color": "#cc0000"},
        "乙": {"fill": "#ffffff", "weight": "bold"},
    }


def test_colours() -> None:
    shown = {
        "red": "#ff0000", "#abc": "#aabbcc", "#00000080": "#7f7f7f", "rgba(255, 0, 0, 0.5)": "#ff8080",
        "hsl(120, 100%, 25%)": "#008000", "transparent": "none", "rgb(0 0 0 / 0)": "none", "currentcolor": "", "bogus": "",
        "rebeccapurple": "#663399",
    }  # fmt: skip
    assert {value: colour(value) for value in shown} == shown


@given(st.text(alphabet="#.tdx0,:{}()@;!a> \n*/[]\\'\"", max_size=80))
def test_no_style_sheet_is_refused(css: str) -> None:
    root = clean("<table><tr><td id=x class='d t'>甲</td></tr></table>")
    read_rules(css)
    Looks([css, css + "color:red}"]).of(root.find(".//td"))


def test_a_style_sheet_without_end_is_read_in_a_moment() -> None:
    for css in (
        "{" * 10**5,
        "a" * 10**5,
        "a," * 10**4 + "b{color:red}",
        ":not(" * 10**4,
        "#T_x_row0_col0, " * 10**4 + "{x",
        "/*" * 10**5,
    ):
        read_rules(css)


def columns(html: str) -> list[list[str]]:
    (table,) = content(html).fragments[1].root.iter("table")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]


def test_a_hidden_column_is_in_no_file() -> None:
    frame = pd.DataFrame([[1, 2, 37]], columns=pd.MultiIndex.from_tuples([("甲", "a"), ("甲", "b"), ("乙", "c")]))
    styler = frame.style.set_uuid("x").set_table_styles([{"selector": ".col1", "props": "display: none"}])
    made = content(styler.to_html())
    assert columns(styler.to_html()) == [["", "甲", "乙"], ["", "a", "c"], ["0", "1", "37"]]
    assert "colspan" not in html_page(made).decode().split("<main")[1]
    assert "b" not in "".join(
        leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(pdf_file(made, False))
    )
    assert columns(frame.style.hide(axis="index").hide(axis="columns", subset=[("甲", "a")]).to_html()) == [
        ["甲", "乙"],
        ["b", "c"],
        ["2", "37"],
    ]


def test_a_cell_that_is_hidden_alone_leaves_its_place_empty() -> None:
    row = "<tr><th>行</th><td style='visibility: hidden'>1</td><td style='display: none'>2</td><td>3</td></tr>"
    assert columns(f"<table><tr><th>a</th><th>b</th><th>c</th><th>d</th></tr>{row}</table>")[1] == ["行", "", "", "3"]
    hidden = "<style>.off {display: none} .veil {visibility: hidden}</style>"
    rows = "<tr class=off><td>1</td></tr><tr><td>2<span class=veil>8</span></td></tr>"
    assert columns(f"{hidden}<table>{rows}</table>") == [["2"]]
    assert "密" not in content(f"{hidden}<p>公开<b class=off>密</b></p><div style='display:none'>密</div>").text


def test_a_rule_that_counts_hides_what_it_counted() -> None:
    rows = "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>" * 2
    for rule in "td:nth-child(2)", "tr > td:nth-child(2)":
        assert columns(f"<style>{rule} {{display: none}}</style><table>{rows}</table>") == [["1", "3", "4"]] * 2
    one = "<style>tr:first-child td:nth-child(2) {visibility: hidden}</style>"
    assert columns(f"{one}<table>{rows}</table>") == [["1", "", "3", "4"], ["1", "2", "3", "4"]]


def test_looks_are_seen_on_the_page() -> None:
    body = pdf_file(content(styled(map=lambda _: "background-color: #ffff00; color: #ff0000").to_html()), False)
    picture = pypdfium2.PdfDocument(body)[0].render(scale=4).to_numpy()
    for blue_green_red in (0, 255, 255), (0, 0, 255):  # yellow and red
        assert (picture == blue_green_red).all(axis=2).any()
