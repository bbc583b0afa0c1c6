"""The preview in a browser: it opens, follows each save, tells errors with their place, and shows the PDF's pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportkit.preview.auth import opening_file
from support.languages import CHINESE
from support.offices import GOOD, office

pytestmark = pytest.mark.browser

FRAME = "iframe:not(.next)"
NASTY = '机构</script><img src=x onerror="document.title=1">方面'


Started = tuple[Callable[[], str], Path]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """What gives the next address of a running preview, and the parameter file that it follows."""
    project = office(tmp_path_factory.mktemp("office"), "桑洲镇")
    command = [sys.executable, "-m", "reportkit", "preview", "桑洲镇", "--no-browser"]
    with subprocess.Popen(
        command,
        cwd=project.root,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **CHINESE},
    ) as running:
        lines = running.stdout
        assert lines

        def address() -> str:
            return next(found[0] for line in lines if (found := re.search(r"http://\S+", line)))

        yield address, project.params / "2019/宁海县/桑洲镇.yaml"
        running.terminate()
        assert running.wait(10) == 0


@pytest.fixture
def params(started: Started) -> Iterator[Path]:
    started[1].write_text(GOOD, encoding="utf-8")
    yield started[1]
    started[1].write_text(GOOD, encoding="utf-8")


@pytest.fixture
def said() -> list[str]:
    """What the console and failed requests told."""
    return []


@pytest.fixture
def preview(page: Any, started: Started, params: Path, said: list[str], request: pytest.FixtureRequest) -> Any:
    """The page, open, with the report as it is in the repository."""
    assert params.read_text(encoding="utf-8") == GOOD
    page.set_viewport_size({"width": getattr(request, "param", 1280), "height": 800})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(started[0]())
    page.frame_locator(FRAME).get_by_text("机构建设方面").wait_for()
    page.locator("#state", has_text="已更新").wait_for()
    return page


def save(params: Path, old: str, new: str) -> None:
    assert old in GOOD
    params.write_text(GOOD.replace(old, new), encoding="utf-8")


both_widths = pytest.mark.parametrize("preview", [1280, 360], indirect=True)


@both_widths
def test_it_shows_the_report_and_axe_finds_no_violation(
    preview: Any, axe: Callable[..., Any], shot: Callable[..., Path], said: list[str]
) -> None:
    assert preview.title() == "桑洲镇 2019 年 · 报告预览"
    shot(preview, f"preview-page-{preview.viewport_size['width']}")
    assert axe(preview) == []
    preview.locator("summary").click()
    assert axe(preview) == []
    assert said == []


def test_what_is_saved_appears_by_itself_where_the_reader_was(preview: Any, params: Path) -> None:
    preview.frame_locator(FRAME).locator("h2").last.scroll_into_view_if_needed()
    before = preview.evaluate(f"document.querySelector('{FRAME}').contentWindow.scrollY")
    save(params, "机构建设方面", "机构换词方面")
    preview.frame_locator(FRAME).get_by_text("机构换词方面").wait_for()
    assert preview.evaluate(f"document.querySelector('{FRAME}').contentWindow.scrollY") == before > 500


@both_widths
def test_an_error_appears_with_its_line_and_goes_when_it_is_mended(
    preview: Any, params: Path, axe: Callable[..., Any], shot: Callable[..., Path]
) -> None:
    params.write_text(f"{GOOD}\n<b>foreword</b>: 1\n", encoding="utf-8")
    preview.locator("#errors li").wait_for()
    line = GOOD.count("\n") + 2
    assert preview.locator("#errors .place").inner_text().strip() == f"params/2019/宁海县/桑洲镇.yaml:{line}"
    assert "<b>foreword</b>" in preview.locator("#errors .message").inner_text()
    assert preview.locator("#errors .code").inner_text() == "Y5"
    assert preview.locator("#old").is_visible()
    assert preview.frame_locator(FRAME).get_by_text("机构建设方面").count() == 1
    shot(preview, f"preview-error-{preview.viewport_size['width']}")
    assert axe(preview) == []
    params.write_text(GOOD, encoding="utf-8")
    preview.locator("#errors").wait_for(state="hidden")
    assert not preview.locator("#old").is_visible()


@both_widths
def test_the_pages_of_the_pdf_are_shown_and_follow_each_save(
    preview: Any, params: Path, axe: Callable[..., Any], shot: Callable[..., Path]
) -> None:
    preview.locator("#sheets").focus()
    preview.keyboard.press("Enter")
    preview.locator(".sheets img").first.wait_for()
    pages = preview.locator(".sheets img")
    assert [pages.nth(number).get_attribute("alt") for number in range(5)] == [
        f"第 {number} 页，共 5 页" for number in range(1, 6)
    ]
    assert preview.locator("#sheets").get_attribute("aria-pressed") == "true"
    assert preview.evaluate("document.documentElement.scrollWidth") <= preview.viewport_size["width"]
    shot(preview, f"preview-sheets-{preview.viewport_size['width']}")
    assert axe(preview) == []
    first = pages.first.get_attribute("src")
    save(params, "机构建设方面", "机构换词方面")
    preview.wait_for_selector(f".sheets img:first-child:not([src='{first}'])")
    preview.reload()
    preview.locator(".sheets img").first.wait_for()


def test_a_towns_text_is_text(preview: Any, params: Path) -> None:
    save(params, "机构建设方面", NASTY)
    preview.frame_locator(FRAME).get_by_text(NASTY).wait_for()
    assert preview.title() == "桑洲镇 2019 年 · 报告预览"
    assert preview.frame_locator(FRAME).locator("img, script").count() == 0


def test_it_tells_that_the_preview_has_ended_and_finds_it_again(preview: Any, params: Path) -> None:
    preview.context.set_offline(True)
    preview.route("**/events**", lambda route: route.abort())
    preview.locator("#html").click()
    preview.locator("#state.bad", has_text="连接断开").wait_for()
    preview.context.set_offline(False)
    preview.unroute("**/events**")
    preview.locator("#state", has_text="已更新").wait_for()
    save(params, "机构建设方面", "机构又换词方面")
    preview.frame_locator(FRAME).get_by_text("机构又换词方面").wait_for()


def test_a_reload_shows_it_again_and_another_browser_needs_an_address_of_its_own(preview: Any, browser: Any) -> None:
    preview.reload()
    preview.locator("#state", has_text="已更新").wait_for()
    stranger = browser.new_context().new_page()
    stranger.goto(preview.url)
    assert "还没有打开过预览" in stranger.inner_text("body")


def test_the_file_that_the_command_opens_leads_to_it(page: Any, started: Started, tmp_path: Path) -> None:
    address = started[0]()
    page.goto(opening_file(tmp_path, address).as_uri())
    page.frame_locator(FRAME).get_by_text("机构建设方面").wait_for()
    page.goto(address)
    assert "已经用过" in page.inner_text("body")
