"""Own facts: what the parameters cell of a project's notebook declares beyond the parameters that every report has."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from reportkit.declarations import Declared, typed
from reportkit.params.nodes import Entries, Node, Scalar
from reportkit.params.reader import PARAMETERS, FactReader
from reportkit.project.parameter_sets import declared_in
from reportkit.translation import _

_ANY = Declared("", "", False, None)


def fact_readers(notebook: Path) -> dict[str, FactReader]:
    """Return how a parameter file's value is read for each parameter that a notebook declares of its own."""
    found = declared_in(notebook) or {}
    return {name: partial(_value, one) for name, one in found.items() if name not in PARAMETERS}


def _value(declared: Declared, node: Node) -> Any:
    """A node as a value of the declared type, None for a blank. Raises ValueError with the reason if it is none."""
    if isinstance(node, Scalar):
        if node.blank:
            return None
        is_text = declared.type == "str" or (not declared.type and not node.plain)
        return node.text if is_text else typed(node.text.strip(), declared)
    kind = "dict" if isinstance(node, Entries) else "list"
    if declared.type not in ("", kind):
        raise ValueError(_("one value is needed here, and there are several"))
    if isinstance(node, Entries):
        return {key.text: _value(_ANY, child) for key, child in node.pairs}
    return [_value(_ANY, child) for child in node.items]
