"""Prose with numbers: what stands in a cell is printed; a town's text is data."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from reportkit.kinds import shipped_forms
from reportkit.model.filing import Figure, Filing, with_totals
from reportkit.params.reader import read_parameters, read_params
from reportkit.report.narrative import NarrativeError, cell_prose, heading, names, town_prose
from support.laws import examples
from support.repository import ROOT, SANGZHOU, SUQIAN
from support.synthetic import filings

pytestmark = pytest.mark.usefixtures("chinese")

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


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("甲。\n{{ year }}年乙。\n{% if year %}\n丙；\n{%- endif %}\n", "<p>甲。 2023年乙。丙；</p>\n"),
        (
            "甲：\n\n- 乙。\n- 丙。\n\n丁。\n戊。\n",
            "<p>甲：</p>\n<ul>\n<li>乙。</li>\n<li>丙。</li>\n</ul>\n<p>丁。戊。</p>\n",
        ),
    ],
)
def test_only_a_blank_line_ends_a_paragraph_of_a_sentence(suqian, sentence, html):
    filing = replace(suqian, form=replace(suqian.form, words={"own": sentence}))
    assert cell_prose("{{ words.own }}", names(filing), "overview") == html


@given(st.sampled_from(sorted(FORMS)).flatmap(lambda edition: filings(FORMS[edition])))
@settings(max_examples=examples(20))
def test_every_sentence_can_be_said_of_any_filing(filing):
    for name in filing.form.words:
        end = "号" if name == "basis" else "。"  # which is no sentence, but a part of one
        assert cell_prose(f"{{{{ words.{name} }}}}", names(filing), "overview").endswith(f"{end}</p>\n")


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
        ("{{ year", ["第 1 行", "“{{ year”"]),
        ("好\n{{ year + }}", ["第 2 行", "{{ year + }}"]),
        ("{{ year | rond }}", ["第 1 行", "{{ year | rond }}"]),
        ("{% fro x in y %}", ["第 1 行"]),
        ("{{ 1 // 0 }}", ["除数是 0", "算式"]),
        ("{{ year + jurisdiction }}", ["算式"]),
        ("{{ range(1000000) | list }}", ["算式"]),
        ("{% include 'a' %}", ["不能装入别的文件"]),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", ["__"]),
        ("{{ year.__init__.__globals__ }}", ["__"]),
    ],
)
def test_a_wrong_expression_stops_the_report_and_says_where(suqian, text, words):
    with pytest.raises(NarrativeError) as error:
        cell_prose(text, names(suqian), "overview")
    assert [word for word in ["%%narrative overview", *words] if word not in str(error.value)] == []
    own = str(error.value).replace(text.splitlines()[-1], "")
    assert re.findall("[A-Za-z']+ [A-Za-z']+", own) == ["narrative overview"]  # no words of a library


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
        ("<http://example.com>", "<p>&lt;http://example.com&gt;</p>"),
        ("[1]: http://example.com", "<p>[1]: http://example.com</p>"),
        ("**粗**和*斜*", "<p><strong>粗</strong>和*斜*</p>"),
        ("　　第一段。\n　　第二段。", "<p>第一段。</p>\n<p>第二段。</p>"),
        ("    缩进的一段。", "<p>缩进的一段。</p>"),
        ("一行\n又一行", "<p>一行又一行</p>"),
        ("标题一样\n---", "<p>标题一样</p>\n<hr />"),
        ("# 大标题\n\n#### 小标题", "<h3>大标题</h3>\n<h4>小标题</h4>"),
        ("1. 一\n2. 二", "<p>1. 一</p>\n<p>2. 二</p>"),
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


# What an expression may print


KNOWN = {
    **names(with_totals(read_params(SUQIAN, FORMS))),
    "day": date(2023, 1, 5),
    "moment": datetime(2023, 1, 5, 9, 5),
    "nothing": None,
    "bad": float("nan"),
    "many": Decimal("Infinity"),
}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ requests.received }}", ["requests.received 是一行数，不是一个数", "可以写 requests.received.total、", " 第 1 行"]),
        ("好\n共{{ requests }}件", ["requests 是一张表", "requests.received.total", " 第 2 行的 {{ requests }}"]),
        ("{{ requests.outcome.refused }}", ["requests.outcome.refused 是一组数", "requests.outcome.refused.total"]),
        ("{{ reviews }}", ["reviews.review.total"]),
        ("{{ words }}", ["words 是格式里的各个句子", "words.proactive"]),
        ("{{ nothing }}", ["空值"]),
        ("{{ none }}", ["空值"]),
        ("{{ year > 2000 }}", ["真假", "{{ year > 2000 }}"]),
        ("{{ [1, 2] }}", ["一组值"]),
        ("{{ {'a': 1} }}", ["一组值"]),
        ("{{ range(3) }}", ["一组值"]),
        ("{{ agency.upper }}", ["一个函数"]),
        ("{{ bad }}", ["有限的数"]),
        ("{{ many }}", ["有限的数"]),
        ("{{ 1 / 3 }}", ["除不尽", "'%.1f'"]),
        ("{{ requests.received.person / requests.received.total }}", ["除不尽"]),
        # nor by a way round
        ("{{ '共' ~ requests.received ~ '件' }}", ["requests.received 是一行数"]),
        ("{{ '共' ~ nothing }}", ["空值"]),
        ("{{ '共' ~ [1] }}", ["一组值"]),
        ("{{ '%s' % requests.received }}", ["requests.received 是一行数"]),
        ("{{ '%s、%s' % (year, [1]) }}", ["一组值"]),
        ("{{ '%r' % words }}", ["words 是"]),
        ("{{ '%s'|format(requests.received) }}", ["requests.received 是一行数"]),
        ("{{ '%(a)s'|format(a=nothing) }}", ["空值"]),
        ("{{ '{}'.format(requests.received) }}", ["requests.received 是一行数"]),
        ("{{ '{:>9}'.format(words) }}", ["words 是"]),
        ("{{ requests.received|string }}", ["requests.received 是一行数"]),
        ("{{ [requests.received, 1]|join('、') }}", ["requests.received 是一行数"]),
        ("{{ [requests.received]|string }}", ["一组值"]),
        ("{{ requests.received|upper }}", ["requests.received 是一行数"]),
        ("{{ '{}'.format([1]) }}", ["一组值"]),
        ("{{ none|upper }}", ["空值"]),
        ("{{ requests.received|join('、') }}", ["requests.received 是一行数"]),
        ("{{ requests.received|list|join }}", ["requests.received 是一行数"]),
        ("{{ requests.received|int }}", ["requests.received 是一行数"]),
        ("{{ requests.received|length }}", ["requests.received 是一行数"]),
        ("{{ requests.received + 1 }}", ["requests.received 是一行数"]),
        ("{{ 1 + requests.received }}", ["requests.received 是一行数"]),
        ("{% if requests.received == 0 %}没有{% endif %}", ["requests.received 是一行数"]),
        ("{% if requests.received %}有{% endif %}", ["requests.received 是一行数"]),
        ("{% if requests.received > 0 %}有{% endif %}", ["requests.received 是一行数"]),
        ("{{ requests.received.total / 0 }}", ["第 1 行的 {{ requests.received.total / 0 }}", "除数是 0"]),
        ("{{ agency + 1 }}", ["文字和数"]),
        ("{{ year } }}", ["第 1 行", "写法不对"]),
        ("{{ year|nofilter }}", ["没有这个名称"]),
        ("{% if year %}", ["写法不对"]),
        ("{% set n = requests.received %}{{ n }}", ["requests.received 是一行数"]),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(requests.received) }}", ["requests.received 是一行数"]),
    ],
)  # fmt: skip
def test_what_is_no_number_text_or_date_stops_the_report(template, words):
    with pytest.raises(NarrativeError) as error:
        cell_prose(template, KNOWN, "overview")
    assert [word for word in ["%%narrative overview", *words] if word not in str(error.value)] == []
    assert re.findall("namespace|object at|Figure|Decimal|class|None|unexpected|support", str(error.value)) == []


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{ 0.1 + 0.2 }}", "0.3"),
        ("{{ 2.50 }}、{{ 3.0 }}、{{ 1e16 }}、{{ -0.5 }}", "2.5、3.0、10000000000000000、-0.5"),
        ("{{ (requests.received.person / requests.received.total * 100)|round(1) }}", "96.9"),
        ("{{ '%.2f%%' % (requests.received.person / 7) }}", "486.00%"),
        ("{{ day }}，{{ moment }}", "2023年1月5日，2023年1月5日9时05分"),
        ("{{ requests.received.total * 1000 }}", "3511000"),
        ("{{ [requests.received.person, requests.received.total]|join('、') }}", "3402、3511"),
        ("{{ year ~ '年' ~ requests.received.total ~ '件' }}", "2023年3511件"),
        ("{% set n = requests.received.total %}{% if n > 5 %}{{ n }}件{% endif %}", "3511件"),
        ("{% for x in [1, 2] %}{{ x }}、{% endfor %}", "1、2、"),
        ("{% macro m(x) %}**{{ x }}**件{% endmacro %}{{ m('*1.5*') }}", "<strong>*1.5*</strong>件"),
        ("{% set s %}共**{{ year }}**{% endset %}{{ s }}", "共<strong>2023</strong>"),
        ("{% for n in [1, 2] %}{{ '数' if n == 2 }}{% endfor %}", "数"),
        ("{{ 'a'|upper }}{{ '{}件'.format(requests.received.total) }}{{ '甲乙'|replace('乙', '丙') }}", "A3511件甲丙"),
        ("{{ requests['received']['total'] }}", "3511"),
        ("{{ '有' if requests.receved is defined else '无' }}", "无"),
    ],
)  # fmt: skip
def test_what_an_expression_prints(template, printed):
    assert cell_prose(template, KNOWN, "overview") == f"<p>{printed}</p>\n"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).map(lambda x: round(x, 6)))
def test_a_number_is_printed_as_a_number(number):
    printed = cell_prose("{{ x }}", {"x": number}, "overview").removeprefix("<p>").removesuffix("</p>\n")
    assert re.fullmatch(r"-?\d+(\.\d{1,12})?", printed)
    assert float(printed) == pytest.approx(number, rel=1e-14, abs=1e-12)


GUIDE = ROOT / "docs/narrative.md"


def test_the_guide_s_examples_print_what_it_says(suqian):
    examples = re.findall(r"^\| `([^`]+)` \| (.+) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(examples) == 8
    for template, printed in examples:
        assert cell_prose(template, names(suqian), "overview") == f"<p>{printed}</p>\n"
