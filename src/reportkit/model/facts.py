"""Facts: what a form asks for beside its tables."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal, NamedTuple

from reportkit.errors import CellRef

FactType = Literal["str", "int", "float", "bool", "date"]
"""What the value of a fact is; a date is a text as ISO writes it."""

FACTS = "facts"
"""What stands for the table in the address of a fact: CellRef(FACTS, its name, ""). No table of a form that asks for
facts has this key.
"""


def fact_ref(name: str) -> CellRef:
    """Return the address of a fact, for equations that it takes part in."""
    return CellRef(FACTS, name, "")


def is_fact(ref: CellRef, tables: Container[str]) -> bool:
    """Return whether an address is a fact's, in a form with these tables."""
    return ref.table == FACTS and FACTS not in tables


class Fact(NamedTuple):
    """What a form asks for beside its tables. `added`: that of a county is the sum of its units'."""

    name: str
    label: str
    type: FactType
    required: bool = False
    added: bool = False
