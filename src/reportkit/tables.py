"""Form + Filing -> pandas: the figures as a DataFrame, and the official table as a Styler with true merged heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import escape
from pandas.io.formats.style import Styler

from reportkit.errors import CellRef
from reportkit.filing import Figure, Filing
from reportkit.forms import Table

_LOOKS: Any = [
    {"selector": "", "props": "border-collapse:collapse;table-layout:auto;width:100%;font-size:inherit;margin:0"},
    {"selector": "tr", "props": "background:none"},  # JupyterLab stripes its tables; across merged cells that misleads
    {
        "selector": "th, td",
        "props": "border:1px solid currentColor;padding:.3em .4em;text-align:center;vertical-align:middle;"
        "font-weight:normal;background:none;white-space:normal;overflow-wrap:break-word",
    },
    {
        "selector": ".visually-hidden",
        "props": "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap",
    },
]
"""What the table needs to look right wherever it is shown; a page's own style adds to it."""


class FormTable(Styler):
    """A Styler whose heads and stubs are those of a form; values, formats and styles work as in any Styler.

    Each table has a subclass of its own, because a Styler copies itself by calling its class with the data alone.
    """

    table: Table

    env = Environment(loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent), Styler.loader]))
    template_html_table = env.get_template("form_table.html.j2")

    def __repr__(self) -> str:
        return f"FormTable({self.table.key}, {len(self.table.cells)} cells)"

    def to_html(self, *args: Any, **kwargs: Any) -> Any:
        """Return the table as HTML; see pandas.io.formats.style.Styler.to_html for the arguments."""
        rows = {key: number for number, key in enumerate(self.data.index)}  # type: ignore[attr-defined]
        columns = {key: 1 + number for number, key in enumerate(self.data.columns)}  # type: ignore[attr-defined]
        position = {ref: (rows[ref.row], columns[ref.column]) for ref in self.table.cells}
        context = {"grid": self.table.grid, "head_rows": self.table.head_rows, "position": position}
        return super().to_html(*args, **{**kwargs, **context})


def table_frame(filing: Filing, key: str) -> pd.DataFrame:
    """Return a table's figures as a DataFrame: a row for each data row, a column for each column key.

    Index and columns are the form's ASCII keys. Values are Figures (decimal numbers that print as written); a blank
    cell, and one that the row does not have, is None.
    """
    table = filing.form.tables[key]
    columns = list(dict.fromkeys(ref.column for ref in table.cells))
    rows = [row.key for row, _ in table.rows]
    values = [[filing.values.get(CellRef(key, row, column)) for column in columns] for row in rows]
    return pd.DataFrame(values, index=rows, columns=columns, dtype=object)


def style_table(filing: Filing, key: str) -> FormTable:
    """Return the official table, filled in, as a Styler with the form's merged heads, `scope` and a fixed id."""
    table = filing.form.tables[key]
    styler = _styler_class(table)(table_frame(filing, key), uuid=table.key, cell_ids=False, caption=table.caption)
    styler.set_table_styles(_LOOKS).format(_text, na_rep="")
    return styler


def _styler_class(table: Table) -> type[FormTable]:
    return type("FormTable", (FormTable,), {"table": table})


def _text(value: Any) -> str:
    return str(escape(value.text if isinstance(value, Figure) else value))
