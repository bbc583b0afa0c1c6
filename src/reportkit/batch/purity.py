"""Which notebooks can leave nothing behind: those that hold only sentences, literals, and calls to a report.

The reports of such a notebook may share a process, which saves the half of their time that a process of their own
costs. As soon as a cell holds code of any other kind, each report has a process of its own.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from functools import lru_cache

from reportkit.batch.inputs import Loaded
from reportkit.errors import ReaderError, UserError
from reportkit.notebook.cells import Cell

_NARRATIVE = re.compile(r"%%narrative(?:[ \t]+[\w.-]+){0,9}[ \t]*(?:\n|\Z)")
"""IPython runs what stands in braces or behind a dollar in the line of a magic, so there must be none."""


@lru_cache(maxsize=16)
def is_plain(notebook: str) -> bool:
    """Whether a notebook (its JSON) is of that kind.

    A `%%narrative` cell is a template that is filled in a sandbox. All other cells may hold: `name = literal`,
    `from reportkit.report import open_report`, `name = open_report(key=name, …)`, and `name.attribute` or
    `name.method(literal, …)` as a statement, nothing private among them.
    """
    cells = json.loads(notebook)["cells"]
    return all(is_plain_cell("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")


def is_plain_job(loaded: Loaded) -> bool:
    """Whether the cells that a report is made of are plain: the master's, or what a town has made of them."""
    try:
        if loaded.copy is None:
            return is_plain(loaded.master.text)  # which is the same for most towns
        return not not_plain(loaded.town.merged.cells)
    except (ReaderError, UserError):
        return False


def not_plain(cells: Iterable[Cell]) -> list[Cell]:
    """Return the code cells that are not of that kind."""
    return [cell for cell in cells if cell.kind == "code" and not is_plain_cell(cell.source)]


def is_plain_cell(source: str) -> bool:
    """Whether a code cell is of that kind; see `is_plain`."""
    if source.startswith("%%narrative "):
        return _NARRATIVE.match(source) is not None
    try:
        return all(map(_is_plain_statement, ast.parse(source).body))
    except (
        SyntaxError,
        ValueError,
        TypeError,
        RecursionError,
        MemoryError,
    ):
        return False


def _is_plain_statement(node: ast.stmt) -> bool:
    match node:
        case ast.ImportFrom(module="reportkit.report", names=[ast.alias(name="open_report", asname=None)], level=0):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id="open_report"), args=[]) as call):
            return all(
                word.arg and (isinstance(word.value, ast.Name) or _is_literal(word.value)) for word in call.keywords
            )
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_literal(value)
        case ast.Expr(value=ast.Call(func=called, args=arguments, keywords=[])):
            return _is_public_attribute(called) and all(map(_is_literal, arguments))
        case ast.Expr(value=value):
            return _is_public_attribute(value) or _is_literal(value)
    return False


def _is_public_attribute(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return not name.startswith("_") and not attribute.startswith("_")  # __builtins__.exec("…")
    return False


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
