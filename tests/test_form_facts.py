"""Facts that a form asks for: keys of the parameter file, names in sentences, terms of a county's sum."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import openpyxl
import pytest

from reportkit.checks import check_report, sums_of
from reportkit.checks.county_runner import Added
from reportkit.cli import app
from reportkit.errors import FormError, Origin
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.importer import Imported, Importer, Status
from reportkit.imports.targets import Places
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import find_kind, load_form, load_forms, load_kind, shipped_forms
from reportkit.model.filing import Filing
from reportkit.model.reading import Hints, Reading
from reportkit.model.rollup import in_words
from reportkit.params.round_trip import prove
from reportkit.params.writer import params_text
from reportkit.project import Project, load_project
from reportkit.spreadsheets.workbook import open_workbook
from reportkit.workbench import Desk
from support.copies import change
from support.form_facts import FORM, PARAMS, TOWN, asking, stating
from support.offices import add_cell, bring


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return asking(tmp_path / "office")


def codes(project: Project, path: Path) -> list[str]:
    issues = check_report(project, path, project.read(path))
    return [f"{issue.code}@{issue.origin.line}" for issue in issues if issue.severity == "error"]


def test_a_fact_of_the_form_is_a_key_of_the_file_and_a_name_in_sentences(project: Project) -> None:
    path = stating(project, "trainings: 12\noffice: 镇政府\nopened: 2019-03-01\n")
    assert project.read(path).facts == {"trainings": 12, "office": "镇政府", "opened": "2019-03-01"}
    words = "%%narrative overview\n培训{{ facts.trainings }}次，在{{ facts.office }}。{% if facts.budget %}有预算。{% endif %}"
    change(project.notebook, "overview", _source(project, "overview"), words)
    path.write_text(path.read_text(encoding="utf-8").partition("\nnarrative:")[0] + "\ntrainings: 12\noffice: 镇政府\n")
    (outcome,) = bring(project)
    assert outcome.status == "built", outcome.reason or outcome.issues
    page = outcome.job.target.with_suffix(".html").read_text(encoding="utf-8")
    assert "培训12次，在镇政府。" in page
    assert "有预算" not in page


def _source(project: Project, cell: str) -> str:
    from support.copies import cells

    return cells(project.notebook)[cell]


@pytest.mark.parametrize("text", ["", "trainings:\n", "trainings: ~\n"])
def test_a_required_fact_that_is_missing_is_an_error(project: Project, text: str) -> None:
    path = stating(project, text)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert codes(project, path) == [f"Y13@{lines if text else 1}"]
    (outcome,) = bring(project)
    assert outcome.status == "invalid"


@pytest.mark.parametrize("text", ["trainings: 十二\n", "trainings: [1, 2]\n", "trainings: 1.5\n"])
def test_a_value_of_another_type_is_told_once_at_its_line(project: Project, text: str) -> None:
    path = stating(project, text)
    assert codes(project, path) == [f"Y7@{len(path.read_text(encoding='utf-8').splitlines())}"]


def test_a_name_like_a_fact_s_is_told_with_it(project: Project) -> None:
    path = stating(project, "trainings: 1\nofice: 镇政府\n")
    (issue,) = [issue for issue in project.read(path).notes if issue.code == "Y5"]
    assert "office" in issue.message


def test_a_fact_of_one_form_is_no_key_of_another_s_file(project: Project) -> None:
    path = stating(project, "trainings: 1\n")
    path.write_text(path.read_text(encoding="utf-8").replace("本县表", "2019"), encoding="utf-8")
    assert [issue.code for issue in project.read(path).notes if issue.severity == "error"] == ["Y5"]


def test_the_form_s_type_goes_before_the_notebook_s_and_the_notebook_is_given_the_value(project: Project) -> None:
    change(project.notebook, "parameters", "compare = None", 'trainings: str = "无"\ncompare = None')
    add_cell(project, "print('培训', repr(trainings))")
    path = stating(project, "trainings: 12\n")
    assert load_project(project.root).read(path).facts == {"trainings": 12}
    (outcome,) = bring(load_project(project.root))
    assert "培训 12" in outcome.job.target.with_suffix(".html").read_text(encoding="utf-8")


def test_a_notebook_s_parameters_are_not_asked_for_what_it_does_not_declare(project: Project) -> None:
    from reportkit.params.parameters import parameters
    from reportkit.params.reader import read_parameters

    filing = project.read(stating(project, "trainings: 12\n"))
    given = parameters(filing)
    assert "trainings" not in given
    assert [note.code for note in read_parameters(given, project.forms).notes] == []
    assert parameters(filing, {"trainings"})["trainings"] == 12


def test_a_required_fact_that_a_notebook_declares_and_was_not_given_is_missed_by_hand_too(project: Project) -> None:
    from reportkit.params.parameters import parameters
    from reportkit.params.reader import read_parameters

    given = parameters(project.read(stating(project, "trainings: 12\n")))
    missed = read_parameters({**given, "trainings": None}, project.forms).notes
    assert [(note.code, note.severity, note.origin.path) for note in missed] == [("Y13", "error", "parameters")]
    assert read_parameters({**given, "trainings": 12}, project.forms).notes == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("trainings: {", "year: {", "year"),
        ("trainings: {", "2x: {", "2x"),
        ("type: int", "type: list", "str, int, float, bool or date"),
        ("type: date", "type: date, add: true", "opened"),
        ("label: 办公地点", "label: 培训次数", "培训次数"),
    ],
)
def test_what_is_no_fact_is_told_with_the_form_s_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(FORM.replace(old, new), encoding="utf-8")
    with pytest.raises(FormError, match=rf"form\.yaml:\d+: .*{told}"):
        load_form(path)


def test_statutory_forms_ask_for_none() -> None:
    assert [form.facts for form in shipped_forms().values()] == [{}, {}]


def test_the_town_of_the_tests_is_there(project: Project) -> None:
    assert stating(project, "").stem == TOWN


def reading_of(project: Project, **facts: object) -> Reading:
    form = project.forms["本县表"]
    return Reading(form, TOWN, 2019, "", {}, {}, Origin("甲.xlsx"), facts=facts)


def imported(project: Project, reading: Reading, update: bool = False) -> Imported:
    places = Places(project.params)
    (one,) = Importer(places, project.forms, update=update).bring([reading])
    return one


def test_a_new_file_has_a_line_for_each_fact_and_asks_for_what_is_not_stated(project: Project) -> None:
    filing = replace(project.read(stating(project, "trainings: 12\noffice: 'no'\nbudget: 0.10\n")), notes=())
    text = params_text(filing)
    assert '\n# 培训次数\ntrainings: 12\n# 培训经费\nbudget: 0.1\n# 办公地点\noffice: "no"\nopened: ~\n' in text
    prove(text, filing, "I17", project.forms)
    prove(params_text(replace(filing, facts={})), replace(filing, facts={}), "I17", project.forms)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trainings: 3  # 上半年\n", "trainings: 12  # 上半年\n"),
        ("trainings:\n", "trainings: 12\n"),
        ("", "# 培训次数\ntrainings: 12\n"),
        ("office: 镇政府\n", "office: 镇政府\n# 培训次数\ntrainings: 12\n"),
    ],
)
def test_an_import_puts_a_fact_into_the_file_and_leaves_the_rest(project: Project, before: str, after: str) -> None:
    path = stating(project, before)
    text = path.read_text(encoding="utf-8").removesuffix(before)
    content = path.read_bytes()
    told = imported(project, reading_of(project, trainings=12))
    assert (told.status, path.read_bytes()) == (Status.different, content)
    assert "培训次数" in next(issue.message for issue in told.issues if issue.code in ("I10", "I11"))
    assert imported(project, reading_of(project, trainings=12), update=True).status is Status.updated
    assert path.read_text(encoding="utf-8") == text + after


def test_an_import_without_facts_keeps_those_of_the_file(project: Project) -> None:
    stating(project, "trainings: 12\n")
    assert imported(project, reading_of(project), update=True).status is Status.unchanged


def test_a_file_with_a_notebook_s_own_parameter_can_be_brought_up_to_date(project: Project) -> None:
    change(project.notebook, "parameters", "compare = None", "place: str = ''\ncompare = None")
    stating(project, "trainings: 3\nplace: 甲\n")
    fresh = load_project(project.root)
    assert imported(fresh, reading_of(fresh, trainings=12), update=True).status is Status.updated
    assert fresh.read(stating(project, "")).facts == {"trainings": 12, "place": "甲"}


UNITS = {
    "东镇": "trainings: 3\nbudget: 0.1\noffice: 东\n",
    "西镇": "trainings: 4\nbudget: 0.2\n",
    "南镇": "trainings: 0\n",
}


@pytest.fixture
def county(tmp_path: Path) -> Project:
    project = asking(tmp_path / "office", *UNITS)
    for town, text in UNITS.items():
        stating(project, text, town)
    return project


def added(project: Project) -> Added:
    return sums_of(project, project.params / "2019/宁海县")


def own(project: Project, text: str) -> Path:
    """The county's own file."""
    path = project.params / "2019/宁海县.yaml"
    path.write_text(PARAMS.replace(TOWN, "宁海县") + text, encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    """The exit code of a command."""
    try:
        return app([str(one) for one in arguments], standalone_mode=False) or 0
    except click.exceptions.Exit as error:
        return error.exit_code


def test_a_county_s_facts_are_the_sums_of_its_units(county: Project) -> None:
    rolled = added(county).rolled
    assert rolled is not None
    assert rolled.filing.facts == {"trainings": 7, "budget": 0.3}
    assert in_words(rolled.facts["trainings"]) == "东镇 3 + 西镇 4"
    assert "南镇" in next(note.found for note in rolled.filing.notes if note.code == "R21")


@pytest.mark.parametrize(("text", "why"), [("trainings: 一\n", "读不出来"), ("", "没有这一格")])
def test_a_fact_that_is_not_known_everywhere_is_not_added(county: Project, text: str, why: str) -> None:
    path = stating(county, "", "南镇")
    written = path.read_text(encoding="utf-8").replace("trainings: 0\n", text)
    path.write_text(written if text else written.replace("本县表", '"2019"'), encoding="utf-8")
    own(county, "trainings: 7\n")
    found = added(county)
    assert found.rolled is not None
    assert "trainings" not in found.rolled.filing.facts
    (told,) = [note for note in found.rolled.filing.notes if note.code == "R20" and "培训次数" in note.message]
    assert why in told.message
    assert not [issue for issue in found.issues if issue.code == "R11" and "培训次数" in issue.message]


def test_what_a_county_states_otherwise_is_told_at_its_line(county: Project) -> None:
    path = own(county, "trainings: 8\nbudget: 0.3\n")
    told = [issue for issue in added(county).issues if issue.code == "R11" and "本报告写" in issue.message]
    assert [(issue.found, issue.expected) for issue in told] == [("8", "7")]
    assert "东镇 3 + 西镇 4" in told[0].message
    assert told[0].origin.line == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert [issue for issue in check_report(county, path, county.read(path)) if issue.code == "R11"] != []


def test_the_file_of_the_sums_tells_who_added_what_and_is_brought_up_to_date(county: Project) -> None:
    path = county.params / "2019/宁海县.yaml"
    assert run("rollup", county.params / "2019/宁海县", "-o", path) == 0
    assert "# 培训次数\n# 培训次数：东镇 3 + 西镇 4\ntrainings: 7\n" in path.read_text(encoding="utf-8")
    east = stating(county, "", "东镇")
    east.write_text(east.read_text(encoding="utf-8").replace("trainings: 3", "trainings: 5"), encoding="utf-8")
    run("rollup", county.params / "2019/宁海县", "-o", path, "--update")
    assert "# 培训次数\n# 培训次数：东镇 5 + 西镇 4\ntrainings: 9\n" in path.read_text(encoding="utf-8")


def test_the_sums_as_json_and_as_a_workbook_have_the_facts(county: Project, tmp_path: Path) -> None:
    path = tmp_path / "和.json"
    assert run("rollup", county.params / "2019/宁海县", "-o", path, "--format", "json") == 0
    first, _second = json.loads(path.read_text(encoding="utf-8"))["facts"]
    assert first == {
        "fact": "trainings", "label": "培训次数", "sum": 7, "shares": {"东镇": "3", "南镇": "0", "西镇": "4"},
    }  # fmt: skip
    assert run("rollup", county.params / "2019/宁海县", "-o", tmp_path / "和.xlsx", "--format", "xlsx") == 0
    (sheet,) = open_workbook((tmp_path / "和.xlsx").read_bytes(), "和.xlsx").sheets
    assert [row for row in sheet.rows if row[0] == "培训次数"] == [["培训次数", "", "", 7.0, 3.0, 0.0, 4.0]]


FILLED = {"trainings": 12, "budget": 0.5, "office": "007", "opened": "2019-03-01", "open": True}


def filled(project: Project, facts: Mapping[str, object] = MappingProxyType(FILLED)) -> Filing:
    return replace(project.read(stating(project, "")), notes=(), facts=facts)


@pytest.fixture(scope="module")
def county_list(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The county's list of such an office, filled in."""
    filing = filled(asking(tmp_path_factory.mktemp("list")))
    return county_bytes(filing.form, [entries_of(filing)], 2019)


def changed(raw: bytes, label: str, row: int, value: object) -> bytes:
    """The county's list with another value in a row of the column of this label."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    (cell,) = [cell for cell in book["汇总表"][2] if cell.value == label]
    book["汇总表"].cell(row, cell.column, value)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("facts", [FILLED, {"trainings": 0, "open": False}, {}])
def test_a_county_s_list_has_a_column_for_each_fact(project: Project, facts: dict[str, object]) -> None:
    filing = filled(project, facts)
    (reading,) = read_workbook(county_bytes(filing.form, [entries_of(filing)], 2019), "表.xlsx", project.forms, Hints())
    assert (reading.facts, reading.unread_facts, reading.notes) == (facts, frozenset(), ())
    assert dict(reading.values) == dict(filing.values)
    assert imported(project, reading, update=True).status is (Status.updated if facts else Status.unchanged)
    assert project.read(stating(project, "")).facts == facts


@pytest.mark.parametrize("facts", [FILLED, {"trainings": 0, "open": False}, {}])
def test_a_town_s_workbook_asks_for_each_fact_on_its_first_page(project: Project, facts: dict[str, object]) -> None:
    filing = filled(project, facts)
    (reading,) = read_workbook(form_bytes(filing.form, entries_of(filing)), "表.xlsx", project.forms, Hints())
    assert (reading.facts, reading.unread_facts, reading.jurisdiction) == (facts, frozenset(), TOWN)
    assert [note for note in reading.notes if note.code == "W31"] == []


@pytest.mark.parametrize(
    ("label", "value", "fact"),
    [
        ("opened", datetime(2024, 1, 31), "2024-01-31"), ("是否对外开放", False, False), ("培训次数", "12", 12),
        ("办公地点", 12, "12"), ("培训经费", 3, 3.0),
    ],
)  # fmt: skip
def test_what_people_type_is_read_by_its_type(
    project: Project, county_list: bytes, label: str, value: object, fact: object
) -> None:
    raw = changed(county_list, label, 5, value)
    (reading,) = read_workbook(raw, "表.xlsx", project.forms, Hints())
    assert reading.unread_facts == frozenset()
    assert fact in reading.facts.values()


@pytest.mark.parametrize(
    ("label", "value"), [("培训次数", "十二次"), ("培训次数", 1.5), ("opened", "去年"), ("是否对外开放", "有时")]
)
def test_what_is_no_value_is_told_and_left_to_be_checked(
    project: Project, county_list: bytes, label: str, value: object
) -> None:
    raw = changed(county_list, label, 5, value)
    (reading,) = read_workbook(raw, "表.xlsx", project.forms, Hints())
    (told,) = [note for note in reading.notes if note.code == "W31"]
    assert (label in told.message, str(value) in told.message) == (True, True)
    stating(project, "").unlink()
    one = imported(project, reading)
    assert one.status is Status.written
    assert one.target is not None
    assert "待核（W31）" in one.target.read_text(encoding="utf-8")
    assert "Y7" in [note.code for note in project.read(one.target).notes]


def test_two_columns_of_a_fact_are_read_from_neither(project: Project, county_list: bytes) -> None:
    raw = changed(county_list, "opened", 2, "培训次数")
    (reading,) = read_workbook(raw, "表.xlsx", project.forms, Hints())
    assert reading.unread_facts == {"trainings"}


def test_a_workbook_of_a_form_without_facts_has_no_place_for_any() -> None:
    form = shipped_forms()["2019"]
    book = openpyxl.load_workbook(io.BytesIO(county_bytes(form, [], 2019)))
    assert book["汇总表"].max_column == len([ref for table in form.tables.values() for ref in table.cells]) + 2


class Silent:
    """A preview that shows nothing."""

    def page(self, *_: object) -> str:
        return ""

    __call__ = page

    def close(self) -> None:
        """Nothing is open."""


class Bench:
    """A desk with the town open, and what it has told last."""

    def __init__(self, project: Project) -> None:
        self.told: dict[str, Any] = {}
        self.desk = Desk(project, lambda message: self.told.update({message["what"]: message}), Silent)
        self.desk.receive({"do": "open", "year": 2019, "inside": f"宁海县/{TOWN}"})

    def type(self, **facts: str) -> dict[str, list[str]]:
        texts = {f"fact:{name}": text for name, text in facts.items()}
        self.desk.receive({"do": "edit", "fields": texts, "turn": 1})
        return self.facts

    @property
    def facts(self) -> dict[str, list[str]]:
        """What is shown of each fact: its text, how grave its mark is, and what that says."""
        fields = self.told["state"]["fields"]
        names = [shape["field"] for shape in self.told["sheet"]["facts"]]
        found = {name: fields.get(name, [""] * 4) for name in names}
        return {name.removeprefix("fact:"): [text, *mark] for name, (text, _sum, *mark) in found.items()}


@pytest.fixture
def bench(project: Project) -> Iterator[Bench]:
    stating(project, "trainings: 3  # 上半年\noffice: 一楼\n")
    made = Bench(project)
    yield made
    made.desk.close()


def test_the_workbench_has_a_field_for_each_fact(bench: Bench) -> None:
    shapes = bench.told["sheet"]["facts"]
    assert [shape["label"] for shape in shapes] == ["培训次数", "培训经费", "办公地点", "opened", "是否对外开放"]
    assert [shape["required"] for shape in shapes] == [True, False, False, False, False]
    texts = {name: text for name, (text, *_marks) in bench.facts.items()}
    assert texts == {"trainings": "3", "budget": "", "office": "一楼", "opened": "", "open": ""}


def test_what_is_typed_for_a_fact_is_saved_where_it_stands(bench: Bench, project: Project) -> None:
    path, before = stating(project, ""), stating(project, "").read_text(encoding="utf-8")
    facts = bench.type(trainings="12", open="true", office="")
    assert facts["trainings"] == ["12", "", ""]
    assert bench.told["state"]["edits"] == 3
    bench.desk.receive({"do": "save"})
    assert bench.told["told"]["level"] == "done"
    after = before.replace("trainings: 3", "trainings: 12").replace("office: 一楼", "office: ~")
    assert path.read_text(encoding="utf-8") == f"{after}# 是否对外开放\nopen: true\n"
    assert project.read(path).facts == {"trainings": 12, "open": True}


def test_what_is_no_value_is_marked_at_its_field_and_can_be_mended(bench: Bench) -> None:
    text, severity, message = bench.type(trainings="十二")["trainings"]
    assert (text, severity, "Y7" in message) == ("十二", "error", True)
    told = [issue for issue in bench.told["state"]["issues"] if issue["field"] == "fact:trainings"]
    assert [issue["code"] for issue in told] == ["Y7"]
    assert bench.type(trainings="")["trainings"][1:] != ["", ""]
    assert bench.type(trainings="3")["trainings"] == ["3", "", ""]
    assert bench.told["state"]["unsaved"] is False


def test_a_required_fact_that_is_not_in_the_file_is_marked_at_its_field(project: Project) -> None:
    bench = Bench(project)
    bench.desk.close()
    assert bench.facts["trainings"][1] == "error"


def test_what_was_typed_wrongly_and_saved_stands_in_its_field(project: Project) -> None:
    stating(project, "trainings: 十二\n")
    bench = Bench(project)
    bench.desk.close()
    assert bench.facts["trainings"][:2] == ["十二", "error"]
    assert bench.type(trainings="12")["trainings"] == ["12", "", ""]


def test_edits_of_facts_are_made_in_another_version_of_the_file(bench: Bench, project: Project) -> None:
    bench.type(trainings="12")
    path = stating(project, "opened: 2024-01-31\n")
    bench.desk.receive({"do": "save"})
    assert [action for action, _ in bench.told["told"]["actions"]] == ["merge", "overwrite", "drop"]
    assert {line[0] for line in bench.told["told"]["differences"]} == {"培训次数", "opened"}
    bench.desk.receive({"do": "merge"})
    assert project.read(path).facts == {"trainings": 12, "office": "一楼", "opened": "2024-01-31"}


def test_a_fact_that_is_not_stated_is_not_printed(project: Project) -> None:
    from reportkit.report.narrative import names

    filing = project.read(stating(project, "trainings: 12\n"))
    known = names(filing)["facts"]
    assert (known.trainings, known.office) == (12, None)


def test_the_facts_of_a_kind_are_those_of_its_forms_and_the_form_s_own_go_before(tmp_path: Path) -> None:
    (tmp_path / "kinds/visited").mkdir(parents=True)
    (tmp_path / "kinds/visited/kind.yaml").write_text(
        "name: visited\nextends: ogi\nfacts:\n  visits: {type: int, label: 走访}\n  trainings: {type: str}\n",
        encoding="utf-8",
    )
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/own.yaml").write_text(FORM.replace("kind: ogi\n", "") + "\nkind: visited\n", encoding="utf-8")
    kind = load_kind(find_kind("visited", tmp_path).reference)
    forms = load_forms(tmp_path / "forms", kind, tmp_path)
    assert forms.broken == []
    assert set(forms["2019"].facts) == {"visits", "trainings"}
    assert (forms["本县表"].facts["visits"].label, forms["本县表"].facts["trainings"].type) == ("走访", "int")
