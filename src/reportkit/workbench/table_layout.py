"""The official tables as plain values from which a grid is drawn: merged heads, stubs, and a place for each figure."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from reportkit.declarations.called import called
from reportkit.errors import CellRef
from reportkit.model.cell import Cell
from reportkit.model.facts import Fact
from reportkit.model.filing import Filing
from reportkit.model.form import Form, Table
from reportkit.model.printed_grid import GridCell
from reportkit.translation import N_, _, in_a_row
from reportkit.workbench.fields import Field, cell_field

COLUMNS = {
    "count": N_("A whole number"),
    "change": N_("A whole number, below zero for a decrease"),
    "amount": N_("An amount, which can have decimals"),
    "number": N_("A number, which can have decimals"),
    "percent": N_("A percentage, for instance 4.6%"),
    "money": N_("An amount, which can have decimals"),
    "text": N_("A text"),
    "choice": N_("One of: {options}"),
    "date": N_("A day, for instance 2024-01-31"),
}
"""What a cell takes, to be translated where it is told."""

_KEYS = {"count": "numeric", "change": "numeric", "text": "text", "choice": "text", "date": "text"}
"""The keys that a small screen shows for a cell, where they are not those for decimals."""


def table_shape(table: Table, form: Form) -> dict[str, Any]:
    """Return a table as JSON values: its rows of cells, of which those with a `ref` take a figure."""
    sums = form.totals
    return {
        "key": table.key,
        "caption": table.caption,
        "heading": next(section.heading for section in form.sections if section.table is table),
        "note": table.note,
        "below": table.below,
        "stub": max(band[0].stub_depth for band in table.bands),
        "columns": _columns(table),
        "headRows": table.head_rows,
        "rows": [[_cell(table, cell, sums) for cell in row] for band in table.grid for row in band],
    }


def _columns(table: Table) -> list[str]:
    """What each column of the grid is: "label" for that of the rows' own labels, "group" left of these, or "figure"."""
    kinds = ["figure"] * table.width
    if table.open:  # its rows have numbers for labels, and words stand in its columns
        words = [leaf.key for leaf in table.blocks[0].column_leaves if leaf.traits.kind == "text"]
        wide = {cell.column for row in table.grid[0] for cell in row if cell.ref and cell.ref.column in words}
        return ["label" if at in wide else kind for at, kind in enumerate(kinds)]
    for band in sorted(table.bands, key=lambda band: band[0].stub_depth):
        left = 0
        for block in band:
            if block.stub_depth:
                kinds[left : left + block.stub_depth] = [*["group"] * (block.stub_depth - 1), "label"]
            left += block.width
    return kinds


def _cell(table: Table, cell: GridCell, sums: Set[CellRef]) -> dict[str, Any]:
    spans = {
        "label": cell.label,
        "scope": cell.scope,
        "column": cell.column,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
    }
    if cell.ref is None:
        return spans
    takes, comma = table.cells[cell.ref], _(", ")
    return {
        **spans,
        "ref": cell_field(cell.ref).name,
        "side": next(band.index(block) for band in table.bands if (block := table.blocks[cell.block]) in band),
        "name": comma.join(label.replace(" / ", comma) for label in table.labels[cell.ref] if label),
        "takes": _takes(takes),
        "keys": _KEYS.get(takes.kind, "decimal"),
        "options": list(takes.options),
        "total": cell.ref in sums,
    }


def _takes(cell: Cell) -> str:
    """What a cell takes, in words."""
    takes = _(COLUMNS[cell.kind]).format(options=in_a_row(cell.options))
    unit = cell.currency or ("" if cell.hides_percent else cell.unit)
    return _("{takes}, in {unit}").format(takes=takes, unit=unit) if unit else takes


def fact_shape(fact: Fact) -> dict[str, Any]:
    """Return what the form asks for beside its tables as JSON values."""
    return {
        "field": Field("fact", fact.name).name,
        "label": fact.label,
        "required": fact.required,
        "takes": called(fact.type),
    }


def section_shapes(filing: Filing, last: Filing | None) -> list[dict[str, Any]]:
    """Return as JSON values the sections that are words only, and others that have words, with last year's words."""
    return [
        {
            "field": Field("words", section.key).name,
            "key": section.key,
            "label": section.label,
            "heading": section.heading,
            "last": words_of(last, section.key),
        }
        for section in filing.form.sections
        if section.table is None or section.key in filing.narrative
    ]


def words_of(filing: Filing | None, section: str) -> str:
    """Return a section's own words, "" if there are none."""
    return filing.narrative.get(section, "").strip("\n") if filing else ""
