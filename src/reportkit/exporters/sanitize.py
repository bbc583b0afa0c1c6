"""The one gate through which outputs and Markdown cells reach a page: an allow-list over a parsed tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from lxml import etree

from reportkit.exporters.html_trees import make_element, parsed
from reportkit.exporters.images import extract_svg, inert_uri, is_image_uri
from reportkit.exporters.known_markup import as_parsed, is_known, learn, markup_of
from reportkit.exporters.table_parts import mend_tables
from reportkit.exporters.text import BLOCKS, INLINE, SILENT, close_up, printable

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ALLOWED = BLOCKS | INLINE | {"style"}
# What stands in these is not text for a reader. Void elements are not here: the parser puts text that follows
# some of them inside, so they are only unwrapped.
_DROPPED = frozenset({
    "script", "noscript", "template", "title", "iframe", "object", "applet", "frameset", "noframes", "noembed",
    "audio", "video", "canvas", "svg", "math", "select", "map", "datalist",
})  # fmt: skip
# Of what is taken out, these a reader would have seen.
_SEEN = frozenset({
    "iframe", "object", "applet", "frameset", "audio", "video", "canvas", "svg", "math", "embed",
})  # fmt: skip
_BARS = frozenset({"progress", "meter"})
# The typefaces that come with the package have no ballot boxes.
_TICKED, _UNTICKED = "√", "□"
_UNSEEN_INPUTS = frozenset({"hidden", "password", "file", "image", "color", "range"})
# Landmarks of the page are ours; an analyst's own would double them. Definition lists have no place in a 公文.
_RENAMED = {
    "section": "div", "article": "div", "aside": "div", "header": "div", "footer": "div", "nav": "div",
    "main": "div", "address": "div", "details": "div", "summary": "p", "dl": "div", "dt": "p", "dd": "p",
    "center": "div", "form": "div", "fieldset": "div", "legend": "p", "strike": "s", "tt": "code",
}  # fmt: skip
_KEPT = frozenset({
    "id", "class", "scope", "rowspan", "colspan", "headers", "lang", "title", "alt", "role", "dir", "href", "src",
    "style",
})  # fmt: skip
_KEPT_ON = {
    "ol": {"start", "reversed", "type"}, "li": {"value"}, "img": {"width", "height"}, "col": {"span"},
    "colgroup": {"span"}, "th": {"abbr"}, "time": {"datetime"},
}  # fmt: skip
_NUMBERS = {"rowspan", "colspan", "start", "value", "width", "height", "span"}
_LANDMARKS = {"main", "banner", "contentinfo", "navigation", "complementary", "search", "form", "region", "application"}
# Longer values, as those of pictures, are not worth keeping in mind.
_LONG = 200
_MOST = 1024
_Kind = tuple[str, tuple[tuple[str, str], ...]]
"""An element's tag, and its attributes with their values."""

_unchanged: set[_Kind] = set()
_SCOPES = {"row", "col", "rowgroup", "colgroup"}
_HREF = re.compile(r"(?:https?://|mailto:|#)[^\x00-\x20]*\Z", re.I)
_CSS_DATA = re.compile(r"""url\(\s*(["']?)data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*\1\s*\)""", re.I)
_CSS_BAD = re.compile(r"url|src\s*\(|image\s*\(|image-set|@import|expression|behavior|-moz-binding|[\\<]", re.I)
_PAGE_TAGS = re.compile(r"</?(?:html|head|body)\b[^>]*(?:>|\Z)", re.I)
# What a table says where its style sheet may be stripped, and need not say on a page, where it would outrank others.
UNTRUSTED_ROW = ' style="background:none"'
UNTRUSTED_CELL = ' style="border:1px solid;text-align:center"'
# The deepest a report can mean; beyond it tags are taken off, so that nothing after us recurses without end.
_DEPTH = 60

_too_deep = etree.XPath(f"boolean({'/'.join(['*'] * (_DEPTH + 1))})")
_HIDDEN = re.compile(r"hidden(?<=\shidden)(?=[\s=/>])")
_hidden = etree.XPath(".//*[@hidden]")


class Watch(Protocol):
    """Who knows the pictures of the page, and hears of what is taken out."""

    scripts: list[str]

    def picture(self, address: str) -> str:
        """Return the data URI of the picture at an address, or "" if there is none."""

    def made(self, uri: str) -> str:
        """Return a data URI that is known to be good."""

    def lost(self, tag: str) -> None:
        """Hear of something visible that is taken out."""

    def scripted(self) -> None:
        """Hear of something that only a script would have filled."""


class _Nobody:
    """A watch that knows no pictures but those in the HTML itself, and keeps nothing."""

    def __init__(self) -> None:
        self.scripts: list[str] = []

    def picture(self, address: str) -> str:
        return inert_uri(address)

    def made(self, uri: str) -> str:
        return uri

    def lost(self, tag: str) -> None:
        pass

    def scripted(self) -> None:
        pass


def clean(html: str, watch: Watch | None = None) -> HtmlElement:
    """Return a well-formed <div> with the text of any HTML and nothing in it that could act or fetch.

    `watch` finds the pictures and hears what a reader will miss.
    """
    html = printable(html.replace(UNTRUSTED_CELL, "").replace(UNTRUSTED_ROW, ""))
    # Nearly all of a report is tables of forms, whose markup comes back in every report.
    markup = markup_of(html) if "<table" in html else ""
    if is_known(markup):
        return as_parsed(html)
    root = _cleaned(html, watch or _Nobody())
    if markup:
        learn(markup, html, root)
    return root


def _cleaned(html: str, watch: Watch) -> HtmlElement:
    root = make_element("div")
    root.extend(parsed(_PAGE_TAGS.sub("", extract_svg(html, watch.lost, watch.made))))
    for element in _hidden(root) if "hidden" in html and _HIDDEN.search(html) else ():
        element.drop_tree()
    for element in list(root.iterdescendants()):
        # Nearly all are the cells of a form's tables, which come back in every report, and stay as they are.
        if (kind := (element.tag, tuple(element.items()))) not in _unchanged:
            _clean_element(element, watch, root)
            if kind[0] in SILENT and kind == (element.tag, tuple(element.items())):
                _remember(kind)
    if watch.scripts and any(_is_filled(element, watch.scripts) for element in root.iter()):
        watch.scripted()
    _open_paragraphs(root)
    _flatten(root)
    _mend_links(root)
    _mend_lists(root)
    mend_tables(root)
    _wrap_loose_text(root)
    _open_paragraphs(root)
    close_up(root)
    return root


@lru_cache(maxsize=512)  # the style sheets of a form's tables come back in every report
def safe_css(css: str) -> bool:
    """Return whether a style sheet or style attribute fetches nothing and hides nothing in escapes."""
    return not _CSS_BAD.search(_CSS_DATA.sub("", css))


def shows(root: HtmlElement) -> bool:
    """Return whether there is anything to see in a cleaned tree: text, a picture, a rule, a table."""
    return any(
        element.tag in {"img", "hr", "table"}
        or (element.tag != "style" and element.text and not element.text.isspace())
        or (element.tail and not element.tail.isspace())
        for element in root.iter()
    )


def _is_filled(element: HtmlElement, scripts: list[str]) -> bool:
    """Whether an element is empty and named by a script, which would have drawn something in it."""
    name = element.get("id")
    if not name or not any(name in script for script in scripts):
        return False
    return not element.text_content().strip() and element.find(".//img") is None


def _remember(kind: _Kind) -> None:
    """Keep in mind that an element of this tag, with these attributes, stays as it is whatever is in it."""
    if sum(len(value) for _name, value in kind[1]) < _LONG:
        if len(_unchanged) >= _MOST:
            _unchanged.clear()
        _unchanged.add(kind)


def _take_out(element: HtmlElement, tag: str, watch: Watch, root: HtmlElement) -> None:
    """Drop an element that no page can have, and say so if a reader would have seen it."""
    if tag == "select":
        _say(element, "、".join(_chosen(element)))
    elif (tag in _SEEN or tag == "script") and _is_in(element, root):
        if tag == "script":
            watch.scripts.append(element.text or element.get("src") or "")
        else:
            watch.lost(tag)
    element.drop_tree()


def _is_in(element: HtmlElement, root: HtmlElement) -> bool:
    """Whether an element is still there, and did not go with one around it."""
    return any(ancestor is root for ancestor in element.iterancestors())


def _say(element: HtmlElement, text: str) -> None:
    """Put text before an element that is about to go."""
    word = make_element("span")
    word.text = text
    element.addprevious(word)


def _chosen(select: HtmlElement) -> list[str]:
    """The options of a list that it shows as chosen."""
    options = list(select.iter("option"))
    chosen = [option for option in options if "selected" in option.attrib]
    first = [] if "multiple" in select.attrib else options[:1]
    return [" ".join(option.text_content().split()) for option in chosen or first]


def _input_text(element: HtmlElement) -> str:
    """What an <input> shows."""
    kind = element.get("type", "text").strip().lower()
    if kind in {"checkbox", "radio"}:
        return f"{_TICKED if 'checked' in element.attrib else _UNTICKED} "
    return "" if kind in _UNSEEN_INPUTS else element.get("value", "")


def _clean_element(element: HtmlElement, watch: Watch, root: HtmlElement) -> None:
    tag = element.tag if isinstance(element.tag, str) else "template"
    tag = _RENAMED.get(tag, tag)
    # pandas puts <style scoped> before a DataFrame: browsers ignore `scoped`, and the rules would hit all tables.
    if tag in _DROPPED or (tag == "style" and ("scoped" in element.attrib or not safe_css(element.text or ""))):
        _take_out(element, tag, watch, root)
        return
    if tag not in _ALLOWED:
        if tag == "input" and (text := _input_text(element)):
            _say(element, text)
        elif (tag in _SEEN or (tag in _BARS and not element.text_content().strip())) and _is_in(element, root):
            watch.lost(tag)
        elif "-" in tag and not element.text_content().strip() and _is_in(element, root):
            watch.scripted()  # an element of somebody's own, which only its script knows how to show
        element.drop_tag()
        return
    if tag != element.tag:
        element.tag = tag
    if tag == "img" and _is_in(element, root):
        element.set("src", watch.picture(element.get("src", "")))
    _clean_attributes(element, tag)
    if (tag == "img" and not element.get("src")) or (tag == "a" and not element.get("href")):
        element.drop_tag()


def _clean_attributes(element: HtmlElement, tag: str) -> None:
    for name, value in element.items():
        if not (_is_good if len(value) < _LONG else _is_good.__wrapped__)(tag, name, value):
            del element.attrib[name]
    if tag == "a":
        element.set("rel", "noopener noreferrer")


@lru_cache(maxsize=1024)  # those of a form's tables come back in every report
def _is_good(tag: str, name: str, value: str) -> bool:
    """Whether an attribute may stay."""
    known = name in _KEPT or name in _KEPT_ON.get(tag, ()) or re.fullmatch(r"aria-[a-z]+", name)
    return bool(known) and _good_value(tag, name, value)


def _good_value(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and bool(_HREF.match(value.strip()))
    if name == "src":
        return tag == "img" and is_image_uri(value)
    if name == "style":
        return safe_css(value)
    if name == "id":
        return bool(value) and not re.search(r"\s", value)
    if name == "scope":
        return tag == "th" and value in _SCOPES
    if name == "role":
        return value.strip() not in _LANDMARKS
    return name not in _NUMBERS or bool(re.fullmatch(r"\d{1,4}", value.strip()))


def _open_paragraphs(root: HtmlElement) -> None:
    """Make a paragraph that has come to hold a block a division: a browser would end it at the block."""
    for paragraph in root.iter("p"):
        if len(paragraph) and any(element.tag in BLOCKS for element in paragraph.iterdescendants()):
            paragraph.tag = "div"


def _flatten(root: HtmlElement) -> None:
    """Take off the wrappers without meaning, and whatever is nested beyond reason."""
    for child in list(root):
        if child.tag == "div" and not child.attrib:
            child.drop_tag()
    if not _too_deep(root):
        return
    depth = {root: 0}
    for element in list(root.iterdescendants()):
        depth[element] = depth[element.getparent()] + 1
        if depth[element] > _DEPTH:
            depth[element] -= 1
            element.drop_tag()


def _mend_links(root: HtmlElement) -> None:
    """Take the tags off links within links, which a browser would take for neighbours: the page would be another."""
    for link in list(root.iter("a")):
        if next(link.iterancestors("a"), None) is not None:
            link.drop_tag()


def _mend_lists(root: HtmlElement) -> None:
    """Give every list item a list, and every list nothing but items, as readers aloud need."""
    for item in list(root.iter("li")):
        if item.getparent().tag not in {"ul", "ol"}:
            item.tag = "div"
            item.attrib.pop("value", None)
    for items in list(root.iter("ul", "ol")):
        for child in list(items):
            if child.tag != "li":
                wrapper = make_element("li")
                items.replace(child, wrapper)
                wrapper.append(child)
        _take_in_loose_text(items)
        if not len(items):
            items.tag = "div"


def _take_in_loose_text(items: HtmlElement) -> None:
    """Give text that a list has outside its items one of its own: a browser shows it in a line of its own."""
    for before in list(items):
        if before.tail and before.tail.strip():
            item = _item(before.tail)
            before.tail = None
            before.addnext(item)
    if len(items) and items.text and items.text.strip():
        item, items.text = _item(items.text), None
        items.insert(0, item)


def _item(text: str) -> HtmlElement:
    item = make_element("li")
    item.text = text
    return item


def _wrap_loose_text(root: HtmlElement) -> None:
    """Put text that stands outside any block into paragraphs of its own."""
    paragraph: HtmlElement | None = None
    children, text, root.text = list(root), root.text, None
    if text and text.strip():
        paragraph = make_element("p")
        paragraph.text = text
        root.insert(0, paragraph)
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS or child.tag == "style":
            paragraph = None
        elif paragraph is None:
            paragraph = make_element("p")
            root.replace(child, paragraph)
            paragraph.append(child)
        else:
            paragraph.append(child)
        if tail and (tail.strip() or paragraph is not None):
            if paragraph is None:
                paragraph = make_element("p")
                child.addnext(paragraph)
                paragraph.text = tail
            else:
                _append_text(paragraph, tail)


def _append_text(paragraph: HtmlElement, text: str) -> None:
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + text
    else:
        paragraph.text = (paragraph.text or "") + text
