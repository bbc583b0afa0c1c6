"""The finished page in a browser: accessible, on a phone, on paper, silent, and by itself."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.batch import Outcome
from reportkit.exporters import HtmlReportExporter
from reportkit.report.tables import style_table
from support.repository import SUQIAN

pytestmark = pytest.mark.browser


def analyst_notebook() -> Any:
    """What an analyst may add: bare and styled DataFrames (twice), pictures, Markdown, output, an error."""
    frame = pd.DataFrame({"单位": ["桑洲镇", "黄坛镇"], "件数": [12, 34]})
    grouped = frame.set_index([frame["单位"], frame["件数"] // 10]).rename_axis(["镇", "十"])
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="30" height="10"/></svg>'
    styled = frame.style.set_uuid("x").highlight_max(subset=["件数"]).to_html()
    shown = ["<h1>题目</h1>", frame.to_html(), styled, styled, grouped.to_html(), "<h4>跳级标题</h4><h1>又一题目</h1>"]
    outputs = [new_output("display_data", data={"text/html": text}) for text in shown]
    outputs += [
        new_output("display_data", data={"image/svg+xml": svg}),
        new_output("stream", name="stdout", text="x" * 300),
        new_output("error", ename="ValueError", evalue="坏", traceback=[]),
    ]
    markdown = (
        "# 附录\n\n正文[链接](https://www.gov.cn/)。\n\n- 甲\n  1. 乙\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> 引文\n"
    )
    cell = new_code_cell("", outputs=outputs, metadata={"tags": ["raises-exception"]})
    return new_notebook(cells=[cell, new_markdown_cell(markdown)])


@pytest.fixture(scope="module", params=["桑洲镇", "宿迁市", "analyst", "letter"])
def address(request: pytest.FixtureRequest, built: dict[str, Outcome], tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param in built:
        (page,) = [path for path in built[request.param].files if path.suffix == ".html"]
        return page.as_uri()
    path = tmp_path_factory.mktemp("page") / "report.html"
    style = "letter" if request.param == "letter" else ""
    path.write_text(HtmlReportExporter(style=style).from_notebook_node(analyst_notebook())[0], encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def requests() -> list[str]:
    return []


@pytest.fixture
def leaf(page: Any, address: str, requests: list[str], request: pytest.FixtureRequest) -> Any:
    page.set_viewport_size({"width": getattr(request, "param", 1280), "height": 800})
    page.on("request", lambda sent: requests.append(sent.url))
    page.goto(address)
    return page


@pytest.mark.parametrize("leaf", [1280, 375, 360, 320], indirect=True)
def test_axe_finds_no_violation(leaf: Any, axe: Any) -> None:
    assert axe(leaf) == []


@pytest.mark.parametrize("leaf", [1280, 360], indirect=True)
def test_it_is_kept_as_a_picture(leaf: Any, shot: Any, request: pytest.FixtureRequest) -> None:
    name, width = request.node.callspec.params["address"], leaf.viewport_size["width"]
    assert shot(leaf, f"page-{name}-{width}").stat().st_size > 10_000


@pytest.mark.parametrize("leaf", [360], indirect=True)
def test_a_phone_scrolls_tables_and_not_the_page(leaf: Any) -> None:
    assert leaf.evaluate("document.documentElement.scrollWidth") <= 360
    boxes = leaf.evaluate("[...document.querySelectorAll('.table-box')].map(box => box.getBoundingClientRect().right)")
    assert boxes
    assert max(boxes) <= 360


def test_the_file_itself_is_all_that_is_fetched(leaf: Any, address: str, requests: list[str]) -> None:
    leaf.wait_for_load_state("networkidle")
    assert [sent for sent in requests if not sent.startswith("data:")] == [address]


def test_it_prints_on_the_paper_of_its_style(leaf: Any) -> None:
    paper = {"zh-CN": [210, 297], "en-US": [216, 279]}[leaf.locator("html").get_attribute("lang")]
    reader = pypdf.PdfReader(io.BytesIO(leaf.pdf(prefer_css_page_size=True)))
    assert len(reader.pages) >= 1
    for sheet in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == paper


def test_the_console_stays_silent(page: Any, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert said == []


@pytest.fixture(params=["桑洲镇", "宿迁市"])
def report(page: Any, built: dict[str, Outcome], request: pytest.FixtureRequest) -> Any:
    """A statutory report; a test sets the width of the screen."""
    (path,) = [path for path in built[request.param].files if path.suffix == ".html"]
    page.goto(path.as_uri())
    return page


FILL = "text => document.querySelectorAll('td').forEach(cell => cell.textContent = text)"
WIDTHS = "() => [...document.querySelectorAll('.table-box')].map(box => [box.scrollWidth - box.clientWidth, box.scrollWidth])"
# The lines of each head, as they are broken on the screen.
LINES = """() => [...document.querySelectorAll('th')].map(head => {
    const lines = {}, range = document.createRange(), texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
        for (let at = 0; at < text.length; at++) {
            range.setStart(text, at); range.setEnd(text, at + 1);
            const top = Math.round(range.getBoundingClientRect().top);
            lines[top] = (lines[top] || '') + text.data[at];
        }
    return Object.values(lines).join('/');
})"""


@pytest.mark.parametrize("width", [900, 1024, 1280, 1920])
@pytest.mark.parametrize("figure", ["0", "1234567"])
def test_all_columns_are_seen_without_scrolling_from_900_pixels_on(report: Any, width: int, figure: str) -> None:
    report.set_viewport_size({"width": width, "height": 800})
    report.evaluate(FILL, figure)
    assert [over for over, _ in report.evaluate(WIDTHS)] == [0, 0, 0]
    assert report.evaluate("document.documentElement.scrollWidth") <= width


def test_a_longer_figure_is_scrolled_to_and_never_broken(report: Any) -> None:
    report.set_viewport_size({"width": 900, "height": 800})
    report.evaluate(FILL, "123456789012")
    assert report.evaluate(WIDTHS)[2][0] > 0
    assert (
        report.evaluate("Math.max(...[...document.querySelectorAll('td')].map(c => c.scrollWidth - c.clientWidth))")
        <= 0
    )


@pytest.mark.parametrize("width", [320, 375, 768])
def test_heads_are_broken_between_words(report: Any, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 800})
    lines = report.evaluate(LINES)
    assert lines.count("结果/维持") == 3
    assert lines.count("尚未/审结") == 3
    assert {"社会/公益/组织", "法律/服务/机构", "科研/机构"} <= set(report.evaluate(LINES))
    report.set_viewport_size({"width": 1280, "height": 800})
    assert report.evaluate(LINES).count("结果维持") == 3


@pytest.mark.parametrize("width", [320, 375])
def test_on_a_phone_each_label_stands_beside_the_total(report: Any, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 800})
    places = report.evaluate("""() => {
        const box = document.querySelectorAll('.table-box')[1], view = box.getBoundingClientRect();
        box.scrollLeft = 9999;
        return [...box.querySelectorAll('tbody tr')].map(row => {
            const label = row.querySelector('th[scope=row]').getBoundingClientRect();
            const total = row.lastElementChild.getBoundingClientRect();
            return [label.left - view.left, total.left - label.right, view.right - total.right];
        });
    }""")
    assert len(places) in (23, 25)  # the editions of 2019 and 2021
    for label, between, total in places:
        assert label >= -1
        assert between >= 0
        assert total >= -1


def test_no_printed_page_is_nearly_empty_but_the_last(report: Any) -> None:
    sheets = pypdf.PdfReader(io.BytesIO(report.pdf(prefer_css_page_size=True))).pages
    lines = [len(sheet.extract_text().splitlines()) for sheet in sheets]
    assert min(lines[:-1]) >= 15, lines


STYLES = {
    "background-color": "rgb(255, 255, 0)", "font-weight": "700", "text-align": "right", "vertical-align": "top",
    "padding-left": "9px", "border-top-style": "dashed", "color": "rgb(0, 0, 255)",
}  # fmt: skip


def test_what_an_analyst_sets_outranks_the_looks_of_the_page(page: Any, tmp_path: Any, styled_table: str) -> None:
    frame = pd.DataFrame({"件数": [12]}).style.set_uuid("y").set_properties(**STYLES).to_html()
    outputs = [new_output("display_data", data={"text/html": text}) for text in (styled_table, frame)]
    path = tmp_path / "report.html"
    notebook = new_notebook(cells=[new_code_cell("", outputs=outputs)])
    path.write_text(HtmlReportExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    page.goto(path.as_uri())
    for cell in ("#T_reviews_row0_col0", "#T_y_row0_col0"):
        assert page.locator(cell).evaluate(SHOWN, list(STYLES)) == STYLES
    assert page.locator("#T_reviews th").first.evaluate(SHOWN, ["text-align"]) == {"text-align": "left"}


SHOWN = "(cell, names) => Object.fromEntries(names.map(name => [name, getComputedStyle(cell).getPropertyValue(name)]))"


@pytest.fixture
def styled_table(project: Any) -> str:
    table = style_table(project.read(SUQIAN), "reviews").set_properties(subset=["review.upheld"], **STYLES)
    return str(table.set_table_styles([{"selector": "th", "props": "text-align:left"}]).to_html())
