"""A county's figures as the sum of its units': exact, with every unit's share, and blank where it cannot be certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import groupby
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin
from reportkit.model.filing import EXACT, Figure, Filing, unknown, with_totals
from reportkit.model.form import Form, Leaf
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

    `filing` holds the sums; a cell that cannot be added with certainty is `unread` in it and told in its notes.
    `shares` are the figures that each sum was made of, in the order of the units.
    """

    filing: Filing
    shares: Mapping[CellRef, tuple[Share, ...]]


class _Cell(NamedTuple):
    """One cell on its way: its shares, its sum if there is one, and why there is none though figures were stated."""

    ref: CellRef
    shares: tuple[Share, ...]
    total: Figure | None
    obstacle: str


def combine(units: Sequence[Filing], form: Form, jurisdiction: str, year: int, origin: Origin) -> RollUp:
    """Return the sum of the units' filings, cell by cell, as a filing of this form. Text is not rolled up.

    A blank counts as 0 where another unit has a figure, and a sum of blanks is a blank. A cell that one of the units
    has unread, or that its form does not have, and amounts of money without a unit are not added: those are told
    (R20), as are the units with blanks (R21).
    """
    units = [with_totals(unit) for unit in units]
    closed = [(unit.jurisdiction, hidden) for unit in units if (hidden := unknown(unit))]
    others = [(unit.jurisdiction, _cells(unit.form)) for unit in units if unit.form is not form]
    columns = {ref: column for table in form.tables.values() for ref, column in table.cells.items()}
    cells = [_cell(ref, column, units, closed, others) for ref, column in columns.items()]
    notes = (*_obstacles(form, cells, origin), *_blanks(cells, units, origin))
    sums = Filing(
        form=form,
        jurisdiction=jurisdiction,
        year=year,
        agency="",
        values={cell.ref: cell.total for cell in cells if cell.total is not None},
        narrative={},
        origin=origin,
        notes=notes,
        unread=frozenset(cell.ref for cell in cells if cell.obstacle),
    )
    return RollUp(sums, {cell.ref: cell.shares for cell in cells})


def in_words(shares: Iterable[Share], most: int | None = None) -> str:
    """Return the shares that are not 0, as a sum: 桑洲镇 3 + 力洋镇 2; with `most`, the greatest ones and how many."""
    told = [share for share in shares if share.figure]
    if most is None or len(told) <= most:
        return " + ".join(f"{unit} {figure}" for unit, figure in told)
    greatest = sorted(told, key=lambda share: -abs(in_money(share.figure)))[:most]
    return f"{'、'.join(f'{unit} {figure}' for unit, figure in greatest)} 等 {len(told)} 个单位"


def in_money(figure: Figure) -> Decimal:
    """Return an amount in 元, any other figure as the number it is."""
    with localcontext(EXACT):
        return figure * MONEY.get(_unit(figure), Decimal(1))


def same(one: Figure | None, other: Figure | None, column: Leaf) -> bool | None:
    """Whether two figures of a column are the same, a blank counting as 0; None where the unit of one is not known."""
    figures = [figure for figure in (one, other) if figure]
    if column.kind != "amount" or column.unit or len(figures) < 2:
        return (one or ZERO) == (other or ZERO)
    if any(not _unit(figure) for figure in figures):
        return True if figures[0].text == figures[1].text else None
    return in_money(figures[0]) == in_money(figures[1])


_Named = Sequence[tuple[str, Collection[CellRef]]]
"""Cells by the name of a unit."""


def _cell(ref: CellRef, column: Leaf, units: Sequence[Filing], closed: _Named, others: _Named) -> _Cell:
    """One cell's sum. `closed` are the unknown cells of units, `others` all cells of units with another form."""
    shares = tuple(Share(unit.jurisdiction, unit.values[ref]) for unit in units if ref in unit.values)
    if unread := [name for name, cells in closed if ref in cells]:
        return _Cell(ref, shares, None, f"{_list(unread)}的数读不出来")
    if strange := [name for name, cells in others if ref not in cells]:
        who = "各单位" if len(strange) == len(units) else _list(strange)
        return _Cell(ref, shares, None, f"{who}的格式版本没有这一格")
    if not shares:
        return _Cell(ref, shares, None, "")
    if column.kind == "amount" and not column.unit:
        return _Cell(ref, shares, *_sum_of_money(shares))
    with localcontext(EXACT):
        return _Cell(ref, shares, Figure(sum((share.figure for share in shares), ZERO)), "")


def _cells(form: Form) -> frozenset[CellRef]:
    return frozenset(ref for table in form.tables.values() for ref in table.cells)


def _sum_of_money(shares: Iterable[Share]) -> tuple[Figure | None, str]:
    """The sum of amounts that state their unit, or why there is none."""
    counted = [share for share in shares if share.figure]
    if len(counted) < 2:
        return (counted[0].figure if counted else Figure(0)), ""
    units = {_unit(share.figure) for share in counted}
    if "" in units:
        bare = [f"{unit} {figure}" for unit, figure in counted if not _unit(figure)]
        return None, f"没有写明是元还是万元（{_list(bare)}）"
    unit = units.pop() if len(units) == 1 else COMMON_UNIT
    with localcontext(EXACT):
        total = sum((in_money(share.figure) for share in counted), ZERO) / MONEY[unit]
        number = total if total % 1 else total.quantize(Decimal(1))
    text = format(number.normalize() if number % 1 else number, "f")
    return Figure(text, f"{text}{unit}"), ""


def _unit(figure: Figure) -> str:
    match = re.search(r"\D*$", figure.text)
    return match[0] if match else ""


def _obstacles(form: Form, cells: Iterable[_Cell], origin: Origin) -> Iterator[Issue]:
    """One issue for each row of cells that were not added for the same reason."""
    stopped = (cell for cell in cells if cell.obstacle)
    for (table, _, obstacle), group in groupby(stopped, lambda cell: (cell.ref.table, cell.ref.row, cell.obstacle)):
        refs = [cell.ref for cell in group]
        labels = form.tables[table].labels
        columns = "、".join(f"“{labels[ref][1]}”" for ref in refs[:3]) + (f"等 {len(refs)} 格" if len(refs) > 3 else "")
        place = f"“{labels[refs[0]][0]}” " if labels[refs[0]][0] else ""
        message = f"{form.tables[table].caption} {place}{columns}没有相加：{obstacle}；请核实后填写"
        yield Issue("R20", "warning", message, origin, refs[0], obstacle)


def _blanks(cells: Iterable[_Cell], units: Sequence[Filing], origin: Origin) -> Iterator[Issue]:
    """One issue that names the units with blank cells where others have figures."""
    blanks: Counter[str] = Counter()
    for cell in cells:
        if cell.shares and not cell.obstacle:
            blanks.update(unit.jurisdiction for unit in units if cell.ref not in unit.values)
    if blanks:
        told = "、".join(f"{unit} {number} 格" for unit, number in blanks.items())
        yield Issue("R21", "warning", f"空白按 0 相加：{told}；请确认是没有，而不是漏填", origin, None, told, "0")


def _list(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f"等 {len(names)} 个" if len(names) > 5 else "")
