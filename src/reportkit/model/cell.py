"""What a cell of a table takes and how it is printed: said of a column, a row or the cell, the narrowest first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["count", "change", "amount", "number", "percent", "money", "text", "choice", "date"]
"""What a cell holds: a whole number >= 0, a whole number with a sign, a decimal amount of money that may state 元 or
万元, any decimal, a share in percent, money of one currency, words, one of some options, a day."""

DECIMALS: frozenset[Kind] = frozenset({"amount", "number", "percent", "money"})
"""The kinds that may have decimals, and are negative only where the form says so."""

NUMBERS: frozenset[Kind] = DECIMALS | {"count", "change"}
"""The kinds whose cells hold a number."""

ADDED: frozenset[Kind] = NUMBERS - {"percent"}
"""The kinds of which the sum over several units means something."""

CURRENCIES = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "INR": "₹", "HKD": "HK$"}
"""The signs of currencies by code; one that is not here is printed by its code."""

PERCENT = "%"
"""The unit of a percent cell whose label has the sign: printed without it."""


class Format(NamedTuple):
    """How a cell is printed, as far as the form says: None where it says nothing, and the figure stays as written."""

    decimals: int | None = None
    group: bool | None = None
    negative: Literal["minus", "parens"] | None = None
    plus: bool | None = None
    symbol: bool | None = None
    blank: str | None = None
    boxes: bool | None = None
    date: str | None = None

    def over(self, wider: Format) -> Format:
        """Return this format with what it leaves open taken from a wider one."""
        if wider is AS_WRITTEN:
            return self
        return wider if self is AS_WRITTEN else Format._make(_first(self, wider))


AS_WRITTEN = Format()
"""The format of cells that are printed as their file writes them."""


class Traits(NamedTuple):
    """What a form says of the cells of a column, of a row, or of one cell; None for what it does not say there."""

    kind: Kind | None = None
    unit: str | None = None
    currency: str | None = None
    options: tuple[str, ...] | None = None
    negative: bool | None = None
    format: Format = AS_WRITTEN

    def over(self, wider: Traits) -> Traits:
        """Return these traits with what they leave open taken from wider ones.

        A kind brings its own unit, currency and options along: those of another kind do not fit it.
        """
        if wider == SILENT:
            return self
        above = Traits() if self.kind is not None else wider
        return Traits._make(_first(self, above))._replace(format=self.format.over(wider.format))


SILENT = Traits()
"""Of which nothing is said."""


def _first(one: Iterable[object], other: Iterable[object]) -> Iterable[object]:
    """The values of one, and of the other where it has None."""
    return (b if a is None else a for a, b in zip(one, other, strict=True))


class Cell(NamedTuple):
    """What a cell takes and how it is printed. `label` is its column's, `labels` those from the top down."""

    kind: Kind = "count"
    unit: str = ""
    currency: str = ""
    options: tuple[str, ...] = ()
    negative: bool = False
    format: Format = AS_WRITTEN
    labels: tuple[str, ...] = ("",)

    @property
    def label(self) -> str:
        """The printed label of its column."""
        return self.labels[-1]

    @property
    def is_number(self) -> bool:
        """Whether a number stands in it."""
        return self.kind in NUMBERS

    @property
    def below_zero(self) -> bool:
        """Whether its figures can be below zero."""
        return self.negative or self.kind == "change"

    @property
    def states_unit(self) -> bool:
        """Whether each figure says by itself what unit of money it is in."""
        return self.kind == "amount" and not self.unit

    @property
    def sign(self) -> str:
        """The sign of its currency, or its code."""
        return CURRENCIES.get(self.currency, self.currency)

    @property
    def hides_percent(self) -> bool:
        """Whether its figures are printed without the percent sign, which the label has."""
        return self.unit == PERCENT


@lru_cache(maxsize=1 << 12)  # of most columns all cells are the same
def cell_of(traits: tuple[Traits, ...], labels: tuple[str, ...], computed: bool = False) -> Cell:
    """Return the cell of which this is said, the narrowest first. One that is `computed` may be below zero."""
    said = SILENT
    for wider in traits:
        said = said.over(wider)
    kind = said.kind or "count"
    return Cell(
        kind,
        said.unit or "",
        said.currency or "",
        said.options or (),
        bool(computed if said.negative is None else said.negative),
        said.format,
        labels,
    )
