"""The master notebook, and edits in notebooks, as people make them in JupyterLab."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MASTER = "notebooks/annual_report.ipynb"
TOWN = "2023/江苏省/宿迁市"
PARAMS, OUTPUT, COPY = f"params/{TOWN}.yaml", f"dist/{TOWN}.ipynb", f"notebooks/towns/{TOWN}.ipynb"
MAGIC = "%%narrative overview platform"
OURS = "本市新建一站式公开平台，全年收到申请{{ requests.received.total }}件。"
THEIRS = "本市公开平台完成适老化改造，设大字版。"
BOTH = "本市新建一站式公开平台，并完成适老化改造。"


def printed(project: Path, suffix: str) -> str:
    """The words of a finished report, without the spaces and line ends of its setting."""
    path = project / f"dist/{TOWN}{suffix}"
    if suffix == ".pdf":
        text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(path).pages)
    else:
        text = re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8").partition("<main")[2])
    return re.sub(r"\s+", "", text)


def source(path: Path, cell: str) -> str:
    """A cell's source in a file."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next("".join(each["source"]) for each in cells if each["id"] == cell)


def rewrite(path: Path, old: str, new: str) -> None:
    """Put other words into a file, as somebody else would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def edited(lab: Any) -> Any:
    """The project after a first build."""
    first = lab.reportkit("build", PARAMS)
    assert (first.returncode, (lab.project / OUTPUT).exists()) == (0, True), first.stdout
    return lab


def test_the_master_run_for_another_jurisdiction_shows_its_three_tables(page: Any, lab: Any, shot: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    lab.open(page, MASTER)
    before = lab.cell(page, "jurisdiction =").locator(".cm-content").inner_text()
    after = before.replace("year = 2019", "year = 2023").replace('"桑洲镇"', '"宿迁市"')
    lab.edit_cell(page, "jurisdiction =", after)
    lab.run_all(page)
    shot(page, "lab-master-宿迁市")
    assert lab.errors(page) == []
    assert "2023年度宿迁市政府信息公开工作年度报告" in lab.outputs(page)
    tables = page.locator(".jp-OutputArea-output table[aria-label], .jp-OutputArea-output table:has(caption)")
    rows = [text.split() for text in tables.locator("tr").all_inner_texts()]
    assert ["行政规范性文件", "109", "489", "597"] in rows
    assert ["一、本年新收政府信息公开申请数量", "3402", "99", "0", "4", "5", "1", "3511"] in rows
    assert ["309", "17", "88", "26", "440", "1", "1", "16", "6", "24", "13", "0", "67", "9", "89"] in rows
    assert tables.count() == 3
    assert {address for address in asked if not address.startswith((lab.url, "data:", "blob:"))} == set()


def test_an_edit_in_an_output_notebook_reaches_the_report_and_the_towns_own_copy(
    page: Any, edited: Any, shot: Any
) -> None:
    edited.open(page, OUTPUT)
    edited.edit_cell(page, MAGIC, f"{MAGIC}\n{OURS}")
    edited.save(page)
    shot(page, "lab-output-edited")
    again = edited.reportkit("build", PARAMS)
    assert again.returncode == 0, again.stdout
    assert COPY in again.stdout
    for suffix in (".html", ".pdf"):
        assert "本市新建一站式公开平台，全年收到申请3511件。" in printed(edited.project, suffix)
    assert source(edited.project / COPY, "overview-platform") == f"{MAGIC}\n{OURS}"
    page.goto((edited.project / f"dist/{TOWN}.html").as_uri())
    shot(page, "lab-output-edited-page")


def test_two_people_who_edit_one_cell_are_both_heard(page: Any, edited: Any, shot: Any) -> None:
    edited.open(page, COPY)
    edited.edit_cell(page, MAGIC, f"{MAGIC}\n{OURS.replace('一站式', '掌上')}")
    edited.save(page)
    edited.open(page, OUTPUT)
    edited.edit_cell(page, MAGIC, f"{MAGIC}\n{THEIRS}")
    edited.save(page)
    stopped = edited.reportkit("build", PARAMS)
    assert (stopped.returncode, "overview-platform" in stopped.stdout) == (1, True), stopped.stdout
    assert not (edited.project / f"dist/{TOWN}.html").exists()
    told = edited.reportkit("status", "--edits").stdout
    assert all(words in told for words in ("overview-platform", "掌上", "适老化改造"))

    edited.open(page, COPY)
    shot(page, "lab-conflict")
    assert "双方都改过" in page.locator(".jp-RenderedMarkdown").all_inner_texts()[-1]
    marked = edited.cell(page, "<<<<<<<")
    assert "掌上公开平台" in marked.inner_text()
    assert "适老化改造" in marked.inner_text()
    edited.edit_cell(page, "<<<<<<<", f"{MAGIC}\n{BOTH}")
    edited.save(page)
    mended = edited.reportkit("build", PARAMS)
    assert mended.returncode == 0, mended.stdout
    assert all(BOTH in printed(edited.project, suffix) for suffix in (".html", ".pdf"))


def test_an_edit_saved_over_an_output_that_was_made_anew_meanwhile_is_not_lost(page: Any, edited: Any) -> None:
    edited.open(page, OUTPUT)
    rewrite(edited.project / MASTER, "工作考核、社会评议和责任追究，", "工作考核、社会评议、责任追究，")
    assert edited.reportkit("build", PARAMS).returncode == 0
    assert "社会评议、责任追究" in source(edited.project / OUTPUT, "overview-oversight")
    edited.edit_cell(page, "%%narrative other nothing", "%%narrative other nothing\n本年度没有其他事项。")
    edited.save(page)  # Lab asks, and is told to overwrite the newer file
    assert "社会评议和责任追究" in source(edited.project / OUTPUT, "overview-oversight")
    again = edited.reportkit("build", PARAMS)
    assert again.returncode == 0, again.stdout
    words = printed(edited.project, ".html")
    assert ("本年度没有其他事项。" in words, "社会评议、责任追究" in words, BOTH in words) == (True, True, True)
