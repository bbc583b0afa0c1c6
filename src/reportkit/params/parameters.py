"""What a filing says, as the parameters of a notebook."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from reportkit.errors import CellRef
from reportkit.kinds import NOTEBOOK
from reportkit.model.filing import Figure, Filing, Value
from reportkit.model.form import Block, Leaf, Table
from reportkit.model.open_rows import TOTAL
from reportkit.model.row_records import filled_rows, value_names
from reportkit.params.figures import ROWS


def parameters(filing: Filing, declared: Container[str] = ()) -> dict[str, Any]:
    """Return the notebook parameters that say what the filing states: plain values under the official labels.

    Each row is a list in column order; a blank cell is None and a row without any figure is left out. Computed
    totals are left out too, so that they are computed again. A figure that is more than digits ("9.2万元", "0.10")
    is a string, as a float would not keep the way it is written. `waivers` and `compare` are there only if stated. A
    filing without a form has its own facts only. What the form asks for beside its tables is a parameter only if it is
    among those that the notebook has `declared`.
    """
    if filing.form is NOTEBOOK:
        return dict(filing.facts)
    figures = {table.caption: _table(filing, table) for table in filing.form.tables.values()}
    sections = filing.form.section_by_key
    return {
        "edition": filing.form.edition,
        "year": filing.year,
        "jurisdiction": filing.jurisdiction,
        "agency": filing.agency,
        "figures": {caption: rows for caption, rows in figures.items() if rows},
        "narrative": {sections[key].label: text for key, text in filing.narrative.items()},
        **({"waivers": dict(filing.waivers)} if filing.waivers else {}),
        **({} if filing.compare is None else {"compare": filing.compare}),
        **{name: value for name, value in filing.facts.items() if name not in filing.form.facts or name in declared},
    }


def _table(filing: Filing, table: Table) -> Any:
    if table.open:
        return _open_rows(filing, table)
    rows: dict[str, Any] = {}
    for row, block in table.rows:
        figures = _row(filing, table.key, row, block)
        if all(figure is None for figure in figures):
            continue
        labels = [label for label in (block.title, *row.labels) if label]
        if not labels:
            return figures
        group = rows
        for label in labels[:-1]:
            group = group.setdefault(label, {})
        group[labels[-1]] = figures
    return rows


def _open_rows(filing: Filing, table: Table) -> Any:
    """The records as a list, the values of each by name; with the sums beside it where they are stated."""
    assert table.open
    last = max(map(int, filled_rows(table, filing.values.keys())), default=0)
    rows = [_record(filing, table, str(number)) for number in range(1, last + 1)]
    sums = _record(filing, table, TOTAL)
    return {ROWS: rows, table.open.total: sums} if sums else rows


def _record(filing: Filing, table: Table, row: str) -> dict[str, int | str]:
    cells = {name: CellRef(table.key, row, key) for key, name in value_names(table).items()}
    plain = {name: _plain(filing.values.get(ref)) for name, ref in cells.items() if ref not in filing.computed}
    return {name: value for name, value in plain.items() if value is not None}


def _row(filing: Filing, table: str, row: Leaf, block: Block) -> list[int | str | None]:
    refs = (CellRef(table, row.key, column.key) for column in block.column_leaves)
    return [None if ref in filing.computed else _plain(filing.values.get(ref)) for ref in refs]


def _plain(value: Value | None) -> int | str | None:
    if value is None:
        return None
    return int(value.text) if isinstance(value, Figure) and value.text.isdigit() else value.text
