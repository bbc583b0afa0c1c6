"""A town's report, a website's statement and a budget: forms of mixed cells, built, printed and read back."""

import random
import shutil
from io import BytesIO

import openpyxl
import pypdfium2
import pytest

from reportkit.errors import CellRef
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published import read_published
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import load_forms
from reportkit.messages.figures import check
from reportkit.model.filing import Filing, with_totals
from reportkit.model.reading import Hints, Reading
from reportkit.params.reader import read_params
from reportkit.report.tables import style_table
from reportkit.workbench import opened
from reportkit.workbench.fields import cell_field
from reportkit.workbench.table_layout import table_shape
from support.offices import bring, office
from support.published_variants import as_word, taken_apart
from support.repository import FILES
from support.workbooks import edited

TYPED = FILES / "typed-forms"
FORMS = load_forms(TYPED / "forms")
PRINTED = {
    "Maple Hollow": ["$98,500.00", "($1,310.20)", "$2,613,200.00", "102.0", "+37.0%", "–", "-12"],
    "云溪县": ["0399990001", "☑政府门户网站　□部门网站　□专业网站", "2.5", "☑是　□否", "某ICP备00000001号", "3680"],
    "白鹭镇": ["2,345.60", "120.00", "2,500.00", "-18.90", "-54.6%", "-100.0%"],
}


def filing(town: str) -> Filing:
    return with_totals(read_params(TYPED / f"params/2024/{town}.yaml", FORMS))


def assert_same(reading: Reading, town: str) -> None:
    """All figures and texts are read, as the same; what a formula left blank is blank."""
    assert [note for note in reading.notes if note.severity == "error"] == []
    assert dict(reading.values) == dict(filing(town).values)


def test_the_forms_can_be_used():
    assert FORMS.broken == []


@pytest.mark.parametrize("town", PRINTED)
def test_a_town_s_file_is_in_order(town):
    assert [issue for issue in check(filing(town)) if issue.severity == "error"] == []


@pytest.mark.parametrize("town", PRINTED)
def test_tables_print_what_the_form_says(town):
    own = filing(town)
    pages = "".join(style_table(own, key)._html() for key in own.form.tables)
    assert [text for text in PRINTED[town] if f">{text}</td>" not in pages] == []


@pytest.mark.parametrize("town", PRINTED)
def test_a_table_that_somebody_has_styled_prints_the_same(town):
    own = filing(town)
    for key in own.form.tables:
        plain, styled = style_table(own, key), style_table(own, key).set_caption("")
        texts = [page.split("</td>") for page in (plain._html(), styled._html())]
        assert [text.rpartition(">")[2] for text in texts[0]] == [text.rpartition(">")[2] for text in texts[1]]


@pytest.mark.parametrize("town", PRINTED)
def test_workbooks_are_read_back(town):
    own = filing(town)
    for body in form_bytes(own.form, entries_of(own)), county_bytes(own.form, [entries_of(own)], 2024):
        (reading,) = read_workbook(body, "f.xlsx", FORMS, Hints())
        assert_same(reading, town)


def test_a_workbook_shows_numbers_as_the_form_prints_them_and_offers_what_can_be_chosen():
    town, site = (
        openpyxl.load_workbook(BytesIO(form_bytes(filing(name).form, entries_of(filing(name)))))
        for name in ("Maple Hollow", "云溪县")
    )
    budget = town.worksheets[1]
    assert (budget["C4"].value, budget["C4"].number_format) == (98500, '"$"#,##0.00_);("$"#,##0.00)')
    assert budget["E4"].value == '=IF(COUNT(C4,D4)<2,"",ROUND((C4-D4),2))'
    assert budget["F4"].value == '=IF(COUNT(D4,C4)<2,"",IFERROR(ROUND((D4/C4),3),""))'
    facts = site.worksheets[1]
    lists = {str(rule.sqref): rule.formula1 for rule in facts.data_validations.dataValidation if rule.type == "list"}
    assert '"政府门户网站,部门网站,专业网站"' in lists.values()
    code = next(cell for row in facts.iter_rows() for cell in row if cell.value == "0399990001")
    assert (code.data_type, code.number_format) == ("s", "@")


def test_a_sheet_s_own_days_numbers_and_percentages_are_read_as_they_are_seen():
    form, own = FORMS["政府网站报表"], filing("云溪县")

    def retyped(book):
        sheet = book.worksheets[1]
        cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
        cells["0399990001"].value, cells["0399990001"].number_format = 399990001, "0000000000"
        cells["www.yunxi.example"].value, cells["www.yunxi.example"].number_format = 20240131, "General"
        cells["政府门户网站"].value = "□政府门户网站 ☑专业网站"
        cells[2.5].value, cells[2.5].number_format = 2.25, "0.0"

    (reading,) = read_workbook(edited(form_bytes(form, entries_of(own)), retyped), "f.xlsx", FORMS, Hints())
    site = {ref.row: value for ref, value in reading.values.items()}
    assert [site[row] for row in ("code", "address", "type")] == ["0399990001", "20240131", "专业网站"]
    # 2.25 is shown as 2.3: nobody knows which of them is meant.
    assert [(issue.code, issue.ref.row) for issue in reading.notes if issue.severity == "error"] == [
        ("W28", "talk.letters.days")
    ]


def test_the_workbench_asks_for_what_a_cell_takes_and_checks_it(tmp_path):
    shutil.copytree(TYPED, tmp_path, dirs_exist_ok=True)
    project = office(tmp_path)
    path = project.params / "2024/云溪县.yaml"
    draft = opened(project, path, path.read_bytes())
    site = draft.opened.form.tables["facts"]
    shapes = {
        cell["ref"]: cell for row in table_shape(site, draft.opened.form)["rows"] for cell in row if cell.get("ref")
    }
    kind, code, days = (CellRef("facts", row, "value") for row in ("type", "code", "talk.letters.days"))
    assert shapes[cell_field(kind).name]["options"] == ["政府门户网站", "部门网站", "专业网站"]
    assert [shapes[cell_field(ref).name]["keys"] for ref in (kind, code, days)] == ["text", "text", "decimal"]

    changed = draft.with_cells({kind: "部门网站", code: "0012345678", days: "3.25"})
    assert [issue for issue in changed.issues if issue.severity == "error"] == []
    words = changed.bytes.decode()
    assert "网站类型: 部门网站\n" in words
    assert '政府网站标识码: "0012345678"\n' in words
    assert "平均办理时间（单位：天）: 3.25" in words

    wrong = draft.with_cells({kind: "别的", days: "三天"})
    assert [(issue.code, issue.ref) for issue in wrong.issues if issue.severity == "error"] == [
        ("V8", kind),
        ("V1", days),
    ]


@pytest.mark.slow  # builds three reports as HTML and PDF
def test_built_reports_have_all_of_it_and_are_read_back_from_page_and_word(tmp_path):
    shutil.copytree(TYPED, tmp_path, dirs_exist_ok=True)
    made = bring(office(tmp_path), ("html", "pdf"))
    assert {outcome.status for outcome in made} == {"built"}
    for town, texts in PRINTED.items():
        page = (tmp_path / f"dist/2024/{town}.html").read_bytes()
        assert_same(read_published(page, "page.html", FORMS), town)
        word = as_word(taken_apart(page.decode(), []), random.Random(1))
        assert_same(read_published(word, "report.docx", FORMS), town)
        pdf = pypdfium2.PdfDocument((tmp_path / f"dist/2024/{town}.pdf").read_bytes())
        words = "".join("".join(sheet.get_textpage().get_text_range() for sheet in pdf).split())
        assert [text for text in texts if "".join(text.split()) not in words] == []
