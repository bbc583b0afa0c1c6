"""L4 to L7: what a report's words must not have in them, whatever its numbers are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import Passage, passages, passages_with, quoted, sentence_start, sentences
from reportkit.model.filing import Filing

_OLD_ORDER = re.compile(r"国(?:务院)?令(?:（)?第?492号|第492号")
_BRACKET = r"[〔【\[（［]"
_CLOSING = r"[〕】\]）］]"
_NOTICE = re.compile(
    rf"国办公?开?办?函?(?P<kind>发)?(?P<open>{_BRACKET})(?P<year>2019|2021){_CLOSING}(?P<number>60|30)号"
)
_REPORT_NOTICES = {("2019", "60"), ("2021", "30")}
_TITLE_BEFORE = re.compile("(?P<old>年度报告有关事项的通知)》?（?$|(?P<new>年度报告格式[〉》>]?的通知)》?（?$")
_INSTRUCTION = re.compile(
    "[该本]部分(?:内容)?以(?:表格|文字|文字描述)(?:的?形式)?报告|不能遗漏，也不宜泛化|（此处填写[^）]{0,200}）|请在此处填写|填表说明："
)
_INSTRUCTION_SIGNS = ("部分", "不能遗漏", "此处", "填表")
_SECTION_COUNT = re.compile(
    "(?:本报告|全文|本年[度]?报告?|年度报告|年报|报告内容|主要内容|内容包括)[^。]{0,220}?(?<![第其])(?P<number>[二两三四五七八九]|[2-57-9])(?:个|大)?"
    "(?:部分(?=组成|内容|构成|[，。；、）]|$)|方面内容|项内容)"
)
_SECTIONS = re.compile("总体情况|概述|总体概述")
_DOUBLED = (
    *(
        "我们",
        "我镇",
        "我乡",
        "我局",
        "进行",
        "加强",
        "工作",
        "及时",
        "通过",
        "根据",
        "按照",
        "建立",
        "完善",
        "情况",
        "开展",
    ),
    *("问题", "以及", "落实", "推进", "提高", "提升", "进一步", "信息公开", "政务公开", "主动公开", "政府信息公开"),
    *("依申请公开", "年度报告", "领导小组", "规范性文件"),
)
_BAD_SIGNS = (
    "，，",
    "、、",
    "；；",
    "，。",
    "，；",
    "，、",
    "、。",
    "、，",
    "、；",
    "。，",
    "。；",
    "。、",
    "；。",
    "；，",
    "；、",
)
_TWICE = (*(word * 2 for word in _DOUBLED), "性性", "们们", "的的", *_BAD_SIGNS)
_LONG = 30
_OF_OF = re.compile("(?<![目有真])的的")


def basis(filing: Filing) -> Iterator[Finding]:
    """L4: the documents that the report rests on are those of its year, and are cited as they are called."""
    for passage in passages_with(filing, "492号"):
        yield from _old_order(passage)
    for passage in passages_with(filing, "国办"):
        for match in _NOTICE.finditer(passage.text):
            if (match["year"], match["number"]) in _REPORT_NOTICES:
                yield from _notice(passage, match, filing)


def _old_order(passage: Passage) -> Iterator[Finding]:
    match = _OLD_ORDER.search(passage.text)
    if match and "711" not in passage.text:
        words = quoted(passage.text, match.start(), match.end())
        yield Finding("L4.old_order", passage.section, match[0], "国务院令第711号", words=words)


def _notice(passage: Passage, match: re.Match[str], filing: Filing) -> Iterator[Finding]:
    right = filing.form.document
    sentence = passage.text[sentence_start(passage.text, match.start()) : match.end() + 20]
    if match["kind"] and not re.search("年度报告|年报|格式", sentence):
        return  # another document that happens to have this number
    before = _TITLE_BEFORE.search(passage.text, max(match.start() - _LONG, 0), match.start())
    title_year = ("2019" if before["old"] else "2021") if before else match["year"]
    outdated = (match["year"] == "2019") == (filing.year >= 2021) and bool(right)
    at, words = (passage.section, match[0], right), quoted(passage.text, match.start(), match.end())
    if outdated:
        yield Finding("L4.outdated", *at, words=words, year=filing.year)
    elif match["kind"]:
        yield Finding("L4.number", *at, words=words)
    elif match["open"] != "〔":
        yield Finding("L4.brackets", *at, words=words)
    elif title_year != match["year"]:
        yield Finding("L4.title", *at, words=words)


def instructions(filing: Filing) -> Iterator[Finding]:
    """L5: the form's own instructions to the writer are not in the text."""
    for passage in passages_with(filing, *_INSTRUCTION_SIGNS):
        match = _INSTRUCTION.search(passage.text)
        if match:
            words = quoted(passage.text, match.start(), match.end())
            yield Finding("L5", passage.section, match[0], words=words)


def section_count(filing: Filing) -> Iterator[Finding]:
    """L6: where the text says of how many parts the report consists, it says six."""
    sections = len(filing.form.sections)
    for passage in passages_with(filing, "部分", "方面内容", "项内容"):
        match = _SECTION_COUNT.search(passage.text)
        if match and _SECTIONS.search(match[0]):
            words = quoted(passage.text, match.start("number") - 8, match.end())
            yield Finding("L6", passage.section, match["number"], str(sections), words=words)


def doubled(filing: Filing) -> Iterator[Finding]:
    """L7: no word, sign or long sentence stands twice."""
    for passage in passages_with(filing, *_TWICE):
        twice = next((words for words in _TWICE if words in passage.text), "")
        if twice != "的的" or _OF_OF.search(passage.text):
            at = passage.text.index(twice)
            words = quoted(passage.text, max(at - 6, 0), at + len(twice) + 6)
            yield Finding("L7.word", passage.section, twice, words=words)
    for section, words in _repeated(filing):
        yield Finding("L7.sentence", section, words[:40])


def _repeated(filing: Filing) -> Iterator[tuple[str, str]]:
    """Sentences that stand twice in a section; section five has a rule of its own (L15)."""
    found = [
        (passage.section, words)
        for passage in passages(filing)
        if passage.section != "problems" and len(passage.text) >= _LONG
        for words in sentences(passage.text)
        if len(words) >= _LONG
    ]
    if len(set(found)) < len(found):
        yield from (where for where, times in Counter(found).items() if times > 1)


RULES = (Rule("L4", basis), Rule("L5", instructions), Rule("L6", section_count), Rule("L7", doubled))
