"""A county's figures as the sum of its units': exact, with every unit's share, and blank where it cannot be certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import NamedTuple

from reportkit.errors import CellRef, Origin
from reportkit.model.cell import ADDED, Cell
from reportkit.model.facts import Fact
from reportkit.model.filing import EXACT, Figure, Filing, unknown, unread_facts, with_totals
from reportkit.model.form import Form
from reportkit.model.numbers import MONEY

ZERO = Decimal(0)
COMMON_UNIT = "万元"
"""What amounts in different units are added up in."""


class Share(NamedTuple):
    """What one unit adds to a cell."""

    unit: str
    figure: Figure


@dataclass(frozen=True)
class RollUp:
    """The sum of several filings.

    `filing` holds the sums; a cell that cannot be added with certainty is `unread` in it, and among the `obstacles`
    with the reason. `shares` are the figures that each sum was made of, in the order of the units, for each cell that
    is added; `blanks` counts by
    unit the blank cells where others have figures. `facts` are the shares of what the form adds up beside its tables,
    by name, and `facts_left` those that cannot be added.
    """

    filing: Filing
    shares: Mapping[CellRef, tuple[Share, ...]]
    obstacles: Mapping[CellRef, Obstacle]
    blanks: Mapping[str, int]
    facts: Mapping[str, tuple[Share, ...]] = field(default_factory=dict)
    facts_left: Mapping[str, Obstacle] = field(default_factory=dict)


class Obstacle(NamedTuple):
    """Why a cell cannot be added, and because of which units: a word of the catalogue's, and their names."""

    name: str
    units: tuple[str, ...] = ()


class _Cell(NamedTuple):
    """One cell on its way: its shares, its sum if there is one, and why there is none though figures were stated."""

    ref: CellRef
    shares: tuple[Share, ...]
    total: Figure | None
    obstacle: Obstacle | None = None


def combine(units: Sequence[Filing], form: Form, jurisdiction: str, year: int, origin: Origin) -> RollUp:
    """Return the sum of the units' filings, cell by cell, as a filing of this form.

    Text is not rolled up, nor are percentages, and what a formula computes is computed from the sums.

    A blank counts as 0 where another unit has a figure, and a sum of blanks is a blank. A cell that one of the units
    has unread, or that its form does not have, and amounts of money without a unit are not added. So it is with the
    facts that the form adds up.
    """
    units = [with_totals(unit) for unit in units]
    closed = [(unit.jurisdiction, hidden) for unit in units if (hidden := unknown(unit))]
    others = [(unit.jurisdiction, unit.form.cells) for unit in units if unit.form is not form]
    added = {ref: cell for ref, cell in form.added_cells.items() if cell.kind in ADDED and ref not in form.formulas}
    cells = [_cell(ref, cell, units, closed, others) for ref, cell in added.items()]
    asked = [fact for fact in form.facts.values() if fact.added]
    facts = {fact.name: _shares_of(fact, units) for fact in asked}
    left = {fact.name: obstacle for fact in asked if (obstacle := _obstacle_to(fact, units))}
    sums = Filing(
        form=form,
        jurisdiction=jurisdiction,
        year=year,
        agency="",
        values={cell.ref: cell.total for cell in cells if cell.total is not None},
        narrative={},
        origin=origin,
        unread={cell.ref: "" for cell in cells if cell.obstacle},
        facts={
            fact.name: _sum_of(fact, facts[fact.name]) for fact in asked if fact.name not in left and facts[fact.name]
        },
    )
    obstacles = {cell.ref: cell.obstacle for cell in cells if cell.obstacle}
    blanks = _blanks(cells, units) + Counter(unit for name in sums.facts for unit in _without(name, units))
    return RollUp(
        with_totals(sums) if form.formulas else sums,
        {cell.ref: cell.shares for cell in cells},
        obstacles,
        blanks,
        facts,
        left,
    )


def in_words(shares: Iterable[Share]) -> str:
    """Return the shares that are not 0, as a sum: 桑洲镇 3 + 力洋镇 2."""
    return " + ".join(f"{unit} {figure}" for unit, figure in shares if figure)


def greatest(shares: Iterable[Share], most: int) -> list[Share]:
    """Return so many of the shares, the greatest first."""
    return sorted(shares, key=lambda share: -abs(in_money(share.figure)))[:most]


def in_money(figure: Figure) -> Decimal:
    """Return an amount in 元, any other figure as the number it is."""
    with localcontext(EXACT):
        return figure * MONEY.get(_unit(figure), Decimal(1))


def same(one: Figure | None, other: Figure | None, cell: Cell) -> bool | None:
    """Whether two figures of a cell are the same, a blank counting as 0; None where the unit of one is not known."""
    figures = [figure for figure in (one, other) if figure]
    if not cell.states_unit or len(figures) < 2:
        return (one or ZERO) == (other or ZERO)
    if any(not _unit(figure) for figure in figures):
        return True if figures[0].text == figures[1].text else None
    return in_money(figures[0]) == in_money(figures[1])


_Named = Sequence[tuple[str, Collection[CellRef]]]
"""Cells by the name of a unit."""
_Others = Sequence[tuple[str, Mapping[CellRef, Cell]]]


def _cell(ref: CellRef, cell: Cell, units: Sequence[Filing], closed: _Named, others: _Others) -> _Cell:
    """One cell's sum. `closed` are the unknown cells of units, `others` all cells of units with another form."""
    shares = tuple(Share(unit.jurisdiction, unit.figures[ref]) for unit in units if ref in unit.figures)
    if unread := [name for name, cells in closed if ref in cells]:
        return _Cell(ref, shares, None, Obstacle("unread_of", tuple(unread)))
    if strange := [name for name, cells in others if not _adds_to(cell, cells.get(ref))]:
        everywhere = len(strange) == len(units)
        obstacle = Obstacle("no_cell_anywhere") if everywhere else Obstacle("no_cell", tuple(strange))
        return _Cell(ref, shares, None, obstacle)
    if not shares:
        return _Cell(ref, shares, None)
    if cell.states_unit:
        return _Cell(ref, shares, *_sum_of_money(shares))
    with localcontext(EXACT):
        return _Cell(ref, shares, Figure(sum((share.figure for share in shares), ZERO)))


def _shares_of(fact: Fact, units: Iterable[Filing]) -> tuple[Share, ...]:
    stated = ((unit.jurisdiction, unit.facts.get(fact.name)) for unit in units if _has(unit.form, fact))
    return tuple(Share(name, Figure(str(value))) for name, value in stated if value is not None)


def _obstacle_to(fact: Fact, units: Sequence[Filing]) -> Obstacle | None:
    """Why a fact cannot be added, None if it can."""
    if unread := [unit.jurisdiction for unit in units if fact.name in unread_facts(unit)]:
        return Obstacle("unread_of", tuple(unread))
    if strange := [unit.jurisdiction for unit in units if not _has(unit.form, fact)]:
        everywhere = len(strange) == len(units)
        return Obstacle("no_cell_anywhere") if everywhere else Obstacle("no_cell", tuple(strange))
    return None


def _has(form: Form, fact: Fact) -> bool:
    """Whether a form asks for a fact, too, as a number of which nothing is lost in the sum."""
    return fact.name in form.facts and form.facts[fact.name].type in ("int", fact.type)


def _sum_of(fact: Fact, shares: Iterable[Share]) -> int | float:
    if fact.type == "int":
        return sum(int(share.figure) for share in shares)
    with localcontext(EXACT):
        return float(sum((share.figure for share in shares), ZERO))


def _without(fact: str, units: Iterable[Filing]) -> Iterator[str]:
    return (unit.jurisdiction for unit in units if fact not in unit.facts)


def _adds_to(cell: Cell, other: Cell | None) -> bool:
    """Whether what stands in another form's cell can be added to what stands in this one's."""
    return other is not None and other.kind in ADDED and other.currency == cell.currency


def _sum_of_money(shares: Iterable[Share]) -> tuple[Figure | None, Obstacle | None]:
    """The sum of amounts that state their unit, or why there is none."""
    counted = [share for share in shares if share.figure]
    if len(counted) < 2:
        return (counted[0].figure if counted else Figure(0)), None
    units = {_unit(share.figure) for share in counted}
    if "" in units:
        bare = [f"{unit} {figure}" for unit, figure in counted if not _unit(figure)]
        return None, Obstacle("no_unit", tuple(bare))
    unit = units.pop() if len(units) == 1 else COMMON_UNIT
    with localcontext(EXACT):
        total = sum((in_money(share.figure) for share in counted), ZERO) / MONEY[unit]
        number = total if total % 1 else total.quantize(Decimal(1))
    text = format(number.normalize() if number % 1 else number, "f")
    return Figure(text, f"{text}{unit}"), None


def _unit(figure: Figure) -> str:
    match = re.search(r"\D*$", figure.text)
    return match[0] if match else ""


def _blanks(cells: Iterable[_Cell], units: Sequence[Filing]) -> Counter[str]:
    blanks: Counter[str] = Counter()
    for cell in cells:
        if cell.shares and not cell.obstacle:
            blanks.update(unit.jurisdiction for unit in units if cell.ref not in unit.values)
    return blanks
