"""R15: percentages that the text states are worked out again, from the numbers beside them and from last year's."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.quantities import NUMBER, exact, rounds_to
from reportkit.checks.texts import passages_with, quoted
from reportkit.kinds.ogi.rules import counts
from reportkit.kinds.ogi.rules.applications import received_statements
from reportkit.kinds.ogi.rules.statements import Statement, is_own, joined, stated
from reportkit.messages.words import joined as listed
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

_UNIT = "(?P<unit>人次|件|条|份|次|篇|起|宗|期|场|个|人|项|家|户)"
_SHARE = re.compile(
    rf"(?P<number>{NUMBER}){_UNIT}[，（]?(?:约)?占(?P<whole>[^。；，、（）\d%]{{0,14}})(?P<percent>\d+(?:\.\d+)?)%"
)
# The whole may be named, as long as the name is that of the list that the number stands in.
_SAME_WHOLE = re.compile(
    "(?:已|申请|总|数|量|件|条|比|的|例|约|为|达|到|全部|办结|答复|公开|政府|信息|其中|受理|收到|本年|全年|重)*"
)
_QUANTITY = re.compile(f"(?P<number>{NUMBER}){_UNIT}")
_MOST = 50
"""So many of the quantities before a share may be its whole, the last ones."""

_WHOLE = re.compile("共|总|受理|收到|答复|合计|累计|其中")
_CHANGE = re.compile(
    r"(?:（[^（）]{0,300}）)?[，（、]?[^。；，（）\d]{0,10}?(?:同比|[比较与同](?:上一?年|去年|20\d\d年)度?(?:同期)?(?:相比)?)[^。；，（）\d]{0,6}?"
    r"(?P<way>增长|增加|上升|提高|下降|减少|降低|回落)了?(?P<change>\d+(?:\.\d+)?)(?P<sign>%|件)"
)
_DOWN = ("下降", "减少", "降低", "回落")


class _Quantities(NamedTuple):
    """The quantities of a paragraph by unit, with where each ends, and where the first word ends that tells a whole."""

    by_unit: Mapping[str, tuple[Sequence[Decimal | None], Sequence[int]]]
    first_whole: int


def shares(filing: Filing) -> Iterator[Finding]:
    """R15: "X 件，占 Y%" can be worked out from a number that the text or table 3 gives as the whole."""
    for passage in passages_with(filing, "占"):
        if "%" in passage.text:
            for match in _SHARE.finditer(passage.text):
                statement = stated(passage, match)
                if statement.number and _SAME_WHOLE.fullmatch(match["whole"]) and is_own(statement, filing):
                    yield from _wrong_share(statement, match["unit"], match["percent"], filing)


def _wrong_share(statement: Statement, unit: str, percent: str, filing: Filing) -> Iterator[Finding]:
    part = statement.number or Decimal(0)
    wholes = _wholes(statement, unit, filing)
    if not wholes or any(rounds_to(part * 100 / whole, percent) for whole in wholes):
        return
    worked_out = listed(phrase("share", whole=whole, share=f"{part * 100 / whole:.2f}") for whole in wholes[:3])
    section, words = statement.passage.section, statement.quoted
    yield Finding("R15.share", section, f"{percent}%", worked_out, words=words, part=part)


def _wholes(statement: Statement, unit: str, filing: Filing) -> list[Decimal]:
    """The numbers that may be the whole; none where the whole is a rough one, or is not to be seen."""
    passage = statement.passage
    quantities = _quantities(passage.text)
    numbers, ends = quantities.by_unit.get(unit, ([], []))
    before = bisect_right(ends, statement.start)
    found = list(numbers[max(before - _MOST, 0) : before])
    if None in found or statement.start < quantities.first_whole:
        return []
    if unit == "件" and "申请" in passage.text:
        new, old = counts.requests(filing, "received"), counts.requests(filing, "carried_in")
        found += [new, counts.total(new, old), counts.requests(filing, "outcome.total")]
    part = statement.number or Decimal(0)
    return list(dict.fromkeys(whole for whole in found if whole and whole >= part))


@lru_cache(maxsize=4)
def _quantities(text: str) -> _Quantities:
    by_unit: dict[str, tuple[list[Decimal | None], list[int]]] = {}
    for match in _QUANTITY.finditer(text):
        numbers, ends = by_unit.setdefault(match["unit"], ([], []))
        numbers.append(exact(match["number"]))
        ends.append(match.end())
    whole = _WHOLE.search(text)
    return _Quantities(by_unit, whole.end() if whole else len(text) + 1)


def changes(filing: Filing, last: Filing) -> Iterator[Finding]:
    """R15: "收到申请 N 件，同比增长 Y%" can be worked out from last year's table 3."""
    before = _possible(last)
    for statement in received_statements(filing) if before else ():
        match = _CHANGE.match(statement.passage.text, statement.end)
        if match and statement.number and not any(_changed(statement.number, number, match) for number in before):
            yield _wrong_change(statement, match, before)


def _possible(last: Filing) -> list[Decimal]:
    """Last year's number of applications in both usages; none if it is not known, or 0."""
    new, old = counts.requests(last, "received"), counts.requests(last, "carried_in")
    return [] if new is None or old is None or not new else list(dict.fromkeys((new, new + old)))


def _changed(now: Decimal, before: Decimal, match: re.Match[str]) -> bool:
    change = before - now if match["way"] in _DOWN else now - before
    return rounds_to(change * 100 / before if match["sign"] == "%" else change, match["change"])


def _wrong_change(statement: Statement, match: re.Match[str], before: list[Decimal]) -> Finding:
    now, stated_change = statement.number or Decimal(0), f"{match['way']}{match['change']}{match['sign']}"
    rates = _rates(now, before)
    words = quoted(statement.passage.text, match.start("way"), match.end())
    told = {"words": statement.quoted, "change": words, "before": joined(before), "now": now}
    return Finding("R15.change", statement.passage.section, stated_change, rates, **told)


def _rates(now: Decimal, before: list[Decimal]) -> str:
    """Return the changes against each number in words: 增长 12.50% 或 下降 3.00%."""
    rates = [(now - number) * 100 / number for number in before]
    return listed((phrase("less_by" if rate < 0 else "more_by", rate=f"{abs(rate):.2f}") for rate in rates), "or")


RULES = (Rule("R15", shares), Rule("R15", changes, "last"))
