"""What is wrong with cells that a formula computes, and with figures that are printed shorter than they are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.model.equations import Worked, worked
from reportkit.model.filing import EXACT, Figure, Filing, numbers, written
from reportkit.model.rounding import places, quantized


class Discrepancy(NamedTuple):
    """A cell that is not what its formula gives.

    `why` is "differs" where it was stated otherwise, "zero" where the formula divides by zero and the cell stays blank,
    and "negative" where what it gives cannot stand in the cell. `given` is what it gives.
    """

    ref: CellRef
    worked: Worked
    why: str
    given: Figure | None = None


def discrepancies(filing: Filing) -> Iterator[Discrepancy]:
    """Yield what is wrong with the computed cells of a filing that has its totals.

    Nothing is concluded where a cell of the formula is not read, or blank where all are needed.
    """
    if not filing.form.formulas:
        return
    known, closed = numbers(filing), frozenset(filing.unread)
    with localcontext(EXACT):
        for ref, way in worked(filing.form).items():
            if ref not in closed and closed.isdisjoint(way.refs) and way.can_follow(known.__contains__):
                yield from _of_cell(filing, ref, way, known.get(ref))


def shortened(filing: Filing) -> list[CellRef]:
    """Return the cells whose stated figure has more decimals than its form prints, in print order."""
    limits = filing.form.rounded
    stated = filing.figures.keys() - filing.computed if limits else ()
    return [
        ref for ref, most in limits.items() if ref in stated and len(_decimals(filing.figures[ref]).rstrip("0")) > most
    ]


def _of_cell(filing: Filing, ref: CellRef, way: Worked, stated: Decimal | None) -> Iterator[Discrepancy]:
    cell = filing.form.cells[ref]
    try:
        exact = way.formula.result(numbers(filing))
    except ZeroDivisionError:
        if stated is None:
            yield Discrepancy(ref, way, "zero")
        return
    if stated is None:
        return
    given = written(exact if way.digits is None else quantized(exact, way.digits), cell)
    if ref not in filing.computed:
        if abs(stated - exact) > _rounding(filing.figures[ref], way):
            yield Discrepancy(ref, way, "differs", given)
    elif stated < 0 and not cell.below_zero:
        yield Discrepancy(ref, way, "negative", given)


def _rounding(stated: Figure, way: Worked) -> Decimal:
    """By how much a figure may differ from what it was rounded from: as it is printed, and as it is written."""
    if way.digits is None:
        return Decimal(0)
    percent = 2 if way.cell.kind == "percent" else 0
    own = len(_decimals(stated)) + percent
    digits = own if places(way.cell) is None else max(own, way.digits)
    return Decimal(1).scaleb(-digits) / 2


def _decimals(figure: Figure) -> str:
    """The digits behind the point, as they were written."""
    return figure.text.lstrip("+-0123456789")[1:].rstrip("%元万亿") if "." in figure.text else ""
