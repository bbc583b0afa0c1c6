"""Linear rules on any mapping of cells and facts: which do not hold, and the totals that were left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.model.arithmetic import Formula
from reportkit.model.cell import Cell
from reportkit.model.form import Form
from reportkit.model.rounding import digits, quantized
from reportkit.model.rule import Rule, Term

ZERO = Decimal(0)


class Breach(NamedTuple):
    """A rule that does not hold, with the sums of its two sides."""

    rule: Rule
    left: Decimal
    right: Decimal


def applies(rule: Rule, jurisdiction: str) -> bool:
    """Whether `rule` is meant for a jurisdiction of this name."""
    return not rule.jurisdictions or re.search(rule.jurisdictions, jurisdiction) is not None


def breaches(rules: Iterable[Rule], numbers: Mapping[CellRef, Decimal]) -> list[Breach]:
    """The rules that do not hold on `numbers`; a cell that is not there counts as 0."""
    found = []
    for rule in rules:
        left, right = side(rule.left, numbers), side(rule.right, numbers)
        if not _holds(rule, left - right):
            found.append(Breach(rule, left, right))
    return found


def side(terms: Iterable[Term], numbers: Mapping[CellRef, Decimal]) -> Decimal:
    """What one side of a rule adds up to; a cell that is not there counts as 0."""
    total = ZERO
    for ref, factor in terms:
        number = numbers.get(ref)
        if number is not None:
            total += number if factor == 1 else number * factor
    return total


def _holds(rule: Rule, excess: Decimal) -> bool:
    """Whether a rule allows its left side to be by so much more than its right side."""
    return excess <= rule.tolerance and (rule.sign == "<=" or -excess <= rule.tolerance)


class Worked(NamedTuple):
    """A formula, and the cell that it computes."""

    formula: Formula
    cell: Cell

    @property
    def refs(self) -> tuple[CellRef, ...]:
        """The cells that it is computed from."""
        return self.formula.refs

    @property
    def digits(self) -> int | None:
        """To how many decimals the number is rounded, None if it is not."""
        return digits(self.cell, self.formula.divides)

    def can_follow(self, known: Callable[[CellRef], bool]) -> bool:
        """Return whether enough of these is known."""
        return self.formula.can_follow(known)

    def result(self, numbers: Mapping[CellRef, Decimal]) -> Decimal | None:
        """Return what it comes to, rounded as the cell is printed; None where it would divide by zero."""
        try:
            number = self.formula.result(numbers)
        except ZeroDivisionError:
            return None
        return number if self.digits is None else quantized(number, self.digits)


def worked(form: Form) -> dict[CellRef, Worked]:
    """Return the formulas of a form, each with the cell that it computes."""
    return {ref: Worked(formula, form.cells[ref]) for ref, formula in form.formulas.items()}


class _Sum(NamedTuple):
    """What a rule computes."""

    terms: tuple[Term, ...]

    @property
    def refs(self) -> tuple[CellRef, ...]:
        return tuple(term.ref for term in self.terms)

    def can_follow(self, known: Callable[[CellRef], bool]) -> bool:
        return any(known(term.ref) for term in self.terms)

    def result(self, numbers: Mapping[CellRef, Decimal]) -> Decimal:
        return side(self.terms, numbers)


_Ways = list[tuple[CellRef, _Sum | Worked]]
"""Cells, each with a way to compute it."""


def totals(
    rules: Iterable[Rule], numbers: Mapping[CellRef, Decimal], formulas: Mapping[CellRef, Worked] = MappingProxyType({})
) -> dict[CellRef, Decimal]:
    """The totals, and the cells with a formula, that are left out of `numbers` but follow from it.

    A total is computed when at least one of its parts is there: a sum of blanks is a blank, not a zero. What is made of
    totals waits until these are known. What divides by zero stays blank, and what would be made of it alone.
    """
    ways: _Ways = [
        (rule.total, _Sum(tuple(term for term in rule.left if term.ref != rule.total)))
        for rule in rules
        if rule.total and rule.total not in numbers
    ]
    ways += [(ref, worked) for ref, worked in formulas.items() if ref not in numbers]
    waiting, known = _follow(ways, numbers), dict(numbers)
    left = [(ref, way) for ref, way in ways if ref in waiting]
    ready: _Ways | None = None
    while ready is None or ready:
        ready = [(ref, way) for ref, way in left if waiting.isdisjoint(way.refs)]
        left = [one for one in left if one not in ready]
        for ref, way in ready:
            number = way.result(known) if way.can_follow(known.__contains__) else None
            if number is not None:
                known[ref] = number
        waiting -= {ref for ref, _ in ready if ref in known or all(ref != other for other, _ in left)}
        left = [(ref, way) for ref, way in left if ref in waiting]
    return {ref: known[ref] for ref, _ in ways if ref in known}


def _follow(ways: _Ways, numbers: Mapping[CellRef, Decimal]) -> set[CellRef]:
    """The cells for which enough parts are known, directly or through another of them."""
    follow: set[CellRef] = set()
    added: set[CellRef] | None = None

    def known(part: CellRef) -> bool:
        return part in numbers or part in follow

    while added is None or added:
        added = {ref for ref, way in ways if ref not in follow and way.can_follow(known)}
        follow |= added
    return follow
