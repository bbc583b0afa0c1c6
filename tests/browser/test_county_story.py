"""A county's January by who reads no English and types no command for what a browser can do: forty towns' reports.

Half of the towns send workbooks, which are sent out and taken in at the workbench; of the others one is begun in the bar
and all are filled in at the workbench. A conflict is settled in the bar, and all reports are made from the browser.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from benchmarks.synthetic import write_towns

from browser.bar import Bar
from browser.workbench import REQUESTS, Bench
from reportkit.project import load_project
from support.english import english_words
from support.pages import text_of_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

YEAR, COUNTY, COUNT = 2024, "合成县", 40
TOWNS = [f"合成{number:04}镇" for number in range(1, COUNT + 1)]
BY_WORKBOOK, BEGUN_IN_THE_BAR, BY_WORKBENCH = TOWNS[: COUNT // 2], TOWNS[COUNT // 2], TOWNS[COUNT // 2 :]
GRANTED = "三、本年度办理结果，（一）予以公开，申请人情况，自然人"
TABLES = ("主动公开政府信息情况", REQUESTS, "政府信息公开行政复议、行政诉讼情况")
OLD = "工作考核、社会评议和责任追究"
NOTEBOOK_S_OWN = {"overview", "oversight"}
"""What the notebook itself calls the cell that is edited: %%narrative overview oversight."""


@pytest.fixture(scope="module")
def county(lab: Any, browser: Any, screenshots: Path) -> Any:
    """The project of a county that has last year's reports of its towns, and this year's workbooks of half of them.

    Not a test of its own, as each of the tests below begins with it, whatever others are run.
    """
    write_towns(lab.project / "params", len(TOWNS), YEAR - 1)
    with browser.new_context() as context:
        take_workbooks_in(Bench(context.new_page(), lab), screenshots)
    return lab


def said(lab: Any, *arguments: str) -> str:
    """What a command says that ends well, in Chinese alone."""
    done = lab.reportkit(*arguments)
    assert done.returncode == 0, done.stdout
    assert english_words(done.stdout) == set()
    return done.stdout


def left_over(lab: Any, town: str) -> list[int]:
    """The requests that a town had not answered at the end of last year, by who had made them."""
    filing = load_project(lab.project).read(lab.project / f"params/{YEAR - 1}/{COUNTY}/{town}.yaml")
    row = [ref for ref in filing.form.tables["requests"].cells if ref.row == "carried_over"]
    return [int(filing.values[ref].text) for ref in row if ref not in filing.form.totals]


def take_workbooks_in(bench: Bench, screenshots: Path) -> None:
    """Send all towns their workbooks, and take in those that half of them have filled in."""
    page, folder = bench.page, bench.lab.project
    bench.start(1280, 720)
    bench.look_at(YEAR)
    with page.expect_download() as download:
        bench.send_out(YEAR).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder / "收回")
    books = {path.stem: path for path in (folder / "收回" / COUNTY).iterdir()}
    assert sorted(books) == TOWNS
    for town in BY_WORKBOOK:
        answered(books[town])
    bench.choose([books[town] for town in BY_WORKBOOK])
    bench.intake(f"共 {COUNT // 2} 份：新文件 {COUNT // 2}")
    bench.wish(county=COUNTY, zeros=True)
    assert english_words(bench.texts()) == set()
    page.screenshot(path=screenshots / "county-workbooks.png")
    bench.button(f"收下 {COUNT // 2} 份").click()
    bench.intake(f"已写入 {COUNT // 2}")
    page.screenshot(path=screenshots / "county-taken-in.png")
    bench.stop()


def answered(path: Path) -> None:
    """Fill in a workbook as a town does: what was left over from last year has been granted."""
    book = openpyxl.load_workbook(path)
    sheet = book["表三"]
    rows = {str(cell.value): cell.row for row in sheet.iter_rows(max_col=2) for cell in row if cell.value}
    before, granted = rows["二、上年结转政府信息公开申请数量"], rows["（一）予以公开"]
    for column in range(4, 10):
        sheet.cell(granted, column, sheet.cell(before, column).value)
    book.save(path)


def test_the_first_of_the_others_is_begun_in_the_bar(county: Any, bar: Bar, screenshots: Path) -> None:
    bar.open(year=YEAR, unit=BEGUN_IN_THE_BAR)
    bar.press("从上年开始")
    bar.notice("已建好")
    assert english_words(bar.texts()) == set()
    bar.page.screenshot(path=screenshots / "county-begun.png")
    assert (county.project / f"params/{YEAR}/{COUNTY}/{BEGUN_IN_THE_BAR}.yaml").exists()


def test_the_others_are_filled_in_at_the_workbench_and_all_reports_are_made(
    page: Any, county: Any, screenshots: Path
) -> None:
    bench = Bench(page, county)
    bench.start(1280, 720)
    for town in BY_WORKBENCH:
        bench.open(str(YEAR), town)
        filled_in(bench, left_over(county, town))
    assert english_words(bench.texts()) == set()
    page.screenshot(path=screenshots / "county-filled-in.png")
    bench.make_all()
    bench.root.locator(".rk-build", has_text=f"完成：{len(TOWNS)} 份").first.wait_for(timeout=300_000)
    assert english_words(bench.texts()) == set()
    page.screenshot(path=screenshots / "county-made.png")
    bench.stop()
    for town in TOWNS:
        assert_right(county, town)


def filled_in(bench: Bench, granted: list[int]) -> None:
    """Fill in a town's form: what was left over has been granted, and nothing else has happened."""
    page = bench.page
    bench.tab(REQUESTS)
    bench.cell(GRANTED).click()
    bench.paste("\t".join(map(str, granted)))
    for table in TABLES:
        bench.tab(table)
        bench.fill_blanks()
    bench.root.locator(".rk-issues-head", has_text="0 个错误").wait_for()
    page.keyboard.press("Control+s")
    bench.status("已保存")


def assert_right(county: Any, town: str) -> None:
    """Hold a town's page against what was left over from last year, as the county has it."""
    shown = text_of_page(county.project / f"dist/{YEAR}/{COUNTY}/{town}.html")
    parts = left_over(county, town)
    row = " ".join(map(str, [*parts, sum(parts)]))
    assert f"{YEAR}年度{town}政府信息公开工作年度报告" in shown
    assert f"二、上年结转政府信息公开申请数量 {row}" in shown
    assert f"（一）予以公开 {row}" in shown
    assert f"四、结转下年度继续办理 {' '.join(['0'] * 7)}" in shown


def test_a_conflict_is_settled_in_the_bar_and_the_report_made_there(page: Any, county: Any, screenshots: Path) -> None:
    bar = Bar(page, county)
    town = BY_WORKBENCH[-1]
    printed = county.project / f"dist/{YEAR}/{COUNTY}/{town}"
    # The analyst changes a sentence in the report's notebook, the office the same one in the master.
    bar.lab.open(bar.page, printed.with_suffix(".ipynb").relative_to(county.project).as_posix())
    bar.lab.edit_cell(bar.page, OLD, f"%%narrative overview oversight\n{OLD}由{town}负责。")
    bar.lab.save(bar.page)
    bar.open(year=YEAR, unit=town)
    bar.press("生成")
    bar.root.locator(".rk-made a").first.wait_for(timeout=60_000)
    assert f"{OLD}由{town}负责。" in text_of_page(printed.with_suffix(".html"))
    bar.root.locator(".rk-build").get_by_role("button", name="关闭").click()  # what is made next is told anew
    bar.lab.edit_cell(bar.page, OLD, f"%%narrative overview oversight\n{OLD}由县里统一组织。")
    bar.lab.save(bar.page)
    bar.press("检查")
    bar.press("处理 1 处冲突")
    card = bar.root.locator(".rk-conflict")
    card.wait_for()
    assert english_words(bar.texts()) <= NOTEBOOK_S_OWN
    bar.page.screenshot(path=screenshots / "county-conflict.png")
    card.get_by_role("button", name="自己改写").click()
    bar.page.keyboard.press("Control+A")
    bar.page.keyboard.insert_text(f"{OLD}由县里统一组织，{town}负责。")
    card.get_by_role("button", name="采用这段文字").click()
    bar.notice("已处理")
    bar.press("生成")
    bar.root.locator(".rk-made a").first.wait_for(timeout=60_000)
    assert f"{OLD}由县里统一组织，{town}负责。" in text_of_page(printed.with_suffix(".html"))
    assert english_words(bar.texts()) <= NOTEBOOK_S_OWN
    bar.stop()


def test_the_county_is_as_far_as_it_can_be(page: Any, county: Any) -> None:
    bench = Bench(page, county)
    bench.start(1280, 720)
    bench.open(str(YEAR), TOWNS[0])
    bench.make_all()  # the master has changed
    bench.root.locator(".rk-build", has_text=f"完成：{len(TOWNS)} 份").first.wait_for(timeout=300_000)
    bench.stop()
    told = said(county, "status", "--year", str(YEAR))
    assert [line.split()[1] for line in told.splitlines() if line.startswith(f"{YEAR}/")] == ["已生成"] * len(TOWNS)
    assert_right(county, TOWNS[-1])
