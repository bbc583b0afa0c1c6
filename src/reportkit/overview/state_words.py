"""The words in which the state of a unit is told, the same on every road."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.overview.state import Overview, Unit
from reportkit.translation import _, ngettext


def remarks(unit: Unit) -> list[str]:
    """Return what there is to say of a unit besides its state."""
    return [*_counted(unit), *filter(None, [unit.why]), *_of_roster(unit)]


def _counted(unit: Unit) -> Iterator[str]:
    for number, words in (
        (unit.errors, ngettext("{number} error", "{number} errors", unit.errors)),
        (unit.warnings, ngettext("{number} warning", "{number} warnings", unit.warnings)),
        (unit.conflicts, ngettext("{number} cell in conflict", "{number} cells in conflict", unit.conflicts)),
        (unit.edited, ngettext("{number} cell edited", "{number} cells edited", unit.edited)),
    ):
        if number:
            yield words.format(number=number)


def _of_roster(unit: Unit) -> Iterator[str]:
    if unit.is_late:
        yield _("was due on {day}").format(day=unit.due)
    if unit.is_stranger:
        yield _("not on the roster")


def summary(overview: Overview) -> str:
    """Return how many units there are, and how many in each state."""
    number = len(overview.units)
    words = ngettext("{number} unit", "{number} units", number).format(number=number)
    for at, (state, count) in enumerate(overview.counts.items()):
        each = _("{state} {number}").format(number=count, state=_(state))
        joined = _("{left}, {right}") if at else _("{left}: {right}")
        words = joined.format(left=words, right=each)
    return words


def place(overview: Overview) -> str:
    """Return of which reports it is: the folders that they have in common, 2023/宁海县 for instance, or "" for none."""
    return overview.common.rstrip("/")
