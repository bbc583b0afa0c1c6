"""Lines that belong to a table, and stand right above or below it: they stay with it, and are set in its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.exporters.runs import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PLACES = {"table-above": "above", "table-below": "below"}
"""Where the table of a paragraph of this class stands: the line is above it, or below."""


def place_of(element: HtmlElement) -> str:
    """Return where a paragraph stands beside its table, "" if it is no such line."""
    names = element.get("class", "").split() if element.tag == "p" else ()
    return next((PLACES[name] for name in names if name in PLACES), "")


def lines_around(table: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Return the lines right above a table, from the top down, and those right below."""
    above: list[HtmlElement] = []
    below: list[HtmlElement] = []
    for element in table.itersiblings(preceding=True):
        if place_of(element) != "above" or (element.tail or "").strip():
            break
        above.insert(0, element)
    before = table
    for element in table.itersiblings():
        if place_of(element) != "below" or (before.tail or "").strip():
            break
        below.append(element)
        before = element
    return above, below


def with_lines(blocks: list[Block]) -> list[Block]:
    """Return blocks in which each table has the lines `above` and `below` it; what has no table is a paragraph."""
    out: list[Block] = []
    for block in blocks:
        place = block.pop("beside_table", "")
        table = out[-1] if out and out[-1]["kind"] == "table" else None
        if block["kind"] == "table":
            above: list[Block] = []
            while out and out[-1].get("above_table"):
                above.insert(0, out.pop())
            out.append({**block, "above": above, "below": []})
        elif place == "below" and table is not None:
            table["below"].append(block)
        else:
            out.append({**block, "above_table": True} if place == "above" else block)
    for block in out:
        block.pop("above_table", None)
    return out
