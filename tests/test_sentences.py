"""The narrative against the tables, R12 to R17: what is no case beside a rule.

The sentences are those of published reports, or shortened from them.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.checks.quantities import exact
from reportkit.checks.texts import paragraphs
from reportkit.errors import CellRef
from reportkit.kinds import shipped_forms
from reportkit.model.filing import with_totals
from reportkit.params.reader import read_params
from support.filings import RULES, YEAR_RULES, filing
from support.filings import told as issue

ROOT = Path(__file__).parent.parent
SUQIAN = {"jurisdiction": "宿迁市", "received": 3511, "carried_in": 96, "carried_over": 121}


def found(code, town):
    return [finding for finding in RULES[code](town) if issue(finding).severity != "note"]


def sides(findings):
    return [(finding.found, finding.expected) for finding in findings]


# --- R12 -------------------------------------------------------------------------------------------------------------


def test_a_wrong_number_is_told_with_the_sentence_both_numbers_and_what_to_do():
    town = filing("全市共收到政府信息公开申请3600件，办结3486件。", **SUQIAN)
    assert [
        (issue(finding).message, finding.at, finding.found, finding.expected) for finding in found("R12", town)
    ] == [
        (
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
        if issue(note).severity == "note"
    ]
    assert [issue(note).message.removeprefix("正文的收到件数是").removesuffix("，与表三相符") for note in notes] == told


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


# --- R14 -------------------------------------------------------------------------------------------------------------


def test_in_the_section_on_reviews_the_context_goes_without_saying():
    assert sides(
        found(
            "R14", filing({"reviews": "2020年，未出现申请行政复议、提起行政诉讼的情况。"}, year=2020, review__total=1)
        )
    ) == [("0", "1")]


# --- R15 -------------------------------------------------------------------------------------------------------------


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
    assert (finding.found, finding.found in issue(finding).message) == (percent, True)


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


def test_a_list_is_told_with_its_sum():
    (finding,) = found("R16", filing("受理咨询372人次,其中现场331人次,电话61人次。"))
    assert (
        issue(finding).message
        == "正文“受理咨询372人次，其中现场331人次，电话61人次”：331+61＝392，不是 372 人次；请核对总数和分项"
    )


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
    for rule in RULES.values():
        for finding in rule(town):
            assert issue(finding).message
            assert finding.at in (section, "overview", "problems", "other") or isinstance(finding.at, CellRef)


@pytest.mark.parametrize("path", ["params/2019/宁海县/桑洲镇.yaml", "params/2023/江苏省/宿迁市.yaml"])
def test_nothing_is_told_of_the_shipped_reports(path):
    town = with_totals(read_params(ROOT / path, shipped_forms()))
    assert {code: findings for code, rule in RULES.items() if (findings := list(rule(town)))} == {}
