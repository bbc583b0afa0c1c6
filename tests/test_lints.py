"""Lints of the text, the names of other units, and numbers that are hardly plausible: what is no case beside a rule."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.checks.other_names import other_names
from reportkit.errors import CellRef
from support.filings import RULES, YEAR_RULES, filing


def found(code, town):
    return list(RULES[code](town))


def sides(findings):
    return [(finding.found, finding.expected) for finding in findings]


# --- L2: dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("自20211月1日起至202112月31日止", ["20211月1日", "202112月31日"]),
        ("自201911日起至20191231日止", ["201911日", "20191231日"]),
        ("截至202020年12月31日", ["202020年"]),
        ("202012月31日，共发送9条信息", ["202012月31日"]),
        ("2021年1月1日至2021年12月31日，2021年度，第20230105期，电话2023010503", []),
        ("共20231条，地址2021弄6号，邮编202112", []),
    ],
)
def test_dates_that_have_lost_a_sign(text, wrong):
    assert [finding.found for finding in found("L2", filing(text, year=2021))] == wrong


# --- L7 to L9: wording -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "wrong"),
    [
        (
            "L8",
            "在门户网站通过发展规划、工作动态等栏目，主动公开政府信息260余",
            ["在门户网站通过发展规划、工作动态等栏目，主动公开政府信息260余"[-24:]],
        ),
        (
            "L8",
            "制度健全。在门户网站通过发展规划、工作动态、财经信息、年度报告等栏目主动公开政府信息260余",
            ["财经信息、年度报告等栏目主动公开政府信息260余"],
        ),
        ("L8", "一是加强领导，二是落实责任，", ["一是加强领导，二是落实责任，"]),
        ("L8", "一是加强领导，二是落实责任。", []),
        ("L8", "如有疑问，请与办公室联系，电话：0818—6902058", []),
        ("L8", "无其他需要报告的事项", []),
        ("L8", "加强领导，落实责任。\n\n某县人民政府办公室，2024年1月20日", []),
        ("L9", "共公开信息XX条", ["XX"]),
        ("L9", "共公开信息××条，联系人：", ["××"]),
        ("L9", "联系电话：______", ["______"]),
        ("L9", "{{ year }}年", ["{{"]),
        ("L9", "满意度待补充", ["待补充"]),
        ("L9", "第一行<br>第二行&nbsp;", ["<br"]),
        ("L9", "电话139xxxx1234，网址http://www.xx.gov.cn，**重点**工作，待办事项", []),
    ],
)
def test_words_that_were_never_finished(code, text, wrong):
    assert [finding.found for finding in found(code, filing(text))] == wrong


def test_a_long_sentence_that_stands_twice_in_a_section():
    sentence = "认真落实信息发布审核制度，明确专人负责信息的收集、审核、发布和更新工作，确保及时准确"
    assert len(found("L7", filing(f"{sentence}。一是……\n\n{sentence}。"))) == 1
    assert found("L7", filing({"overview": f"{sentence}。", "other": f"{sentence}。"})) == []


# --- L11 to L15: sections five and six -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "short"),
    [("无。", True), ("无", True), ("本年度没有问题", True), ("一是公开意识有待加强；二是渠道单一。", False)],
)
def test_section_five_says_something(text, short):
    assert bool(found("L11", filing({"problems": text}))) is short
    assert found("L11", filing()) == []


def test_section_five_is_not_last_years():
    text = "一是主动公开意识有待进一步加强；二是政务公开平台创新服务能力有待进一步增强。2024年，我们将加强培训。"
    last = filing({"problems": text.replace("2024", "2023")}, year=2022)
    (finding,) = YEAR_RULES["L12"](filing({"problems": text}), last)
    assert (finding.at, finding.found) == ("problems", "100%")
    assert list(YEAR_RULES["L12"](filing({"problems": f"三是人员变动频繁，业务培训跟不上。{text}"}), last)) == []
    assert list(YEAR_RULES["L12"](filing(), last)) == []


def test_improvements_are_not_the_problems_again():
    problem = "政务公开平台创新服务能力有待进一步增强"
    text = f"问题：一是{problem}；二是意识不强。\n\n措施：一要{problem}；二要加强培训。"
    assert [finding.found for finding in found("L15", filing({"problems": text}))] == [problem]
    assert found("L15", filing({"problems": text.replace("一要政", "一要增强政")})) == []


@pytest.mark.parametrize(
    ("text", "year", "silent"),
    [
        ("本年度无其他需要报告的事项。", 2023, True),
        ("本年度无其他需要报告的事项。", 2020, False),
        ("本年度暂未开展信息处理费收取工作。", 2023, False),
        ("没有收取费用。", 2023, False),
        ("落实政务公开工作要点情况：已完成。", 2023, True),
    ],
)
def test_section_six_speaks_of_the_fee(text, year, silent):
    assert bool(found("L13", filing({"other": text}, year=year))) is silent
    assert found("L13", filing({"other": text, "overview": "本年度未收取信息处理费。"}, year=year)) == []


@pytest.mark.parametrize("nothing", ["无", "无。", "本年度无其他需要报告的事项。", "我镇没有其他需要报告的事项"])
def test_section_six_does_not_say_nothing_where_a_fee_was_charged(nothing):
    charged = filing({"other": nothing}, outcome___other___fee_not_paid=2)
    told = filing({"other": nothing, "overview": "收取信息处理费2950元。"})
    for town in (charged, told):
        assert len(found("L14", town)) == 1
        assert found("L13", town) == []
    assert found("L14", filing({"other": nothing})) == []


# --- L3: names of other units ----------------------------------------------------------------------------------------

NAMES = frozenset(
    [
        "桑洲镇",
        "前童镇",
        "岔路镇",
        "大桑洲镇",
        "洲镇",
        "黄村乡",
        "宁海县",
        "象山县",
        "鄞州区",
        "宁波市",
        "宁海县水利局",
        "小城镇",
    ]
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("前童镇严格落实条例。前童镇公开信息3条。", ["前童镇"]),
        ("2023年，黄村乡公开信息3条，由岔路镇审核。", ["黄村乡", "岔路镇"]),
        ("宁海县桑洲镇在宁波市和宁海县水利局指导下公开信息。", []),
        ("大桑洲镇的信息", ["大桑洲镇"]),
        ("赴前童镇学习，与岔路镇联合执法，前童镇等乡镇", []),
        ("推进小城镇建设，新型城镇化，前童镇域规划", []),
        ("象山县、鄞州区", []),
        ("", []),
    ],
)
def test_other_units_names_in_a_towns_text(text, names):
    assert [finding.found for finding in other_names(filing(text), NAMES)] == names


def test_a_county_is_not_told_of_its_towns_but_of_another_county():
    county = filing("象山县公开信息3条，桑洲镇公开2条，宁波市", jurisdiction="宁海县")
    assert [finding.found for finding in other_names(county, NAMES)] == ["象山县"]
    assert list(other_names(filing("前童镇，象山县", jurisdiction="宁海县水利局"), NAMES)) == []


def test_many_names_cost_little():
    names = frozenset(f"{first}{second}{third}镇" for first in "东西南北上下大小高长新" for second in "山河湖海江溪林田石沙" for third in "前后左右中内外阳阴口头尾边里门岭坡坎湾沟塘坝桥店铺集营寨堡庄楼台阁亭")  # fmt: skip
    towns = [filing(f"第{number}份：我镇按要求公开各类政府信息，村镇两级同步推进。" * 80) for number in range(50)]
    assert len(names) > 3000
    begin = time.process_time()
    assert [list(other_names(town, names)) for town in towns] == [[]] * 50
    assert time.process_time() - begin < 0.5


# --- P3, P4: plausibility --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "figures", "told"),
    [
        ("全年作出行政处罚决定1472件。", {}, True),
        ("全年作出行政处罚决定1472件。", {"penalties__decisions": 1472}, False),
        ("全年作出行政处罚决定0件。", {}, False),
        ("公示行政处罚信息12条。", {}, False),
        ("2022年作出行政处罚12件。", {}, False),
        ("县综合执法局作出行政处罚12件。", {}, False),
    ],
)
def test_decisions_that_the_text_reports(text, figures, told):
    findings = list(RULES["P3"](filing(text, **figures)))
    assert [finding.at for finding in findings] == [CellRef("proactive", "penalties", "decisions")] * told


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (1472, 14, True),
        (14, 1472, True),
        (80, 0, True),
        (0, 80, False),
        (40, 4, False),
        (500, 60, False),
        (5, 50, False),
        (5, 51, True),
    ],
)
def test_jumps_from_year_to_year(before, now, told):
    last, town = filing(year=2022, penalties__decisions=before), filing(penalties__decisions=now)
    assert bool(list(YEAR_RULES["P3"](town, last))) is told


def test_jumps_are_seen_across_the_change_of_edition_and_not_in_blank_tables():
    last = filing(year=2020, penalties__decisions=1472)
    assert [finding.found for finding in YEAR_RULES["P3"](filing(year=2021, penalties__decisions=3), last)] == ["3"]
    assert list(YEAR_RULES["P3"](filing(year=2021, blank=True), last)) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [("9.2", "95000", True), ("95000", "9.2", True), ("9.2", "950", False), ("0", "95000", False)],
)
def test_fees_that_are_ten_thousand_times_last_years(before, now, told):
    last, town = filing(year=2022, fees__amount=before), filing(fees__amount=now)
    assert bool(list(YEAR_RULES["P4"](town, last))) is told


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_a_traceback_against_last_year_or_other_names(text, other):
    town, last = filing({"problems": text, "overview": other}), filing({"problems": other, "overview": text}, year=2022)
    for rule in YEAR_RULES.values():
        list(rule(town, last))
    list(other_names(town, NAMES | {text}))
