"""What is left in an output notebook: how to tell that a cell was edited, and what failed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from reportkit.locations import read

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
