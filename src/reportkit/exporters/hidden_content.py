"""What a report's style sheets hide is taken off its content: it is on no page, and in no file that is handed on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lxml import etree

from reportkit.exporters.stylesheets import Looks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)

_own_styles = etree.XPath("descendant::*/@style")


def drop_hidden(roots: Iterable[HtmlElement], styles: Iterable[str]) -> None:
    """Drop what is hidden by style sheets or style attributes; columns that are hidden whole make headers narrower.

    A cell that is hidden in a column that is not leaves an empty one: its neighbours stay under their heads.
    """
    styles = [css for css in styles if _HIDING.search(css)]
    looks = Looks(styles)
    for root in roots:
        if not styles and not any(map(_HIDING.search, _own_styles(root))):
            continue
        # All is asked before anything is dropped: a rule may count cells.
        hidden = {element: how for element in root.iterdescendants() if (how := looks.hidden(element))}
        if hidden:
            for table in list(root.iter("table")):
                _drop_from_table(table, hidden)
        for element in hidden:
            if element.tag not in {"th", "td"} and element.getparent() is not None:
                element.drop_tree()


def _drop_from_table(table: HtmlElement, hidden: dict[HtmlElement, str]) -> None:
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for row in rows:
        if "gone" in (hidden.get(row), hidden.get(row.getparent())):
            row.drop_tree()
    rows = [row for row in rows if row.getparent() is not None]
    places = _places(rows)
    narrow = {column for column, span in places.values() if span == 1}
    gone = narrow - {column for cell, (column, span) in places.items() if span == 1 and cell not in hidden}
    for cell, (column, span) in places.items():
        left = sum(place not in gone for place in range(column, column + span))
        if not left:
            cell.drop_tree()
            continue
        if left < span:
            cell.attrib.pop("colspan")
            cell.attrib.update({"colspan": str(left)} if left > 1 else {})
        if cell in hidden:
            _empty(cell)


def _empty(cell: HtmlElement) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.text = None
    cell.attrib.pop("style", None)
    cell.attrib.pop("id", None)
    cell.attrib.pop("class", None)


def _places(rows: list[HtmlElement]) -> dict[HtmlElement, tuple[int, int]]:
    """Return for each cell its first column and how many it takes."""
    places: dict[HtmlElement, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in {"th", "td"}:
                continue
            while (number, column) in taken:
                column += 1
            span, down = max(1, int(cell.get("colspan", "1"))), max(1, int(cell.get("rowspan", "1")))
            places[cell] = column, span
            taken |= {(number + r, column + c) for r in range(min(down, len(rows) - number)) for c in range(span)}
            column += span
    return places
