"""L11, L12 and L15: section five says something, something new, and not the same thing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import paragraphs
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

SECTION = "problems"
LEAST = 10
_NUMBERING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）).、]|[一二三四五六七八九十]+[是要]|[-*#]+ ?|其[一二三四])+[，：]?"
)
_NOT_WORDS = re.compile(r"[\W\d_]+")
_LONG = 12


def too_short(filing: Filing) -> Iterator[Finding]:
    """L11: section five says more than 无."""
    words = _NOT_WORDS.sub("", filing.narrative.get(SECTION, "未写"))
    if SECTION in filing.narrative and len(words) < LEAST:
        told, least = filing.narrative[SECTION].strip(), phrase("at_least", number=phrase("signs", count=LEAST))
        yield Finding("L11", SECTION, phrase("signs", count=len(words)), least, words=told)


def repeated(filing: Filing) -> Iterator[Finding]:
    """L15: what is listed as an improvement is not a problem copied word for word."""
    found = Counter(words for words in _sentences(filing) if len(words) >= _LONG)
    for words, times in found.items():
        if times > 1:
            yield Finding("L15", SECTION, words[:40], times=times)


def as_last_year(filing: Filing, last: Filing) -> Iterator[Finding]:
    """L12: section five is not last year's."""
    before = {_NOT_WORDS.sub("", words) for words in _sentences(last)}
    now = [_NOT_WORDS.sub("", words) for words in _sentences(filing)]
    length = sum(map(len, now))
    same = sum(len(words) for words in now if words in before)
    if length >= LEAST and same >= 0.9 * length:
        share = f"{100 * same / length:.0f}%"
        yield Finding("L12", SECTION, share, year=filing.year, last_year=last.year)


def _sentences(filing: Filing) -> list[str]:
    """The clauses between full stops and semicolons, without their numbering."""
    found = [
        _NUMBERING.sub("", words)
        for paragraph in paragraphs(filing.narrative.get(SECTION, ""))
        for words in re.split("[。！？；：]", paragraph)
    ]
    return [words for words in found if words]


RULES = (Rule("L11", too_short), Rule("L15", repeated), Rule("L12", as_last_year, "last"))
