"""HTML tables as grids: every slot covered once, header rows known, ready for any page that sets rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportkit.exporters.runs import Block, text_of
from reportkit.exporters.stylesheets import Look, Looks
from reportkit.exporters.text import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement


MARKS = {"figure": "figures", "spanning": "center"}
"""Where the text of a cell stands whose element is of this class."""


@dataclass
class Cell:
    """One cell, where it stands in the grid and how far it reaches."""

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    scope: str = ""
    look: Look = field(default_factory=dict)
    body: list[Block] = field(default_factory=list)
    element: HtmlElement | None = None


@dataclass
class Grid:
    """A table's cells in reading order; `head` counts the rows of its <thead>."""

    rows: int
    columns: int
    head: int
    cells: list[Cell]


def read_table(element: HtmlElement, read_cell: Callable[[HtmlElement], list[Block]], looks: Looks) -> list[Block]:
    """Return a table as a block: its visible caption, and its rows in parts, header parts with their level."""
    grid = read_grid(element, read_cell, looks)
    head = element.find("caption")
    caption = read_cell(head) if head is not None and not is_hidden(head) else []
    if not grid.rows or not grid.columns:
        return caption
    block = {
        "kind": "table",
        "landscape": False,
        "columns": grid.columns,
        "caption": caption,
        "parts": _parts(grid),
    }
    return [block]


def read_grid(element: HtmlElement, read_cell: Callable[[HtmlElement], list[Block]], looks: Looks) -> Grid:
    """Return the cells of a table and where they stand."""
    groups = [group for group in element if group.tag in {"thead", "tbody", "tfoot", "tr"}]
    groups.sort(key=lambda group: {"thead": 0, "tfoot": 2}.get(group.tag, 1))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    top = head = 0
    for rows in _row_groups(groups):
        for offset, row in enumerate(rows):
            cells += _read_row(row, top + offset, top + len(rows), taken, read_cell, looks)
        top += len(rows)
        head = top if rows and rows[0].getparent().tag == "thead" else head
    return _full(Grid(top, 0, head, cells))


def _row_groups(groups: list[HtmlElement]) -> list[list[HtmlElement]]:
    """Return the rows, group by group: no cell reaches out of its group."""
    found: list[list[HtmlElement]] = []
    loose = False
    for group in groups:
        if group.tag != "tr":
            found.append([row for row in group if row.tag == "tr"])
        elif loose:
            found[-1].append(group)
        else:
            found.append([group])
        loose = group.tag == "tr"
    return found


def _read_row(
    row: HtmlElement,
    number: int,
    end: int,
    taken: set[tuple[int, int]],
    read_cell: Callable[[HtmlElement], list[Block]],
    looks: Looks,
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
        body = read_cell(element)
        header, scope = element.tag == "th", element.get("scope", "")
        cells.append(Cell(number, column, rowspan, colspan, header, scope, looks.of(element), body, element))
        if rowspan > 1:
            taken |= {(number + r, column + c) for r in range(1, rowspan) for c in range(colspan)}
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
    """Return runs of rows: `level` 0 is body, 1 repeats until the next header of its level, 2 is below that.

    `head` is for good whether the rows are a header's; one that is too high to be repeated loses its level.
    """
    kinds = header_rows(grid)
    rows: list[list[dict[str, Any]]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(_as_json(cell, kinds[cell.row]))
    parts: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        opens = number in (0, grid.head) or kinds[number] != kinds[number - 1]
        if opens:
            parts.append({"level": _level(grid, number) if kinds[number] else 0, "head": kinds[number], "rows": []})
        parts[-1]["rows"].append(row)
    return parts


def header_rows(grid: Grid) -> list[bool]:
    """Return for each row whether it is a header: the markup says so, never that the row has nothing in it."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            rows[row].append(cell)
    kinds = [True] * grid.head
    for row_cells in rows[grid.head :]:
        kinds.append(_names_columns(row_cells, grid, opened=not kinds or (kinds[-1] and not grid.head)))
    several = (cell for cell in grid.cells if cell.rowspan > 1)
    for cell in sorted(several, key=lambda cell: -cell.row):
        span = range(cell.row, cell.row + cell.rowspan)
        if cell.row >= grid.head and not all(kinds[row] for row in span):
            for row in span:
                kinds[row] = False
    return kinds if not all(kinds) or grid.head else [False] * grid.rows


def _names_columns(row: list[Cell], grid: Grid, opened: bool) -> bool:
    """Return whether a row outside the <thead> is one of a header: of <th> whose `scope` says so.

    Without any `scope` it is if the table has no <thead> and begins with it, or it goes on with a header (`opened`).
    An empty <th> has become a <td>: it is one where others have a `scope`, or in the corner.
    """
    named = [cell for cell in row if cell.body]
    if not named or not all(cell.header for cell in named):
        return False
    if any(cell.scope for cell in named):
        return all(
            cell.scope in {"col", "colgroup"} or (cell.scope == "rowgroup" and cell.colspan == grid.columns)
            for cell in named
        )
    return opened and row[row[0] not in named :] == named


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
        "align": cell.look.pop("align", None) or kind_of(cell.element),
        "look": cell.look,
        "text": (body if isinstance(body, str) else text_of(body)).strip(),
        "body": body,
    }


def kind_of(element: HtmlElement | None) -> str | None:
    """Return what the mark of a cell's element says of where its text stands; None without any."""
    marks = element.get("class", "").split() if element is not None else ()
    return next((kind for mark, kind in MARKS.items() if mark in marks), None)


def _bare(body: list[Block]) -> Any:
    """Return the text alone where a cell holds nothing but one string, as most do: it is set much faster."""
    runs = body[0]["body"] if len(body) == 1 and body[0]["kind"] == "paragraph" else []
    return runs[0] if len(runs) == 1 and isinstance(runs[0], str) else body
