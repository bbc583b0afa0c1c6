"""HTML tables as grids: every slot covered once, header rows known, ready for any page that sets rows of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportkit.exporters.runs import Block, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|start|end)", re.I)


@dataclass
class Cell:
    """One cell, where it stands in the grid and how far it reaches."""

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    align: str | None = None
    body: list[Block] = field(default_factory=list)


@dataclass
class Grid:
    """A table's cells in reading order; `head` counts the rows of its <thead>."""

    rows: int
    columns: int
    head: int
    cells: list[Cell]


def read_table(element: HtmlElement, read_cell: Callable[[HtmlElement], list[Block]]) -> list[Block]:
    """Return a table as a block: its visible caption, and its rows in parts, header parts with their level."""
    grid = _read_grid(element, read_cell)
    if not grid.rows or not grid.columns:
        return []
    caption = element.find("caption")
    hidden = caption is not None and "visually-hidden" in caption.get("class", "").split()
    block = {
        "kind": "table",
        "landscape": False,
        "columns": grid.columns,
        "caption": read_cell(caption) if caption is not None and not hidden else [],
        "parts": _parts(grid),
    }
    return [block]


def alignment(element: HtmlElement) -> str | None:
    """Return the text alignment an element asks for in its own style, if any."""
    style = element.get("style")
    match = _ALIGN.search(style) if style else None
    return {"start": "left", "end": "right"}.get(match[1].lower(), match[1].lower()) if match else None


def _read_grid(element: HtmlElement, read_cell: Callable[[HtmlElement], list[Block]]) -> Grid:
    groups = [group for group in element if group.tag in {"thead", "tbody", "tfoot", "tr"}]
    groups.sort(key=lambda group: {"thead": 0, "tfoot": 2}.get(group.tag, 1))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    top = head = 0
    for rows in _row_groups(groups):
        for offset, row in enumerate(rows):
            cells += _read_row(row, top + offset, top + len(rows), taken, read_cell)
        top += len(rows)
        head = top if rows and rows[0].getparent().tag == "thead" else head
    return _full(Grid(top, 0, head, cells))


def _row_groups(groups: list[HtmlElement]) -> list[list[HtmlElement]]:
    """Return the rows, group by group: no cell reaches out of its group."""
    found: list[list[HtmlElement]] = []
    loose: list[HtmlElement] = []
    for group in groups:
        if group.tag == "tr":
            loose.append(group)
        else:
            found.append([row for row in group if row.tag == "tr"])
    return [*found, loose] if loose else found


def _read_row(
    row: HtmlElement,
    number: int,
    end: int,
    taken: set[tuple[int, int]],
    read_cell: Callable[[HtmlElement], list[Block]],
) -> list[Cell]:
    cells, column = [], 0
    for element in row:
        if element.tag not in {"th", "td"}:
            continue
        while (number, column) in taken:
            column += 1
        rowspan = int(element.get("rowspan", "1")) or end - number
        colspan, wanted = 1, int(element.get("colspan", "1"))
        while colspan < wanted and (number, column + colspan) not in taken:
            colspan += 1
        rowspan = max(1, min(rowspan, end - number))
        # A row's own alignment is pandas' habit of setting heads from the right: here all heads are centred.
        body = read_cell(element)
        cells.append(Cell(number, column, rowspan, colspan, element.tag == "th", alignment(element), body))
        taken |= {(number + r, column + c) for r in range(rowspan) for c in range(colspan)}
        column += colspan
    return cells


def _full(grid: Grid) -> Grid:
    """Return the grid without columns in which no cell begins, and with empty cells where the table has holes."""
    begins = sorted({cell.column for cell in grid.cells})
    width = max((cell.column + cell.colspan for cell in grid.cells), default=0)
    if len(begins) == width and sum(cell.rowspan * cell.colspan for cell in grid.cells) == grid.rows * width:
        return Grid(grid.rows, width, grid.head, grid.cells)
    place = {column: index for index, column in enumerate(begins)}
    free = {(row, column) for row in range(grid.rows) for column in range(len(begins))}
    for cell in grid.cells:
        reach = [place[c] for c in range(cell.column, cell.column + cell.colspan) if c in place]
        cell.column, cell.colspan = reach[0], len(reach)
        free -= {(cell.row + r, c) for r in range(cell.rowspan) for c in reach}
    cells = [*grid.cells, *(Cell(row, column) for row, column in free)]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(grid.rows, len(begins), grid.head, cells)


def _parts(grid: Grid) -> list[dict[str, Any]]:
    """Return runs of rows: `level` 0 is body, 1 repeats until the next header of its level, 2 is below that."""
    kinds = _header_rows(grid)
    rows: list[list[dict[str, Any]]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(_as_json(cell, kinds[cell.row]))
    parts: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        opens = number in (0, grid.head) or kinds[number] != kinds[number - 1]
        if opens:
            parts.append({"level": _level(grid, number) if kinds[number] else 0, "rows": []})
        parts[-1]["rows"].append(row)
    return parts


def _header_rows(grid: Grid) -> list[bool]:
    """Return for each row whether it is a header: in the <thead>, or nothing but <th> that stay in such rows."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            rows[row].append(cell)
    kinds = [all(c.header or not c.body for c in row) and any(c.header for c in row) for row in rows]
    kinds[: grid.head] = [True] * grid.head
    for cell in sorted(grid.cells, key=lambda cell: -cell.row):
        span = range(cell.row, cell.row + cell.rowspan)
        if cell.row >= grid.head and not all(kinds[row] for row in span):
            for row in span:
                kinds[row] = False
    return kinds


def _level(grid: Grid, number: int) -> int:
    if number < grid.head or not grid.head:
        return 1
    # A title row that looks like the table's first opens a new table within the table: it takes the first's place.
    shape = [cell.colspan for cell in grid.cells if cell.row == number]
    return 1 if shape == [cell.colspan for cell in grid.cells if cell.row == 0] else 2


def _as_json(cell: Cell, head: bool) -> dict[str, Any]:
    body = _bare(cell.body)
    return {
        "head": head,
        "column": cell.column,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "header": cell.header,
        "align": cell.align,
        "text": (body if isinstance(body, str) else text_of(body)).strip(),
        "body": body,
    }


def _bare(body: list[Block]) -> Any:
    """Return the text alone where a cell holds nothing but one string, as most do: it is set much faster."""
    runs = body[0]["body"] if len(body) == 1 and body[0]["kind"] == "paragraph" else []
    return runs[0] if len(runs) == 1 and isinstance(runs[0], str) else body
