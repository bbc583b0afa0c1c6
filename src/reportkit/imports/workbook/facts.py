"""What a form asks for beside its tables, in a workbook: a column of a county's list, a field of a town's cover."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from reportkit.errors import CellRef, Issue, Origin
from reportkit.form_workbook.sheet_words import COVER, NO, YES
from reportkit.imports.workbook.prose import plain_text
from reportkit.kinds import saying
from reportkit.kinds.labels import Labels, aliases_of
from reportkit.messages.words import issue
from reportkit.model.facts import Fact
from reportkit.model.filing import fact_at
from reportkit.model.form import Form
from reportkit.model.spelling import spelled
from reportkit.params.facts import fact_value
from reportkit.spreadsheets.sheets import Position, Sheet, Value, Workbook

_TRUTH = {"是": "true", "否": "false", YES: "true", NO: "false"}


class Place(NamedTuple):
    """Where a fact stands."""

    fact: Fact
    sheet: Sheet
    at: Position

    @property
    def shown(self) -> str:
        """The place as messages name it."""
        return self.sheet.place(*self.at)


class Facts(NamedTuple):
    """The facts that were read, by name, and those that were not: each of these is told."""

    values: Mapping[str, Any] = {}
    unread: frozenset[str] = frozenset()
    origins: Mapping[CellRef | str, Origin] = {}
    issues: tuple[Issue, ...] = ()


def read_facts(places: Iterable[Place], path: str) -> Facts:
    """Return what stands in places. A blank is not there; what stands in two places, or is not clear, is not read."""
    found: dict[str, list[Place]] = {}
    for place in places:
        if place.sheet.value(*place.at) != "" or place.at in place.sheet.facts.faults:
            found.setdefault(place.fact.name, []).append(place)
    values: dict[str, Any] = {}
    origins: dict[CellRef | str, Origin] = {}
    issues: list[Issue] = []
    for name, (place, *others) in found.items():
        where = origins[fact_at(name)] = Origin(path, place.shown)
        label, shown = place.fact.label, plain_text(place.sheet.value(*place.at))[:20]
        try:
            if others:
                issues.append(issue("W31.several", where, None, shown, label=label, other=others[0].shown))
            elif not _is_clear(place):
                issues.append(issue("W31.unclear", where, None, shown, label=label))
            else:
                values[name] = _value(place)
        except ValueError as error:
            issues.append(issue("W31.unfit", where, None, shown, label=label, reason=error))
    return Facts(values, frozenset(found.keys() - values.keys()), origins, tuple(issues))


def on_the_cover(sheets: Iterable[Sheet], form: Form, book: Workbook) -> Iterator[Place]:
    """Yield the places of a form's facts on the first page of a workbook that is ours."""
    labels = Labels(((spelled(fact.label), fact) for fact in form.facts.values()), aliases_of(form))
    cover = saying(form)(COVER)  # its first column has the labels
    for sheet in sheets if form.facts and "edition" in book.own else ():
        for row in range(len(sheet.rows)) if sheet.name == cover else ():
            for fact in labels.meant(spelled(sheet.text(row, 0))):
                yield Place(fact, sheet, (row, 1))


def _value(place: Place) -> Any:
    """What stands in a place, as its type has it. Raises ValueError if it is none."""
    text = _written(place.sheet.value(*place.at))
    return fact_value(_TRUTH.get(text, text) if place.fact.type == "bool" else text, place.fact)


def _written(value: Value) -> str:
    """A value as a parameter file writes it."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return plain_text(value)


def _is_clear(place: Place) -> bool:
    """Whether what is stored is what people see, and theirs alone who stand in this row."""
    facts, at = place.sheet.facts, place.at
    hidden = at in facts.faults or at in facts.unsolved or at in facts.struck or at in facts.unseen
    otherwise = isinstance(place.sheet.value(*at), float) and (at in facts.shown or at in facts.padded)
    return not (hidden or otherwise or any(area.holds(at) for area in facts.merged))
