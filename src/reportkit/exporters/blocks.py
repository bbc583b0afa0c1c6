"""Clean HTML as a tree of blocks: plain JSON values that a page template can set without reading any markup.

A block is `{"kind": …}`; its text is a list of runs, each a string or `{"kind": strong | em | …, "body": runs}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportkit.errors import ExportError
from reportkit.exporters.images import ImageError, image_message, split_uri
from reportkit.exporters.quotes import CHINESE, LATIN
from reportkit.exporters.runs import Block, Run, is_untidy, tidy
from reportkit.exporters.stylesheets import Look, Looks, declarations
from reportkit.exporters.table_grids import read_table
from reportkit.exporters.table_lines import place_of
from reportkit.exporters.text import BLOCKS, is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_MARKS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "var": "em", "code": "code",
    "kbd": "code", "samp": "code", "sub": "sub", "sup": "sup", "s": "strike", "del": "strike", "u": "underline",
    "ins": "underline",
}  # fmt: skip
_SCRIPTS = {LATIN: "latin", CHINESE: "han"}
_INLINE = frozenset({"color", "weight", "style", "line"})


class BlockReader:
    """Turns the elements of a report into blocks; keeps the pictures met on the way as `images`: cell id and bytes."""

    def __init__(self, styles: Iterable[str] = ()) -> None:
        self._looks = Looks(styles)
        self.images: dict[str, tuple[str, bytes]] = {}
        self._cell = ""

    def read(self, root: HtmlElement, cell: str) -> list[Block]:
        """Return the blocks of one fragment, which came out of the given cell."""
        self._cell = cell
        return self._blocks(root)

    def read_block(self, element: HtmlElement, cell: str) -> list[Block]:
        """Return the blocks of one element."""
        self._cell = cell
        return self._block(element)

    def _blocks(self, element: HtmlElement) -> list[Block]:
        """Return the blocks inside an element; text between them becomes paragraphs."""
        if not len(element):
            return self._paragraph([element.text or ""], element)
        blocks: list[Block] = []
        loose: list[Run] = [element.text or ""]
        for child in element:
            if child.tag in BLOCKS:
                blocks += self._paragraph(loose, element)
                blocks += self._block(child)
                loose = [child.tail or ""]
            else:
                loose += [*self._run(child), child.tail or ""]
        return blocks + self._paragraph(loose, element)

    def _block(self, element: HtmlElement) -> list[Block]:
        tag = element.tag
        if is_hidden(element):
            return []
        if re.fullmatch(r"h[1-6]", tag):
            runs = tidy(self._runs(element))
            return [{"kind": "heading", "level": int(tag[1]), "body": runs}] if runs else []
        if tag == "table":
            tables = read_table(element, self._cell_content, self._looks.within(element))
            return [{**table, "cell": self._cell} for table in tables]
        if tag in {"ul", "ol"}:
            return self._list(element)
        if tag == "pre":
            return [{"kind": "pre", "text": element.text_content().strip("\n").expandtabs()}]
        if tag == "hr":
            return [{"kind": "rule"}]
        if tag == "blockquote":
            return [{"kind": "quote", "body": self._blocks(element)}]
        if "cell-error" in element.get("class", ""):
            return [{"kind": "box", "body": self._blocks(element)}]
        if place := place_of(element):
            return [{**block, "beside_table": place} for block in self._blocks(element)]
        return self._blocks(element)

    def _list(self, element: HtmlElement) -> list[Block]:
        ordered = element.tag == "ol"
        shown = [item for item in element if item.tag == "li" and not is_hidden(item)]
        if not shown:
            return []
        block: Block = {"kind": "list", "ordered": ordered, "start": int(element.get("start", "1"))}
        if ordered and any("value" in item.attrib for item in shown):
            block["numbers"] = _numbers(shown, block["start"])
        return [{**block, "items": [self._blocks(item) for item in shown]}]

    def _paragraph(self, runs: list[Run], element: HtmlElement) -> list[Block]:
        """Return the paragraph made of runs; pictures that stand alone in it become blocks of their own."""
        runs = tidy(runs)
        pictures = [run for run in runs if isinstance(run, dict) and run["kind"] == "figure"]
        if pictures and all(run in pictures or run in (" ", {"kind": "br"}) for run in runs):
            return [{**run, "kind": "image"} for run in pictures]
        return [{"kind": "paragraph", "body": runs, "align": _own_look(element).get("align")}] if runs else []

    def _cell_content(self, cell: HtmlElement) -> list[Block]:
        text = cell.text or ""
        if len(cell) or is_untidy(text):
            return self._blocks(cell)
        # Nearly every cell of a table: a blank, or one text.
        return [{"kind": "paragraph", "body": [text], "align": _own_look(cell).get("align")}] if text else []

    def _runs(self, element: HtmlElement) -> list[Run]:
        runs: list[Run] = [element.text or ""]
        for child in element:
            runs += [*self._run(child), child.tail or ""]
        return runs

    def _run(self, element: HtmlElement) -> Iterator[Run]:
        tag = element.tag
        if is_hidden(element):
            return
        if tag == "br":
            yield {"kind": "br"}
        elif tag == "img":
            yield from self._image(element)
        elif tag == "a":
            yield from _link(element.get("href", ""), self._runs(element))
        elif tag == "q":
            yield from ["“", *self._runs(element), "”"]
        elif element.get("class") in _SCRIPTS:
            yield {"kind": _SCRIPTS[element.get("class")], "body": self._runs(element)}
        elif tag in _MARKS:
            yield {"kind": _MARKS[tag], "body": self._runs(element)}
        else:
            look = {name: value for name, value in _own_look(element).items() if name in _INLINE}
            yield from [{"kind": "look", "look": look, "body": self._runs(element)}] if look else self._runs(element)

    def _image(self, element: HtmlElement) -> Iterator[Run]:
        try:
            ending, data = split_uri(element.get("src", ""))
        except ImageError:
            raise ExportError(image_message(self._cell)) from None
        name = f"image-{len(self.images) + 1}.{ending}"
        self.images[name] = (self._cell, data)
        width = element.get("width", "")
        yield {
            "kind": "figure",
            "file": name,
            "alt": element.get("alt", ""),
            "width": int(width) * 0.75 if width.isdigit() else None,
        }


def _numbers(items: list[HtmlElement], start: int) -> list[int]:
    """Return the number of each item: its own, or one more than the item's before it."""
    numbers: list[int] = []
    for item in items:
        counted = numbers[-1] + 1 if numbers else start
        numbers.append(int(item.get("value", counted)))
    return numbers


def _link(href: str, body: list[Run]) -> list[Run]:
    """Return a link; a place inside the page has no address in the PDF, so only its text stays."""
    return body if href.startswith("#") else [{"kind": "link", "href": href, "body": body}]


def _own_look(element: HtmlElement) -> Look:
    style = element.get("style")
    return declarations(style) if style else {}
