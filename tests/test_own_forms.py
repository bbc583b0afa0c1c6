"""Reports of a project's own forms are read back by what the forms say, and official ones by the words of their kind."""

import json
import re
import shutil

import pytest
from msgspec.structs import asdict

from reportkit.documents.document import Document, Paragraph
from reportkit.errors import CellRef, FormError, ReaderError
from reportkit.imports.published import read_published
from reportkit.imports.published.title import whose
from reportkit.imports.title_patterns import title_patterns
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import Forms, Vocabulary, kind_of, load_forms, shipped_forms
from reportkit.kinds.vocabulary import load_vocabulary
from reportkit.model.filing import Filing
from reportkit.model.reading import Reading
from reportkit.project import load_project
from reportkit.report.master_cells import MasterCells
from support.offices import bring, office
from support.repository import FILES, ROOT
from support.workbooks import edited, filled

OWN = FILES / "own-forms"
FORMS = load_forms(OWN / "forms")
TOWNS = {"budget": "白鹭镇", "town": "Maple Hollow", "long": "示例镇"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, bytes]:
    """The page of each town's report, by the name of its form's file, and that of the sample."""
    root = tmp_path_factory.mktemp("own")
    shutil.copytree(OWN, root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "params/2019", root / "params/2019")
    project = office(root)
    made = bring(project)
    assert {outcome.status for outcome in made} == {"built"}
    found = {name: (project.dist / f"2024/{town}.html").read_bytes() for name, town in TOWNS.items()}
    return {**found, "official": next((project.dist / "2019").rglob("*.html")).read_bytes()}


def test_sections_called_like_the_statute_s_are_those_of_the_notebook_s_cells(tmp_path):
    kind, own = load_project(OWN).kind, FORMS["town-report"]
    official = kind.sections
    assert MasterCells(None, kind).sections_of(own) == official
    project = office(tmp_path)
    sources = ["%%narrative overview\nThe town.", "a = 1\nreport.heading('budget')\nreport.table('budget')"]
    notebook = json.loads(project.notebook.read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    notebook["cells"] = [{**code, "id": f"c{at}", "source": source} for at, source in enumerate(sources)]
    project.notebook.write_text(json.dumps(notebook), encoding="utf-8")
    cells = MasterCells(project, kind)
    assert cells.sections_of(own) == {"overview", "budget"}
    assert cells.sections_of(shipped_forms()["2021"]) == official
    assert not cells.is_changed(sources[0])
    assert cells.is_changed("%%narrative overview\nA town.")


def own_filing(name: str) -> Filing:
    return load_project(OWN).read(OWN / f"params/2024/{TOWNS[name]}.yaml")


def read(raw: bytes, forms: Forms = FORMS) -> Reading:
    return read_published(raw, "甲.html", forms)


@pytest.mark.parametrize(
    ("name", "ref", "number"),
    [
        ("budget", CellRef("income", "total", "total"), "2500.00"),
        ("budget", CellRef("three", "last", "reception"), "3.60"),
        ("town", CellRef("budget", "government.clerk", "balance"), "1379.55"),
        ("town", CellRef("permits", "additions", "change"), "-12"),
        ("long", CellRef("t", "r10", "b"), "20"),
    ],
)
def test_a_page_of_a_project_s_own_form_is_read_back(pages, name, ref, number):
    """With labels of a row and of a column alike, with digits in them, and with groups of rows."""
    reading, made = read(pages[name]), own_filing(name)
    assert (reading.form.edition, reading.year, reading.jurisdiction) == (made.form.edition, 2024, TOWNS[name])
    assert str(reading.values[ref]) == number
    assert (dict(reading.values), reading.unread) == (dict(made.values), frozenset())
    assert set(reading.narrative) == set(made.narrative)
    assert [str(issue) for issue in reading.notes] == []


def copy_of_an_official_form(folder) -> Forms:
    """The forms of a project which has its own besides, one of them the official one with a row more."""
    text = (ROOT / "src/reportkit/kinds/ogi/forms/ogi-2021.yaml").read_text(encoding="utf-8")
    text = text.replace('edition: "2021"', "edition: 本县表").replace(
        "          - {key: coercion, label: 行政强制}\n",
        "          - {key: coercion, label: 行政强制}\n          - {key: inspection, label: 行政检查}\n",
    )
    folder.mkdir()
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    for path in (OWN / "forms").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return load_forms(folder)


REPORTS = sorted((FILES / "published").glob("*.txt"))


@pytest.mark.parametrize(
    "path",
    [
        *REPORTS[:3],
        *REPORTS[-3:],
        *(pytest.param(path, marks=pytest.mark.slow) for path in (*REPORTS[3:6], *REPORTS[-6:-3])),
    ],
    ids=lambda path: path.name,
)
def test_an_official_report_is_read_the_same_beside_other_forms(tmp_path, path):
    def told(forms):
        try:
            found = read_published(path.read_bytes(), path.name, forms)
        except ReaderError as error:
            return [(issue.code, issue.origin) for issue in error.issues]
        return found

    assert told(copy_of_an_official_form(tmp_path / "forms")) == told(shipped_forms())


def test_our_own_page_of_an_official_form_is_read_the_same_beside_other_forms(tmp_path, pages):
    forms = copy_of_an_official_form(tmp_path / "forms")
    reading = read(pages["official"], forms)
    assert reading == read(pages["official"], shipped_forms())
    assert (reading.form.edition, reading.jurisdiction, list(reading.notes)) == ("2019", "桑洲镇", [])


def test_a_page_in_which_no_form_s_tables_are_names_the_forms():
    with pytest.raises(ReaderError) as error:
        read("<p>没有表格。</p>".encode())
    (issue,) = error.value.issues
    assert issue.code == "D20"
    assert [name for name in ("2019", "2021", "部门预算", "town-report", "长表") if name not in issue.message] == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("budget", "2024年 白鹭镇 部门预算公开", ("白鹭镇", 2024)),
        ("budget", "2024年白鹭镇人民政府部门预算公开", ("白鹭镇", 2024)),
        ("budget", "关于2024年白鹭镇部门预算公开的通知", ("", None)),
        ("long", "关于示例镇2024年长表", ("", None)),
        ("long", "示例镇2024年政府信息公开工作年度报告", ("", None)),
        ("town", "Annual Report of the Town of Oak  Ford, 2024", ("Oak Ford", 2024)),
        ("town", "AnnualReportoftheTownofOak,2024", ("Oak", 2024)),
        ("town", "Annual Report of the Town of , 2024", ("", None)),
        ("long", "示例镇２０２４年长表", ("示例镇", 2024)),
    ],
)
def test_a_form_of_no_kind_is_titled_as_it_says_itself(name, text, found):
    said = whose(Document("甲.html", (Paragraph(text, "paragraph 1"),)), own_filing(name).form)
    assert (said.jurisdiction, said.year) == found


def test_a_title_that_is_of_no_form_takes_no_time():
    form = own_filing("town").form
    assert not title_patterns(form).ends("Annual Report of the Town of " * 7)


def test_a_row_under_its_other_name_is_read_from_a_sheet_as_from_a_page():
    (usual,) = read_workbook(filled(), "甲.xlsx", shipped_forms())

    def rename(book):
        (cell,) = (
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "行政规范性文件"
        )
        cell.value = "规范性文件"

    (other,) = read_workbook(edited(filled(), rename, values_only=True), "甲.xlsx", shipped_forms())
    assert (other.values, other.unread) == (usual.values, frozenset())


COLUMNS = """
edition: 季表
years: [2020, null]
title: "{jurisdiction}{year}年季表"
sections: [{key: t, heading: 一、季表, table: t}]
tables:
  - key: t
    blocks:
      - corner: 项目
        columns: [{key: a, label: 第一季度收入数}, {key: b, label: 第二季度收入数}, {key: c, label: 本年收入}]
        rows: [{key: x, label: 本年收入合计}, {key: y, label: 其中非税收入}]
"""


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("第一季度收入数,第二季度收入数,本年收入", {"x": [1, 2, 3], "y": [4, 5, 6]}),
        ("第一季度收入,第二季度收入,本年收入", {"x": [1, 2, 3], "y": [4, 5, 6]}),
        ("第二季度收入数,第一季度收入数,本年收入", {}),
        ("第二季度收入数,第二季度收入数,本年收入", {}),
    ],
)
def test_a_column_that_is_called_as_another_is_not_taken_for_it(tmp_path, head, values):
    (tmp_path / "季表.yaml").write_text(COLUMNS, encoding="utf-8")
    rows = (f"项目,{head}", "本年收入合计,1,2,3", "其中非税收入,4,5,6")
    cells = "".join(f"<tr><td>{row.replace(',', '</td><td>')}</td></tr>" for row in rows)
    page = f"<h1>甲镇2024年季表</h1><p>一、季表</p><table>{cells}</table>"
    reading = read(page.encode(), load_forms(tmp_path))
    found = {
        CellRef("t", row, column): number
        for row, line in values.items()
        for column, number in zip("abc", line, strict=True)
    }
    assert (reading.form.edition, dict(reading.values)) == ("季表", found)


def test_only_a_kind_s_forms_have_its_words():
    assert kind_of(shipped_forms()["2021"]).vocabulary.names_reports
    assert asdict(kind_of(FORMS["部门预算"]).vocabulary) == asdict(Vocabulary())


@pytest.mark.parametrize("text", ["aliasses: {a: b}", "headings: {overview: '('}", "headings: [a]", "report: ')'"])
def test_words_that_cannot_be_used_are_told_with_their_file(tmp_path, text):
    (tmp_path / "readers.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormError, match=re.escape(str(tmp_path / "readers.yaml"))):
        load_vocabulary(tmp_path / "readers.yaml")
