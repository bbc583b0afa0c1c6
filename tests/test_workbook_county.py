"""A county's list: one row for each jurisdiction, columns known by their labels."""

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.errors import CellRef, Origin
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.model.filing import Figure
from reportkit.model.form import Form
from reportkit.model.reading import Hints
from support.laws import examples
from support.repository import FILES
from support.synthetic import filings
from support.workbooks import CITY, FORMS, codes, edited, only, read, read_file, saved

PERSON, COMPANY = (CellRef("requests", "received", column) for column in ("person", "company"))
NEW = "一、本年新收政府信息公开申请数量"


def sheet_of(*rows, name="Sheet1", book=None):
    """A workbook with a list in it: rows of values."""
    if book is None:
        book = openpyxl.Workbook()
        book.remove(book.active)
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
    return book


def listed(*rows) -> bytes:
    return saved(sheet_of(*rows))


@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_what_is_written_is_read(form: Form, draw: st.DataObject):
    towns = [replace(draw.draw(filings(form)), jurisdiction=name) for name in ("甲镇", "乙街道")]
    readings = read(county_bytes(form, [entries_of(town) for town in towns], form.years[0]))
    assert [(one.jurisdiction, one.year, one.form.edition) for one in readings] == [
        (town.jurisdiction, form.years[0], form.edition) for town in towns
    ]
    for town, reading in zip(towns, readings, strict=True):
        assert {ref: figure.text for ref, figure in reading.values.items()} == {
            ref: figure.text for ref, figure in town.values.items()
        }
        assert (reading.notes, reading.unread) == ((), frozenset())


def test_a_name_in_the_list_is_text_whatever_it_looks_like():
    raw = county_bytes(CITY.form, [entries_of(replace(CITY, jurisdiction="=1+1"))])
    assert openpyxl.load_workbook(io.BytesIO(raw))["汇总表"]["A5"].data_type == "s"


@pytest.mark.parametrize(
    "header",
    [
        f"表三/{NEW}/自然人", f"表三／{NEW}／自然人", f"{NEW}/申请人情况/自然人", f"{NEW}/自然人",
        "requests.received.person", "received.person", f"三、收到和处理政府信息公开申请情况/{NEW}/自然人",
        f"收到和处理政府信息公开申请情况\n/{NEW}\n/自然人", f"{NEW}/自然人/件",
    ],
)  # fmt: skip
def test_a_header_in_one_cell(header):
    reading = only(listed(["单位名称", header], ["甲镇", 3]), Hints(edition="2021"))
    assert reading.values == {PERSON: 3}
    assert reading.notes == ()
    assert reading.origins[PERSON] == Origin("上报.xlsx", "Sheet1!B2")


@pytest.mark.parametrize(
    ("header", "ref"),
    [
        ("行政处罚", CellRef("proactive", "penalties", "decisions")),
        ("行政事业性收费/万元", CellRef("proactive", "fees", "amount")),
        ("本年收费金额（单位：万元）", CellRef("proactive", "fees", "amount")),
        ("行政事业性收费/本年收费金额（万元）", CellRef("proactive", "fees", "amount")),
        ("（六）其他处理/3.其他/其他", CellRef("requests", "outcome.other.other", "other")),
        ("（七）总计/总计", CellRef("requests", "outcome.total", "total")),
        ("行政复议/总计", CellRef("reviews", "cases", "review.total")),
        ("行政诉讼/复议后起诉/结果纠正", CellRef("reviews", "cases", "after_review.corrected")),
    ],
)  # fmt: skip
def test_labels_may_be_left_out_where_one_cell_alone_is_meant(header, ref):
    assert set(only(listed(["单位", header], ["甲镇", 3]), Hints(edition="2021")).values) == {ref}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("自然人", "W20"), (NEW, "W20"), ("三、本年度办理结果/总计", "W20"), ("总计", "W20"), ("结果维持", "W20"), ("person", "W20"),
        ("行政事业性收费", "W21"), ("本年收费金额（元）", "W21"), ("行政事业性收费/元", "W21"), ("收到", "W21"), (f"上年/{NEW}/自然人", "W21"),
        ("自然人/" + NEW, "W21"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_sure_is_not_read(header, code):
    reading = only(listed(["单位", header, "行政处罚"], ["甲镇", 3, 4]), Hints(edition="2021"))
    assert list(reading.values.values()) == [4]
    assert [(note.code, note.origin.place) for note in reading.notes] == [(code, "Sheet1!B1")]


def test_an_unclear_header_names_two_of_its_cells():
    (note,) = only(listed(["单位", "自然人", "行政处罚"], ["甲镇", 3, 4]), Hints(edition="2021")).notes
    assert f"表三/{NEW}/申请人情况/自然人" in note.message
    assert "表三/二、上年结转政府信息公开申请数量/申请人情况/自然人" in note.message


def test_a_header_of_several_rows_merged_or_not():
    rows = (
        ["某县2023年度汇总"],
        ["序号", "单位名称", NEW, None, "行政处罚", "备注"],
        [None, None, "自然人", "商业企业", None, None],
        [1, "甲镇", 3, 4, 5, 6],
    )
    plain = only(listed(*rows))
    assert plain.values == {PERSON: 3, COMPANY: 4, CellRef("proactive", "penalties", "decisions"): 5}
    assert (plain.year, plain.notes) == (2023, ())
    book = sheet_of(*rows)
    for area in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3"):
        book.active.merge_cells(area)
    assert only(saved(book)).values == plain.values


def test_a_group_does_not_reach_over_a_column_of_its_own():
    rows = (["单位", "行政处罚", None, "行政许可"], [None, None, "备用", None], ["甲镇", 3, 4, 5])
    reading = only(listed(*rows), Hints(edition="2021"))
    assert sorted(ref.row for ref in reading.values) == ["licences", "penalties"]
    assert [note.code for note in reading.notes] == ["W21"]


def test_a_column_without_a_header_is_told():
    reading = only(listed(["单位", None, "行政处罚"], ["甲镇", 3, 4]), Hints(edition="2021"))
    assert [(note.code, note.origin.place) for note in reading.notes] == [("W21", "Sheet1!B1")]


def test_two_columns_of_one_cell_are_both_left_out():
    reading = only(listed(["单位", "行政处罚", "表二/行政处罚", "行政许可"], ["甲镇", 3, 3, 5]), Hints(edition="2021"))
    assert {ref.row for ref in reading.values} == {"licences"}
    assert [(note.code, note.origin.place) for note in reading.notes] == [("W20", "Sheet1!B1")]


def test_rows_that_are_nobody_s_are_told():
    rows = (
        ["单位", "行政处罚"],
        ["甲镇", 3],
        [None, 4],
        [None, None],
        ["单位", "行政处罚"],
        ["乙镇", 5],
        ["合计", 8],
        ["全县合计", 8],
    )
    readings = read(listed(*rows), Hints(edition="2021"))
    assert [one.jurisdiction for one in readings] == ["甲镇", "乙镇"]
    assert [(note.code, note.origin.place) for note in readings[0].notes] == [
        ("W22", "Sheet1!A3"), ("W24", "Sheet1!A7"), ("W24", "Sheet1!A8"),
    ]  # fmt: skip


def test_a_name_that_stands_twice_has_no_figures():
    readings = read(listed(["单位", "行政处罚"], ["甲镇", 3], ["乙镇", 4], ["甲镇", 3]), Hints(edition="2021"))
    doubled = readings[0]
    assert (doubled.values, len(doubled.unread), [note.code for note in doubled.notes]) == ({}, 1, ["W23"])
    assert readings[1].values == {CellRef("proactive", "penalties", "decisions"): 4}


def test_a_cell_is_read_as_in_the_form():
    header = ["单位", "行政处罚", "行政许可", f"{NEW}/自然人"]
    raw = listed(header, ["甲镇", "约3", "1,234", -1])
    reading = only(raw, Hints(edition="2021"))
    assert [(note.code, note.origin.place) for note in reading.notes] == [("V1", "Sheet1!B2"), ("V2", "Sheet1!D2")]
    assert list(reading.values.values()) == [Figure(1234)]


def test_cells_merged_down_the_list_belong_to_nobody():
    book = sheet_of(["单位", "行政处罚"], ["甲镇", 3], ["乙镇", None])
    book.active.merge_cells("B2:B3")
    readings = read(saved(book), Hints(edition="2021"))
    assert [(one.values, [note.code for note in one.notes]) for one in readings] == [({}, ["W16"])] * 2


def test_a_sheet_for_each_table():
    book = sheet_of(["单位", "行政处罚"], ["甲镇", 3], ["乙镇", 4], name="表二")
    sheet_of(["单位", f"{NEW}/自然人"], ["乙镇", 6], ["甲镇", 5], name="表三", book=book)
    sheet_of(["单位", "行政复议/总计"], ["甲镇", 7], name="表四", book=book)
    first, second = read(saved(book), Hints(edition="2021"))
    assert (first.jurisdiction, sorted(first.values.values())) == ("甲镇", [3, 5, 7])
    assert (second.jurisdiction, sorted(second.values.values())) == ("乙镇", [4, 6])


def test_words_about_a_unit_have_columns_of_their_own():
    header = ["单位名称", "年度", "发布机关", "行政处罚", "总体情况", "五、存在的主要问题及改进情况"]
    reading = only(listed(header, ["甲镇", 2023, "甲镇人民政府", 3, "公开*10*条。", None]), Hints(edition="2021"))
    assert (reading.year, reading.agency) == (2023, "甲镇人民政府")
    assert reading.narrative == {"overview": "公开\\*10\\*条。"}
    assert reading.origins["overview"] == Origin("上报.xlsx", "Sheet1!E2")


def test_the_edition_is_the_one_whose_cells_the_columns_are():
    assert only(listed(["单位", "规范性文件/本年新制作数量"], ["甲镇", 3])).form.edition == "2019"
    assert only(listed(["单位", "行政规范性文件/本年制发件数"], ["甲镇", 3])).form.edition == "2021"
    both = listed(["单位", "行政复议/总计"], ["甲镇", 3])
    assert codes(both) == [("W6", "")]
    assert only(both, Hints(year=2020)).form.edition == "2019"


def test_the_2019_amount_keeps_the_unit_of_its_header():
    reading = only(listed(["单位", "采购总金额（万元）", "采购项目数量"], ["甲镇", 9.2, 27]))
    assert [figure.text for figure in reading.values.values()] == ["9.2万元", "27"]


def test_a_list_without_units_is_told():
    assert codes(listed(["单位", "行政处罚", "规章/本年制发件数"])) == [("W5", "")]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_the_old_format_and_that_of_libreoffice(suffix):
    first, second = read_file(FILES / f"workbooks/list.{suffix}")
    assert {str(ref): figure.text for ref, figure in first.values.items()} == {
        "requests[received, person]": "3", "requests[received, company]": "0", "requests[received, total]": "3",
        "proactive[fees, amount]": "9.2",
    }  # fmt: skip
    assert {(note.code, note.origin.place) for note in first.notes} - {("W15", "汇总!G2")} - {("W9", "汇总!G2")} == {
        ("W19", "旧表"), ("W9", "汇总!F2"),
    }  # fmt: skip
    assert {(note.code, note.origin.place) for note in second.notes} == {
        ("V2", "汇总!B3"), ("W15", "汇总!G3"), ("W13", "汇总!D3"), ("W18", "汇总!A3"),
    }  # fmt: skip
    assert {str(ref): figure.text for ref, figure in second.values.items()} == {
        "requests[received, company]": "2", "proactive[fees, amount]": "0.5万元", "requests[carried_over, person]": "7",
    }  # fmt: skip


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_our_form_saved_in_another_format(suffix):
    (reading,) = read_file(FILES / f"workbooks/suqian-2023.{suffix}")
    assert {ref: figure.text for ref, figure in reading.values.items()} == {
        ref: figure.text for ref, figure in CITY.values.items()
    }
    assert (reading.notes, reading.jurisdiction, reading.year) == ((), "宿迁市", 2023)


def test_the_empty_list_is_filled_in_by_hand():
    def fill(book):
        sheet = book["汇总表"]
        sheet["A5"], sheet["B5"] = "甲镇", 0

    reading = only(edited(county_bytes(FORMS["2021"], [], 2024), fill))
    assert (reading.jurisdiction, reading.year, list(reading.values.values())) == ("甲镇", 2024, [0])
