"""Form + Filing -> pandas: the figures as a DataFrame, and the official table as a Styler with true merged heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import escape
from pandas.io.formats.style import Styler

from reportkit.errors import CellRef
from reportkit.exporters.obligations import Shown
from reportkit.exporters.sanitize import UNTRUSTED_CELL, UNTRUSTED_ROW
from reportkit.model.cell import AS_WRITTEN, Cell
from reportkit.model.filing import Figure, Filing, Text, Value
from reportkit.model.form import Form, Table
from reportkit.model.printed_grid import GridCell, heads_of
from reportkit.model.printing import printed, shown
from reportkit.model.row_records import as_printed
from reportkit.translation import _

# A notebook from a build is not trusted where it is opened, so JupyterLab strips its style sheets.
_PLAIN = {
    "<tr>": f"<tr{UNTRUSTED_ROW}>",
    "<th scope": f"<th{UNTRUSTED_CELL} scope",
    "<td class": f"<td{UNTRUSTED_CELL} class",
}


class FormTable(Styler):
    """A Styler whose heads and stubs are those of a form; values, formats and styles work as in any Styler.

    It has all the rows and columns of its form: none of them can be hidden.

    Each table has a subclass of its own, because a Styler copies itself by calling its class with the data alone.

    The Styler proper, with its DataFrame, is made when something of it is asked for. A table that nobody styles is
    shown without: pandas renders a form's table once, and every other is that page with other values in it.
    """

    table: Table
    _waiting: Mapping[CellRef, Value] | None = None
    _about: Shown | None = None

    env = Environment(loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent), Styler.loader]))
    template_html_style = env.get_template("form_style.html.j2")
    template_html_table = env.get_template("form_table.html.j2")

    @classmethod
    def of(cls, values: Mapping[CellRef, Value], about: Shown | None = None) -> FormTable:
        """Return the table with these figures in it; `about` says what it is, wherever it is shown."""
        table = cls.__new__(cls)
        vars(table).update(_waiting=values, _about=about)
        return table

    def __getattr__(self, name: str) -> Any:
        # IPython asks every object whether it has some methods; that is no use of the Styler.
        if self._waiting is None or name.startswith(("_ipython", "_repr")):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._make()
        return getattr(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if self._waiting is not None:
            self._make()
        super().__setattr__(name, value)

    def _make(self, as_written: bool = False) -> None:
        """Become a Styler, with all values as they were written or as the form prints them."""
        values, table = self._waiting or {}, self.table
        object.__setattr__(self, "_waiting", None)
        frame = _frame(table, values if as_written else _shown(table, values))
        super().__init__(frame, uuid=table.key, cell_ids=False, caption=table.caption)
        self.format(_text)
        for ref, cell in table.cells.items():
            if ref not in values and (blank := printed(None, cell)):
                self.format(_text, pd.IndexSlice[[ref.row], [ref.column]], str(escape(blank)))

    def __repr__(self) -> str:
        return f"FormTable({self.table.key}, {len(self.table.cells)} cells)"

    def __copy__(self) -> FormTable:
        return self._as_well(super().__copy__())

    def __deepcopy__(self, memo: Any) -> FormTable:
        return self._as_well(super().__deepcopy__(memo))

    def _as_well(self, copy: Any) -> FormTable:
        copy._about = self._about  # which pandas does not know
        return copy  # type: ignore[no-any-return]

    def _repr_html_(self) -> str | tuple[str, dict[str, Any]] | None:
        html = self._html()
        return html if html is None or self._about is None else (html, self._about.metadata)

    def _html(self) -> str | None:
        if self._waiting is None:
            return super()._repr_html_()  # type: ignore[misc,no-any-return]
        return _blank_now(type(self)).filled(self._waiting)

    def format(  # type: ignore[override]
        self, formatter: Any = None, subset: Any = None, na_rep: str | None = "", **kwargs: Any
    ) -> Any:
        """Return the table with other texts for its figures; see Styler.format. A blank cell stays blank."""
        return super().format(formatter, subset, na_rep, **kwargs)

    def to_html(self, *args: Any, **kwargs: Any) -> Any:
        """Return the table as HTML; see pandas.io.formats.style.Styler.to_html for the arguments."""
        values = {"fill": self._fill, "title": self.table.caption, "table": self.table}
        html = super().to_html(*args, **{**kwargs, **values})
        if (
            html is None
            or kwargs.get("exclude_styles")
            or self.table_styles
            or self.cell_context
            or self.table_attributes
        ):
            return html  # what is inline would outrank the analyst's rules
        for plain, dressed in _PLAIN.items():
            html = html.replace(plain, dressed)
        return html

    def _get_numeric_subset_default(self) -> Any:
        # pandas asks for the columns that gradients and bars are for: figures are objects to it.
        return self.data.columns

    def _fill(self, body: list[list[dict[str, Any]]], uuid: str, head: list[list[dict[str, Any]]]) -> str:
        """Return the table's rows with the values of a Styler's body, whose rows begin with their keys."""
        keys = self.data.index
        if len(body) < len(keys) or self.hidden_columns or any((*self.hide_index_, *self.hide_columns_)):
            words = _("{table!r} has all the rows of its form, and all the columns; hide() can take none away")
            raise ValueError(words.format(table=self))
        if any("id" in cell for row in head for cell in row):
            words = _("{table!r} has heads of several levels; set_table_styles() reaches them, with a selector")
            raise ValueError(words.format(table=self))
        rows = dict(zip(keys, body, strict=False))  # a Styler that is joined on with concat() is not shown
        columns = {key: 1 + number for number, key in enumerate(self.data.columns)}
        pieces, end = _pieces(self.table)
        out = []
        for text, ref, spans in pieces:
            stub, cell = rows[ref.row][0], rows[ref.row][columns[ref.column]]
            before, tag, label = text.rpartition("<th ")
            if "id" in stub and tag and "<tr>" not in label:  # the label of a row that apply_index() has styled
                text = f'{before}<th id="T_{uuid}_{stub["id"]}" {label}'
            name = f' id="T_{uuid}_{cell["id"]}"' if "id" in cell else ""
            look = f' class="{cell["class"]}"' if cell["class"] else ""
            out.append(f"{text}<td{name}{look}{spans}>{cell['display_value']}</td>")
        return "".join([*out, end])


_OPTIONS = (
    "styler.render.repr", "styler.render.max_elements", "styler.render.max_rows", "styler.render.max_columns",
    "styler.sparse.index", "styler.sparse.columns", "styler.html.mathjax",
)  # fmt: skip
"""What an analyst can set that shows in a table nobody has styled."""


class _Blank:
    """A table's HTML, cut where its values go."""

    def __init__(self, cells: Mapping[CellRef, Cell], html: str | None, mark: re.Pattern[str]) -> None:
        self._shown = html is not None  # pandas can be told not to show Stylers
        first, *rest = mark.split(html or "")
        refs = list(cells)
        self._first = first
        self._rest = [(refs[int(number)], text) for number, text in zip(rest[::2], rest[1::2], strict=True)]
        self._formatted = {ref: cell for ref, cell in cells.items() if cell.format is not AS_WRITTEN}

    def filled(self, values: Mapping[CellRef, Value]) -> str | None:
        """Return the HTML with the figures in it."""
        if not self._shown:
            return None
        out = [self._first]
        for ref, text in self._rest:
            value, cell = values.get(ref), self._formatted.get(ref)
            if cell is not None:
                out += (str(escape(printed(value, cell))), text)
            else:
                out += ("" if value is None else _text(value), text)
        return "".join(out)


def prepare(form: Form) -> None:
    """Render the form's tables ahead, for the reports of this process and of its forks."""
    for table in form.tables.values():
        if table.open:
            continue  # nobody knows how many rows it will have
        _blank_now(_styler_class(table))


def _blank_now(kind: Any) -> _Blank:
    return _blank(kind, kind.template_html_table, tuple(map(pd.get_option, _OPTIONS)))


@lru_cache(maxsize=64)  # the template and the options are only told apart
def _blank(kind: Any, _template: Any, _options: tuple[Any, ...]) -> _Blank:
    cells = kind.table.cells
    styler = kind.of({ref: Text(f"\ue000{number}\ue001") for number, ref in enumerate(cells)})
    styler._make(as_written=True)
    return _Blank(cells, styler._html(), re.compile("\ue000([0-9]+)\ue001"))


@lru_cache(maxsize=64)
def _pieces(table: Table) -> tuple[tuple[tuple[str, CellRef, str], ...], str]:
    """Return a table's HTML cut at its values: for each the text before it, its address and spans; then the end."""
    pieces: list[tuple[str, CellRef, str]] = []
    text = ""
    heads = heads_of(table)
    named = {head for of_value in heads.values() for head in of_value}
    for tag, rows in _groups(table):
        text += f"\n<{tag}>"
        for row in rows:
            text += "\n<tr>"
            for cell in row:
                spans = _spans(cell)
                if cell.ref:
                    own = " ".join(_id(table, head) for head in heads.get(cell, ()))
                    pieces.append((text, cell.ref, f'{spans} headers="{own}"' if own else spans))
                    text = ""
                elif cell.role == "padding":
                    text += f'<td class=""{spans}></td>'
                else:
                    name = f' id="{_id(table, cell)}"' if cell in named else ""
                    text += f'<th scope="{cell.scope}"{name}{spans}>{escape(cell.label)}</th>'
            text += "</tr>"
        text += f"\n</{tag}>"
    return tuple(pieces), text


def _id(table: Table, head: GridCell) -> str:
    return f"T_{table.key}_head{head.row}_{head.column}"


def _spans(cell: GridCell) -> str:
    spans = {"rowspan": cell.rowspan, "colspan": cell.colspan}
    return "".join(f' {name}="{number}"' for name, number in spans.items() if number > 1)


def _groups(table: Table) -> Iterator[tuple[str, tuple[tuple[GridCell, ...], ...]]]:
    """Yield the groups of the table's rows with their tags; blocks with heads of their own are bodies of their own."""
    if table.head_rows:
        yield "thead", table.grid[0][: table.head_rows]
    for block in table.grid:
        yield "tbody", block[table.head_rows :]


def table_frame(filing: Filing, key: str) -> pd.DataFrame:
    """Return a table's figures as a DataFrame: a row for each data row, a column for each column key.

    Index and columns are the form's ASCII keys. Values are Figures (decimal numbers that print as written) and texts;
    a blank cell, and one that the row does not have, is None.
    """
    return _frame(*_printed(filing, key))


def _shown(table: Table, values: Mapping[CellRef, Value]) -> dict[CellRef, Value]:
    return {ref: shown(value, table.cells[ref]) for ref, value in values.items() if ref in table.cells}


def _frame(table: Table, figures: Mapping[CellRef, Value]) -> pd.DataFrame:
    columns = list(dict.fromkeys(ref.column for ref in table.cells))
    rows = [row.key for row, _ in table.rows]
    values = [[figures.get(CellRef(table.key, row, column)) for column in columns] for row in rows]
    return pd.DataFrame(values, index=rows, columns=columns, dtype=object)


def style_table(filing: Filing, key: str, about: Shown | None = None) -> FormTable:
    """Return the official table, filled in, as a Styler with the form's merged heads, `scope` and a fixed id.

    `about` says what it is, wherever it is shown.
    """
    table, values = _printed(filing, key)
    return _styler_class(table).of(values, about)


def _printed(filing: Filing, key: str) -> tuple[Table, Mapping[CellRef, Value]]:
    """A table with its values; one with open rows has as many of them as there are records."""
    table = filing.form.tables[key]
    return as_printed(table, filing.values) if table.open else (table, filing.values)


@lru_cache(maxsize=64)  # every report has the same few tables
def _styler_class(table: Table) -> type[FormTable]:
    return type("FormTable", (FormTable,), {"table": table})


def _text(value: Any) -> str:
    return str(escape(value.text if isinstance(value, Figure | Text) else value))
