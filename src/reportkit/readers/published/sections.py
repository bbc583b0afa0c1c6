"""The words of a report by section, as Markdown that prints as it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reportkit.errors import Issue, Origin
from reportkit.forms import Form, Section
from reportkit.readers.escaping import markdown_line
from reportkit.readers.published.labels import squeezed
from reportkit.readers.published.tokens import Line, Shape
from reportkit.readers.published.words import Kind

_PERIOD = re.compile(r"统计(?:期限|时限|时间)")
_SENTENCE = re.compile(r"[，。；,;]")
_ENDS = "。；：！？.;:!?…”"
_BEGINS = re.compile(
    r"[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+[、是要]|\d{1,2}[.、．)]|[①-⑳]|第[一二三四五六七八九十]+[，、是]|[●■◆·]"
)
_TITLE = re.compile(r"政府信息公开.{0,4}(?:年度报告|年报|报告)(?:\(.{0,12}\))?$")
_LEAD = 30
"""No line of a page around the report is a sentence as long as this one."""

_NARROWEST, _WIDEST, _FULL = 36, 110, 0.85
"""Columns of a line that was broken to fit a page, and how much of the widest line a full line takes."""

_TABLE = frozenset({Kind.STUB, Kind.RUN_ON, Kind.TITLE, Kind.CORNER, Kind.NOTE, Kind.HEAD})


@dataclass
class Sections:
    """Markdown by section key, where each section begins, and what to tell."""

    narrative: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def sections(lines: Sequence[Line], form: Form, path: str) -> Sections:
    """Return the words below each heading of the form, with a warning for headings that were not found."""
    words, begins, before = _divided(lines, form)
    result = Sections(origins={key: Origin(path, place) for key, place in begins.items()})
    first = form.sections[0].key
    preamble = [line for line in before if _introduces(line.text)]
    if first not in begins:
        preamble = _after_title(before)
        if preamble and _SENTENCE.search("".join(line.text for line in preamble)):
            result.origins[first] = Origin(path, preamble[0].place)
        else:
            preamble = []
    words[first] = [*preamble, *words.get(first, [])]
    for section in form.sections:
        if text := "\n\n".join(map(markdown, _paragraphs(words.get(section.key, [])))):
            result.narrative[section.key] = f"{text}\n"
    result.issues += _missing(form, result, begins, path)
    return result


def markdown(text: str) -> str:
    """Return one paragraph as Markdown in which no character means anything but itself."""
    return markdown_line(" ".join(text.split()))


def _introduces(text: str) -> bool:
    """Whether a line before the first heading belongs to the report: it is a sentence about openness."""
    if _PERIOD.search(text):
        return True
    leads = len(text) >= _LEAD and text[-1] in "。：:" and "公开" in text
    return bool(_SENTENCE.search(text)) and (leads or ("条例" in text and "报告" in text))


def _divided(lines: Sequence[Line], form: Form) -> tuple[dict[str, list[Line]], dict[str, str], list[Line]]:
    """The lines of words by section, the place of each section's heading, and the lines before the first."""
    words: dict[str, list[Line]] = {}
    begins: dict[str, str] = {}
    before: list[Line] = []
    here = ""
    for line in lines:
        if line.tokens and line.tokens[0].kind is Kind.HEADING:
            here = line.tokens[0].section
            begins.setdefault(here, line.place)
        elif _is_words(line, here, form):
            (words.setdefault(here, []) if here else before).append(line)
    return words, begins, before


def _is_words(line: Line, here: str, form: Form) -> bool:
    """Whether a line is the town's words: prose; and in a section without a table whatever is no row of one."""
    if line.is_prose:
        return True
    has_table = here in form.section_by_key and form.section_by_key[here].table is not None
    kinds = {token.kind for token in line.tokens}
    if has_table or line.shape is not Shape.PLAIN or kinds & _TABLE:
        return False
    return kinds != {Kind.NUMBER} and kinds != {Kind.CUT}


def _after_title(before: Sequence[Line]) -> list[Line]:
    """The lines after the report's title, which may be broken in two."""
    texts = [squeezed(line.text) for line in before]
    for at in range(len(before)):
        for count in (1, 2):
            if _TITLE.search("".join(texts[at : at + count])) and not _SENTENCE.search("".join(texts[at : at + count])):
                return list(before[at + count :])
    return []


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """The paragraphs of lines: those that follow each other and were broken to fit a page go together."""
    for run in _runs(lines):
        widest = max(_width(line.text) for line in run)
        wrapped = _NARROWEST <= widest <= _WIDEST
        text, last_width = "", 0
        for line in run:
            if text and not (wrapped and _goes_on(text, last_width, widest, line.text)):
                yield text
                text = ""
            text = _joined(text, line.text)
            last_width = _width(line.text)
        yield text


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of a text that follow each other without a blank line between."""
    run: list[Line] = []
    for line in lines:
        if run and not (
            line.place.isdecimal() and run[-1].place.isdecimal() and int(line.place) == int(run[-1].place) + 1
        ):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _goes_on(text: str, width: int, widest: int, following: str) -> bool:
    return width >= _FULL * widest and text[-1] not in _ENDS and not _BEGINS.match(following)


def _joined(text: str, line: str) -> str:
    return f"{text} {line}" if text and text[-1].isascii() and line[0].isascii() else text + line


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _missing(form: Form, result: Sections, begins: dict[str, str], path: str) -> Iterator[Issue]:
    lost = [section for section in form.sections if section.key not in begins]
    if not lost:
        return
    named = "、".join(f"“{section.heading}”" for section in lost)
    message = f"没有找到标题{named}{_whereabouts(lost[-1], form, result, begins)}"
    yield Issue("D37", "warning", message, Origin(path))


def _whereabouts(lost: Section, form: Form, result: Sections, begins: dict[str, str]) -> str:
    """Where the words of a section whose heading was not found may be: in the one before, or in no part of the file."""
    at = form.sections.index(lost)
    before = next((section for section in reversed(form.sections[:at]) if section.key in begins), None)
    if before is None:
        return "；请照原文补写"
    within = f"这些部分的文字可能在“{before.label}”里" if before.key in result.narrative else ""
    ends = any(section.key in begins for section in form.sections[at:])
    broken = "" if ends else f"文件到“{before.heading}”为止，可能没有保存完整"
    return "；".join(["", *filter(None, (broken, within)), "请移到所在的部分，或照原文补写"])
