"""Quotation marks in the typeface of their script: Unicode has one sign for both, and a typeface one width for it.

In a Chinese typeface an English apostrophe would be as wide as a character, in a Latin one a Chinese quotation mark
half of it. So a mark that belongs to the other script than the style's is put into an element, which either format sets
in a typeface of that script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from reportkit.exporters.html_trees import make_element
from reportkit.exporters.text import BLOCKS, HAN, is_wide, text_slots

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LATIN, CHINESE = "latin-marks", "han-marks"
"""The classes of the elements around marks."""

# What there has to be, if any mark is one of the other script.
_NEAR_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]\W{0,3}[‘’“”]|[‘’“”]\W{0,3}[A-Za-z\u00c0-\u024f]")
_NEAR_HAN = re.compile(f"[{HAN}][^{HAN}]{{0,3}}[‘’“”]|[‘’“”—…][^{HAN}]{{0,3}}[{HAN}]")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z\u00c0-\u024f])’(?=[A-Za-z\u00c0-\u024f])")
_PAIR = re.compile("“([^“”\n]*)”|‘([^‘’\n]*)’")
_LONG_DASH = re.compile("——|……")
_SHARED = " \u00a0‘’“”—…·"
"""Signs that say nothing of the script of the words around them."""

_CODE = frozenset({"code", "kbd", "samp", "pre"})
_HAN = re.compile(f"[{HAN}]")


def mark_quotes(roots: Iterable[HtmlElement], text: str, chinese: bool) -> bool:
    """Put the marks of the other script into elements; return whether there are any.

    `text` is that of all roots; `chinese` says whether the style's typefaces are Chinese.
    """
    if not (_NEAR_LATIN if chinese else _NEAR_HAN).search(text):
        return False  # as nearly always
    marked = [_mark(root, chinese) for root in roots]
    return any(marked)


def _mark(root: HtmlElement, chinese: bool) -> bool:
    slots = list(_slots(root))
    whole = "".join(text for *_slot, text in slots)
    found = sorted(_foreign(whole, chinese))
    if not found:
        return False
    name, start = LATIN if chinese else CHINESE, 0
    for element, attribute, text in slots:
        inside = [(first - start, last - start) for first, last in found if start <= first < start + len(text)]
        if inside and attribute:
            _wrap(element, attribute, text, inside, name)
        start += len(text)
    return True


def _slots(root: HtmlElement) -> Iterator[tuple[HtmlElement, str, str]]:
    """The pieces of text in reading order, of no attribute where nothing is marked: line ends of blocks, and code."""
    for element, attribute, text in text_slots(root):
        if element.tag in BLOCKS:
            yield element, "", "\n"
        yield element, "" if attribute == "text" and element.tag in _CODE else attribute, text


def _foreign(text: str, chinese: bool) -> Iterator[tuple[int, int]]:
    """Where signs stand that belong to the other script."""
    apostrophes = {match.start() for match in _APOSTROPHE.finditer(text)}
    if chinese:
        yield from ((at, at + 1) for at in apostrophes)
    rest = "".join("\0" if at in apostrophes else sign for at, sign in enumerate(text)) if apostrophes else text
    for match in _PAIR.finditer(rest):
        if _is_chinese(rest, match.start(), match.end()) != chinese:
            yield match.start(), match.start() + 1
            yield match.end() - 1, match.end()
    if not chinese:
        yield from (match.span() for match in _LONG_DASH.finditer(text) if _is_chinese(text, *match.span()))
    else:
        # What is left over ends a word in the plural: the residents’ own.
        paired = {at for match in _PAIR.finditer(rest) for at in (match.start(), match.end() - 1)}
        for match in re.finditer(r"(?<=[A-Za-z])’(?=[ ,.;:!?)])", rest):
            if match.start() not in paired:
                yield match.span()


def _is_chinese(text: str, start: int, end: int) -> bool:
    """Whether a quotation stands in Chinese words; one that is all there is in what it says."""
    outside = [_beside(text, start - 1, -1), _beside(text, end, 1)]
    if any(sign.strip("\0") for sign in outside):
        return any(map(is_wide, filter(None, outside)))
    return bool(_HAN.search(text, start + 1, end - 1))


def _beside(text: str, at: int, step: int) -> str:
    """The nearest sign that is of one script, "" at the end of a block."""
    while 0 <= at < len(text) and text[at] in _SHARED:
        at += step
    return text[at] if 0 <= at < len(text) and text[at] != "\n" else ""


def _wrap(element: HtmlElement, attribute: str, text: str, places: list[tuple[int, int]], name: str) -> None:
    made = []
    ends = [first for first, _last in places[1:]] + [len(text)]
    for (first, last), end in zip(places, ends, strict=True):
        span = make_element("span")
        span.set("class", name)
        span.text, span.tail = text[first:last], text[last:end]
        made.append(span)
    setattr(element, attribute, text[: places[0][0]])
    if attribute == "text":
        element[0:0] = made
    else:
        parent = element.getparent()
        at = parent.index(element) + 1
        parent[at:at] = made
