"""The page: one self-contained HTML file that needs no script and no other host."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportkit.exporters.completeness import check_html
from reportkit.exporters.content import Content, Fragment, inner_html
from reportkit.exporters.heads import with_breaks
from reportkit.exporters.html_trees import make_element
from reportkit.exporters.own_pages import FOLDER, PAGE, rendered
from reportkit.exporters.style_texts import Field, RunningText, Slots
from reportkit.exporters.table_lines import lines_around
from reportkit.page_styles import css_text, style_sheet

if TYPE_CHECKING:
    from jinja2 import Template
    from lxml.html import HtmlElement


def html_page(content: Content) -> bytes:
    """Return a report as an HTML page in UTF-8: what HtmlReportExporter makes of it with our template.

    Raises ExportError where the finished page does not say all that the content says.
    """
    values = page_values(content)
    own = content.style.html
    page = rendered(own, values, content) if own else _template().render(resources={"report": values})
    check_html(content, page)
    return page.encode()


def page_values(content: Content) -> dict[str, Any]:
    """Return what a template gets as `resources.report`.

    `title`, `styles`, `fragments` of clean HTML, `draft`, the `style`, and as `sheet` what follows from that for CSS.
    """
    table = content.style.words.table
    names = (table.filled(number=number) for number in itertools.count(1))
    return {
        "title": content.document_title,
        "style": content.style,
        "sheet": style_sheet(content.style),
        "styles": content.styles,
        "fragments": [_part(fragment, with_breaks(_boxed(fragment.root, names))) for fragment in content.fragments],
        "draft": content.draft,
        "marks": content.has_marks,
        "header": _on_screen(content.header),
        "footer": _on_screen(content.footer),
        "margin_boxes": [*_margin_boxes("top", content.header), *_margin_boxes("bottom", content.footer)],
    }


def _part(fragment: Fragment, html: str) -> str:
    return f'<div class="{fragment.part}">{html}</div>' if fragment.part else html


def _on_screen(running: RunningText | None) -> tuple[str, ...]:
    """What stands at the left, in the middle and at the right of a screen, which has one page: what needs none."""
    if running is None:
        return ()
    slots = running.first or running.every
    texts = ("" if any(isinstance(part, Field) for part in slot) else "".join(map(str, slot)) for slot in slots)
    return shown if any(shown := tuple(texts)) else ()


def _margin_boxes(edge: str, running: RunningText | None) -> Iterator[tuple[str, str, str]]:
    """What is printed in the margins: for which pages, where, and what, as a style sheet has it."""
    if running is None:
        return
    for pages, slots in (("", running.every), (":first", running.first)):
        for side, slot in zip(Slots._fields, slots or (), strict=bool(slots)):
            parts = ((part.name, "") if isinstance(part, Field) else ("", part) for part in slot)
            if slot or (pages and getattr(running.every, side)):
                yield pages, f"{edge}-{side}", css_text(parts) or "none"


def _boxed(root: HtmlElement, names: Iterator[str]) -> str:
    """The HTML of a fragment with its tables in boxes; the fragment, of which the PDF may be made, is as before."""
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    for table in tables:
        _put_into_box(table, next(names))
    try:
        return inner_html(root)
    finally:
        for table in tables:
            _take_out_of_box(table)


def _put_into_box(table: HtmlElement, nameless: str) -> None:
    """Put a table into a box of its own, which the keyboard can reach and scroll on a narrow screen.

    The lines that belong to it come along.
    """
    caption = table.find("caption")
    label = " ".join(caption.text_content().split()) if caption is not None else ""
    box = make_element("div")
    for name, value in {"class": "table-box", "role": "group", "tabindex": "0"}.items():
        box.set(name, value)
    box.set("aria-label", label or nameless)
    box.set("style", f"--columns: {_columns(table)}")
    above, below = lines_around(table)
    inside = [*above, table, *below]
    inside[0].addprevious(box)
    box.tail, inside[-1].tail = inside[-1].tail, None
    box.extend(inside)


def _take_out_of_box(table: HtmlElement) -> None:
    box = table.getparent()
    box[-1].tail = box.tail
    for element in list(box):
        box.addprevious(element)
    box.getparent().remove(box)


def _columns(table: HtmlElement) -> int:
    """Return how many columns the widest row of a table spells out."""
    rows = ([int(cell.get("colspan", "1")) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr"))
    return max(map(sum, rows), default=1)


@lru_cache(maxsize=1)
def _template() -> Template:
    """The template without nbconvert, which takes longer to import than twenty pages take to make."""
    from jinja2 import Environment, FileSystemLoader

    from reportkit.exporters.compiled_templates import CompiledTemplates

    return Environment(loader=FileSystemLoader(FOLDER), bytecode_cache=CompiledTemplates(FOLDER)).get_template(PAGE)
