"""Plain text before it becomes HTML: characters that no page may hold, and line ends between Chinese characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Controls and noncharacters: XML forbids them, and an invisible one in a copied heading breaks a search.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNFIT = re.compile(f"{_FORBIDDEN.pattern}|{_SURROGATE.pattern}")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

BLOCKS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "blockquote", "ul", "ol", "li", "pre", "table", "caption",
    "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "hr", "figure", "figcaption",
})  # fmt: skip

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "rp",
    "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})  # fmt: skip

SILENT = (BLOCKS | INLINE) - {"a", "img"}
"""The tags of which all that matters is how they are written: not what they hold, nor where they stand."""

HAN = "\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_WIDE = re.compile(f"[{HAN}]")
# Quotes, dashes and the ellipsis are shared with Latin script: they count as Chinese beside a Chinese character only.
_SHARED = re.compile("[‘’“”—…·]")
# Only from the beginning of white space: from each of a thousand blanks it would take a thousand times as long.
_BREAK = re.compile(r"(?<![ \t\r\n])[ \t\r\n]*\n[ \t\r\n]*")


def printable(text: str) -> str:
    """Return the text without terminal colours and without characters that XML forbids."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _UNFIT.search(text):  # as most are; a colour begins with a control
        return text
    return _SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", _ANSI.sub("", text)))


def is_wide(char: str) -> bool:
    """Return whether a character fills the full width of a Chinese one."""
    return bool(_WIDE.match(char))


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element is there for readers aloud only. What a style hides is not in a content at all."""
    return "visually-hidden" in element.get("class", "").split()


def columns(text: str) -> int:
    """Return how wide a text is, in half-width characters."""
    return len(text) + len(_WIDE.findall(text))


def close_up(root: HtmlElement) -> None:
    """Drop the line ends between two Chinese characters: a browser would show a space there."""
    if not shows_line_ends(root):  # as most do not, and to look at each text is cheaper than to put them in order
        return
    slots = [slot for slot in text_slots(root) if slot[2]]
    for place, (element, attribute, text) in enumerate(slots):
        if not _shows_line_end(element, attribute, text):
            continue
        before = slots[place - 1][2][-1:] if place else ""
        after = slots[place + 1][2][:1] if place + 1 < len(slots) else ""
        setattr(element, attribute, join_lines(text, before, after))


def shows_line_ends(root: HtmlElement) -> bool:
    """Return whether a browser would show a line end, mostly as a space, somewhere in a tree."""
    return any(_shows_line_end(e, "text", e.text) or _shows_line_end(e, "tail", e.tail) for e in root.iter())


def lines_of(root: HtmlElement) -> list[str]:
    """Return the text of a tree as lines, one for each block that has text of its own, white space collapsed."""
    pieces: list[str] = []
    _collect(root, pieces, printed=False)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def _collect(element: HtmlElement, pieces: list[str], printed: bool) -> None:
    """Add an element's text, a line end before and after each block; fixed-width text keeps its line ends."""
    tag = element.tag
    ends_line, printed = tag in BLOCKS or tag == "br", printed or tag == "pre"
    if ends_line:
        pieces.append("\n")
    if text := element.text:
        pieces.append(text if printed else text.replace("\n", " "))
    for child in element:
        _collect(child, pieces, printed)
        if text := child.tail:
            pieces.append(text if printed else text.replace("\n", " "))
    if ends_line:
        pieces.append("\n")


def _shows_line_end(element: HtmlElement, attribute: str, text: str | None) -> bool:
    """Return whether a text has a line end that a browser shows: not as white space between blocks, nor in a style."""
    if not text or "\n" not in text or (element.tag == "style" and attribute == "text"):
        return False
    beside_blocks = element.tag in BLOCKS and (attribute == "tail" or len(element) > 0)
    return not beside_blocks or bool(text.strip())


def join_lines(text: str, before: str = "", after: str = "") -> str:
    """Return the text without the line ends between two Chinese characters; `before` and `after` are its neighbours."""

    def replace(match: re.Match[str]) -> str:
        left = text[match.start() - 1] if match.start() else before
        right = text[match.end()] if match.end() < len(text) else after
        return "" if closes_up(left, right) else match[0]

    return _BREAK.sub(replace, text)


def closes_up(left: str, right: str) -> bool:
    """Return whether no space belongs between two characters where a line ended between them."""
    wide = [bool(_WIDE.match(left)), bool(_WIDE.match(right))]
    shared = [bool(_SHARED.match(left)), bool(_SHARED.match(right))]
    return any(wide) and all(w or s for w, s in zip(wide, shared, strict=True))


def text_slots(root: HtmlElement) -> list[tuple[HtmlElement, str, str]]:
    """Return every piece of text in reading order, with the element and the attribute that hold it; none of a <pre>."""
    found: list[tuple[HtmlElement, str, str]] = []
    stack: list[tuple[HtmlElement, str]] = [(root, "text")]
    while stack:  # a loop, not a recursion: hostile input nests deeper than Python does
        element, attribute = stack.pop()
        if attribute == "tail":
            found.append((element, "tail", element.tail or ""))
            continue
        if element.tag != "pre":
            found.append((element, "text", element.text or ""))
            for child in reversed(element):
                stack += [(child, "tail"), (child, "text")]
    return found
