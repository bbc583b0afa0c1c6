"""A page in HTML -> Document: what a person sees of it, in reading order; nothing is fetched, run or expanded."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from reportkit.documents.blocks import SUBSCRIPTS, SUPERSCRIPTS, UNREADABLE, Blocks, struck_out, tidy
from reportkit.documents.document import Document
from reportkit.documents.size_limits import unreadable
from reportkit.errors import Origin, Trouble

MAX_TAGS = 1_000_000
MAX_DEPTH = 2_000
"""Old pages that never close <font> come beyond 256."""

MAX_ATTRIBUTE_COST = 400_000_000
"""The parser compares each attribute of a tag with all before it: 20,000 in one take it a second."""

MIN_PICTURE = (64, 32)
"""Width and height below which an image is an icon or a rule; one that does not tell its size counts."""

_DROPPED = frozenset({
    "head", "noscript", "template", "title", "map", "datalist", "rp", "rt", "noframes", "noembed",
})  # fmt: skip
# What shows something that is not read as text: in a cell it is no blank.
_OPAQUE = frozenset({
    "script", "svg", "canvas", "audio", "video", "select", "textarea", "button", "applet", "meter", "progress",
})  # fmt: skip
_EMBEDDED = frozenset({"iframe", "frame", "embed", "object"})
_STRUCK = frozenset({"del", "s", "strike"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary",
    "ul",
})  # fmt: skip
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_SCRIPTS = {"sup": SUPERSCRIPTS, "sub": SUBSCRIPTS}

_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_INVISIBLE = re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.I)
# The two names under which style sheets commonly hide text from everybody who sees the page.
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:visually-hidden|sr-only)(?:\s|$)")
_STRIKING = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.I)
# A box of its own separates its text from its neighbours: 1 and 2 in two boxes are not 12.
_BOXING = re.compile(
    r"display\s*:\s*(?!inline\s*(?:;|!|$)|inherit|initial|contents|none)\w|position\s*:\s*(?:absolute|fixed)"
    r"|float\s*:\s*(?:left|right)",
    re.I,
)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_HAN = "\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff60"
_LINE_END = re.compile(rf"(?<=[{_HAN}])[ \t]*\n\s*(?=[{_HAN}])")
_TAG = re.compile(r"</?[a-zA-Z]|<!")
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_START_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE})*+")
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_NUMBER = re.compile(r"\s*\+?(\d{1,9})")
_CONTENT = re.compile(r"(?:^|[\s;])content\s*:([^;]*)", re.I)
_PSEUDO = re.compile(r":(?:before|after)\b", re.I)
_NAMES = re.compile(r"[.#]?[\w-]+")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|et)\b", re.I)


def html_document(text: str, path: str) -> Document:
    """Return the blocks of a page; text without any tag gives a paragraph for each of its lines.

    Raises UnreadableError if the page has more tags, or is nested deeper, than any report.
    """
    walk = _Walk(path)
    if not _TAG.search(text):
        walk.lines(text)
        return Document(path, walk.blocks.finish())
    title = ""
    for root in _roots(text, path):
        title = title or _title(root)
        walk.over(root)
    return Document(path, walk.blocks.finish(), title, walk.notes)


def _roots(text: str, path: str) -> list[Any]:
    """The parsed page: one tree, or several if something stands after its end."""
    if text.count("<") > MAX_TAGS or _attribute_cost(text) > MAX_ATTRIBUTE_COST:
        raise unreadable("D6.page_tags", Origin(path))
    # huge_tree lifts the parser's own limits as far as it bears.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing in it, not even a text
        root = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise _nested(path)
    return [] if root is None else [root, *root.itersiblings()]


def _nested(path: str) -> Exception:
    return unreadable("D6.page_nested", Origin(path), most=MAX_DEPTH)


def _attribute_cost(text: str) -> int:
    """The squares of the numbers of attributes, added up over the long tags."""
    long_tags = (match[0] for match in _START_TAG.finditer(text) if match.end() - match.start() > 500)
    return sum(len(_EACH_ATTRIBUTE.findall(tag)) ** 2 for tag in long_tags)


def _title(root: Any) -> str:
    found = root.find("head/title")
    return "" if found is None else tidy(_WHITE.sub(" ", found.text or ""))


class _Walk:
    """Tells the blocks what stands on a page, element after element: a loop, as pages nest deeper than Python does."""

    def __init__(self, path: str) -> None:
        self.blocks = Blocks(path)
        self._path = path
        self._struck: list[str] = []
        self._embedded: list[str] = []
        self._preformatted = 0
        self._scripts: list[dict[int, int]] = []
        self._boxes: list[Any] = []
        self._generating: frozenset[str] = frozenset()

    def over(self, root: Any) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        depth = 0
        for event, element in events:
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise _nested(self._path)
            if event == "start":
                if self._passed_over(element):
                    skipped = element
                    events.skip_subtree()
                    continue
                self._start(element, element.tag)
                self._text(element.text)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._end(element, element.tag)
                self._text(element.tail)

    def lines(self, text: str) -> None:
        for line in text.splitlines():
            self.blocks.write(line)
            self.blocks.break_line()

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._scripts:
            text = text.translate(self._scripts[-1])
        if self._preformatted:
            self._written_lines(text)
            return
        text = _WHITE.sub(" ", _LINE_END.sub("", text) if "\n" in text else text)
        self.blocks.write(text if self.blocks.wants_space else text.removeprefix(" "))

    def _written_lines(self, text: str) -> None:
        first, *more = text.split("\n")
        self.blocks.write(first)
        for line in more:
            self.blocks.break_line()
            self.blocks.write(line)

    def _passed_over(self, element: Any) -> bool:
        """Whether nothing in an element is read: it is not text, or not shown, or struck through."""
        tag = element.tag
        if tag in _DROPPED:
            return True
        if tag == "style":
            self._generating |= generating(element.text or "")
            return True
        if tag in _EMBEDDED:
            self._note_embedded(element)
            self._unreadable(element)
            return True
        if tag in _OPAQUE:
            self._unreadable(element)
            return True
        if tag == "math":
            # Its text without its layout is another number: half reads as 12.
            self.blocks.write(UNREADABLE)
            return True
        style = ""
        if element.attrib:
            style = _style(element)
            if "hidden" in element.attrib or _NOT_SHOWN.search(style) or _HIDDEN_CLASS.search(element.get("class", "")):
                return True
            if _INVISIBLE.search(style):
                self._leave_blank(element)
                return True
        if tag in _STRUCK or _STRIKING.search(style):
            self._note_struck(element)
            self._leave_blank(element)
            return True
        return False

    def _unreadable(self, element: Any) -> None:
        style = _style(element)
        if "hidden" not in element.attrib and not _NOT_SHOWN.search(style) and not _INVISIBLE.search(style):
            self.blocks.unreadable()

    def _leave_blank(self, element: Any) -> None:
        """Keep the place of a row or a cell whose text is not read: the others do not move there."""
        if element.tag == "tr":
            self.blocks.open_row()
            self.blocks.close_row()
        elif element.tag in ("td", "th"):
            self.blocks.open_cell(_span(element, "rowspan"), _span(element, "colspan") or 1)
            self.blocks.close_cell()

    def _start(self, element: Any, tag: str) -> None:
        blocks = self.blocks
        if tag in _BLOCKS or self._is_box(element):
            blocks.break_line()
        if tag == "td" or tag == "th":
            blocks.open_cell(_span(element, "rowspan"), _span(element, "colspan") or 1, head=tag == "th")
        elif tag == "tr":
            blocks.open_row()
        elif tag == "table":
            blocks.open_table()
        elif tag in _GROUPS:
            blocks.open_group()
        elif tag == "img":
            self._picture(element)
        elif tag == "input":
            self._field(element)
        elif tag == "pre":
            self._preformatted += 1
        elif tag in _SCRIPTS:
            self._scripts.append(_SCRIPTS[tag])
        if self._generating and not self._generating.isdisjoint(_selectors(element)):
            blocks.unreadable()

    def _end(self, element: Any, tag: str) -> None:
        blocks = self.blocks
        if tag in _BLOCKS:
            blocks.break_line()
        elif self._boxes and self._boxes[-1] is element:
            self._boxes.pop()
            blocks.break_line()
        if tag == "td" or tag == "th":
            blocks.close_cell()
        elif tag == "tr" or tag in _GROUPS:
            blocks.close_row()
        elif tag == "table":
            blocks.close_table()
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in _SCRIPTS:
            self._scripts.pop()

    def _is_box(self, element: Any) -> bool:
        if not _BOXING.search(_style(element)):
            return False
        self._boxes.append(element)
        return True

    def _picture(self, element: Any) -> None:
        width, height = _NUMBER.match(element.get("width", "")), _NUMBER.match(element.get("height", ""))
        least_width, least_height = MIN_PICTURE
        if (width and int(width[1]) < least_width) or (height and int(height[1]) < least_height):
            return
        self.blocks.picture()

    def _field(self, element: Any) -> None:
        """Read what stands in a field of a form: some sites show their figures in such."""
        kind = element.get("type", "text").lower()
        if kind in ("text", "number"):
            self.blocks.write(element.get("value", ""))
        elif kind != "hidden":
            self._unreadable(element)

    def _note_embedded(self, element: Any) -> None:
        address = element.get("src") or element.get("data") or ""
        if element.tag == "frame" or _FILE.search(address):
            self._embedded.append(tidy(address)[-60:])

    def _note_struck(self, element: Any) -> None:
        text = tidy(_WHITE.sub(" ", "".join(element.itertext())))
        if text:
            self._struck.append(text)

    @property
    def notes(self) -> tuple[Trouble, ...]:
        return (*struck_out(self._struck, self._path), *_embedded(self._embedded, self._path))


def generating(css: str) -> frozenset[str]:
    """Return the names (.class, #id, tag) of the elements beside whose text a style sheet writes some of its own.

    >>> sorted(generating("td.n:before, b::after { content: '45' } p { content: none }"))
    ['.n', 'b']
    """
    found: set[str] = set()
    for rule in css.split("}"):
        selectors, _, declarations = rule.rpartition("{")
        content = _CONTENT.search(declarations)
        if content and content[1].strip("\"' ").lower() not in ("", "none", "normal"):
            for selector in selectors.rpartition("{")[2].split(","):
                before, sign, _ = selector.partition(":")
                last = before.split()[-1:] if sign and _PSEUDO.search(selector) else []
                found.update(name for part in last for name in [_NAMES.findall(part)[-1:]] for name in name)
    return frozenset(found)


def _selectors(element: Any) -> list[str]:
    """The names by which a style sheet may mean an element."""
    classes = [f".{name}" for name in element.get("class", "").split()]
    return [element.tag, f"#{element.get('id', '')}", *classes]


def _embedded(addresses: list[str], path: str) -> list[Trouble]:
    if not addresses:
        return []
    return [Trouble("D12.page", Origin(path), addresses[0], values={"count": len(addresses)})]


def _style(element: Any) -> str:
    """The declarations of an element, so many as anybody writes: a search of some takes time by their square."""
    return str(element.get("style", ""))[:1000]


def _span(element: Any, name: str) -> int:
    match = _NUMBER.match(element.get(name, ""))
    return int(match[1]) if match else 1
