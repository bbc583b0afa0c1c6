"""The parts of a table in a cleaned tree: none without a table, and each header cell says what it heads."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PARTS = ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td")


def mend_tables(root: HtmlElement) -> None:
    """Take the tags off table parts without a table, make empty header cells plain ones, scope the others."""
    inside = {part for table in root.iter("table") for part in table.iter(*_PARTS)}
    for part in list(root.iter(*_PARTS)):
        if part not in inside:
            part.drop_tag()
    for head in list(root.iter("th")):
        if not (head.text or "").strip() and not head.text_content().strip() and not head.findall(".//img"):
            head.tag = "td"
            head.attrib.pop("scope", None)
    for table in root.iter("table"):
        _scope(table)


def _scope(table: HtmlElement) -> None:
    """Say of each header cell what it heads, by its place: pandas and Markdown do not.

    Columns in a <thead>, or where there is none in the rows of header cells that a table begins with; else rows.
    """
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    leading = [] if table.find("thead") is not None else list(takewhile(_is_head, rows))
    leading = leading if len(leading) < len(rows) else []
    for row in rows:
        column = row in leading or row.getparent().tag == "thead"
        for head in row.iterchildren("th"):
            if head.get("scope") is None:
                wide = head.get("colspan" if column else "rowspan", "1") != "1"
                head.set("scope", ("col" if column else "row") + ("group" if wide else ""))


def _is_head(row: HtmlElement) -> bool:
    """Whether a row has header cells and nothing else, the empty corner above the rows' labels aside."""
    cells = list(row.iterchildren("th", "td"))
    corner = cells[:1] if cells and cells[0].tag == "td" and not cells[0].text_content().strip() else []
    return len(cells) > len(corner) and all(cell.tag == "th" for cell in cells[len(corner) :])
