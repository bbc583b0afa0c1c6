"""How high a table will be: an estimate, as Typst takes four times as long when it has to measure its tables.

An estimate that is a little off splits a table that might have fitted, or leaves a gap; it never cuts anything.
"""

from __future__ import annotations

from math import ceil

from reportkit.exporters.runs import Block
from reportkit.exporters.widths import em, tokens

# Space above and below a cell's text and between its lines, in ems: what looks best, and what still reads well.
_SPACINGS = ({"inset": 0.42, "leading": 0.3}, {"inset": 0.22, "leading": 0.2})


def add_heights(table: Block) -> None:
    """Give a table whose widths are known its possible row spacings, each with the height in points it leads to."""
    table["spacings"] = [{**spacing, "height": _height(table, **spacing)} for spacing in _SPACINGS]


def _height(table: Block, inset: float, leading: float) -> float:
    rows = [row for part in table["parts"] for row in part["rows"]]
    heights = [0.0] * len(rows)
    for span in sorted({cell["rowspan"] for row in rows for cell in row}):
        for number, row in enumerate(rows):
            for cell in row:
                if cell["rowspan"] == span:
                    lines = _lines(table, cell)
                    needed = (lines + (lines - 1) * leading + 2 * inset) * table["size"]
                    missing = needed - sum(heights[number : number + span])
                    heights[number + span - 1] += max(missing, 0)
    return sum(heights)


def _lines(table: Block, cell: Block) -> int:
    widths = table["widths"][cell["column"] : cell["column"] + cell["colspan"]]
    room = (sum(widths) - 2 * table["padding"]) / table["size"]
    texts = cell["text"].split("\n")
    if table.get("crowded"):
        return sum(max(1, ceil(em(text) / room)) for text in texts)
    return sum(_lines_of(text, room) for text in texts)


def _lines_of(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for token in tokens(text):
        width = em(token)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return lines
