"""One list of what is wrong with a report, whichever road it takes: check, build, preview, workbench."""

import time
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check_project, check_report, examine
from reportkit.preview.renderer import Renderer
from reportkit.project import load_project, parameter_files
from reportkit.project.siblings import Folders
from reportkit.project.year_files import _Disk, _Store
from reportkit.workbench import Town, open_town
from reportkit.workbench.diagnostics import place_of
from reportkit.workbench.fields import Field
from support.counties import complete, project_at, write
from support.laws import examples
from support.offices import GOOD, add_town, bring, office

CARRIED = ("二、上年结转政府信息公开申请数量", "四、结转下年度继续办理")


def later(town: str = "桑洲镇", carried_in: str = "4") -> str:
    """The sample's figures a year later; 4 requests carried in break R7."""
    text = GOOD.replace("year: 2019", "year: 2020").replace("桑洲镇", town)
    for row in CARRIED:
        assert f"{row}: {{总计: 0}}" in text
        text = text.replace(f"{row}: {{总计: 0}}", f"{row}: {{自然人: {carried_in}, 总计: {carried_in}}}")
    return text


def put(project, inside: str, text: str) -> Path:
    path = project.params / f"{inside}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def errors_of_check(project) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in check_project(project, parameter_files(project.params)):
        codes = {issue.code for issue in group.issues if issue.severity == "error"}
        found.setdefault(project.inside(group.path).with_suffix("").as_posix(), set()).update(codes)
    return found


def errors_of_build(project) -> dict[str, set[str]]:
    return {outcome.job.name: {issue.code for issue in outcome.errors} for outcome in bring(project)}


def test_an_error_of_check_is_an_error_of_build_whatever_file_it_needs(tmp_path):
    project = office(tmp_path, "桑洲镇", "甲镇", "乙镇", "丙镇")
    put(project, "2020/宁海县/桑洲镇", later())
    put(project, "2020/宁海县/甲镇", later("甲镇", "0"))
    put(project, "2020/新县/乙镇", later("乙镇"))  # moved since
    put(project, "2020/宁海县/丙镇", later("丙镇") + "\nwaivers:\n  R7: 上年误计\n")
    put(project, "2020/宁海县/丁镇", later("丁镇"))  # new: nothing to compare with
    put(project, "2020/宁海县/戊镇", later("../戊镇", "0"))
    put(project, "2020/宁海县/己镇", later("己镇", "0") + "\ncompare: true\n")
    put(project, "2019/宁海县/己镇", "year: [")
    wrong = {
        "2020/宁海县/桑洲镇": {"R7"},
        "2020/新县/乙镇": {"R7"},
        "2020/宁海县/戊镇": {"Y11"},
        "2020/宁海县/己镇": {"R22"},
        "2019/宁海县/己镇": {"Y2"},
    }
    assert {name: codes for name, codes in errors_of_check(project).items() if codes} == wrong
    assert {name: codes for name, codes in errors_of_build(project).items() if codes} == wrong
    made = {path.stem for path in project.dist.rglob("*.html") if "2020" in path.parts}
    assert made == {"甲镇", "丙镇", "丁镇"}


@pytest.mark.usefixtures("warm_workers")
def test_the_preview_and_the_workbench_say_the_same(tmp_path):
    project = office(tmp_path, "桑洲镇")
    put(project, "2020/新县/桑洲镇", later())
    draft = open_town(project, Town(2020, "新县/桑洲镇", ".yaml", True))
    assert draft.last is not None
    assert "R7" in {issue.code for issue in draft.issues if issue.severity == "error"}
    with Renderer(project, fork=False) as renderer:
        shown = renderer.page("2020/新县/桑洲镇")
    assert (shown.made, "R7" in {issue.code for issue in shown.issues}) == (False, True)


def test_parameters_that_papermill_gives_are_taken_for_those_of_their_file(tmp_path):
    project = office(tmp_path, "桑洲镇")
    filing = project.read(put(project, "2020/新县/桑洲镇", later())).called("parameters")
    assert "R7" in {issue.code for issue in check_report(project, None, filing)}


def county(root: Path):
    """A county whose own report states less than its two towns add up to."""
    project = office(root, "甲镇", "乙镇")
    put(project, "2019/宁海县", GOOD.replace("桑洲镇", "宁海县"))
    return project


def test_a_county_s_own_report_is_compared_with_its_units(tmp_path):
    project = county(tmp_path)
    outcomes = {outcome.job.name: outcome for outcome in bring(project)}
    told = [issue for issue in outcomes["2019/宁海县"].issues if issue.code == "R11"]
    groups = check_project(project, parameter_files(project.params))
    of_check = [issue for group in groups if group.across for issue in group.issues if issue.code == "R11"]
    assert [(issue.severity, issue.found, issue.expected) for issue in told] == [
        (issue.severity, issue.found, issue.expected) for issue in of_check
    ]
    assert told != []


def reasons(project) -> dict[str, str]:
    plans = []
    bring(project, announce=plans.append)
    return {job.name: reason for job, reason in plans[0].stale}


def test_a_county_s_report_is_made_again_when_a_unit_changes_or_comes(tmp_path):
    project = county(tmp_path)
    bring(project)
    assert reasons(project) == {}
    path = project.params / "2019/宁海县/甲镇.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 已核\n", encoding="utf-8")
    assert reasons(project)["2019/宁海县"] == "params/2019/宁海县/甲镇.yaml changed"
    add_town(tmp_path, "丙镇")
    assert reasons(project) == {"2019/宁海县": "params/2019/宁海县 changed", "2019/宁海县/丙镇": "new"}


def test_a_report_is_made_again_when_last_year_s_file_comes_or_changes_wherever_it_lies(tmp_path):
    project = office(tmp_path)
    put(project, "2020/新县/桑洲镇", later(carried_in="0"))
    bring(project)
    assert reasons(project) == {}
    last = put(project, "2019/旧县/桑洲镇", GOOD)
    found = reasons(project)
    assert found == {"2020/新县/桑洲镇": "params/2019/旧县/桑洲镇.yaml is there now", "2019/旧县/桑洲镇": "new"}
    last.write_text(GOOD + "# 已核\n", encoding="utf-8")
    assert reasons(project)["2020/新县/桑洲镇"] == "params/2019/旧县/桑洲镇.yaml changed"
    put(project, "2019/新县/桑洲镇", GOOD)
    assert reasons(project)["2020/新县/桑洲镇"] == "params/2019/新县/桑洲镇.yaml is there now"


def test_the_files_that_were_looked_at_are_told(tmp_path):
    project = office(tmp_path, "桑洲镇")
    path = put(project, "2020/新县/桑洲镇", later())
    assert list(examine(project, path, project.read(path)).inputs) == ["params/2019/宁海县/桑洲镇.yaml"]
    first = project.params / "2019/宁海县/桑洲镇.yaml"
    assert dict(examine(project, first, project.read(first)).inputs) == {"params/2018/宁海县/桑洲镇.yaml": ""}


NAMES = st.tuples(st.sampled_from(["2019", "2020"]), st.sampled_from(["", "甲县", "乙县"]), st.sampled_from("东西南县"))


@settings(max_examples=examples(60))
@given(st.sets(NAMES, max_size=12))
def test_a_disk_that_is_asked_and_a_listing_give_the_same_answers(tmp_path_factory, names):
    project = load_project(tmp_path_factory.mktemp("years"))
    for year, folder, stem in names:
        put(project, f"{year}/{folder}/{stem}".replace("//", "/"), "")
    asked, listed = Folders(project), Folders(project)
    asked._shelves = {year: _Disk(project, year) for year in (2018, 2019, 2020)}
    listed._shelves = {year: _Store(project, year) for year in (2018, 2019, 2020)}
    paths = parameter_files(project.params)
    for name in [*map(asked.name, paths), PurePath("2020/甲县"), PurePath("2020/丙县/东"), PurePath("2019")]:
        answers = [
            (
                folders.last_year(name),
                folders.units(name),
                folders.folders_in(name),
                folders.last_year_units(name),
                folders.new(name),
                folders.county(name),
            )
            for folders in (asked, listed)
        ]
        assert answers[0] == answers[1], name


def test_a_listing_that_is_kept_is_not_older_than_its_folder(tmp_path):
    project = load_project(tmp_path)
    put(project, "2019/甲县/东", "")
    time.sleep(0.15)  # so that the listing may be kept
    folders = Folders(project)
    assert len(folders.units(PurePath("2019/甲县"))) == 1
    put(project, "2019/甲县/西", "")
    assert len(folders.units(PurePath("2019/甲县"))) == 2
    (project.params / "2019/甲县/东.yaml").unlink()
    assert [path.stem for path in folders.units(PurePath("2019/甲县"))] == ["西"]


@pytest.mark.parametrize("name", ["a/b", "..", "../../etc/x", "甲\x00镇"])
def test_a_name_with_path_signs_leads_nowhere(tmp_path, name):
    project = office(tmp_path, "桑洲镇")
    path = put(project, "2020/宁海县/甲镇", later("甲镇").replace("jurisdiction: 甲镇", f"jurisdiction: {name!r}"))
    if "\x00" not in name:
        (outcome,) = [each for each in bring(project) if each.job.params == path]
        assert (outcome.status, "Y11" in {issue.code for issue in outcome.errors}) == ("invalid", True)
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} <= {"params", "notebooks", "dist"}


def test_words_of_a_section_with_a_table_are_told_at_their_line(tmp_path):
    project = project_at(tmp_path)
    path = write(project, "2023", complete("甲镇", 2023, {"requests.received:total": 3, "requests.received:person": 3}))
    text = path.read_text(encoding="utf-8")
    head, _, _ = text.partition("narrative:")
    words = "narrative:\n  收到和处理政府信息公开申请情况: 收到政府信息公开申请2件\n"
    path.write_text(head + words, encoding="utf-8")
    read = project.read(path)
    (issue,) = [issue for issue in check_report(project, path, read) if issue.code == "R12"]
    assert issue.origin.place == str(head.count("\n") + 2)
    assert place_of(issue, read) == Field("words", "requests")
    # Without the table, what is said of it is not told at the words.
    path.write_text(
        "edition: '2021'\nyear: 2023\njurisdiction: 甲镇\nnarrative:\n  requests: 收到申请\n", encoding="utf-8"
    )
    read = project.read(path)
    blank = [issue for issue in check_report(project, path, read) if issue.code == "B1"]
    assert {issue.origin.place for issue in blank} == {"1"}
    assert {place_of(issue, read) for issue in blank} == {None}
