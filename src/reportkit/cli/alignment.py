"""Columns of text on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from reportkit.signs import one_line


def width_of(text: str) -> int:
    """Return how many columns a text takes; a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row, its cells below each other, with two spaces between them; no sign in it is hidden."""
    plain = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(width_of, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        cells = (cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
