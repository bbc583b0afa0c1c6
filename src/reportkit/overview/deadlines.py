"""What the roster says of units: who is expected, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from reportkit.overview.state import State, Unit
from reportkit.project import Project
from reportkit.project.listings import is_year
from reportkit.project.roster import Entry
from reportkit.translation import _, in_a_row, ngettext

_UNFIT = (State.missing, State.begun, State.errors, State.conflict)
"""The states in which there is nothing yet that a report could be made of."""


class Expected:
    """The units of a project's roster; without one nobody is expected, and nobody a stranger."""

    def __init__(self, project: Project, units: Sequence[Unit], today: date) -> None:
        """`units` are those that have a file. Raises UserError for a roster that cannot be read."""
        self._roster, self._today = project.roster, today
        reports = [unit.report for unit in units]
        self._counties = {report.rpartition("/")[0] for report in reports}
        self._outdated: list[str] = []
        self._strangers: list[str] = []
        self._found: dict[tuple[str, Entry], list[str]] = defaultdict(list)

    def marked(self, unit: Unit) -> Unit:
        """Return a unit with what the roster says of it. The county's own file need not be on it."""
        if self._roster is None:
            return unit
        entry = self._roster.entry(unit.report) or self._roster.entry(unit.name)
        if entry is None:
            is_stranger = unit.report not in self._counties
            self._strangers += [unit.name] * is_stranger
            return replace(unit, is_stranger=is_stranger)
        self._found[_year_of(unit), entry].append(unit.report)
        return self._with(unit, entry)

    def missing(self, year: str, entry: Entry) -> Unit:
        """Return the unit of the roster that has no file, once all that have one are marked."""
        name = entry.name.rpartition("/")[2]
        report = f"{year}/{entry.name}" if year else entry.name
        near = [one for one in self._strangers if name.startswith(one) or one.startswith(name)]
        near = near or get_close_matches(name, self._strangers, n=1)
        why = _("perhaps {name}, which is not on the roster").format(name=near[0]) if near else ""
        return self._with(Unit(report, name, State.missing, why=why), entry)

    def _with(self, unit: Unit, entry: Entry) -> Unit:
        year = _year_of(unit)
        due = entry.deadline.of(int(year or 0)) if entry.deadline else None
        if entry.deadline and due is None:
            self._outdated.append(year)
        late = due is not None and due < self._today and unit.state in _UNFIT
        return replace(unit, due=due, is_late=late, contact=entry.contact)

    @property
    def notes(self) -> Iterator[str]:
        """What is to be told of the roster itself, once all units were looked up."""
        if self._roster and self._outdated:
            number = len(self._outdated)
            words = ngettext(
                "{path}: {number} deadline is not one for these reports; renew it",
                "{path}: {number} deadlines are not ones for these reports; renew them",
                number,
            )
            yield words.format(path=self._roster.path, number=number)
        for (_year, entry), reports in self._found.items():
            if len(reports) > 1:
                words = _("{place}: {name} can be any of {reports}; write it with its folder")
                yield words.format(place=entry.place, name=entry.name, reports=in_a_row(reports))


def _year_of(unit: Unit) -> str:
    """The year that a report's name begins with, "" if it does not."""
    first = unit.report.partition("/")[0]
    return first if is_year(first) else ""
