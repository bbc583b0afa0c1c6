"""Linear rules on any mapping of cells: evaluate them, explain them term by term, compute the totals left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.model.form import Rule

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
        left = right = ZERO
        for coefficient, ref in rule.terms:
            number = numbers.get(ref)
            if number is None:
                continue
            if coefficient > 0:
                left += number
            else:
                right += number
        if left != right:
            found.append(Breach(rule, left, right))
    return found


def totals(rules: Iterable[Rule], numbers: Mapping[CellRef, Decimal]) -> dict[CellRef, Decimal]:
    """The totals that are left out of `numbers` but follow from it.

    A total is computed when at least one of its parts is there: a sum of blanks is a blank, not a zero. A total of
    totals waits until its parts are known.
    """
    parts = {
        (rule.code, rule.total): [ref for _, ref in rule.terms if ref != rule.total]
        for rule in rules
        if rule.total and rule.total not in numbers
    }
    waiting = _follow(parts, numbers)
    computed: dict[CellRef, Decimal] = {}
    ready: list[tuple[str, CellRef]] | None = None
    while ready is None or ready:
        ready = [key for key in parts if key[1] in waiting and not waiting.intersection(parts[key])]
        for key in ready:
            known = (numbers.get(ref, computed.get(ref)) for ref in parts[key])
            computed[key[1]] = sum((number for number in known if number is not None), ZERO)
            waiting.discard(key[1])
    return computed


def _follow(parts: Mapping[tuple[str, CellRef], list[CellRef]], numbers: Mapping[CellRef, Decimal]) -> set[CellRef]:
    """The totals that have a known part, directly or through another total."""
    follow: set[CellRef] = set()
    added: set[CellRef] | None = None
    while added is None or added:
        added = {
            total
            for (_, total), refs in parts.items()
            if total not in follow and any(ref in numbers or ref in follow for ref in refs)
        }
        follow |= added
    return follow
