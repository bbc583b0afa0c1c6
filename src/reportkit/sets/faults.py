"""Everything that is wrong with a list, gathered, so that it is told at once."""

from __future__ import annotations

from reportkit.declarations.unfit import UnfitError
from reportkit.errors import UserError
from reportkit.sets.places import Where
from reportkit.translation import _, ngettext

MOST = 20
"""So many faults are told with their words; of more, how many: a wrong column has one in each row."""


class Faults:
    """The faults that were found, in order."""

    def __init__(self) -> None:
        self.count = 0
        self._lines: list[str] = []

    @property
    def has_room(self) -> bool:
        """Whether the next fault is told with its words."""
        return self.count < MOST

    def add(self, place: Where | str, why: UnfitError, *, column: str = "", name: str = "") -> None:
        """Note a fault of a place: of a column of a table, of the entry of that name, or of the whole."""
        self.count += 1
        if self.count > MOST:
            return
        if column:
            words = _("{place}, column {column}: {why}")
        elif name:
            words = _("{place}, {name}: {why}")
        else:
            words = _("{place}: {why}")
        self._lines.append(words.format(place=place, column=column, name=name, why=why))

    def tell(self) -> None:
        """Raise UserError with what was found, if anything was."""
        if not self.count:
            return
        more = self.count - len(self._lines)
        words = ngettext("…and {number} more fault of this list", "…and {number} more faults of this list", more)
        raise UserError(*self._lines, *([words.format(number=more)] if more else []))
