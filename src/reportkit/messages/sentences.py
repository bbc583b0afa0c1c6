"""What is wrong, in words: a template of the catalogue, with the values of one case put in.

A template has named values in braces and nothing else: `正文{words}：总额应是 10 元的整数倍`. Values are put in as they
are: braces in a town's own words are its words. Both sides of an issue, {found} and {expected}, can stand in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from reportkit.errors import Severity
from reportkit.translation import in_language

_FIELD = re.compile(r"\{([a-z_]+)\}")

SIDES = ("found", "expected")
"""The values that each issue has."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the catalogue: its name, R12.wrong or L5 where the code has no other, and how grave it is."""

    name: str
    severity: Severity
    template: str
    language: str = "zh"

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names of the values that stand in it."""
        return frozenset(self._pieces[1::2])

    @cached_property
    def _pieces(self) -> list[str]:
        return _FIELD.split(self.template)

    def filled(self, values: Mapping[str, object], sign: str) -> str:
        """Return the sentence with these values; lists are joined with a sign. Raises KeyError for a missing value."""
        pieces = self._pieces
        return "".join(
            as_text(values[piece], self.language, sign) if at % 2 else piece for at, piece in enumerate(pieces)
        )


def as_text(value: object, language: str, sign: str) -> str:
    """Return a value as it stands in a sentence: a number in all its digits, the entries of a list one by one."""
    value = in_language(value, language)
    if isinstance(value, str):
        return str(value)
    if type(value) is Decimal:  # a figure is written as its filing writes it
        return f"{value:f}"
    if type(value) in (list, tuple):  # a place is a tuple, too, and has its own way of writing
        return sign.join(as_text(each, language, sign) for each in cast(Iterable[object], value))
    return str(value)
