"""Cells of a sheet -> figures. A result of a formula counts only where it is what the cells still give."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin, Severity
from reportkit.model.equations import totals
from reportkit.model.filing import EXACT, Figure
from reportkit.model.form import Form, Leaf, Rule
from reportkit.model.numbers import Refusal, half_width, read_figure
from reportkit.spreadsheets.calculator import Calculator
from reportkit.spreadsheets.formulas import NotUnderstood, exact, external
from reportkit.spreadsheets.sheets import Position, Sheet, Value, Workbook

RECALCULATE = "请用 Excel、WPS 或 LibreOffice 打开，重新计算（F9）并保存后再交"
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
        self, code: str, message: str, where: Origin, ref: CellRef | None = None, found: str = "", expected: str = ""
    ) -> None:
        """Note what is wrong with a cell, which stays blank."""
        self.issues.append(Issue(code, "error", message, where, ref, found, expected))
        if ref:
            self.unread.add(ref)

    def origin(self, spot: Spot) -> Origin:
        """The place of a cell, as messages name it."""
        return Origin(self.book.path, spot.sheet.place(*spot.at))

    def name(self, ref: CellRef) -> str:
        """A cell as messages name it."""
        row, column = self.form.tables[ref.table].labels[ref]
        return "“" + "，".join(filter(None, (row.rsplit(" / ", 1)[-1], column))) + "”"

    def _cell(self, ref: CellRef, column: Leaf, spot: Spot) -> None:
        facts = spot.sheet.facts
        fault = facts.faults.get(spot.at)
        if fault:
            message = f"{self.name(ref)}是错误值 {fault}；请改成数"
            self.issue("W9", message, self.origin(spot), ref, fault)
        elif self._looks_plain(ref, column, spot) and (spot.at not in facts.formulas or self._formula(ref, spot)):
            self._value(ref, column, spot)

    def _looks_plain(self, ref: CellRef, column: Leaf, spot: Spot) -> bool:
        """Whether a person sees the number that is stored, and no other and nothing else."""
        facts, at = spot.sheet.facts, spot.at
        if at in facts.struck:
            message = f"{self.name(ref)}里有划掉的字，分不清报的是哪个数；请删去划掉的，只留要报的数"
            self.issue("W29", message, self.origin(spot), ref, _shown(spot.sheet.value(*at)))
        elif at in facts.raised:
            message = f"{self.name(ref)}里有上标或下标，可能是注的号码，不是数的一部分；请只留要报的数"
            self.issue("W30", message, self.origin(spot), ref, _shown(spot.sheet.value(*at)))
        elif at in facts.unseen:
            self._not_as_seen(ref, spot, "字却是白色的，看不见")
        elif facts.conditional and spot.sheet.value(*at) != "" and any(area.holds(at) for area in facts.conditional):
            self._not_as_seen(ref, spot, "条件格式可能把它显示成另一个样子")
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
            self._not_as_seen(ref, spot, "单元格格式把它显示成另一个样子，如百分数、以千计、以万计")
            return False
        figure = read_figure(_with_unit(shown, spot.unit), column)
        if isinstance(figure, Refusal) or figure != _number(value):
            self._not_as_seen(ref, spot, f"显示的是“{shown[:40]}”" if shown else "单元格格式却把它隐藏了")
            return False
        return True

    def _not_as_seen(self, ref: CellRef, spot: Spot, how: str) -> None:
        stored = _shown(spot.sheet.value(*spot.at)).strip()[:40]
        message = f"{self.name(ref)}里存的是 {stored}，{how}，分不清哪个是要报的；请把格式改为“常规”，再核对数"
        self.issue("W28", message, self.origin(spot), ref, stored)

    def _formula(self, ref: CellRef, spot: Spot) -> bool:
        """Whether the result of a formula is to be read now."""
        formula, value = spot.sheet.facts.formulas[spot.at], spot.sheet.value(*spot.at)
        if external(formula):
            message = f"{self.name(ref)}取自别的文件（={formula[:60]}）；请把公式换成数（复制，选择性粘贴为数值）"
            self.issue("W10", message, self.origin(spot), ref, f"={formula}"[:60])
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
        found = _shown(spot.sheet.value(*spot.at)) or "空白"
        should = f"，现在应为 {expected}" if expected else ""
        message = f"{self.name(ref)}是公式，文件里存的结果（{found}）没有重新计算{should}；{RECALCULATE}"
        self.issue("W12", message, self.origin(spot), ref, found, expected)

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
            found = text.strip()[:40]
            message = f"{self.name(ref)}写的是“{found}”，应为{figure.expected}；{figure.cure}"
            self.issue(figure.code, message, self.origin(spot), ref, found, figure.expected)
        else:
            self._take(ref, figure, spot)

    def _no_number(self, ref: CellRef, value: Value, spot: Spot) -> None:
        if isinstance(value, bool):
            message = f"{self.name(ref)}是 {value!s}（逻辑值），应为数；请重新填写"
        else:
            message = f"{self.name(ref)}是日期或时间（{value}）；请把单元格格式改为“常规”，再重新填数"
        self.issue("W15", message, self.origin(spot), ref, str(value), "数")

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
                message = f"{self.name(ref)}是公式，但有的组成部分没有读出来，所以总计也不读；请先改正那些单元格"
                self.issue("W13", message, self.origin(spot), ref)

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
            self._stale(ref, spot, "空白" if given is None else f"{given:f}")
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
            self._edited(ref, spot, sums, "空白" if given is None else f"{given:f}")

    def _edited(self, ref: CellRef, spot: Spot, sums: list[Decimal], found: str) -> None:
        expected = " 或 ".join(f"{number:f}" for number in dict.fromkeys(sums)) or "0"
        formula = spot.sheet.facts.formulas[spot.at]
        shown = f"（={formula[:60]}）" if formula else ""
        message = (
            f"{self.name(ref)}的公式{shown}得 {found}，各组成部分之和是 {expected}；"
            "公式可能被改动，或者有的数是文本；请改回求和公式或直接填数"
        )
        self.issue("W13", message, self.origin(spot), ref, found, expected)

    def _tell_formulas(self) -> None:
        if self._left_out:
            message = (
                f"{_several(self._left_out)}个总计的公式没有计算结果，已按各组成部分相加；{RECALCULATE}，并核对总计"
            )
            self._warn("W11", message, self._left_out[0])
        if self._unverified:
            message = (
                f"{_several(self._unverified)}个单元格是公式，读的是保存时的结果，没有办法核对；请核对，或把公式换成数"
            )
            self._warn("W14", message, self._unverified[0])

    def _warn(self, code: str, message: str, spot: Spot) -> None:
        severity: Severity = "warning"
        self.issues.append(Issue(code, severity, message, self.origin(spot)))


@lru_cache(4096)
def _whole(value: float) -> Figure:
    """The figure of a whole number; most of them are small, and come again."""
    return Figure(int(value))


def _several(spots: list[Spot]) -> str:
    return f"从这里起有 {len(spots)} " if len(spots) > 1 else "有 1 "


def _shown(value: Value) -> str:
    """A value as a person sees it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format(exact(value), "f") if math.isfinite(value) else str(value)
    return str(value)


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
