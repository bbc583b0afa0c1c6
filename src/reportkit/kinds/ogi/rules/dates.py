"""L1 and P6: years left from another report, and publication after the deadline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import Passage, passages_with, quoted
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

_PERIOD = re.compile("统计(?:期限|时间|时限|周期|期间|期|范围)[^。]{0,45}")
_PERIOD_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?=\d{1,2}月|全?年?度?(?:[，。；、）]|$))")
_THIS_REPORT = re.compile(
    r"(?:现将|[特现]编制|特?向社会(?:公开|公布)|现公布)[^，。；《]{0,20}?(?P<year>20\d\d)年度?[^，。；《》]{0,25}?"
    r"(?:政府信息公开(?:工作)?(?:年度)?(?:报告|总结|情况)|年度报告|年报)"
)
_TITLE = re.compile(r"^[^，。；《]{0,30}?(?P<year>20\d\d)年度?[^，。；《》]{0,25}(?:年度报告|年报)(?=（|$)")
_UP_TO = re.compile(r"截[至止到](?P<year>20\d\d)年12月31日")
_PLANS = re.compile(
    r"(?<!\d)(?P<year>20\d\d)年度?，?(?:我们|[我本全](?:[镇乡局县市区办院委]|街道?|单位))?(?:将|拟)"
    r"(?:进一步|继续|着力|采取|从|不断|围绕|按照|根据|认真|持续|切实|针对)"
)
_ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_PUBLISHED = re.compile(
    r"(?:发布|公开|公布|发表|生成|成文)(?:日期|时间)?：?(?P<year>20\d\d)[年\-/.](?P<month>\d{1,2})[月\-/.](?P<day>\d{1,2})"
)
_SIGNED = re.compile(r"（?(?P<year>20\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日）?")
_GOVERNMENT = re.compile("(?:[省市县州盟旗]|(?<!街)区)(?:人民政府)?$")


def years(filing: Filing) -> Iterator[Finding]:
    """L1: where a sentence speaks of this report or of its year, the year is this report's."""
    for passage in passages_with(filing, "统计"):
        yield from _period(passage, filing)
    for passage in passages_with(filing, "现将", "编制", "向社会公", "现公布"):
        yield from _other_year(passage, filing, _THIS_REPORT, "L1.report")
    for passage in passages_with(filing, "年度报告", "年报"):
        yield from _other_year(passage, filing, _TITLE, "L1.title")
    for passage in passages_with(filing, "截"):
        yield from _other_year(passage, filing, _UP_TO, "L1.up_to")
    for passage in passages_with(filing, "将", "拟"):
        yield from _plans(passage, filing)
    yield from _never_this_year(filing)


def _period(passage: Passage, filing: Filing) -> Iterator[Finding]:
    for period in _PERIOD.finditer(passage.text):
        wrong = [year for year in _PERIOD_YEAR.findall(period[0]) if int(year) != filing.year]
        if wrong:
            yield _year_finding("L1.period", passage, period, wrong[0], filing)


def _other_year(passage: Passage, filing: Filing, pattern: re.Pattern[str], name: str) -> Iterator[Finding]:
    for match in pattern.finditer(passage.text):
        if int(match["year"]) != filing.year:
            yield _year_finding(name, passage, match, match["year"], filing)


def _year_finding(name: str, passage: Passage, match: re.Match[str], year: str, filing: Filing) -> Finding:
    words = quoted(passage.text, match.start(), match.end())
    return Finding(name, passage.section, year, str(filing.year), words=words)


def _plans(passage: Passage, filing: Filing) -> Iterator[Finding]:
    for match in _PLANS.finditer(passage.text):
        if int(match["year"]) <= filing.year:
            words = quoted(passage.text, match.start(), match.end())
            yield Finding("L1.plans", passage.section, match["year"], str(filing.year + 1), words=words)


def _never_this_year(filing: Filing) -> Iterator[Finding]:
    """The overview names last year and never its own: it was taken over as a whole."""
    words = filing.narrative.get("overview", "")
    if f"{filing.year - 1}年" not in words:
        return
    found = set(_ANY_YEAR.findall(words))
    if str(filing.year - 1) in found and str(filing.year) not in found:
        yield Finding("L1.never", "overview", str(filing.year - 1), str(filing.year))


def late(filing: Filing) -> Iterator[Finding]:
    """P6: a date of publication that the text states is not after the deadline."""
    month = 3 if _GOVERNMENT.search(filing.jurisdiction) else 1
    for passage in passages_with(filing, str(filing.year + 1)):
        for match in (*_PUBLISHED.finditer(passage.text), *filter(None, [_SIGNED.fullmatch(passage.text)])):
            date = (int(match["year"]), int(match["month"]), int(match["day"]))
            if (filing.year + 1, month, 31) < date < (filing.year + 2, 1, 1):
                words = quoted(passage.text, match.start(), match.end())
                deadline = phrase("end_of_march" if month == 3 else "end_of_january", year=filing.year + 1)
                at = (passage.section, match[0], phrase("not_after", date=deadline))
                yield Finding("P6", *at, words=words, deadline=deadline)


RULES = (Rule("L1", years), Rule("P6", late))
