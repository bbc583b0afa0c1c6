"""How large a workbook may be, before and after it is unpacked."""

from __future__ import annotations

from typing import NamedTuple


class SizeLimits(NamedTuple):
    """How large a workbook may be: no county's list comes near.

    `file` are the bytes of the file (a county's workbook of 1,000 rows has some 2 MB), `unpacked` those of its XML
    (some 10 MB) and `parts` how many there are of these. `characters` are those of all cells: one long text can be
    shared by all of them. `formulas` are those of all formulas, of which one can be shared, too (some 3 MB).
    """

    file: int = 30_000_000
    unpacked: int = 60_000_000
    parts: int = 3_000
    characters: int = 30_000_000
    formulas: int = 10_000_000


LIMITS = SizeLimits()
"""What holds for every file that somebody sends."""
