"""The form's rules as formulas over the cells of a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import localcontext
from itertools import groupby
from operator import itemgetter

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from reportkit.errors import CellRef
from reportkit.model.equations import totals
from reportkit.model.filing import EXACT, Figure
from reportkit.model.form import Form, Rule

Position = tuple[int, int]
At = Callable[[CellRef], Position]
"""Where a cell of the form stands in the sheet."""


def total_rules(form: Form) -> dict[CellRef, Rule]:
    """Return for each total the rule that computes it, the first if there are several."""
    rules: dict[CellRef, Rule] = {}
    for rule in form.rules:
        if rule.total:
            rules.setdefault(rule.total, rule)
    return rules


def total_formula(rule: Rule, at: At) -> str:
    """Return the formula of a total: blank as long as all its parts are."""
    area = areas(at(ref) for _, ref in rule.terms if ref != rule.total)
    return f'=IF(COUNT({area})=0,"",SUM({area}))'


def check_formula(rule: Rule, at: At) -> str:
    """Return the formula of a rule that computes nothing: √, or by how much its filled sides differ."""
    left, right = _sides(rule, at)
    unfilled = f"OR(COUNT({left})=0,COUNT({right})=0)"
    return f'=IF({unfilled},"",IF(SUM({left})=SUM({right}),"√","差"&(SUM({left})-SUM({right}))))'


def broken_formula(rule: Rule, at: At) -> str:
    """Return the condition under which the cells of a rule turn red, the same for each of them."""
    left, right = (_fixed(area) for area in _sides(rule, at))
    return f"=AND(COUNT({left})>0,COUNT({right})>0,SUM({left})<>SUM({right}))"


def _fixed(area: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)


def _sides(rule: Rule, at: At) -> tuple[str, str]:
    left, right = (areas(at(ref) for sign, ref in rule.terms if sign == side) for side in (1, -1))
    return left, right


def computed(form: Form, values: Mapping[CellRef, Figure]) -> dict[CellRef, Figure]:
    """Return what the formulas of the totals give."""
    parts = {ref: figure for ref, figure in values.items() if ref not in total_rules(form)}
    with localcontext(EXACT):
        return {ref: Figure(number) for ref, number in totals(form.rules, parts).items()}


def areas(positions: Iterable[Position]) -> str:
    """Return the cells as ranges, as few as there can be in one direction: D7:I7, or D7:D9,D12."""
    cells = sorted(positions)
    across = [area for _, run in groupby(cells, key=itemgetter(0)) for area in _runs(run, 1)]
    down = [
        area for _, run in groupby(sorted(cells, key=itemgetter(1, 0)), key=itemgetter(1)) for area in _runs(run, 0)
    ]
    return ",".join(across if len(across) <= len(down) else down)


def _runs(cells: Iterable[Position], axis: int) -> Iterator[str]:
    """The cells of a row (axis 1) or a column (axis 0) that follow one another, as ranges."""
    for _, run in groupby(enumerate(cells), key=lambda pair: pair[1][axis] - pair[0]):
        members = [cell for _, cell in run]
        yield xl_range(*members[0], *members[-1]) if len(members) > 1 else xl_rowcol_to_cell(*members[0])
