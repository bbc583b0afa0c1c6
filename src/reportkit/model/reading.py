"""What a reader makes of a file that is no parameter file: as much as can be read with certainty, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import CellRef, Issue, Origin
from reportkit.model.filing import Value
from reportkit.model.form import Form
from reportkit.translation import N_

COMPARISON = N_("Annex: comparison with last year")
"""The heading, in the form's language, under which our reports show last year: what follows is no part of a form."""


@dataclass(frozen=True)
class Hints:
    """What the person says about a file; it goes before what the file says of itself."""

    edition: str = ""
    year: int | None = None
    jurisdiction: str = ""


@dataclass(frozen=True, repr=False)
class Reading:
    """One jurisdiction-year as a workbook or a published page tells it.

    `jurisdiction` is "" and `year` None where the file does not say. `values` holds the figures and texts that were
    read with certainty; a blank cell is not there. `unread` are the cells whose text could not be read with
    certainty: each is told in `notes`, with its place. `narrative` is Markdown by section key, `origins` says where
    each was read. `facts` are those of the form that the file states, `unread_facts` those that could not be read
    with certainty.
    """

    form: Form
    jurisdiction: str
    year: int | None
    agency: str
    values: Mapping[CellRef, Value]
    narrative: Mapping[str, str]
    origin: Origin
    origins: Mapping[CellRef | str, Origin] = field(default_factory=dict)
    notes: tuple[Issue, ...] = ()
    unread: frozenset[CellRef] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    unread_facts: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        who = f"{self.jurisdiction or '?'} {self.year or '?'}"
        return f"Reading({who}, {self.form.edition} edition, {len(self.values)} cells, {len(self.unread)} unread)"
