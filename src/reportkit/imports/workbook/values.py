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
from reportkit.model.cell import Cell
from reportkit.model.entries import is_blank, read_value
from reportkit.model.equations import Worked, side, totals, worked
from reportkit.model.filing import EXACT, Figure, figures_in, written
from reportkit.model.filing import Value as Entered
from reportkit.model.form import Form
from reportkit.model.numbers import Refusal, half_width, read_figure
from reportkit.model.rule import Rule
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
        self.values: dict[CellRef, Entered] = {}
        self.origins: dict[CellRef | str, Origin] = {}
        self.unread: set[CellRef] = set()
        self.issues: list[Issue] = []
        self._calculator = calculator
        self._sums: dict[CellRef, Spot] = {}
        self._left_out: list[Spot] = []
        self._unverified: list[Spot] = []

    def read(self, spots: Iterable[tuple[CellRef, Cell, Spot]]) -> None:
        """Read the cells at these places, then the totals that are formulas."""
        for ref, cell, spot in spots:
            self._cell(ref, cell, spot)
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

    def _cell(self, ref: CellRef, cell: Cell, spot: Spot) -> None:
        facts = spot.sheet.facts
        fault = facts.faults.get(spot.at)
        if fault:
            self.issue("W9", self.origin(spot), ref, fault, cell=self.name(ref))
        elif not cell.is_number:
            self._words(ref, cell, spot)
        elif self._looks_plain(ref, cell, spot) and (spot.at not in facts.formulas or self._formula(ref, spot)):
            self._value(ref, cell, spot)

    def _words(self, ref: CellRef, cell: Cell, spot: Spot) -> None:
        """Read a cell for words, an option or a day: what a person sees there."""
        facts, value = spot.sheet.facts, spot.sheet.value(*spot.at)
        if value == "" or _blank(value) or not self._is_seen(ref, spot):
            return
        formula = facts.formulas.get(spot.at, "")
        if formula and external(formula):
            self._external(ref, spot, formula)
            return
        if isinstance(value, bool | datetime.time | datetime.timedelta):
            self._no_number(ref, value, spot)
            return
        # A number that somebody has given a format of ten digits is seen with its zeros.
        is_number = type(value) in (int, float)
        text = (is_number and (facts.padded.get(spot.at) or facts.shown.get(spot.at))) or _seen(value)
        if not is_blank(text, cell):
            self._read(ref, text, read_value(text, cell), spot)

    def _is_seen(self, ref: CellRef, spot: Spot) -> bool:
        """Whether what stands in a cell is there for a person: not struck out, raised, white or hidden."""
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
            return True
        return False

    def _looks_plain(self, ref: CellRef, cell: Cell, spot: Spot) -> bool:
        """Whether a person sees the number that is stored, and no other and nothing else."""
        shown, at = spot.sheet.facts.shown, spot.at
        return self._is_seen(ref, spot) and (at not in shown or self._as_seen(ref, cell, spot, shown[at]))

    def _as_seen(self, ref: CellRef, cell: Cell, spot: Spot, shown: str | None) -> bool:
        """Whether what a person sees is a figure for the column, and the one that is stored."""
        value = spot.sheet.value(*spot.at)
        wrong = isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta)
        if wrong or isinstance(read_figure(_with_unit(_shown(value), spot.unit), cell), Refusal):
            return True  # which is told as what it is
        if shown is None:
            self._not_as_seen("W28.format", ref, spot)
            return False
        figure = read_figure(_with_unit(shown, spot.unit), cell)
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
            self._external(ref, spot, formula)
            return False
        if ref in self.form.totals:
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

    def _external(self, ref: CellRef, spot: Spot, formula: str) -> None:
        told = {"cell": self.name(ref), "formula": formula[:60]}
        self.issue("W10", self.origin(spot), ref, f"={formula}"[:60], **told)

    def _stale(self, ref: CellRef, spot: Spot, expected: str) -> None:
        found = _shown(spot.sheet.value(*spot.at)) or phrase("blank")
        name = "W12.known" if expected else "W12.unknown"
        self.issue(name, self.origin(spot), ref, found, expected, cell=self.name(ref))

    def _value(self, ref: CellRef, cell: Cell, spot: Spot) -> None:
        value, seen = spot.sheet.value(*spot.at), spot.sheet.facts.shown.get(spot.at, "")
        if not seen and type(value) is float and cell.kind == "count" and 0 <= value < _SURE and value.is_integer():
            self._take(ref, _whole(value), spot)  # nearly all are such, and a county has 200,000 of them
            return
        if value == "" or (isinstance(value, str) and is_blank(value, cell)):
            return
        if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
            self._no_number(ref, value, spot)
            return
        text = _shown(value)
        figure = read_figure(_with_unit(text, spot.unit), cell)
        if seen and not isinstance(figure, Refusal):
            figure = read_figure(_with_unit(seen, spot.unit), cell)  # the same in another way of writing: 9.20万元
        self._read(ref, text, figure, spot)

    def _read(self, ref: CellRef, text: str, value: Entered | Refusal, spot: Spot) -> None:
        if isinstance(value, Refusal):
            at = (self.origin(spot), ref, text.strip()[:40], expected(value))
            self.issue(value.code, *at, cell=self.name(ref), cure=cure(value))
        else:
            self._take(ref, value, spot)

    def _no_number(self, ref: CellRef, value: Value, spot: Spot) -> None:
        name = "W15.logical" if isinstance(value, bool) else "W15.date"
        self.issue(name, self.origin(spot), ref, str(value), phrase("number"), cell=self.name(ref))

    def _take(self, ref: CellRef, value: Entered, spot: Spot) -> None:
        self.values[ref] = value
        self.origins[ref] = self.origin(spot)

    def _check_sums(self) -> None:
        """The totals that are formulas: their results count where they are the sums that the form's rules give."""
        rules, figures = self._readable_rules(), figures_in(self.form, self.values)
        formulas = {ref: way for ref, way in worked(self.form).items() if ref in self._sums and self._is_sound(way)}
        computed = totals(rules, figures, formulas)
        known = {**computed, **figures}
        sums: dict[CellRef, list[Decimal]] = {rule.total: [] for rule in rules if rule.total}
        sums |= {ref: [computed[ref]] if ref in computed else [] for ref in formulas}
        for rule in rules:
            if rule.total and any(ref in known for ref, _ in rule.left):
                sums[rule.total].append(side(rule.left, known))
        for ref, spot in self._sums.items():
            if ref in sums:
                self._sum(ref, spot, sums[ref])
            else:
                self.issue("W13.parts", self.origin(spot), ref, cell=self.name(ref))

    def _is_sound(self, way: Worked) -> bool:
        return self.unread.isdisjoint(way.refs)

    def _readable_rules(self) -> list[Rule]:
        """The rules of the totals that are formulas, without those that build on a cell that could not be read."""
        rules = [rule for rule in self.form.rules if rule.total in self._sums]
        doubtful = set(self.unread)
        while True:
            sound = [rule for rule in rules if doubtful.isdisjoint(rule.refs)]
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
            self._stale(ref, spot, phrase("blank") if given is None else f"{given:f}")
        elif stated in (sums or ([] if ref in self.form.formulas else [Decimal(0)])):
            self._take(ref, written(stated, self.form.cells[ref]), spot)
        else:
            self._edited(ref, spot, sums, f"{stated:f}")

    def _without_result(self, ref: CellRef, spot: Spot, sums: list[Decimal], given: Decimal | None) -> None:
        """A total without a result is left out, to be computed, if its formula would give just that."""
        if isinstance(spot.sheet.value(*spot.at), str) and not _blank(spot.sheet.value(*spot.at)):
            self._stale(ref, spot, f"{given:f}" if given is not None else "")
        elif sums and given in sums:
            self._left_out.append(spot)
        elif sums:
            self._edited(ref, spot, sums, phrase("blank") if given is None else f"{given:f}")

    def _edited(self, ref: CellRef, spot: Spot, sums: list[Decimal], found: str) -> None:
        expected = joined(dict.fromkeys(sums), "or") or "0"
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


def _seen(value: Value) -> str:
    """A value as the text that stands for it: a day as ISO writes it."""
    return value.date().isoformat() if isinstance(value, datetime.datetime) else _shown(value)


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
