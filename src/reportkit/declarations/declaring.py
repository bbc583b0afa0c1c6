"""What the parameters cell of a notebook declares: names, types and what holds where nothing is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from reportkit.assigned_names import assigned, plain_lines

UNKNOWN = ""
"""The type of which nothing is known: that of None, of an expression, of `Any`."""

_TYPES = {
    "str": "str", "int": "int", "float": "float", "bool": "bool", "date": "date", "list": "list", "tuple": "list",
    "Sequence": "list", "Iterable": "list", "Tuple": "list", "List": "list", "dict": "dict", "Dict": "dict",
    "Mapping": "dict", "Any": UNKNOWN, "object": UNKNOWN,
}  # fmt: skip
_NONE = "None"
_COMMENT = re.compile(r"\s*#\s*type:\s*([^#]+)")


class Declared(NamedTuple):
    """One parameter of a notebook: its type, whether a value must be given, and else the literal that holds.

    The `type` is "str", "int", "float", "bool", "list", "dict" or "date", and "" if none is known. An `optional` one
    may be None.
    """

    name: str
    type: str
    required: bool
    default: Any
    optional: bool = False


class _Type(NamedTuple):
    """A type as an annotation says it; `optional` if None is another."""

    name: str
    optional: bool = False


def declared(source: str) -> dict[str, Declared] | None:
    """Return the parameters that a cell's source declares, in order; None if it is no plain Python.

    A type is what the annotation says, else a comment `# type: int`, else that of the literal. Names that are assigned
    in another way than by a plain line of the cell are known, too, but not their types.
    """
    names = assigned(source)
    if names is None:
        return None
    lines = plain_lines(source)
    found = {name: Declared(name, UNKNOWN, False, None) for name in names}
    said: set[str] = set()
    for name, kind, value in _assignments(ast.parse("\n".join(lines)), lines):
        before = found[name] if name in said else None
        found[name] = _declared(name, kind, value, before)
        said.add(name)
    return found


def _assignments(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, _Type | None, ast.expr | None]]:
    """The names that plain lines assign, each with its type, if one is said, and its value, if there is one."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, _annotated(node.annotation), node.value
        elif isinstance(node, ast.Assign):
            kind = _commented(node, lines)
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, kind, node.value


def _declared(name: str, kind: _Type | None, value: ast.expr | None, before: Declared | None) -> Declared:
    """A parameter as one line declares it; of one that an earlier line has annotated, the type is kept."""
    default = _literal(value)
    is_none = isinstance(value, ast.Constant) and value.value is None
    if kind is None:
        kept = _Type(before.type, before.optional) if before and before.type else None
        kind = kept or _Type(_type_of(default))
    return Declared(name, kind.name, value is None and before is None, default, kind.optional or is_none)


def _literal(value: ast.expr | None) -> Any:
    try:
        return None if value is None else ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _type_of(literal: Any) -> str:
    return _TYPES.get(type(literal).__name__, UNKNOWN)


def _commented(node: ast.Assign, lines: list[str]) -> _Type | None:
    """The type that the comment at the end of a line says, as papermill reads it."""
    rest = lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset or 0 :].decode()
    match = _COMMENT.match(rest)
    try:
        return _annotated(ast.parse(match[1].strip(), mode="eval").body) if match else None
    except (SyntaxError, ValueError):
        return None


def _annotated(node: ast.expr) -> _Type | None:
    """The type that an annotation says, None if it is one that no list can hold."""
    kinds = list(dict.fromkeys(_names(node)))
    known = [kind for kind in kinds if kind != _NONE]
    if not known or any(kind not in _TYPES for kind in known):
        return None
    types = {_TYPES[kind] for kind in known}
    if types == {"int", "float"}:
        types = {"float"}
    return _Type(types.pop() if len(types) == 1 else UNKNOWN, _NONE in kinds)


def _names(node: ast.expr) -> Iterator[str]:
    """The types of an annotation, each by its bare name."""
    match node:
        case ast.Constant(value=None):
            yield _NONE
        case ast.Constant(value=str(text)):
            yield from _names(_expression(text))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            yield from _subscripted(name, inner.elts if isinstance(inner, ast.Tuple) else [inner])
        case _:
            yield "?"


def _subscripted(name: str, inner: list[ast.expr]) -> Iterator[str]:
    """The types of Optional[int], Union[int, None], Literal["a"], Annotated[int, …] and list[str]."""
    if name in ("Optional", "Union"):
        for one in inner:
            yield from _names(one)
        yield from [_NONE] if name == "Optional" else []
    elif name == "Literal":
        yield from (_NONE if _literal(one) is None else type(_literal(one)).__name__ for one in inner)
    elif name in ("Annotated", "Final"):
        yield from _names(inner[0])
    else:
        yield name


def _expression(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ast.Tuple([], ast.Load())
