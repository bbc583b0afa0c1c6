"""The headings of a form's sections, and the names of their tables, in all the ways in which people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from reportkit.kinds.kind import kind_of
from reportkit.kinds.labels import Labels
from reportkit.model.form import Form, Section, Table
from reportkit.model.spelling import normal, numbered, spelled, squeezed

_CAPTION = re.compile(r"^[#\s]*(?:表[一二三四]\s*[:：、.]?)?")
_REPEATED = re.compile(r"[(（]\s*重复率.*$")
_NUMBER = re.compile(r"[一二三四五六七八九十]+\s*[、.．,，]|[^（(\d]")
_IN_SENTENCE = "，、。；,;"
_MOST = 40
"""A heading is a line shorter than this: sentences that list the sections are not headings."""


class Headings:
    """The sections of a form by what heads them, and its tables by what they are called."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._words = kind_of(form).vocabulary
        self._headings = {squeezed(section.heading): section.key for section in form.sections}
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
        if len(labelled := self._sections.of_words(core)) == 1:
            return labelled[0][1]
        found = next((key for key, way in self._ways.items() if way.fullmatch(core)), "")
        return found or self._under_number(number, core)

    def named_section(self, name: str) -> Section | None:
        """Return the section that a name stands for: its key, or a heading of it."""
        sections, labelled = self._form.section_by_key, self._sections.meant(spelled(name))
        return sections.get(normal(name)) or sections.get(labelled[0] if len(labelled) == 1 else self.section(name))

    def named_table(self, name: str) -> Table | None:
        """Return the table that a name stands for: its key or caption, or the heading of its section."""
        if table := self._form.tables.get(normal(name)):
            return table
        found = self._tables.meant(spelled(name))
        if found and all(table is found[0] for table in found):
            return found[0]
        section = self._form.section_by_key.get(self.section(name))
        return section.table if section else None

    def begun(self, line: str) -> str:
        """Return the key of the section whose heading begins like this: the line at which a file is cut off."""
        number, core = numbered(line)
        found = (key for (of, label), key in self._numbers.items() if number == of and label.startswith(core))
        return next(found, "") if number and len(core) >= 2 else ""

    @cached_property
    def _sections(self) -> Labels[str]:
        labelled = ((spelled(section.label), section.key) for section in self._form.sections)
        return Labels(labelled, self._words.aliases)

    @cached_property
    def _tables(self) -> Labels[Table]:
        tables = self._form.tables.values()
        named = ((spelled(name), table) for table in tables for name in table_names(self._form, table))
        return Labels(named, self._words.aliases)

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], str]:
        return {numbered(section.heading): section.key for section in self._form.sections}

    @cached_property
    def _ways(self) -> dict[str, re.Pattern[str]]:
        return _ways(self._words.headings, self._form)

    @cached_property
    def _numbered_ways(self) -> dict[str, re.Pattern[str]]:
        return _ways(self._words.numbered_headings, self._form)

    def _under_number(self, number: str, core: str) -> str:
        own = {key for (of, _), key in self._numbers.items() if of == number and number}
        return next((key for key, way in self._numbered_ways.items() if key in own and way.fullmatch(core)), "")


def table_names(form: Form, table: Table) -> tuple[str, ...]:
    """Return what a table is called: its caption and key, its section's heading with and without the number, 表三."""
    return tuple(dict.fromkeys((table.caption, table.key, *_of_section(form, table))))


def _of_section(form: Form, table: Table) -> Iterator[str]:
    for section in form.sections:
        if section.table is table:
            yield from (section.heading, section.label, f"表{section.heading[0]}")


def _ways(patterns: Mapping[str, str], form: Form) -> dict[str, re.Pattern[str]]:
    """The patterns of those sections that a form has."""
    return {key: re.compile(pattern) for key, pattern in patterns.items() if key in form.section_by_key}
