"""What a label means is the same everywhere: in a parameter file, a sentence, a sheet, a county's list, a report."""

import openpyxl
import pytest
from jinja2.utils import missing

from reportkit.errors import CellRef
from reportkit.form_workbook.prefill import Entries
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.published.labels import FormLabels
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import Forms, load_form
from reportkit.kinds.headings import Headings
from reportkit.kinds.labels import Degree, Labels
from reportkit.model.filing import Figure, Filing
from reportkit.model.reading import Hints, Reading
from reportkit.model.spelling import spelled
from reportkit.params.reader import read_parameters
from reportkit.report.narrative import NarrativeError, cell_prose
from reportkit.report.narrative.namespace import about
from support.workbooks import CITY, FORMS, edited, filled, only, saved

FORM = FORMS["2021"]
OUTCOME = "三、本年度办理结果"
GROUPS = {"other": "其他处理", "refused": "不予公开"}


def filing(figures: dict, **more) -> Filing:
    return read_parameters({"year": 2023, "jurisdiction": "甲镇", "edition": "2021", "figures": figures, **more}, FORMS)


def said(read: Filing, expression: str) -> str:
    """What a sentence prints for an expression."""
    html = cell_prose(f"{{{{ {expression} }}}}", about(read), "overview", lambda _: missing)
    return html.removeprefix("<p>").removesuffix("</p>\n")


def in_list(header: str) -> Reading:
    book = openpyxl.Workbook()
    for row in (["单位名称", header], ["甲镇", 3]):
        book.active.append(row)
    return only(saved(book), Hints(edition="2021"))


def in_sheet(table: str, was: str, now: str) -> Reading:
    """Our form after somebody has written a label in another way."""

    def rewrite(book):
        cells = [cell for row in book[table].iter_rows() for cell in row if cell.value == was]
        assert len(cells) == 1
        cells[0].value = now

    return only(edited(filled(), rewrite, values_only=True))


ROWS = [
    # as printed, and as people write it
    ("（一）予以公开", "予以公开", "granted"),
    ("（一）予以公开", "一、予以公开", "granted"),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开", "partial"),
    ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "逾期不补正", "other.not_corrected"),
    ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "1、逾期不补正", "other.not_corrected"),
    ("3.危及“三安全一稳定”", "③危及三安全一稳定", "refused.endangers_stability"),
    ("（七）总计", "（七）合计", "total"),
]


@pytest.mark.parametrize(("label", "text", "key"), ROWS)
def test_a_row_may_be_written_as_people_write_it(label: str, text: str, key: str):
    group = key.rpartition(".")[0]
    ref = CellRef("requests", f"outcome.{key}", "person")
    row = {text: {"自然人": 3}}
    written = {"表三": {OUTCOME: {GROUPS[group]: row} if group else row}}
    assert (filing(written).values, filing(written).notes) == ({ref: 3}, ())
    assert said(filing(written), f'requests["{text}"].person') == "3"
    assert FormLabels(FORM).stub(text).row == f"outcome.{key}"
    sheet = in_sheet("表三", label, text)
    assert (sheet.values.keys(), sheet.notes) == (CITY.values.keys(), ())
    assert in_list(f"表三/{text}/自然人").values == {ref: 3}


@pytest.mark.parametrize("text", ["规范性文件", "行政规范性文件（件）", "行政规范性文件"])
def test_another_name_is_known_to_all(text: str):
    ref = CellRef("proactive", "normative_documents", "issued")
    read = filing({"proactive": {text: {"本年制发件数": 3}}})
    assert (read.values, read.notes) == ({ref: 3}, ())
    assert said(read, f'proactive["{text}"].本年制发件数') == "3"
    sheet = in_sheet("表二", "行政规范性文件", text)
    assert (sheet.values.keys(), sheet.notes) == (CITY.values.keys(), ())
    assert in_list(f"{text}/本年制发件数").values == {ref: 3}


@pytest.mark.parametrize("text", ["合计", "总计（件）"])
def test_a_column_may_be_written_as_people_write_it(text: str):
    ref = CellRef("requests", "received", "total")
    read = filing({"requests": {"一、本年新收政府信息公开申请数量": {text: 3}}})
    assert (read.values, read.notes) == ({ref: 3}, ())
    assert said(read, f'requests.received["{text}"]') == "3"
    assert in_list(f"本年新收政府信息公开申请数量/{text}").values == {ref: 3}
    sheet = in_sheet("表三", "总计", text)
    assert (sheet.values.keys(), sheet.notes) == (CITY.values.keys(), ())


SECTIONS = [
    ("存在的主要问题和改进措施", "problems"), ("五、存在问题及改进情况", "problems"), ("总体概述", "overview"),
    ("其它需要报告的事项", "other"), ("other", "other"), ("主动公开政府信息的情况", "proactive"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key"), SECTIONS)
def test_a_section_may_be_headed_as_people_head_it(text: str, key: str):
    read = filing({}, narrative={text: "一句话。"})
    assert (read.narrative, read.notes) == ({key: "一句话。"}, ())
    assert Headings(FORM).named_section(text).key == key


@pytest.mark.parametrize("text", ["表三", "收到和处理政府信息公开申请的情况", "三、收到和处理政府信息公开申请情况"])
def test_a_table_is_called_by_its_number_or_its_section(text: str):
    read = filing({text: {"一、本年新收政府信息公开申请数量": {"自然人": 3}}})
    assert (read.values, read.notes) == ({CellRef("requests", "received", "person"): 3}, ())


def test_a_section_in_a_sheet_or_a_list_may_be_headed_as_people_head_it():
    def rewrite(book):
        for row in book["正文"].iter_rows():
            for cell in row:
                if cell.value == "五、存在的主要问题及改进情况":
                    cell.value = "五、存在问题及改进措施"

    raw = filled()
    assert only(edited(raw, rewrite, values_only=True)).narrative.keys() == only(raw).narrative.keys()
    book = openpyxl.Workbook()
    for row in (["单位名称", "表三/本年新收政府信息公开申请数量/自然人", "总体概述"], ["甲镇", 3, "一句话。"]):
        book.active.append(row)
    assert only(saved(book), Hints(edition="2021")).narrative == {"overview": "一句话。"}


def test_captions_of_tables_in_one_sheet_head_no_sections():
    raw = filled()

    def add(book):
        sheet = book.create_sheet("附表")
        for section in FORM.sections[1:4]:
            sheet.append([f"表{section.heading[0]}　{section.label}"])
            sheet.append(["一行字"])

    assert only(edited(raw, add, values_only=True)).narrative == only(raw).narrative


@pytest.mark.parametrize("text", ["本年收费金额（元）", "本年收费金额（单位：亿元）", "本年收费金额"])
def test_another_unit_or_none_is_another_column(text: str):
    read = filing({"proactive": {"行政事业性收费": {text: "3"}}})
    assert (read.values, [note.code for note in read.notes]) == ({}, ["Y5"])
    with pytest.raises(NarrativeError):
        said(read, f'proactive.fees["{text}"]')
    assert CellRef("proactive", "fees", "amount") in in_sheet("表二", "本年收费金额（单位：万元）", text).unread


@pytest.mark.parametrize("text", ["自然人（男）", "（二）自然人口", "自然", "≥自然人"])
def test_what_says_more_or_less_is_another_label(text: str):
    read = filing({"requests": {"一、本年新收政府信息公开申请数量": {text: 3}}})
    assert (read.values, [note.code for note in read.notes]) == ({}, ["Y5"])
    with pytest.raises(NarrativeError):
        said(read, f'requests.received["{text}"]')


def test_a_name_twice_under_two_spellings_is_told():
    read = filing({"proactive": {"规范性文件": {"本年制发件数": 3}, "行政规范性文件": {"本年制发件数": 4}}})
    assert [note.code for note in read.notes] == ["Y4"]


def test_what_is_printed_so_goes_before_what_is_nearly_so():
    printed = ["（一）甲", "（二）甲", "乙", "乙（丙）", "总计", "合计", "≥60", "<60"]
    labels = Labels(((spelled(label), label) for label in printed), {"丁": "乙"})
    meant = {
        text: labels.meant(spelled(text))
        for text in ("（二）甲", "2、甲", "甲", "乙", "乙（丙）", "合计", "丁", "60", ">60")
    }
    assert meant == {
        "（二）甲": ["（二）甲"], "2、甲": [], "甲": ["（一）甲", "（二）甲"], "乙": ["乙"], "乙（丙）": ["乙（丙）"],
        "合计": ["合计"], "丁": ["乙", "乙（丙）"], "60": [], ">60": [],
    }  # fmt: skip
    assert labels.at(spelled("丁"), Degree.PRINTED) == []


def test_of_several_labels_that_a_sentence_names_nearly_none_is_taken():
    with pytest.raises(NarrativeError, match=r"requests\.received\.other.*requests\.outcome"):
        said(CITY, "requests.其它")


BY_ROWS = """
edition: 样
years: [2020, null]
title: "{jurisdiction}{year}年样"
sections: [{key: a, heading: 一、甲, table: a}]
tables:
  - key: a
    blocks:
      - corner: 项目
        columns: [{key: one, label: 合计, kind: amount, unit: 万元}]
        rows: [{key: this, label: 本年预算数（万元）}, {key: last, label: 上年预算数（万元）}]
"""


def test_a_row_whose_label_states_the_unit_is_found_where_the_column_has_it(tmp_path):
    (tmp_path / "a.yaml").write_text(BY_ROWS, encoding="utf-8")
    form = load_form(tmp_path / "a.yaml")
    ref = CellRef("a", "this", "one")
    raw = form_bytes(form, Entries(jurisdiction="甲镇", year=2024, values={ref: Figure("3")}))
    (reading,) = read_workbook(raw, "a.xlsx", Forms({"样": form}))
    assert (dict(reading.values), list(reading.notes)) == ({ref: Figure("3")}, [])
