"""What there is to know of a unit and its report, and of all units together."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from reportkit.checks import Checked
from reportkit.translation import N_, _


class State(StrEnum):
    """How far a unit's report is, to be translated where it is told; the first that holds."""

    missing = N_("no file")
    begun = N_("begun")
    errors = N_("errors")
    conflict = N_("conflict")
    handed_in = N_("handed in")
    outdated = N_("out of date")
    built = N_("built")


@dataclass(frozen=True)
class Unit:
    """A unit, and how far its report is.

    `report` is its report's name (2023/宁海县/桑洲镇; without a file, the year and the roster's name), `name` its own.
    `file` is what messages call its parameter file, "" if it has none. `errors`, `warnings` and `conflicts` count
    what is wrong, `edited` the cells that its own copy has otherwise than the master. `why` says why its report has to
    be made again, or why it was not made. `due` is the day by which it is to be there, and `is_late` whether that has
    passed without a file that a report can be made of. `is_stranger` says that there is a roster, and it is not on it.
    """

    report: str
    name: str
    state: State
    file: str = ""
    errors: int = 0
    warnings: int = 0
    edited: int = 0
    conflicts: int = 0
    why: str = ""
    due: date | None = None
    is_late: bool = False
    contact: str = ""
    is_stranger: bool = False

    @property
    def is_well(self) -> bool:
        """Whether its report is made, and is what its files say."""
        return self.state is State.built and not self.is_stranger

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "unit": self.name,
            "report": self.report,
            "file": self.file or None,
            "state": str(self.state),
            "errors": self.errors,
            "warnings": self.warnings,
            "edited": self.edited,
            "conflicts": self.conflicts,
            "why": self.why,
            "due": self.due.isoformat() if self.due else None,
            "late": self.is_late,
            "contact": self.contact,
            "on_roster": not self.is_stranger,
        }


class Stray(NamedTuple):
    """A copy to which no parameter file belongs: the name of the report that it would be of, and its path."""

    report: str
    copy: str

    def __str__(self) -> str:
        words = _("{copy}: no parameter file {name}; its edits are printed nowhere")
        return words.format(copy=self.copy, name=self.report)


@dataclass(frozen=True)
class Overview:
    """The units in the order of the roster, and what is wrong beside them, on a `day` that decides what is late.

    `roster` is what messages call the roster, "" if there is none. `between` are the issues of no single unit: between
    the files of a county, of broken forms, of folders that cannot be looked into. `notes` are sentences about all, and
    `folders` those that were looked at as a whole, as the reports in them begin.
    """

    units: tuple[Unit, ...]
    day: date
    roster: str = ""
    between: tuple[Checked, ...] = ()
    strays: tuple[Stray, ...] = ()
    notes: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[State, int]:
        """How many units are in each state that there is, in the order of the states."""
        found = Counter(unit.state for unit in self.units)
        return {state: found[state] for state in State if state in found}

    @property
    def is_well(self) -> bool:
        """Whether nothing is missing, wrong or to be made."""
        graves = (issue for one in self.between for issue in one.issues if issue.severity == "error")
        return all(unit.is_well for unit in self.units) and not any(graves) and not self.strays

    @cached_property
    def common(self) -> str:
        """The folders that all files have in common, with the slash behind them: 2023/宁海县/."""
        reports = [unit.report for unit in self.units if unit.file] or [unit.report for unit in self.units]
        folders = [report.rpartition("/")[0] for report in reports]
        shared = os.path.commonpath(folders) if all(folders) and folders else ""
        return f"{shared}/" if shared else ""

    def label(self, unit: Unit) -> str:
        """Return the shortest name that tells a unit from the others: 桑洲镇, or 宁海县/桑洲镇."""
        year = self.common.partition("/")[0]
        return unit.report.removeprefix(self.common).removeprefix(f"{year}/")

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values, as `reportkit status --format json` prints them."""
        return {
            "all_well": self.is_well,
            "day": self.day.isoformat(),
            "roster": self.roster or None,
            "counts": {str(state): number for state, number in self.counts.items()},
            "units": [unit.as_dict() for unit in self.units],
            "between": [{"unit": one.name, **issue.as_dict()} for one in self.between for issue in one.issues],
            "strays": [stray._asdict() for stray in self.strays],
            "notes": list(self.notes),
        }
