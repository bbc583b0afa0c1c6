"""The words of a report by section, as Markdown that prints as it stands, and what of the file is in no section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from reportkit.errors import Issue, Origin
from reportkit.imports.escaping import markdown_line
from reportkit.imports.published.division import Division, Left
from reportkit.imports.published.paragraphs import Found
from reportkit.imports.published.tokens import Line
from reportkit.model.form import Form, Section

_SHOWN, _LISTED = 40, 400
"""How much is shown of a text that is in no section, and of all of a page's furniture together."""


@dataclass
class Sections:
    """Markdown by section key, where each section begins, and what to tell."""

    narrative: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def sections(lines: Sequence[Line], used: Set[int], form: Form, path: str) -> Sections:
    """Return the words below each heading of the form, with warnings for headings that were not found.

    `used` are the numbers of the lines that are in rows of tables. Every other line is in a section, or is told.
    """
    division = Division(lines, used, form)
    result = Sections(origins={key: Origin(path, place) for key, place in division.begins.items()})
    for key, found in division.words.items():
        result.narrative[key] = "\n\n".join(markdown(paragraph.text) for paragraph in found) + "\n"
        result.origins.setdefault(key, Origin(path, found[0].pieces[0].line.place))
        result.issues += [issue for paragraph in found for issue in _cut_numbers(paragraph, path)]
    result.issues += _missing(form, result, division.begins, path)
    result.issues += [_not_taken(left, path) for left in division.dropped]
    result.issues += _around(division.furniture, path)
    return result


def markdown(text: str) -> str:
    """Return one paragraph as Markdown in which no character means anything but itself."""
    return markdown_line(" ".join(text.split()))


def _cut_numbers(paragraph: Found, path: str) -> Iterator[Issue]:
    """A warning for each number that was put together from two lines: it may have been two numbers."""
    for (_, above, _), (_, below, _) in pairwise(paragraph.pieces):
        if above.text[-1].isdigit() and below.text[0].isdigit():
            found = f"{above.text[-10:]}|{below.text[:10]}"
            message = f"数断在两行“{found}”，读入时接成了一个数；请对照原文核对"
            yield Issue("D47", "warning", message, Origin(path, above.place), None, found)


def _not_taken(left: Left, path: str) -> Issue:
    shown = _beginning(left.text)
    message = f"“{shown}”没有读入：不是表格的行，也看不出是哪一部分的文字；需要的请照原文补上"
    return Issue("D44", "warning", message, Origin(path, left.place), None, shown)


def _around(furniture: Sequence[Left], path: str) -> Iterator[Issue]:
    """One warning of all that the page has around the report."""
    if not furniture:
        return
    shown = "；".join(_beginning(left.text) for left in furniture)
    more = f"{shown[:_LISTED]}…等" if len(shown) > _LISTED else shown
    message = f"页面上不属于报告的文字没有读入，共 {len(furniture)} 处：{more}"
    yield Issue("D45", "warning", message, Origin(path, furniture[0].place), None, _beginning(furniture[0].text))


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


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
