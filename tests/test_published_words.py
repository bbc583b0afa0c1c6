"""No word of a published report is lost in silence, and none of the page around it is printed as the report's."""

import random
import re
from functools import cache
from html import unescape

import pytest

from reportkit.imports.published import read_published
from reportkit.kinds import shipped_forms
from reportkit.model.reading import Reading
from reportkit.report.narrative import town_prose
from support.published_variants import (
    Report,
    as_page,
    as_text,
    as_word,
    blank_behind,
    one_row_for_other,
    relabelled,
    taken_apart,
    with_table,
)
from support.round_trips import published, town

FORMS = shipped_forms()
PREAMBLE = [
    "本报告由合成镇党政办公室按照《中华人民共和国政府信息公开条例》的规定编制，分为六个部分。报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。",
    "如有疑问，请与合成镇党政办公室联系（地址：合成县合成镇桥东路6号，邮政编码：300000，电话：0000-1234567，电子邮箱：office@example.com）。",
]
WORDS = {
    "overview": [
        "全年把公开当作日常工作来抓，由党政办逐月检查栏目，发现空栏当天补上，发现旧文当天撤下，全年没有发生泄密事件，也没有收到投诉。",
        "（一）主动公开。全年在县政府网站发布信息1288条，内容以惠民补贴、救助名册和工程招标为主；每月第一个星期由党政办逐栏检查一遍，发现空栏当天补上，"
        "发现错字当天改正，并在月底的例会上通报。网站访问总量达到3,456,789次，比上年增长12.5%。",
        "（二）依申请公开。收到的申请都在期限内答复，其中有“请求公开桥东路改造的全部图纸”“请求公开低保名册”等几类，另有一件因为要征求第三方意见延期答复。",
    ],
    "problems": [
        "目前还有两个不足：一是解读偏少，图解、视频等形式用得不多，群众看不懂的文件还有不少；二是专区更新慢，有的栏目三个月没有更新，统一规范的目录还没有编成。",
        "下一步将逐项改正，每季度由党政办公室对照目录检查一遍，年底前把检查的结果在网站上公布。",
    ],
    "other": ["2021年没有收取信息处理费。本年度没有其他需要报告的事项。"],
}
"""Broken at any width, with signs, numbers and counted points where a line may end."""


@cache
def report(edition: str, seed: int) -> tuple[Report, dict[str, str]]:
    filing = town(edition, seed, blanks=False)
    words = {key: "\n\n".join(text) + "\n" for key, text in WORDS.items()}
    filing = filing.__class__(**{**filing.__dict__, "narrative": words})
    page = published(filing, "html")["html"].decode()
    return taken_apart(page, PREAMBLE), {ref: figure.text for ref, figure in filing.values.items()}


def plain(markdown: str) -> str:
    return "".join(unescape(re.sub(r"<[^>]*>", "", town_prose(markdown))).split())


def taken(reading: Reading) -> dict[str, str]:
    """The words by heading, without white space."""
    return {section.heading: plain(reading.narrative.get(section.key, "")) for section in reading.form.sections}


def left(reading: Reading) -> list[str]:
    return [issue.found for issue in reading.notes if issue.code == "D44"]


VARIANTS = {
    "page": as_page,
    "word": as_word,
    "word by lines": lambda report, source: as_word(report, source, source.choice([56, 60, 72])),
    "text": lambda report, source: as_text(report, source, 0),
    "text by lines": lambda report, source: as_text(report, source, source.choice([40, 54, 56, 64, 78])),
}


SEEDS = range(2)
SIGNED = {"合成镇人民政府", "2024年1月12日"}


def read(variant: str, written: Report, seed: int) -> Reading:
    return read_published(VARIANTS[variant](written, random.Random(f"{variant} {seed}")), "甲.x", FORMS)


def texts(reading: Reading) -> dict:
    return {ref: figure.text for ref, figure in reading.values.items()}


@pytest.mark.parametrize("edition", FORMS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_was_written_is_what_is_read(variant, edition):
    written, values = report(edition, 1)
    for seed in SEEDS:
        reading = read(variant, written, seed)
        assert texts(reading) == values, seed
        assert taken(reading) == {heading: written.words(heading) for heading, _ in written.sections}, seed
        assert set(left(reading)) <= SIGNED, seed
        found = [plain(paragraph) for paragraph in reading.narrative["overview"].split("\n\n")]
        assert found == ["".join(one.split()) for one in (*PREAMBLE, *WORDS["overview"])], seed


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("label", ["（七）总计", "一、本年新收政府信息公开申请数量"])
def test_a_blank_cell_of_a_label_is_no_value(variant, label):
    written, values = report("2021", 1)
    changed = with_table(written, 1, blank_behind(label))
    for seed in SEEDS:
        assert texts(read(variant, changed, seed)) == values, seed


MISTYPED = {
    "2.其他法律行政法规禁止公开": ("2.其他法律法规止公开", "outcome.refused.forbidden_by_law"),
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": ("（二）部份公开，区分处理", "outcome.partial"),
    "3.要求提供公开出版物": ("3.要求公开出版", "outcome.not_processed.publications"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("label", MISTYPED)
def test_a_mistyped_label_costs_its_own_row_alone(variant, label):
    written, values = report("2021", 1)
    other, _ = MISTYPED[label]
    changed = with_table(written, 1, relabelled(label, other))
    for seed in SEEDS:
        reading = read(variant, changed, seed)
        assert texts(reading).items() <= values.items()
        assert len({ref.row for ref in reading.unread}) <= 1, (seed, reading.unread)
        assert taken(reading) == {heading: written.words(heading) for heading, _ in written.sections}, seed
        if reading.unread:
            assert any(issue.found.startswith(other) for issue in reading.notes), seed


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_group_that_the_file_has_as_one_row_is_told_with_its_figures(variant):
    written, values = report("2021", 1)
    changed = with_table(written, 1, one_row_for_other)
    for seed in SEEDS:
        reading = read(variant, changed, seed)
        lost = {ref for ref in values if ".other." in f".{ref.row}." and ref.table == "requests"}
        assert texts(reading) == {ref: text for ref, text in values.items() if ref not in lost}, seed
        told = [issue for issue in reading.notes if issue.code == "D46"]
        assert [(issue.found, "（六）其他处理" in issue.message) for issue in told] == [("9 1 1 1 1 1 14", True)], seed


def around(before: str, after: str, beside: str = "") -> Reading:
    """A small report with lines above its title, below it, and below its last section."""
    table = "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 1 | 2 | 3 |"
    body = f"二、主动公开政府信息情况\n{table}\n六、其他需要报告的事项\n没有收取信息处理费。\n{after}\n"
    text = f"{before}\n甲镇2023年政府信息公开工作年度报告\n{beside}\n一、总体情况\n按时公开。\n{body}"
    return read_published(text.encode(), "甲.txt", FORMS)


@pytest.mark.parametrize(
    ("before", "beside", "after"),
    [
        ("长者模式 无障碍浏览", "", ""),
        ("今天是星期三", "", ""),
        ("", "乙镇党政办", ""),
        ("", "（2024年1月通过）", ""),
        ("", "", "甲镇人民政府\n2024年1月12日"),
        ("", "", "责任编辑：王小二\n某某网站欢迎您"),
        ("", "", "打印本页\n上一篇：没有了"),
    ],
)
def test_each_line_around_the_report_is_told_and_none_of_it_read(before, beside, after):
    reading = around(before, after, beside)
    assert "".join(taken(reading).values()) == "按时公开。没有收取信息处理费。"
    told = "；".join(issue.message for issue in reading.notes if issue.code in ("D44", "D45"))
    assert [line for line in f"{before}\n{beside}\n{after}".split("\n") if line not in told] == []


@pytest.mark.parametrize("where", ["before", "beside", "after"])
def test_a_sentence_is_told_above_the_title_and_read_everywhere_else(where):
    sentence = "本报告由甲镇党政办编制，电话0000-1234567，欢迎监督。"
    lines = {"before": "", "beside": "", "after": ""} | {where: f"打印本页\n{sentence}"}
    reading = around(**lines)
    assert sentence in "".join(taken(reading).values()) or sentence[:20] in "".join(left(reading))
    assert (sentence in "".join(taken(reading).values())) == (where != "before")


def test_a_number_that_a_page_has_cut_is_told():
    reading = around("", "全年在县政府网站和公开栏共公开信息12\f34条，都在期限内。")
    assert "共公开信息1234条" in reading.narrative["other"]
    assert [issue.found for issue in reading.notes if issue.code == "D47"] == ["公开栏共公开信息12|34条，都在期限内。"]


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_was_written_is_what_is_read_from_many(variant, monkeypatch):
    monkeypatch.setattr(f"{__name__}.SEEDS", range(100, 140))
    for edition in FORMS:
        test_what_was_written_is_what_is_read(variant, edition)
    for label in MISTYPED:
        test_a_mistyped_label_costs_its_own_row_alone(variant, label)
    test_a_group_that_the_file_has_as_one_row_is_told_with_its_figures(variant)
