"""The blank cells of a draft, which a person may fill with zeros in one step."""

from __future__ import annotations

from collections.abc import Mapping

from reportkit.errors import CellRef
from reportkit.model.zeros import zeros
from reportkit.workbench.draft import Draft

ZERO = "0"


def blanks(draft: Draft) -> Mapping[str, list[CellRef]]:
    """Return the cells of each table that hold nothing and may be 0, as an import of the file would fill them.

    A cell with a text that is no figure is to be looked at.
    """
    typed = {ref for ref, text in draft.texts.items() if text.strip()}
    blank = zeros(draft.filing, but=typed)
    return {key: [ref for ref in table.cells if ref in blank] for key, table in draft.opened.form.tables.items()}


def with_zeros(draft: Draft, table: str) -> Draft:
    """Return the draft with a zero in each blank cell of a table; see Draft.with_edits."""
    return draft.with_cells(dict.fromkeys(blanks(draft).get(table, []), ZERO))
