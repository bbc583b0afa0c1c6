"""What is compared: the lines that the forms of both years have, each with its two figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from itertools import zip_longest
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.kinds.kind import kind_of
from reportkit.kinds.kind_shapes import Compared, Comparison
from reportkit.model.cell import ADDED, Cell
from reportkit.model.filing import EXACT, Figure, Filing, unknown
from reportkit.model.form import Form


class Line(NamedTuple):
    """One thing that is compared: the table it stands in, its printed labels from the top down, and two figures.

    A figure is None where the cell was left blank, or cannot be read. `cell` knows their kind and unit.
    """

    table: str
    labels: tuple[str, ...]
    now: Figure | None
    before: Figure | None
    cell: Cell


def table_lines(now: Filing, before: Filing) -> list[Line]:
    """Return the lines of the comparison's table, in print order; labels are those of this year's form."""
    return list(_lines(_chosen(now.form).table, now, before))


def picture_lines(now: Filing, before: Filing) -> dict[str, list[Line]]:
    """Return the lines of each picture by its title; one of which the forms have nothing in common is left out."""
    found = {one.title: list(_lines(one.lines, now, before)) for one in _chosen(now.form).pictures}
    return {title: lines for title, lines in found.items() if lines}


def _chosen(form: Form) -> Comparison:
    """What the form compares, or else its kind; where neither says anything, its totals."""
    if form.compared:
        return Comparison(table=tuple(Compared(one.table, (one.row,), (one.column,)) for one in form.compared))
    return kind_of(form).comparison or Comparison(table=tuple(_totals(form)))


def _totals(form: Form) -> Iterator[Compared]:
    """The cells that are sums by the form's rules, table by table; all of a table that has none."""
    for key, table in form.tables.items():
        sums = [ref for ref in table.cells if ref in form.totals_of_rules]
        for ref in sums or ([] if table.open else table.cells):
            yield Compared(table=key, rows=(ref.row,), columns=(ref.column,))


def _lines(entries: Iterable[Compared], now: Filing, before: Filing) -> Iterator[Line]:
    for entry in entries:
        for row in entry.rows:
            for column in entry.columns:
                here, there = (_cells(filing.form, entry.table, row, column) for filing in (now, before))
                if here and there and _comparable(now.form, before.form, here, there):
                    labels = _labels(now.form, here, entry.labels)
                    cell = now.form.tables[entry.table].cells[here[0]]
                    yield Line(entry.table, labels, _value(now, here), _value(before, there), cell)


def _comparable(now: Form, before: Form, here: list[CellRef], there: list[CellRef]) -> bool:
    """Whether both years have numbers of one sort there, which can be added where there are several."""
    cells = [form.cells[ref] for form, refs in ((now, here), (before, there)) for ref in refs]
    sorts = {(cell.kind if cell.kind not in ("count", "change") else "count", cell.currency) for cell in cells}
    added = len(here) == len(there) == 1 or cells[0].kind in ADDED
    return cells[0].is_number and len(sorts) == 1 and added


def _cells(form: Form, table: str, row: str, column: str | tuple[str, ...]) -> list[CellRef]:
    """The cells that a row's and a column's names mean; none if the form lacks one of them."""
    cells = form.tables[table].cells if table in form.tables else ()
    names = (column,) if isinstance(column, str) else column
    found = [[ref for ref in cells if _means(row, ref.row) and _means(name, ref.column)] for name in names]
    return [ref for refs in found for ref in refs] if all(found) else []


def _means(name: str, key: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _labels(form: Form, cells: list[CellRef], whose: str | None) -> tuple[str, ...]:
    """The printed labels that all the cells share, level by level: of 能源 / 用电 / 照明 and 能源 / 用电 / 采暖 two."""
    paths = [_path(form, ref, whose) for ref in cells]
    shared = (set(level) for level in zip_longest(*paths))
    return tuple(label for labels in shared if len(labels) == 1 for label in labels)


def _path(form: Form, ref: CellRef, whose: str | None) -> tuple[str, ...]:
    rows, columns = _row_labels(form, ref.table)[ref.row], form.tables[ref.table].cells[ref].labels
    chosen = {"rows": rows, "columns": columns, None: (*rows, *columns)}[whose]
    return tuple(filter(None, chosen))


def _row_labels(form: Form, table: str) -> dict[str, tuple[str, ...]]:
    return {row.key: row.labels for row, _ in form.tables[table].rows}


def _value(filing: Filing, cells: list[CellRef]) -> Figure | None:
    """The sum of the cells. Blank ones count as 0 in it, as in all sums, but nothing is the sum of nothing but blanks.

    Of what cannot be read nothing is concluded.
    """
    stated = [filing.figures[ref] for ref in cells if ref in filing.figures]
    if not stated or (filing.unread and not unknown(filing).isdisjoint(cells)):
        return None
    if len(cells) == 1:
        return stated[0]
    with localcontext(EXACT):
        return Figure(sum(stated, Decimal(0)))
