"""The modules of the package as they are written, each read once: several tests go through all of them."""

import ast
from functools import cache
from pathlib import Path

import reportkit

PACKAGE = Path(reportkit.__file__).parent


@cache
def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """All that a module is made of, as ast.walk gives it."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def called(call: ast.Call) -> str:
    """The last name of what is called, "" where that is no name."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
