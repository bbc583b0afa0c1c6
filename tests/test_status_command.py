"""`reportkit status`: the county as lines, JSON, a page and a workbook, and what towns have edited."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from reportkit.cli import app
from reportkit.overview.state import State
from reportkit.project import Project, load_project
from support.copies import told
from support.languages import speaking
from support.offices import add_town, built_office

pytestmark = pytest.mark.usefixtures("county")

NASTY = '=HYPERLINK("x")<script>\x1b'


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["status", *arguments], catch_exceptions=False)
    return done.exit_code, done.output


def test_the_help_names_every_state() -> None:
    told = " ".join(run("--help")[1].split())
    assert [state for state in State if state not in told] == []


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A unit that is built, one with an error, one without a file, and one that nobody expected."""
    built_office(tmp_path, "甲镇", "乙镇")
    add_town(tmp_path, "丙镇", "year: 二〇一九\n")
    text = f"单位,截止,联系人\n丙镇,,\n己镇,2020-01-31,{NASTY}\n甲镇,1-20,\n".encode()
    (tmp_path / "roster.csv").write_bytes(text)
    monkeypatch.chdir(tmp_path)
    return load_project(tmp_path)


def test_it_tells_a_line_for_each_unit_and_how_many_there_are():
    code, text = run()
    assert (code, [re.sub(r"\d+ (error|warning)s", r"N \1s", line) for line in text.splitlines()]) == (
        1,
        [
            "2019/宁海县/丙镇  errors   N errors",
            "2019/己镇         no file  was due on 2020-01-31",
            "2019/宁海县/甲镇  built    N warnings",
            "2019/宁海县/乙镇  built    N warnings, not on the roster",
            "4 units: no file 1, errors 1, built 2",
        ],
    )


def test_it_exits_with_0_only_if_all_is_made(county):
    assert run("甲镇")[0] == 0
    (county.root / "roster.csv").unlink()
    county.file_of("2019/宁海县/丙镇").unlink()
    code, text = run()
    assert (code, text.splitlines()[-1]) == (0, "2 units: built 2")
    assert "no such file or folder" in told(run, "没有镇")


def test_a_town_that_is_named_tells_its_edits_too():
    assert run("甲镇", "--year", "2019")[1].splitlines()[1:] == [
        "1 unit: built 1",
        "2019/宁海县/甲镇  no copy of its own",
        "1 town, 0 cells not as the master has them",
    ]
    assert run("params/2019", "--edits") == (0, "0 towns, 0 cells not as the master has them\n")


def test_json_says_all_of_each_unit():
    code, text = run("--format", "json")
    found = json.loads(text)
    assert (code, found["all_well"], found["roster"], found["counts"]) == (
        1,
        False,
        "roster.csv",
        {"no file": 1, "errors": 1, "built": 2},
    )
    assert found["units"][1] == {
        "unit": "己镇", "report": "2019/己镇", "file": None, "state": "no file", "errors": 0, "warnings": 0, "edited": 0,
        "conflicts": 0, "why": "", "due": "2020-01-31", "late": True, "contact": NASTY, "on_roster": True,
    }  # fmt: skip
    assert (found["units"][3]["file"], found["units"][3]["on_roster"]) == ("params/2019/宁海县/乙镇.yaml", False)
    assert [found[name] for name in ("between", "strays", "notes")] == [[], [], []]


def page(text: str) -> Element:
    found: Any = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    parsed: Element = found.parse(text)
    return parsed


def cells(row: Element) -> list[str]:
    return ["".join(cell.itertext()) for cell in row]


def test_the_page_is_a_table_with_heads_and_text_stays_text():
    assert run("--format", "html", "-o", "a.html")[0] == 1
    text = Path("a.html").read_text(encoding="utf-8")
    root = page(text)
    assert (root.get("lang"), "<script" in text, "http" in text) == ("en", False, False)
    heads = [cell.get("scope") for cell in root.iter("th")]
    assert heads == ["col"] * 5 + ["row"] * 4
    rows = [cells(row) for row in root.iter("tr")]
    assert rows[0] == ["Unit", "State", "Remarks", "Due", "Contact"]
    assert rows[2] == ["己镇", "no file", "was due on 2020-01-31", "2020-01-31", '=HYPERLINK("x")<script>\\x1b']
    assert (rows[4][0], rows[4][2].endswith(", not on the roster")) == ("乙镇", True)


def test_the_page_is_in_the_language_of_the_person():
    with speaking("zh_CN.UTF-8"):
        text = run("--format", "html")[1]
    assert page(text).get("lang") == "zh-CN"
    assert "报送情况一览：2019" in text
    assert [cells(row)[1] for row in page(text).iter("tr")][1:] == ["有错误", "未报送", "已生成", "已生成"]


def test_the_workbook_holds_numbers_and_no_formula():
    assert run("--format", "xlsx", "-o", "a.xlsx")[0] == 1
    sheet = load_workbook("a.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("Unit", "State", "Errors", "Warnings", "Cells edited", "In conflict")
    assert rows[2][:6] == ("己镇", "no file", 0, 0, 0, 0)
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}
    assert rows[2][8].startswith("=HYPERLINK")
    assert "add -o" in told(run, "--format", "xlsx")
