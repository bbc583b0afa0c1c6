"""What values are called, by their type."""

from __future__ import annotations

from typing import Any

from reportkit.translation import N_, gettext

_CALLED = {
    "str": N_("a text"),
    "int": N_("a whole number"),
    "float": N_("a number"),
    "bool": N_("true or false"),
    "list": N_("a list"),
    "dict": N_("a mapping"),
    "date": N_("a date such as 2024-01-31"),
}
_HELD = {**_CALLED, "bool": N_("a truth value"), "NoneType": N_("nothing"), "date": N_("a date")}
_TIME = N_("a date or a time")


def called(kind: str) -> str:
    """Return what values of a declared type are called."""
    return gettext(_CALLED[kind])


def called_as_it_is(value: Any) -> str:
    """Return what a value is called."""
    return gettext(_HELD.get(type(value).__name__, _TIME))
