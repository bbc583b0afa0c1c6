"""The page: one self-contained HTML file that needs no script and no other host."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.exporters.completeness import check_html
from reportkit.exporters.content import Content, inner_html
from reportkit.exporters.heads import with_breaks
from reportkit.exporters.sanitize import make_element

if TYPE_CHECKING:
    from jinja2 import Template
    from lxml.html import HtmlElement

# Where nbconvert looks for the template too, which an office's own one extends.
SHARE = Path(__file__).with_name("share")
TEMPLATE = "reportkit"


def html_page(content: Content) -> bytes:
    """Return a report as an HTML page in UTF-8: what HtmlReportExporter makes of it with our template.

    Raises ExportError where the finished page does not say all that the content says.
    """
    page = _template().render(resources={"report": page_values(content)})
    check_html(content, page)
    return page.encode()


def page_values(content: Content) -> dict[str, Any]:
    """Return what a template gets as `resources.report`: `title`, `styles`, `fragments` of clean HTML, and `draft`."""
    numbers = itertools.count(1)
    return {
        "title": f"草稿 {content.title}" if content.draft else content.title,
        "styles": content.styles,
        "fragments": [with_breaks(_boxed(fragment.root, numbers)) for fragment in content.fragments],
        "draft": content.draft,
    }


def _boxed(root: HtmlElement, numbers: Iterator[int]) -> str:
    """The HTML of a fragment with its tables in boxes; the fragment, of which the PDF may be made, is as before."""
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    for table in tables:
        _put_into_box(table, next(numbers))
    try:
        return inner_html(root)
    finally:
        for table in tables:
            _take_out_of_box(table)


def _put_into_box(table: HtmlElement, number: int) -> None:
    """Put a table into a box of its own, which the keyboard can reach and scroll on a narrow screen."""
    caption = table.find("caption")
    label = " ".join(caption.text_content().split()) if caption is not None else ""
    box = make_element("div")
    for name, value in {"class": "table-box", "role": "group", "tabindex": "0"}.items():
        box.set(name, value)
    box.set("aria-label", label or f"表格 {number}")
    box.set("style", f"--columns: {_columns(table)}")
    table.addprevious(box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _take_out_of_box(table: HtmlElement) -> None:
    box = table.getparent()
    tail = box.tail
    box.addprevious(table)
    box.getparent().remove(box)
    table.tail = tail


def _columns(table: HtmlElement) -> int:
    """Return how many columns the widest row of a table spells out."""
    rows = ([int(cell.get("colspan", "1")) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr"))
    return max(map(sum, rows), default=1)


@lru_cache(maxsize=1)
def _template() -> Template:
    """The template without nbconvert, which takes longer to import than twenty pages take to make."""
    from jinja2 import Environment, FileSystemLoader

    folder = SHARE / "nbconvert" / "templates" / TEMPLATE
    return Environment(loader=FileSystemLoader(folder)).get_template("index.html.j2")
