"""An executed notebook as what a reader sees: a title and the clean HTML of each output, in order."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from lxml import etree

from reportkit.errors import ExportError
from reportkit.exporters.images import ImageError, image_message, raster_uri, svg_title, svg_uri
from reportkit.exporters.outline import HEADINGS, Ids, number_images, order_headings
from reportkit.exporters.sanitize import clean
from reportkit.exporters.text import lines_of, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

log = logging.getLogger(__name__)

# Richest first; what an output offers beyond these (widget views, JSON, JavaScript) a printed page cannot show.
_MIMES = (
    "text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain",
)  # fmt: skip
_REMOVE_CELL = {"remove-cell", "remove_cell"}
_REMOVE_OUTPUTS = {"remove-output", "remove-outputs", "remove_output", "remove_outputs"}


@dataclass(frozen=True)
class Fragment:
    """What one output shows: `root` is a <div> whose children are the blocks, `cell` the id of the cell."""

    cell: str
    root: HtmlElement


@dataclass(frozen=True)
class Content:
    """A report without its page: title, fragments in reading order, the style sheets its tables brought.

    Whoever makes a file of it leaves it as it is, so that one content serves for all files of a report.
    """

    title: str
    fragments: list[Fragment]
    styles: list[str] = field(default_factory=list)

    @cached_property
    def headings(self) -> list[str]:
        """The text of every heading in order, white space collapsed; the title is the first of them."""
        found = (heading for fragment in self.fragments for heading in fragment.root.iter(*HEADINGS))
        return [" ".join(heading.text_content().split()) for heading in found]

    @cached_property
    def text(self) -> str:
        """All text in reading order, a line for each paragraph, heading, list item and table cell."""
        return "\n".join(line for fragment in self.fragments for line in lines_of(fragment.root))


def read_content(nb: Any, name: str = "") -> Content:
    """Return the content of an executed notebook; `name` is the title when no output has an <h1>."""
    fragments: list[Fragment] = []
    styles: dict[str, None] = {}
    ids = Ids()
    for place, cell in enumerate(nb.cells, 1):
        cell_id = cell.get("id") or str(place)
        for root in _cell_roots(cell, cell_id):
            ids.make_unique(root)
            for style in list(root.iter("style")):
                styles[(style.text or "").strip()] = None
                style.drop_tree()
            if len(root):
                fragments.append(Fragment(cell_id, root))
    title = order_headings([f.root for f in fragments])
    if not title:
        title = str(nb.metadata.get("title") or name or "报告")
        fragments.insert(0, Fragment("", clean(f"<h1>{escape(title)}</h1>")))
    for alt in number_images([f.root for f in fragments]):
        log.warning("图片缺少替代文字，暂以“%s”代替；请在单元格元数据中填写 alt。", alt)
    return Content(title, fragments, [css for css in styles if css])


def _cell_roots(cell: Any, cell_id: str) -> Iterator[HtmlElement]:
    tags = set(cell.metadata.get("tags", []))
    if tags & _REMOVE_CELL:
        return
    if cell.cell_type == "markdown":
        yield _attached(clean(_markdown()(cell.source)), cell)
    elif cell.cell_type == "code" and not tags & _REMOVE_OUTPUTS:
        for output in _joined_streams(cell.get("outputs", [])):
            try:
                html = _output_html(output, cell)
            except ImageError:
                raise ExportError(image_message(cell_id)) from None
            if html:
                yield clean(html)


def _joined_streams(outputs: list[Any]) -> Iterator[Any]:
    """Yield the outputs with neighbouring pieces of standard output joined and standard error left out."""
    text = ""
    for output in outputs:
        if output.output_type == "stream":
            text += _text(output.text) if output.name == "stdout" else ""
            continue
        if text:
            yield {"output_type": "stream", "text": text}
            text = ""
        yield output
    if text:
        yield {"output_type": "stream", "text": text}


def _output_html(output: Any, cell: Any) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return _pre(output["text"])
    if kind == "error":
        message = escape(printable(f"{output['ename']}: {output['evalue']}"))
        return f'<div class="cell-error"><p>{message}</p></div>'
    data = output.get("data", {})
    mime = next((m for m in _MIMES if m in data), None)
    if mime is None:
        return ""
    text = _text(data[mime])
    if mime.startswith("image/"):
        return _figure(mime, text, output.get("metadata", {}), cell)
    if mime == "text/html":
        return text
    return str(_markdown()(text)) if mime == "text/markdown" else _pre(text)


def _figure(mime: str, text: str, metadata: Any, cell: Any) -> str:
    about = {**metadata, **metadata.get(mime, {})}
    alt = about.get("alt") or cell.metadata.get("alt") or ""
    if mime == "image/svg+xml":
        uri, alt = svg_uri(text), alt or svg_title(text)
    else:
        uri = raster_uri(mime.removeprefix("image/"), text)
    size = "".join(f' {side}="{about[side]:.0f}"' for side in ("width", "height") if _is_number(about.get(side)))
    return f'<figure><img src="{uri}" alt="{escape(str(alt))}"{size}></figure>'


def _attached(root: HtmlElement, cell: Any) -> HtmlElement:
    """Return the Markdown cell's tree with its pasted pictures (`attachment:`) in place."""
    for image in list(root.iter("img")):
        source = image.get("src", "")
        if source.startswith("attachment:"):
            bundle = cell.get("attachments", {}).get(source.removeprefix("attachment:"), {})
            mime = next((m for m in ("image/png", "image/jpeg") if m in bundle), None)
            if mime is None:
                image.drop_tag()
            else:
                image.set("src", f"data:{mime};base64,{''.join(_text(bundle[mime]).split())}")
    return root


def _pre(text: str) -> str:
    text = printable(text).strip("\n")
    # The parser would eat a first line end, and an empty output is nothing to see.
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10_000


@lru_cache(maxsize=1)
def _markdown() -> Callable[[str], Any]:
    import mistune

    # Raw HTML and any address are let through here because the allow-list judges the result.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    return mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])


def inner_html(root: HtmlElement) -> str:
    """Return the HTML of an element's children."""
    return "".join(etree.tostring(child, method="html", encoding="unicode") for child in root)
