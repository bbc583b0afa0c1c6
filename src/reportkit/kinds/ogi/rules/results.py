"""R13: how applications ended, who made them and what was carried over, as the text tells it, against table 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import COUNTED, NUMBER
from reportkit.checks.texts import Passage, passages_with
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.statements import Statement, is_own, joined, stated
from reportkit.model.filing import Filing

_ROWS = {
    "予以公开": "outcome.granted",
    "部分公开": "outcome.partial",
    "不予公开": "outcome.refused",
    "无法提供": "outcome.unavailable",
    "不予处理": "outcome.not_processed",
    "其他处理": "outcome.other",
    "其它处理": "outcome.other",
}
_LABEL = f"(?:{'|'.join(_ROWS)})"
_OUTCOME = re.compile(
    rf"(?P<labels>{_LABEL}(?:(?:、|及|和|与|或|以及){_LABEL}){{0,9}})”?(?:（[^（）]{{0,40}}）)?(?:的申请|申请|答复|的)?"
    rf"(?:共计?|有|为|计|：)?(?P<number>{NUMBER}){COUNTED}"
)
_APPLICANT = re.compile(
    r"(?P<name>自然人|法人(?:或|和|及|及其|与|、)其[他它]组织)(?:提出|提交)?的?(?:政府信息公开)?(?:申请)?的?"
    rf"(?:共计?|有|为|：)?(?P<number>{NUMBER}){COUNTED}"
)
_COLUMNS = {True: ("person",), False: ("company", "research", "charity", "legal_service", "other")}
_CARRIED_OVER = re.compile(
    rf"(?:结转|转结|转|顺延)(?:至|到|入)?(?:下一?年度?|次年度?|明年|(?P<year>20\d\d)年度?)(?:继续)?(?:办理|处理|答复)?的?"
    rf"(?:申请)?(?:共计?|有|为)?(?P<number>{NUMBER}){COUNTED}"
    rf"|(?P<first>{NUMBER}){COUNTED}(?:申请)?[^。；，、：（）\d]{{0,15}}?(?:结转|转结|转|顺延)(?:至|到|入)?"
    r"(?:下一?年度?|次年|明年|(?P<later>20\d\d)年)"
    r"|(?:无|没有)(?:申请)?(?:结转(?:至|到|入)?(?:下一?|次)年|(?:下一?|次)年度?结转)"
)
_CARRIED_IN = re.compile(
    r"(?:上一?年度?|去年|(?P<year>20\d\d)年度?)(?:结转|转结)的?(?:政府)?(?:信息公开)?(?:申请)?(?:案件|数量|办理)?的?"
    rf"(?:共计?|有|为)?(?P<number>{NUMBER}){COUNTED}"
)
_PUBLISHED_OTHERWISE = re.compile(
    "主动|文件|制发|制定|会议|政策|解读|预决?算|栏目|网站|平台|公众号|建议|提案|信件|来信|留言|咨询|工单|投诉|举报|案件|处罚|许可|复议|诉讼|判决|裁定"
)
_REASON = re.compile("因|由于|属于|涉及|补正")


class Claim(NamedTuple):
    """A statement with the name of what it counts, and the numbers of table 3 that it may be."""

    statement: Statement
    name: str
    accepted: tuple[Decimal | None, ...]


def results(filing: Filing) -> Iterator[Finding]:
    """R13: outcomes, applicants and carried-over applications in the text are those of table 3."""
    told = [
        each
        for passage in passages_with(filing, "申请", *_ROWS)
        for each in (_claims(passage, filing) if "申请" in passage.text else _bare(passage, filing))
        if each.statement.number is not None and None not in each.accepted and is_own(each.statement, filing)
    ]
    by_name: dict[str, list[Claim]] = {}
    for each in told:
        by_name.setdefault(each.name, []).append(each)
    for same in by_name.values():
        numbers = [each.statement.number or Decimal(0) for each in same]
        # What is told in several ways or in parts is right where one of them is, or their sum.
        if not {*numbers, sum(numbers, Decimal(0))} & {*same[0].accepted}:
            yield _finding(same[0])


def _finding(told: Claim) -> Finding:
    expected = joined(number for number in told.accepted if number is not None)
    return told.statement.finding("R13", expected, what=told.name)


def _claims(passage: Passage, filing: Filing) -> Iterator[Claim]:
    text = passage.text
    if "公开" in text or "处理" in text or "提供" in text:
        yield from (_outcome(stated(passage, match), match["labels"], filing) for match in _OUTCOME.finditer(text))
    if "人" in text:
        yield from (_applicant(stated(passage, match), match["name"], filing) for match in _APPLICANT.finditer(text))
    if "转" in text or "顺延" in text:
        for match in _CARRIED_OVER.finditer(text):
            if (match["year"] or match["later"] or str(filing.year + 1)) == str(filing.year + 1):
                accepted = (counts.requests(filing, "carried_over"),)
                yield Claim(stated(passage, match, "number", "first"), "四、结转下年度继续办理", accepted)
        for match in _CARRIED_IN.finditer(text):
            if (match["year"] or str(filing.year - 1)) == str(filing.year - 1):
                yield Claim(stated(passage, match), "二、上年结转", (counts.requests(filing, "carried_in"),))


def _bare(passage: Passage, filing: Filing) -> Iterator[Claim]:
    """Outcomes in a paragraph that does not speak of applications, and of nothing else that is published."""
    for match in _OUTCOME.finditer(passage.text):
        statement = stated(passage, match)
        if statement.words.endswith("件") and not _PUBLISHED_OTHERWISE.search(statement.head):
            yield _outcome(statement, match["labels"], filing)


def _outcome(statement: Statement, labels: str, filing: Filing) -> Claim:
    names = re.findall(_LABEL, labels)
    expected = counts.total(*(counts.requests(filing, _ROWS[name]) for name in names))
    accepted = [expected]
    if _part_only(statement, expected):
        accepted = [statement.number]
    return Claim(statement, "＋".join(names), tuple(accepted))


def _part_only(statement: Statement, expected: Decimal | None) -> bool:
    """Whether the number may be one of several: 因本机关不掌握，无法提供 5 件. 等原因 speaks of all of them."""
    text = statement.passage.text
    near = max(statement.start - 25, 0)
    start = max(near, *(text.rfind(sign, near, statement.start) + 1 for sign in "。；"))
    before = text[start : statement.start]
    few = statement.number is not None and expected is not None and statement.number <= expected
    return few and "等" not in before and _REASON.search(before) is not None


def _applicant(statement: Statement, name: str, filing: Filing) -> Claim:
    columns = _COLUMNS[name == "自然人"]
    new, old, done = (counts.requests(filing, row, columns) for row in ("received", "carried_in", "outcome.total"))
    return Claim(statement, f"{name}申请", tuple(dict.fromkeys((new, counts.total(new, old), done))))


RULES = (Rule("R13", results),)
