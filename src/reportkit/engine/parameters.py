"""Parameters as Python a person can read, in the cell papermill injects."""

from __future__ import annotations

import marshal
from keyword import iskeyword
from typing import Any

from papermill.translators import PythonTranslator, papermill_translators

_WIDTH = 110
_INDENT = "    "


class ReadableTranslator(PythonTranslator):  # type: ignore[misc]
    """Papermill's Python translator, with characters as they are and long dicts and lists over several lines."""

    @classmethod
    def translate_str(cls, val: object) -> str:
        """Return `val` as a Python literal; a value of a type papermill does not know becomes a string."""
        return repr(str(val))

    translate_escaped_str = translate_str

    @classmethod
    def translate_dict(cls, val: dict[Any, Any]) -> str:
        """Return a dict display, in the dict's order: on one line if it is short and flat, else one key a line."""
        items = [f"{cls.translate(key)}: {cls.translate(value)}" for key, value in val.items()]
        flat = not any(isinstance(value, dict) and value for value in val.values())
        return _bracketed("{", items, "}", one_line=flat)

    @classmethod
    def translate_list(cls, val: list[Any]) -> str:
        """Return a list display: numbers always on one line, other values over several if they are long."""
        # Nearly all are whole numbers of a table's row; papermill asks for the type of each in turn.
        items = [str(value) if type(value) is int else cls.translate(value) for value in val]
        if all(isinstance(value, int | float) for value in val):
            return f"[{', '.join(items)}]"
        return _bracketed("[", items, "]", one_line=not any(isinstance(value, dict) and value for value in val))

    @classmethod
    def codify(cls, parameters: dict[str, Any], comment: str = "Parameters") -> str:
        """Return the source of the injected cell; it is not passed through black, whose version would show."""
        lines = [cls.comment(comment)]
        lines += [cls.assign(name, cls.translate(value)) for name, value in parameters.items()]
        source = "\n".join(lines) + "\n"
        _remember(source, parameters)
        return source


def _bracketed(start: str, items: list[str], end: str, one_line: bool) -> str:
    line = start + ", ".join(items) + end
    if not items or (one_line and len(line) <= _WIDTH and "\n" not in line):
        return line
    body = "".join(f"{_indented(item)},\n" for item in items)
    return f"{start}\n{body}{end}"


def _indented(item: str) -> str:
    # A newline in an item is always ours: those of strings are written \n.
    return _INDENT + item.replace("\n", "\n" + _INDENT)


# The source that was written last, and the values it was made of: the cell with it is most likely the next to be run.
_written: list[tuple[str, bytes]] = []
_FLAT = (str, int, float, bool, type(None))
# Marshalled so, equal parts of a value are not one object afterwards.
_NOTHING_SHARED = 2


def values_of(source: str) -> dict[str, Any] | None:
    """Return what running `source` would give each name, if it is what `codify` wrote last; else None.

    Parsing a town's figures takes a tenth of its cells' time, only to get the values again that were written.
    """
    if _written and _written[0][0] == source:
        values: dict[str, Any] = marshal.loads(_written[0][1])
        return values
    return None


def _remember(source: str, parameters: dict[str, Any]) -> None:
    names_are_plain = all(name.isidentifier() and name.isascii() and not iskeyword(name) for name in parameters)
    known = names_are_plain and _is_plain(parameters)
    _written[:] = [(source, marshal.dumps(parameters, _NOTHING_SHARED))] if known else []


def _is_plain(value: Any) -> bool:
    """Whether a value is of types alone that papermill writes as what they are."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str for key in value) and all(map(_is_plain, value.values()))
    return kind in _FLAT or (kind is list and all(map(_is_plain, value)))


def fold(nb: Any) -> None:
    """Fold the cell that papermill injects: a town's figures fill a screen, and edits there have no effect."""
    for cell in nb.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.metadata.setdefault("jupyter", {})["source_hidden"] = True


def register_translator() -> None:
    """Make papermill use `ReadableTranslator` for Python notebooks, whatever their kernel."""
    papermill_translators.register("python", ReadableTranslator)
