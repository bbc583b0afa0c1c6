"""Which cells of tables hold figures: they and their heads are marked where a style sets them otherwise than words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reportkit.exporters.runs import Block
from reportkit.exporters.stylesheets import Looks
from reportkit.exporters.table_grids import Cell, header_rows, read_grid

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# A number with a sign, a currency, separators, a unit of one sign; in brackets, as accountants write what is below 0.
_FIGURE = re.compile(r"[(+\-−–±~≈<>]*\s?[$€£¥￥]?\s?[+\-−]?\d[\d.,\s]*(e[+-]?\d+)?\s?[%‰)]*", re.IGNORECASE)
_NO_FIGURE = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "none", "<na>", "nat"})
_NO_LOOKS = Looks(())


def mark_figures(roots: Iterable[HtmlElement]) -> None:
    """Give the class `figure` to cells in columns of figures, and `spanning` to heads over several columns."""
    for root in roots:
        for table in root.iter("table"):
            _mark(table)


def _mark(table: HtmlElement) -> None:
    grid = read_grid(table, _text, _NO_LOOKS)
    heads = header_rows(grid)
    figures = _columns([cell for cell in grid.cells if not heads[cell.row] and not cell.header])
    for cell in grid.cells:
        if cell.element is None:
            continue
        if cell.colspan == 1 and cell.column in figures and (heads[cell.row] or not cell.header):
            cell.element.classes.add("figure")
        elif cell.colspan > 1 and heads[cell.row]:
            cell.element.classes.add("spanning")


def _columns(cells: list[Cell]) -> set[int]:
    """The columns that hold more figures than other texts."""
    count: dict[int, int] = {}
    for cell in cells:
        words = _said(cell)
        if cell.colspan == 1 and words.lower() not in _NO_FIGURE:
            count[cell.column] = count.get(cell.column, 0) + (1 if _FIGURE.fullmatch(words) else -1)
    return {column for column, more in count.items() if more > 0}


def _said(cell: Cell) -> str:
    return "".join(block["body"][0] for block in cell.body)


def _text(element: HtmlElement) -> list[Block]:
    words = " ".join(element.text_content().split())
    return [{"kind": "paragraph", "body": [words]}] if words else []
