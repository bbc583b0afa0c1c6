"""The value of a fact, as a parameter file writes it: by the type that a form or a notebook declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportkit.declarations import Declared, UnfitError, typed
from reportkit.declarations.called import called
from reportkit.model.facts import Fact
from reportkit.params.nodes import Entries, Node, Scalar
from reportkit.translation import N_, _

FactReader = Callable[[Node], Any]
"""Reads the value of an own fact; None for a blank. Raises ValueError with the reason if it is none."""

_ANY = Declared("", "", False, None)


def value_of(declared: Declared, node: Node) -> Any:
    """Return a node as a value of the declared type, None for a blank. Raises ValueError with the reason if not one."""
    if isinstance(node, Scalar):
        if node.blank:
            return None
        is_text = declared.type == "str" or (not declared.type and not node.plain)
        return node.text if is_text else typed(node.text.strip(), declared)
    kind = "dict" if isinstance(node, Entries) else "list"
    if declared.type not in ("", kind):
        raise ValueError(_("one value is needed here, and there are several"))
    if isinstance(node, Entries):
        return {key.text: value_of(_ANY, child) for key, child in node.pairs}
    return [value_of(_ANY, child) for child in node.items]


def stated_value(fact: Fact, node: Node) -> Any:
    """Return a node as the value of a form's fact, None for a blank. Raises ValueError with the reason if not one."""
    if isinstance(node, Scalar) and not node.blank:
        return fact_value(node.text if fact.type == "str" else node.text.strip(), fact)
    return value_of(_declared(fact), node)


def fact_value(text: str, fact: Fact) -> Any:
    """Return a text as the value of a form's fact. Raises ValueError with the reason if it is none."""
    try:
        return typed(text, _declared(fact))
    except UnfitError as error:
        if "{name}" not in error.words:
            raise
        # What names the parameter speaks of the notebook's declaration, which is not what decides here.
        words = N_("{found} is not {what}, which the form asks for here")
        raise UnfitError(words, found=error.values["found"], what=called(fact.type)) from None


def _declared(fact: Fact) -> Declared:
    return Declared(fact.name, fact.type, fact.required, None)
