"""Rules, and what they find, before it is known how grave it is: the catalogue says that, by the rule's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from reportkit.errors import CellRef, Severity


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


Needs = Literal["file", "last", "names", "units"]
"""What a rule looks at: a filing by itself ("file"), or with one thing more.

"last" is the same jurisdiction's filing of the year before, "names" are those of the project's jurisdictions (a
frozenset), "units" the filings of a county's folder.
"""


class Rule(NamedTuple):
    """A rule: its code in the catalogue, the function that finds its breaches, and what that needs.

    The function takes a filing and, unless it needs the file alone, what it needs as the second argument. A code may
    stand in several rules, one for each thing that is needed.
    """

    code: str
    find: Callable[..., Iterable[Finding]]
    needs: Needs = "file"
