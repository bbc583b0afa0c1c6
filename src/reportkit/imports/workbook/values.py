"""Cells of a sheet -> figures. A result of a formula counts only where it is what the cells still give."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin
from reportkit.messages.numbers import cure, expected
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.equations import totals
from reportkit.model.filing import BLANK, EXACT, Figure
from reportkit.model.form import Form, Leaf, Rule
from reportkit.model.numbers import Refusal, half_width, read_figure
from reportkit.spreadsheets.calculator import Calculator
from reportkit.spreadsheets.formulas import NotUnderstood, exact, external
from reportkit.spreadsheets.sheets import Position, Sheet, Value, Workbook

_SURE = 10**15


class Spot(NamedTuple):
    """Where a cell of the form was found; `unit` is what the header there says of money, where the form does not."""

    sheet: Sheet
    at: Position
    unit: str = ""


class Ledger:
    """Reads the cells of one filing and gathers what is wrong."""

    def __init__(self, form: Form, book: Workbook, calculator: Calculator) -> None:
        self.form, self.book = form, book
        self.values: dict[CellRef, Figure] = {}
        self.origins: dict[CellRef | str, Origin] = {}
        self.unread: set[CellRef] = set()
        self.issues: list[Issue] = []
        self._calculator = calculator
        self._totals = {rule.total for rule in form.rules if rule.total}
        self._sums: dict[CellRef, Spot] = {}
        self._left_out: list[Spot] = []
        self._unverified: list[Spot] = []

    def read(self, spots: Iterable[tuple[CellRef, Leaf, Spot]]) -> None:
        """Read the cells at these places, then the totals that are formulas."""
        for ref, column, spot in spots:
            self._cell(ref, column, spot)
        with localcontext(EXACT):
            self._check_sums()
        self._tell_formulas()

    def issue(
        self,
        name: str,
        where: Origin,
        ref: CellRef | None = None,
        found: str = "",
        expected: str = "",
        /,
        **values: object,
    ) -> None:
        """Note what is wrong with a cell, which stays blank."""
        self.issues.append(issue(name, where, ref, found, expected, **values))
        if ref:
            self.unread.add(ref)

    def origin(self, spot: Spot) -> Origin:
        """The place of a cell, as messages name it."""
        return Origin(self.book.path, spot.sheet.place(*spot.at))

    def name(self, ref: CellRef) -> str:
        """A cell as messages name it."""
        row, column = self.form.tables[ref.table].labels[ref]
        return f"“{joined(filter(None, (row.rsplit(' / ', 1)[-1], column)), 'clauses')}”"

    def _cell(self, ref: CellRef, column: Leaf, spot: Spot) -> None:
        facts = spot.sheet.facts
        fault = facts.faults.get(spot.at)
        if fault:
            self.issue("W9", self.origin(spot), ref, fault, cell=self.name(ref))
        elif self._looks_plain(ref, column, spot) and (spot.at not in facts.formulas or self._formula(ref, spot)):
            self._value(ref, column, spot)

    def _looks_plain(self, ref: CellRef, column: Leaf, spot: Spot) -> bool:
        """Whether a person sees the number that is stored, and no other and nothing else."""
        facts, at = spot.sheet.facts, spot.at
        if at in facts.struck:
            self.issue("W29.cell", self.origin(spot), ref, _shown(spot.sheet.value(*at)), cell=self.name(ref))
        elif at in facts.raised:
            self.issue("W30", self.origin(spot), ref, _shown(spot.sheet.value(*at)), cell=self.name(ref))
        elif at in facts.unseen:
            self._not_as_seen("W28.white", ref, spot)
        elif facts.conditional and spot.sheet.value(*at) != "" and any(area.holds(at) for area in facts.conditional):
            self._not_as_seen("W28.conditional", ref, spot)
        else:
            return at not in facts.shown or self._as_seen(ref, column, spot, facts.shown[at])
        return False

    def _as_seen(self, ref: CellRef, column: Leaf, spot: Spot, shown: str | None) -> bool:
        """Whether what a person sees is a figure for the column, and the one that is stored."""
        value = spot.sheet.value(*spot.at)
        wrong = isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta)
        if wrong or isinstance(read_figure(_with_unit(_shown(value), spot.unit), column), Refusal):
            return True  # which is told as what it is
        if shown is None:
            self._not_as_seen("W28.format", ref, spot)
            return False
        figure = read_figure(_with_unit(shown, spot.unit), column)
        if isinstance(figure, Refusal) or figure != _number(value):
            if shown:
                self.issue("W28.shown", self.origin(spot), ref, _stored(spot), cell=self.name(ref), shown=shown[:40])
            else:
                self._not_as_seen("W28.hidden", ref, spot)
            return False
        return True

    def _not_as_seen(self, name: str, ref: CellRef, spot: Spot) -> None:
        self.issue(name, self.origin(spot), ref, _stored(spot), cell=self.name(ref))

    def _formula(self, ref: CellRef, spot: Spot) -> bool:
        """Whether the result of a formula is to be read now."""
        formula, value = spot.sheet.facts.formulas[spot.at], spot.sheet.value(*spot.at)
        if external(formula):
            told = {"cell": self.name(ref), "formula": formula[:60]}
            self.issue("W10", self.origin(spot), ref, f"={formula}"[:60], **told)
            return False
        if ref in self._totals:
            self._sums[ref] = spot
            return False
        try:
            given = self._calculator.result(spot.sheet, spot.at)
        except NotUnderstood:
            if spot.at in spot.sheet.facts.unsolved or self.book.manual:
                self._stale(ref, spot, "")
                return False
            if isinstance(_number(value), Decimal):
                self._unverified.append(spot)
            return True
        if given != _number(value):
            self._stale(ref, spot, "" if given is None else f"{given:f}")
            return False
        return True

    def _stale(self, ref: CellRef, spot: Spot, expected: str) -> None:
        found = _shown(spot.sheet.value(*spot.at)) or BLANK
        name = "W12.known" if expected else "W12.unknown"
        self.issue(name, self.origin(spot), ref, found, expected, cell=self.name(ref))

    def _value(self, ref: CellRef, column: Leaf, spot: Spot) -> None:
        value, seen = spot.sheet.value(*spot.at), spot.sheet.facts.shown.get(spot.at, "")
        if not seen and type(value) is float and column.kind == "count" and 0 <= value < _SURE and value.is_integer():
            self._take(ref, _whole(value), spot)  # nearly all are such, and a county has 200,000 of them
            return
        if value == "" or _blank(value):
            return
        if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
            self._no_number(ref, value, spot)
            return
        text = _shown(value)
        figure = read_figure(_with_unit(text, spot.unit), column)
        if seen and not isinstance(figure, Refusal):
            figure = read_figure(_with_unit(seen, spot.unit), column)  # the same in another way of writing: 9.20万元
        if isinstance(figure, Refusal):
            at = (self.origin(spot), ref, text.strip()[:40], expected(figure))
            self.issue(figure.code, *at, cell=self.name(ref), cure=cure(figure))
        else:
            self._take(ref, figure, spot)

    def _no_number(self, ref: CellRef, value: Value, spot: Spot) -> None:
        name = "W15.logical" if isinstance(value, bool) else "W15.date"
        self.issue(name, self.origin(spot), ref, str(value), phrase("number"), cell=self.name(ref))

    def _take(self, ref: CellRef, figure: Figure, spot: Spot) -> None:
        self.values[ref] = figure
        self.origins[ref] = self.origin(spot)

    def _check_sums(self) -> None:
        """The totals that are formulas: their results count where they are the sums that the form's rules give."""
        rules = self._readable_rules()
        computed = totals(rules, self.values)
        known = {**computed, **self.values}
        sums: dict[CellRef, list[Decimal]] = {rule.total: [] for rule in rules if rule.total}
        for rule in rules:
            parts = [known[ref] for _, ref in rule.terms if ref != rule.total and ref in known]
            if rule.total and parts:
                sums[rule.total].append(sum(parts, Decimal(0)))
        for ref, spot in self._sums.items():
            if ref in sums:
                self._sum(ref, spot, sums[ref])
            else:
                self.issue("W13.parts", self.origin(spot), ref, cell=self.name(ref))

    def _readable_rules(self) -> list[Rule]:
        """The rules of the totals that are formulas, without those that build on a cell that could not be read."""
        rules = [rule for rule in self.form.rules if rule.total in self._sums]
        doubtful = set(self.unread)
        while True:
            sound = [rule for rule in rules if doubtful.isdisjoint(ref for _, ref in rule.terms)]
            more = {rule.total for rule in rules if rule.total} - {rule.total for rule in sound} - doubtful
            if not more:
                return sound
            doubtful |= more

    def _sum(self, ref: CellRef, spot: Spot, sums: list[Decimal]) -> None:
        value = spot.sheet.value(*spot.at)
        stated = _number(value)
        try:
            given = self._calculator.result(spot.sheet, spot.at)
        except NotUnderstood:
            given = stated
        if stated is None:
            self._without_result(ref, spot, sums, given)
        elif stated != given:
            self._stale(ref, spot, BLANK if given is None else f"{given:f}")
        elif stated in (sums or [Decimal(0)]):
            self._take(ref, Figure(stated), spot)
        else:
            self._edited(ref, spot, sums, f"{stated:f}")

    def _without_result(self, ref: CellRef, spot: Spot, sums: list[Decimal], given: Decimal | None) -> None:
        """A total without a result is left out, to be computed, if its formula would give just that."""
        if isinstance(spot.sheet.value(*spot.at), str) and not _blank(spot.sheet.value(*spot.at)):
            self._stale(ref, spot, f"{given:f}" if given is not None else "")
        elif sums and given in sums:
            self._left_out.append(spot)
        elif sums:
            self._edited(ref, spot, sums, BLANK if given is None else f"{given:f}")

    def _edited(self, ref: CellRef, spot: Spot, sums: list[Decimal], found: str) -> None:
        expected = " 或 ".join(f"{number:f}" for number in dict.fromkeys(sums)) or "0"
        formula = spot.sheet.facts.formulas[spot.at]
        at = (self.origin(spot), ref, found, expected)
        if formula:
            self.issue("W13.sum", *at, cell=self.name(ref), formula=formula[:60])
        else:
            self.issue("W13.hidden", *at, cell=self.name(ref))

    def _tell_formulas(self) -> None:
        for spots, one, several in (
            (self._left_out, "W11.one", "W11.several"),
            (self._unverified, "W14.one", "W14.several"),
        ):
            if len(spots) == 1:
                self.issues.append(issue(one, self.origin(spots[0])))
            elif spots:
                self.issues.append(issue(several, self.origin(spots[0]), count=len(spots)))


@lru_cache(4096)
def _whole(value: float) -> Figure:
    """The figure of a whole number; most of them are small, and come again."""
    return Figure(int(value))


def _shown(value: Value) -> str:
    """A value as a person sees it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format(exact(value), "f") if math.isfinite(value) else str(value)
    return str(value)


def _stored(spot: Spot) -> str:
    return _shown(spot.sheet.value(*spot.at)).strip()[:40]


def _number(value: Value) -> Decimal | None:
    """A result as a number, None if it is a blank or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return exact(value)


def _blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def _with_unit(text: str, unit: str) -> str:
    """The text with the unit that its column's header states, unless it has one itself."""
    written = half_width(text)
    return text + unit if unit and written[-1:].isdigit() else text
