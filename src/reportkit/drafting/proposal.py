"""A rule as it is proposed, before anybody has agreed to it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Proposal(NamedTuple):
    """A rule of the form's language: per row or column of a table, or (`per` is "") over any cells.

    `right` can be computed if it is a `total`. `leaves` are the keys on the left, with each group written out. `why` is
    told beside a rule that is guessed, "" for one that the file itself has; `proof` is what a filled sample says of it,
    and `tolerance` by how much its figures are off where they are rounded.
    """

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    table: str = ""
    per: str = ""
    only: tuple[str, ...] = ()
    total: bool = False
    sign: str = "="
    why: str = ""
    leaves: frozenset[str] = frozenset()
    tolerance: Decimal = Decimal(0)
    proof: str = ""

    def is_as(self, other: Proposal) -> bool:
        """Whether it says the same as another, be it of other rows or columns."""
        return (self.table, self.per, self.right, self.sign, self.leaves) == (
            other.table, other.per, other.right, other.sign, other.leaves,
        )  # fmt: skip

    def is_about(self, other: Proposal) -> bool:
        """Whether both say of what the same total is the sum."""
        return (
            self.total and other.total and (self.table, self.per, self.right) == (other.table, other.per, other.right)
        )
