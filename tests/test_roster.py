"""The roster: read as offices keep it, what is wrong told with its row, and its order wherever units are listed."""

from __future__ import annotations

from contextlib import chdir, suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from reportkit.checks import sums_of
from reportkit.cli import app
from reportkit.errors import UserError
from reportkit.project import Project, load_project, select
from reportkit.project.roster import Deadline, Entry, Roster
from reportkit.project.roster_file import read_roster
from reportkit.sets.places import Where
from reportkit.workbench import Towns
from support.counties import complete, project_at, write

ORDER = ["丁镇", "丙镇", "乙镇", "戊镇", "甲镇"]
"""As code points sort them; the roster has another order."""

CHINESE = "序号,单位,截止日期,联系人,联系电话\n2,乙镇,2024-01-31,李四,0574-2\n1,甲镇,1月20日,张三,0574-1\n3,丙镇,,,\n"


def roster(folder: Path, content: str | bytes, name: str = "roster.csv") -> Roster:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with chdir(folder):
        return read_roster(Path(name))


def faults(folder: Path, content: str | bytes, name: str = "roster.csv") -> list[str]:
    with pytest.raises(UserError) as error:
        roster(folder, content, name)
    return str(error.value).splitlines()


def names(found: Roster) -> list[str]:
    return [entry.name for entry in found.entries]


def xlsx(*rows: list[object]) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


# As offices keep it


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_roster_is_read_in_the_encodings_of_offices(tmp_path, encoding):
    found = roster(tmp_path, CHINESE.encode(encoding))
    assert names(found) == ["甲镇", "乙镇", "丙镇"]
    assert [entry.contact for entry in found.entries] == ["张三 0574-1", "李四 0574-2", ""]
    assert [entry.deadline for entry in found.entries] == [Deadline(None, 1, 20), Deadline(2024, 1, 31), None]


@pytest.mark.parametrize(
    "text",
    [
        "name\n甲镇\n乙镇\n", "Name;Deadline\n甲镇;2024/1/31\n乙镇;\n", "order\tunit\n1\t甲镇\n2\t乙镇\n",
        "宁海县报送单位名册,\n,\n 单位名称 ,备注（可不填）\n甲镇,x\n乙镇,\n", "序号，,名称\n１,甲镇\n２,乙镇\n",
    ],
)  # fmt: skip
def test_headers_are_chinese_or_english_and_may_have_a_title_above(tmp_path, text):
    assert names(roster(tmp_path, text)) == ["甲镇", "乙镇"]


def test_a_workbook_is_a_roster_too(tmp_path):
    rows = (
        ["报送名册"],
        ["序号", "单位", "期限", "电话"],
        [2, "乙镇", date(2024, 1, 31), 57465],
        [1, "甲镇", "1.20", None],
    )
    found = roster(tmp_path, xlsx(*rows), "名册.xlsx")
    assert [(one.name, one.deadline, one.contact) for one in found.entries] == [
        ("甲镇", Deadline(None, 1, 20), ""),
        ("乙镇", Deadline(2024, 1, 31), "57465"),
    ]


# What is wrong in it


def test_all_that_is_wrong_is_told_with_row_and_column(tmp_path):
    text = "序号,单位,截止\n一,甲镇,\n2,,明天\n3,乙:镇,2024-02-30\n4,丙镇\n5,甲 镇,\n6,丁镇,2024-01-31\n"
    assert faults(tmp_path, text) == [
        "roster.csv, row 2, column A: '一' is no number; write the unit's place as in 12, or leave it blank",
        "roster.csv, row 3, column C: '明天' is no day; write it as 2026-01-31, or as 01-31 for each year",
        "roster.csv, row 3, column B: is blank; write the unit's name, or clear the row",
        "roster.csv, row 4, column C: '2024-02-30' is no day; write it as 2026-01-31, or as 01-31 for each year",
        "roster.csv, row 4, column B: '乙:镇' has \":\" in it; write the name as the parameter file has it",
        "roster.csv, row 5: 2 cells, where the header has 3; cells are parted by a comma",
        "roster.csv, row 6, column B: '甲 镇' is there already, row 2; take one of them out",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no column of names"), ("甲镇\n乙镇\n", "no column of names; head it with 单位. The first rows have: '甲镇', '乙镇'"),
        ("单位\n", "below the header there is no row"), ("单位,名称\n甲镇,乙镇\n", "columns A, B all say the same"),
        ('单位\n"甲镇\n', "never closed"), (b"\xff\xfe\xff", "save it again as UTF-8"), (b"\x00\x01", "no text"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_roster_is_told(tmp_path, content, words):
    assert words in "\n".join(faults(tmp_path, content))


def test_a_roster_of_another_kind_or_not_there_is_told(tmp_path):
    assert "one is a .csv" in faults(tmp_path, "甲镇", "roster.txt")[0]
    project = project_at(tmp_path, 'roster = "名册.csv"\n')
    with pytest.raises(UserError, match=r"名册\.csv: .+ check the path"):
        assert project.roster
    assert project_at(tmp_path, "# none\n").roster is None


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_text_makes_more_than_a_roster_or_a_message(tmp_path_factory, text):
    with suppress(UserError):
        assert roster(tmp_path_factory.getbasetemp(), text.encode(errors="replace"), "any.csv").entries


# Days


@pytest.mark.parametrize(
    ("deadline", "year", "day"),
    [
        (Deadline(2024, 1, 31), 2023, date(2024, 1, 31)), (Deadline(2024, 1, 31), 2024, None),
        (Deadline(None, 1, 20), 2023, date(2024, 1, 20)), (Deadline(None, 2, 29), 2024, date(2025, 2, 28)),
        (Deadline(None, 1, 20), 0, None), (Deadline(2024, 1, 31), 0, date(2024, 1, 31)),
    ],
)  # fmt: skip
def test_a_deadline_without_a_year_is_that_of_the_year_after(deadline, year, day):
    assert deadline.of(year) == day


# Names


def test_a_name_with_its_folder_says_which_of_two_is_meant():
    found = Roster("", read(["乙县/城关镇", "城关镇", "甲 镇"]))
    assert [found.entry(f"2023/{name}").name for name in ("乙县/城关镇", "甲县/城关镇", "甲县/甲镇")] == [
        "乙县/城关镇",
        "城关镇",
        "甲 镇",
    ]
    assert found.entry("2023/甲县/丙镇") is None
    assert [entry.name for entry in found.absent(["2023/甲县/甲镇"], "甲县")] == ["城关镇"]


def read(units: list[str]) -> list[Entry]:
    return [Entry(name, None, "", Where("", row)) for row, name in enumerate(units, 2)]


@given(st.permutations(ORDER))
def test_what_is_listed_stays_the_same_and_only_its_order_changes(order):
    found = Roster("", read(order[:3]))
    assert found.in_order(ORDER, lambda name: f"2023/{name}") == [
        *order[:3],
        *(name for name in ORDER if name not in order[:3]),
    ]


def test_a_roster_that_was_changed_is_read_again(tmp_path):
    project = project_at(tmp_path, "# an office\n")
    (tmp_path / "roster.csv").write_text("单位\n甲镇\n", encoding="utf-8")
    assert names(project.roster) == ["甲镇"]
    (tmp_path / "roster.csv").write_text("单位\n甲镇\n乙镇\n", encoding="utf-8")
    assert names(project.roster) == ["甲镇", "乙镇"]


# Its order wherever units are listed


@pytest.fixture
def county(tmp_path: Path) -> Project:
    """Five units, four of them on a roster in another order than code points have, with one that has no file."""
    project = project_at(tmp_path, "# a project\n")
    for year in (2022, 2023):
        for name in ORDER:
            write(project, f"{year}/宁海县", complete(name, year))
    rows = "".join(f"{name}\n" for name in ("甲镇", "乙镇", "己镇", "丙镇", "丁镇"))
    (tmp_path / "roster.csv").write_text(f"单位\n{rows}", encoding="utf-8-sig")
    return load_project(tmp_path)


SORTED = ["甲镇", "乙镇", "丙镇", "丁镇", "戊镇"]


def test_files_are_checked_and_built_in_its_order(county):
    assert [path.stem for path, _ in select(county, [county.params / "2023"]).files] == SORTED
    years = [inside.parts[0] for _path, inside in select(county, []).files]
    assert years == ["2022"] * 5 + ["2023"] * 5


def test_a_county_is_added_up_in_its_order(county):
    found = sums_of(county, county.params / "2023/宁海县")
    assert [unit.jurisdiction for unit in found.units] == SORTED


def test_the_workbench_lists_towns_in_its_order(county):
    assert [town.jurisdiction for town in Towns(county).of(2023)] == SORTED


def test_a_county_s_list_has_a_row_for_each_unit_of_it(county, monkeypatch):
    monkeypatch.chdir(county.root)
    app(["form", "--county", "--from", "params/2022/宁海县", "-o", "list.xlsx"], standalone_mode=False)
    column = [row[0] for row in load_workbook("list.xlsx").worksheets[0].iter_rows(min_row=5, values_only=True)]
    assert list(filter(None, column)) == ["甲镇", "乙镇", "己镇", "丙镇", "丁镇", "戊镇"]
