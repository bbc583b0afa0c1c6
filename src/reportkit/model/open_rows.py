"""What a form says of rows that it leaves open: a list of records, each a row, as many as there are."""

from __future__ import annotations

from typing import NamedTuple

TOTAL = "total"
"""The key of the row with the sums; those of the others are their numbers from 1 on."""


class Open(NamedTuple):
    """What a form says of open rows: how many there can be, the label of their sums ("" for none), what is added up.

    `numbered`: whether a row's number is printed before it.
    """

    most: int
    total: str = ""
    added: tuple[str, ...] = ()
    numbered: bool = False
