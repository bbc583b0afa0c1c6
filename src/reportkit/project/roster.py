"""The roster of a project: which units hand in a report, in which order they are told, and by when."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from reportkit.model.spelling import normal
from reportkit.project.listings import is_year
from reportkit.sets.places import Where

Item = TypeVar("Item")

ROSTER = "roster.csv"
"""Where the roster stands, if reportkit.toml does not say otherwise."""


class Deadline(NamedTuple):
    """A day by which a report is to be there; without a year that of the year after the report's."""

    year: int | None
    month: int
    day: int

    def of(self, year: int) -> date | None:
        """Return the day for the reports on a year, 0 for those on none.

        None if it is not known, or lies in that year or before: it was for earlier reports.
        """
        if self.year is not None:
            return date(self.year, self.month, self.day) if self.year > year else None
        if not year:
            return None
        return date(year + 1, self.month, min(self.day, monthrange(year + 1, self.month)[1]))


class Entry(NamedTuple):
    """A unit of the roster: its name, with its folder where that is needed (宁海县/桑洲镇), and where it stands."""

    name: str
    deadline: Deadline | None
    contact: str
    place: Where

    @property
    def parts(self) -> tuple[str, ...]:
        """The name as it is compared."""
        return _compared(self.name)


class Roster:
    """The units that are to hand in a report, in their order. `path` is how messages call the file."""

    def __init__(self, path: str, entries: Sequence[Entry]) -> None:
        self.path, self.entries = path, tuple(entries)
        self._places = {entry.parts: at for at, entry in enumerate(self.entries)}

    def entry(self, report: str) -> Entry | None:
        """Return the unit that a report (2023/宁海县/桑洲镇) is of, None if it is of none."""
        at = self._place(report)
        return None if at is None else self.entries[at]

    def absent(self, reports: Iterable[str], folder: str = "") -> list[Entry]:
        """Return the units that none of some reports of a year is of, in their order.

        `folder` (宁海县), below that of the year, leaves out those whose name says that they lie elsewhere.
        """
        there = {at for report in reports if (at := self._place(report)) is not None}
        within = _compared(folder) if folder else ()
        return [entry for at, entry in enumerate(self.entries) if at not in there and _may_lie(entry.parts, within)]

    def in_order(self, items: Iterable[Item], report: Callable[[Item], str]) -> list[Item]:
        """Return things of reports year by year in the order of the roster, then those of units that it has not.

        `report` gives the name of the report that a thing is of.
        """

        def key(item: Item) -> tuple[float, float]:
            name = report(item)
            year, place = name.partition("/")[0], self._place(name)
            return float(year) if is_year(year) else math.inf, math.inf if place is None else place

        return sorted(items, key=key)

    def _place(self, report: str) -> int | None:
        """Where the unit of a report stands; the longest of several names that fit says it."""
        parts = _compared(report)
        return next((at for cut in range(len(parts)) if (at := self._places.get(parts[cut:])) is not None), None)


def _may_lie(parts: tuple[str, ...], folder: tuple[str, ...]) -> bool:
    """Whether a unit may lie in a folder: as far as its name says in which it does, that one or one below it."""
    above = parts[:-1]
    return not above or not folder or above[: len(folder)] == folder or folder[-len(above) :] == above


def _compared(name: str) -> tuple[str, ...]:
    return tuple(map(normal, name.split("/")))
