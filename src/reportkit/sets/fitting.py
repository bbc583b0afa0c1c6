"""A value that a file gives with its type (JSON, a workbook, YAML's quotes), as that of a declared parameter."""

from __future__ import annotations

from typing import Any

from reportkit.declarations.called import called, called_as_it_is
from reportkit.declarations.declaring import UNKNOWN, Declared
from reportkit.declarations.typed_values import is_date
from reportkit.declarations.unfit import UnfitError
from reportkit.shapes import shown
from reportkit.translation import N_


def fitted(value: Any, declared: Declared | None) -> Any:
    """Return a value as that of a parameter; a whole number is a number, too. Raises UnfitError for another type."""
    kind = declared.type if declared else UNKNOWN
    if declared is None or kind == UNKNOWN or (value is None and declared.optional):
        return value
    if kind == "float" and type(value) is int and abs(value) < 2**1000:
        return float(value)
    if type(value).__name__ == kind or (kind == "date" and isinstance(value, str) and is_date(value)):
        return value
    raise unfitting(value, declared)


def unfitting(value: Any, declared: Declared, kind: str = "") -> UnfitError:
    """Return what to tell of a value that is of another type than its parameter; `kind` is what it is called."""
    if value is None:
        words = N_(
            "nothing is given, and {name} is {wanted} in the notebook; leave it out to keep the notebook's value"
        )
        return UnfitError(words, name=declared.name, wanted=called(declared.type))
    return UnfitError(
        N_("{found} is {kind}, and {name} is {wanted} in the notebook; write it so, or declare another type there"),
        found=shown(value),
        kind=kind or called_as_it_is(value),
        name=declared.name,
        wanted=called(declared.type),
    )
