"""What last year's report says about this year's: the figures that follow from it, as the form or its kind has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import localcontext
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.kinds.kind import kind_of, saying
from reportkit.kinds.kind_shapes import Carried, Grown, Prefill
from reportkit.model.across_years import Carry
from reportkit.model.filing import EXACT, Figure, Filing
from reportkit.model.form import Form
from reportkit.translation import N_


class CarryOver(NamedTuple):
    """The figures of this year's cells that follow from last year's, and words to stand beside cells.

    `lost` are this year's cells that would follow from last year's if that had been stated, and could be read.
    """

    values: Mapping[CellRef, Figure]
    hints: Mapping[CellRef, str]
    lost: frozenset[CellRef] = frozenset()


def carry_over(form: Form, last: Filing) -> CarryOver:
    """Return what last year's filing says about this year's in a form.

    What the kind says of it counts between forms of that kind alone.

    What must be counted anew is not filled in: last year's number stands beside it as a hint; so does a carry-over of
    which only the total was stated.
    """
    known = kind_of(form).prefill if form.kind == last.form.kind else None
    return _carry_over(known or Prefill(), form, last)


def is_only_begun(filing: Filing) -> bool:
    """Return whether nobody has filled a filing in yet: it states nothing but what can come along from last year."""
    cells = [ref for table in filing.form.tables.values() for ref in table.cells]
    stated = (filing.values.keys() - filing.computed) | filing.unread.keys()
    return bool(cells) and not stated - set(_carried_cells(filing.form, cells))


def _carried_cells(form: Form, cells: Iterable[CellRef]) -> Iterator[CellRef]:
    """The cells of a form that follow from last year's."""
    yield from (here for carry in form.carry for here, _there in carry)
    if known := kind_of(form).prefill:
        rows = {(one.table, one.to) for one in known.carry}
        columns = {one.column for one in known.grown}
        yield from (ref for ref in cells if (ref.table, ref.row) in rows or ref.column in columns)


def _carry_over(known: Prefill, form: Form, last: Filing) -> CarryOver:
    cells = {ref for table in form.tables.values() for ref in table.cells}
    values: dict[CellRef, Figure] = {}
    hints = {
        ref: saying(form)(N_("last year ({year}): {figure}")).format(year=last.year, figure=figure.text)
        for ref, figure in last.figures.items()
        if ref.column in known.counted_anew and ref in cells
    }
    lost: set[CellRef] = set()
    own = saying(form)(N_("carried over from last year: {figure}"))
    for carry, hint in [*((_row(one, cells), one.hint) for one in known.carry), *((one, own) for one in form.carry)]:
        found = _carried(carry, hint, form, last)
        values, hints, lost = {**values, **found.values}, {**hints, **found.hints}, lost | found.lost
    for columns in known.grown if form.edition == last.form.edition else ():
        grown = {ref: figure for ref, figure in _grown(columns, last) if figure >= 0 or not _is_count(form, ref)}
        values, lost = {**values, **grown}, lost | (set(_half_known(columns, last)) - grown.keys())
    return CarryOver(values, hints, frozenset(lost))


def _is_count(form: Form, ref: CellRef) -> bool:
    return form.tables[ref.table].cells[ref].kind == "count"


def _row(rows: Carried, cells: Iterable[CellRef]) -> Carry:
    """The cells of a row that is carried over, each with that of last year's."""
    here = sorted(ref for ref in cells if (ref.table, ref.row) == (rows.table, rows.to))
    return tuple((ref, ref._replace(row=rows.source)) for ref in here)


def _carried(carry: Carry, hint: str, form: Form, last: Filing) -> CarryOver:
    """What becomes of cells that are carried over together."""
    over = {here: last.figures[there] for here, there in carry if there in last.figures}
    lost = {here for here, there in carry if there in last.unread}
    if stated := {ref: figure for ref, figure in over.items() if ref not in form.totals}:
        return CarryOver(stated, {}, frozenset(lost))
    # {} is the figure in the hints of a kind.yaml.
    hints = {ref: hint.format(figure.text, figure=figure.text) for ref, figure in over.items()}
    return CarryOver({}, hints, frozenset(lost.union(here for here, _there in carry if over)))


def _grown(columns: Grown, last: Filing) -> Iterator[tuple[CellRef, Figure]]:
    """Last year's figures of a column, each with its change added, where both were stated."""
    for ref, figure in last.figures.items():
        change = last.figures.get(ref._replace(column=columns.change))
        if ref.column == columns.column and change is not None:
            with localcontext(EXACT):
                yield ref, Figure(figure + change)


def _half_known(columns: Grown, last: Filing) -> Iterator[CellRef]:
    """Last year's cells of a column of which the figure or the change is known, or was not read."""
    for ref in (*last.values, *last.unread):
        if ref.column in (columns.column, columns.change):
            yield ref._replace(column=columns.column)
