"""Whose report this is, and of which year: from the title, or from the sentence that states the period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from reportkit.errors import Issue, Origin
from reportkit.readers.published.document import Document, Grid, Paragraph
from reportkit.readers.published.labels import squeezed
from reportkit.readers.published.radicals import folded

_REPORT = r"(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:年度工作报告|年度报告|年报|工作报告|报告)"
_YEAR = r"(?P<year>20\d\d)年?(?:度|年度)?"
_NAME = r"(?P<name>[一-鿿]{2,40}?)"
_TITLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:关于)?{_YEAR}{_NAME}(?:关于)?{_REPORT}(?:\(.{{0,12}}\))?",
        rf"(?:关于)?{_NAME}(?:关于)?{_YEAR}{_REPORT}(?:\(.{{0,12}}\))?",
        rf"{_NAME}{_REPORT}\(?{_YEAR}\)?",
    )
)
_YEARLESS = re.compile(rf"(?:关于)?{_NAME}{_REPORT}")
_ANNUAL = re.compile(r"(20\d\d)年?(?:度)?(?:政府信息公开|信息公开)?(?:工作)?(?:年报|年度报告)")
_IN_SENTENCE = tuple(
    re.compile(rf"(?:编制|制定|公布|公开|发布)(?:了|本|出)?《?(?:{inner})", re.ASCII)
    for inner in (rf"{_YEAR}{_NAME}{_REPORT}", rf"{_NAME}{_YEAR}{_REPORT}")
)
_MADE_BY = re.compile(
    r"由(?P<name>[一-鿿]{2,20}?(?:人民政府|[市县区旗州盟][一-鿿]{2,12}?局(?=办公室)))(?:党政|综合|党政综合)?(?:办公室)?编制"
)
_AS_FOLLOWS = re.compile(
    rf"现[将把]{_NAME}{_YEAR}(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:有关|年度)?(?:情况|报告)"
)
_OPENNESS = r"(?:政府信息公开|政务公开|信息公开)"
_OF_REPORT = re.compile(
    rf"(?:现[将把]?|编制|公布|公开|发布)[^。;《》]{{0,40}}?(20\d\d)年(?:度|年度)?{_OPENNESS}[^。;《》]{{0,8}}报告"
)
_ONE_S_OWN = re.compile(r"(20\d\d)年(?:度|以来)?[,，]?我[局镇乡街办委院县市区站中单](?!将)")
_UNTIL = re.compile(r"截[至止]到?(20\d\d)年(?:12月|底|末|年底)")
_OPENING = re.compile(r"(20\d\d)年(?:度|以来)?[,，]?(?!\d)")
_SUBJECT = re.compile(
    r"20\d\d年[,，](?P<name>[一-鿿]{2,20}(?:\([一-鿿]{2,20}\))?[一-鿿]{0,20}?(?P<kind>局|镇|乡|街道|街道办事处))"
    r"(?:以|按照|严格|认真|坚持|深入|高度重视|紧紧|始终|全面|积极|在)"
)
_OWN_GROUP = re.compile(rf"成立(?:了)?(?P<name>[一-鿿]{{2,20}}?(?P<kind>局|镇|乡|街道)){_OPENNESS}(?:工作)?领导小组")
_PLACED = re.compile(r".[省市县区旗州盟镇乡街]|.{2}(?:镇|乡|街道)$")
_NOBODY = re.compile(
    r"[省市县区镇乡旗州盟]?(?:人民)?政府|本(?:局|级|行政机关|县|区|镇|乡|街道|办|委|院)|.?(?:单位|机关|部门)"
)
_PERIOD = re.compile(r"统计(?:期限|时限|时间|范围|周期|截止)[^。;]{0,12}?(?P<year>20\d\d)")
_AUTHORITY = re.compile(
    r"(?:镇|乡|街道|街|办事处|苏木|县|市|区|旗|州|盟|省|政府|局|委|委员会|办|办公室|厅|院|中心|部|队|处|社|会|馆|所|站|厂|场|署|银行|公司|联合会|管委会|支队|总队|大队)"
)
_NOT_A_NAME = re.compile(
    r"首页|当前|位置|关于|根据|按照|编制|公布|发布|以下|本年|我|来源|标题|字体|打印|全文|下载|附件|信息公开|年度|如下|的"
)
_FIRST_LINES = 60
_SHORT = 40
_OF_ANOTHER = re.compile(r"[上下]一[篇条页]|关于|通知|相关|附件")
_TABLE_ROWS = 3
_FIRST_SECTION = re.compile(r"[一二]、|总体情况$")


class Whose(NamedTuple):
    """A jurisdiction, its authority and the year; "" and None where the document does not say."""

    jurisdiction: str = ""
    agency: str = ""
    year: int | None = None
    notes: tuple[Issue, ...] = ()


def whose(document: Document) -> Whose:
    """Return whose report this is, with warnings about what it does not say or says in two ways."""
    lines = [(squeezed(text), place) for text, place in _first_lines(document)]
    above = list(takewhile(lambda line: not _FIRST_SECTION.match(line[0]), lines))
    title = _title(above, document.title)
    body = "".join(text for text, _ in lines)
    name, year, place = title or ("", None, "")
    period = _period(body)
    notes = list(_about_year(year, period, document.path, place))
    if year is None and period is None:
        named, told = _named_year(above), _told_year(lines)
        if year := named or told:
            source = f"“{year}年报”这样的字样" if named else f"正文里的“{year}年”"
            message = f"年份 {year} 是从{source}得出的，没有找到标题和统计期限；请核对"
            notes = [Issue("D34", "warning", message, Origin(document.path), None, str(year))]
    if not name:
        name = _in_sentence(body)
    if not name and (name := _subject(lines)):
        message = f"单位名称“{name}”是从正文得出的，没有找到标题；请核对 jurisdiction"
        notes.append(Issue("D35", "warning", message, Origin(document.path), None, name))
    elif not name:
        message = "没有找到单位名称（标题里没有）；请填写 jurisdiction"
        notes.append(Issue("D35", "warning", message, Origin(document.path)))
    jurisdiction = short_name(name)
    return Whose(jurisdiction, name if name != jurisdiction else "", year or period, tuple(notes))


def short_name(name: str) -> str:
    """Return a jurisdiction's name without its authority's: 太平镇人民政府 -> 太平镇.

    An office or a department keeps its whole name: 上海市人民政府办公厅.
    """
    if name.endswith("街道办事处"):
        name = name.removesuffix("办事处")
    name = re.sub(r"人民政府(?=.+街道$)", "", name)
    return re.sub(r"(?<=[镇乡县市区旗州盟省道])(?:人民)?政府$", "", name)


def _first_lines(document: Document) -> Iterator[tuple[str, str]]:
    """The lines above the first table, as far as they can hold a title."""
    above = takewhile(lambda block: not isinstance(block, Grid) or len(block.rows) < _TABLE_ROWS, document.blocks)
    texts = ((folded(line), block.place) for block in above if isinstance(block, Paragraph) for line in _lines(block))
    return islice(texts, _FIRST_LINES)


def _lines(block: Paragraph) -> list[str]:
    return block.text.split("\n")


def _title(lines: Sequence[tuple[str, str]], page_title: str) -> tuple[str, int | None, str] | None:
    """Name, year and place of the first title, a broken one included; one without a year if there is no other."""
    pairs = [(text + after, place) for (text, place), (after, _) in pairwise(lines)]
    names = [(squeezed(part), "") for part in re.split(r"[_\-|—]+", folded(page_title))]
    for candidates in (lines, pairs, names):
        for text, place in candidates:
            for pattern in _TITLES:
                match = pattern.fullmatch(text)
                if match and _is_name(match["name"]):
                    return match["name"], int(match["year"]), place
    for text, place in (*lines, *names):
        match = _YEARLESS.fullmatch(text)
        if match and _is_name(match["name"]) and _AUTHORITY.search(match["name"]):
            return match["name"], None, place
    return None


def _named_year(lines: Sequence[tuple[str, str]]) -> int | None:
    """The year where short lines name the report by its year alone: 2020年报_审计局."""
    own = (text for text, _ in lines if len(text) <= _SHORT and not _OF_ANOTHER.search(text))
    found = {int(year) for text in own for year in _ANNUAL.findall(text)}
    return found.pop() if len(found) == 1 else None


def _in_sentence(body: str) -> str:
    """The name in the sentence that says what is drawn up, or by whom."""
    for pattern in (*_IN_SENTENCE, _AS_FOLLOWS, _MADE_BY):
        for match in pattern.finditer(body):
            if _is_name(match["name"]) and _AUTHORITY.search(match["name"][-3:]):
                return match["name"]
    return ""


def _subject(lines: Sequence[tuple[str, str]]) -> str:
    """The name in the first sentence of the first section or of what stands before it; or that of its own committee.

    The text must speak of itself as 我局 or 我镇 accordingly, and no other name may be found in such a place.
    """
    body = "".join(text for text, _ in lines)
    found = [match for text, _ in _first_words(lines) if (match := _SUBJECT.match(text))]
    found = found or [*_OWN_GROUP.finditer(body)]
    names = {match["name"] for match in found}
    if len(names) != 1 or not _is_name(name := names.pop()) or not _PLACED.search(name):
        return ""
    return name if f"我{found[0]['kind'][:1]}" in body else ""


def _first_words(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What stands before the first section, and its first line."""
    first = next((at for at, (text, _) in enumerate(lines) if _FIRST_SECTION.match(text)), -1)
    return [*lines[: first + 2]]


def _told_year(lines: Sequence[tuple[str, str]]) -> int | None:
    """The year that sentences about the report, the words 截至…12月, and the first words of paragraphs agree on.

    One of them must be more than a paragraph's first words: those of the first section or before it, or 2020年,我局.
    """
    body = "".join(text for text, _ in lines)
    about = {*_OF_REPORT.findall(body), *_UNTIL.findall(body)}
    begun = any(_OPENING.match(text) for text, _ in _first_words(lines))
    sure = begun or any(_ONE_S_OWN.match(text) for text, _ in lines)
    found = about | {match[1] for text, _ in lines if (match := _OPENING.match(text))}
    return int(found.pop()) if len(found) == 1 and (about or sure) else None


def _period(body: str) -> int | None:
    years = {int(match["year"]) for match in _PERIOD.finditer(body)}
    return years.pop() if len(years) == 1 else None


def _about_year(year: int | None, period: int | None, path: str, place: str) -> Iterator[Issue]:
    if year is None and period is None:
        yield Issue("D34", "warning", "没有找到年份（标题和统计期限里都没有）；请填写 year", Origin(path))
    elif year and period and year != period:
        message = f"标题是 {year} 年，统计期限是 {period} 年；按标题读，请核对"
        yield Issue("D36", "warning", message, Origin(path, place), None, str(period), str(year))


def _is_name(name: str) -> bool:
    return not _NOT_A_NAME.search(name) and not _NOBODY.fullmatch(name)
