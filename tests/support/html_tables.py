"""Reads tables back out of HTML as a person sees them: which cell starts where, and how far it reaches."""

from typing import NamedTuple

from lxml import html


class Cell(NamedTuple):
    text: str
    rowspan: int
    colspan: int


def page(text: str):
    return html.document_fromstring(text)


def grid(table) -> list[list[Cell | None]]:
    """The table's rows as printed: a Cell where one starts, None where one from above goes on (once per cell)."""
    rows: list[list[Cell | None]] = []
    reaching: dict[int, tuple[int, int]] = {}  # column -> rows still to come, width
    for line in table.iter("tr"):
        row: list[Cell | None] = []
        cells = list(line.iterchildren("td", "th"))
        column, below = 0, {}
        while cells or column in reaching:
            if column in reaching:
                left, width = reaching[column]
                row.append(None)
            else:
                cell = cells.pop(0)
                left, width = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
                row.append(Cell(cell.text_content().strip(), left, width))
            if left > 1:
                below[column] = (left - 1, width)
            column += width
        reaching = below
        rows.append(row)
    return rows
