"""The words of a report by section, as Markdown that prints as it stands, and what of the file is in no section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from reportkit.errors import Issue, Origin, Place
from reportkit.imports.escaping import markdown_line
from reportkit.imports.published.division import Division, Left
from reportkit.imports.published.paragraphs import Found
from reportkit.imports.published.tokens import Line
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.form import Form

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
        result.issues += [one for paragraph in found for one in _cut_numbers(paragraph, path)]
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
            yield issue("D47", Origin(path, above.place), None, found)


def _not_taken(left: Left, path: str) -> Issue:
    return issue("D44.nowhere", Origin(path, left.place), None, _beginning(left.text))


def _around(furniture: Sequence[Left], path: str) -> Iterator[Issue]:
    """One warning of all that the page has around the report."""
    if not furniture:
        return
    shown = joined((_beginning(left.text) for left in furniture), "sentences")
    shown = phrase("cut_list", words=shown[:_LISTED]) if len(shown) > _LISTED else shown
    first = furniture[0]
    yield issue("D45", Origin(path, first.place), None, _beginning(first.text), count=len(furniture), texts=shown)


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def _missing(form: Form, result: Sections, begins: Mapping[str, Place], path: str) -> Iterator[Issue]:
    lost = [
        section
        for section in form.sections
        if section.key not in begins and (not section.needs_words or section.key in form.words)
    ]
    if not lost:
        return
    # Where the words below a heading that was not found may be: in the section before, or in no part of the file.
    headings, at, origin = [f"“{section.heading}”" for section in lost], form.sections.index(lost[-1]), Origin(path)
    before = next((section for section in reversed(form.sections[:at]) if section.key in begins), None)
    if before is None:
        yield issue("D37.first", origin, headings=headings)
        return
    within, broken = before.key in result.narrative, not any(one.key in begins for one in form.sections[at:])
    if broken and within:
        yield issue("D37.broken_within", origin, headings=headings, before=before.heading, within=before.label)
    elif broken:
        yield issue("D37.broken", origin, headings=headings, before=before.heading)
    elif within:
        yield issue("D37.within", origin, headings=headings, within=before.label)
    else:
        yield issue("D37.only", origin, headings=headings)
