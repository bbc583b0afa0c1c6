"""A form filled in at the workbench on a small screen: undo, zeros, words to begin from, waivers, search, a kernel's end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from browser.workbench import DETAILS, FOLLOWING, NEW, REQUESTS, WORDS, ZEROS, Bench
from support.english import english_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OTHER, OVERVIEW = "六、其他需要报告的事项", "一、总体情况"
NOTHING = "本年度无其他需要报告的事项。"
COMPANY = f"{NEW}法人或其他组织，商业企业"

ROWS_IN_SIGHT = """() => {
    const panel = document.querySelector(".rk-panel").getBoundingClientRect();
    const head = document.querySelector(".rk-panel thead").getBoundingClientRect();
    const bottom = Math.min(panel.bottom, document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect().bottom, innerHeight);
    const top = Math.max(panel.top, head.bottom);
    return [...document.querySelectorAll(".rk-panel tbody tr")].filter((row) => {
        const field = row.querySelector("input")?.getBoundingClientRect();
        return field && field.top >= top - 1 && field.bottom <= bottom + 1;
    }).length;
}"""
IN_SIGHT = """(name) => {
    const panel = document.querySelector(".rk-panel").getBoundingClientRect();
    const found = [...document.querySelectorAll(".rk-panel th")].find((one) => one.textContent === name);
    const box = found.firstChild.getBoundingClientRect();
    const [x, y] = [(Math.max(box.left, panel.left) + Math.min(box.right, panel.right)) / 2, (box.top + box.bottom) / 2];
    return found.contains(document.elementFromPoint(x, y));
}"""


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 8), (1366, 768, 10), (1920, 1080, 12)])
def test_the_sheet_has_room_on_any_screen(
    page: Any, lab: Any, screenshots: Path, axe: Any, width: int, height: int, least: int
) -> None:
    bench = Bench(page, lab)
    bench.start(width, height)
    bench.open("2024", "宿迁")
    # Tabs move while the counts of what is wrong come into them, and Playwright scrolls the page for what moves.
    bench.status("新文件没有保存")
    bench.tab(REQUESTS)
    page.wait_for_timeout(300)
    assert page.evaluate(ROWS_IN_SIGHT) >= 8  # with last year's figures, a notice and the list of what is wrong
    bench.open("2019", "桑洲")
    bench.status("已保存")
    bench.tab(REQUESTS)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"workbench-{width}.png")
    assert page.evaluate(ROWS_IN_SIGHT) >= least
    bench.button("全屏").click()
    if height == 720:
        assert page.evaluate(ROWS_IN_SIGHT) >= 14
    bench.cell("四、结转下年度继续办理，申请人情况，总计").click()
    page.screenshot(path=screenshots / f"workbench-{width}-full.png")
    assert [page.evaluate(IN_SIGHT, name) for name in ("总计", "四、结转下年度继续办理", "商业企业")] == [True] * 3
    bench.root.locator(".rk-menu summary").press("Enter")
    assert bench.button("重新载入").is_visible()
    assert axe(page, ".rk-bench") == []
    page.keyboard.press("Escape")
    assert not bench.button("重新载入").is_visible()
    page.keyboard.press("Escape")
    assert bench.button("全屏").is_visible()
    bench.stop()


def test_the_labels_and_the_totals_stay_in_sight_beside_the_preview(bench: Bench, screenshots: Path) -> None:
    page = bench.page
    page.set_viewport_size({"width": 880, "height": 720})
    bench.open("2019", "桑洲")
    bench.status("已保存")
    bench.tab(REQUESTS)
    assert bench.button("预览").get_attribute("aria-pressed") == "true"
    page.wait_for_timeout(300)
    assert page.evaluate(ROWS_IN_SIGHT) >= 6  # the preview stands below the sheet, its first lines in sight
    page.set_viewport_size({"width": 760, "height": 720})
    bench.cell(f"{NEW}法人或其他组织，其他").click()
    page.screenshot(path=screenshots / "workbench-narrow.png")
    assert [page.evaluate(IN_SIGHT, name) for name in ("总计", "其他", "一、本年新收政府信息公开申请数量")] == [
        True
    ] * 3
    page.set_viewport_size({"width": 1280, "height": 720})
    shown = bench.button("预览").get_attribute("aria-pressed")
    bench.button("预览").click()
    bench.start(1280, 720)
    assert bench.button("预览").get_attribute("aria-pressed") != shown


def test_each_step_can_be_undone_and_done_again(bench: Bench) -> None:
    page = bench.page
    bench.open("2019", "桑洲")
    bench.status("已保存")
    bench.tab(REQUESTS)
    bench.cell(f"{NEW}自然人").click()
    page.keyboard.type("12")
    page.keyboard.press("ArrowRight")
    bench.paste("1\t2\n3\t4\n")
    bench.status("有 5 处修改没有保存")
    bench.fill_blanks()
    bench.tab(WORDS)
    area = bench.root.get_by_label(OTHER, exact=True)
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("甲乙")
    page.wait_for_timeout(1700)
    page.keyboard.type("丙丁")
    bench.status("有 123 处修改没有保存")
    page.keyboard.press("Control+s")
    bench.status("已保存")

    page.keyboard.press("Control+z")
    bench.status("有 1 处修改没有保存")
    assert area.input_value() == f"{NOTHING}甲乙"
    page.keyboard.press("Control+z")
    page.wait_for_function("text => document.activeElement.value === text", arg=NOTHING)
    page.keyboard.press("Control+z")
    bench.root.get_by_role("button", name=ZEROS).wait_for()
    assert bench.focused == "三、本年度办理结果，（一）予以公开，申请人情况，自然人"  # above, sums do not hold
    page.keyboard.press("Control+z")
    bench.cell(f"{FOLLOWING}法人或其他组织，商业企业").and_(page.locator("[aria-invalid]")).wait_for()
    bench.wait_for_focus(COMPANY)
    assert (page.evaluate("document.activeElement.value"), bench.cell(f"{NEW}自然人").input_value()) == ("", "12")
    page.keyboard.press("Control+z")
    page.wait_for_function("document.activeElement.value === '0'")
    assert bench.focused == f"{NEW}自然人"
    page.keyboard.press("Control+z")  # there is nothing left
    for keys in ("Control+Shift+z", "Control+y", "Control+y", "Control+Shift+z", "Control+y"):
        page.keyboard.press(keys)
        page.wait_for_timeout(250)
    bench.status("已保存")
    assert area.input_value() == f"{NOTHING}甲乙丙丁"


def test_a_section_begins_from_last_years_words_or_the_masters(bench: Bench, screenshots: Path, axe: Any) -> None:
    page = bench.page
    bench.open("2020", "桑洲")
    bench.tab(WORDS)
    area = bench.root.get_by_label(OTHER, exact=True)
    bench.root.get_by_role("button", name="其他需要报告的事项：沿用去年的文字").click()
    page.wait_for_function("text => document.activeElement.value === text", arg=NOTHING)
    bench.root.get_by_role("button", name="总体情况：沿用母版的文字").click()
    page.wait_for_function("document.activeElement.value.startsWith('本报告由桑洲镇人民政府')")
    page.screenshot(path=screenshots / "workbench-words.png")
    assert axe(page, ".rk-bench") == []
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.wait_for_function("name => document.activeElement.labels?.[0]?.textContent === name", arg=OTHER)
    assert (area.input_value(), bench.root.get_by_label(OVERVIEW, exact=True).input_value()) == ("", "")


def test_the_agency_and_waivers_are_edited_with_their_reasons(bench: Bench, screenshots: Path, axe: Any) -> None:
    page = bench.page
    bench.open("2019", "桑洲")
    bench.root.get_by_role("button", name="豁免 B1").first.click()
    assert bench.focused == "豁免 B1 的理由"
    page.keyboard.type("本省规定没有数据的留空")
    bench.root.locator(".rk-issue.rk-waived", has_text="已豁免：本省规定没有数据的留空").first.wait_for()
    bench.root.get_by_label("编制机关").fill("桑洲镇政府")
    bench.status("有 2 处修改没有保存")
    page.screenshot(path=screenshots / "workbench-waivers.png")
    assert axe(page, ".rk-bench") == []
    page.keyboard.press("Control+s")
    bench.status("已保存")
    assert "\nagency: 桑洲镇政府\n" in bench.text()
    assert bench.text().endswith('waivers:\n  "B1": 本省规定没有数据的留空\n')
    bench.root.get_by_role("button", name="取消对 B1 的豁免").click()
    page.keyboard.press("Control+s")
    bench.root.get_by_role("button", name="取消对 B1 的豁免").wait_for(state="detached")
    bench.status("已保存")
    page.wait_for_timeout(300)
    assert "B1" not in bench.text()


def test_words_are_found_wherever_they_stand(bench: Bench, screenshots: Path, axe: Any) -> None:
    page = bench.page
    bench.open("2019", "桑洲")
    bench.status("已保存")
    page.keyboard.press("Control+f")
    page.keyboard.type("微信公众号")
    bench.root.locator(".rk-find-count", has_text="第 1 个，共 2 个").wait_for()
    assert bench.root.get_by_role("tab", name=WORDS).get_attribute("aria-selected") == "true"
    box = bench.root.locator(".rk-find").get_by_label("查找")
    box.fill("科研机构")
    bench.root.locator(".rk-find-count", has_text="第 1 个，共 1 个").wait_for()
    page.screenshot(path=screenshots / "workbench-found.png")
    assert axe(page, ".rk-bench") == []
    box.fill("9.2 万元")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == "9.2万元"
    page.keyboard.press("Control+f")
    box.fill("没有的词")
    bench.root.locator(".rk-find-count", has_text="没有找到").wait_for()


def test_no_english_word_is_on_the_screen(bench: Bench) -> None:
    bench.open("2019", "桑洲")
    bench.tab(REQUESTS)
    bench.cell(f"{NEW}自然人").fill("三件")
    bench.root.locator("td.rk-error input").first.wait_for()
    found: set[str] = set()
    for tab in (REQUESTS, WORDS, DETAILS):
        bench.tab(tab)
        found |= english_words(bench.texts())
    assert found == {"e"}  # 宁海村民e点通 stands in the town's words


def test_what_was_not_saved_is_there_when_the_kernel_has_died(bench: Bench, screenshots: Path, axe: Any) -> None:
    page = bench.page
    bench.open("2019", "桑洲")
    bench.status("已保存")
    bench.tab(REQUESTS)
    bench.cell(f"{NEW}自然人").fill("12")
    bench.status("有 1 处修改没有保存")
    bench.kill()
    bench.tab(WORDS)
    bench.root.get_by_label(OTHER, exact=True).fill("另有说明。")
    bench.status("正在等内核回答")
    bench.file.write_text(bench.text().replace("{自然人: 0, 总计: 0}", "{自然人: 4, 总计: 4}", 1), encoding="utf-8")
    bench.start()
    bench.open("2019", "桑洲")
    offer = bench.root.locator(".rk-notice", has_text="有 2 处修改没有保存")
    offer.wait_for()
    sides = offer.locator("tr", has_text="自然人").locator("td").all_inner_texts()
    assert sides == ["0", "4", "12"]
    page.screenshot(path=screenshots / "workbench-kept.png")
    assert axe(page, ".rk-bench") == []
    bench.button("重新填入").click()
    bench.status("有 2 处修改没有保存")
    bench.tab(REQUESTS)
    assert bench.cell(f"{NEW}自然人").input_value() == "12"
    page.keyboard.press("Control+z")
    bench.status("已保存")


def test_a_key_is_answered_at_once_and_a_save_within_a_second(bench: Bench) -> None:
    page = bench.page
    bench.open("2019", "桑洲")
    bench.status("已保存")
    bench.tab(REQUESTS)
    seconds: dict[str, list[float]] = {"key": [], "save": []}
    for number in range(1, 7):
        bench.cell(f"{NEW}自然人").fill("")
        page.wait_for_timeout(700)
        start = time.perf_counter()
        page.keyboard.type(str(number))
        bench.root.locator("td.rk-error").first.wait_for()
        seconds["key"].append(time.perf_counter() - start)
        start = time.perf_counter()
        page.keyboard.press("Control+s")
        bench.status("已保存")
        seconds["save"].append(time.perf_counter() - start)
    told = {name: sorted(found)[3] for name, found in seconds.items()}
    print("\n" + ", ".join(f"{name}: median {value:.2f} s" for name, value in told.items()))
    assert told["key"] < 1
    assert told["save"] < 1
