"""A linear rule over the cells and facts of a form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from reportkit.errors import CellRef, Severity

Sign = Literal["=", "<="]
"""What holds between the sides of a rule."""


class Term(NamedTuple):
    """One cell (or fact) on a side of a rule, and what it is multiplied by."""

    ref: CellRef
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rule:
    """One linear rule over cells and facts: the terms on the left add up to those on the right, or to no more (`<=`).

    The sides may differ by `tolerance`. `total` is the cell that the rule can compute when it is left out: all of the
    right side, of an equation. `jurisdictions` is a regular expression for the names it applies to ("" for all).
    `source` says who asks for it.
    """

    code: str
    label: str
    severity: Severity
    source: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    total: CellRef | None = None
    jurisdictions: str = ""
    sign: Sign = "="
    tolerance: Decimal = Decimal(0)

    @cached_property
    def refs(self) -> tuple[CellRef, ...]:
        """The cells and facts of both sides, in the order in which they are written."""
        return tuple(term.ref for term in (*self.left, *self.right))

    @cached_property
    def only_adds(self) -> bool:
        """Whether it says that one sum is another, and no more than that."""
        return self.sign == "=" and not self.tolerance and all(term.factor == 1 for term in (*self.left, *self.right))
