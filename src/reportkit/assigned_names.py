"""The names that a cell of Python assigns, which are its notebook's parameters where the cell is tagged so."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    if (nodes := _nodes(source)) is None:
        return None
    found = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return list(dict.fromkeys(found))


def plain_lines(source: str) -> list[str]:
    """Return the lines of a notebook's cell, blank ones in the place of what is for IPython alone: %time, !ls."""
    return ["" if line.startswith(("%", "!")) else line for line in source.splitlines()]


def bound(source: str) -> set[str]:
    """Return all names that Python code gives something to: by assigning, importing or defining; none if it is none."""
    found = set(assigned(source) or ())
    for node in _nodes(source) or ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).partition(".")[0] for name in node.names}
    return found


def _nodes(source: str) -> list[ast.AST] | None:
    try:
        return list(ast.walk(ast.parse("\n".join(plain_lines(source)))))
    except (SyntaxError, ValueError):
        return None


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Return a notebook cell's tags."""
    tags = (cell.get("metadata") or {}).get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def literals(cells: Iterable[Any]) -> dict[str, Any]:
    """Return the plain values that a notebook's cells with parameters assign: what it was given goes before its own."""
    found: dict[str, Any] = {}
    tagged = [(tags_of(cell), cell["source"]) for cell in cells]
    for tag in (PARAMETERS, INJECTED):
        for source in (source for tags, source in tagged if tag in tags):
            found |= _literals(source)
    return found


def _literals(source: str) -> Iterator[tuple[str, Any]]:
    for node in _nodes(source) or ():
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            with contextlib.suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                value = ast.literal_eval(node.value)
                yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
