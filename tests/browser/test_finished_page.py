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
    return new_notebook(cells=[new_code_cell("", outputs=outputs), new_markdown_cell(markdown)])


@pytest.fixture(scope="module", params=["桑洲镇", "宿迁市", "analyst"])
def address(request: pytest.FixtureRequest, built: dict[str, Outcome], tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param in built:
        (page,) = [path for path in built[request.param].files if path.suffix == ".html"]
        return page.as_uri()
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(HtmlReportExporter().from_notebook_node(analyst_notebook())[0], encoding="utf-8")
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


@pytest.mark.parametrize("leaf", [1280, 360], indirect=True)
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


def test_it_prints_on_a4(leaf: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(leaf.pdf(prefer_css_page_size=True)))
    assert len(reader.pages) >= 1
    for sheet in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]


def test_the_console_stays_silent(page: Any, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert said == []
