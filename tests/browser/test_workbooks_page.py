"""The workbooks of a county's towns, sent out and taken in from the overview of the workbench."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from benchmarks.synthetic import write_towns

from browser.workbench import Bench
from support.english import english_words
from support.repository import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

YEAR, COUNTY = 2024, "合成县"
TOWNS = [f"合成{number:04}镇" for number in range(1, 5)]
SIZES = [(1280, 720), (1366, 768), (390, 844)]


@pytest.fixture(scope="module")
def project(lab: Any) -> Path:
    """The project's folder, with last year's parameter files of a county."""
    write_towns(lab.project / "params", len(TOWNS), YEAR - 1)
    return lab.project


@pytest.fixture
def units(page: Any, lab: Any, project: Path) -> Iterator[Bench]:
    """The overview of the new year, in which nothing is there yet."""
    bench = Bench(page, lab)
    bench.start(1280, 720)
    bench.look_at(YEAR)
    yield bench
    bench.stop()
    shutil.rmtree(project / f"params/{YEAR}", ignore_errors=True)
    for path in project.glob("工作簿-*.zip"):
        path.unlink()


def sent(project: Path, folder: Path) -> dict[str, Path]:
    """The workbooks of the county that were sent out, unpacked, by the names of their towns."""
    with zipfile.ZipFile(project / f"工作簿-{YEAR}.zip") as archive:
        archive.extractall(folder)
    return {path.stem: path for path in (folder / COUNTY).glob("*.xlsx")}


def test_workbooks_are_sent_out_and_what_comes_back_is_looked_at_and_taken_in(
    units: Bench, project: Path, tmp_path: Path, screenshots: Path, axe: Any
) -> None:
    page = units.page
    link = units.send_out(YEAR)
    assert link.inner_text() == f"工作簿-{YEAR}.zip"
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes() == (project / f"工作簿-{YEAR}.zip").read_bytes()
    page.screenshot(path=screenshots / "workbooks-sent.png")
    books = sent(project, tmp_path)
    assert sorted(books) == TOWNS

    none = tmp_path / "不是.xlsx"
    none.write_bytes(b"nothing")
    units.choose([*books.values(), none])
    units.intake("共 5 份：")
    assert "还没有写入" in units.intake_status
    assert not (project / f"params/{YEAR}").exists()
    page.screenshot(path=screenshots / "workbooks-chosen.png")
    assert english_words(units.texts()) == set()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert axe(page, ".rk-bench") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        units.rows.last.scroll_into_view_if_needed()
        page.screenshot(path=screenshots / f"workbooks-chosen-{width}.png")

    units.root.get_by_role("button", name="去掉 不是.xlsx").click()
    units.intake("共 4 份：新文件 4")
    units.root.get_by_label("表里的空白填 0").check()
    units.rows.first.get_by_text("空白将填 0 的").wait_for()
    county = units.root.get_by_label("新文件归入的县")
    county.fill("另一县")
    county.press("Enter")
    units.rows.first.get_by_text(f"params/{YEAR}/另一县").wait_for()
    county.fill("../外面")
    county.press("Enter")
    units.root.locator(".rk-notice", has_text="不能以点").wait_for()
    assert units.root.get_by_role("button", name="收下").is_disabled()
    county.fill("")
    county.press("Enter")
    units.rows.first.get_by_text(f"params/{YEAR}/{COUNTY}").wait_for()
    assert not (project / f"params/{YEAR}").exists()

    units.button("收下 4 份").click()
    units.intake("已写入 4")
    page.screenshot(path=screenshots / "workbooks-taken.png")
    assert axe(page, ".rk-bench") == []
    assert english_words(units.texts()) == set()
    assert sorted(path.stem for path in (project / f"params/{YEAR}/{COUNTY}").iterdir()) == TOWNS
    units.root.get_by_role("table", name="全部单位").get_by_role("row").nth(4).wait_for()
    units.root.get_by_role("button", name=f"打开 {TOWNS[1]}").click()
    units.root.locator(".rk-title", has_text=TOWNS[1]).wait_for()
    assert units.root.get_by_role("table", name="全部单位").is_hidden()


def filled_in(path: Path, figure: int) -> Path:
    """A workbook with a figure that its town states."""
    book = openpyxl.load_workbook(path)
    sheet = book["表三"]
    row = next(row for row in sheet.iter_rows(max_col=2) if any("本年新收" in str(cell.value) for cell in row))
    sheet.cell(row[0].row, 4, figure)
    book.save(path)
    return path


def test_a_file_that_is_there_stays_as_it_is_until_somebody_wants_it_otherwise(
    units: Bench, project: Path, tmp_path: Path, screenshots: Path, axe: Any
) -> None:
    page = units.page
    units.send_out(YEAR)
    books = sent(project, tmp_path)
    town = TOWNS[0]
    units.choose([filled_in(books[town], 3)])
    units.button("收下 1 份").click()
    units.intake("已写入 1")
    there = project / f"params/{YEAR}/{COUNTY}/{town}.yaml"
    before = there.read_bytes()

    twice = books[TOWNS[1]].with_name(f"{TOWNS[1]}（修改）.xlsx")
    twice.write_bytes(books[TOWNS[1]].read_bytes())
    units.drop({f"{town}.xlsx": filled_in(books[town], 5), TOWNS[1]: books[TOWNS[1]], twice.name: twice})
    units.intake("与已有的文件不同 1")
    assert "不能收下 2" in units.intake_status
    row = units.rows.filter(has_text=f"{town}.xlsx")
    assert "勾选“并入已有的文件”" in row.inner_text()
    assert units.root.get_by_role("button", name="收下").is_disabled()
    page.set_viewport_size({"width": 1366, "height": 1100})
    page.screenshot(path=screenshots / "workbooks-different.png")
    assert axe(page, ".rk-bench") == []
    assert english_words(units.texts()) == set()

    units.root.get_by_label("并入已有的文件").check()
    units.root.get_by_role("button", name=f"去掉 {twice.name}").click()
    units.intake("新文件 1、并入已有的文件 1")
    assert there.read_bytes() == before
    units.button("收下 2 份").press("Enter")
    units.intake("已写入 1、已并入文件 1")
    assert "一、本年新收政府信息公开申请数量: [5," in there.read_text(encoding="utf-8")
    page.screenshot(path=screenshots / "workbooks-merged.png")
    units.button("收起这张表").click()
    units.rows.first.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "收回文件…"


def test_files_of_any_kind_are_read_or_refused_with_their_reason_by_the_keyboard_alone(
    units: Bench, project: Path, tmp_path: Path, screenshots: Path, axe: Any
) -> None:
    page = units.page
    hostile = tmp_path / "<img src=x onerror=alert(1)>.xlsx"
    huge, long, report = tmp_path / "大.txt", tmp_path / "长.txt", tmp_path / "桑洲镇.txt"
    hostile.write_bytes(b"PK\x03\x04")
    huge.write_bytes(b"2019 " * 4_500_000)
    long.write_bytes("无关的话\n".encode() * 250_000)  # comes in four pieces
    report.write_bytes((ROOT / "tests/files/sangzhou-2019.txt").read_bytes().replace(b"2019", b"2024"))
    units.choose([hostile, huge, long, report], by_key=True)
    units.intake("共 4 份：新文件 1、不能收下 3")
    assert units.rows.locator("th").all_inner_texts()[0].startswith("<img src=x onerror=alert(1)>.xlsx")
    assert page.locator(".rk-intake img").count() == 0
    assert "不会超过 20 MB" in units.rows.nth(1).inner_text()
    page.set_viewport_size({"width": 1366, "height": 1100})
    page.screenshot(path=screenshots / "workbooks-refused.png")
    assert axe(page, ".rk-bench") == []

    for _step in range(2):
        page.keyboard.press("Tab")
    units.wait_for_focus("表里的空白填 0")
    page.keyboard.press("Space")
    units.rows.nth(3).get_by_text("空白将填 0 的").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "收下 1 份"
    page.keyboard.press("Enter")
    units.intake("已写入 1、没有收下 3")
    assert (project / f"params/{YEAR}/宁海县/桑洲镇.yaml").exists() or list(
        (project / f"params/{YEAR}").rglob("桑洲镇.yaml")
    )
    while not page.evaluate("document.activeElement.matches('.rk-intake-table td button')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    units.root.locator(".rk-title", has_text="桑洲镇").wait_for()
