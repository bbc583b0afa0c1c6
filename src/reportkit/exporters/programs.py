"""Whether the text of a cell is a program: one that has come to stand in a cell of words, where it does not run."""

from __future__ import annotations

import ast
import re
import warnings

_MAGIC = re.compile(r"\s*(%{1,2}[A-Za-z]\w*)")
_SHOWN = 40


def program_in(source: str) -> str:
    """Return the magic, or the first statement that does something, of a text that is a program; "" for any other."""
    if magic := _MAGIC.match(source):
        return magic[1]
    if "(" not in source and "import" not in source:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of words that are no Python after all
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    statement = next(filter(_acts, body), None)
    return (ast.get_source_segment(source, statement) or "").split("\n")[0][:_SHOWN] if statement else ""


def _acts(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Attribute)
    # Python reads 合计 = 12 as a program, too, and a whole sentence as a name.
    return isinstance(statement, ast.Import | ast.ImportFrom) and all(name.name.isascii() for name in statement.names)
