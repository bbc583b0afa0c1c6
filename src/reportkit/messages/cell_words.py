"""Cells of a filing in words: what is stated in one, and where it stands."""

from __future__ import annotations

from reportkit.errors import CellRef
from reportkit.kinds import language_of
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.model.numbers import TO_CHECK


def stated(filing: Filing, ref: CellRef) -> str:
    """Return what is stated in a cell, as it was written, or that it is blank."""
    return filing.values[ref].text if ref in filing.values else phrase("blank")


def to_check(form: Form) -> str:
    """Return what stands in a file of this form where there is a figure that could not be read with certainty."""
    return TO_CHECK[language_of(form)]


def own_label(label: str) -> str:
    """Return a printed label without the groups above it; see Table.labels."""
    return label.rsplit(" / ", 1)[-1]


def cell_place(form: Form, ref: CellRef, *, row_first: bool = False) -> str:
    """Return the table, column and row of a cell by their labels, or the row first: 表三 “自然人”的“二、上年结转…”."""
    table = form.tables[ref.table]
    row, column = table.labels[ref]
    labels = [own_label(label) for label in ((row, column) if row_first else (column, row)) if label]
    if len(labels) > 1:
        return phrase("cells", table=table.caption, first=labels[0], last=labels[1])
    return phrase("cell", table=table.caption, first=labels[0])
