"""Prose with numbers: what stands in a cell is printed; a town's text is data."""

import re
from decimal import localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from conftest import SANGZHOU, SUQIAN
from reportkit.filing import Figure, Filing, with_totals
from reportkit.forms import shipped_forms
from reportkit.narrative import NarrativeError, cell_prose, heading, names, town_prose
from reportkit.readers import read_parameters, read_params
from synthetic import filings

FORMS = shipped_forms()


@pytest.fixture(scope="module")
def suqian() -> Filing:
    return with_totals(read_params(SUQIAN, FORMS))


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("requests.received.total", "3511"),
        ("requests.outcome.refused.total", "142"),  # the sum of a group's rows
        ("requests.outcome.refused.state_secret.person", "0"),
        ("requests.outcome.other.total", "341"),  # a group in this edition
        ("requests.outcome.total.total", "3486"),  # a row called total wins over the sum
        ("requests.received.total + requests.carried_in.total", "3607"),
        ("reviews.review.total", "440"),
        ("reviews.direct.pending + reviews.after_review.pending", "15"),
        ("proactive.fees.amount", "59237.2449"),
        ("year + 1", "2024"),
        ("document", "国办公开办函〔2021〕30号"),
        ("'%.1f' % (requests.received.person / requests.received.total * 100)", "96.9"),
    ],
)
def test_names_in_a_cell(suqian, expression, printed):
    assert cell_prose(f"共{{{{ {expression} }}}}件", names(suqian), "overview") == f"<p>共{printed}件</p>\n"


def test_sums_are_exact_whatever_precision_a_cell_has_set(suqian):
    with localcontext(prec=2):
        assert (
            cell_prose("{{ requests.received.total + requests.carried_in.total }}", names(suqian), "overview")
            == "<p>3607</p>\n"
        )


TABLE3 = "收到和处理政府信息公开申请情况"


@pytest.mark.parametrize(
    ("year", "figures", "name", "sentence"),
    [
        (2019, {}, "proactive", "没有新制作和新公开规范性文件，对外公开总数0件。"),
        (2019, {"主动公开政府信息情况": {"规范性文件": [2, 1, 9]}}, "proactive", "新制作规范性文件2件，新公开1件，对外公开总数9件。"),
        (2023, {}, "proactive", "没有制发、废止行政规范性文件，没有现行有效的行政规范性文件。没有作出行政许可、行政处罚、行政强制决定。没有行政事业性收费。"),
        (2023, {"主动公开政府信息情况": {"行政事业性收费": "0.5万元"}}, "proactive", "没有制发、废止行政规范性文件，没有现行有效的行政规范性文件。没有作出行政许可、行政处罚、行政强制决定。行政事业性收费0.5万元。"),
        (2019, {}, "requests", "没有收到政府信息公开申请，也没有上年结转的申请。"),
        (2019, {TABLE3: {"received": [2, 1, 0, 0, 0, 0, 3], "carried_over": [2, 1, 0, 0, 0, 0, 3]}}, "requests", "新收政府信息公开申请3件（自然人2件，法人或其他组织1件），上年结转0件。本年办结0件；结转下年度继续办理3件。"),
        (2019, {TABLE3: {"carried_in": {"总计": 1}, "（一）予以公开": {"总计": 1}}}, "requests", "没有收到新的政府信息公开申请，上年结转1件。本年办结1件，其中予以公开1件，部分公开0件，不予公开0件，无法提供0件，不予处理0件，其他处理0件；结转下年度继续办理0件。"),
        (2019, {}, "reviews", "没有因政府信息公开工作被申请行政复议、提起行政诉讼。"),
        (2019, {"reviews": {"行政复议": [1, 0, 0, 1, 2], "复议后起诉": [0, 0, 0, 1, 1]}}, "reviews", "因政府信息公开工作被申请行政复议2件，被提起行政诉讼1件，其中尚未审结的行政复议1件、行政诉讼1件。"),
        (2019, {}, "improvements", "2020年，将围绕群众关心的事项，提高主动公开的及时性和针对性。"),
        (2023, {}, "fees", "没有需要办理的政府信息公开申请，没有收取信息处理费。"),
        (2023, {TABLE3: {"received": {"总计": 2}, "outcome.other.fee_not_paid": {"总计": 2}}}, "fees", "信息处理费的收取，按照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）执行。有2件申请，因申请人逾期未按收费通知要求缴纳费用，不再处理。"),
    ],
)  # fmt: skip
def test_the_master_s_words_follow_the_numbers(year, figures, name, sentence):
    filing = with_totals(read_parameters({"year": year, "jurisdiction": "甲镇", "figures": figures}, FORMS))
    assert [note for note in filing.notes if note.severity == "error"] == []
    assert cell_prose(f"{{{{ words.{name} }}}}", names(filing), "overview") == f"<p>{sentence}</p>\n"


@given(st.sampled_from(sorted(FORMS)).flatmap(lambda edition: filings(FORMS[edition])))
@settings(max_examples=20)
def test_every_sentence_can_be_said_of_any_filing(filing):
    for name in filing.form.words:
        assert cell_prose(f"{{{{ words.{name} }}}}", names(filing), "overview").endswith("。</p>\n")


def test_a_blank_cell_counts_as_zero():
    assert (
        cell_prose("{{ requests.outcome.refused.total }}", names(with_totals(read_params(SANGZHOU, FORMS))), "other")
        == "<p>0</p>\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("好\n\n{{ requests.recieved.total }}", ["overview", "没有 recieved", "是不是 received"]),
        ("{{ jurisdicton }}", ["没有 jurisdicton"]),
        ("{{ words.reqests }}", ["没有 reqests", "是不是 requests"]),
        ("{{ year", ["第 1 行"]),
        ("{{ 1 // 0 }}", ["算式"]),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", ["__"]),
        ("{{ year.__init__.__globals__ }}", ["__"]),
    ],
)
def test_a_wrong_expression_stops_the_report_and_says_where(suqian, text, words):
    with pytest.raises(NarrativeError) as error:
        cell_prose(text, names(suqian), "overview")
    assert [word for word in ["%%narrative overview", *words] if word not in str(error.value)] == []


HOSTILE = "<script>alert(1)</script> **粗** [链](http://example.com) ![图](http://example.com/a.png) {{ 7*7 }} # 题"


def test_a_name_put_into_a_cell_stays_text():
    filing = read_parameters({"year": 2023, "jurisdiction": HOSTILE[:60], "agency": HOSTILE}, FORMS)
    shown = cell_prose("由{{ agency }}编制，{{ jurisdiction }}", names(filing), "overview")
    assert re.findall(r"<(?!/?p>)[^>]*>", shown) == []
    assert html.fromstring(shown).text_content() == f"由{filing.agency}编制，{filing.jurisdiction}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ 7*7 }} {% if x %}", "<p>{{ 7*7 }} {% if x %}</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("![图](http://example.com/a.png)", "<p>![图](http://example.com/a.png)</p>"),
        ("[县网站](http://example.com)", "<p>县网站（http://example.com）</p>"),
        ("[点这里](javascript:alert(1))", "<p>点这里（javascript:alert(1)）</p>"),
        ("<http://example.com>", "<p>http://example.com</p>"),
        ("[1]: http://example.com", "<p>[1]: http://example.com</p>"),
        ("**粗**和*斜*", "<p><strong>粗</strong>和<em>斜</em></p>"),
        ("　　第一段。\n　　第二段。", "<p>第一段。</p>\n<p>第二段。</p>"),
        ("    缩进的一段。", "<p>缩进的一段。</p>"),
        ("一行\n又一行", "<p>一行又一行</p>"),
        ("标题一样\n---", "<p>标题一样</p>\n<hr />"),
        ("# 大标题\n\n#### 小标题", "<h3>大标题</h3>\n<h4>小标题</h4>"),
        ("1. 一\n2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>"),
        ("&lt;b&gt; &amp;", "<p>&amp;lt;b&amp;gt; &amp;amp;</p>"),
    ],
)
def test_a_town_s_text_is_markdown_and_nothing_else(text, shown):
    assert town_prose(text).strip() == shown


def test_links_of_an_analyst_stay_links(suqian):
    assert (
        cell_prose("[县网站](https://example.com)", names(suqian), "other")
        == '<p><a href="https://example.com">县网站</a></p>\n'
    )


@given(st.text(max_size=80))
def test_no_town_s_text_brings_a_link_an_image_or_a_script(text):
    tree = html.fromstring(f"<div>{town_prose(text)}</div>")
    assert {node.tag for node in tree.iter()} <= {
        "div", "p", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "table", "thead", "tbody",
        "tr", "th", "td", "h3", "h4", "h5", "h6",
    }  # fmt: skip
    assert {name for node in tree.iter() for name in node.attrib} <= {"start", "style", "class"}


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=60))
def test_any_agency_s_name_is_printed_to_the_letter(name):
    filing = Filing(FORMS["2021"], "甲", 2023, name, {}, {}, read_params(SUQIAN, FORMS).origin)
    assert (
        html.fromstring(cell_prose("由{{ agency }}编制", names(filing), "overview")).text_content() == f"由{name}编制"
    )


def test_a_heading_is_text():
    assert heading("一、<b>", 2) == "<h2>一、&lt;b&gt;</h2>\n"


def test_a_figure_is_printed_as_written():
    filing = Filing(FORMS["2019"], "甲", 2019, "甲", {}, {}, read_params(SUQIAN, FORMS).origin)
    ref = next(ref for ref in filing.form.tables["proactive"].cells if ref.column == "amount")
    filing = Filing(FORMS["2019"], "甲", 2019, "甲", {ref: Figure("9.2", "9.2万元")}, {}, filing.origin)
    assert cell_prose("{{ proactive.procurement.amount }}", names(filing), "overview") == "<p>9.2万元</p>\n"
