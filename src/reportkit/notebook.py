"""The notebook's side of a report: parameters for a filing, and a notebook that is the same for the same input."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import CellRef, UserError
from reportkit.filing import Figure, Filing
from reportkit.forms import Block, Leaf, Table
from reportkit.locations import read


def parameters(filing: Filing) -> dict[str, Any]:
    """Return the notebook parameters that say what the filing states: plain values under the official labels.

    Each row is a list in column order; a blank cell is None and a row without any figure is left out. Computed
    totals are left out too, so that they are computed again. A figure that is more than digits ("9.2万元", "0.10")
    is a string, as a float would not keep the way it is written. `waivers` are there only if there are any.
    """
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
    }


def _table(filing: Filing, table: Table) -> Any:
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


def _row(filing: Filing, table: str, row: Leaf, block: Block) -> list[int | str | None]:
    refs = (CellRef(table, row.key, column.key) for column in block.column_leaves)
    return [None if ref in filing.computed else _plain(filing.values.get(ref)) for ref in refs]


def _plain(figure: Figure | None) -> int | str | None:
    if figure is None:
        return None
    return int(figure.text) if figure.text.isdigit() else figure.text


class Source(NamedTuple):
    """A notebook as it is run: its JSON without outputs, and the SHA-256 of that."""

    text: str
    digest: str


def read_notebook(path: Path) -> Source:
    """Return a notebook without outputs and without what a viewer or a kernel has left in it.

    So a notebook that was only opened, run and saved is still the same notebook. Cells without an id (notebooks from
    before 2021) get their number as one, since a random one would change at every run.

    Raises UserError if the file is no notebook of format 4, or its store cannot be read.
    """
    try:
        nb = json.loads(read(path))
        cells, metadata = nb["cells"], nb.setdefault("metadata", {})
        for number, cell in enumerate(cells, 1):
            _strip(cell)
            cell.setdefault("id", f"cell-{number}")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a notebook of format 4 ({error}); open and save it in JupyterLab") from None
    for left in ("language_info", "widgets", "papermill"):
        metadata.pop(left, None)
    nb |= {"nbformat": 4, "nbformat_minor": max(nb.get("nbformat_minor", 0), 5)}
    text = json.dumps(nb, ensure_ascii=False, sort_keys=True)
    return Source(text, hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest())


def _strip(cell: dict[str, Any]) -> None:
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    for left in ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled"):
        cell.setdefault("metadata", {}).pop(left, None)
    if isinstance(cell["source"], list):  # the format allows both
        cell["source"] = "".join(cell["source"])


_NOTE, _MARK = "failure-note", "failing-cell"


def note_failure(nb: Any, cell_id: str, reason: str) -> None:
    """Put a note at the head of a failed notebook with a link to the failing cell, if it is known, and mark that cell.

    The link leads to a heading, as JupyterLab gives addresses to headings only.
    """
    from nbformat.v4 import new_markdown_cell

    place = next((index for index, cell in enumerate(nb.cells) if cell.get("id") == cell_id), None)
    words = "\n".join(f"    {line}" for line in reason.splitlines())
    link = "" if place is None else f"\n\n[转到出错的单元格 {cell_id}](#出错的单元格)"
    if place is not None:
        mark = f"## 出错的单元格\n\n下面的单元格（{cell_id}）没有运行成功。"
        nb.cells.insert(place, new_markdown_cell(mark, id=_MARK))
    nb.cells.insert(0, new_markdown_cell(f"# 这份报告没有做成\n\n{words}{link}", id=_NOTE))


def own_mark(nb: Any) -> str:
    """Return the SHA-256 of what an analyst can edit in a notebook: the cells' ids, kinds and sources."""
    cells = [(cell.get("id"), cell["cell_type"], "".join(cell["source"])) for cell in nb["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def sign(nb: Any) -> None:
    """Leave in an output notebook what `is_edited` needs to know whether somebody changed a cell."""
    nb["metadata"]["reportkit"] = {"cells": own_mark(nb)}


def is_edited(path: Path) -> bool:
    """Whether an output notebook's cells have been changed by hand since it was made."""
    try:
        nb = json.loads(read(path))
        return bool(nb["metadata"]["reportkit"]["cells"] != own_mark(nb))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True
