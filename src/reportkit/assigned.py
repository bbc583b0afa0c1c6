"""The names that a cell of Python assigns, which are its notebook's parameters where the cell is tagged so."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

PARAMETERS = "parameters"
INJECTED = "injected-parameters"


def strange_parameter(cells: Iterable[Any], given: Iterable[str]) -> str:
    """Return what is wrong with the first of these parameters that the notebook does not have, "" if it has all.

    A notebook has what its cell tagged "parameters" assigns. Of one without such a cell, or with one that is no plain
    Python, nothing is known, and nothing is wrong.
    """
    cell = next((cell for cell in cells if PARAMETERS in tags_of(cell)), None)
    known = None if cell is None else assigned(cell["source"])
    if known is None:
        return ""
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            cure = f"是不是 {near[0]}？" if near else ""
            return f"笔记本没有参数 {name}，给它的值不起作用；{cure}可用的参数有：{'、'.join(known)}"
    return ""


def assigned(source: str) -> list[str] | None:
    """Return the names that Python code assigns, in order; None if it is no plain Python."""
    lines = ("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    try:
        nodes = list(ast.walk(ast.parse("\n".join(lines))))
    except (SyntaxError, ValueError):
        return None
    found = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return list(dict.fromkeys(found))


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Return a notebook cell's tags."""
    tags = (cell.get("metadata") or {}).get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
