"""The rules' framework, the rules across years and across units, and how they are switched off."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import reportkit
from reportkit.checks import (
    check,
    check_config,
    check_project,
    entries_of,
    nearest,
)
from reportkit.checks.links import broken
from reportkit.checks.registry import rules_of
from reportkit.errors import UserError
from reportkit.files.locations import location
from reportkit.kinds import KINDS, shipped_forms
from reportkit.kinds.ogi.rules.years import LINKS
from reportkit.messages.catalogue import AREAS, FOLDER, entries
from reportkit.params.reader import read_parameters
from reportkit.project import load_project, parameter_files, selected
from support.counties import cell, complete, project_at, write
from support.filings import told

SRC = Path(reportkit.__file__).parent
FORMS = shipped_forms()


def broken_codes(this, last):
    """What the rules across years of figures find: code, cell, and both sides."""
    return [
        (code, str(found.at), f"{found.found} ≠ {found.expected}")
        for code, links in LINKS.items()
        for found in broken(links, this, last)
    ]


def checked(project, *places):
    """The codes by file, and for those between files the file marked with a +."""
    files = [path for place in places or [""] for path in parameter_files(project.params / place)]
    found = {}
    for group in check_project(project, files):
        name = f"{group.path.relative_to(project.params)}{'+' if group.across else ''}"
        codes = [issue.code for issue in group.issues if issue.code[0] not in "BNLPS"]
        if codes:
            found.setdefault(name, []).extend(codes)
    return found


# The catalogue


def test_every_code_that_is_used_is_in_the_catalogue_and_the_other_way_round():
    # A3 to A5 are paper; every other word of a capital and a number in quotes is a code.
    used = {
        code
        for path in SRC.rglob("*.py")
        for code in re.findall(r'"([A-Z]\d{1,2})(?:\.\w+)?"', path.read_text(encoding="utf-8"))
    } - {"A3", "A4", "A5"}
    of_forms = {rule.code for form in FORMS.values() for rule in form.rules}
    assert used | of_forms | {rule.code for rule in rules_of("ogi")} == set(entries("ogi"))


def test_no_rule_takes_the_code_of_another():
    registered = [(rule.code, rule.needs) for rule in rules_of("ogi")]
    assert len(registered) == len(set(registered)) >= 30


def test_a_rule_of_a_kind_stands_beside_its_entry():
    folder = KINDS / "ogi/rules"
    written = {path.stem: set(next(yaml.safe_load_all(path.read_text("utf-8")))) for path in folder.glob("*.yaml")}
    assert written.pop("equations") == {rule.code for form in FORMS.values() for rule in form.rules}
    modules = {name: import_module(f"reportkit.kinds.ogi.rules.{name}") for name in written}
    assert {name: {rule.code for rule in module.RULES} for name, module in modules.items()} == written
    own = {code for codes in written.values() for code in codes}
    assert {rule.code for rule in rules_of("ogi")} - {rule.code for rule in rules_of("")} == own


def test_a_form_of_no_kind_has_the_rules_of_any_report():
    codes = [rule.code for rule in rules_of("")]
    assert codes == ["R11", "R24", "L2", "L3", "L8", "L9", "L16", "L17", "S2", "S3"]
    assert set(codes) <= set(entries()) == set(entries("ogi")) & set(entries())


def test_every_entry_says_what_it_must():
    for entry in entries("ogi").values():
        assert entry.severity in ("error", "warning"), entry
        assert all([entry.title, entry.source, entry.explanation, entry.example]), entry
        assert "\n" not in entry.title, entry
        assert isinstance(entry.waivable, bool), entry
        assert entry.area in AREAS, entry


def test_no_code_stands_twice_in_a_file_of_the_catalogue():
    for path in (*FOLDER.glob("*/*.yaml"), *KINDS.glob("*/rules/**/*.yaml")):
        entries_of, *cases_of = path.read_text(encoding="utf-8").split("\n---\n")
        for document in (entries_of, *cases_of):
            assert re.findall(r"^([A-Z]\d+):", document, re.M) == list(yaml.safe_load(document)), path


def test_a_code_that_is_not_there_has_neighbours():
    assert "R1" in nearest("r1x", entries("ogi"))
    assert "reportkit rules" in nearest("全部", entries())


def test_rules_of_a_project_s_own_form_are_known_by_their_label():
    form = FORMS["2021"]
    own = replace(form, rules=(replace(form.rules[0], code="甲1", label="自己的规则"), *form.rules[1:]))
    entry = entries_of([own])["甲1"]
    assert (entry.title, entry.severity, entry.waivable) == ("自己的规则", "error", True)
    assert entries_of([own])["R1"] is entries("ogi")["R1"]


# Rules across years

CARRIED_OVER = {"requests.carried_over:person": 3, "requests.carried_over:total": 3}
CARRIED_IN = {"requests.carried_in:person": 3, "requests.carried_in:total": 3}


@pytest.mark.parametrize("year", [2020, 2021, 2023])  # within an edition, across the change, within the other
def test_what_was_carried_over_is_carried_in(year):
    last = complete("甲镇", year - 1, CARRIED_OVER)
    assert broken_codes(complete("甲镇", year, CARRIED_IN), last) == []
    assert broken_codes(complete("甲镇", year), last) == [
        ("R7", "requests[carried_in, person]", "0 ≠ 3"),
        ("R7", "requests[carried_in, total]", "0 ≠ 3"),
    ]


def test_carried_in_is_compared_column_by_column():
    last = complete("甲镇", 2022, {"requests.carried_over:person": 2, "requests.carried_over:company": 1})
    this = complete("甲镇", 2023, {"requests.carried_in:person": 1, "requests.carried_in:company": 2})
    assert [ref for _, ref, _ in broken_codes(this, last)] == [
        "requests[carried_in, person]",
        "requests[carried_in, company]",
    ]


def test_a_message_names_both_years_both_cells_and_where_last_year_s_stands():
    last = replace(
        complete("甲镇", 2022, CARRIED_OVER), origins={cell("requests.carried_over:person"): ("2022/甲镇.yaml", "31")}
    )
    (found, _) = broken(LINKS["R7"], complete("甲镇", 2023), last)
    for words in [
        "“自然人”的“二、上年结转政府信息公开申请数量” 是 [0]，应为 3",
        "2022 年“四、结转下年度继续办理”[3]",
        "请核对两年的数",
    ]:
        assert words in told(found).message


def test_a_blank_counts_as_zero_but_a_blank_table_tells_nothing():
    last = complete("甲镇", 2022, CARRIED_OVER)
    blank_row = complete("甲镇", 2023, {"requests.carried_in:person": None, "requests.carried_in:total": None})
    assert broken_codes(blank_row, last)[0] == ("R7", "requests[carried_in, person]", "空白 ≠ 3")
    no_table = replace(
        blank_row, values={ref: value for ref, value in blank_row.values.items() if ref.table != "requests"}
    )
    assert broken_codes(no_table, last) == []
    assert broken_codes(last, no_table) == []
    both = complete("甲镇", 2022, {"requests.carried_over:person": None})
    assert broken_codes(blank_row, both) == []


def test_nothing_is_concluded_from_what_cannot_be_read():
    last, ref = complete("甲镇", 2022, CARRIED_OVER), cell("requests.carried_in:person")
    this = complete(
        "甲镇", 2023, {"requests.carried_in:person": None, "requests.carried_in:total": 3}, unread={ref: ""}
    )
    assert broken_codes(this, last) == []
    # A total that was left out would lack the part that cannot be read.
    left_out = replace(
        this, values={key: value for key, value in this.values.items() if key != cell("requests.carried_in:total")}
    )
    assert broken_codes(left_out, last) == []


def test_what_is_in_force_follows_from_last_year_issued_and_repealed():
    last = complete("甲县", 2022, {"proactive.normative_documents:in_force": 12})
    moves = {"proactive.normative_documents:issued": 3, "proactive.normative_documents:repealed": 1}
    assert broken_codes(complete("甲县", 2023, moves | {"proactive.normative_documents:in_force": 14}), last) == []
    assert broken_codes(complete("甲县", 2023, moves | {"proactive.normative_documents:in_force": 15}), last) == [
        ("R8", "proactive[normative_documents, in_force]", "15 ≠ 14")
    ]


def test_in_force_has_no_predecessor_in_the_old_edition():
    last = complete("甲县", 2020, {"proactive.normative_documents:total_published": 30})
    assert broken_codes(complete("甲县", 2021, {"proactive.normative_documents:in_force": 5}), last) == []


@pytest.mark.parametrize("row", ["licences", "other_services", "penalties", "coercion", "fees"])
def test_last_year_s_number_of_items_is_last_year_s_with_its_change(row):
    last = complete("甲县", 2019, {f"proactive.{row}:last_year": 116, f"proactive.{row}:change": -2})
    assert broken_codes(complete("甲县", 2020, {f"proactive.{row}:last_year": 114}), last) == []
    assert broken_codes(complete("甲县", 2020, {f"proactive.{row}:last_year": 116}), last) == [
        ("R9", f"proactive[{row}, last_year]", "116 ≠ 114")
    ]


@pytest.mark.parametrize(("total", "codes"), [(40, []), (45, []), (46, ["R9"])])
def test_no_more_is_published_than_there_was_and_was_added(total, codes):
    last = complete("甲县", 2019, {"proactive.normative_documents:total_published": 40})
    this = {"proactive.normative_documents:published": 5, "proactive.normative_documents:total_published": total}
    assert [code for code, *_ in broken_codes(complete("甲县", 2020, this), last)] == codes


@pytest.mark.parametrize("group", ["review", "direct", "after_review"])
def test_pending_cases_turn_up_again(group):
    last = complete("甲县", 2022, {f"reviews.cases:{group}.pending": 5, f"reviews.cases:{group}.total": 5})
    assert broken_codes(complete("甲县", 2023, {f"reviews.cases:{group}.total": 5}), last) == []
    assert broken_codes(complete("甲县", 2023, {f"reviews.cases:{group}.total": 4}), last) == [
        ("R10", f"reviews[cases, {group}.total]", "4 ≠ 5")
    ]


def test_last_year_s_file_is_the_one_in_the_same_place(tmp_path):
    project = project_at(tmp_path)
    write(project, "2022/甲县", complete("东镇", 2022, CARRIED_OVER))
    write(project, "2022/乙县", complete("东镇", 2022))
    write(project, "2023/乙县", complete("东镇", 2023))
    write(project, "2023/甲县", complete("东镇", 2023))
    assert checked(project, "2023") == {"2023/甲县/东镇.yaml": ["R7", "R7"]}


def test_a_unit_that_moved_is_found_by_name_unless_that_file_has_a_successor(tmp_path):
    project = project_at(tmp_path)
    write(project, "2022/旧县", complete("东镇", 2022, CARRIED_OVER))
    write(project, "2023/新县", complete("东镇", 2023))
    assert checked(project, "2023") == {"2023/新县/东镇.yaml": ["R7", "R7"]}
    write(project, "2023/旧县", complete("东镇", 2023, CARRIED_IN))  # so the other is a unit of the same name
    assert "2023/新县/东镇.yaml" not in checked(project, "2023")


def test_last_year_s_file_that_cannot_be_read_is_told(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023/甲县", complete("东镇", 2023))
    write(project, "2022/甲县", complete("东镇", 2022)).write_text("", encoding="utf-8")
    (issue,) = [
        issue
        for group in check_project(project, parameter_files(project.params / "2023"))
        for issue in group.issues
        if issue.code == "R19"
    ]
    assert (issue.severity, "2022/甲县/东镇.yaml" in issue.message) == ("warning", True)


def test_a_wrong_year_in_a_file_is_told_once_and_not_compared(tmp_path):
    project = project_at(tmp_path)
    write(project, "2022/甲县", complete("东镇", 2022, CARRIED_OVER))
    write(project, "2023/甲县", complete("东镇", 2022))
    assert checked(project, "2023") == {"2023/甲县/东镇.yaml": ["J1"]}


def test_last_year_s_files_and_a_county_s_units_are_found_in_a_store_too(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    local, store = project_at(tmp_path), "memory://county-of-the-checks/params"
    made = [
        write(local, "2022/甲县", complete("东镇", 2022, CARRIED_OVER)),
        write(local, "2023/甲县", complete("东镇", 2023)),
        write(local, "2023", complete("甲县", 2023, {"proactive.licences:decisions": 1})),
    ]
    fsspec.filesystem("memory").pipe(
        {f"/county-of-the-checks/params/{path.relative_to(local.params)}": path.read_bytes() for path in made}
    )
    (tmp_path / "reportkit.toml").write_text(f'params = "{store}"\n', encoding="utf-8")
    project = load_project(tmp_path)
    files = [path for path, _ in selected(project, [location(f"{store}/2023")])]
    found = [
        (issue.code, issue.origin.path.removeprefix(store))
        for group in check_project(project, files)
        for issue in group.issues
        if issue.code.startswith("R")
    ]
    assert found == [("R7", "/2023/甲县/东镇.yaml"), ("R7", "/2023/甲县/东镇.yaml"), ("R11", "/2023/甲县.yaml")]


# Rules across units

TOWNS = [f"合成{number}镇" for number in range(1, 41)]
ROW = "requests.received"


def county_of_forty(tmp_path, stated):
    """A county whose first towns received 1, 2, 3 … requests, and what it states itself."""
    project = project_at(tmp_path)
    for number, name in enumerate(TOWNS, 1):
        write(project, "2023/合成县", complete(name, 2023, {f"{ROW}:person": number, f"{ROW}:total": number}))
    write(project, "2023", complete("合成县", 2023, {f"{ROW}:person": stated, f"{ROW}:total": stated}))
    return project


def of_county(project, *places):
    files = [path for place in places or ["2023"] for path in parameter_files(project.params / place)]
    return [
        issue
        for group in check_project(project, files)
        if group.across
        for issue in group.issues
        if issue.code.startswith("R")
    ]


def test_a_county_that_states_the_sum_of_its_forty_towns_is_right(tmp_path):
    assert of_county(county_of_forty(tmp_path, 820)) == []


def test_a_county_that_states_another_sum_is_told_once_per_row_with_the_greatest_parts(tmp_path):
    (issue,) = of_county(county_of_forty(tmp_path, 800))
    assert (issue.code, issue.severity, str(issue.ref)) == ("R11", "warning", "requests[received, total]")
    assert (issue.found, issue.expected) == ("800、800", "820、820")
    assert issue.origin.path.endswith("params/2023/合成县.yaml")
    for words in [
        "“一、本年新收政府信息公开申请数量”",
        "“自然人”写 [800]、各单位合计 820",
        "合成40镇 40、合成39镇 39、合成38镇 38 等 40 个单位",
    ]:
        assert words in issue.message


def test_a_county_is_compared_when_its_whole_folder_is_checked_and_not_for_one_town(tmp_path):
    project = county_of_forty(tmp_path, 800)
    assert [issue.code for issue in of_county(project, "2023/合成县")] == ["R11"]
    files = [project.params / "2023/合成县/合成1镇.yaml"]
    assert [group for group in check_project(project, files) if group.across] == []
    files = [project.params / "2023/合成县.yaml"]
    assert [issue.code for group in check_project(project, files) if group.across for issue in group.issues] == ["R11"]


def test_the_towns_of_a_district_are_its_own_and_not_the_city_s(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023", complete("合成市", 2023, {f"{ROW}:total": 5}))
    write(project, "2023/合成市", complete("合成区", 2023, {f"{ROW}:total": 5}))
    write(project, "2023/合成市/合成区", complete("东镇", 2023, {f"{ROW}:total": 4}))
    assert [(issue.origin.path[-len("合成市/合成区.yaml") :], issue.expected) for issue in of_county(project)] == [
        ("合成市/合成区.yaml", "4")
    ]


def test_a_unit_that_cannot_be_read_stops_the_comparison(tmp_path):
    project = county_of_forty(tmp_path, 800)
    (project.params / "2023/合成县/合成7镇.yaml").write_text("- x", encoding="utf-8")
    (issue,) = of_county(project)
    assert (issue.code, "合成7镇的文件读不出来" in issue.message) == ("R11", True)


def test_a_cell_that_cannot_be_read_in_a_town_is_not_compared(tmp_path):
    project = county_of_forty(tmp_path, 800)
    path = project.params / "2023/合成县/合成7镇.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[7, 0, 0, 0, 0, 0, 7]", "[7, 0, 0, 0, 0, 0, 七]"), encoding="utf-8"
    )
    (issue,) = of_county(project)
    assert (issue.found, issue.expected) == ("800", "820")  # the column that all have


def test_towns_with_another_edition_are_told_and_only_shared_cells_compared(tmp_path):
    project = project_at(tmp_path)
    write(project, "2021", complete("甲县", 2021, {f"{ROW}:total": 5, "requests.outcome.other.other:total": 9}))
    write(project, "2021/甲县", complete("东镇", 2021, {f"{ROW}:total": 2}))
    write(project, "2021/甲县", complete("西镇", 2021, {f"{ROW}:total": 2}, form=FORMS["2019"]))
    found = of_county(project, "2021")
    assert [issue.found for issue in found] == ["", "5"]
    assert "西镇（2019年版）用的格式版本与本报告（2021年版）不同" in found[0].message


def test_a_table_that_the_county_left_blank_is_not_compared(tmp_path):
    project = county_of_forty(tmp_path, 0)
    path = project.params / "2023/合成县.yaml"
    county = complete("合成县", 2023)
    write(
        project,
        "2023",
        replace(county, values={ref: value for ref, value in county.values.items() if ref.table != "requests"}),
    )
    assert path.exists()
    assert of_county(project) == []


def test_units_missing_this_year_or_last_year_are_named_once(tmp_path):
    project = project_at(tmp_path)
    for name in ["东镇", "西镇", "南镇"]:
        write(project, "2022/甲县", complete(name, 2022))
    for name in ["东镇", "北镇"]:
        write(project, "2023/甲县", complete(name, 2023))
    assert [(issue.code, issue.severity, issue.found, issue.origin.path) for issue in of_county(project)] == [
        ("R18", "warning", "南镇、西镇", str(project.params / "2023/甲县")),
        ("R19", "warning", "北镇", str(project.params / "2023/甲县")),
    ]


def test_the_first_year_of_a_project_has_nothing_to_miss(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023/甲县", complete("东镇", 2023))
    assert of_county(project) == []


def test_a_unit_with_towns_but_without_a_file_is_missing(tmp_path):
    project = project_at(tmp_path)
    write(project, "2023", complete("合成市", 2023))
    write(project, "2023/合成市", complete("合成区", 2023))
    write(project, "2023/合成市/无名县", complete("东镇", 2023))
    assert [(issue.code, issue.found) for issue in of_county(project)] == [("R18", "无名县")]


# Switching off

BROKEN = {
    f"{ROW}:person": 3,
    f"{ROW}:total": 2,
    "requests.outcome.total:person": 3,
    "requests.outcome.granted:person": 3,
}
"""Breaks R2 in two rows, R1 in the column of the totals."""


def codes(issues):
    return [(issue.code, issue.severity) for issue in issues if issue.code[0] in "RY"]


def test_a_waived_issue_stays_with_its_reason_comes_last_and_stops_nothing():
    broken = complete("甲镇", 2023, BROKEN)
    before = codes(check(broken))
    assert ("R2", "error") in before
    after = check(replace(broken, waivers={"R2": "两表口径不同"}))
    assert sorted(code for code, _ in codes(after)) == sorted(code for code, _ in before)
    assert {severity for code, severity in codes(after) if code == "R2"} == {"waived"}
    assert [issue.severity == "waived" for issue in after] == sorted(issue.severity == "waived" for issue in after)
    (message, *_) = [issue.message for issue in after if issue.code == "R2"]
    assert message.endswith("（已豁免：两表口径不同）")


def test_the_project_s_waivers_count_for_every_file_and_the_file_s_own_go_before_them():
    broken = complete("甲镇", 2023, BROKEN)
    assert {issue.severity for issue in check(broken, {"R2": "全县如此"}) if issue.code == "R2"} == {"waived"}
    both = check(replace(broken, waivers={"R2": "本镇如此"}), {"R2": "全县如此"})
    assert all(issue.message.endswith("（已豁免：本镇如此）") for issue in both if issue.code == "R2")


def test_a_waiver_that_nothing_needs_is_told_for_the_rules_that_ran():
    clean = replace(complete("甲镇", 2023), waivers={"R2": "旧理由", "R7": "没有查上年"})
    (issue,) = [issue for issue in check(clean) if issue.code == "Y10"]
    assert (issue.severity, issue.found) == ("warning", "R2")
    assert [issue for issue in check(complete("甲镇", 2023), {"R2": "全县如此"}) if issue.code == "Y10"] == []


def test_a_rule_across_years_is_waived_in_the_file_and_its_waiver_goes_stale(tmp_path):
    project = project_at(tmp_path)
    write(project, "2022/甲县", complete("东镇", 2022, CARRIED_OVER))
    path = write(project, "2023/甲县", complete("东镇", 2023, waivers={"R7": "上年误报，已更正"}))
    found = [issue for group in check_project(project, [path]) for issue in group.issues if issue.code in ("R7", "Y10")]
    assert [(issue.code, issue.severity) for issue in found] == [("R7", "waived"), ("R7", "waived")]
    write(project, "2022/甲县", complete("东镇", 2022))
    found = [issue for group in check_project(project, [path]) for issue in group.issues if issue.code in ("R7", "Y10")]
    assert [(issue.code, issue.found) for issue in found] == [("Y10", "R7")]


def test_a_rule_across_units_is_waived_by_the_county(tmp_path):
    project = county_of_forty(tmp_path, 800)
    county = complete("合成县", 2023, {f"{ROW}:person": 800, f"{ROW}:total": 800}, waivers={"R11": "另含县直部门"})
    write(project, "2023", county)
    (issue,) = of_county(project)
    assert (issue.severity, issue.message.endswith("（已豁免：另含县直部门）")) == ("waived", True)


@pytest.mark.parametrize(
    ("waivers", "code", "words"),
    [
        ({"R99": "理由"}, "Y5", "相近的有"),
        ({"Y2": "理由"}, "Y9", "不能豁免"),
        ({"J1": "理由"}, "Y9", "不能豁免"),
        ({"R2": ""}, "Y9", "要写一句理由"),
        ({"R2": None}, "Y9", "要写一句理由"),
        ({"R2": ["一", "二"]}, "Y9", "要写一句理由"),
        ({"r2": "一", "R2": "二"}, "Y4", "写了两次"),
        ("R2", "Y7", "waivers"),
    ],
)
def test_a_waiver_that_is_none_is_an_error(waivers, code, words):
    read = read_parameters({"year": 2023, "jurisdiction": "甲镇", "waivers": waivers}, FORMS)
    (issue,) = [issue for issue in check(read) if issue.code == code]
    assert (issue.severity, words in issue.message) == ("error", True)


def test_codes_are_known_in_small_letters_too():
    read = read_parameters({"year": 2023, "jurisdiction": "甲镇", "waivers": {" r2 ": "a\nb"}}, FORMS)
    assert read.waivers == {"R2": "a b"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('R99 = "理由"', ["R99", "相近的有"]),
        ('Y1 = "理由"', ["Y1", "不能豁免"]),
    ],
)
def test_a_wrong_waiver_of_the_project_stops_everything(tmp_path, line, words):
    project = project_at(tmp_path, f"[waivers]\n{line}\n")
    with pytest.raises(UserError) as error:
        check_config(project)
    assert [word for word in ["reportkit.toml", *words] if word not in str(error.value)] == []


@pytest.mark.parametrize("text", ['[waivers]\nR2 = ""', "[waivers]\nR2 = 3", 'waivers = "R2"'])
def test_a_waiver_of_the_project_without_a_reason_is_refused(tmp_path, text):
    (tmp_path / "reportkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="waivers"):
        load_project(tmp_path)
