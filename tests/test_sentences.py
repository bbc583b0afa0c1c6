"""The narrative against the tables: R12 to R17. The sentences are those of published reports, or shortened from them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narratives import filing
from reportkit.checks.catalogue import entries
from reportkit.checks.findings import Finding
from reportkit.checks.lints import RULES as LINTS
from reportkit.checks.numbers import exact
from reportkit.checks.plausible import RULES as PLAUSIBLE
from reportkit.checks.sentences import RULES, YEAR_RULES
from reportkit.checks.texts import paragraphs
from reportkit.errors import CellRef
from reportkit.filing import with_totals
from reportkit.forms import shipped_forms
from reportkit.readers import read_params

ROOT = Path(__file__).parent.parent
SUQIAN = {"jurisdiction": "宿迁市", "received": 3511, "carried_in": 96, "carried_over": 121}


def found(code, town):
    return [finding for finding in RULES[code](town) if finding.severity != "note"]


def sides(findings):
    return [(finding.found, finding.expected) for finding in findings]


# --- R12 -------------------------------------------------------------------------------------------------------------

RECEIVED_RIGHT = [
    ("全市全年共收办政府信息公开申请案件3607件（市政府349件、市各有关部门933件），同比增长70.3%", SUQIAN),
    ("全市共收到政府信息公开申请3511件", SUQIAN),
    ("市政府受理政府信息公开申请349件，市各有关部门收到政府信息公开申请933件", SUQIAN),
    ("2021年,全街共受理政府信息公开申请总数1件。", {"received": 1, "year": 2021, "jurisdiction": "佳荣里街"}),
    ("2020年，我镇未收到依申请公开请求；未对公众依申请公开政府信息收取任何费用", {"year": 2020}),
    ("2020年度我街道未收到申请人提出的依申请公开。", {"year": 2020, "jurisdiction": "前进街道"}),
    ("2020年度我乡未接到提出公开政府信息的申请。", {"year": 2020, "jurisdiction": "团结乡"}),
    ("今年我单位无依法申请公开开展情况。", {}),
    ("2022年，未收到依申请公开事项", {"year": 2022}),
    ("2023年，街道未收到依申请公开的信息申请，受理依申请公开0件、办结0件。", {"jurisdiction": "东街街道"}),
    ("全年新收政府信息公开申请数量0件，上年结转政府信息公开申请数量0件。", {}),
    ("2022年，区政府办公室共收到8份政府信息公开申请，均为自然人申请。", {"received": 8, "year": 2022, "jurisdiction": "汉阳区人民政府办公室"}),
    ("2023年，全县共受理依申请公开62件(其中上年结转3件)，委托县自然资源局办理自然资源类政府信息公开申请25件。", {"received": 59, "carried_in": 3, "jurisdiction": "攸县人民政府办公室"}),
    ("今年以来，全区累计处理政府信息依申请公开92件，其中，本年度新接收91件，2020年结转办理1件。", {"received": 91, "carried_in": 1, "year": 2021, "jurisdiction": "清江浦区"}),
    ("2023年共办理公众以县人民政府为主体的政府信息公开申请19件", {"received": 20, "carried_over": 1, "jurisdiction": "绥阳县", "outcome___total": 19}),
    ("2023年度厚桥街道收到政府信息公开申请一件，已办理完毕。", {"received": 1, "jurisdiction": "厚桥街道"}),
    ("2024年，全区受理依申请公开件255件，办结255件，其中予以公开71件", {"received": 255, "year": 2024, "jurisdiction": "濂溪区"}),
    ("新收到依申请公开政府信息42件，答复依申请公开政府信息39件", {"received": 42, "carried_over": 3}),
    ("共受理依申请公开事项59件，结转上年后新收到依申请公开事项47件，较上一年度增加42件。", {"received": 47, "carried_in": 12}),
    ("共收到政府信息公开申请１２件", {"received": 12}),
    ("共收到政府信息公开申请1,200件", {"received": 1200}),
    ("共收到政府信息公开申请十二件", {"received": 12}),
    ("共收到政府信息公开申请两件（次）", {"received": 2}),
    ("共收到政府信息公开申请260余件", {"received": 263}),
    ("共收到政府信息公开申请近300件", {"received": 290}),
    ("2022年收到政府信息公开申请5件，2023年收到政府信息公开申请7件", {"received": 7}),
    ("去年，我镇共收到政府信息公开申请5件", {}),
    ("比上年增加3件，共收到政府信息公开申请10件", {"received": 10}),
    ("通过网络收到政府信息公开申请3件，当面收到政府信息公开申请2件", {"received": 5}),
    ("收到12345热线工单930件，收到群众来信12件，收到人大建议3件", {}),
    ("共收到咨询和信息公开申请50件", {}),
    ("没有收到因政府信息公开申请引发的投诉", {"received": 5}),
    ("未收到上级部门转来的政府信息公开申请", {"received": 5}),
    ("没有依申请公开和不予公开的政府信息", {"received": 5}),
    ("共收到政府信息公开申请3件", {"blank": True}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures"), RECEIVED_RIGHT)
def test_numbers_of_applications_that_are_right_or_not_comparable(text, figures):
    assert found("R12", filing(text, **figures)) == []


RECEIVED_WRONG = [
    ("本年度,共受理政府信息公开申请2件,都在法定期限内予以答复。", {"received": 3}, ("2", "3")),
    ("全市全年共收办政府信息公开申请案件3600件", SUQIAN, ("3600", "3511 或 3607")),
    ("本年度，我镇没有收到政府信息公开申请。", {"received": 3}, ("0", "3")),
    ("我镇无依申请公开。", {"received": 1, "carried_in": 1}, ("0", "1 或 2")),
    ("本年度共收到依申请公开17条，均按要求完成答复。", {"received": 16}, ("17", "16")),
    ("共收到8份政府信息公开申请", {"received": 9}, ("8", "9")),
    ("2023年收到政府信息公开申请两件", {}, ("2", "0")),
    ("合江县人民政府办公室共受理政府信息依申请公开0件", {"received": 1, "jurisdiction": "合江县人民政府办公室"}, ("0", "1")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures", "expected"), RECEIVED_WRONG)
def test_numbers_of_applications_that_are_wrong(text, figures, expected):
    assert sides(found("R12", filing(text, **figures))) == [expected]


def test_a_wrong_number_is_told_with_the_sentence_both_numbers_and_what_to_do():
    town = filing("全市共收到政府信息公开申请3600件，办结3486件。", **SUQIAN)
    assert found("R12", town) == [
        Finding(
            "正文“全市共收到政府信息公开申请3600件”，而表三“一、本年新收”是 3511 件，加上“二、上年结转”96 件共 3607 件；"
            "请核对，改正正文或表三",
            "overview",
            "3600",
            "3511 或 3607",
        )
    ]


def test_an_unread_cell_leaves_nothing_to_conclude():
    town = filing("共收到政府信息公开申请3件")
    unread = type(town)(**{**vars(town), "unread": frozenset([CellRef("requests", "received", "total")])})
    assert found("R12", unread) == []


def test_a_blank_total_is_the_sum_of_its_row():
    figures = {"received__person": 2, "received__company": 1}
    assert found("R12", filing("共收到政府信息公开申请3件", **figures)) == []
    assert sides(found("R12", filing("共收到政府信息公开申请2件", **figures))) == [("2", "3")]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("3607", ["“一+二”的口径（本年新收加上年结转）"]),
        ("3511", ["“一”的口径（本年新收）"]),
        ("3600", []),
        ("3000余", []),
    ],
)
def test_a_note_names_the_usage_that_the_text_follows(number, told):
    notes = [
        note
        for note in RULES["R12"](filing(f"全市共收到政府信息公开申请{number}件", **SUQIAN))
        if note.severity == "note"
    ]
    assert [note.message.removeprefix("正文的收到件数是").removesuffix("，与表三相符") for note in notes] == told


def test_without_carried_in_applications_both_usages_are_one():
    assert list(RULES["R12"](filing("共收到政府信息公开申请3件", received=3))) == []


# --- R13 -------------------------------------------------------------------------------------------------------------

SUQIAN_OUTCOMES = dict(
    **SUQIAN, received__person=3402, carried_in__person=91, received__company=99, received__legal_service=5,
    received__charity=4, received__other=1, carried_in__company=3, carried_in__legal_service=2,
    outcome___granted=1191, outcome___partial=328, outcome___refused___forbidden_by_law=27,
    outcome___refused___third_party=115, outcome___unavailable___not_held=1050, outcome___unavailable___must_be_made=28,
    outcome___not_processed___petition=400, outcome___not_processed___reissue=6, outcome___other___not_corrected=50,
    outcome___other___other=291,
)  # fmt: skip
SUQIAN_TEXT = (
    "全市全年共收办政府信息公开申请案件3607件，其中，自然人申请3493件，法人或其他组织申请114件；予以公开1191件、部分公开328件、"
    "不予公开142件、无法提供1078件、不予处理406件、作其他处理（含申请人主动撤回申请）341件、转下年度办理121件。"
)


def test_the_outcomes_of_a_real_report():
    assert found("R13", filing(SUQIAN_TEXT, **SUQIAN_OUTCOMES)) == []
    assert found("R16", filing(SUQIAN_TEXT, **SUQIAN_OUTCOMES)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("予以公开1191件", "予以公开1190件", ("1190", "1191")),
        ("不予公开142件", "不予公开27件", ("27", "142")),
        ("无法提供1078件", "无法提供1079件", ("1079", "1078")),
        ("341件", "340件", ("340", "341")),
        ("自然人申请3493件", "自然人申请3400件", ("3400", "3402 或 3493 或 0")),
        ("法人或其他组织申请114件", "法人或其他组织申请115件", ("115", "109 或 114 或 0")),
        ("转下年度办理121件", "转下年度办理12件", ("12", "121")),
    ],
)
def test_each_outcome_is_compared(right, wrong, expected):
    assert sides(found("R13", filing(SUQIAN_TEXT.replace(right, wrong), **SUQIAN_OUTCOMES))) == [expected]


SHANGHAI = {
    "year": 2019, "jurisdiction": "上海市人民政府办公厅", "agency": "上海市人民政府办公厅", "received": 859, "carried_in": 18, "carried_over": 72,
    "outcome___total": 805, "outcome___granted__person": 258, "outcome___granted__company": 12, "outcome___granted__legal_service": 1,
    "outcome___granted__other": 1, "outcome___partial__person": 3, "outcome___refused___state_secret__person": 14,
    "outcome___refused___internal_affairs__person": 5, "outcome___refused___process_information__person": 3,
    "outcome___refused___process_information__company": 1, "outcome___refused___administrative_query__person": 10,
    "outcome___refused___administrative_query__company": 2, "outcome___unavailable___not_held__person": 252,
    "outcome___unavailable___not_held__company": 12, "outcome___unavailable___not_held__legal_service": 1,
    "outcome___unavailable___must_be_made__person": 44, "outcome___unavailable___must_be_made__company": 3,
    "outcome___unavailable___still_unclear__person": 25, "outcome___not_processed___petition__person": 148,
    "outcome___not_processed___petition__company": 1, "outcome___not_processed___repeated__person": 5,
    "outcome___not_processed___repeated__company": 4,
}  # fmt: skip
SHANGHAI_TEXT = (
    "市政府办公厅代表市政府共受理政府信息公开申请859件，申请数量较去年回落12.3%；答复政府信息公开申请805件"
    "（含上年度结转申请18件，另有72件申请按照《条例》顺延到下年度答复），均在法定期限内予以答复。予以公开及部分公开258件，占33.9%；"
    "不予公开35件，占4.34%；因本机关不掌握等原因无法提供265件，占32.9%；不予处理158件，占19.6%；其他处理0件。"
    "信息公开类行政复议7件，诉讼9件，均获维持。"
)


def test_a_real_report_whose_text_counts_only_the_persons():
    town = filing(SHANGHAI_TEXT, **SHANGHAI)
    assert found("R12", town) == []
    assert sides(found("R12", filing(SHANGHAI_TEXT, **{**SHANGHAI, "received": 858}))) == [("859", "858 或 876")]
    assert sides(found("R13", town)) == [("258", "275"), ("265", "337")]
    assert [finding.found for finding in found("R15", town)] == ["33.9%"]
    assert found("R16", town) == []


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("收到申请8件，予以公开2件，部分公开2件，属于四类过程性信息1件，本办不掌握相关政府信息2件，其他1件。无下年度结转。", {"outcome___granted": 2, "outcome___partial": 2}),
        ("申请14件，已办结12件，2件结转下年办理。", {"carried_over": 2}),
        ("除4件转结2022年办理以外，申请均依法依规完成答复", {"year": 2021, "carried_over": 4}),
        ("申请中因本机关不掌握，无法提供5件；因没有现成信息，无法提供3件", {"outcome___unavailable___not_held": 5, "outcome___unavailable___must_be_made": 3}),
        ("确保政府信息在20个工作日内予以公开,2021年主动公开的各类政府信息数量66件。受理申请1件。", {"year": 2021}),
        ("申请5件，予以公开约5件", {}),
        ("2022年的申请中予以公开3件", {}),
        ("申请中，予以公开2件、部分公开1件。县自然资源局对申请予以公开9件", {"outcome___granted": 2, "outcome___partial": 1}),
        ("含上年度结转申请18件", {"carried_in": 18}),
    ],
)  # fmt: skip
def test_outcomes_that_are_right_or_not_comparable(text, figures):
    assert found("R13", filing(text, **figures)) == []


@pytest.mark.parametrize(
    ("text", "figures", "expected"),
    [
        ("申请中，“予以公开”3件，“部分公开”36件", {"outcome___granted": 3, "outcome___partial": 35}, ("36", "35")),
        ("收到申请8件，无下年度结转。", {"carried_over": 1}, ("0", "1")),
        ("申请14件，2件结转下年办理。", {"carried_over": 3}, ("2", "3")),
        ("申请中3件予以答复，予以公开、部分公开共3件", {"outcome___granted": 2}, ("3", "2")),
        ("上年结转申请5件", {"carried_in": 4}, ("5", "4")),
    ],
)
def test_outcomes_that_are_wrong(text, figures, expected):
    assert sides(found("R13", filing(text, **figures))) == [expected]


# --- R14 -------------------------------------------------------------------------------------------------------------

SUQIAN_2024 = {
    "year": 2024, "jurisdiction": "宿迁市", "review__total": 170, "review__pending": 36, "direct__total": 40, "direct__pending": 10,
    "after_review__total": 37, "after_review__pending": 10,
}  # fmt: skip
DISPUTES_RIGHT = [
    ("全市全年备案政府信息依申请公开领域行政复议案件134件，行政诉讼案件57件。", SUQIAN_2024),
    ("政府信息公开领域行政复议案件170件，行政诉讼案件77件。", SUQIAN_2024),
    ("信息公开类行政复议7件，诉讼9件，均获维持。", {"review__total": 7, "direct__total": 9}),
    ("因政府信息公开引起的行政复议案件9件，已审结。行政诉讼案件3件，目前案件正在审理中。", {"review__total": 9, "direct__total": 3, "direct__pending": 3}),
    ("2023年度发生因政府信息公开引发的行政复议3件，未发生因政府信息公开引发的行政诉讼案件。", {"review__total": 3}),
    ("因政府信息公开工作被申请行政复议3件，被提起行政诉讼2件，其中尚未审结的行政复议1件、行政诉讼1件。", {"review__total": 3, "review__pending": 1, "direct__total": 2, "direct__pending": 1}),
    ("政府信息公开复议后提起行政诉讼5件", {"direct__total": 2, "after_review__total": 5}),
    ("因信息公开提起行政复议、行政诉讼共3件", {"review__total": 2, "direct__total": 1}),
    ("县司法局全年办理行政复议案件300件", {}),
    ("没有发生政府信息公开行政复议、行政诉讼败诉情况", {"review__total": 3, "direct__total": 3}),
    ("2022年信息公开行政复议5件", {}),
    ("信息公开行政复议5件", {"blank": True}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures"), DISPUTES_RIGHT)
def test_reviews_and_lawsuits_that_are_right_or_not_comparable(text, figures):
    assert found("R14", filing(text, **figures)) == []


NO_DISPUTES = [
    "没有发生因政府信息公开工作引发举报、投诉、行政复议或行政诉讼等事件。",
    "本年度没有发生因政府信息公开涉及的投诉、行政复议、行政诉讼事件。",
    "2023年，全乡未发生因政府信息公开申请提起的行政复议和行政诉讼案件。",
    "我单位对政府信息实现了依法、有序公开，政府信息公开未出现申请行政复议、提起行政诉讼的情况。",
    "均在法定期限内依法办结政府信息公开申请，未引起行政复议和行政诉讼情形。",
    "没有因政府信息公开工作被申请行政复议、提起行政诉讼。",
]


@pytest.mark.parametrize("text", NO_DISPUTES)
def test_words_for_no_dispute_at_all(text):
    assert found("R14", filing(text)) == []
    assert sides(found("R14", filing(text, review__total=2, direct__total=1))) == [("0", "2"), ("0", "1")]


@pytest.mark.parametrize(
    ("text", "figures", "expected"),
    [
        ("政府信息公开领域行政复议案件135件，行政诉讼案件57件。", SUQIAN_2024, ("135", "170 或 134")),
        ("因政府信息公开引发的行政复议3件", {"review__total": 4}, ("3", "4")),
        ("因信息公开提起行政复议、行政诉讼共3件", {"review__total": 2}, ("3", "2")),
    ],
)
def test_reviews_and_lawsuits_that_are_wrong(text, figures, expected):
    assert sides(found("R14", filing(text, **figures))) == [expected]


def test_in_the_section_on_reviews_the_context_goes_without_saying():
    assert sides(
        found(
            "R14", filing({"reviews": "2020年，未出现申请行政复议、提起行政诉讼的情况。"}, year=2020, review__total=1)
        )
    ) == [("0", "1")]


# --- R15 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "累计主动公开政府信息12条（均在政府网站公开）。其中，指南1条,占8%;其他公文5条,占41%;决算预算2条,占17%",
        "共收到政府信息公开申请16件，答复率100%。",
        "公开信息100条，其中动态30条，占30%",
        "共公开信息260余条，其中动态30条，占30%",
        "公开信息30条，占全县的12%",
        "培训200人次，满意率占比98%",
        "35件，占4.34%",
    ],
)
def test_percentages_that_are_right_or_not_to_be_worked_out(text):
    assert found("R15", filing(text)) == []


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("共公开信息120条，其中动态30条，占30%", "30%"),
        ("共公开信息120条，其中动态30条，占总数的26%", "26%"),
        ("全市共收到政府信息公开申请3607件，其中不予公开142件，占3.99%", "3.99%"),
    ],
)
def test_percentages_that_are_wrong(text, percent):
    (finding,) = found("R15", filing(text, **SUQIAN))
    assert (finding.found, finding.found in finding.message) == (percent, True)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("同比增长70.3%", True),
        ("同比增长70.30%", True),
        ("同比增长71%", True),  # rounded up: less than one of the last digit away
        ("同比增长72%", False),
        ("较上年增长70.5%", False),
        ("同比下降70.3%", False),
        ("，比2022年增加1489件", True),
        ("，比上年减少1489件", False),
        ("、较上年减少1488件", False),
        ("（市政府349件、市各有关部门933件），同比增长1.05%", False),
        ("同比增长约一半", True),
    ],
)
def test_changes_are_worked_out_from_last_year(said, right):
    last = filing(year=2022, jurisdiction="宿迁市", received=2000, carried_in=118)
    town = filing(f"全市共收办政府信息公开申请案件3607件{said if said[0] in '，（、' else '，' + said}", **SUQIAN)
    assert (list(YEAR_RULES["R15"](town, last)) == []) is right


def test_a_change_from_nothing_or_from_a_blank_table_is_not_worked_out():
    town = filing("共收到政府信息公开申请3件，同比增长50%", received=3)
    for last in (filing(year=2022), filing(year=2022, blank=True)):
        assert list(YEAR_RULES["R15"](town, last)) == []


# --- R16 -------------------------------------------------------------------------------------------------------------

FEES = (
    "2023年对25件政府信息公开申请案件收取了信息处理费2950元。其中，沭阳县自然资源和规划局1件，收取420元；泗洪县人民政府2件，收取290元；"
    "泗洪县公安局15件，收取1500元；宿迁市自然资源和规划局宿城分局1件，收取140元；宿迁市公安局6件，收取600元，收费标准均符合规定。"
)
UNITS = (
    "案件3607件（市政府349件、市各有关部门933件、沭阳县477件、泗阳县301件、泗洪县874件、宿豫区216件、宿城区348件、"
    "宿迁经济技术开发区55件、市湖滨新区26件、苏州宿迁工业园区12件、市洋河新区16件）"
)
LISTS_RIGHT = [
    "全年共发布信息59条(其中,领导信息1条,规划计划1条,法规公文2条,工作进展等48条,其它信息7条)。",
    "公开政府信息共367条,其中:政策文件信息134条,工作动态信息92条,财政信息2条,服务84条,其他信息55条。整体情况比2018年增加58条,其中政策文件相比2018年上涨了116%。",
    "共217条。目前，公开渠道主要包括网站和公众号等，其中，门户网站公开125条，微信公众号公开92条。",
    "全年共制作119期政策简明问答，其中，市级47期、宿城区28期、宿豫区22期、泗阳县15期、沭阳县5期、泗洪县2期。",
    FEES,
    UNITS,
    "全年主动公开信息总数4702条。其中,公布政务要闻672条,视频新闻259条,镇街动态455条,开展调查征集2次,县长信箱收到信件,183条",
    "信息314条,其中,人员招录信息公开3条,财政预算、决算信息公开2条,政府性基金预算、机构运行信息表和封面代码信息公开1条,疫情信息公开8条,公共资源配置12条,环境保护20条,教育、科技、文化、卫生等重点热点内容的办事指南268条。",
    "共收到政府信息公开申请10件,其中9件为网上申请,1件为书面申请,均严格按照相关规定办结",
    "全年主动公开信息42条,其中工作动态信息28条,通知公告7条,其他各类信息7条。",
    "共收到申请100件，其中自然人80件，法人20件，予以公开60件，部分公开30件。",
    "共收到申请100件，其中自然人80件；予以公开60件，部分公开30件。",
    "新收到事项47件，较上一年度增加42件。其中，通过信函申请39件，占83%；电子邮件7件，占14.9%；在线申请1件，占2.1%；当面申请0件，占0%。",
    "已答复59件，答复率为100%。其中“予以公开”3件，占已答复件数的5.1%；“部分公开”36件，占61%；“不予公开”2件，占3.4%；“无法提供”18件，占30.5%。",
    "共发布信息18439条，其中:概况类69条、政务动态类8043条、信息公开目录类10327条；共维护13个专栏，其中新开2个",
    "全年主动公开各类信息5236条，其中发布动态类信息2205条、政策文件42条，其他信息2989条。",
    "公开规章13件(含新制定5件,修改4件,废止4件)，人事任免文件106件",
    "公开信息100条（政策30条、动态40条等）",
    "公开信息约100条，其中政策80条，动态90条",
    "公开信息100条，其中政策80余条，动态90条",
    "举办培训12次，其中线上8次，参训300人次，发放材料500份",
]  # fmt: skip


@pytest.mark.parametrize("text", LISTS_RIGHT)
def test_lists_that_add_up_or_do_not_claim_to(text):
    assert found("R16", filing(text, year=2019)) == []


LISTS_WRONG = [
    ("受理政府信息咨询372人次,其中现场咨询331人次,电话咨询61人次。", ("392", "372")),
    ("主动公开政府信息4042条,其中县政府门户网站概况类信息和政务动态信息共计1495条,信息公开栏公开信息2918条。", ("4413", "4042")),
    ("全年共发布信息60条(其中,领导信息1条,规划计划1条,法规公文2条,工作进展等48条,其它信息7条)。", ("59", "60")),
    (UNITS.replace("349件", "350件"), ("3608", "3607")),
    (UNITS.replace("349件", "348件"), ("3606", "3607")),
    ("新媒体发布信息1150条(官方微博1000条,微信公众号160条)。", ("1160", "1150")),
    ("公开2483条，其中图文319条，视频851条，公告2348条。", ("3518", "2483")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LISTS_WRONG)
def test_lists_that_do_not_add_up(text, expected):
    assert sides(found("R16", filing(text))) == [expected]


def test_a_list_is_told_with_its_sum():
    (finding,) = found("R16", filing("受理咨询372人次,其中现场331人次,电话61人次。"))
    assert (
        finding.message
        == "正文“受理咨询372人次，其中现场331人次，电话61人次”：331+61＝392，不是 372 人次；请核对总数和分项"
    )


# --- R17 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (FEES, SUQIAN),
        ("本年度未收取信息处理费。", {}),
        ("本年度暂未开展信息处理费收取工作。", {}),
        ("对3件申请收取信息处理费100元。", {"received": 3}),
        ("全年开展活动的经费为1235元。", {}),
        ("2022年未收取信息处理费。", {"outcome___other___fee_not_paid": 1}),
        ("未收取信息处理费。", {"year": 2020}),
    ],
)
def test_words_on_the_fee_that_fit(text, figures):
    assert found("R17", filing({"other": text}, **figures)) == []


@pytest.mark.parametrize(
    ("text", "figures", "expected"),
    [
        ("本年度未收取信息处理费。", {"outcome___other___fee_not_paid": 10}, ("0", "10")),
        ("本年度收取信息处理费2955元。", {}, ("2955", "10 元的整数倍")),
        ("本年度对4件申请收取了信息处理费400元。", {"received": 3}, ("4", "不超过 3")),
    ],
)
def test_words_on_the_fee_that_do_not_fit(text, figures, expected):
    assert sides(found("R17", filing({"other": text}, **figures))) == [expected]


# --- numbers and texts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("1,234", 1234), ("2.5万", 25000), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105),
        ("三千六百零七", 3607), ("260余", None), ("近3万", None), ("30多", None), ("一二", None), ("三百五", None), ("", None),
    ],
)  # fmt: skip
def test_exact_numbers(text, number):
    assert exact(text) == number


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(number):
    digits, places = "零一二三四五六七八九", ["", "十", "百", "千"]
    parts = [(int(digit), place) for digit, place in zip(str(number)[::-1], places, strict=False)]
    written = "".join(digits[digit] + (place if digit else "") for digit, place in reversed(parts))
    while "零零" in written:
        written = written.replace("零零", "零")
    assert exact(written.rstrip("零") or written) == number


def test_paragraphs_have_one_width_and_no_white_space_but_between_digits():
    text = "（一）主动公开\n　　2020 年,共收到 3 607 件\n（其中\n\n- 甲: １件\n"
    assert paragraphs(text) == ("（一）主动公开", "2020年，共收到3 607件（其中", "-甲：1件")


def test_a_line_that_a_pdf_has_broken_goes_on():
    assert paragraphs(
        "全市全年共收办政府信息公开申请案件\n3607件（市政府349件、市各有关\n部门933件）\n（二）方面\n一是"
    ) == (
        "全市全年共收办政府信息公开申请案件3607件（市政府349件、市各有关部门933件）",
        "（二）方面",
        "一是",
    )


# --- laws ------------------------------------------------------------------------------------------------------------

WORDS = ["收到", "受理", "未", "没有", "无", "政府", "信息公开申请", "依申请公开", "3", "12", "余", "件", "共", "其中", "，", "。", "（", "）", "：", "；", "占", "%", "同比增长", "行政复议", "行政诉讼", "予以公开", "不予公开", "自然人", "结转下年度", "信息处理费", "元", "2022年", "2023年", "去年", "的的", "XX", "、", "\n", "将进一步", "统计期限", "国办公开办函〔2019〕60号"]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))


@given(TEXTS, st.sampled_from(["overview", "problems", "other", "reviews"]), st.sampled_from([2019, 2023]))
def test_no_text_is_a_traceback(text, section, year):
    town = filing({section: text}, year=year, received=3, carried_in=1)
    for rule in (*RULES.values(), *LINTS.values(), *PLAUSIBLE.values()):
        for finding in rule(town):
            assert finding.message
            assert finding.at in (section, "overview", "problems", "other") or isinstance(finding.at, CellRef)


@pytest.mark.parametrize("path", ["params/2019/宁海县/桑洲镇.yaml", "params/2023/江苏省/宿迁市.yaml"])
def test_nothing_is_told_of_the_shipped_reports(path):
    town = with_totals(read_params(ROOT / path, shipped_forms()))
    rules = {**RULES, **LINTS, **PLAUSIBLE}
    assert {code: findings for code, rule in rules.items() if (findings := list(rule(town)))} == {}


def test_every_rule_is_in_the_catalogue():
    assert {*RULES, *YEAR_RULES, *LINTS, *PLAUSIBLE} <= set(entries())
