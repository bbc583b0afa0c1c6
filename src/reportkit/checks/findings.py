"""Rules, and what they find, before it has words: the catalogue has these, and how grave it is, by the rule's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from reportkit.errors import CellRef


@dataclass(frozen=True, init=False)
class Finding:
    """One breach of a rule: the name of its sentence in the catalogue, a place, both sides, and the sentence's values.

    `name` is the rule's code, with the variant where there are several: "P2.published". `at` is what `Filing.where`
    knows: a cell, a table, a section or a top-level key of the parameter file ("" for the file as a whole).
    """

    name: str
    at: CellRef | str
    found: str
    expected: str
    values: Mapping[str, object]

    def __init__(
        self, name: str, at: CellRef | str = "", found: str = "", expected: str = "", /, **values: object
    ) -> None:
        self.__dict__.update(name=name, at=at, found=found, expected=expected, values=values)

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.name.partition(".")[0]


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
