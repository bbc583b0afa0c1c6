"""How far the units of a year are, looked up in the background and told when it is known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reportkit.errors import ReportkitError
from reportkit.overview import Overview, State, Unit, survey
from reportkit.overview.state_words import remarks, summary
from reportkit.project import Project, parameter_files
from reportkit.signs import one_line
from reportkit.translation import N_, _, in_a_row
from reportkit.workbench.town_list import Town, Towns

_MOST = 500
"""A year with more units is looked over only when somebody asks for it: it takes longer than people wait."""

_MARKS: Mapping[str, tuple[str, Callable[[Unit], object]]] = {
    "warnings": (N_("with warnings"), lambda unit: unit.warnings),
    "edited": (N_("with cells edited"), lambda unit: unit.edited),
    "late": (N_("late"), lambda unit: unit.is_late),
    "strangers": (N_("not on the roster"), lambda unit: unit.is_stranger),
}
"""What units are chosen by besides their state."""


class UnitStates:
    """Looks over the units of a year in a thread; of what is asked for meanwhile the last counts."""

    def __init__(self, project: Project, tell: Callable[[dict[str, Any]], None]) -> None:
        self._project, self._tell = project, tell
        self._wanted: tuple[int, Towns] | None = None
        self._busy = False
        self._lock = threading.Lock()
        self._said: dict[str, str] = {}

    def ask(self, year: int, towns: Towns, *, asked: bool = False) -> None:
        """Look over the units of a year, and tell how far they are; returns at once.

        One with very many units is looked over only if somebody has `asked` for it.
        """
        if not asked and len(towns.of(year)) > _MOST:
            return
        with self._lock:
            self._wanted = (year, towns)
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._work, daemon=True, name="reportkit status").start()

    def said(self, town: Town) -> str:
        """Return the state of a town, as far as it is known, "" if it is not."""
        return self._said.get(town.name, "")

    def forget(self) -> None:
        """Forget what was known, as something has been written since."""
        self._said.clear()

    def _work(self) -> None:
        while wanted := self._next():
            try:
                self._tell(self._found(*wanted))
            except (ReportkitError, OSError) as error:
                self._tell(_message(wanted[0], str(error)))

    def _found(self, year: int, towns: Towns) -> dict[str, Any]:
        """How far the units of a year are."""
        if self._project.roster is None and not parameter_files(self._project.params / str(year)):
            words = _(
                "No unit has a parameter file of {year} yet: send out workbooks and take in what comes back, or open a "
                "unit to begin its file from last year's."
            )
            return {**_message(year, words.format(year=year)), "counties": _counties(year, towns)}
        found = survey(self._project, year=year)
        self._said |= {unit.report: _(unit.state) for unit in found.units}
        return states(found, year, towns)

    def _next(self) -> tuple[int, Towns] | None:
        with self._lock:
            wanted, self._wanted = self._wanted, None
            self._busy = wanted is not None
            return wanted


def states(found: Overview, year: int, towns: Towns) -> dict[str, Any]:
    """Return the units of a year with how far they are, and what they can be chosen by, as JSON values."""
    places = {town.name: town.inside for town in towns.of(year)}
    startable = {town.jurisdiction: town.inside for town in towns.of(year) if not town.has_file}
    units = [_unit(found, unit, places.get(unit.report) or startable.get(unit.name)) for unit in found.units]
    told = {"filters": list(_filters(found)), "units": units, "counties": _counties(year, towns)}
    return {**_message(year, summary(found)), **told}


def _counties(year: int, towns: Towns) -> list[str]:
    """The folders in which the units of a year lie."""
    return sorted({town.county for town in towns.of(year)} - {""})


def _message(year: int, said: str) -> dict[str, Any]:
    return {"what": "states", "year": year, "summary": one_line(said), "filters": [], "units": [], "counties": []}


def _filters(found: Overview) -> Iterator[dict[str, Any]]:
    for state, number in found.counts.items():
        yield {"key": state.name, "said": _(state), "number": number}
    for key, (words, holds) in _MARKS.items():
        if number := sum(1 for unit in found.units if holds(unit)):
            yield {"key": key, "said": _(words), "number": number}


def _unit(found: Overview, unit: Unit, inside: str | None) -> dict[str, Any]:
    """A unit; `inside` is its place in the list of towns, None where there is nothing that could be opened."""
    return {
        "inside": inside,
        "name": one_line(found.label(unit)),
        "said": _(unit.state),
        "grave": unit.state in (State.missing, State.errors, State.conflict),
        "remarks": one_line(in_a_row(remarks(unit))),
        "due": str(unit.due or ""),
        "keys": [unit.state.name, *(key for key, (_words, holds) in _MARKS.items() if holds(unit))],
    }
