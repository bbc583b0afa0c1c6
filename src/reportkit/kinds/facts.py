"""What a form, or a kind for all its forms, asks for beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword

from reportkit.kinds import file_shapes
from reportkit.model.facts import Fact
from reportkit.model.names import PARAMETERS
from reportkit.shapes import WrongShapeError
from reportkit.translation import _


def facts_of(declared: Mapping[str, file_shapes.Fact]) -> dict[str, Fact]:
    """Return the facts that a file declares, by name.

    Raises WrongShapeError for a name that no parameter can have, and for what cannot be added.
    """
    found: dict[str, Fact] = {}
    for name, one in declared.items():
        if reason := _fault(name, one):
            raise WrongShapeError(("facts", name), "", _("fact {name!r}: {reason}").format(name=name, reason=reason))
        label = one.label or name
        if other := next((fact.name for fact in found.values() if fact.label == label), ""):
            words = _("fact {name!r}: {other!r} is called {label!r}, too; give each a label of its own")
            raise WrongShapeError(("facts", name), "", words.format(name=name, other=other, label=label))
        found[name] = Fact(name, label, one.type, one.required, one.add)
    return found


def _fault(name: str, one: file_shapes.Fact) -> str:
    if name in PARAMETERS:
        return _("every parameter file has this key already; choose another name")
    if not name.isidentifier() or iskeyword(name) or name.startswith("_"):
        return _("a name has letters, digits and _ alone, and begins with a letter")
    if one.add and one.type not in ("int", "float"):
        return _("only numbers are added up; take add out, or declare int or float")
    return ""
