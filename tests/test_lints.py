"""Lints of the text, the names of other units, and numbers that are hardly plausible."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narratives import filing
from reportkit.checks.lints import RULES, YEAR_RULES, other_names
from reportkit.checks.plausible import RULES as PLAUSIBLE
from reportkit.checks.plausible import YEAR_RULES as PLAUSIBLE_YEARS
from reportkit.errors import CellRef

PERIOD = "本报告所列数据的统计期限为2023年1月1日至12月31日。"


def found(code, town):
    return list(RULES[code](town))


def sides(findings):
    return [(finding.found, finding.expected) for finding in findings]


# --- L1, L2, P6: years and dates -------------------------------------------------------------------------------------

YEARS_RIGHT = [
    (PERIOD, 2023),
    ("统计期限自2023年1月1日起至2023年12月31日止。2022年的数据见上年报告。", 2023),
    ("2019年，坚持以公开为常态。2020年，我们将采取以下措施加以改进：", 2019),
    ("现将我镇2023年政府信息公开工作总结如下：", 2023),
    ("按要求编制并发布2022年政府信息公开工作年度报告，2023年继续改进。", 2023),
    ("2023年，对照2022年度报告提出的问题逐项整改，截至2023年12月31日共公开信息3条。", 2023),
    ("2023年，我镇将政务公开列入重要议程。", 2023),
    ("落实《2022年政务公开工作要点》，2023年公开信息30条。", 2023),
    ("根据《政府信息公开条例》（2019年修订）编制。", 2023),
    ("公开2023年预算和2022年决算。", 2023),
]


@pytest.mark.parametrize(("text", "year"), YEARS_RIGHT)
def test_years_that_are_right(text, year):
    assert found("L1", filing(text, year=year)) == []


YEARS_WRONG = [
    ("田黄镇2020年政府信息公开工作年度报告\n\n2021年，公开信息3条。", 2021, ("2020", "2021")),
    ("2021年。统计期限自2020年1月1日起至2020年12月31日止。", 2021, ("2020", "2021")),
    ("2023年：现将我镇2022年政府信息公开工作总结如下：", 2023, ("2022", "2023")),
    ("2023年。截止2022年12月31日历年累计公开26条。", 2023, ("2022", "2023")),
    ("2023年，我局将进一步加强公开。", 2023, ("2023", "2024")),
    ("2022年，我镇公开信息30条。2022年底开展培训。", 2023, ("2022", "2023")),
]


@pytest.mark.parametrize(("text", "year", "expected"), YEARS_WRONG)
def test_years_that_were_left_from_another_report(text, year, expected):
    assert sides(found("L1", filing(text, year=year))) == [expected]


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


@pytest.mark.parametrize(
    ("text", "jurisdiction", "late"),
    [
        ("发布时间：2024-03-26", "杨林镇", True),
        ("（2024年3 月 26日）", "杨林镇", True),
        ("发布日期：2024-01-31", "杨林镇", False),
        ("公布日期：2024年3月26日", "衡东县", False),
        ("公布日期：2024年4月1日", "衡东县", True),
        ("公布日期：2024年2月1日", "衡东县水利局", True),
        ("2024年3月26日起实行新的办法。", "杨林镇", False),
        ("发布时间：2023-03-26", "杨林镇", False),
    ],
)
def test_dates_of_publication(text, jurisdiction, late):
    assert bool(found("P6", filing({"other": text}, jurisdiction=jurisdiction))) is late


# --- L4 to L9: wording -----------------------------------------------------------------------------------------------

RIGHT_2021, RIGHT_2019 = "国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号"


@pytest.mark.parametrize(
    ("text", "year", "wrong"),
    [
        (f"《格式》的通知（{RIGHT_2021}）", 2023, []),
        (f"《关于政府信息公开工作年度报告有关事项的通知》（{RIGHT_2019}）", 2020, []),
        (f"《关于政府信息公开工作年度报告有关事项的通知》({RIGHT_2019})的要求", 2022, [RIGHT_2019]),
        (f"按照{RIGHT_2021}", 2020, [RIGHT_2021]),
        ("年度报告格式的通知（国办公开办函【2021】30号）", 2023, ["国办公开办函【2021】30号"]),
        ("年度报告格式的通知（国办公开办函[2021]30号）", 2023, ["国办公开办函[2021]30号"]),
        ("年度报告格式按国办发〔2021〕30号", 2023, ["国办发〔2021〕30号"]),
        ("落实国办发〔2021〕30号，做好粮食安全工作", 2023, []),
        (f"《关于政府信息公开工作年度报告有关事项的通知》（{RIGHT_2021}）", 2023, [RIGHT_2021]),
        (f"《关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（{RIGHT_2021}）", 2023, []),
        ("根据宁政办发〔2019〕60号", 2023, []),
        ("《条例》（国令第492号）", 2023, ["国令第492号"]),
        ("《条例》（2007年国务院令第492号公布，2019年国务院令第711号修订）", 2023, []),
    ],
)
def test_the_documents_that_a_report_rests_on(text, year, wrong):
    assert [finding.found for finding in found("L4", filing(text, year=year))] == wrong


@pytest.mark.parametrize(
    ("code", "text", "wrong"),
    [
        ("L5", "该部分以表格形式报告。表格如下:", ["该部分以表格形式报告"]),
        ("L5", "以表格形式公开了各部分的信息，形成年度报告。", []),
        ("L6", "全文包括总体情况,公开的内容、存在的主要问题改进措施四个部分。", ["四"]),
        ("L6", "本报告包括概述,主动公开政府信息情况,和存在的主要问题及改进情况五个方面内容。", ["五"]),
        ("L6", "本报告由总体情况、主动公开政府信息情况等六部分组成，第五部分是存在的主要问题，两部分工作同步推进", []),
        ("L6", "内容包括:总体情况、其他需要报告的事项等六项内容。", []),
        ("L6", "全文包括总体情况等6个部分。", []),
        ("L6", "年度工作分为三个部分。", []),
        ("L7", "属于四类过程性性信息1件", ["性性"]),
        ("L7", "做好政务公开工作工作，，加强领导", ["工作工作"]),
        ("L7", "加强领导，，落实责任", ["，，"]),
        ("L7", "以公开为目的的工作，让群众真的的满意", []),
        ("L7", "市政府政府信息公开工作，依申请公开公开栏，参与与互动，以及及时公开，可以以便利", []),
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
def test_wording(code, text, wrong):
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


# --- P2 to P4, R5, R6: plausibility ----------------------------------------------------------------------------------

DOCUMENTS = "normative_documents"


@pytest.mark.parametrize(
    ("code", "year", "figures", "told"),
    [
        ("P2", 2023, {f"{DOCUMENTS}__issued": 3}, [("0", "不少于 3")]),
        ("P2", 2023, {f"{DOCUMENTS}__issued": 3, f"{DOCUMENTS}__repealed": 3}, []),
        ("P2", 2023, {f"{DOCUMENTS}__issued": 3, f"{DOCUMENTS}__in_force": 3}, []),
        ("P2", 2020, {f"{DOCUMENTS}__made": 87}, [("0", "87")]),
        ("P2", 2020, {f"{DOCUMENTS}__made": 2, f"{DOCUMENTS}__published": 2, f"{DOCUMENTS}__total_published": 2}, []),
        ("R5", 2020, {f"{DOCUMENTS}__published": 22}, [("0", "不少于 22")]),
        ("R5", 2020, {f"{DOCUMENTS}__published": 22, f"{DOCUMENTS}__total_published": 22}, []),
        ("R6", 2020, {"licences__last_year": 21, "licences__change": 19, "licences__decisions": 40}, [("40", "本年作出决定的件数")]),
        ("R6", 2020, {"licences__last_year": 12, "licences__change": 1, "licences__decisions": 13}, [("13", "本年作出决定的件数")]),
        ("R6", 2020, {"licences__last_year": 17, "licences__change": -7, "licences__decisions": 7}, []),
        ("R6", 2020, {"licences__last_year": 17, "licences__change": 0, "licences__decisions": 17}, []),
        ("P4", 2023, {"fees__amount": 251000}, [("251000", "25.1")]),
        ("P4", 2023, {"fees__amount": "59237.2449"}, []),
    ],
)  # fmt: skip
def test_implausible_figures(code, year, figures, told):
    assert sides(PLAUSIBLE[code](filing(year=year, **figures))) == told


def test_a_city_may_have_high_fees():
    assert list(PLAUSIBLE["P4"](filing(jurisdiction="宿迁市", fees__amount=592372))) == []


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
    findings = list(PLAUSIBLE["P3"](filing(text, **figures)))
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
    assert bool(list(PLAUSIBLE_YEARS["P3"](town, last))) is told


def test_jumps_are_seen_across_the_change_of_edition_and_not_in_blank_tables():
    last = filing(year=2020, penalties__decisions=1472)
    assert [finding.found for finding in PLAUSIBLE_YEARS["P3"](filing(year=2021, penalties__decisions=3), last)] == [
        "3"
    ]
    assert list(PLAUSIBLE_YEARS["P3"](filing(year=2021, blank=True), last)) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [("9.2", "95000", True), ("95000", "9.2", True), ("9.2", "950", False), ("0", "95000", False)],
)
def test_fees_that_are_ten_thousand_times_last_years(before, now, told):
    last, town = filing(year=2022, fees__amount=before), filing(fees__amount=now)
    assert bool(list(PLAUSIBLE_YEARS["P4"](town, last))) is told


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_a_traceback_against_last_year_or_other_names(text, other):
    town, last = filing({"problems": text, "overview": other}), filing({"problems": other, "overview": text}, year=2022)
    for rule in (*YEAR_RULES.values(), *PLAUSIBLE_YEARS.values()):
        list(rule(town, last))
    list(other_names(town, NAMES | {text}))
