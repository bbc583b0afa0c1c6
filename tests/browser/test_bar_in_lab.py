"""The bar above a report in JupyterLab: what a person does with it, and what is left of it in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from browser.bar import COPY, MASTER, PARAMS, Bar
from support.copies import change

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CELL, MAGIC = "overview-platform", "%%narrative overview platform"
VIEW = "application/vnd.jupyter.widget-view+json"


def test_what_is_wrong_the_page_and_the_finished_files_are_a_button_away(bar: Bar, screenshots: Path, axe: Any) -> None:
    page = bar.page
    bar.open()
    bar.root.locator(".rk-status", has_text="提醒").wait_for()
    page.screenshot(path=screenshots / "bar.png")
    bar.press("检查")
    bar.root.locator(".rk-issue").first.wait_for()
    bar.press("预览")
    bar.root.locator(".rk-page[data-shown='1']").wait_for(timeout=60_000)
    page.screenshot(path=screenshots / "bar-preview.png")
    assert axe(page, ".rk-reportbar") == []
    shown = page.frame_locator(".rk-frame:not(.rk-behind)").locator("h1")
    assert shown.inner_text() == "2023年度宿迁市政府信息公开工作年度报告"

    words = bar.lab.project / MASTER
    change(words, "other-nothing", "没有其他需要报告的事项。", "没有其他事项。{{ requests.recieved.total }}")
    bar.root.locator(".rk-page-note", has_text="是不是 received").wait_for()
    bar.root.locator(".rk-issue.rk-error", has_text="是不是 received").first.wait_for()
    page.screenshot(path=screenshots / "bar-unknown-name.png")
    change(words, "other-nothing", "{{ requests.recieved.total }}", "")
    bar.root.locator(".rk-page[data-shown='2']").wait_for(timeout=60_000)
    bar.root.locator(".rk-status", has_text="0 个错误").wait_for()

    bar.press("生成")
    links = bar.root.locator(".rk-made a")
    links.first.wait_for(timeout=60_000)
    assert links.all_inner_texts() == ["笔记本", "网页", "PDF"]
    page.screenshot(path=screenshots / "bar-made.png")
    assert axe(page, ".rk-reportbar") == []


def test_a_conflict_is_settled_and_undone_in_the_bar(bar: Bar, screenshots: Path, axe: Any) -> None:
    page, project = bar.page, bar.lab.project
    change(project / MASTER, CELL, "集中发布。", "集中发布。公开电话12345。")
    assert bar.lab.reportkit("edit", "宿迁市", "--no-open").returncode == 0
    change(project / COPY, CELL, "公开电话12345。", "公开电话12345转1。")
    change(project / MASTER, CELL, "公开电话12345。", "公开电话54321。")
    bar.open(COPY)
    bar.press("处理 1 处冲突")
    card = bar.root.locator(".rk-conflict")
    card.wait_for()
    page.screenshot(path=screenshots / "bar-conflict.png")
    assert card.locator("del").all_inner_texts() != []
    assert axe(page, ".rk-reportbar") == []
    card.get_by_role("button", name="自己改写").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("公开电话54321转1。")
    page.screenshot(path=screenshots / "bar-conflict-edit.png")
    card.get_by_role("button", name="采用这段文字").click()
    bar.notice("已处理")
    assert "公开电话54321转1。" in (project / COPY).read_text(encoding="utf-8")
    assert card.count() == 0
    bar.press("撤销")
    bar.root.get_by_role("button", name=COPY).click()
    bar.notice("已退回")
    bar.root.get_by_role("button", name="处理 1 处冲突").wait_for()
    bar.stop()

    bar.lab.open(page, "notebooks/workbench.ipynb")
    bar.lab.run_all(page)
    bench = page.locator(".rk-bench").first
    bench.get_by_label("年度").select_option("2023")
    bench.get_by_role("combobox", name="单位").press_sequentially("宿迁")
    bench.get_by_role("option").filter(has_text="宿迁市").first.click()
    bench.get_by_role("button", name="处理 1 处冲突").click()
    bench.get_by_role("button", name="采用母版").wait_for()
    page.screenshot(path=screenshots / "workbench-conflict.png")
    assert axe(page, ".rk-bench") == []
    bench.get_by_role("button", name="采用母版").click()
    bench.locator(".rk-notice", has_text="已处理").wait_for()
    assert "公开电话54321。" in (project / COPY).read_text(encoding="utf-8")


def test_a_year_is_begun_from_the_one_before(bar: Bar, screenshots: Path) -> None:
    bar.open(year=2024)
    begun = bar.lab.project / PARAMS.replace("2023", "2024")
    bar.page.screenshot(path=screenshots / "bar-no-file.png")
    bar.press("从上年开始")
    bar.notice("已建好")
    assert "2024" in begun.read_text(encoding="utf-8")
    bar.page.screenshot(path=screenshots / "bar-begun.png")
    begun.unlink()


def test_tab_completes_names_in_a_narrative_cell(bar: Bar, screenshots: Path) -> None:
    page = bar.page
    bar.open()
    bar.lab.edit_cell(page, MAGIC, f"{MAGIC}\n全年收到申请{{{{ requests.received.")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer-item", has_text="自然人").first.wait_for()
    page.screenshot(path=screenshots / "bar-tab.png")
    page.keyboard.insert_text("自")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    text = bar.lab.cell(page, MAGIC).locator(".cm-content").inner_text()
    assert text.split("\n")[-1] == "全年收到申请{{ requests.received.自然人"


def test_a_notebook_saved_with_the_bar_has_a_sentence_in_its_place_and_differs_by_nothing_when_run_again(
    bar: Bar, screenshots: Path
) -> None:
    file = bar.lab.project / MASTER
    bar.open()
    bar.lab.save(bar.page)
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    (setup,) = [cell for cell in cells if cell["id"] == "setup"]
    assert not any(VIEW in output.get("data", {}) for output in setup["outputs"])
    exported = bar.lab.python("-m", "nbconvert", "--to", "reportkit_html", str(file))
    assert exported.returncode == 0, exported.stdout
    assert "运行这一格" not in file.with_suffix(".html").read_text(encoding="utf-8")
    file.with_suffix(".html").unlink()
    bar.stop()
    bar.lab.open(bar.page, MASTER)
    bar.page.locator(".jp-OutputArea-output", has_text="运行这一格，就有本报告的按钮").wait_for()
    assert bar.page.get_by_text("Error displaying widget").count() == 0
    bar.page.screenshot(path=screenshots / "bar-opened-again.png")
    bar.open()
    bar.lab.save(bar.page)
    (again,) = [cell for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] if cell["id"] == "setup"]
    assert again["outputs"] == setup["outputs"]


def test_the_finished_page_is_shown_where_a_cell_asks_for_it(bar: Bar, screenshots: Path) -> None:
    bar.open()
    bar.lab.edit_cell(bar.page, "report.title", "report.preview()")
    bar.page.keyboard.press("Shift+Enter")
    view = bar.page.locator(".rk-reportbar").nth(1).locator(".rk-page[data-shown]")
    view.wait_for(timeout=60_000)
    view.scroll_into_view_if_needed()
    bar.page.screenshot(path=screenshots / "bar-page-in-a-cell.png")


def test_the_menus_can_be_chinese(page: Any, lab: Any) -> None:
    key = {"Authorization": f"token {lab.token}"}
    told = page.request.get(f"{lab.url}/lab/api/translations/zh_CN", headers=key).json()
    assert told["data"]["jupyterlab"]["Run All Cells"] == ["运行所有单元格"]
