"""The names that a cell of Python assigns, which are its notebook's parameters where the cell is tagged so."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from reportkit.translation import _, in_a_row

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
    return next((unknown_parameter(name, known) for name in given if name not in known), "")


def unknown_parameter(name: str, known: Sequence[str]) -> str:
    """Return what is told of a parameter that a notebook does not have."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    words = _("the notebook has no parameter {name}, and its value has no effect; there are: {known}")
    if near:
        words = _(
            "the notebook has no parameter {name}, and its value has no effect; did you mean {near}? There are: {known}"
        )
    return words.format(name=name, near=near and near[0], known=in_a_row(known))


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
