"""The form's rules as formulas over the cells of a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from itertools import groupby
from operator import itemgetter

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from reportkit.errors import CellRef
from reportkit.form_workbook.sheet_words import expression
from reportkit.model.arithmetic import Expression
from reportkit.model.equations import Worked, totals, worked
from reportkit.model.filing import EXACT, Figure, Value, figures_in, written
from reportkit.model.form import Form
from reportkit.model.rule import Rule, Term

Position = tuple[int, int]
At = Callable[[CellRef], Position]
"""Where a cell of the form stands in the sheet."""


def ways(form: Form) -> dict[CellRef, Rule | Worked]:
    """Return for each computed cell its formula, or the rule (the first) that it is the total of."""
    found: dict[CellRef, Rule | Worked] = {**worked(form)}
    for rule in form.rules:
        if rule.total:
            found.setdefault(rule.total, rule)
    return found


def computing(way: Rule | Worked, at: At) -> str:
    """Return the formula of a computed cell: blank as long as what it is made of is."""
    if isinstance(way, Rule):
        return _of_rule(way, at)
    formula, count = way.formula, f"COUNT({','.join(xl_rowcol_to_cell(*at(ref)) for ref in way.refs)})"
    text, digits = _expression(formula.expression, at, formula.is_sum), way.digits
    if digits is not None:
        text = f"ROUND({text},{digits})"
    if formula.divides:
        text = f'IFERROR({text},"")'
    return f'=IF({count}{"=0" if formula.is_sum else f"<{len(way.refs)}"},"",{text})'


def _expression(part: Expression, at: At, blanks: bool) -> str:
    """A part of a formula, in brackets where there is a sign in it; with `blanks`, these count as 0."""
    if isinstance(part, CellRef):
        cell = xl_rowcol_to_cell(*at(part))
        return f"N({cell})" if blanks else cell
    if isinstance(part, Decimal):
        return format(part, "f")
    return f"({_expression(part.left, at, blanks)}{part.sign}{_expression(part.right, at, blanks)})"


def _of_rule(rule: Rule, at: At) -> str:
    area = areas(at(ref) for ref, _ in rule.left)
    return f'=IF(COUNT({area})=0,"",{_sum(rule.left, at)})'


def check_formula(rule: Rule, at: At, off: str) -> str:
    """Return the formula of a rule that computes nothing: √, or by how much its filled sides differ.

    `off` is the sentence that says so, with the {difference}.
    """
    left, right = _sides(rule, at)
    unfilled = f"OR(COUNT({left})=0,COUNT({right})=0)"
    holds, _ = _conditions(rule, at)
    told = expression(off, difference=f"({_sum(rule.left, at)}-{_sum(rule.right, at)})")
    return f'=IF({unfilled},"",IF({holds},"√",{told}))'


def broken_formula(rule: Rule, at: At) -> str:
    """Return the condition under which the cells of a rule turn red, the same for each of them."""
    left, right = _sides(rule, at)
    _, broken = _conditions(rule, at)
    return _fixed(f"=AND(COUNT({left})>0,COUNT({right})>0,{broken})")


def _conditions(rule: Rule, at: At) -> tuple[str, str]:
    """The conditions under which a rule holds, and under which it is broken."""
    left, right = _sum(rule.left, at), _sum(rule.right, at)
    if rule.only_adds:
        return f"{left}={right}", f"{left}<>{right}"
    over = f"{left}-{right}" if rule.sign == "<=" else f"ABS({left}-{right})"
    return f"{over}<={rule.tolerance}", f"{over}>{rule.tolerance}"


def _sum(terms: Iterable[Term], at: At) -> str:
    """A side of a rule; a blank counts as 0."""
    terms = list(terms)
    plain = areas(at(ref) for ref, factor in terms if factor == 1)
    parts = [f"SUM({plain})"] if plain else []
    parts += [f"{factor}*N({xl_rowcol_to_cell(*at(ref))})" for ref, factor in terms if factor != 1]
    return parts[0] if len(parts) == 1 else f"({'+'.join(parts)})"


def _fixed(area: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)


def _sides(rule: Rule, at: At) -> tuple[str, str]:
    left, right = (areas(at(ref) for ref, _ in side) for side in (rule.left, rule.right))
    return left, right


def computed(form: Form, values: Mapping[CellRef, Value]) -> dict[CellRef, Figure]:
    """Return what the formulas of the computed cells give."""
    parts = {ref: figure for ref, figure in figures_in(form, values).items() if ref not in form.totals}
    with localcontext(EXACT):
        found = totals(form.rules, parts, worked(form))
        return {ref: written(number, form.cells[ref]) for ref, number in found.items()}


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
