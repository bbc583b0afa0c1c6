"""HTML as a tree and back: parsed, made, written. What is in a tree is not looked at here, see sanitize."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
# The parser of lxml.html asks a Python function for the class of each element, each time it meets the element.
_parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))


def make_element(tag: str) -> HtmlElement:
    """Return a new element like those of a parsed tree."""
    return _parser.makeelement(tag)


def inner_html(root: HtmlElement) -> str:
    """Return the HTML of an element's children."""
    return "".join(etree.tostring(child, method="html", encoding="unicode") for child in root)


def parsed(text: str) -> list[HtmlElement]:
    """Return HTML as it is parsed: the <html> with a <body> with a <div> of it, and whatever came to stand beside."""
    document = etree.fromstring(f"<html><body><div>{text}</div></body></html>".encode(), _parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in _parser.error_log):
        # Nested deeper than the parser goes, so it dropped the rest: nobody's report, but its text is kept.
        return parsed(re.sub(r"<[^<>]*>", "", text))
    # Stray end tags can make the parser begin a second document beside the first.
    return [document, *document.itersiblings()]
