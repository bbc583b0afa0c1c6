"""The room each block has: lists, quotations, frames and tables leave less of it to what stands in them.

Whatever would be too narrow to read is set without its indent; whatever is too wide for its room is folded. So no text
leaves the type area sideways.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from reportkit.errors import ExportError
from reportkit.exporters.breaks import loosen
from reportkit.exporters.heights import add_heights
from reportkit.exporters.runs import PARTS, PICTURES, Block, Run, text_of
from reportkit.exporters.widths import em, fit, fit_into
from reportkit.page_styles import Page
from reportkit.translation import _

_FRAME = 14.0
# How much of the page's height the tallest picture takes: there is to be room for its heading, or for its row's header.
_PICTURE = 0.9
_PICTURE_IN_CELL = 0.55
# How much of its size a column of fixed-width text takes; and what a sum may be beside the truth.
_ADVANCE, _HARDLY = 0.61, 1e-6
# Fewer characters on a line than this, and there is no indent; in a cell of a table it is fewer still.
_READABLE = 10
_IN_CELL = 3
# PDF/A allows no longer strings in what is not text of a page.
_BOOKMARK = 4000
# What is nested deeper is set flat: Typst goes only so deep.
_DEPTH = 8


class Room(NamedTuple):
    """A column of text: width, type size and its page's height in points, whether it is a cell, and how deep within."""

    page: Page
    width: float
    size: float
    height: float
    in_cell: bool = False
    depth: int = 0

    @classmethod
    def of(cls, page: Page) -> Room:
        """Return the room that an upright page has."""
        return cls(page, page.width, page.size, page.height)

    @property
    def tallest(self) -> float:
        """How high a picture may be."""
        return self.height * (_PICTURE_IN_CELL if self.in_cell else _PICTURE)

    @property
    def ems(self) -> float:
        """How many characters a line holds."""
        return self.width / self.size

    def less(self, width: float) -> Room | None:
        """Return the room that is left beside an indent, or None if it were too narrow."""
        left = self._replace(width=self.width - width, depth=self.depth + 1)
        return left if left.depth <= _DEPTH and left.ems >= (_IN_CELL if self.in_cell else _READABLE) else None


def arrange(blocks: list[Block], room: Room) -> list[Block]:
    """Return the blocks as their room asks for; tables know their widths and heights then."""
    return [arranged for block in blocks for arranged in _arrange(block, room)]


def arrange_table(table: Block, page: Page) -> None:
    """Fit a table that stands by itself to its page, upright or on its side, and its cells to their columns.

    Raises ExportError for one that has more columns than any page can take.
    """
    if not fit(table, page):
        raise ExportError(_too_wide(table))
    upright = Room.of(page)
    _arrange_cells(table, upright._replace(height=page.width) if table["landscape"] else upright)
    table["caption"] = arrange(table["caption"], upright)
    for place in ("above", "below"):
        lines = arrange(table.get(place, []), upright)
        table[place] = [{"kind": "line", "place": place, "size": table["size"], "body": [line]} for line in lines]


def _arrange(block: Block, room: Room) -> list[Block]:
    kind = block["kind"]
    if kind in {"quote", "box"}:
        indent = 0 if kind == "box" else room.size if room.in_cell else room.page.inset
        inner = room.less(2 * indent or _FRAME)
        return (
            [{**block, "indent": indent, "body": arrange(block["body"], inner)}]
            if inner
            else arrange(block["body"], room)
        )
    if kind in PARTS:
        return [{**block, "parts": {name: _part(part, room) for name, part in block["parts"].items()}}]
    if kind == "paragraph":
        return [{**block, "body": _limited(loosen(block["body"], room.ems), room)}]
    if kind == "heading":
        return _heading(block, room)
    if kind == "list":
        return _list(block, room)
    if kind == "pre":
        return [printout(block["text"], room)]
    if kind == "table":
        return _nested_table(block, room)
    return [_limited_run(block, room) if kind in PICTURES else block]


def _part(part: Any, room: Room) -> Any:
    """What a style says, a picture, blocks, or a list of these, as its room asks for."""
    if isinstance(part, dict):
        return part
    return [_part(one, room) for one in part] if part and isinstance(part[0], list) else arrange(part, room)


def _limited(runs: list[Run], room: Room) -> list[Run]:
    """Return runs whose pictures know how high they may be."""
    if all(isinstance(run, str) for run in runs):
        return runs
    return [run if isinstance(run, str) else _limited_run(run, room) for run in runs]


def _limited_run(run: Block, room: Room) -> Block:
    if run["kind"] in PICTURES:
        return {**run, "limit": room.tallest}
    return {**run, "body": _limited(run["body"], room)} if "body" in run else run


def _heading(block: Block, room: Room) -> list[Block]:
    # The title has larger type, on lines made about equally long; other headings are indented.
    ems = 10 if block["level"] == 1 else room.ems if room.in_cell else room.ems - 2
    about = {"in_cell": room.in_cell, "bookmarked": len(text_of(block)) < _BOOKMARK}
    return [{**block, **about, "body": _limited(loosen(block["body"], ems), room)}]


def _list(block: Block, room: Room) -> list[Block]:
    numbers = block.get("numbers") or range(block["start"], block["start"] + len(block["items"]))
    marks = [f"{number}." if block["ordered"] else "•" for number in numbers]
    indent = room.page.inset if room.width > 0.6 * room.page.width and not room.in_cell else 0.0
    inner = room.less(indent + (max(map(em, marks)) + 1) * room.size)
    if inner:
        return [{**block, "indent": indent, "items": [arrange(item, inner) for item in block["items"]]}]
    return [
        part for mark, item in zip(marks, block["items"], strict=True) for part in arrange(_marked(mark, item), room)
    ]


def _marked(mark: str, item: list[Block]) -> list[Block]:
    """Return a list's item without the list: its mark stands before its text, and is no part of it."""
    sign = {"kind": "mark", "body": [f"{mark} "]}
    if item and item[0]["kind"] == "paragraph":
        return [{**item[0], "body": [sign, *item[0]["body"]]}, *item[1:]]
    return [{"kind": "paragraph", "body": [sign], "align": None}, *item]


def printout(text: str, room: Room) -> Block:
    """Return fixed-width text as a block in the largest type that holds its longest line; longer ones are folded."""
    framed = room.ems >= _READABLE or not room.in_cell
    width = room.width - (_FRAME if framed else 0)
    lines = text.split("\n")
    size = max(min(width / _ADVANCE / max([1, *map(_wide, lines)]), 10.5, room.size), min(6.5, width / 1.3))
    folded = [piece for line in lines for piece in _folded(line, width / _ADVANCE / size)]
    return {"kind": "pre", "text": "\n".join(folded), "size": size, "framed": framed}


def _folded(line: str, room: float) -> Iterator[str]:
    """Yield the pieces of a line of fixed-width text that have so many columns, or its last or only sign."""
    begun, used = 0, 0
    for at, char in enumerate(line):
        used += _wide(char)
        if used > room + _HARDLY and at > begun:
            yield line[begun:at]
            begun, used = at, _wide(char)
    yield line[begun:]


def _wide(line: str) -> int:
    """How many columns fixed-width text takes."""
    return sum(2 if _is_broad(char) else 1 for char in line)


def _is_broad(char: str) -> bool:
    return char > "\u02ff"


def _nested_table(table: Block, room: Room) -> list[Block]:
    """Return a table within something else at the width of its room, or its cells one below the other."""
    if room.depth < _DEPTH and fit_into(table, room.width, room.size, room.page):
        _arrange_cells(table, room)
        add_heights(table, room.page, in_cell=room.in_cell)
        return [{**table, "nested": True, "caption": arrange(table["caption"], room)}]
    cells = [cell for part in table["parts"] for row in part["rows"] for cell in row]
    bodies = [_as_blocks(cell["body"]) for cell in cells]
    return arrange([*table["caption"], *(block for body in bodies for block in body)], room)


def _as_blocks(body: str | list[Block]) -> list[Block]:
    return [{"kind": "paragraph", "body": [body], "align": None}] if isinstance(body, str) else body


def _arrange_cells(table: Block, room: Room) -> None:
    widths, padding, size = table["widths"], table["padding"], table["size"]
    for cell in (cell for part in table["parts"] for row in part["rows"] for cell in row):
        body = cell["body"]
        if not body or (isinstance(body, str) and len(body) * size <= widths[cell["column"]] - 2 * padding):
            continue
        width = sum(widths[cell["column"] : cell["column"] + cell["colspan"]]) - 2 * padding
        if isinstance(body, str):
            runs = loosen([body], width / size)
            cell["body"] = body if len(runs) == 1 else [{"kind": "paragraph", "body": runs, "align": None}]
        else:
            cell["body"] = arrange(body, Room(room.page, width, size, room.height, True, room.depth + 1))


def _too_wide(table: Block) -> str:
    first = next((cell["text"] for part in table["parts"] for row in part["rows"] for cell in row if cell["text"]), "")
    name = " ".join((text_of(table["caption"]).strip() or first).split())[:30]
    words = _(
        'the table ("{name}") of cell {cell} has {columns} columns, which have no room even on a page that lies on its '
        "side. Divide it into narrower ones, or make its rows columns."
    )
    return words.format(name=name, cell=table["cell"], columns=table["columns"])
