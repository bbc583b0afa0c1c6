"""A county at a glance: how far each unit's report is, against the roster, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportkit.batch.fingerprint import environment
from reportkit.batch.journal import Journal
from reportkit.model.filing import Figure
from reportkit.notebook.towns import copy_path, make_copy
from reportkit.overview import Overview, State, survey
from reportkit.params.writer import params_text
from reportkit.project import Project, load_project
from support.copies import change
from support.counties import complete, project_at, write
from support.offices import add_town, bring, built_office, files

COUNTY = "2019/宁海县"
TODAY = date(2020, 2, 1)


@pytest.fixture
def county(tmp_path: Path) -> Project:
    """Two units whose reports are made."""
    return built_office(tmp_path, "甲镇", "乙镇")


def listed(project: Project, text: str) -> Project:
    (project.root / "roster.csv").write_text(text, encoding="utf-8")
    return load_project(project.root)


def states(found: Overview) -> dict[str, str]:
    return {found.label(unit): str(unit.state) for unit in found.units}


def edit(project: Project, town: str) -> None:
    name = f"{COUNTY}/{town}"
    make_copy(project, name, project.read(project.file_of(name)))
    change(copy_path(project, name), "title", "report.title", "report.title  # 改过")


# How far a report is


def test_reports_that_are_made_are_all_well(county):
    found = survey(county)
    assert (found.is_well, found.counts, states(found)) == (True, {State.built: 2}, {"乙镇": "built", "甲镇": "built"})


def test_each_unit_is_in_the_first_state_that_holds(county):
    add_town(county.root, "丙镇")
    add_town(county.root, "丁镇", "year: 二〇一九\n")
    edit(county, "甲镇")
    file = county.file_of(f"{COUNTY}/乙镇")
    file.write_text(f"{file.read_text(encoding='utf-8')}\n# 改过\n", encoding="utf-8")
    found = survey(county)
    assert states(found) == {"丁镇": "errors", "丙镇": "handed in", "乙镇": "out of date", "甲镇": "out of date"}
    units = {unit.name: unit for unit in found.units}
    assert (units["丁镇"].errors > 0, units["丙镇"].why) == (True, "")
    assert (units["甲镇"].edited, units["甲镇"].conflicts) == (1, 0)
    assert (units["甲镇"].why, units["乙镇"].why) == (
        "notebooks/towns/2019/宁海县/甲镇.ipynb is there now",
        "params/2019/宁海县/乙镇.yaml changed",
    )
    assert not found.is_well


def test_a_cell_that_nobody_has_settled_is_a_conflict_and_no_error(county):
    edit(county, "甲镇")
    change(county.notebook, "title", "report.title", "report.title  # 新版")
    unit = survey(county).units[1]
    assert (unit.state, unit.errors, unit.conflicts, unit.edited) == (State.conflict, 0, 1, 0)


def test_a_report_that_failed_says_so(county):
    add_town(county.root, "丙镇", "year: 二〇一九\n")
    bring(county)
    add_town(county.root, "丙镇")
    (unit,) = [unit for unit in survey(county).units if unit.name == "丙镇"]
    assert (unit.state, unit.why) == (State.handed_in, "invalid the last time")


def test_a_file_that_nobody_has_filled_in_is_only_begun(tmp_path):
    project, whole = project_at(tmp_path, "# an office\n"), complete("", 2023).values
    along = {ref: Figure(3) for ref in whole if ref.row == "carried_in" and ref.column != "total"}
    one = next(ref for ref in whole if ref.row == "received")
    for name, values in {"甲镇": along, "乙镇": {}, "丙镇": {one: whole[one]}}.items():
        path = write(project, "2023/宁海县", complete(name, 2023))
        words = {"overview": "上年的话"}
        path.write_text(params_text(replace(complete(name, 2023), values=values, narrative=words)), encoding="utf-8")
    found = survey(listed(project, "单位,截止\n甲镇,1-20\n丙镇,1-20\n乙镇,\n"), today=date(2024, 2, 1))
    assert states(found) == {"甲镇": "begun", "丙镇": "handed in", "乙镇": "begun"}
    assert [(unit.is_late, unit.errors > 0) for unit in found.units] == [(True, True), (False, False), (False, False)]


def test_only_what_was_asked_for_is_to_be_there(county):
    """A page alone was made, no PDF: that is all that the office publishes."""
    assert not (county.dist / f"{COUNTY}/甲镇.pdf").exists()
    assert survey(county).is_well
    (county.dist / f"{COUNTY}/甲镇.html").unlink()
    assert survey(county).units[1].why == "甲镇.html is missing"


def test_looking_writes_nothing_and_waits_for_nobody(county):
    before = files(county.root)
    assert survey(county).is_well
    assert files(county.root) == before
    with Journal(county, county.dist, environment(county, ["html"])) as journal:
        journal.forget(f"{COUNTY}/甲镇")  # which is in the log beside the database until the build ends
        assert states(survey(county)) == {"乙镇": "built", "甲镇": "handed in"}


def test_a_journal_that_is_damaged_is_told_and_left_alone(county):
    journal = county.dist / ".reportkit/journal.sqlite"
    journal.write_bytes(b"no database")
    found = survey(county)
    assert (found.counts, found.notes) == (
        {State.handed_in: 2},
        (f"{journal}: damaged, so no report counts as made; the next build puts it aside and makes all again",),
    )
    assert journal.read_bytes() == b"no database"


# Against the roster

ROSTER = "序号,单位,截止,电话\n1,乙镇,1月20日,0574-1\n2,己镇,2020-01-31,0574-2\n3,甲镇,2020-03-31,\n"


def test_who_has_no_file_and_who_is_not_expected_is_told(county):
    add_town(county.root, "戊镇")
    found = survey(listed(county, ROSTER), today=TODAY)
    assert states(found) == {
        "乙镇": "built",
        "己镇": "no file",
        "甲镇": "built",
        "戊镇": "handed in",
    }
    assert [unit.is_stranger for unit in found.units] == [False, False, False, True]
    assert [unit.is_late for unit in found.units] == [False, True, False, False]
    assert [str(unit.due) for unit in found.units] == ["2020-01-20", "2020-01-31", "2020-03-31", "None"]
    assert (found.roster, found.units[1].contact, found.is_well) == (str(county.root / "roster.csv"), "0574-2", False)


def test_a_name_that_is_written_otherwise_on_the_roster_is_found(county):
    found = survey(listed(county, "单位\n甲镇人民政府\n乙镇\n"))
    assert {unit.name: unit.why for unit in found.units} == {
        "甲镇人民政府": "perhaps 甲镇, which is not on the roster",
        "乙镇": "",
        "甲镇": "",
    }


def test_a_folder_or_a_town_alone_is_not_asked_for_what_lies_elsewhere(county):
    project = listed(county, "单位\n宁海县/甲镇\n宁海县/丙镇\n象山县/丁镇\n乙镇\n")
    assert list(states(survey(project, [county.params / COUNTY]))) == ["甲镇", "丙镇", "乙镇"]
    assert list(states(survey(project, [Path("甲镇")]))) == ["甲镇"]
    assert len(survey(project, [county.params]).units) == 4


def test_with_a_roster_nobody_need_have_handed_in_yet(tmp_path):
    project_at(tmp_path, "# an office\n")
    project = listed(load_project(tmp_path), "name,deadline\n甲镇,1-20\n乙镇,1-20\n")
    found = survey(project, today=date(2026, 1, 5))
    assert [(unit.report, str(unit.state), unit.is_late) for unit in found.units] == [
        ("2025/甲镇", "no file", False),
        ("2025/乙镇", "no file", False),
    ]
    assert survey(project, year=2024, today=date(2026, 1, 5)).units[0].is_late


def test_files_in_no_year_s_folder_are_looked_over_too(tmp_path):
    project = project_at(tmp_path, "# an office\n")
    write(project, "", complete("甲镇", 2023))
    project = listed(project, "单位\n乙镇\n甲镇\n")
    for paths in ([], [project.params]):
        assert states(survey(project, paths)) == {"乙镇": "no file", "甲镇": "handed in"}


def test_a_county_s_own_file_need_not_be_on_the_roster(tmp_path):
    project = project_at(tmp_path, "# an office\n")
    write(project, "2023/宁海县", complete("甲镇", 2023))
    write(project, "2023", complete("宁海县", 2023))
    found = survey(listed(project, "单位\n甲镇\n"))
    assert [(found.label(unit), unit.is_stranger) for unit in found.units] == [
        ("宁海县/甲镇", False),
        ("宁海县", False),
    ]


def test_last_year_s_deadlines_and_a_name_of_two_are_told(tmp_path):
    project = project_at(tmp_path, "# an office\n")
    for county in ("甲县", "乙县"):
        write(project, f"2023/{county}", complete("城关镇", 2023))
    found = survey(listed(project, "单位,期限\n城关镇,2023-01-31\n"))
    path = project.root / "roster.csv"
    assert found.notes == (
        f"{path}: 2 deadlines are not ones for these reports; renew them",
        f"{path}, row 2: 城关镇 can be any of 2023/乙县/城关镇, 2023/甲县/城关镇; write it with its folder",
    )


def test_what_is_of_no_single_unit_is_told_beside(county):
    edit(county, "甲镇")
    county.file_of(f"{COUNTY}/甲镇").unlink()
    (county.root / "forms").mkdir()
    (county.root / "forms/own.yaml").write_text("edition: 1\n", encoding="utf-8")
    found = survey(load_project(county.root))
    assert ([stray.report for stray in found.strays], [one.issues[0].code for one in found.between], found.is_well) == (
        [f"{COUNTY}/甲镇"],
        ["Y12"],
        False,
    )


def test_a_list_s_reports_are_looked_over_too(tmp_path):
    (tmp_path / "reportkit.toml").write_text(
        'kind = "notebook"\nparams = "towns.csv"\nnotebook = "r.ipynb"\nsubject = "town"\n', encoding="utf-8"
    )
    (tmp_path / "towns.csv").write_text("town\n丙\n甲\n乙\n", encoding="utf-8")
    (tmp_path / "r.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "utf-8")
    project = listed(load_project(tmp_path), "单位\n甲\n丁\n丙\n")
    found = survey(project)
    assert [(unit.report, str(unit.state), unit.is_stranger) for unit in found.units] == [
        ("丙", "handed in", False),
        ("甲", "handed in", False),
        ("乙", "handed in", True),
        ("丁", "no file", False),
    ]
    assert [unit.report for unit in survey(project, [Path("甲")]).units] == ["甲"]
    (tmp_path / "towns.csv").rename(tmp_path / "roster.csv")  # a list that is called so is no roster
    own = replace(project, params=tmp_path / "roster.csv", source=replace(project.source, path=tmp_path / "roster.csv"))
    assert (own.roster, len(survey(own).units)) == (None, 3)


def test_each_file_is_opened_once(county, monkeypatch):
    edit(county, "甲镇")
    opened: list[str] = []
    monkeypatch.setattr("reportkit.files.locations.read_local", counting(opened))
    survey(load_project(county.root))
    assert sorted(opened) == sorted(set(opened))


def counting(opened: list[str]):
    from reportkit.files.locations import read_local

    def read(path: Path, most: int | None = None) -> bytes:
        opened.append(str(path))
        return read_local(path) if most is None else read_local(path, most)

    return read
