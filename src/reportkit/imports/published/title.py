"""Whose report this is, and of which year: from the title, or from the sentence that states the period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from reportkit.documents.document import Document, Grid, Paragraph
from reportkit.errors import Issue, Origin, Place
from reportkit.imports.published.radicals import folded
from reportkit.imports.title_patterns import NAME, YEAR, title_patterns
from reportkit.kinds import Vocabulary, kind_of
from reportkit.messages.words import issue
from reportkit.model.form import Form
from reportkit.model.spelling import squeezed

_ONE_S_OWN = re.compile(r"(20\d\d)年(?:度|以来)?[,，]?我[局镇乡街办委院县市区站中单](?!将)")
_UNTIL = re.compile(r"截[至止]到?(20\d\d)年(?:12月|底|末|年底)")
_OPENING = re.compile(r"(20\d\d)年(?:度|以来)?[,，]?(?!\d)")
_MADE_BY = re.compile(
    r"由(?P<name>[一-鿿]{2,20}?(?:人民政府|[市县区旗州盟][一-鿿]{2,12}?局(?=办公室)))(?:党政|综合|党政综合)?(?:办公室)?编制"
)
_SUBJECT = re.compile(
    r"20\d\d年[,，](?P<name>[一-鿿]{2,20}(?:\([一-鿿]{2,20}\))?[一-鿿]{0,20}?(?P<kind>局|镇|乡|街道|街道办事处))"
    r"(?:以|按照|严格|认真|坚持|深入|高度重视|紧紧|始终|全面|积极|在)"
)
_PLACED = re.compile(r".[省市县区旗州盟镇乡街]|.{2}(?:镇|乡|街道)$")
_NOBODY = re.compile(
    r"[省市县区镇乡旗州盟]?(?:人民)?政府|本(?:局|级|行政机关|县|区|镇|乡|街道|办|委|院)|.?(?:单位|机关|部门)"
)
_PERIOD = re.compile(r"统计(?:期限|时限|时间|范围|周期|截止)[^。;]{0,12}?(?P<year>20\d\d)")
_AUTHORITY = re.compile(
    r"(?:镇|乡|街道|街|办事处|苏木|县|市|区|旗|州|盟|省|政府|局|委|委员会|办|办公室|厅|院|中心|部|队|处|社|会|馆|所|站|厂|场|署|银行|公司|联合会|管委会|支队|总队|大队)"
)
_NOT_A_NAME = re.compile(
    r"首页|当前|位置|关于|根据|按照|编制|公布|发布|以下|本年|我|来源|标题|字体|打印|全文|下载|附件|年度|如下|的"
)
_FIRST_LINES = 60
_SHORT = 40
_OF_ANOTHER = re.compile(r"[上下]一[篇条页]|关于|通知|相关|附件")
_TABLE_ROWS = 3


class Whose(NamedTuple):
    """A jurisdiction, its authority and the year; "" and None where the document does not say."""

    jurisdiction: str = ""
    agency: str = ""
    year: int | None = None
    notes: tuple[Issue, ...] = ()


def whose(document: Document, form: Form) -> Whose:
    """Return whose report of this form it is, with warnings about what it does not say or says in two ways."""
    return _Parser(document, form).whose()


def has_title(document: Document, form: Form) -> bool:
    """Return whether a document has a title of this form's reports."""
    return _Parser(document, form).title() is not None


def short_name(name: str) -> str:
    """Return a jurisdiction's name without its authority's: 太平镇人民政府 -> 太平镇.

    An office or a department keeps its whole name: 上海市人民政府办公厅.
    """
    if name.endswith("街道办事处"):
        name = name.removesuffix("办事处")
    if name.endswith("街道"):
        name = name[:-3].replace("人民政府", "") + name[-3:]
    return re.sub(r"(?<=[镇乡县市区旗州盟省道])(?:人民)?政府$", "", name)


def _first_lines(document: Document) -> Iterator[tuple[str, Place]]:
    """The lines above the first table, as far as they can hold a title."""
    above = takewhile(lambda block: not isinstance(block, Grid) or len(block.rows) < _TABLE_ROWS, document.blocks)
    texts = ((folded(line), block.place) for block in above if isinstance(block, Paragraph) for line in _lines(block))
    return islice(texts, _FIRST_LINES)


def _lines(block: Paragraph) -> list[str]:
    return block.text.split("\n")


class _Parser:
    """Looks for a name and a year, first in titles, then in sentences."""

    def __init__(self, document: Document, form: Form) -> None:
        self._document = document
        self._titles, self._words = title_patterns(form), _sentences(kind_of(form).vocabulary)
        self._first_section = _first_section(form.sections[0].label)
        self._raw = list(_first_lines(document))
        self._lines = [(squeezed(text), place) for text, place in self._raw]
        self._above = list(takewhile(lambda line: not self._first_section.match(line[0]), self._lines))
        self._body = "".join(text for text, _ in self._lines)

    def whose(self) -> Whose:
        name, year, place = self.title() or ("", None, "")
        period, path = _period(self._body), self._document.path
        notes = list(_about_year(year, period, path, place))
        if year is None and period is None:
            named, told = self._named_year(), self._told_year()
            if year := named or told:
                notes = [issue("D34.report" if named else "D34.text", Origin(path), None, str(year))]
        if not name:
            name = self._in_sentence()
        if not name and (name := self._subject()):
            notes.append(issue("D35.text", Origin(path), None, name))
        elif not name:
            notes.append(issue("D35.none", Origin(path)))
        jurisdiction = short_name(name)
        return Whose(jurisdiction, name if name != jurisdiction else "", year or period, tuple(notes))

    def title(self) -> tuple[str, int | None, Place] | None:
        """Name, year and place of the first title, a broken one included; one without a year if there is no other."""
        lines = self._raw[: len(self._above)]
        pairs = [(f"{text} {after}", place) for (text, place), (after, _) in pairwise(lines)]
        names = [(part, "") for part in re.split(r"[_\-|—]+", folded(self._document.title))]
        for text, place in (*lines, *pairs, *names):
            for name, year in self._titles.whole(text):
                if self._is_name(name):
                    return name, year, place
        for text, place in (*lines, *names):
            name = self._titles.yearless(text)
            if name and self._is_name(name) and _AUTHORITY.search(name):
                return name, None, place
        return None

    def _named_year(self) -> int | None:
        """The year where short lines name the report by its year alone: 2020年报_审计局."""
        own = (text for text, _ in self._above if len(text) <= _SHORT and not _OF_ANOTHER.search(text))
        found = {int(year) for text in own for year in self._words.annual.findall(text)}
        return found.pop() if len(found) == 1 else None

    def _in_sentence(self) -> str:
        """The name in the sentence that says what is drawn up, or by whom."""
        for pattern in (*self._words.in_sentence, self._words.as_follows, _MADE_BY):
            for match in pattern.finditer(self._body):
                if self._is_name(match["name"]) and _AUTHORITY.search(match["name"][-3:]):
                    return match["name"]
        return ""

    def _subject(self) -> str:
        """The name in the first sentence of the first section or of what stands before it; or of its own committee.

        The text must speak of itself as 我局 or 我镇 accordingly, and no other name may be found in such a place.
        """
        found = [match for text in self._first_words() if (match := _SUBJECT.match(text))]
        found = found or [*self._words.own_group.finditer(self._body)]
        names = {match["name"] for match in found}
        if len(names) != 1 or not self._is_name(name := names.pop()) or not _PLACED.search(name):
            return ""
        return name if f"我{found[0]['kind'][:1]}" in self._body else ""

    def _first_words(self) -> list[str]:
        """What stands before the first section, and its first line."""
        first = next((at for at, (text, _) in enumerate(self._lines) if self._first_section.match(text)), -1)
        return [text for text, _ in self._lines[: first + 2]]

    def _told_year(self) -> int | None:
        """The year that sentences about the report, the words 截至…12月, and the first words of paragraphs agree on.

        One of them must be more than a paragraph's first words: those of the first section or before it, or
        2020年,我局.
        """
        about = {*self._words.of_report.findall(self._body), *_UNTIL.findall(self._body)}
        begun = any(_OPENING.match(text) for text in self._first_words())
        sure = begun or any(_ONE_S_OWN.match(text) for text, _ in self._lines)
        found = about | {match[1] for text, _ in self._lines if (match := _OPENING.match(text))}
        return int(found.pop()) if len(found) == 1 and (about or sure) else None

    def _is_name(self, name: str) -> bool:
        return not _NOT_A_NAME.search(name) and not self._words.no_name.search(name) and not _NOBODY.fullmatch(name)


class Sentences:
    """The sentences that say whose report it is, with what the reports of a kind are called."""

    def __init__(self, words: Vocabulary) -> None:
        report, matter = words.report, f"(?:{words.matter})"
        self.annual = re.compile(rf"(20\d\d)年?(?:度)?{words.short_report}")
        self.in_sentence = tuple(
            re.compile(rf"(?:编制|制定|公布|公开|发布)(?:了|本|出)?《?(?:{inner})", re.ASCII)
            for inner in (rf"{YEAR}{NAME}{report}", rf"{NAME}{YEAR}{report}")
        )
        self.as_follows = re.compile(rf"现[将把]{NAME}{YEAR}{matter}(?:工作)?(?:有关|年度)?(?:情况|报告)")
        self.of_report = re.compile(
            rf"(?:现[将把]?|编制|公布|公开|发布)[^。;《》]{{0,40}}?(20\d\d)年(?:度|年度)?{matter}[^。;《》]{{0,8}}报告"
        )
        self.own_group = re.compile(
            rf"成立(?:了)?(?P<name>[一-鿿]{{2,20}}?(?P<kind>局|镇|乡|街道)){matter}(?:工作)?领导小组"
        )
        self.no_name = re.compile(words.no_name)


_sentences = cache(Sentences)


@cache
def _first_section(label: str) -> re.Pattern[str]:
    return re.compile(rf"[一二]、|{re.escape(squeezed(label))}$")


def _period(body: str) -> int | None:
    years = {int(match["year"]) for match in _PERIOD.finditer(body)}
    return years.pop() if len(years) == 1 else None


def _about_year(year: int | None, period: int | None, path: str, place: Place) -> Iterator[Issue]:
    if year is None and period is None:
        yield issue("D34.none", Origin(path))
    elif year and period and year != period:
        yield issue("D36", Origin(path, place), None, str(period), str(year))
