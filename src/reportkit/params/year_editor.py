"""Last year's parameter file made this year's: years, figures and words out of it, and all else left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import yaml

from reportkit.errors import CellRef
from reportkit.model.filing import Value
from reportkit.model.form import Form
from reportkit.params.editor import Editor
from reportkit.params.writer import figure_entries, tells_columns, tells_source
from reportkit.params.yaml_text import BLANK, Entry, entry_lines, scalar

_REMARK = re.compile(r"[ \t:,\]}]*[ \t](#.*)")
"""A comment behind a value or a name."""


class YearEditor(Editor):
    """The text of last year's file, of the form that it was written in."""

    def put_year(self, year: int, edition: str) -> None:
        """Put in another year, and the edition of its form if one is stated; "" leaves that as it is."""
        self._set(self._spots.top["year"], str(year))
        if edition and "edition" in self._spots.top:
            self._set(self._spots.top["edition"], scalar(edition))
        elif edition:
            self._add(self._spots.top[""], [Entry("edition", scalar(edition))])

    def put_form(self, form: Form, figures: Mapping[CellRef, Value]) -> None:
        """Put all cells of another form in the place of this one's; the comments between those come first.

        Raises ReaderError for a text in which these are not on lines of their own.
        """
        spot = self._spots.top.get("figures")
        if spot is None or spot.name is None or spot.value.start_mark.index == spot.value.end_mark.index:
            self._add_to_top("figures", figure_entries(form, figures, {}))
        elif not isinstance(spot.value, yaml.MappingNode) or self._is_in_flow("figures"):
            raise self._no_room(spot, figure_entries(form, figures, {}))
        else:
            start, end = spot.name.start_mark.index, self._end(spot.value)
            entry = Entry("figures", figure_entries(form, figures, {}), self.comments(start, end))
            self._edit(start, end, "".join(entry_lines([entry])))

    def put_sections(self) -> None:
        """Put in a blank for each section of the form that is not there, to be filled in."""
        absent = [section.label for section in self._form.sections if section.key not in self._spots.sections]
        self._add_to_top("narrative", [Entry(label, BLANK) for label in absent])

    def drop_source(self) -> None:
        """Take out the comments that say what the file was made of, where nothing else is put in their place."""
        taken = [(edit.start, edit.end) for edit in self._edits if "\n" in edit.text]
        for start, end in self._comment_lines():
            if tells_source(self._text[start:end]) and not any(first <= start < last for first, last in taken):
                self._edit(start, end, "")

    def comments(self, start: int = 0, end: int | None = None) -> list[str]:
        """Return the comments in a part of the text, less those that writing it anew gives it."""
        last = len(self._text) if end is None else end
        found = [(at, self._text[at:to].strip()) for at, to in self._comment_lines()] + list(self._remarks())
        lines = [line for at, line in sorted(found) if start <= at < last]
        return [line.lstrip("#").strip() for line in lines if not tells_source(line) and not tells_columns(line)]

    def _comment_lines(self) -> Iterator[tuple[int, int]]:
        """Where the lines begin and end that are comments; one within a text of several lines is none."""
        texts = [(node.start_mark.index, node.end_mark.index) for node in self._texts()]
        for start, end in pairwise(self._starts):
            if self._text[start:end].lstrip().startswith("#") and not any(at < start < to for at, to in texts):
                yield start, end

    def _remarks(self) -> Iterator[tuple[int, str]]:
        """Where a comment stands behind something on its line, and what it says."""
        nodes = [node for spot in self._spots.all for node in (spot.value, spot.name) if node]
        for end in sorted({node.end_mark.index for node in nodes}):
            if remark := _REMARK.match(self._text, end):
                yield remark.start(1), remark[1].strip()

    def _texts(self) -> Iterable[yaml.Node]:
        """The values that are texts of several lines."""
        nodes = [spot.value for spot in self._spots.all if isinstance(spot.value, yaml.ScalarNode)]
        return [node for node in nodes if node.style and node.end_mark.line > node.start_mark.line]
