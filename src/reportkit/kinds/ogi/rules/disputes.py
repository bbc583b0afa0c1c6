"""R14: administrative reviews and lawsuits, as the text tells them, against table 4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import NUMBER
from reportkit.checks.texts import Passage, passages_with
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.statements import Statement, is_own, joined, stated
from reportkit.model.filing import Filing

_CASES = "(?:件|起|次|宗|例|个|案)"
_CALLED = "(?:案件|案|申请|事项)?(?:数量|数)?(?:共计?|均?为|有|：|计|发生)?"
_NUMBERED = re.compile(
    rf"行政复议(?:案件|案)?(?P<both>(?:、|和|及|与|或|或者|以及)(?:被?提起)?(?:行政)?诉讼)?{_CALLED}(?P<number>{NUMBER}){_CASES}"
    rf"|(?P<lawsuit>诉讼){_CALLED}(?P<suits>{NUMBER}){_CASES}"
)
_ALSO = (
    "(?:案件|案|申请)?(?:、|和|及|与|或|或者|以及|，)(?:因.{0,12})?(?:被|申请|提起|的){0,4}"
    "(?:行政复议|行政诉讼|诉讼|申诉)"
)
_NONE = re.compile(
    r"(?:未|没有?|无)(?!经)(?P<gap>[^。；，：（）\d]{0,45}?)(?:行政复议|行政诉讼|诉讼)"
    rf"(?:{_ALSO}){{0,2}}+(?:的|有关|案件|案|事件|情况|情形|事项|现象|问题|发生|等|申请|行为|申诉|和){{0,6}}(?=[，。；、）]|$)"
)
_UNFINISHED = re.compile("审结|审理|办结|完结|审查")
_STILL_OPEN = re.compile("尚未审结|未审结|正在审理|审理中|未结")
_ABOUT = re.compile("信息公开|依申请公开|政务公开")
_NAMES = {"review": "行政复议", "lawsuits": "行政诉讼", "both": "行政复议与行政诉讼"}


def disputes(filing: Filing) -> Iterator[Finding]:
    """R14: reviews and lawsuits in the text are the totals of table 4, or those of them that are concluded."""
    told = [
        (statement, kind)
        for passage in passages_with(filing, "复议", "诉讼")
        for statement, kind in _statements(passage, filing)
    ]
    for kind, name in _NAMES.items():
        same = [statement for statement, of in told if of == kind]
        accepted = [_accepted(filing, kind, statement) for statement in same]
        if same and all(one and statement.number not in one for statement, one in zip(same, accepted, strict=True)):
            yield _finding(same[0], name, *accepted[0][:2])


def _finding(statement: Statement, what: str, total: Decimal, concluded: Decimal) -> Finding:
    expected = joined((total, concluded))
    if total == concluded:
        return statement.finding("R14.total", expected, what=what, total=total)
    return statement.finding("R14.concluded", expected, what=what, total=total, concluded=concluded)


def _statements(passage: Passage, filing: Filing) -> Iterator[tuple[Statement, str]]:
    text = passage.text
    for match in _NUMBERED.finditer(text):
        statement = stated(passage, match, "number", "suits")
        if statement.number is not None and _counts(statement, filing):
            yield statement, "lawsuits" if match["lawsuit"] else "both" if match["both"] else "review"
    for match in _NONE.finditer(text):
        statement = stated(passage, match)
        if not _UNFINISHED.search(match["gap"]) and _counts(statement, filing):
            yield from (
                (statement, kind) for kind, word in (("review", "复议"), ("lawsuits", "诉讼")) if word in match[0]
            )


def _counts(statement: Statement, filing: Filing) -> bool:
    """Whether the statement is about this report's matter, year and unit, and not about all work of the law."""
    passage = statement.passage
    near = passage.text[max(0, statement.start - 150) : statement.end]
    return (passage.section in ("requests", "reviews") or bool(_ABOUT.search(near))) and is_own(statement, filing)


def _accepted(filing: Filing, kind: str, statement: Statement) -> list[Decimal]:
    """All cases, the concluded ones and, where the sentence speaks of what is left or of one way to sue, also those."""
    groups = {"review": ("review",), "lawsuits": ("direct", "after_review")}.get(
        kind, ("review", "direct", "after_review")
    )
    totals = [counts.reviews(filing, group) for group in groups]
    pending = [counts.reviews(filing, group, "pending") for group in groups]
    everything, left = counts.total(*totals), counts.total(*pending)
    if everything is None or left is None:
        return []
    near = statement.passage.text[max(0, statement.start - 20) : statement.end + 12]
    accepted = [everything, everything - left]
    if statement.number and _STILL_OPEN.search(near):
        accepted.append(left)
    if "复议后" in near or "经复议" in near or "直接" in near:
        accepted += [number for number in (*totals, *pending) if number is not None]
    return accepted


RULES = (Rule("R14", disputes),)
