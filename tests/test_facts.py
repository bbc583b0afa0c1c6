"""Own facts: parameters that a master declares beyond those of every report are keys of the parameter file."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.checks import check_report
from reportkit.project import Project, load_project
from support.copies import change
from support.offices import add_cell, bring, office

TOWN = "桑洲镇"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An office whose master has two parameters of its own and prints them."""
    made = office(tmp_path / "office", TOWN)
    change(
        made.notebook, "parameters", "compare = None", 'trainings: int = 0\nplace = "无"\ntopics = []\ncompare = None'
    )
    add_cell(made, "print('培训', trainings, place, topics)")
    return load_project(made.root)


def params_of(project: Project) -> Path:
    return next(project.params.rglob(f"{TOWN}.yaml"))


def stating(project: Project, text: str) -> Path:
    """The parameter file with some lines more."""
    path = params_of(project)
    path.write_text(f"{path.read_text(encoding='utf-8')}{text}", encoding="utf-8")
    return path


def test_a_parameter_of_the_masters_own_is_a_key_of_the_file(project: Project) -> None:
    path = stating(project, "trainings: 12\nplace: 镇政府\ntopics: [公开, 答复]\n")
    assert project.read(path).facts == {"trainings": 12, "place": "镇政府", "topics": ["公开", "答复"]}
    (outcome,) = bring(project)
    assert outcome.status == "built", outcome.reason
    assert "培训 12 镇政府 ['公开', '答复']" in outcome.job.target.with_suffix(".html").read_text(encoding="utf-8")


def test_a_fact_that_is_not_stated_is_what_the_master_says(project: Project) -> None:
    path = stating(project, "place:\n")
    assert project.read(path).facts == {}
    (outcome,) = bring(project)
    assert "培训 0 无 []" in outcome.job.target.with_suffix(".html").read_text(encoding="utf-8")


def test_a_value_of_another_type_is_told_at_its_line(project: Project) -> None:
    path = stating(project, "trainings: 十二\n")
    found = [issue for issue in check_report(project, path, project.read(path)) if issue.code == "Y7"]
    assert [issue.origin.line for issue in found] == [len(path.read_text(encoding="utf-8").splitlines())]
    assert "trainings" in found[0].message
    (outcome,) = bring(project)
    assert outcome.status == "invalid"


@pytest.mark.parametrize(("written", "value"), [("007", "007"), ('"12"', "12"), ("1e5", "1e5"), ("no", "no")])
def test_a_text_stays_as_it_is_written(project: Project, written: str, value: str) -> None:
    assert project.read(stating(project, f"place: {written}\n")).facts == {"place": value}


def test_a_name_that_nobody_declares_is_an_error_and_the_near_one_is_named(project: Project) -> None:
    path = stating(project, "traings: 12\n")
    found = [issue for issue in project.read(path).notes if issue.code == "Y5"]
    assert len(found) == 1
    assert "trainings" in found[0].message


def test_a_fact_is_no_key_of_a_master_that_does_not_declare_it(tmp_path: Path) -> None:
    project = office(tmp_path / "office", TOWN)
    path = stating(project, "trainings: 12\n")
    assert [issue.code for issue in project.read(path).notes if issue.severity == "error"] == ["Y5"]


def test_a_changed_fact_makes_the_report_anew(project: Project) -> None:
    path = stating(project, "trainings: 12\n")
    bring(project)
    assert [outcome.status for outcome in bring(project)] == ["up-to-date"]
    path.write_text(path.read_text(encoding="utf-8").replace("trainings: 12", "trainings: 13"), encoding="utf-8")
    assert [outcome.status for outcome in bring(project)] == ["built"]


def test_a_master_run_by_hand_reads_the_same_facts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportkit.report import open_report

    path = stating(project, "trainings: 12\n")
    filing = project.read(path)
    monkeypatch.chdir(project.root)
    report = open_report(year=filing.year, jurisdiction=TOWN, trainings=0, place="无")
    assert report.filing.facts == {"trainings": 12, "place": "无"}


def test_nothing_but_the_declared_is_taken_from_a_notebook(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportkit.errors import UserError
    from reportkit.report import open_report

    filing = project.read(params_of(project))
    monkeypatch.chdir(project.root)
    with pytest.raises(UserError, match="trainngs"):
        open_report(year=filing.year, jurisdiction=TOWN, trainngs=1)
    report = open_report(year=filing.year, jurisdiction=TOWN, narrative={}, trainngs=1)
    assert any(issue.code == "Y5" and "trainngs" in issue.message for issue in report.issues)
