"""The official tables as plain values from which a grid is drawn: merged heads, stubs, and a place for each figure."""

from __future__ import annotations

from typing import Any

from reportkit.declarations.called import called
from reportkit.errors import CellRef
from reportkit.model.filing import Filing
from reportkit.model.form import Fact, Form, GridCell, Table
from reportkit.translation import N_, _

COLUMNS = {
    "count": N_("A whole number"),
    "change": N_("A whole number, below zero for a decrease"),
    "amount": N_("An amount, which can have decimals"),
}
"""What a column takes, to be translated where it is told."""


def table_shape(table: Table, form: Form) -> dict[str, Any]:
    """Return a table as JSON values: its rows of cells, of which those with a `ref` take a figure."""
    totals = {rule.total for rule in form.rules if rule.total}
    return {
        "key": table.key,
        "caption": table.caption,
        "heading": next(section.heading for section in form.sections if section.table is table),
        "stub": max(block.stub_depth for block in table.blocks),
        "width": table.width,
        "headRows": table.head_rows,
        "rows": [[_cell(table, cell, totals) for cell in row] for block in table.grid for row in block],
    }


def _cell(table: Table, cell: GridCell, totals: set[CellRef]) -> dict[str, Any]:
    spans = {
        "label": cell.label,
        "scope": cell.scope,
        "column": cell.column,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
    }
    if cell.ref is None:
        return spans
    leaf = table.cells[cell.ref]
    return {
        **spans,
        "ref": cell_name(cell.ref),
        "name": "，".join(label.replace(" / ", "，") for label in table.labels[cell.ref] if label),
        "takes": (_("{takes}, in {unit}") if leaf.unit else "{takes}").format(
            takes=_(COLUMNS[leaf.kind]), unit=leaf.unit
        ),
        "whole": leaf.kind != "amount",
        "total": cell.ref in totals,
    }


def fact_shape(fact: Fact) -> dict[str, Any]:
    """Return what the form asks for beside its tables as JSON values."""
    return {"name": fact.name, "label": fact.label, "required": fact.required, "takes": called(fact.type)}


def section_shapes(filing: Filing, last: Filing | None) -> list[dict[str, Any]]:
    """Return as JSON values the sections that are words only, and others that have words, with last year's words."""
    return [
        {"key": section.key, "label": section.label, "heading": section.heading, "last": words_of(last, section.key)}
        for section in filing.form.sections
        if section.table is None or section.key in filing.narrative
    ]


def words_of(filing: Filing | None, section: str) -> str:
    """Return a section's own words, "" if there are none."""
    return filing.narrative.get(section, "").strip("\n") if filing else ""


def cell_name(ref: CellRef) -> str:
    """Return a cell's address as one word."""
    return "|".join(ref)


def cell_ref(name: str, form: Form) -> CellRef:
    """Return the cell that a word of `cell_name` stands for. Raises KeyError if the form has none."""
    ref = CellRef(*name.split("|"))
    form.tables[ref.table].cells[ref]
    return ref
