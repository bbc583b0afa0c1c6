"""A set of parameters, and the place where it stands, in a list of any kind."""

from __future__ import annotations

from typing import Any, NamedTuple

from reportkit.translation import _


class Where(NamedTuple):
    """A place: a file, the row as a spreadsheet shows it, from 1, and the line of the text that the row begins on.

    `row` is 0 where there are none, `line` where there is none or it is known from the row.
    """

    path: str
    row: int = 0
    line: int = 0

    def __str__(self) -> str:
        if not (self.row or self.line):
            return self.path
        return _("{path}, {place}").format(path=self.path, place=self.short)

    @property
    def short(self) -> str:
        """The place in its file, for a message that names the file already; the file where there is no other."""
        if self.row and self.line and self.row != self.line:
            words = _("row {row} (line {line})")
        elif self.row:
            words = _("row {row}")
        elif self.line:
            words = _("line {line}")
        else:
            return self.path
        return words.format(row=self.row, line=self.line)


class ParameterSet(NamedTuple):
    """What one report is made with: plain values by parameter (text, numbers, True, False, None, lists, mappings)."""

    values: dict[str, Any]
    place: Where
