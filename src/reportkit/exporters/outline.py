"""What concerns the fragments of a report together: heading levels, unique ids, names for nameless pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from reportkit.page_styles import NumberPattern

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID_LISTS = ("headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details")


def order_headings(roots: Iterable[HtmlElement]) -> str:
    """Return the title, after making it the only <h1> and letting no heading skip a level."""
    title, level = "", 0
    for root in roots:
        for heading in list(root.iter(*HEADINGS)):
            text = " ".join(heading.text_content().split())
            if not text:
                heading.drop_tag()
            elif heading.tag == "h1" and not title:
                title, level = text, 1
            else:
                level = min(max(int(heading.tag[1]), 2), max(level, 1) + 1)
                heading.tag = f"h{level}"
    return title


def number_images(roots: Iterable[HtmlElement], name: NumberPattern) -> list[tuple[int, str]]:
    """Return the stand-in names given to pictures without a text alternative, each with the index of its root.

    `name` has {number} in it.
    """
    given: list[tuple[int, str]] = []
    count = 0
    for number, root in enumerate(roots):
        for image in root.iter("img"):
            count += 1
            if not image.get("alt", "").strip():
                image.set("alt", name.filled(number=count))
                given.append((number, image.get("alt")))
    return given


class Ids:
    """The ids a page has used; a second user of one gets another, and so do its references and style rules."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def make_unique(self, root: HtmlElement) -> None:
        """Rename the ids of a fragment that an earlier one, or the fragment itself, has used."""
        renamed: dict[str, str] = {}
        for element in root.iter():
            name = element.get("id")
            if name is None:
                continue
            if name in self._used:
                renamed[name] = self._free(name)
                element.set("id", renamed[name])
            self._used.add(element.get("id"))
        if renamed:
            _rename_references(root, renamed)

    def _free(self, name: NumberPattern) -> str:
        number = 2
        while f"{name}-{number}" in self._used:
            number += 1
        return f"{name}-{number}"


def _rename_references(root: HtmlElement, renamed: dict[str, str]) -> None:
    for element in root.iter():
        for attribute in _ID_LISTS:
            if attribute in element.attrib:
                names = element.get(attribute).split()
                element.set(attribute, " ".join(renamed.get(n, n) for n in names))
        target = element.get("href", "")
        if target.startswith("#") and target[1:] in renamed:
            element.set("href", f"#{renamed[target[1:]]}")
        if element.tag == "style" and element.text:
            element.text = re.sub(r"#([\w-]+)", lambda match: f"#{renamed.get(match[1], match[1])}", element.text)
