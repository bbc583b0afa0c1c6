"""Published reports: every figure that is read is the file's own, or it is not read and the reader says why."""

import re
from html import unescape
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.documents.plain_text import text_document
from reportkit.errors import CellRef, ReaderError
from reportkit.imports.published import read_published
from reportkit.imports.published.sections import markdown
from reportkit.imports.published.title import whose
from reportkit.kinds import shipped_forms
from reportkit.kinds.headings import Headings
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading
from reportkit.report.narrative import town_prose
from support.laws import examples
from support.published_layouts import LAYOUTS, MOVED_BLANKS, WITH_BLANKS, html, report, rows_of, with_holes
from support.repository import FILES
from support.synthetic import filings

FORMS = shipped_forms()
REPORTS = FILES / "published"
STATED = yaml.safe_load((REPORTS / "expected.yaml").read_text(encoding="utf-8"))


def read(text: str, name: str = "甲镇.txt", hints: Hints | None = None) -> Reading:
    return read_published(text.encode(), name, FORMS, hints or Hints())


def rows(reading: Reading) -> dict[str, dict[str, list[str | None]]]:
    """Every row of which nothing is unread, as the texts of its cells by table and row; None for a blank."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for table in reading.form.tables.values():
        refs_by_row: dict[str, list[Any]] = {}
        for ref in table.cells:
            refs_by_row.setdefault(ref.row, []).append(ref)
        for row, refs in refs_by_row.items():
            if reading.unread.isdisjoint(refs):
                texts = [reading.values[ref].text if ref in reading.values else None for ref in refs]
                found.setdefault(table.key, {})[row] = texts
    return found


def stated(entry: dict[str, Any]) -> dict[str, dict[str, list[str | None]]]:
    tables = {key: entry[key] for key in ("proactive", "requests", "reviews") if key in entry}
    return {
        table: {row: [None if cell is None else str(cell) for cell in cells] for row, cells in of_table.items()}
        for table, of_table in tables.items()
    }


# --- every report that we have ---------------------------------------------------------------------------------------


def test_a_statement_stands_for_every_report():
    assert sorted(STATED) == sorted(path.name for path in REPORTS.glob("*.txt"))


@pytest.mark.parametrize("name", [name for name, entry in STATED.items() if "refused" not in entry])
def test_a_report_gives_exactly_the_figures_that_it_states(name):
    reading = read_published((REPORTS / name).read_bytes(), name, FORMS)
    entry = STATED[name]
    assert (reading.form.edition, reading.year, reading.jurisdiction) == (
        entry["edition"], entry["year"], entry["jurisdiction"],
    )  # fmt: skip
    assert rows(reading) == stated(entry)
    assert all(ref in reading.origins for ref in reading.values)


@pytest.mark.parametrize("name", [name for name, entry in STATED.items() if "refused" in entry])
def test_a_report_that_cannot_be_read_is_refused_with_the_reason(name):
    with pytest.raises(ReaderError) as refusal:
        read_published((REPORTS / name).read_bytes(), name, FORMS)
    assert [issue.code for issue in refusal.value.issues] == [STATED[name]["refused"]]


# --- round trips -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draw=st.data())
def test_a_filing_comes_back_from_every_layout(layout, form, draw):
    filing = draw.draw(filings(form))
    texts = {ref: figure.text for ref, figure in filing.values.items()}
    reading = read(report(form, form.years[0], texts, LAYOUTS[layout]))
    assert reading.form is FORMS[form.edition] or reading.form.edition == form.edition
    assert {ref: figure.text for ref, figure in reading.values.items()} == texts
    assert (reading.year, reading.jurisdiction, reading.unread, list(reading.notes)) == (
        form.years[0],
        "合成镇",
        frozenset(),
        [],
    )


# --- shapes that reports come in -------------------------------------------------------------------------------------


def figures(form: Form) -> dict[CellRef, str]:
    """A different number for every cell, so that none can be taken for another."""
    return {
        ref: str(number)
        for number, ref in enumerate((ref for table in form.tables.values() for ref in table.cells), 101)
    }


def told(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.notes]


def wrong(reading: Reading, texts: dict[CellRef, str]) -> dict[str, tuple[str, str | None]]:
    """The figures that are not those of the file."""
    return {
        str(ref): (figure.text, texts.get(ref))
        for ref, figure in reading.values.items()
        if figure.text != texts.get(ref)
    }


def unread_rows(reading: Reading) -> list[str]:
    return list(
        dict.fromkeys(ref.row for table in reading.form.tables.values() for ref in table.cells if ref in reading.unread)
    )


def changed(
    edition: str, layout: str, *changes: tuple[str, str], year: int | None = None
) -> tuple[Reading, dict[CellRef, str]]:
    """A full report with some of its text replaced, read."""
    form = FORMS[edition]
    texts = figures(form)
    text = report(form, year or form.years[0], texts, LAYOUTS[layout])
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read(text), texts


def test_cells_of_one_row_run_together_cost_that_row_alone():
    reading, texts = changed("2019", "lines", ("规章\n\n101\n\n102\n\n103", "规章101102103"))
    assert (unread_rows(reading), told(reading), wrong(reading, texts)) == (["regulations"], ["D22"], {})
    assert len(reading.values) == len(texts) - 3


def test_a_picture_in_a_cell_is_no_blank():
    form = FORMS["2021"]
    reading = read(report(form, 2021, figures(form), html).replace(">107<", "><img src=a.png><"), "甲镇.html")
    (ref,) = reading.unread
    (issue,) = [issue for issue in reading.notes if issue.ref == ref]
    assert (issue.code, issue.severity, "图片" in issue.message) == ("D26", "error", True)


def test_lines_of_which_copies_were_removed_give_no_figure_and_no_blank():
    form = FORMS["2019"]
    text = report(form, 2019, dict.fromkeys(figures(form), "0"), LAYOUTS["lines"])
    kept = "\n\n".join(dict.fromkeys(line for line in text.split("\n") if line))
    reading = read(kept)
    assert reading.values == {}
    assert reading.unread == set(figures(form))


def test_a_label_that_was_lost_costs_the_rows_beside_it():
    reading, texts = changed(
        "2021", "lines", ("第二十条第（一）项", "第二十条第"), ("规章\n\n", ""), ("（单位：万元）", "单位:万元")
    )
    assert (unread_rows(reading), wrong(reading, texts)) == (["regulations", "normative_documents"], {})


def test_headers_broken_into_lines_are_the_same_headers():
    reading, texts = changed(
        "2021",
        "lines",
        ("商业企业", "商业\n\n企业"),
        ("科研机构", "科研\n\n机构"),
        ("（三）不予公开", "（三）\n\n不予公开"),
    )
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])


@pytest.mark.parametrize("layout", ["lines", "pipes", "tabs", "cells"])
def test_headers_cut_at_their_line_break_are_enough(layout):
    reading, texts = changed(
        "2019", layout, ("本年新制作数量", "本年新"), ("本年新公开数量", "本年新"), ("本年增/减", "本年增/")
    )
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])


@pytest.mark.parametrize("layout", ["lines", "pipes", "tabs", "cells", "spaced", "pdf"])
@pytest.mark.parametrize(
    ("one", "other"), [("科研机构", "社会公益组织"), ("自然人", "法律服务机构"), ("本年制发件数", "本年废止件数")]
)
def test_columns_in_another_order_are_not_read(layout, one, other):
    reading, texts = changed("2021", layout, (one, "@"), (other, one), ("@", other))
    table = "requests" if one != "本年制发件数" else "proactive"
    count = len([ref for ref in texts if ref.table == table])
    expected = count if table == "requests" else 6
    assert wrong(reading, texts) == {}
    assert ("D25" in told(reading), len([ref for ref in reading.unread if ref.table == table])) == (True, expected)


@pytest.mark.parametrize("layout", ["lines", "pipes", "tabs", "spaced"])
def test_labels_that_are_nearly_the_form_s(layout):
    reading, texts = changed(
        "2021", layout,
        ("本年制发件数", "本年度制发件数"), ("法人或其他组织", "法人和其他组织"), ("总计", "合计"), ("其他", "其它"),
        ("已获取信息", "已获取的信息"), ("一、本年新收政府", "一、本年度新收政府"), ("法律行政法规", "法律、行政法规"),
    )  # fmt: skip
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])


@pytest.mark.parametrize("layout", ["lines", "pipes", "tabs"])
def test_an_amount_in_another_unit_than_the_form_s_is_not_read(layout):
    reading, texts = changed("2021", layout, ("单位：万元", "单位：元"))
    assert (unread_rows(reading), told(reading), wrong(reading, texts)) == (["fees"], ["D25"], {})


@pytest.mark.parametrize("layout", ["lines", "pipes", "cells"])
def test_the_columns_decide_the_edition_not_a_row_s_old_label(layout):
    reading, texts = changed(
        "2021", layout, ("行政规范性文件", "规范性文件"), ("现行有效件数", "现行有效件数(历史累计)"), year=2022
    )
    assert (reading.form.edition, wrong(reading, texts), len(reading.values), told(reading)) == (
        "2021",
        {},
        len(texts),
        [],
    )


def test_hints_in_labels_and_a_row_of_the_town_s_own():
    reading, texts = changed(
        "2019", "pipes",
        ("上一年项目数量", "上一年项目数量（指2018年事项数）"),
        ("规章 |", "规章（指设区的市以上制定的） |"),
        ("| 第二十条第（五）项", "| 其他主动公开文件 | 7 | 8 | 9 |\n| 第二十条第（五）项"),
    )  # fmt: skip
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), ["D38"])


def test_a_row_of_the_town_s_own_between_lines():
    reading, texts = changed(
        "2019", "lines", ("第二十条第（五）项", "其他主动公开文件\n\n7\n\n8\n\n9\n\n第二十条第（五）项")
    )
    assert (wrong(reading, texts), len(reading.values)) == ({}, len(texts))


@pytest.mark.parametrize("layout", ["pipes", "tabs", "tsv", "cells"])
def test_words_in_a_cell_for_a_number_are_told_with_their_place(layout):
    form = FORMS["2021"]
    texts = figures(form)
    ref = CellRef("proactive", "regulations", "issued")
    reading = read(report(form, 2021, {**texts, ref: "本单位未制作规章"}, LAYOUTS[layout]))
    assert wrong(reading, texts) == {}
    assert ref in reading.unread
    assert "D26" in told(reading) or layout == "cells"


@pytest.mark.parametrize("placeholder", ["/", "-", "—", "无"])
@pytest.mark.parametrize("layout", ["pipes", "tabs", "lines", "spaced", "cells"])
def test_a_placeholder_is_a_cell_and_no_figure(layout, placeholder):
    form = FORMS["2021"]
    texts = figures(form)
    ref = CellRef("requests", "received", "company")
    reading = read(report(form, 2021, {**texts, ref: placeholder}, LAYOUTS[layout]))
    assert (reading.unread, told(reading), wrong(reading, texts)) == ({ref}, ["D26"], {})


@pytest.mark.parametrize("layout", LAYOUTS)
def test_numbers_as_people_write_them(layout):
    form = FORMS["2019"]
    texts = figures(form) | {
        CellRef("proactive", "procurement", "amount"): "9.2万元",
        CellRef("proactive", "licences", "change"): "-7",
        CellRef("proactive", "other_services", "change"): "+19",
        CellRef("requests", "received", "person"): "1,808,595",
        CellRef("requests", "received", "total"): "２８２２",
    }
    reading = read(report(form, 2019, texts, LAYOUTS[layout]))
    as_read = texts | {
        CellRef("requests", "received", "person"): "1808595",
        CellRef("requests", "received", "total"): "2822",
    }
    assert {ref: figure.text for ref, figure in reading.values.items()} == as_read


@pytest.mark.parametrize(
    "between", ["- 3 -", "— 12 —", "第 3 页 共 9 页", "Page 3 of 9", "3/9", "合成镇政府信息公开工作年度报告", "2021 年"]
)
def test_what_stands_between_pages_is_no_value(between):
    reading, texts = changed(
        "2021", "spaced", ("（七）总计", f"{between}\n（七）总计"), ("行政规范性文件", f"{between}\n行政规范性文件")
    )
    kind = ["D44", "D44"] if between == "2021 年" else []  # it may be the head of each page, or anything else
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), kind)
    assert list(reading.narrative) == ["overview", "problems", "other"]


def test_a_page_number_between_rows_is_known_by_the_form_feed_or_by_the_sum():
    form = FORMS["2021"]
    texts = figures(form)
    after_row = f"{texts[CellRef('proactive', 'regulations', 'in_force')]}\n"
    text = report(form, 2021, texts, LAYOUTS["spaced"])
    fed = read(text.replace(after_row, f"{after_row}3\n\f"))
    assert (wrong(fed, texts), fed.unread) == ({}, frozenset())
    alone = read(text.replace(after_row, f"{after_row}3\n"))
    assert (wrong(alone, texts), unread_rows(alone)) == ({}, ["regulations"])

    zero = dict.fromkeys(texts, "0")
    head = "二、上年结转政府信息公开申请数量"
    in_requests = read(report(form, 2021, zero, LAYOUTS["spaced"]).replace(head, f"4\n{head}"))
    assert (wrong(in_requests, zero), in_requests.unread) == ({}, frozenset())


def test_a_stub_written_downwards_and_a_header_again_on_the_next_page():
    downwards = "\n".join("三、本年度办理结果")
    header = "申请人情况\n自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他"
    reading, texts = changed(
        "2021",
        "spaced",
        ("三、本年度办理结果", f"{downwards}\n"),
        ("（四）无法提供", f"- 5 -\n{header}\n（四）\n无法\n提供\n"),
    )
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])


def test_radicals_of_a_pdf_are_the_characters_that_they_look_like():
    reading, texts = changed("2021", "spaced", ("一", "⼀"), ("行", "⾏"), ("文", "⽂"), ("人", "⼈"))
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])
    assert "⾏" not in "".join(reading.narrative.values())


def test_values_above_their_labels_are_not_read():
    form = FORMS["2021"]
    texts = figures(form)

    def upside_down(table, of_table):
        rows = list(rows_of(table, of_table))
        flipped = [sorted(row, key=lambda cell: cell[0].ref is None) for row in rows]
        return "\n\n".join(text for row in flipped for _, text in row if text)

    reading = read(report(form, 2021, texts, upside_down))
    assert wrong(reading, texts) == {}
    assert {ref.table for ref in reading.values} == {"reviews"}


def test_headings_that_were_lost_lose_no_figure():
    reading, texts = changed("2021", "lines", *((section.heading, "") for section in FORMS["2021"].sections[1:]))
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), ["D37"])


@pytest.mark.parametrize(("groups", "count", "read_cells"), [
    ("行政复议行政诉讼", 15, 15), ("| 行政复议 | 行政诉讼 |", 15, 15), ("行政复议行政诉讼", 14, 0), ("行政诉讼行政复议", 15, 0),
])  # fmt: skip
def test_the_row_of_table_4_below_its_groups_alone(groups, count, read_cells):
    row = " | ".join(map(str, range(1, count + 1)))
    text = (
        "甲镇2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
        "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n| 规章 | 0 | 0 | 0 |\n"
        f"四、政府信息公开行政复议、行政诉讼情况\n{groups}\n| {row} |\n五、存在的主要问题及改进情况\n无。\n"
    )
    values = [figure.text for ref, figure in read(text).values.items() if ref.table == "reviews"]
    assert values == [str(number) for number in range(1, read_cells + 1)]


def test_a_row_that_the_file_has_twice_must_say_the_same_twice():
    row = "| 行政强制 | 108 |  |  |"
    same, texts = changed(
        "2021", "pipes", ("| 行政强制 | 109 |  |  |", "| 行政强制 | 109 |  |  |\n| 行政强制 | 109 |  |  |")
    )
    assert (wrong(same, texts), same.unread) == ({}, frozenset())
    other, texts = changed("2021", "pipes", ("| 行政强制 | 109 |  |  |", f"| 行政强制 | 109 |  |  |\n{row}"))
    assert (wrong(other, texts), unread_rows(other), told(other)) == ({}, ["coercion"], ["D24"])


def test_blanks_that_have_become_fillers_are_not_read_as_where_they_stand():
    form = FORMS["2021"]
    texts = figures(form) | {
        CellRef("requests", "received", "company"): "",
        CellRef("requests", "carried_in", "total"): "",
        CellRef("proactive", "regulations", "repealed"): "",
    }
    for layout in MOVED_BLANKS.values():
        reading = read(report(form, 2021, texts, layout))
        assert (unread_rows(reading), wrong(reading, texts)) == (["regulations", "received", "carried_in"], {})


@pytest.mark.parametrize("layout", ["padded", "padded_cells", "fenced_cells"])
def test_a_row_that_is_as_long_as_the_others_is_read_with_its_blanks(layout):
    form = FORMS["2019"]
    texts = figures(form) | {
        CellRef("proactive", "licences", "change"): "",
        **{CellRef("requests", "received", column): "" for column in ("person", "company", "charity")},
    }
    reading = read(report(form, 2019, texts, LAYOUTS[layout]))
    assert (wrong(reading, texts), told(reading), len(reading.unread)) == ({}, [], 0)


@pytest.mark.parametrize("layout", ["padded", "padded_cells", "fenced_cells"])
@pytest.mark.parametrize("change", [("0 |", ""), ("0 |", "0 |\n0 |"), ("|\n", "")])
def test_a_row_that_is_longer_or_shorter_than_the_others_is_not(layout, change):
    form = FORMS["2019"]
    row = CellRef("requests", "outcome.refused.forbidden_by_law", "company")
    texts = figures(form) | {row: "0", row._replace(column="person"): "", row._replace(column="research"): ""}
    old, new = (part.replace("\n", " ") if layout == "padded" else part for part in change)
    text = report(form, 2019, texts, LAYOUTS[layout])
    begin, end = text.index("2.其他法律行政法规禁止公开"), text.index("3.危及")
    assert old in text[begin:end]
    reading = read(text[:begin] + text[begin:end].replace(old, new, 1) + text[end:])
    assert (wrong(reading, texts), unread_rows(reading)) == ({}, [row.row])


def test_a_number_with_a_space_in_it_costs_its_row_alone():
    reading, texts = changed("2021", "lines", ("\n117\n", "\n1 17\n"))
    assert (wrong(reading, texts), unread_rows(reading), told(reading)) == ({}, ["received"], ["D23"])


@pytest.mark.parametrize("slip", ["--104", "减104", "增加104"])
@pytest.mark.parametrize("layout", ["lines", "padded_cells", "pipes"])
def test_a_sign_that_is_none_costs_its_cell_alone(layout, slip):
    reading, texts = changed("2019", layout, ("108", slip))
    assert (wrong(reading, texts), len(reading.unread), told(reading)) == ({}, 1, ["D26"])


@pytest.mark.parametrize("layout", ["lines", "padded", "padded_cells"])
def test_a_slip_in_a_header_leaves_it_the_header_that_it_is(layout):
    reading, texts = changed("2021", layout, ("现行有效件数", "现有有效件数"), ("本年制发件数", "本年发件"))
    assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])
    of_last_year, _ = changed("2021", layout, ("本年处理决定数量", "上年处理决定数量"))
    assert unread_rows(of_last_year) == ["licences", "penalties", "coercion"]


def test_a_row_that_vanished_from_a_page_s_table_costs_the_row_before_it():
    form = FORMS["2021"]
    texts = figures(form)
    text = report(form, 2021, texts, html)
    begin, end = text.index("108</td>"), text.index("109</td>")
    reading = read(text[:begin] + text[end:])
    assert (wrong(reading, texts), unread_rows(reading)) == ({}, ["penalties", "coercion"])


def test_a_report_without_tables_says_so():
    form = FORMS["2021"]
    bare = report(form, 2021, {}, lambda _table, _texts: "")
    with pytest.raises(ReaderError, match="D20"):
        read(bare)
    with pytest.raises(ReaderError, match="D29"):
        read("文字\n" * 60_000)
    pictures = report(form, 2021, {}, lambda _table, _texts: '<p><img src="1.png" width="600" height="400"></p>')
    with pytest.raises(ReaderError, match="D21"):
        read(pictures)


def test_tables_in_a_page_with_empty_cells_instead_of_spans():
    form = FORMS["2021"]
    texts = figures(form)

    def gridded(table, of_table):
        rows = ("".join(f"<td>{text}</td>" for text in row) for row in with_holes(table, of_table))
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"

    for layout in (gridded, html):
        reading = read(report(form, 2021, texts, layout).replace("\n\n", "<p>"))
        assert (wrong(reading, texts), len(reading.values), told(reading)) == ({}, len(texts), [])
    assert reading.origins[CellRef("proactive", "licences", "decisions")].place == "table 1 row 7"


# --- whose and when --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("2019年度桑洲镇政府信息公开工作年度报告", ("桑洲镇", "", 2019)),
        ("河包镇2020年政府信息公开工作年度报告", ("河包镇", "", 2020)),
        ("衡阳市衡东县杨林镇2023年政府信息公开年度报告", ("衡阳市衡东县杨林镇", "", 2023)),
        ("太平镇人民政府2022年政府信息公开工作年度报告", ("太平镇", "太平镇人民政府", 2022)),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", ("上海市人民政府办公厅", "", 2019)),
        ("广州市荔湾区人民政府南源街道办事处2020年政府信息公开工作年度报告", ("广州市荔湾区南源街道", "广州市荔湾区人民政府南源街道办事处", 2020)),
        ("2025 年上海市黄浦区人民政府打浦桥街道政府信息\n公开工作年度报告", ("上海市黄浦区打浦桥街道", "上海市黄浦区人民政府打浦桥街道", 2025)),
        ("宿迁市人民政府2023年度政府信息公开工作年度报告", ("宿迁市", "宿迁市人民政府", 2023)),
        ("首页 > 政务公开 > 河包镇2020年政府信息公开工作年度报告", ("", "", 2020)),
        ("关于做好2020年政府信息公开工作年度报告的通知", ("", "", None)),
    ],
)  # fmt: skip
def test_the_title_says_whose_report_it_is(title, found):
    document = text_document(f"{title}\n\n一、总体情况\n\n文字。\n", "甲.txt")
    said = whose(document, FORMS["2021"])
    assert (said.jurisdiction, said.agency, said.year) == found


def test_without_a_title_the_period_tells_the_year_and_nobody_the_name():
    reading = read("一、总体情况\n本报告所列数据的统计期限自2023年1月1日至2023年12月31日。\n" + _table_two())
    assert (reading.year, reading.jurisdiction) == (2023, "")
    assert {"D35"} <= set(told(reading))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("现将2020年政府信息公开工作报告如下:\n一、总体情况", (2020, "")),
        ("现将2020年政府信息公开工作报告如下:\n一、总体情况\n2019年,我局公开信息。", (None, "")),
        ("一、总体情况\n2021年,我局公开信息。\n2022年,我局将加强培训。", (None, "")),
        ("一、总体情况\n截至2020年12月31日,公开信息41条。", (2020, "")),
        ("一、总体情况\n根据《关于做好2020年政府信息公开工作年度报告编制公布工作的通知》编写。", (None, "")),
        ("一、总体情况\n2020年,杨陵区统计局以服务为宗旨。我局公开信息41条。", (2020, "杨陵区统计局")),
        ("一、总体情况\n2020年,杨陵区统计局以服务为宗旨。我镇公开信息41条。", (2020, "")),
        ("一、总体情况\n2020年,统计局以服务为宗旨。我局公开信息41条。", (2020, "")),
        ("现把长治市信访局2019年度政府信息公开工作情况报告如下:\n一、总体情况", (2019, "长治市信访局")),
        ("现将我局2022年度政府信息公开工作报告如下:\n一、总体情况", (2022, "")),
        ("由南京市浦口区教育局办公室编制的2024年度政府信息公开工作年度报告。\n一、总体情况", (2024, "南京市浦口区教育局")),
        ("由县政务服务局编制。\n一、总体情况", (None, "")),
        ("政府政务公开年报\n一、总体情况", (None, "")),
        ("建平县卫生健康局\n2020年度政府信息公开工作报告\n一、总体情况", (2020, "建平县卫生健康局")),
        ("一、总体情况\n成立新立城镇信息公开工作领导小组,我镇公开信息。", (None, "新立城镇")),
    ],
)  # fmt: skip
def test_without_a_title_only_words_that_cannot_mean_another_tell_year_and_name(words, found):
    reading_of = whose(text_document(f"{words}\n", "甲.txt"), FORMS["2021"])
    assert (reading_of.year, reading_of.jurisdiction) == found


def test_a_title_and_a_period_of_two_years_are_told():
    reading = read(
        "甲镇2020年政府信息公开工作年度报告\n一、总体情况\n数据的统计期限自2021年1月1日起。\n" + _table_two()
    )
    assert (reading.year, "D36" in told(reading)) == (2020, True)


def test_hints_go_first_but_not_against_the_tables():
    text = "甲镇2020年政府信息公开工作年度报告\n" + _table_two()
    reading = read(text, hints=Hints(year=2022, jurisdiction="乙镇", edition="2021"))
    assert (reading.year, reading.jurisdiction, reading.form.edition) == (2022, "乙镇", "2021")
    with pytest.raises(ReaderError, match="D32"):
        read(text, hints=Hints(edition="2019"))
    with pytest.raises(ReaderError, match="D33"):
        read(text, hints=Hints(edition="1998"))


def test_tables_that_both_editions_have_go_by_the_year_or_not_at_all():
    row = "四、结转下年度继续办理 0 0 0 0 0 0 0\n五、存在的主要问题及改进情况\n问题。\n"
    reading = read(f"甲镇2023年政府信息公开工作年度报告\n{row}")
    assert (reading.form.edition, "D30" in told(reading), len(reading.values)) == ("2021", True, 7)
    with pytest.raises(ReaderError, match="D33"):
        read(row)


def _table_two() -> str:
    return "二、主动公开政府信息情况\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 1 | 2 | 3 |\n六、其他需要报告的事项\n无。\n"


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_seed_s_words_by_section():
    reading = read_published((FILES / "sangzhou-2019.txt").read_bytes(), "桑洲镇.txt", FORMS)
    assert list(reading.narrative) == ["overview", "problems", "other"]
    assert reading.narrative["overview"].count("\n\n") == 4
    assert reading.narrative["other"] == "本年度无其他需要报告的事项。\n"
    assert str(reading.origins["problems"]) == "桑洲镇.txt:399"


def test_page_chrome_goes_and_the_preamble_stays():
    reading = read_published((REPORTS / "021.txt").read_bytes(), "021.txt", FORMS)
    lead, period, *_ = reading.narrative["overview"].split("\n\n")
    assert lead.startswith("2020年,河包镇严格按照《中华人民共和国政府信息公开条例》有关规定")
    assert period.startswith("现将2020年度政府信息公开工作报告公布如下(本报告所列数据统计期限")
    assert "字体" not in reading.narrative["overview"]


def test_lines_broken_to_fit_a_page_are_one_paragraph_again():
    reading = read_published((REPORTS / "040.txt").read_bytes(), "040.txt", FORMS)
    assert reading.narrative["problems"].split("\n\n") == [
        "2020 年,在区政府及上级主管部门的大力指导支持和我局各科室的全力配合协作下,我局政务公开和政府信息公开工作取得了一些成绩,"
        "但仍存在着一些短板和不足,如政务公开内容、创新方式、开展政府开放日活动方面有待提升。",
        "2021 年,我局将根据我区部署的政务公开工作具体要求,进一步提高认识,深入查找政务公开工作各个环节中的薄弱点,加大工作力度,"
        "提升公开水平,充分发挥审计在党和国家监督体系中的重要作用。\n",
    ]
    assert (
        reading.narrative["reviews"]
        == "2020 年,我单位对形成的政府信息实现了依法、有序公开,未出现申请行政复议、提起行政诉讼的情况。\n"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60))
@settings(deadline=None)
def test_words_print_as_they_stand(text):
    plain = " ".join(text.split())
    prose = re.sub(r"<[^>]*>", "", town_prose(markdown(plain)))
    assert "".join(unescape(prose).split()) == "".join(plain.split())


@pytest.mark.parametrize(
    "line",
    [
        "# 一",
        "- 二",
        "1. 三",
        "2) 四",
        "> 五",
        "*六*",
        "__七__",
        "`八`",
        "<b>九</b>",
        "[十](u)",
        "---",
        "| a | b |",
        "~~~",
        "&lt;",
        "=",
        "+ 甲",
        "\\*",
    ],
)
def test_signs_of_markdown_print_as_they_stand(line):
    assert unescape(re.sub(r"<[^>]*>", "", town_prose(markdown(line)))).strip() == line


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("总体情况", "overview"), ("一、概述", "overview"), ("一、总体概述", "overview"), ("一、工作基本情况", "overview"),
        ("二、主动公开政府信息情况　", "proactive"), ("二、行政机关主动公开政府信息情况", "proactive"), ("三、收到和处理政府信息公开的申请情况", "requests"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "reviews"), ("四、因政府信息公开工作被申请行政复议提起行政诉讼情况", "reviews"),
        ("五、存在问题及改进情况", "problems"), ("五、政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("六、其它需要报告的事项", "other"), ("## 表二：主动公开政府信息情况", "proactive"), ("一、总体情况 (重复率: 40%)", "overview"),
        ("四、结转下年度继续办理", ""), ("三、本年度办理结果", ""), ("（二）依申请公开情况", ""), ("（一）概述", ""),
        ("内容包括:总体情况、行政机关主动公开政府信息情况、其他需要报告的事项等六项内容。", ""),
    ],
)  # fmt: skip
def test_headings_in_all_their_ways(line, section, form):
    assert Headings(form).section(line) == section


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [*LAYOUTS, *MOVED_BLANKS])
@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draw=st.data())
def test_no_damage_makes_a_wrong_figure(layout, form, draw):
    """Lines lost, doubled, or all copies gone; the end cut off; a label in another's place: fewer figures, no wrong one."""
    texts = figures(form)
    kind = draw.draw(st.sampled_from(["as it is", "holes", "rows"]))
    if kind == "holes" and layout in {**WITH_BLANKS, **MOVED_BLANKS}:
        gone = draw.draw(st.sets(st.sampled_from(sorted(texts)), max_size=120))
        texts |= dict.fromkeys(gone, "")
    elif kind == "rows":
        silent = draw.draw(st.sets(st.sampled_from(sorted({ref[:2] for ref in texts})), max_size=20))
        texts |= {ref: "" for ref in texts if ref[:2] in silent}
    setting = {**LAYOUTS, **MOVED_BLANKS}[layout]
    damaged = draw.draw(damage(report(form, form.years[0], texts, setting), layout, form))
    try:
        reading = read(damaged)
    except ReaderError:
        return
    assert wrong(reading, texts) == {}


@st.composite
def damage(draw: st.DrawFn, text: str, layout: str, form: Form) -> str:
    lines = text.split("\n")
    places = st.integers(0, len(lines) - 1)
    match draw(st.sampled_from(["cut", "lost", "range", "doubled", "copies", "moved", "cell"])):
        case "cut":
            return text[: draw(st.integers(50, len(text)))]
        case "lost":
            lost = draw(st.sets(places, min_size=1, max_size=30))
            return "\n".join(line for number, line in enumerate(lines) if number not in lost)
        case "range":
            start = draw(places)
            del lines[start : start + draw(st.integers(1, 40))]
        case "doubled":
            at = draw(places)
            lines.insert(at, lines[at])
        case "copies":
            return "\n".join(dict.fromkeys(lines))
        case "moved":
            labels = {cell.label for table in form.tables.values() for row in rows_of(table, {}) for cell, _ in row}
            movable = [number for number, line in enumerate(lines) if line.strip("\t |") in labels - {""}]
            if movable and layout != "pdf":
                one, other = draw(st.sampled_from(movable)), draw(places)
                lines[one], lines[other] = lines[other], lines[one]
        case "cell":
            sign = {"pipes": "|", "trailing_pipes": "|", "padded": "|", "moved": "|", "tsv": "\t"}.get(layout, "")
            if sign:
                at = draw(st.sampled_from([number for number, line in enumerate(lines) if sign in line]))
                cells = lines[at].split(sign)
                which = draw(st.integers(0, len(cells) - 1))
                cells[which : which + 1] = [cells[which]] * draw(st.sampled_from([0, 2]))
                lines[at] = sign.join(cells)
    return "\n".join(lines)


def test_numbers_that_a_pdf_s_text_has_put_together_are_not_made_up_for_by_a_page_s():
    row = "二、上年结转政府信息公开申请数量"
    text = f"甲镇2023年政府信息公开工作年度报告\n{row} {{}}\n（一）予以公开 0 0 0 0 0 0 0\n五、存在的主要问题及改进情况\n问题。\n"
    assert [len(read(text.format(values)).values) for values in (
        "1 2 3 4 5 6 21", "1 2 3 4 5 6 21   — 1 —", "12 34 56 21   — 1 —", "12 3 4 5 6 21\n3", "12 3 4 5 6 21\n- 3 -", "1 2 3 4 5 6 21\n7",
    )] == [14, 14, 7, 7, 7, 14]  # fmt: skip


def test_a_row_in_which_the_file_ends_is_unread_and_not_blank():
    form = FORMS["2021"]
    texts = figures(form)
    text = report(form, 2021, texts, LAYOUTS["lines"])
    reading = read(text[: text.index("行政处罚") + len("行政处罚\n\n10")])
    assert CellRef("proactive", "penalties", "decisions") in reading.unread
    assert (wrong(reading, texts), reading.values[CellRef("proactive", "licences", "decisions")].text) == ({}, "107")
