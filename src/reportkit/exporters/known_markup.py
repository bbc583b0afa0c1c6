"""Markup that has been found clean: a table with the same markup and other texts is taken as it is parsed.

What `sanitize.clean` does hangs on tags, their attributes and where there is text, and not on what that says. So a
table is done with once its markup has come through unchanged, with an `x` for each text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from reportkit.exporters.html_trees import make_element, parsed
from reportkit.exporters.text import SILENT, shows_line_ends

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Where text says more than that it is there, it stays: blanks, line ends, references that may stand for blanks.
_TEXT = re.compile(r">[^<>&\s][^<>&\n]*<")
_STYLE = "</style>"
_TAGS = "|".join(sorted(SILENT))
# In such markup each `>` ends a tag, and what stands between two tags is text.
_PLAIN = re.compile(
    rf"""(?:\s*<style(?:\ type="text/css")?>[^<]*</style>)?
        [^<>]*(?:</?(?:{_TAGS})(?:\s+[-a-z]+="[^"<>]*")*\s*>[^<>]*)*""",
    re.VERBOSE,
)
_LONGEST = 100_000
_MOST, _MOST_MET = 64, 4096

_known: set[str] = set()
# How often markup has come, by its hash: what never comes back is not worth looking at, nor once more what was changed.
_met: dict[int, int] = {}


def markup_of(html: str) -> str:
    """Return the markup of HTML without its texts, in which a style sheet at the beginning counts as markup."""
    head, style, rest = html.rpartition(_STYLE)
    return head + style + _TEXT.sub(">x<", rest if style else html)


def is_known(markup: str) -> bool:
    """Return whether HTML with this markup comes through unchanged, so that `as_parsed` gives what cleaning would."""
    return markup in _known


def as_parsed(html: str) -> HtmlElement:
    """Return a <div> with HTML as it is parsed, but for blanks between its blocks and what its style sheet is."""
    root = make_element("div")
    root.extend(parsed(html)[0][0][0])
    for child in root:
        child.tail = None
        if child.tag == "style":
            child.attrib.clear()
    return root


def learn(markup: str, html: str, cleaned: HtmlElement) -> None:
    """Keep markup in mind when it comes a second time, if HTML with it has come through unchanged."""
    if len(_met) >= _MOST_MET or len(_known) >= _MOST:
        _met.clear()
        _known.clear()
    met = hash(markup)
    _met[met] = _met.get(met, 0) + 1
    if _met[met] != 2 or len(markup) > _LONGEST or not _PLAIN.fullmatch(markup) or len(parsed(html)) > 1:
        return
    root = as_parsed(html)
    if etree.tostring(root) == etree.tostring(cleaned) and not shows_line_ends(root):
        _known.add(markup)
