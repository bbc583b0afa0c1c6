"""What stands in a workbook when a town gets it: names, and the figures that follow from last year's report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import CellRef
from reportkit.kinds.carry_over import carry_over
from reportkit.model.filing import Filing, Value
from reportkit.model.form import Form


@dataclass(frozen=True)
class Entries:
    """The names, figures and facts in a workbook; `hints` are words beside a cell."""

    year: int | None = None
    jurisdiction: str = ""
    agency: str = ""
    values: Mapping[CellRef, Value] = field(default_factory=dict)
    hints: Mapping[CellRef, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def entries_of(filing: Filing) -> Entries:
    """Return everything that a filing states in figures, and in facts."""
    return Entries(filing.year, filing.jurisdiction, filing.agency, filing.values, facts=filing.facts)


def carried(form: Form, last: Filing) -> Entries:
    """Return what last year's filing says about this year's (see `carry_over`), and the names."""
    over = carry_over(form, last)
    return Entries(last.year + 1, last.jurisdiction, last.agency, over.values, over.hints)
