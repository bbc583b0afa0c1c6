"""Words are printed as written: a town's own text to the character, an analyst's Markdown with its numbers and tables."""

import re
import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.exporters.blocks import BlockReader
from reportkit.exporters.content import Content, read_content
from reportkit.exporters.runs import text_of
from reportkit.exporters.web_page import html_page
from reportkit.imports.escaping import markdown_text
from reportkit.report.narrative import cell_prose, town_prose
from support.laws import examples


def shown(html: str) -> str:
    """The characters of a page, without white space."""
    return "".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def paragraphs(html: str) -> list[str]:
    return [shown(block) for block in re.findall(r"<(?:p|h\d|li)[ >].*?(?=</(?:p|h\d|li)>|<ul>)", html, re.DOTALL)]


def rows(html: str) -> list[list[str]]:
    return [
        re.findall(r"<t[hd][^>]*>(.*?)</t", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    ]


def content(html: str) -> Content:
    return read_content(
        new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", {"text/html": html})])])
    )


def in_print(html: str) -> str:
    """What the PDF sets of a fragment, without white space."""
    fragments = [fragment for fragment in content(html).fragments if fragment.cell]
    texts = "".join(text_of(BlockReader().read(fragment.root, "cell")) for fragment in fragments)
    return "".join(texts.replace("\u200b", "").split())  # where a line may end in a long word


# A town's own text


@pytest.mark.parametrize(
    "text",
    [
        "实行5*8小时现场办公、7*24小时网上受理。", "面积为3*4米，另设2*5米展板。", "长*宽*高", "a*b*c", "2**3和4**5", "*号标注的单位，*号表示联合发文",
        "* 含联合发文", "***", "**", "****", "** 甲 **", "甲**、乙**为试点", "*强调*", "***甲***", "_下划线_", "__init__", "a_b_c", "___",
        "3~5件", "~~作废~~", "~~~", "#3楼", "#3", "#", "#话题#", "####### 七", "＃ 全角", "+ 甲", "+3", "+86 10", "* 注", "-3", "-", "--",
        "====", "===", "[1]", "[1][2]", "[1]: 见附件", "[^1]", "[附件](见下页)", "[链]()", "![图](http://example.com/a.png)", "<甲镇>", "<b>粗</b>",
        "<!-- 注 -->", "<http://example.cn>", "a@b.cn", "&amp;", "&#65;", "&lt;", "&", "C:\\文件\\新建", "\\\\服务器\\共享", "甲\\", "`代码`", "```", "|", "甲|乙",
        "| 甲 | 乙 |", "|---|---|", "> 引文", ">5件", "!", "！", "$1$", "{{ year }}", "{% if x %}", "{# 注 #}", "１２．３", "①②③", "😀", "100%", "'\"",
        "0. 零", "1) 甲", "（1）甲", "1、甲", "2023. 年", "3.14", "(1)[2]{3}", "甲  乙", "甲　乙", "\\(x\\)", "a:b|c", "http://a.cn/b_c_d?e=1&f=*2*",
    ],
)  # fmt: skip
def test_signs_that_clerks_use_are_printed(text):
    html = town_prose(f"前面一段。\n\n{text}\n\n后面一段。")
    assert paragraphs(html) == ["前面一段。", "".join(text.split()), "后面一段。"]
    assert set(re.findall(r"<(\w+)", html)) == {"p"}
    assert in_print(html) == f"前面一段。{''.join(text.split())}后面一段。"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**注：**本数据含*号", "<p><strong>注：</strong>本数据含*号</p>\n"),
        ("推行**“双公示”**工作", "<p>推行<strong>“双公示”</strong>工作</p>\n"),
        ("**（一）机构建设。**成立了小组", "<p><strong>（一）机构建设。</strong>成立了小组</p>\n"),
        ("公开**12**条、**3*4**米", "<p>公开<strong>12</strong>条、<strong>3*4</strong>米</p>\n"),
        ("**甲\n乙**丙", "<p><strong>甲乙</strong>丙</p>\n"),
        ("# 一\n### 二\n##### 三 #", "<h3>一</h3>\n<h3>二</h3>\n<h4>三 #</h4>\n"),
        ("- 甲\n- **乙**\n\n- 丙", "<ul>\n<li>甲</li>\n<li><strong>乙</strong></li>\n<li>丙</li>\n</ul>\n"),
        ("- 甲\n  - 乙\n- 丙", "<ul>\n<li>甲\n<ul>\n<li>乙</li>\n</ul>\n</li>\n<li>丙</li>\n</ul>\n"),
        ("- 甲，\n  续行。\n后一段", "<ul>\n<li>甲，续行。</li>\n</ul>\n<p>后一段</p>\n"),
        ("\\- 甲\n\n\\# 乙\n\n\\**丙\\**\n\n1\\. 丁", "<p>- 甲</p>\n<p># 乙</p>\n<p>**丙**</p>\n<p>1. 丁</p>\n"),
        ("甲\n\n---\n\n乙", "<p>甲</p>\n<hr />\n<p>乙</p>\n"),
    ],
)
def test_the_signs_that_mean_something(text, html):
    assert town_prose(text) == html


@pytest.mark.parametrize(
    "numbers",
    ["1. 3. 5.", "0. 1. 2.", "2. 1. 1.", "1) 2) 4)", "1、 3、 2、", "（1） （3） （5）", "8. 9. 10.", "1. 1. 1."],
)
def test_numbers_are_printed_as_they_were_typed(numbers):
    lines = [f"{number} 项目{place}" for place, number in enumerate(numbers.split())]
    for separator in "\n", "\n\n":
        assert paragraphs(town_prose(separator.join(lines))) == ["".join(line.split()) for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、主动公开\n全年主动公开信息12条。\n二、依申请公开\n无", ["一、主动公开", "全年主动公开信息12条。", "二、依申请公开", "无"]),
        ("甲。\n乙！\n丙？\n丁；\n戊：\n己", ["甲。", "乙！", "丙？", "丁；", "戊：", "己"]),
        ("他说：“好。”\n（见附件。）\n后文", ["他说：“好。”", "（见附件。）", "后文"]),
        ("措施如下\n一是甲\n二是乙", ["措施如下", "一是甲", "二是乙"]),
        ("措施如下，\n（一）甲\n(二)乙\n第一，丙\n1. 丁\n2.戊\n①己\n注：庚", ["措施如下，", "（一）甲", "(二)乙", "第一，丙", "1.丁", "2.戊", "①己", "注：庚"]),
        ("主动公开情况\n全年主动公开信息共计12条，其中网站8条", ["主动公开情况", "全年主动公开信息共计12条，其中网站8条"]),
        ("甲\n　　乙\n　丙\n    丁", ["甲", "乙", "丙", "丁"]),
        ("联系人: 王某;\n电话: 123", ["联系人:王某;", "电话:123"]),
        # and lines that were broken because they were full
        ("全年共公开政府信息一百二十条，其中通过门户网站公开八十\n条，通过公众号公开四十条，比上年增加百分之十，公开的内\n容更多", ["全年共公开政府信息一百二十条，其中通过门户网站公开八十条，通过公众号公开四十条，比上年增加百分之十，公开的内容更多"]),
        ("共收费\n12.5万元", ["共收费12.5万元"]),
        ("甲镇、\n乙镇，\n以及丙镇下属的各个单位", ["甲镇、乙镇，以及丙镇下属的各个单位"]),
        ("第1、\n2、3季度", ["第1、2、3季度"]),
    ],
)  # fmt: skip
def test_paragraphs_keep_their_breaks(text, expected):
    assert paragraphs(town_prose(text)) == expected
    items = [words.removeprefix("1.") for words in expected]  # a list to Markdown
    assert paragraphs(cell_prose(text, {}, "overview")) == items


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("| 项目 | 数量 |\n|---|---|\n| 培训 | 3 |\n| 检查 |\n| 甲 | 1 | 多 |", [["项目", "数量", ""], ["培训", "3", ""], ["检查", "", ""], ["甲", "1", "多"]]),
        ("项目 | 数量\n--- | ---:\n培训 | 3\n检查 |", [["项目", "数量"], ["培训", "3"], ["检查", ""]]),
        ("| 项目 | 数量 |\n|---|\n| 培训 | 3 |", [["项目", "数量"], ["培训", "3"]]),
        ("| 项目 |\n|---|---|\n| 培训 | 3 |", [["项目", ""], ["培训", "3"]]),
        ("| 项目 |\n|---|\n| 培训 |", [["项目"], ["培训"]]),
        ("| 项目 | 数量 |\n|---|---|\n| 甲\\|乙 | 3 |\n| x|y | 4 |", [["项目", "数量", ""], ["甲|乙", "3", ""], ["x", "y", "4"]]),
        ("| 项目 | 数量 |\n|---|---|\n|  | 3 |\n| 4 |  |", [["项目", "数量"], ["", "3"], ["4", ""]]),
        ("表：\n| 项目 | 数量 |\n|:-:|---|\n| 甲 |\n注：空白", [["项目", "数量"], ["甲", ""]]),
    ],
)  # fmt: skip
def test_a_ragged_table_is_a_table(text, table):
    markdown = new_notebook(cells=[new_markdown_cell(text)])
    pages = [town_prose(text), cell_prose(text, {}, "overview"), html_page(read_content(markdown)).decode()]
    for page in pages:
        assert rows(page[page.index("<table") :]) == table


def test_a_table_keeps_the_paragraphs_around_it():
    html = town_prose("见下表：\n| 甲 | 乙 |\n|:-:|--:|\n| **1** |\n注：空白处为零")
    assert paragraphs(html) == ["见下表：", "注：空白处为零"]
    assert '<th style="text-align:center">甲</th>' in html
    assert '<td style="text-align:center"><strong>1</strong></td>' in html


CLERK = st.text(
    "甲乙镇公开的件12357.,*_~#+-=[]()<>&\\`|!:;'\"$%{}@^/?aB 。：！？；，、“”（）《》　１．①\n\n\n\t", max_size=80
)
LINES = st.sampled_from([
    "1. 甲", "3. 丙", "1) 甲", "- 甲", "  - 乙", "+ 甲", "* 甲", "# 题", "#3", "**注：**后", "5*8小时、7*24小时", "| a | b |", "|---|---|", "| a |", "---",
    "```", "> 引", "[1]: b", "[a](http://b.cn)", "![a](b)", "<http://a.cn>", "a\\", "甲  ", "一、题", "一是甲", "　　甲。", "    甲", "===", "&amp;", "",
])  # fmt: skip
TEXTS = st.one_of(CLERK, st.lists(st.one_of(LINES, CLERK), max_size=8).map("\n".join))

MEANS = re.compile(
    r"\*\*|^\s*#{1,6}[ \t]|^\s*-[ \t]|^\s*-{3,}\s*$|^.*\|.*-.*$|\[[^\[\]]*\]\([A-Za-z]|\\[`*_\[\]<>&|~#+=.)-]",
    re.MULTILINE,
)
"""Where a documented sign may stand."""


@settings(max_examples=examples(150), deadline=None)
@given(TEXTS)
def test_every_character_is_printed_but_the_signs_that_mean_something(text):
    page = town_prose(text)
    assert in_print(page) == shown(page) == "".join(lxml_html.fromstring(f"<div>{page}</div>").text_content().split())
    left = iter("".join(text.split()))
    lost = [sign for char in shown(page).translate({0xFF08: "(", 0xFF09: ")"}) for sign in until(left, char)] + list(
        left
    )
    assert set(lost) <= set("*#-|:\\[]()")
    if not MEANS.search(text):
        assert shown(page) == "".join(text.split())


def until(left, char):
    """The signs skipped before a character; a bracket may be printed as wide as Chinese has it."""
    for sign in left:
        if sign.translate({0xFF08: "(", 0xFF09: ")"}) == char:
            return
        yield sign
    raise AssertionError(f"{char} is not in the text")


@settings(max_examples=examples(150), deadline=None)
@given(TEXTS)
def test_escaped_text_is_printed_to_the_character(text):
    page = town_prose(markdown_text(text))
    assert shown(page) == "".join(text.split())
    assert paragraphs(page) == ["".join(line.split()) for line in text.splitlines() if line.strip()]


EVERY_DAY = ("*", "[", "`", "<", "**a", "|\n")
MORE = ("1. 甲\n", *"|(\n \\-#_>~", "**", "[a](b:", "| ", "- ", "a** ", "\\*", "　", "甲\n", "|-|\n", "”", "# a\n")


@pytest.mark.parametrize("sign", [*EVERY_DAY, *(pytest.param(sign, marks=pytest.mark.slow) for sign in MORE)])
def test_a_long_text_takes_its_length(sign):
    for make in (town_prose, markdown_text, lambda text: cell_prose(text, {}, "overview"), lambda text: content(text)):
        short, long = (_seconds(make, sign * (length // len(sign))) for length in (8_000, 80_000))
        # Ten times the length: ten times the time and a little more; were it quadratic, a hundred times.
        assert long < 40 * max(short, 0.02)


def _seconds(make, text):
    """The processor's time, which other programs lengthen least."""
    begin = time.process_time()
    make(text)
    return time.process_time() - begin


# An analyst's Markdown


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1. 甲\n3. 丙\n5. 戊", ["1", "3", "5"]),
        ("3. 丙\n4. 丁", []),
        ("1. 甲\n1. 乙\n1. 丙", []),
        ("2. 乙\n1. **“甲”**", ["2", "1"]),
        ("1. 2023年\n3. 2024年", ["1", "3"]),
        ("1. 甲\n   1. 内\n   4. 内\n2. 乙", ["1", "4"]),
        ("1. 甲\n\n3. 丙", ["1", "3"]),
    ],
)
def test_a_list_keeps_its_numbers(text, values):
    markdown = html_page(read_content(new_notebook(cells=[new_markdown_cell(text)]))).decode()
    for page in cell_prose(text, {}, "overview"), markdown:
        assert re.findall(r'<li value="(\d+)"', page) == values
        assert "\x02" not in page


def test_what_is_no_list_is_not_touched_where_lists_are_numbered():
    text = "```\n1. 甲\n3. 乙\n| a |\n```\n\n    5. 丙\n\n段\n7. 丁"
    content = read_content(new_notebook(cells=[new_markdown_cell(text)]))
    assert content.text.replace("\n", "") == "报告1. 甲3. 乙| a |5. 丙段 7. 丁"


def test_the_numbers_of_a_list_are_printed_in_the_pdf():
    blocks = BlockReader().read(content("<ol start=2><li>甲<li value=5>乙<li>丙</ol>").fragments[-1].root, "cell")
    assert [block.get("numbers") for block in blocks] == [[2, 5, 6]]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**注：**后文", "<p><strong>注：</strong>后文</p>\n"),
        ("推行**“双公示”**工作，*强调*", "<p>推行<strong>“双公示”</strong>工作，<em>强调</em></p>\n"),
        ("5*8小时、7*24小时，a**b**c", "<p>5*8小时、7*24小时，a**b**c</p>\n"),
        ("`**注：**后` **`a`** [**注：**后](http://a.cn)", '<p><code>**注：**后</code> <strong><code>a</code></strong> <a href="http://a.cn"><strong>注：</strong>后</a></p>\n'),
    ],
)  # fmt: skip
def test_bold_and_arithmetic_in_an_analyst_s_markdown(text, html):
    assert cell_prose(text, {}, "overview") == html
    inner = lxml_html.fromstring(html).text_content()
    assert read_content(new_notebook(cells=[new_markdown_cell(text)])).text == f"报告\n{inner}"
