"""What a rule finds, before it is known how grave it is: the catalogue says that, by the rule's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reportkit.errors import CellRef, Severity
from reportkit.filing import Filing


class Finding(NamedTuple):
    """One breach of a rule.

    `at` is what `Filing.where` knows: a cell, a table, a section or a top-level key of the parameter file ("" for the
    file as a whole). `severity` is given only where it differs from the catalogue's.
    """

    message: str
    at: CellRef | str = ""
    found: str = ""
    expected: str = ""
    severity: Severity | None = None


FileRule = Callable[[Filing], Iterable[Finding]]
"""A rule that one filing tells by itself."""

YearRule = Callable[[Filing, Filing], Iterable[Finding]]
"""A rule over a filing and the same jurisdiction's filing of the year before, in this order."""
