"""How high a table will be: an estimate, as Typst takes four times as long when it has to measure its tables.

An estimate that is a little off splits a table that might have fitted, or leaves a gap; it never cuts anything: where a
row may be too high for a page, Typst is told that it can be split.
"""

from __future__ import annotations

from math import ceil

from reportkit.exporters.certain_lines import certain_lines
from reportkit.exporters.runs import PARTS, PICTURES, Block, marks_in, text_of
from reportkit.exporters.widths import em, tokens
from reportkit.page_styles import Page

# Space above and below a cell's text and between its lines, in ems: what looks best, and what still reads well.
_SPACINGS = ({"inset": 0.42, "leading": 0.3}, {"inset": 0.22, "leading": 0.2})
# The most of a page that repeated headers may take, and that a row may take which is never split.
_HEADERS = 0.4
_WHOLE = 0.75


def add_heights(table: Block, page: Page, in_cell: bool = False) -> None:
    """Give a table whose widths are known its possible row spacings, each with the height in points it leads to.

    `certain` says of each row how many lines it takes, 0 where that is not certain: only these Typst has to measure.
    Cells that may be higher than a page are marked as `tall`: they can be split. A header that would leave too little
    of a page for what it heads loses its level, as does each one of a table in a cell: it is not repeated.
    """
    rows = [row for part in table["parts"] for row in part["rows"]]
    lines: dict[tuple[int, int], int] = {}
    measured: set[int] = set()
    certain: dict[int, int] = {}
    fits = _Fits(table)
    for number, row in enumerate(rows):
        for cell in row:
            span = cell["rowspan"]
            cell["lines"], sure = fits.of(cell)
            if cell["lines"] > lines.get((span, number), 0):
                lines[span, number] = cell["lines"]
            if span == 1 and (sure or not cell["body"]):
                # A row of blanks is as high as a line, too: Typst would make it a strip.
                certain[number] = max(certain.get(number, 1), sure)
            else:
                # A cell over several rows makes the last of them higher if it has to, and over two pages Typst knows
                # only by a row that it measures on which of them there is room for its text.
                measured.add(number + span - 1)
    needs = sorted(lines.items())  # such a cell needs what is left of its lines when each row has its own
    roomy, tight = (_heights(len(rows), needs, table["size"], **space) for space in _SPACINGS)
    table["spacings"] = [
        {**space, "height": sum(heights)} for space, heights in zip(_SPACINGS, (roomy, tight), strict=True)
    ]
    table["certain"] = [0 if number in measured else certain.get(number, 0) for number in range(len(rows))]
    height = page.width if table["landscape"] else page.height
    _mark_tall(table, rows, height - _settle_headers(table, roomy, 0.0 if in_cell else _HEADERS * height))


def _settle_headers(table: Block, heights: list[float], most: float) -> float:
    """Take the level of headers that would take more than `most` of a page; return what the others take."""
    number, above, highest = 0, {1: 0.0, 2: 0.0}, 0.0
    for part in table["parts"]:
        height = sum(heights[number : number + len(part["rows"])])
        number += len(part["rows"])
        if not part["level"]:
            continue
        others = above[1] if part["level"] == 2 else 0.0
        if others + height > most:
            part["level"], height = 0, 0.0
        else:
            above |= {part["level"]: height, 2: height if part["level"] == 2 else 0.0}
        highest = max(highest, others + height)
    return highest


def _mark_tall(table: Block, rows: list[list[Block]], page: float) -> None:
    most = _WHOLE * page / (1.3 * table["size"])
    split: set[int] = set()
    for number, row in enumerate(rows):
        for cell in row:
            if cell["lines"] > most:
                split.update(range(number, number + cell["rowspan"]))
    for number in split:
        for cell in rows[number]:
            cell["tall"] = True  # a row is split only if each of its cells can be


def page_lines(block: Block, page: Page) -> float:
    """Return about how many lines of a page a block other than a table takes, with the space around it."""
    text = text_of(block)
    if block["kind"] == "heading" and block["level"] == 1:
        return page.style.title.below + page.title_lines * ceil(_letters(text.strip(), page) / page.title_ems)
    if block["kind"] in PICTURES:
        return 8
    if block["kind"] == "line":
        height: float = _height(block["body"], page.width, block["size"]) / page.pitch
        return height
    if block["kind"] in PARTS:
        return _part_lines(block, page)
    room, first, around = page.ems, page.style.text.indent, page.style.text.spacing
    if block["kind"] == "heading":
        look = page.heading(block["level"] - 1)
        room, first, around = room / look.scale, first if look.indent else 0, look.above + look.below
    lines = sum(ceil((_letters(line, page) + first) / room) for line in text.split("\n") if line)
    return lines + around


def _part_lines(block: Block, page: Page) -> float:
    """About how many lines what a style says takes; a cover has a page of its own."""
    lines = sum(bool(line.strip()) for line in text_of(block).split("\n"))
    look = page.style.letterhead
    if block["kind"] == "letterhead" and look:
        logo = look.logo.height.points if look.logo else 0.0
        return lines + (look.above.points + logo + look.size.points) / page.pitch + (4 if page.grid else 1.6)
    return 0 if block["kind"] == "cover" else lines + 1


def _letters(line: str, page: Page) -> float:
    """How many letters of a line's room a text takes; on a grid each takes one at most."""
    return len(line) if page.grid else em(line) if line else 0.0


def _heights(
    rows: int, needs: list[tuple[tuple[int, int], int]], size: float, inset: float, leading: float
) -> list[float]:
    heights = [0.0] * rows
    for (span, number), lines in needs:
        needed = (lines + (lines - 1) * leading + 2 * inset) * size
        heights[number + span - 1] += max(needed - sum(heights[number : number + span]), 0)
    return heights


class _Fits:
    """How many lines the cells of a table take, and how many for certain: 0 where it is not.

    Most say what another of their column says, as 0.
    """

    def __init__(self, table: Block) -> None:
        self._table = table
        self._rooms: dict[tuple[int, int], float] = {}
        self._known: dict[tuple[str, float], tuple[int, int]] = {}

    def of(self, cell: Block) -> tuple[int, int]:
        place, body = (cell["column"], cell["colspan"]), cell["body"]
        room = self._rooms.get(place) or self._rooms.setdefault(place, _room(self._table, cell))
        if not isinstance(body, str):
            return _lines(self._table, cell, room), 0
        found = self._known.get((body, room))
        if found is None:
            found = self._known[body, room] = _lines(self._table, cell, room), certain_lines(body, room)
        return found


def _room(table: Block, cell: Block) -> float:
    """Return the width a cell has for its text, in ems."""
    widths = table["widths"][cell["column"] : cell["column"] + cell["colspan"]]
    room: float = (sum(widths) - 2 * table["padding"]) / table["size"]
    return room


def _lines(table: Block, cell: Block, room: float) -> int:
    body, size = cell["body"], table["size"]
    if not isinstance(body, str):
        lines: int = ceil(_height(body, room * size, size) / (1.3 * size))
        return max(1, lines)
    texts = cell["text"].split("\n")
    if table.get("crowded"):
        return sum(max(1, ceil(em(text) / room)) for text in texts)
    return sum(_lines_of(text, room) for text in texts)


def _height(blocks: list[Block], width: float, size: float) -> float:
    """Return about how high blocks are in a cell of this width and type size, in points."""
    return sum(_height_of(block, width, size) for block in blocks)


def _height_of(block: Block, width: float, size: float) -> float:
    kind = block["kind"]
    if kind in PICTURES:
        return float(block["limit"])
    if kind == "table":
        return float(block["spacings"][0]["height"]) + _height(block["caption"], width, size)
    if kind == "pre":
        return float((block["text"].count("\n") + 1) * 1.35 * block["size"] + 24)
    if kind == "list":
        inner = width - block["indent"] - 2 * size
        return sum(max(_height(item, inner, size), 1.3 * size) for item in block["items"])
    if kind in {"quote", "box"}:
        return _height(block["body"], width - 2 * block.get("indent", 7), size) + 24
    texts = text_of(block).strip("\n").split("\n")
    pictures = sum(float(run["limit"]) for run in marks_in(block.get("body", [])) if run["kind"] in PICTURES)
    return sum(_lines_of(text, width / size) for text in texts) * 1.3 * size + pictures


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
