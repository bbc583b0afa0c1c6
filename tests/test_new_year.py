"""A year is begun from the one before: what comes along, what is left to be filled in, and what is told."""

import json
import random
import shlex
import shutil
import zipfile
from dataclasses import replace

import pytest
import yaml
from benchmarks.synthetic import write_towns
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from reportkit.batch.incremental import update
from reportkit.checks import check_project
from reportkit.checks.kept_dates import kept_dates
from reportkit.cli import app
from reportkit.errors import CellRef, ReaderError, UserError
from reportkit.files import writing
from reportkit.imports.dispatch import read_any
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure
from reportkit.model.reading import Hints
from reportkit.model.zeros import by_table, zeros
from reportkit.notebook import notebook_of
from reportkit.notebook.towns import copy_path, make_copy, read_copy, read_town
from reportkit.params.editor import Editor
from reportkit.params.first_words import Words
from reportkit.params.writer import params_text
from reportkit.params.yaml_text import Unread
from reportkit.project import load_project, plan
from reportkit.project.new_year import begin, begun_already, files_of_year, form_of_year
from support.copies import NAME, OTHER, cells, change, filing_of, told
from support.counties import complete, project_at, write
from support.damaged import damaged_text
from support.filings import filing
from support.form_facts import FACTS, TOWN, asking, stating
from support.laws import examples
from support.offices import Here, office

LAST, NOW = "params/2019/宁海县", "params/2020/宁海县"
FORMS = shipped_forms()
CARRIED_IN = CellRef("requests", "carried_in", "person")


def issues(project, *years: str) -> list[tuple[str, str]]:
    """The codes that a check tells of the files of some years, with the kind of what is found."""
    files = [path for year in years for path, _ in files_of_year(project, int(year)).files]
    return [(one.code, one.severity) for group in check_project(project, files) for one in group.issues]


def text_of(project, path: str) -> str:
    return (project.root / path).read_text(encoding="utf-8")


def put(project, path: str, text: str) -> None:
    (project.root / path).parent.mkdir(parents=True, exist_ok=True)
    (project.root / path).write_text(text, encoding="utf-8")


def town(folder, cells: dict[str, str | int | None] | None = None, year: int = 2022, **fields):
    """A project of one town with a report of 2022, and the path of that: 0 in every cell but these, no total stated."""
    project = project_at(folder)
    made = complete("甲镇", year, cells, **fields)
    sums = {rule.total for rule in made.form.rules}
    last = project.params / f"{year}/甲县/甲镇.yaml"
    last.parent.mkdir(parents=True)
    parts = {ref: figure for ref, figure in made.values.items() if ref not in sums}
    last.write_text(params_text(replace(made, values=parts)), encoding="utf-8")
    return project, last


# --- one file --------------------------------------------------------------------------------------------------------


def test_names_waivers_and_comments_come_along_and_figures_are_blanks(tmp_path):
    project, last = town(
        tmp_path,
        {"requests.received:person": 3, "requests.carried_over:person": 3},
        waivers={"R8": "口径变了"},
        compare=True,
    )
    text = last.read_text(encoding="utf-8")
    last.write_text(f"# 由办公室填报\n{text}".replace("figures:", "figures: # 单位：件"), encoding="utf-8")
    path, made = begin(project, last, 2023)
    assert path == project.params / "2023/甲县/甲镇.yaml"
    assert made.text.startswith("# 由办公室填报\n")
    assert "figures: # 单位：件" in made.text
    put(project, "params/2023/甲县/甲镇.yaml", made.text)
    now = project.read(path)
    assert (now.year, now.jurisdiction, now.agency, now.compare) == (2023, "甲镇", "甲镇人民政府", True)
    assert dict(now.waivers) == {"R8": "口径变了"}
    stated = {ref: figure.text for ref, figure in now.values.items() if ref not in now.computed}
    assert {ref.row for ref in stated} == {"carried_in"}
    assert stated[CARRIED_IN] == "3"
    known = {("B1", "warning"), ("N1", "warning"), ("Y10", "warning")}  # the last: nothing to waive yet
    assert [one for one in issues(project, "2023") if one not in known] == [
        ("R1", "error")
    ] * 2  # where the 3 have gone


def test_without_anything_to_carry_only_blanks_are_told(tmp_path):
    project, last = town(tmp_path)
    made = begin(project, last, 2023).made
    put(project, "params/2023/甲县/甲镇.yaml", made.text)
    assert {code for code, _ in issues(project, "2023")} == {"B1", "N1"}
    assert (set(made.lost), made.rewritten) == (set(), False)


def test_each_row_of_last_year_s_keeps_its_way_of_writing(county):
    made = begin(county, county.root / f"{LAST}/甲镇.yaml", 2020).made
    assert "政府集中采购: {采购项目数量: ~, 采购总金额: ~}" in made.text
    before, after = (text.splitlines() for text in (text_of(county, f"{LAST}/甲镇.yaml"), made.text))
    names = [line.partition(":")[0] for line in after]
    assert [line for line in before if line.partition(":")[0] not in names] == []
    assert len(after) == len(before) + 22  # a row that was left out is to be filled in, too


@pytest.mark.parametrize(
    ("words", "narrative", "lines"),
    [
        (Words.last_year, {"overview", "problems", "other"}, ["  总体情况: |"]),
        (Words.master, set(), ["  总体情况: ~"]),
        (Words.blank, set(), ["  总体情况: ~", "  收到和处理政府信息公开申请情况: ~"]),
    ],
)
def test_texts_begin_from_last_year_s_the_master_s_or_blanks(county, words, narrative, lines):
    made = begin(county, county.root / f"{LAST}/甲镇.yaml", 2020, words=words).made
    assert set(made.filing.narrative) == narrative
    words_of_file = made.text.partition("\nnarrative:")[2].splitlines()
    assert [line for line in lines if line in words_of_file] == lines
    assert len(words_of_file) > 20 or all(line.endswith(": ~") for line in filter(None, words_of_file))


def test_another_edition_takes_what_both_have(tmp_path):
    project, last = town(
        tmp_path,
        {"requests.carried_over:person": 5, "proactive.licences:last_year": 7},
        year=2020,
        waivers={"R8": "口径变了"},
    )
    text = last.read_text(encoding="utf-8").replace("figures:", "figures:  # 单位：件\n  # 由王某核对过")
    last.write_text(f"{text}narrative:\n  总体情况: 全年有序。\n", encoding="utf-8")
    path, made = begin(project, last, 2021)
    put(project, "params/2021/甲县/甲镇.yaml", made.text)
    now = project.read(path)
    assert now.form.edition == "2021"
    assert now.values[CARRIED_IN].text == "5"
    assert {ref.row for ref in now.values if ref not in now.computed} == {"carried_in"}
    assert dict(now.narrative) == {"overview": "全年有序。"}
    assert "# 单位：件\n# 由王某核对过\nfigures:" in made.text
    assert not [note for note in now.notes if note.severity == "error"]


def test_an_edition_that_the_file_leaves_to_its_year_stays_left_out(tmp_path):
    project, last = town(tmp_path, year=2020)
    text = last.read_text(encoding="utf-8")
    last.write_text("\n".join(line for line in text.splitlines() if "edition" not in line), encoding="utf-8")
    made = begin(project, last, 2021).made
    assert "edition" not in made.text
    assert made.filing.form.edition == "2021"


def test_facts_are_keys_with_blanks(tmp_path):
    project = asking(tmp_path)
    last = stating(project, "trainings: 3 # 次\nbudget: 1.5\noffice: 二楼\nopen: true\n")
    made = begin(project, last, 2020, edition="本县表").made
    assert "trainings: ~ # 次\nbudget: ~\noffice: ~\nopen: ~\n" in made.text
    assert "opened: ~" in made.text
    put(project, f"{NOW}/{TOWN}.yaml", made.text)
    assert {"Y13"} == {code for code, severity in issues(project, "2020") if severity == "error"}


def test_a_form_of_the_project_s_own_that_ends_is_to_be_named(tmp_path):
    project = asking(tmp_path)
    (tmp_path / "forms/own.yaml").write_text(
        (tmp_path / "forms/own.yaml").read_text(encoding="utf-8").replace("years: [2019, 2020]", "years: [2019, 2019]"),
        encoding="utf-8",
    )
    project = load_project(tmp_path)
    last = stating(project, "trainings: 3\n")
    with pytest.raises(UserError, match="name it with --edition"):
        begin(project, last, 2020)
    assert form_of_year(project.forms, project.read(last), 2020, "2019").edition == "2019"
    assert FACTS  # the form's own
    with pytest.raises(UserError, match="no edition '7'"):
        begin(project, last, 2020, edition="7")


def test_comments_of_an_import_and_of_sums_stay_with_their_year(tmp_path):
    project, last = town(tmp_path)
    text = params_text(project.read(last))
    text = text.replace(
        "    行政许可: 0",
        "    # 待核（D7）：没有读准（上年.html:3）\n    # 本年处理决定数量：东镇 3 + 西镇 1\n    # 请老王核对\n    行政许可: 0",
    )
    last.write_text(text + "narrative:\n  总体情况: |\n    第一段\n    # 取自 正文里的一行\n", encoding="utf-8")
    made = begin(project, last, 2023).made
    assert not made.rewritten
    comments = [line.strip() for line in made.text.splitlines() if line.lstrip().startswith("#") and "列：" not in line]
    assert comments == ["# 请老王核对", "# 取自 正文里的一行"]
    assert made.filing.narrative["overview"] == "第一段\n# 取自 正文里的一行\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_line_ends_and_a_mark_stay_and_what_was_gb18030_becomes_utf_8(tmp_path, newline, codec):
    project, last = town(tmp_path)
    text = last.read_text(encoding="utf-8").replace("\n", newline)
    last.write_bytes(text.encode(codec))
    made = begin(project, last, 2023).made
    assert made.text.startswith("\ufeff") == (codec == "utf-8-sig")
    assert made.text.count("\r\n") == (made.text.count("\n") if newline == "\r\n" else 0)


def test_a_file_on_one_line_is_begun_too(tmp_path):
    project, last = town(tmp_path, {"requests.carried_over:person": 3})
    last.write_text(json.dumps(yaml.safe_load(last.read_text(encoding="utf-8")), ensure_ascii=False), encoding="utf-8")
    assert begin(project, last, 2023).made.filing.values[CARRIED_IN] == 3


def test_what_cannot_be_edited_is_written_anew_and_says_so(tmp_path):
    project, last = town(tmp_path, {"requests.carried_over:person": 3}, year=2020)
    figures = json.dumps(yaml.safe_load(last.read_text(encoding="utf-8"))["figures"], ensure_ascii=False)
    last.write_text(
        f"# 由办公室填报\nyear: 2020\njurisdiction: 甲镇\nagency: 甲镇人民政府\nfigures: {figures}\n", encoding="utf-8"
    )
    made = begin(project, last, 2021).made
    assert made.rewritten
    assert made.text.splitlines()[1] == "# 由办公室填报"
    assert made.filing.values[CARRIED_IN] == 3


def test_from_another_year_than_the_one_before_no_figure_carries_over(tmp_path):
    project, last = town(tmp_path, {"requests.carried_over:person": 3})
    made = begin(project, last, 2025).made
    assert (dict(made.carried), made.filing.year) == ({}, 2025)


KEYS = [
    "requests.received:person", "requests.carried_over:person", "requests.carried_over:other", "proactive.licences:decisions"
]  # fmt: skip


@settings(max_examples=examples(60))
@given(
    figures=st.fixed_dictionaries({key: st.none() | st.integers(0, 10**6) for key in KEYS}),
    words=st.sampled_from(Words),
    zero=st.booleans(),
)
def test_whatever_last_year_s_says_this_year_s_is_sound(figures, words, zero, tmp_path_factory):
    """A law: what is begun reads back as the names of last year's, and no other figure than what carries over."""
    project, last = town(tmp_path_factory.mktemp("law"), figures)
    path, made = begin(project, last, 2023, words=words, blank_as_zero=zero)
    put(project, "params/2023/甲县/甲镇.yaml", made.text)
    now = project.read(path)
    assert not [note for note in now.notes if note.severity == "error"]
    stated = {ref: figure for ref, figure in now.values.items() if ref not in now.computed}
    assert stated == {**made.carried, **dict.fromkeys(made.zeros, Figure(0))}
    assert made.zeros.isdisjoint(made.carried)
    assert bool(made.zeros) == zero


@settings(max_examples=examples(100))
@given(seed=st.integers(0, 10**6))
def test_whatever_is_wrong_with_last_year_s_file_no_wrong_one_is_begun(seed, tmp_path_factory):
    source = random.Random(seed)
    project, last = town(tmp_path_factory.mktemp("law"), {"requests.carried_over:person": 3})
    last.write_bytes(damaged_text(source, last.read_bytes()))
    try:
        path, made = begin(project, last, 2023, words=source.choice(list(Words)))
    except UserError:  # which says what is wrong with it
        return
    put(project, "params/2023/甲县/甲镇.yaml", made.text)
    now = project.read(path)
    assert {ref: figure for ref, figure in now.values.items() if ref not in now.computed} == made.carried
    assert now.year == 2023


# --- zeros -----------------------------------------------------------------------------------------------------------


def test_zeros_leave_sums_alone_and_what_last_year_s_figures_do_not_tell(tmp_path):
    project, last = town(tmp_path, {"requests.carried_over:person": 3, "proactive.regulations:in_force": 12})
    made = begin(project, last, 2023, blank_as_zero=True).made
    cells = {ref for table in made.filing.form.tables.values() for ref in table.cells}
    sums = {rule.total for rule in made.filing.form.rules}
    in_force = CellRef("proactive", "regulations", "in_force")  # 12 a year before
    open_yet = {CellRef("requests", row, "person") for row in ("received", "carried_over")}  # where the 3 have gone
    assert cells - made.zeros - sums == {in_force, *made.carried, *open_yet}
    assert made.carried[CARRIED_IN] == 3


def test_a_carry_over_that_was_not_read_is_told_and_no_zero(run, tmp_path):
    project, last = town(tmp_path)
    editor = Editor(last.read_text(encoding="utf-8"), project.read(last).form, str(last))
    editor.put_figures({CellRef("requests", "carried_over", "person"): Unread("待核")})
    last.write_text(editor.result(), encoding="utf-8")
    made = begin(project, last, 2023, blank_as_zero=True).made
    assert made.lost == {CARRIED_IN}
    assert CARRIED_IN not in {*made.zeros, *made.filing.values}
    lines = run("new", "2023", str(last))[1]
    assert lines[1].startswith("  last year's file has 1 error; reportkit check ")
    assert lines[-2].endswith("figures do not tell: 收到和处理政府信息公开申请情况 “二、上年结转政府信息公开申请数量”")


def test_a_sum_without_its_parts_gets_no_zeros():
    total, left = CellRef("requests", "received", "total"), CellRef("reviews", "cases", "review.upheld")
    blank = replace(complete("甲镇", 2023), values={})
    found = zeros(replace(blank, values={total: Figure(5)}, unread={left: ""}))
    assert not [ref for ref in found if ref.row == "received"]
    assert CellRef("requests", "carried_in", "person") in found
    assert by_table(blank.form, found)["政府信息公开行政复议、行政诉讼情况"] == 11
    assert CellRef("requests", "received", "person") in zeros(replace(blank, values={total: Figure(0)}))
    assert left in zeros(blank)
    assert left not in zeros(blank, but={left})


# --- many towns ------------------------------------------------------------------------------------------------------


def test_a_folder_of_towns_is_begun_and_what_is_there_or_damaged_is_told(run, county):
    put(county, f"{LAST}/坏镇.yaml", "figures: [\n")
    put(
        county,
        f"{LAST}/旧镇.yaml",
        text_of(county, f"{LAST}/甲镇.yaml").replace("甲镇", "旧镇").replace("year: 2019", "year: 2018"),
    )
    put(county, f"{NOW}/乙镇.yaml", "# 已经填了一半\n")
    code, lines = run("new", "2020")
    assert code == 1
    assert text_of(county, f"{NOW}/乙镇.yaml") == "# 已经填了一半\n"
    assert f"there already {NOW}/乙镇.yaml, not touched" in lines
    assert f"written {NOW}/甲镇.yaml from {LAST}/甲镇.yaml" in lines
    at = lines.index(f"refused {LAST}/坏镇.yaml")
    assert "Y2" in lines[at + 1]
    at = lines.index(f"refused {LAST}/旧镇.yaml")
    assert "J1" in lines[at + 1]
    assert lines[-1] == "1 written, 1 there already, 2 refused"
    assert sorted(path.name for path in (county.root / NOW).iterdir()) == ["乙镇.yaml", "甲镇.yaml"]


def test_towns_are_named_as_everywhere(run, county):
    code, lines = run("new", "2020", "甲镇", "2019/宁海县/乙镇")
    assert (code, lines[-1]) == (0, "2 written")
    assert run("new", "2021", "甲镇", "--from", "2019")[0] == 0
    assert (county.root / "params/2021/宁海县/甲镇.yaml").is_file()
    assert "does not lie in params/2020" in told(run, "new", "2021", f"{LAST}/甲镇.yaml")
    assert "丙镇" in told(run, "new", "2021", "丙镇")


def test_a_dry_run_writes_nothing(run, county):
    code, lines = run("new", "2020", "--dry-run")
    assert (code, lines[-1]) == (0, "2 would write")
    assert not (county.root / "params/2020").exists()


def test_a_unit_that_has_moved_is_not_begun_twice(tmp_path):
    project, last = town(tmp_path)
    moved = write(project, "2023/乙县", complete("甲镇", 2023))
    assert begun_already(project, last, 2023) == moved


@pytest.mark.parametrize("after", [0, 1])
def test_a_run_that_is_cut_off_leaves_whole_files_and_is_gone_on_with(run, county, monkeypatch, after):
    link, left = writing._link, [after]

    def cut_off(part, path):
        if path.suffix == ".yaml":
            left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        link(part, path)

    monkeypatch.setattr(writing, "_link", cut_off)
    run("new", "2020")
    there = sorted((county.root / "params/2020").rglob("*.*"))
    assert len(there) == after
    assert {county.read(path).year for path in there} <= {2020}
    monkeypatch.setattr(writing, "_link", link)
    run("new", "2020")
    assert len(list((county.root / NOW).glob("*.yaml"))) == 2


# --- the town's own copy ---------------------------------------------------------------------------------------------


def edited(project, name: str, cell: str, old: str, new: str) -> None:
    make_copy(project, name, filing_of(project, name))
    change(copy_path(project, name), cell, old, new)


def test_what_a_town_has_changed_in_its_notebook_comes_along(run, county):
    edited(county, OTHER, "overview", "本报告由", "这份2019年的报告由")
    code, lines = run("new", "2020", "乙镇")
    assert code == 0
    assert "  its own cells overview → notebooks/towns/2020/宁海县/乙镇.ipynb" in lines
    copy = copy_path(county, "2020/宁海县/乙镇")
    assert "这份2019年的报告由" in cells(copy)["overview"]
    assert "year = 2020" in cells(copy)["parameters"]
    filing = filing_of(county, "2020/宁海县/乙镇")
    assert read_town(county, "2020/宁海县/乙镇", filing).merged.conflicts == []
    (line,) = [line for line in run("check", "params/2020")[1] if " S3 " in line]
    assert "notebooks/towns/2020/宁海县/乙镇.ipynb:单元格 overview" in line
    assert "这份2019年的报告由" in line


def test_its_own_words_come_along_and_are_marked_for_a_look(run, county):
    edited(county, NAME, "overview", "2019年，", "2019年3月，")
    assert run("new", "2020", "甲镇")[0] == 0
    copy = copy_path(county, "2020/宁海县/甲镇")
    assert cells(copy)["overview"].startswith("%%narrative overview --own\n2019年3月，")
    told_of = [line for line in run("check", "params/2020")[1] if " S3 " in line]
    assert ["2019年3月" in line for line in told_of] == [True, False]


def test_with_the_master_s_words_its_texts_stay_behind_and_the_rest_comes(run, county):
    edited(county, OTHER, "overview", "本报告由", "这份报告由")
    change(copy_path(county, OTHER), "title", "report.title", "report.title  # 改过")
    lines = run("new", "2020", "乙镇", "--words", "master")[1]
    assert "  its own words in cells overview stay behind" in lines
    now = cells(copy_path(county, "2020/宁海县/乙镇"))
    assert "# 改过" in now["title"]
    assert "这份报告由" not in now["overview"]


@pytest.mark.parametrize("words", ["master", "blank"])
def test_without_its_own_words_its_copy_has_the_master_s_cells_again(run, county, words):
    edited(county, NAME, "overview", "2019年，", "2019年3月，")
    change(copy_path(county, NAME), "title", "report.title", "report.title  # 改过")
    code, lines = run("new", "2020", "甲镇", "--words", words)
    assert (code, "  its own words in cells overview stay behind" in lines) == (0, True)
    now, master = cells(copy_path(county, "2020/宁海县/甲镇")), cells(county.notebook)
    assert [name for name in {**now, **master} if now.get(name) != master.get(name)] == ["parameters", "title"]


def test_what_the_master_has_changed_since_is_a_conflict_that_is_told(run, county):
    edited(county, OTHER, "overview", "本报告由", "这份报告由")
    change(county.notebook, "overview", "本报告由", "此报告由")
    lines = run("new", "2020", "乙镇")[1]
    (line,) = [line for line in lines if "in conflict" in line]
    assert line.endswith("reportkit resolve 2020/宁海县/乙镇 --ours|--theirs")
    assert run("resolve", "2020/宁海县/乙镇", "--ours")[0] == 0
    assert "这份报告由" in cells(copy_path(county, "2020/宁海县/乙镇"))["overview"]


def test_edits_of_last_year_s_output_come_along(run, county):
    change(county.dist / f"{OTHER}.ipynb", "overview", "本报告由", "这份报告由")
    assert run("new", "2020", "乙镇")[0] == 0
    assert "这份报告由" in cells(copy_path(county, "2020/宁海县/乙镇"))["overview"]
    assert read_copy(copy_path(county, OTHER))


def test_a_copy_that_is_there_is_not_touched(run, county):
    edited(county, OTHER, "overview", "本报告由", "这份报告由")
    copy = copy_path(county, "2020/宁海县/乙镇")
    copy.parent.mkdir(parents=True)
    shutil.copy(county.notebook, copy)
    before = copy.read_bytes()
    assert run("new", "2020", "乙镇")[0] == 0
    assert copy.read_bytes() == before


def test_a_copy_that_cannot_be_read_keeps_the_town_from_being_begun(run, county):
    copy = copy_path(county, OTHER)
    copy.parent.mkdir(parents=True)
    copy.write_text("{", encoding="utf-8")
    code, lines = run("new", "2020")
    assert (code, lines[-1]) == (1, "1 written, 1 refused")
    assert not (county.root / f"{NOW}/乙镇.yaml").exists()


def test_what_edit_says_of_last_year_s_edits_can_be_done(run, county):
    edited(county, OTHER, "overview", "本报告由", "这份报告由")
    put(county, f"{NOW}/乙镇.yaml", text_of(county, f"{LAST}/乙镇.yaml").replace("year: 2019", "year: 2020"))
    lines = run("edit", "乙镇", "--year", "2020", "--no-open")[1]
    command = shlex.split(lines[1].partition("reportkit adopt ")[2])
    assert run("adopt", *command)[0] == 0
    assert "这份报告由" in cells(copy_path(county, "2020/宁海县/乙镇"))["overview"]
    assert notebook_of(copy_path(county, "2020/宁海县/乙镇"))


def test_last_year_s_file_that_is_no_longer_one_raises(county):
    put(county, f"{LAST}/坏镇.yaml", "figures: [\n")
    with pytest.raises(ReaderError):
        begin(county, county.root / f"{LAST}/坏镇.yaml", 2020)


# --- years and dates that are still last year's ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2022年，我镇公开信息3条。", 1),
        ("5月组织培训一次。", 1),
        ("5月12日组织培训一次；2023年将再办一次。", 2),
        ("我镇公开信息3条。", 0),
        ("依据《2022年政务公开工作要点》（国办发〔2022〕8号）编制。", 0),
        ("根据《条例》（2022年修订）编制。", 0),
        ("统计期限为1月1日至12月31日，1月31日前公布。", 0),
        ("自2008年条例施行以来，每月更新，1-12月不断。", 0),
    ],
)
def test_a_sentence_of_last_year_s_with_a_date_is_told(text, found):
    now, last = (filing({"other": f"{text}\n\n本镇另有情况。"}, year) for year in (2023, 2022))
    findings = list(kept_dates(now, last))
    assert [len(one.values["quotations"]) for one in findings] == ([found] if found else [])


def test_a_sentence_that_was_changed_is_not_told():
    last = filing({"other": "5月12日组织培训一次。"}, 2022)
    assert list(kept_dates(filing({"other": "5月13日组织培训一次。"}, 2023), last)) == []


def test_many_dates_of_a_section_are_one_finding():
    text = "".join(f"{month}月开会一次。" for month in range(2, 9))
    (found,) = kept_dates(*(filing({"other": text}, year) for year in (2023, 2022)))
    assert (found.name, found.values["count"], len(found.values["quotations"])) == ("S3.more", 7, 3)


# --- workbooks of a folder, and blanks that are 0 --------------------------------------------------------------------


def test_a_folder_makes_a_workbook_for_each_town_with_what_carries_over(run, county):
    put(county, f"{LAST}/坏镇.yaml", "figures: [\n")
    code, lines = run("form", "--from", "params/2019", "-o", "发出")
    assert code == 1
    assert [line for line in lines if not line.startswith(" ")] == [
        f"refused {LAST}/坏镇.yaml", "written 发出/宁海县/乙镇.xlsx", "written 发出/宁海县/甲镇.xlsx"
    ]  # fmt: skip
    (reading,) = read_any(county.root / "发出/宁海县/甲镇.xlsx", county.forms, Hints())
    assert (reading.jurisdiction, reading.agency, reading.year) == ("甲镇", "甲镇人民政府", 2020)
    assert {ref.column for ref in reading.values} == {"last_year"}
    before = (county.root / "发出/宁海县/甲镇.xlsx").read_bytes()
    assert run("form", "--from", LAST, "-o", "发出/宁海县")[0] == 1
    assert (county.root / "发出/宁海县/甲镇.xlsx").read_bytes() == before


def test_a_zip_holds_the_workbooks_of_a_folder(run, county):
    assert run("form", "--from", LAST, "-o", "发出.zip") == (0, ["2 workbooks in 发出.zip"])
    with zipfile.ZipFile(county.root / "发出.zip") as archive:
        assert archive.namelist() == ["乙镇.xlsx", "甲镇.xlsx"]
        first = archive.read("甲镇.xlsx")
    assert run("form", "--from", LAST, "-o", "同样.zip")[0] == 0
    assert (county.root / "同样.zip").read_bytes() == (county.root / "发出.zip").read_bytes()
    assert first[:2] == b"PK"
    assert "exists already" in told(run, "form", "--from", LAST, "-o", "发出.zip")
    assert "leave it out" in told(run, "form", "--from", LAST, "-o", "x.zip", "--jurisdiction", "丁镇")


def test_a_county_s_list_keeps_the_agencies(run, county):
    assert run("form", "--county", "--from", LAST, "-o", "宁海县.xlsx")[0] == 0
    assert run("import", "宁海县.xlsx", "--county", "宁海县")[0] == 0
    files = [county.root / NOW / f"{town}.yaml" for town in ("甲镇", "乙镇")]
    assert [county.read(path).agency for path in files] == ["甲镇人民政府", "乙镇人民政府"]


def test_an_import_makes_blanks_0_and_says_how_many_and_where(run, county):
    assert run("form", "--from", f"{LAST}/甲镇.yaml", "-o", "甲镇.xlsx")[0] == 0
    code, lines = run("import", "甲镇.xlsx", "--blank-as-zero")
    assert (code, lines[1]) == (
        0, "  blanks made 0: 主动公开政府信息情况 17, 收到和处理政府信息公开申请情况 132, 政府信息公开行政复议、行政诉讼情况 12"
    )  # fmt: skip
    made = county.read(county.root / f"{NOW}/甲镇.yaml")
    assert {figure.text for figure in made.values.values()} == {"0"}
    assert "B1" not in {code for code, _ in issues(county, "2020")}


def test_zeros_fill_what_both_sides_leave_blank_and_no_more(run, county):
    assert run("form", "--from", f"{LAST}/甲镇.yaml", "-o", "甲镇.xlsx")[0] == 0
    assert run("new", "2020", "甲镇")[0] == 0
    path = county.root / f"{NOW}/甲镇.yaml"
    text = path.read_text(encoding="utf-8").replace("规章: [~, ~, ~]", "规章: [7, 待核, ~]")
    path.write_text(text, encoding="utf-8")
    code, lines = run("import", "甲镇.xlsx", "--blank-as-zero")
    assert (code, path.read_text(encoding="utf-8")) == (1, text)
    assert "  blanks to be made 0: 主动公开政府信息情况 14, " in lines[1]
    plain = json.loads("\n".join(run("import", "甲镇.xlsx", "--blank-as-zero", "--format", "json")[1][:-1]))
    assert plain[0]["zeros"]["主动公开政府信息情况"] == 14
    run("import", "甲镇.xlsx", "--blank-as-zero", "--update")
    now = path.read_text(encoding="utf-8")
    assert "规章: [7, 待核, ~]" in now  # which adds up to something that nobody has read
    assert "规范性文件: [0, 0, 0]" in now


# --- a county of made-up towns ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_county_begins_a_year_half_of_it_by_workbooks_and_its_reports_are_made(tmp_path, monkeypatch):
    """40 towns: 20 are begun by `new`, 20 fill in workbooks; all reports are made as HTML."""
    project = office(tmp_path)
    before = write_towns(project.params, 40, 2023)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        return done.exit_code, done.output.splitlines()

    by_file = [path.stem for path in before[:20]]
    code, lines = run("new", "2024", *by_file)
    assert (code, lines[-1]) == (0, "20 written")
    assert run("form", "--from", "params/2023", "-o", "发出.zip") == (0, ["40 workbooks in 发出.zip"])
    with zipfile.ZipFile("发出.zip") as archive:
        archive.extractall("收回")
    sent = [f"收回/合成县/{path.stem}.xlsx" for path in before[20:]]
    code, lines = run("import", *sent, "--county", "合成县", "--blank-as-zero")
    assert (code, lines[-1]) == (0, "20 written")
    for path in before:  # what a clerk then fills in: the same as last year, and what has come over from it
        now, last = project.read(project.params / "2024/合成县" / path.name), project.read(path)
        assert (now.year, now.agency, now.form) == (2024, last.agency, last.form)
        carried = {ref: figure for ref, figure in last.values.items() if ref.row == "carried_over"}
        assert {ref.column: figure for ref, figure in now.values.items() if ref.row == "carried_in"} == {
            ref.column: figure for ref, figure in carried.items()
        }
        assert bool(now.narrative) == (path.stem in by_file)
        filled_in(project, path.name)
    assert {issue.code for group in checked(project) for issue in group.issues if issue.severity == "error"} == set()
    outcomes = list(build_all(project))
    assert [outcome.status for outcome in outcomes] == ["built"] * 40


def filled_in(project, name: str) -> None:
    """Make a town's file of 2024 a whole one: what has come over is granted, and nothing else has happened."""
    path = project.params / "2024/合成县" / name
    filing = project.read(path)
    carried = {ref: figure for ref, figure in filing.values.items() if ref.row == "carried_in"}
    granted = {ref._replace(row="outcome.granted"): figure for ref, figure in carried.items()}
    sums = {rule.total for rule in filing.form.rules}
    stated = {ref: figure for ref, figure in {**carried, **granted}.items() if ref not in sums}
    editor = Editor(path.read_text(encoding="utf-8"), filing.form, str(path))
    cells = {ref: stated.get(ref, Figure(0)) for table in filing.form.tables.values() for ref in table.cells}
    editor.put_figures({ref: figure for ref, figure in cells.items() if ref not in sums})
    path.write_text(editor.result(), encoding="utf-8")


def checked(project):
    return check_project(project, [path for path, _ in files_of_year(project, 2024).files])


def build_all(project):
    files = [path for path, _ in files_of_year(project, 2024).files]
    return update(project, plan(project, files, ["html"]), lambda _: Here())
