"""A report of another form than the official ones says nothing that is true of those alone."""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from reportkit.checks import check_report
from reportkit.cli import app
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import load_forms
from reportkit.model.filing import Figure
from reportkit.model.reading import Hints
from reportkit.workbench.opening import new_draft
from reportkit.workbench.town_list import Town
from support.counties import project_at
from support.offices import bring, office
from support.repository import ROOT

FORM = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/forms.md").read_text(encoding="utf-8"), re.S)[1]
TOWN = (
    "edition: 乡镇季报\nyear: 2024\njurisdiction: 示例镇\nfigures: {energy: {电: {照明: [1, 2, 3], 采暖: [0, 0, 0]}}}\n"
)


def page(root: Path, form: str) -> tuple[str, set[str]]:
    """The page of a town's report, and the codes of its issues."""
    project = office(root)
    for inside, text in {"forms/季报.yaml": form, "params/2024/示例镇.yaml": TOWN}.items():
        (root / inside).parent.mkdir(parents=True)
        (root / inside).write_text(text, encoding="utf-8")
    (outcome,) = bring(project)
    assert outcome.status == "built", outcome
    return (project.dist / "2024/示例镇.html").read_text(encoding="utf-8"), {issue.code for issue in outcome.issues}


def test_the_master_s_sentence_about_the_statute_is_not_printed_in_the_guide_s_own_form(tmp_path):
    text, codes = page(tmp_path, FORM)
    assert [word for word in ("一、概况", "二、能耗", "采暖") if word not in text] == []
    assert [word for word in ("条例", "规定的格式", "统计期限", "OtherForm") if word in text] == []
    assert "N1" in codes


def test_a_form_s_own_words_fill_the_master_s_sentence(tmp_path):
    text, _ = page(tmp_path, f"{FORM}\nwords:\n  basis: 《示例县季报办法》\n")
    assert "本报告由示例镇根据《示例县季报办法》规定的格式编制" in text


CROSSED = """
edition: 交叉表
document: ""
years: [2023, null]
title: "{jurisdiction}{year}年度用能报告"
sections:
  - {key: energy, heading: 一、能耗, table: energy}
tables:
  - key: energy
    blocks:
      - corner: 项目
        columns: [{key: day, label: 白天}, {key: night, label: 夜间}, {key: all, label: 合计}]
        rows: [{key: heat, label: 采暖}, {key: light, label: 照明}, {key: sum, label: 合计}]
"""
SAME = CROSSED.replace("白天", "采暖").replace("夜间", "照明")


@pytest.mark.parametrize("text", [CROSSED, SAME])
def test_a_label_of_a_row_and_of_a_column_is_read_back_from_our_own_workbooks(tmp_path, text):
    (tmp_path / "交叉表.yaml").write_text(text, encoding="utf-8")
    forms = load_forms(tmp_path)
    form = forms["交叉表"]
    values = {ref: Figure(number) for number, ref in enumerate(form.tables["energy"].cells, 11)}
    entries = Entries(2024, "示例镇", "示例镇人民政府", values)
    for raw in (form_bytes(form, entries), county_bytes(form, [entries], 2024)):
        (reading,) = read_workbook(raw, "上报.xlsx", forms, Hints())
        assert (reading.values, reading.unread, reading.agency) == (values, frozenset(), "示例镇人民政府")
        book = openpyxl.load_workbook(io.BytesIO(raw))
        assert book.properties.title.startswith("用能报告")
        words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
        assert [word for word in words if "政府信息公开" in word or "表三" in word] == []


def test_next_year_s_workbook_and_draft_are_of_last_year_s_form(tmp_path, monkeypatch, capsys):
    project = project_at(tmp_path)
    for inside, text in {"forms/季报.yaml": FORM, "params/2024/示例镇.yaml": TOWN}.items():
        (tmp_path / inside).parent.mkdir(parents=True)
        (tmp_path / inside).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        app(["form", "--from", "params/2024/示例镇.yaml", "-o", "next.xlsx"])
    assert (ended.value.code, "乡镇季报 edition" in capsys.readouterr().out) == (0, True)
    assert openpyxl.load_workbook(tmp_path / "next.xlsx").properties.title == "季报填报表"
    town = Town(2025, "示例镇", ".yaml", has_file=False)
    assert new_draft(project, town).opened.form.edition == "乡镇季报"


WORDS_ONLY = """
edition: 乡镇季报
document: ""
years: [2024, null]
title: "{jurisdiction}{year}年季报"
sections: [{key: overview, heading: 一、概况}]
"""


def two_years(root: Path, form: str, town: str) -> Path:
    """The second of two years' files of a town, whose report is to show both."""
    for inside, text in {
        "forms/季报.yaml": form,
        "params/2024/示例镇.yaml": town,
        "params/2025/示例镇.yaml": town.replace("2024", "2025") + "compare: true\n",
    }.items():
        (root / inside).parent.mkdir(parents=True, exist_ok=True)
        (root / inside).write_text(text, encoding="utf-8")
    return root / "params/2025/示例镇.yaml"


def test_a_comparison_that_the_form_has_nothing_for_is_told_as_that(tmp_path):
    path = two_years(tmp_path, WORDS_ONLY, "edition: 乡镇季报\nyear: 2024\njurisdiction: 示例镇\n")
    project = project_at(tmp_path)
    issues = {issue.code: issue.message for issue in check_report(project, path, project.read(path))}
    assert "本报告的格式（乡镇季报）没有可以对比的数" in issues["R22"]
    assert ("N1" in issues, "用的是母版" in issues["N1"]) == (True, False)


def test_another_form_s_totals_stand_beside_last_year_s(tmp_path):
    project = office(tmp_path)
    path = two_years(tmp_path, FORM, TOWN)
    outcomes = {outcome.job.params.parent.name: outcome for outcome in bring(project)}
    assert [issue.code for issue in outcomes["2025"].issues] == ["N1"]
    page = path.parents[2].joinpath("dist/2025/示例镇.html").read_text(encoding="utf-8")
    comparison = re.sub(r"<[^>]+>|\s+", " ", page.partition("与上年")[2])
    assert [words for words in ("照明", "采暖", "合计") if words not in comparison] == []
    assert "没有相同的项目" not in page


def test_a_project_without_notebooks_has_the_packaged_master(tmp_path):
    assert project_at(tmp_path).notebook.is_file()
