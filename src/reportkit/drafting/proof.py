"""What a filled sample says of the rules that are proposed: which hold on its figures, and which do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from reportkit.drafting.draft_table import DraftTable
from reportkit.drafting.drafted_form import Draft
from reportkit.drafting.source_grid import SourceCell, TableError
from reportkit.errors import CellRef
from reportkit.model.equations import ZERO, Breach, breaches
from reportkit.model.form import Form
from reportkit.model.numbers import half_width
from reportkit.model.rule import Rule
from reportkit.spreadsheets.formulas import exact
from reportkit.translation import _


class Sample(NamedTuple):
    """The figures of a filled table, each with the place where it stands."""

    values: Mapping[CellRef, Decimal]
    places: Mapping[CellRef, str]


def sample_of(tables: Iterable[DraftTable], filled: Iterable[DraftTable]) -> Sample:
    """Return the figures that the filled tables have in the cells of others of the same labels.

    Raises TableError for a filled table that is none of them.
    """
    known = {_labels(table): table for table in tables}
    values: dict[CellRef, Decimal] = {}
    places: dict[CellRef, str] = {}
    for table in filled:
        if _labels(table) not in known:
            words = _(
                "{origin}: has other rows or columns than the tables that are drafted; "
                "a sample is the same table, filled in"
            )
            raise TableError(words.format(origin=table.grid.origin))
        for one, entry in zip(known[_labels(table)].entries(), table.entries(), strict=True):
            number = _number(entry.source)
            if number is not None:
                values[one.ref] = number
                places[one.ref] = f"{table.grid.origin}: {table.grid.place(entry.source)}"
    return Sample(values, places)


def tested(draft: Draft, form: Form, sample: Sample) -> Draft:
    """Return a draft with what a sample says of each proposal, and without those that it speaks against.

    `form` is the draft as it is loaded, whose rules have the codes of the proposals.
    """
    kept, refuted = [], []
    for number, one in enumerate(draft.proposals, 1):
        rules = [rule for rule in form.rules if rule.code == f"K{number}" and _is_filled(rule, sample)]
        broken = breaches(rules, sample.values)
        off = max((abs(breach.left - breach.right) for breach in broken), default=ZERO)
        if any(abs(breach.left - breach.right) > _rounding(breach.rule, sample) for breach in broken):
            refuted.append(one._replace(proof=_both_sides(broken[0], sample)))
        elif broken:
            told = _("holds where it is filled in, but for rounding: {count}").format(count=len(rules))
            kept.append(one._replace(total=False, tolerance=off, proof=told))
        elif rules:
            kept.append(one._replace(proof=_("holds where it is filled in: {count}").format(count=len(rules))))
        else:
            kept.append(one)
    return replace(draft, proposals=tuple(kept), refuted=(*draft.refuted, *refuted))


def _rounding(rule: Rule, sample: Sample) -> Decimal:
    """By how much the sides can differ because each of the figures is rounded to as many decimals as the finest has."""
    exponents = [number.normalize().as_tuple().exponent for ref in rule.refs if (number := sample.values.get(ref))]
    finest = min((exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    return Decimal(len(exponents)).scaleb(finest) / 2 if finest < 0 else ZERO


def _both_sides(breach: Breach, sample: Sample) -> str:
    """The cell in which a rule does not hold, and its two sides."""
    place = next(sample.places[ref] for ref in reversed(breach.rule.refs) if ref in sample.places)
    return _("{place}: {left} and {right}").format(place=place, left=f"{breach.left:f}", right=f"{breach.right:f}")


def _is_filled(rule: Rule, sample: Sample) -> bool:
    """Whether a sample has figures on both sides of a rule: what is left blank proves nothing."""
    return all(any(term.ref in sample.values for term in side) for side in (rule.left, rule.right))


def _labels(table: DraftTable) -> Sequence[tuple[str, ...]]:
    return tuple(tuple(node.label for node in (*one.row, *one.column)) for one in table.entries())


def _number(cell: SourceCell) -> Decimal | None:
    """The number in a cell, None for a blank and for a text."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return exact(cell.value)
    text = half_width(cell.text).replace(",", "").rstrip("%").strip("$¥￥€£亿万元")
    negative = text.startswith("(") and text.endswith(")")
    try:
        return Decimal(text.strip("()")) * (-1 if negative else 1) if text else None
    except ArithmeticError:
        return None
