"""Doubt at the door: every way a parameter file goes wrong has a message with its place and its cure."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.imports.targets import Places
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, Filing
from reportkit.params.reader import read_parameters, read_params
from support.repository import SANGZHOU, SUQIAN

FORMS = shipped_forms()
HEAD = "year: 2019\njurisdiction: 甲镇\n"
TABLE2, TABLE3, TABLE4 = "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"


def read(tmp_path: Path, text: str | bytes, name: str = "甲镇.yaml") -> Filing:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_params(path, FORMS, name)


def told(tmp_path: Path, text: str | bytes) -> list[Issue]:
    """Everything the reader has to say, whether or not a filing came of it."""
    try:
        return list(read(tmp_path, text).notes)
    except ReaderError as error:
        return error.issues


def places(issues: list[Issue]) -> list[tuple[str, str]]:
    return [(issue.origin.place, issue.code) for issue in issues]


def figures(table: str, *lines: str, edition_2021: bool = False) -> str:
    head = HEAD.replace("2019", "2023") if edition_2021 else HEAD
    return head + f"figures:\n  {table}:\n" + "".join(f"    {line}\n" for line in lines)


def test_the_seed_s_figures_blanks_and_text():
    filing = read_params(SANGZHOU, FORMS)
    assert (filing.jurisdiction, filing.year, filing.agency, filing.form.edition) == (
        "桑洲镇",
        2019,
        "桑洲镇人民政府",
        "2019",
    )
    assert {str(ref): figure.text for ref, figure in filing.values.items() if figure.text != "0"} == {
        "proactive[procurement, projects]": "27",
        "proactive[procurement, amount]": "9.2万元",
    }
    stated = [ref for ref in filing.values if ref.table == "requests"]
    assert [ref[1:] for ref in stated] == [
        ("received", "person"), ("received", "total"), ("carried_in", "total"), ("outcome.total", "person"),
        ("outcome.total", "total"), ("carried_over", "total"),
    ]  # fmt: skip
    assert list(filing.narrative) == ["overview", "problems", "other"]
    assert filing.notes == ()


def test_a_city_s_figures_to_the_last_digit():
    filing = read_params(SUQIAN, FORMS)
    assert len(filing.values) == 200
    assert filing.values[CellRef("proactive", "fees", "amount")].text == "59237.2449"
    assert filing.values[CellRef("requests", "outcome.other.other", "total")] == 291
    assert filing.values[CellRef("reviews", "cases", "after_review.pending")] == 9
    assert filing.where(CellRef("requests", "carried_over", "person")).place == "45"


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "written", "text"),
    [
        ("行政许可: [%s, 0, 0]", "0", "0"), ("行政许可: [%s, 0, 0]", "１２", "12"), ("行政许可: ['%s', 0, 0]", "1,234", "1234"),
        ("行政许可: ['%s', 0, 0]", "1，234，567", "1234567"), ("行政许可: ['%s', 0, 0]", "　７ ", "7"), ("行政许可: [0, %s, 0]", "-3", "-3"),
        ("行政许可: [0, %s, 0]", "−3", "-3"), ("行政许可: [0, '%s', 0]", "+19", "+19"), ("政府集中采购: [27, %s]", "9.2万元", "9.2万元"),
        ("政府集中采购: [27, %s]", "9.2 万元", "9.2万元"), ("政府集中采购: [27, %s]", "251000元", "251000元"),
        ("政府集中采购: [27, '%s']", "0.10", "0.10"), ("政府集中采购: [27, %s]", "477.35", "477.35"),
        ("行政许可: [%s, 0, 0]", "999999999999999", "999999999999999"), ("政府集中采购: [27, %s]", "123456789012.345", "123456789012.345"),
    ],
)  # fmt: skip
def test_figures_are_read_as_written(tmp_path, row, written, text):
    filing = read(tmp_path, figures(TABLE2, row % written))
    assert [figure.text for figure in filing.values.values() if figure.text not in ("0", "27") or text == "0"][:1] == [
        text
    ]
    assert [note for note in filing.notes if note.severity == "error"] == []


@pytest.mark.parametrize("blank", ["~", "null", "''", '" "', "'　'", "'\u00a0'", ""])
def test_a_blank_stays_blank(tmp_path, blank):
    filing = read(tmp_path, figures(TABLE2, f"行政许可: {{上一年项目数量: {blank}, 处理决定数量: 0}}"))
    assert [str(ref) for ref in filing.values] == ["proactive[licences, decisions]"]
    assert filing.notes == ()


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("行政许可: [本单位没有, 0, 0]", "V1", ["“本单位没有”", "不小于 0 的整数", "没有的数写 0"]),
        ("行政许可: [/, 0, 0]", "V1", ["“/”"]),
        ("行政许可: [3 5, 0, 0]", "V1", ["“3 5”"]),
        ("行政许可: [1 234, 0, 0]", "V1", ["“1 234”"]),
        ("行政许可: [5², 0, 0]", "V4", ["“5²”"]),
        ("行政许可: [3①, 0, 0]", "V4", ["“3①”"]),
        ("行政许可: [㉑, 0, 0]", "V1", ["“㉑”"]),
        ("政府集中采购: [27, 9 2万元]", "V1", ["“9 2万元”"]),
        ("行政许可: [yes, 0, 0]", "V1", ["“yes”"]),
        ("行政许可: [2019-01-01, 0, 0]", "V1", ["“2019-01-01”"]),
        ("行政许可: [0123, 0, 0]", "V1", ["0123", "请写 123"]),
        ("行政许可: [1e5, 0, 0]", "V1", ["1e5"]),
        ("行政许可: [1_000, 0, 0]", "V1", ["1_000"]),
        ("行政许可: [12:30, 0, 0]", "V1", ["12:30"]),
        ("行政许可: ['1,23', 0, 0]", "V1", ["1,23"]),
        ("行政许可: [-1, 0, 0]", "V2", ["“-1”", "不能是负数"]),
        ("行政许可: [+5, 0, 0]", "V2", ["不带正负号"]),
        ("行政许可: [1.5, 0, 0]", "V3", ["“1.5”", "不能有小数"]),
        ("行政许可: [3件, 0, 0]", "V4", ["删去“件”"]),
        ("行政许可: [0, 1.5, 0]", "V3", ["本年增/减"]),
        ("政府集中采购: [27, 9.2美元]", "V4", ["美元", "元、万元、亿元"]),
        ("政府集中采购: [27, -1]", "V2", ["采购总金额"]),
        (f"行政许可: [{'9' * 30}, 0, 0]", "V5", ["大得不可能"]),
    ],
)
def test_what_is_no_figure_is_told_and_not_guessed(tmp_path, row, code, words):
    filing = read(tmp_path, figures(TABLE2, row))
    (issue,) = [note for note in filing.notes if note.severity == "error"]
    assert places([issue]) == [("5", code)]
    assert [word for word in words if word not in issue.message] == []
    assert issue.ref in filing.unread
    assert issue.ref not in filing.values


def test_money_in_another_unit_than_the_column_s(tmp_path):
    filing = read(tmp_path, figures(TABLE2, "行政事业性收费: 3500元", edition_2021=True))
    (issue,) = filing.notes
    assert (issue.code, "单位是万元" in issue.message) == ("V4", True)
    assert read(tmp_path, figures(TABLE2, "行政事业性收费: 0.35万元", edition_2021=True)).notes == ()


@pytest.mark.parametrize(("written", "loaded"), [("0.10", "0.1"), ("+19", "19"), ("5.00", "5.0")])
def test_numbers_that_plain_papermill_would_print_otherwise_get_a_warning(tmp_path, written, loaded):
    row = f"政府集中采购: [27, {written}]" if "." in written else f"行政许可: [0, {written}, 0]"
    (note,) = read(tmp_path, figures(TABLE2, row)).notes
    assert (note.code, note.severity, note.origin.place) == ("V6", "warning", "5")
    assert f"变成 {loaded}" in note.message


# --- names and shapes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "code", "words"),
    [
        (figures("主动公开政府情况", "规章: [0, 0, 0]"), "4", "Y5", ["主动公开政府情况", f"是不是“{TABLE2}”"]),
        (figures(TABLE2, "规范文件: [0, 0, 0]"), "5", "Y5", ["规范文件", "是不是“规范性文件”"]),
        (figures(TABLE2, "规章: {本年制作数量: 0}"), "5", "Y5", ["本年制作数量", "是不是“本年新制作数量”"]),
        (figures(TABLE3, "三、本年度办理结果: {（一）予以公布: [0, 0, 0, 0, 0, 0, 0]}"), "5", "Y5", ["（一）予以公开"]),
        (figures(TABLE4, "结果维持: 0"), "5", "Y5", ["3 处", "行政复议、未经复议直接起诉、复议后起诉"]),
        (figures(TABLE2, "规章: [0, 0]"), "5", "Y7", ["应有 3 个数", "本年新制作数量", "写了 2 个"]),
        (figures(TABLE2, "规章: [0, 0, 0, 0]"), "5", "Y7", ["应有 3 个数", "写了 4 个"]),
        (figures(TABLE2, "规章: 0"), "5", "Y7", ["有 3 列", "只写了一个数"]),
        (figures(TABLE2, "规章: [[0], 0, 0]"), "5", "Y7", ["应是一个数"]),
        (figures(TABLE2, "规章: {本年新制作数量: [1, 2]}"), "5", "Y7", ["应是一个数"]),
        (figures(TABLE3, "三、本年度办理结果: [0, 0]"), "5", "Y7", ["三、本年度办理结果", "行名"]),
        (HEAD + f"figures:\n  {TABLE2}: [1, 2]\n", "4", "Y7", [TABLE2, "行名"]),
        (HEAD + "figures: 无\n", "3", "Y7", ["figures", "表名"]),
        (HEAD + "narrative: 无\n", "3", "Y7", ["narrative", "部分名称"]),
        (HEAD + "narrative:\n  总体状况: 文字\n", "4", "Y5", ["总体状况", "是不是“总体情况”"]),
        (HEAD + "narrative:\n  总体情况: [文字]\n", "4", "Y7", ["应是一段文字"]),
        (HEAD + "figure: {}\n", "3", "Y5", ["figure", "是不是“figures”"]),
        (HEAD + "edition: '2020'\n", "3", "Y5", ["2020", "是不是"]),
        (HEAD.replace("2019", "去年"), "1", "Y7", ["四位数的年份", "去年"]),
        ("jurisdiction: 甲镇\nedition: '2019'\n", "1", "Y6", ["缺少 year"]),
        ("year: 2019\n", "1", "Y6", ["缺少 jurisdiction"]),
        ("year: 2019\njurisdiction: [甲镇]\n", "2", "Y7", ["应是一个值"]),
        ("year: 2019\njurisdiction: \"甲镇\\n乙镇\"\n", "2", "Y7", ["不能换行"]),
        ("year: 2017\njurisdiction: 甲镇\n", "1", "Y6", ["缺少 edition", "2019、2021"]),
        ("- 1\n- 2\n", "1", "Y7", ["year、jurisdiction"]),
    ],
)  # fmt: skip
def test_wrong_names_and_shapes(tmp_path, text, place, code, words):
    issues = told(tmp_path, text)
    assert (place, code) in places(issues)
    message = " ".join(issue.message for issue in issues)
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (HEAD + "year: 2020\n", "3", ["year", "写了两次", "第 1 行"]),
        (figures(TABLE2, "规章: [0, 0, 0]", "规 章: [1, 1, 1]"), "6", ["规章", "本年新制作数量", "甲镇.yaml:5"]),
        (figures(TABLE2, "规章: [0, 0, 0]", "regulations: [1, 1, 1]"), "6", ["甲镇.yaml:5"]),
        (figures(TABLE2, "规章: {made: 0, 本年新制作数量: 1}"), "5", ["已经写过"]),
        (figures(TABLE2, "规章: [0, 0, 0]") + f"  二、{TABLE2}: {{}}\n", "6", ["写了两次"]),
        (HEAD + "narrative:\n  总体情况: 甲\n  overview: 乙\n", "5", ["写了两次"]),
    ],
)
def test_what_stands_twice(tmp_path, text, place, words):
    issues = told(tmp_path, text)
    assert {(place, "Y4")} == {*places(issues)}
    assert [word for word in words if word not in issues[0].message] == []


def test_labels_match_in_half_width_without_spaces_and_by_key(tmp_path):
    filing = read(
        tmp_path,
        figures(TABLE3, "三、本年度办理结果:", "  (一) 予以公开: {person: 1}", "outcome.refused.state_secret: {总计: 2}",
                '3.危及"三安全一稳定": {其他: 3}', "一、本年新收政府信息公开申请数量: {法人或其他组织: [1, 2, 3, 4, 5]}"),
    )  # fmt: skip
    assert filing.notes == ()
    assert {ref[1:]: int(figure) for ref, figure in filing.values.items()} == {
        ("outcome.granted", "person"): 1, ("outcome.refused.state_secret", "total"): 2,
        ("outcome.refused.endangers_stability", "other"): 3, ("received", "company"): 1, ("received", "research"): 2,
        ("received", "charity"): 3, ("received", "legal_service"): 4, ("received", "other"): 5,
    }  # fmt: skip


def test_the_titles_of_table_two_may_be_written_as_a_level(tmp_path):
    filing = read(tmp_path, figures(TABLE2, "第二十条第（八）项: {行政事业性收费: [3, -1]}"))
    assert [figure.text for figure in filing.values.values()] == ["3", "-1"]


def test_everything_wrong_is_told_at_once(tmp_path):
    text = figures(TABLE2, "规章: [0, 0]", "规范性文件: [一, 0, -1]", "行政许克: [0, 0, 0]") + "agencie: 甲\n"
    assert sorted(places(told(tmp_path, text))) == [("5", "Y7"), ("6", "V1"), ("6", "V2"), ("7", "Y5"), ("8", "Y5")]


def test_a_value_that_is_asked_for_twice_is_told_once(tmp_path):
    assert places(told(tmp_path, "year: [2019]\njurisdiction: 甲镇\n")) == [("1", "Y7"), ("1", "Y6"), ("1", "Y6")]


@pytest.mark.parametrize(
    "name", ["../../etc/x", "a/b", "..", ".甲镇", "甲镇.", "a\\b", "甲:镇", "甲<镇>", "nul", "NUL.镇"]
)
def test_a_jurisdiction_that_no_file_can_have_is_an_error(tmp_path, name):
    (issue,) = told(tmp_path, f"year: 2019\njurisdiction: {json.dumps(name, ensure_ascii=False)}\n")
    assert (issue.origin.place, issue.code, issue.severity) == ("2", "Y11", "error")
    with pytest.raises(ReaderError, match="I4"):  # as import has it
        Places(tmp_path).target(2019, name, Origin("a.html"))


def test_an_agency_may_have_any_name(tmp_path):
    assert read(tmp_path, HEAD + "agency: 甲镇人民政府/党政办\n").notes == ()


def test_unreadable_cells_do_not_break_sums_as_well(tmp_path):
    from reportkit.messages.figures import check

    filing = read(tmp_path, figures(TABLE3, "一、本年新收政府信息公开申请数量: [三, 0, 0, 0, 0, 0, 3]"))
    assert [issue.code for issue in check(filing) if issue.severity == "error"] == ["V1", "R1"]
    assert [issue.found for issue in check(filing) if issue.code == "R1"] == ["3"]  # the column that is readable


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("规章: [0，0，0]", "Y7", "用全角的“，”隔开了，读成了 1 个数；请用半角逗号，例如 [0, 0, 0]"),
        ("规章: [0, 0、0]", "Y7", "用全角的“、”隔开了，读成了 2 个数"),
        ("规章: ［0, 0, 0］", "Y7", "括号和逗号都用半角，例如 [0, 0, 0]"),
        ("规章: 0, 0, 0", "Y7", "要写成一列"),
        ("规章: [“1”, 0, 0]", "V1", "引号是全角的"),
        ("规章: ['007', 0, 0]", "V1", "如果是 7，请写 7"),
        ("行政事业性收费: [1, '01.50']", "V1", "如果是 1.50，请写 1.50"),
        ("行政事业性收费: [1, '-000.10万元']", "V1", "如果是 -0.10万元，请写 -0.10万元"),
    ],
)
def test_signs_of_the_other_width_among_figures_are_told_as_such(tmp_path, text, code, words):
    (issue,) = read(tmp_path, figures(TABLE2, text)).notes
    assert (issue.code, issue.origin.place) == (code, "5")
    assert words in issue.message


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("agency: “甲镇人民政府”\n", "3", "agency 的引号是全角的"),
        ("narrative:\n  总体情况：无\n", "4", "这里用了全角冒号"),
        ("narrative:\n  总体情况: ｜\n    无\n", "4", "“｜”是全角的"),
        ("figures:\n  收到和处理政府信息公开申请情况:\n    新收：3\n", "5", "这里用了全角冒号"),
    ],
)
def test_signs_of_the_other_width_around_names_are_told_as_such(tmp_path, text, place, words):
    (issue,) = read(tmp_path, HEAD + text).notes
    assert (issue.code, issue.origin.place) == ("Y7", place)
    assert words in issue.message


def test_an_underlined_heading_in_a_text_is_no_mark_of_git(tmp_path):
    text = HEAD + "narrative:\n  总体情况: |\n    一\n    =======\n    <<<<<<< 二\n"
    assert read(tmp_path, text).narrative == {"overview": "一\n=======\n<<<<<<< 二\n"}


def test_numbers_longer_than_python_reads_are_told_like_others(tmp_path):
    digits = "9" * 5000
    assert places(told(tmp_path, f"year: {digits}\njurisdiction: 甲镇\n")) == [("1", "Y7"), ("1", "Y6")]
    text = figures(TABLE2, f"规章: [{digits}, 0{digits}, -{digits}]")
    assert [issue.code for issue in told(tmp_path, text)] == ["V5", "V1", "V5"]


@pytest.mark.parametrize("edition", ["edition: 2019", "edition: '2019'", "# left out: the edition of the year"])
def test_an_edition_may_be_written_with_or_without_quotes_or_left_out(tmp_path, edition):
    assert read(tmp_path, HEAD + edition + "\n").form.edition == "2019"


# --- files -----------------------------------------------------------------------------------------------------------


MERGED = "".join(
    f"<<<<<<< HEAD\r\nagency: {ours}\r\n{base}=======\r\nagency: {theirs}\r\n>>>>>>> other\r\n"
    for ours, base, theirs in (("甲", "||||||| 1a2b3c\r\nagency: 丙\r\n", "乙"), ("丁", "", "戊"))
)


@pytest.mark.parametrize(
    ("text", "place", "code", "words"),
    [
        (b"", "", "Y1", ["空的"]),
        (b"  \n\n", "", "Y1", ["空的"]),
        (b"# nothing but a comment\n", "1", "Y7", ["没有“名称: 值”"]),
        (HEAD + "figures:\n\t主动公开: 1\n", "4", "Y2", ["制表符", "空格"]),
        (HEAD + "agency：甲镇人民政府\n", "3", "Y2", ["全角冒号", "半角"]),
        (HEAD + "figures: [1, 2\n", "3", "Y2", ["括号“[”", "“]”"]),
        (HEAD + "figures: {甲: 1\nagency: 乙\n", "3", "Y2", ["括号“{”", "“}”"]),
        (HEAD + "agency: 'x\n", "3", "Y2", ["引号 '"]),
        (HEAD + 'agency: "x\nfigures:\n  甲: 1\n', "3", "Y2", ['引号 "']),
        (HEAD + 'agency: "C:\\x"\n', "3", "Y2", ["反斜杠", "单引号"]),
        (HEAD + "figures:\n  表:\n    规章：[0, 0, 0]\n    规范性文件: [0, 0, 0]\n", "5", "Y2", ["全角冒号"]),
        (HEAD + "figures：\n  表:\n    规章: [0, 0, 0]\n", "3", "Y2", ["全角冒号"]),
        (HEAD + "figures:\n  表:\n    规章: 0\n　　处罚: 0\n", "6", "Y2", ["全角空格", "U+3000"]),
        (HEAD + "figures:\n\u00a0\u00a0表:\n    规章: 0\n", "4", "Y2", ["不间断空格", "U+00A0"]),
        (HEAD + "　agency: 甲镇\n", "3", "Y2", ["全角空格"]),
        (HEAD + "＃ 注释\nagency: 甲\n", "3", "Y2", ["“＃”", "半角"]),
        ("年份：2019\n名称：甲镇\n", "1", "Y7", ["没有“名称: 值”", "全角冒号"]),
        (
            HEAD + MERGED,
            "3",
            "Y2",
            ["（一共 2 处）", "一边（HEAD）“agency: 甲”", "另一边（other）“agency: 乙”", "删去"],
        ),
        (HEAD + "<<<<<<< HEAD\nagency: 甲\n", "3", "Y2", ["<<<<<<<", "不成对"]),
        (HEAD + "agency: 甲\n>>>>>>> other\nfigures:\n", "4", "Y2", [">>>>>>>", "不成对"]),
        (HEAD + "agency: 甲\n=======\nagency: 乙\n", "4", "Y2", ["git"]),
        (HEAD + "figures:\n  表:\n    规章:[0, 0, 0]\n    规范性文件: [0, 0, 0]\n", "5", "Y2", ["缺少空格"]),
        (HEAD + "figures:\n  表:\n    规章 [0, 0, 0]\n    规范性文件: [0, 0, 0]\n", "5", "Y2", ["缺少冒号"]),
        (HEAD + "figures:\n    表: 1\n  另一张: 1\n", "5", "Y2", ["缩进", "对不齐"]),
        (HEAD + "agency: 甲镇\n  figures: 1\n", "4", "Y2", ["缩进", "对不齐"]),
        (HEAD + "narrative:\n  总体情况: |\n    一是：有。\n  二是：没有。\n", "6", "Y2", ["缩进得多"]),
        (HEAD + "agency: 甲镇: 人民政府\n", "3", "Y2", ["又有冒号", "引号"]),
        (HEAD + "agency: @甲镇\n", "3", "Y2", ["“@”", "引号"]),
        (HEAD + "agency: '甲' 镇\n", "3", "Y2", ["缩进、引号和括号"]),
        (HEAD + "agency: \x01\n", "3", "Y2", ["控制字符", "U+0001"]),
        (HEAD + "figures: !!python/object/apply:os.system [id]\n", "3", "Y3", ["!!python".replace("!!", ""), "标签"]),
        (HEAD + "agency: !secret x\n", "3", "Y3", ["!secret"]),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "2", "Y3", ["引用 *a"]),
        (HEAD + "---\nyear: 2020\n", "3", "Y3", ["第二份文档"]),
        (HEAD + "figures: " + "[" * 5000 + "]" * 5000, "3", "Y3", ["层次太深"]),
        (HEAD + "figures:\n" + "\n".join(" " * depth + "甲:" for depth in range(1, 1200)), "15", "Y3", ["层次太深"]),
        (HEAD + "figures:\n" + "- " * 5000, "4", "Y3", ["层次太深"]),
        (HEAD + "? [a, b]\n: 1\n", "3", "Y3", ["冒号前面"]),
        ("年份".encode("utf-16"), "", "Y1", ["UTF-16", "UTF-8"]),
        (b"year: 2019\njurisdiction: \xff\xff\xff\n", "2", "Y1", ["GB18030", "UTF-8"]),
        (b"PK\x03\x04\x00\x00\x80\xff", "1", "Y1", ["UTF-8"]),
    ],
)
def test_files_that_are_no_parameter_files(tmp_path, text, place, code, words):
    (issue,) = told(tmp_path, text)
    assert (issue.origin.place, issue.code, issue.severity) == (place, code, "error")
    assert [word for word in words if word not in issue.message] == []
    assert re.findall("[A-Za-z']+ [A-Za-z']+", issue.message) == []  # the words of a library


@pytest.mark.parametrize("signs", ["[", "{a: ", "[1,\n", "- "])
@pytest.mark.parametrize("limit", [5, 1000])
def test_what_is_nested_too_deep_is_told_so_whatever_the_parser_bears(tmp_path, monkeypatch, signs, limit):
    """Some versions of the YAML library refuse deep nesting themselves, before anybody else can."""
    get_event = yaml.CSafeLoader.get_event
    left = iter(range(limit))

    def tired(loader):
        if next(left, None) is None:
            raise yaml.MarkedYAMLError("while nesting", None, "no more", yaml.Mark("", 0, 10**6, 0, None, None))
        return get_event(loader)

    monkeypatch.setattr(yaml.CSafeLoader, "get_event", tired)
    (issue,) = told(tmp_path, HEAD + "figures:\n  " + signs * 2000)
    assert (issue.code, "层次太深" in issue.message) == ("Y3", True)


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "大.yaml"
    with path.open("wb") as file:
        file.truncate(52_400_000)
    with pytest.raises(ReaderError, match=r"52\.4 MB"):
        read_params(path, FORMS)


def test_a_missing_file_and_a_folder(tmp_path):
    for path, words in [(tmp_path / "无.yaml", "文件不存在"), (tmp_path, "读不出来（是文件夹，不是文件）")]:
        with pytest.raises(ReaderError, match=words):
            read_params(path, FORMS)


def test_gb18030_is_read_with_a_note(tmp_path):
    filing = read(tmp_path, (HEAD + "agency: 甲镇人民政府\n").encode("gb18030"))
    assert (filing.jurisdiction, filing.agency) == ("甲镇", "甲镇人民政府")
    assert [(note.code, note.severity) for note in filing.notes] == [("Y8", "warning")]


def test_a_byte_order_mark_and_windows_line_ends(tmp_path):
    filing = read(tmp_path, b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert (filing.jurisdiction, filing.notes) == ("甲镇", ())


@pytest.mark.parametrize("name", ["甲 镇 (终稿).yaml", "📄年报.yaml", "{town}.yaml", "a'b\".yaml"])
def test_awkward_file_names(tmp_path, name):
    filing = read(tmp_path, HEAD + "agenda: x\n", name)
    assert str(filing.notes[0].origin) == f"{name}:3"


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**14))
def test_any_count_is_read_back(number):
    for written in (
        str(number),
        f"{number:,}",
        str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        filing = read_parameters(
            {"year": 2019, "jurisdiction": "甲镇", "figures": {TABLE2: {"行政许可": [written, 0, 0]}}}, FORMS
        )
        assert filing.values[CellRef("proactive", "licences", "last_year")] == Figure(number)


@given(st.text(max_size=40))
def test_no_text_in_a_cell_is_a_traceback_or_a_guess(text):
    filing = read_parameters({"year": 2019, "jurisdiction": "甲镇", "figures": {TABLE2: {"规章": [text, 0, 0]}}}, FORMS)
    ref = CellRef("proactive", "regulations", "made")
    assert (ref in filing.values) + (ref in filing.unread) + (not text.strip()) == 1
    if ref in filing.values:
        assert int(filing.values[ref]) >= 0


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))  # fmt: skip
def test_no_parameters_are_a_traceback(value):
    for parameters in (
        {"year": value, "jurisdiction": "甲镇"},
        {"year": 2019, "jurisdiction": "甲镇", "figures": value},
    ):
        with suppress(ReaderError):
            read_parameters(parameters, FORMS)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_a_traceback(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    with pytest.raises(ReaderError):
        read_params(path, FORMS)


@pytest.mark.parametrize("path", [SANGZHOU, SUQIAN])
def test_the_parameters_that_plain_papermill_loads_say_the_same(path):
    by_papermill = read_parameters(yaml.safe_load(path.read_text(encoding="utf-8")), FORMS)
    by_us = read_params(path, FORMS)
    assert {ref: figure.text for ref, figure in by_papermill.values.items()} == {ref: figure.text for ref, figure in by_us.values.items()}  # fmt: skip
    assert by_papermill.narrative == by_us.narrative


def test_what_a_cell_says_that_is_no_figure_is_kept_with_its_place(tmp_path):
    rows = ["本年新收政府信息公开申请数量: [约3, 待核, 1, 1, 1, 1, 1]", "上年结转政府信息公开申请数量: [1, 2]"]
    text = "\n    ".join(["figures:\n  requests:", *rows])
    path = tmp_path / "甲镇.yaml"
    path.write_text(f"year: 2023\njurisdiction: 甲镇\nedition: '2021'\n{text}\n", encoding="utf-8")
    filing = read_params(path, FORMS)
    first, second = (CellRef("requests", "received", column) for column in ("person", "company"))
    assert {ref.column: said for ref, said in filing.unread.items() if ref.row == "received"} == {
        "person": "约3", "company": "待核",
    }  # fmt: skip
    assert [filing.where(ref).line for ref in (first, second)] == [6, 6]
    assert {said for ref, said in filing.unread.items() if ref.row == "carried_in"} == {""}
