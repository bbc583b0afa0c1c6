"""The Markdown of a narrative cell, its numbers filled in -> HTML in which nobody's text can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Any

from reportkit.exporters.markdown import Reader, Renderer
from reportkit.exporters.text import join_lines
from reportkit.report.narrative.lines import begins, paragraphs
from reportkit.report.narrative.town import FIRST_LEVEL

_LISTED = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s")
_BLOCK = re.compile(r"#{1,6}\s|[>|]|```|~~~|-{3,}$|\*{3,}$|_{3,}$")
_FENCE = re.compile(r"\s*(```|~~~)")


def cell_html(text: str) -> str:
    """Return the HTML of an analyst's Markdown. Raw HTML is shown as text, an image as its source."""
    renderer, read = _reader()
    renderer.level = FIRST_LEVEL - 1
    return read("\n".join(_lines(text)))


class _Html(Renderer):
    """Markdown's HTML with raw HTML shown as text, images as their source, and headings below the section's."""

    level = 0  # set anew for each text

    def heading(self, text: str, level: int, **_attrs: Any) -> str:
        # A level is never skipped on the way down, or a screen reader misses a step.
        self.level = min(max(level, FIRST_LEVEL), self.level + 1, 6)
        return f"<h{self.level}>{text}</h{self.level}>\n"

    def paragraph(self, text: str) -> str:
        return f"<p>{join_lines(text.strip())}</p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        return f"![{text}]({escape(url)})"


@cache
def _reader() -> tuple[_Html, Reader]:
    # An indented paragraph is Chinese typography, a line of dashes is a line of dashes, and a line like "[1]: 注"
    # would vanish as the definition of a link: none of them is what Markdown takes it for.
    renderer = _Html(escape=True)
    return renderer, Reader(renderer, ["table"], without=("indent_code", "setex_heading", "ref_link"))


def _lines(text: str) -> Iterator[str]:
    """The lines with a blank one before each paragraph, and without the white space that is layout only."""
    plain: list[str] = []
    fence = before = ""
    for line in text.splitlines():
        words = line.strip(" \t\u3000\xa0")
        listed = bool(_LISTED.match(line))
        if not (fence or not words or listed or "|" in words or _BLOCK.match(words)):
            if not plain and _LISTED.match(before) and begins(before.strip(), line):
                yield ""
            plain.append(line)
            continue
        if plain:
            yield from _spaced(plain)
            if listed and not _LISTED.match(before):
                yield ""  # or a list that does not begin with 1 would be part of the paragraph
            plain = []
        found = _FENCE.match(line)
        fence = ("" if fence == found[1] else fence or found[1]) if found else fence
        before = line
        yield line if fence or listed else words
    if plain:
        yield from _spaced(plain)


def _spaced(lines: list[str]) -> Iterator[str]:
    for number, paragraph in enumerate(paragraphs(lines)):
        yield from ["", paragraph] if number else [paragraph]
