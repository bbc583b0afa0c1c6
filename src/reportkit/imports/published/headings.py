"""The headings of a form's sections in all the ways in which reports write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportkit.imports.spelling import letters, numbered, squeezed
from reportkit.kinds import kind_of
from reportkit.model.form import Form

_CAPTION = re.compile(r"^[#\s]*(?:表[一二三四]\s*[:：、.]?)?")
_REPEATED = re.compile(r"[(（]\s*重复率.*$")
_NUMBER = re.compile(r"[一二三四五六七八九十]+\s*[、.．,，]|[^（(\d]")
_IN_SENTENCE = "，、。；,;"
_MOST = 40
"""A heading is a line shorter than this: sentences that list the sections are not headings."""


class Headings:
    """The section headings of a form."""

    def __init__(self, form: Form) -> None:
        self._headings = {squeezed(section.heading): section.key for section in form.sections}
        self._labels = {letters(section.label): section.key for section in form.sections}
        self._numbers = {numbered(section.heading): section.key for section in form.sections}
        words = kind_of(form).vocabulary
        self._ways = _ways(words.headings, form)
        self._numbered_ways = _ways(words.numbered_headings, form)
        self._longest = max([_MOST, *(len(section.heading) for section in form.sections)])

    def section(self, line: str) -> str:
        """Return the key of the section that a line heads, "" if it heads none."""
        if len(line) > self._longest:
            return ""
        text = _REPEATED.sub("", _CAPTION.sub("", line.strip()))
        if key := self._headings.get(squeezed(text)):
            return key
        if not _NUMBER.match(text):
            return ""  # （二）主动公开情况 is a heading within a section
        number, core = numbered(text)
        if not number and text[-1:] in _IN_SENTENCE:
            return ""  # the end of a line that tells the sections, or speaks of one
        if core in self._labels:
            return self._labels[core]
        found = next((key for key, way in self._ways.items() if way.fullmatch(core)), "")
        return found or self._under_number(number, core)

    def begun(self, line: str) -> str:
        """Return the key of the section whose heading begins like this: the line at which a file is cut off."""
        number, core = numbered(line)
        found = (key for (of, label), key in self._numbers.items() if number == of and label.startswith(core))
        return next(found, "") if number and len(core) >= 2 else ""

    def _under_number(self, number: str, core: str) -> str:
        own = {key for (of, _), key in self._numbers.items() if of == number and number}
        return next((key for key, way in self._numbered_ways.items() if key in own and way.fullmatch(core)), "")


def _ways(patterns: Mapping[str, str], form: Form) -> dict[str, re.Pattern[str]]:
    """The patterns of those sections that a form has."""
    return {key: re.compile(pattern) for key, pattern in patterns.items() if key in form.section_by_key}
