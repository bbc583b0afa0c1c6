"""How high a table will be: an estimate, as Typst takes four times as long when it has to measure its tables.

An estimate that is a little off splits a table that might have fitted, or leaves a gap; it never cuts anything.
"""

from __future__ import annotations

import re
from math import ceil

from reportkit.exporters.runs import Block, text_of
from reportkit.exporters.text import HAN
from reportkit.exporters.widths import em, tokens

# Characters that are about as wide in one typeface as in another.
_EVEN = re.compile(f"[0-9.,{HAN}]*")
# Space above and below a cell's text and between its lines, in ems: what looks best, and what still reads well.
_SPACINGS = ({"inset": 0.42, "leading": 0.3}, {"inset": 0.22, "leading": 0.2})


def add_heights(table: Block) -> None:
    """Give a table whose widths are known its possible row spacings, each with the height in points it leads to.

    `one_line` says of each row if it is certain that no cell of it takes more: such a row Typst need not measure.
    """
    rows = [row for part in table["parts"] for row in part["rows"]]
    lines: dict[tuple[int, int], int] = {}
    measured: set[int] = set()
    filled: set[int] = set()
    for number, row in enumerate(rows):
        for cell in row:
            span, room = cell["rowspan"], _room(table, cell)
            lines[span, number] = max(lines.get((span, number), 0), _lines(table, cell, room))
            if span == 1 and _is_one_line(cell, room):
                filled.add(number)
            elif span > 1 or cell["body"]:
                measured.add(number + span - 1)  # a cell over several rows makes the last of them higher if it has to
    needs = sorted(lines.items())  # such a cell needs what is left of its lines when each row has its own
    table["spacings"] = [{**space, "height": _height(len(rows), needs, table["size"], **space)} for space in _SPACINGS]
    table["one_line"] = [number in filled - measured for number in range(len(rows))]


def page_lines(block: Block) -> float:
    """Return about how many lines of a page a block other than a table takes."""
    text = text_of(block)
    if block["kind"] == "heading" and block["level"] == 1:
        return 1 + 1.24 * ceil(len(text.strip()) / 20)  # larger type on lines of 36 pt, and a line below
    if block["kind"] == "image":
        return 8
    return sum(ceil((len(line) + 2) / 28) for line in text.split("\n") if line)


def _height(rows: int, needs: list[tuple[tuple[int, int], int]], size: float, inset: float, leading: float) -> float:
    heights = [0.0] * rows
    for (span, number), lines in needs:
        needed = (lines + (lines - 1) * leading + 2 * inset) * size
        heights[number + span - 1] += max(needed - sum(heights[number : number + span]), 0)
    return sum(heights)


def _room(table: Block, cell: Block) -> float:
    """Return the width a cell has for its text, in ems."""
    widths = table["widths"][cell["column"] : cell["column"] + cell["colspan"]]
    room: float = (sum(widths) - 2 * table["padding"]) / table["size"]
    return room


def _lines(table: Block, cell: Block, room: float) -> int:
    texts = cell["text"].split("\n")
    if table.get("crowded"):
        return sum(max(1, ceil(em(text) / room)) for text in texts)
    return sum(_lines_of(text, room) for text in texts)


def _is_one_line(cell: Block, room: float) -> bool:
    """Return whether a cell takes one line in any typeface, with room to spare."""
    text = cell["body"]
    return isinstance(text, str) and 1.1 * em(text) <= room and bool(_EVEN.fullmatch(text))


def _lines_of(text: str, room: float) -> int:
    if em(text) <= room:
        return 1
    lines, used = 1, 0.0
    for token in tokens(text):
        width = em(token)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return lines
