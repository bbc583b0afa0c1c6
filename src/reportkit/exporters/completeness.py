"""The gate at the end of every page: what the content says stands on it once, in order, within the type area.

A page is read back and compared with the content, sign by sign; white space, which a page sets anew, does not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from lxml import etree

from reportkit.errors import ExportError, in_cell
from reportkit.exporters.glyphs import Run
from reportkit.exporters.readback import Piece, read_back
from reportkit.exporters.text import is_hidden
from reportkit.page_styles import page_of
from reportkit.translation import N_, _, in_a_row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from reportkit.exporters.content import Content

# White space, and signs without a shape of their own, which a typeface may leave out.
_SHAPELESS = re.compile("[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_SIMPLE_TAG = re.compile("<[^>]*>")
_TAG = re.compile(r"""<!--.*?-->|<(style|script|title)\b.*?</\1\s*>|<[a-zA-Z/!](?:[^>"']|"[^"]*"|'[^']*')*>""", re.S)
_BEFORE, _SHOWN = 5, 20
_CURE = N_(
    "divide or shorten the table or the paragraph there; if that does not help, send the notebook to those who look "
    "after reportkit."
)

# What a page adds to the text of the content: the marks of lists. Letters that are drawn in a picture are none of it.
_ADDED = frozenset({"Lbl", "Figure", "Formula"})

_Area = tuple[float, float, float, float]
"""The type area of a page: left, bottom, right, top, in points."""

_PLAY = 1.0
# The blank half of a stop or bracket may hang over the edge, and so may a blank.
_BLANK_HALF = 0.51
_BLANK_AFTER = frozenset("，。、；：！？）》〉】〕」』”’…—·, \u3000\u00a0")
_BLANK_BEFORE = frozenset("（《〈【〔「『“‘—… \u3000\u00a0")


def check_html(content: Content, page: str) -> None:
    """Raise ExportError unless a page (HTML) says what the content says: all of it, once and in order."""
    wanted = squeezed(content.text)
    if wanted in squeezed(unescape(_SIMPLE_TAG.sub("", page.partition("<body")[2]))):
        return  # nearly always: no title, and no text in brackets within a tag
    found = squeezed(unescape(_TAG.sub("", page)))
    if wanted not in found:
        start = max(found.find(wanted[:_SHOWN]), 0)
        raise _lost(
            [(fragment.cell, squeezed(_all_text(fragment.root))) for fragment in content.fragments], found[start:]
        )


def check_pdf(content: Content, pdf: bytes) -> None:
    """Raise ExportError unless a PDF of ours says what the content says: all of it, once, in order, on the page.

    Text is compared as readers aloud meet it; every line and picture must stand within the type area.
    """
    try:
        pages, pieces = read_back(pdf)
    except ValueError as error:
        words = _(
            "the PDF is set, but cannot be read back: {error}; send these words to those who look after reportkit."
        )
        raise ExportError(words.format(error=error)) from error
    texts = [(fragment.cell, squeezed("".join(visible_text(fragment.root)))) for fragment in content.fragments]
    runs = [run for piece in pieces if piece.role not in _ADDED for run in piece.runs]
    found = squeezed("".join([run.text for run in runs]))
    if "".join([text for _, text in texts]) != found and not _alike(texts, found):
        raise _lost(texts, found)
    areas = [page_of(content.style).edges(lies=page.width > page.height) for page in pages]
    _check_pictures(content, pieces, areas)
    if outside := next(_outside(runs, areas), None):
        number, run = outside
        before = len(squeezed("".join(run.text for run in runs[:number])))
        words = _('"{text}" lies outside the type area of page {page}, and would be cut off in print; {cure}')
        told = words.format(text=run.text.strip()[:_SHOWN], page=run.page, cure=_(_CURE))
        raise ExportError(_from_there(texts, before, told))


def squeezed(text: str) -> str:
    """Return the text without white space and without signs that have no shape."""
    return _SHAPELESS.sub("", text)


def visible_text(root: HtmlElement) -> Iterator[str]:
    """Yield the pieces of text of a fragment that a reader sees, in the order in which a page shows them."""
    special = _special(root)
    if not all(map(is_hidden, special)):
        return _walked(root)
    # Without anything hidden, as most fragments are, all at once.
    return (
        _around(root, {above for each in special for above in each.iterancestors()})
        if special
        else iter((_said(root),))
    )


def _around(root: HtmlElement, above: set[HtmlElement]) -> Iterator[str]:
    """The text without that of hidden elements; `above` is what these stand in."""
    yield root.text or ""
    for child in root:
        if child in above:
            yield from _around(child, above)
        elif not is_hidden(child):
            yield _said(child)
        yield child.tail or ""


def _walked(root: HtmlElement) -> Iterator[str]:
    yield root.text or ""
    for child in _in_order(root):
        if not is_hidden(child):
            yield from ("“", *_walked(child), "”") if child.tag == "q" else _walked(child)
        yield child.tail or ""


# What is hidden; quotations, which have signs that no text has; and a table's parts that are not in the page's order.
_BEFORE_IT = "preceding-sibling::*[not(self::caption) and not(self::colgroup) and not(self::col)]"
_special = etree.XPath(
    "descendant::*[@class[contains(., 'visually-hidden')]] | descendant::q"
    f" | descendant::caption[{_BEFORE_IT}] | descendant::thead[{_BEFORE_IT}] | descendant::tfoot[following-sibling::*]"
)
# The text of an element, all at once.
_said = etree.XPath("string()", smart_strings=False)


def _in_order(element: HtmlElement) -> list[HtmlElement]:
    """An element's children as a page shows them: a table's caption and head come first, its foot last."""
    children = list(element)
    if element.tag == "table":
        children.sort(key=lambda child: {"caption": 0, "thead": 1, "tfoot": 3}.get(child.tag, 2))
    return children


def _all_text(root: HtmlElement) -> str:
    return "".join(root.itertext())


def _alike(texts: list[tuple[str, str]], found: str) -> bool:
    """Whether the texts are the same but for how a PDF has to write characters that are composed of several shapes.

    Each shape may stand for all of the character; letters that run from right to left stand from left to right.
    """
    wanted, found = (_composed(text) for text in ("".join(text for _, text in texts), found))
    return wanted == found or (len(wanted) == len(found) and _reordered(wanted) == _reordered(found))


# A letter with the accents that it has no sign for in Unicode, over and over.
_OVER_AND_OVER = re.compile("(\\w[\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a]+)\\1+")


def _composed(text: str) -> str:
    return _OVER_AND_OVER.sub(r"\1", unicodedata.normalize("NFKC", text))


# Letters that run from right to left, and what stands between them.
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff][\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\\W\\d]*")


def _reordered(text: str) -> str:
    return _LEFTWARD.sub(lambda match: "".join(sorted(match[0])), text)


def _lost(texts: list[tuple[str, str]], found: str) -> ExportError:
    """The error for the first place at which a page does not say what it should."""
    wanted = "".join(text for _, text in texts)
    at = next((i for i, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b), min(len(wanted), len(found)))
    start = max(at - _BEFORE, 0)
    words = _('"{text}" is not printed on the page as it is (there stands "{instead}"); {cure}')
    if at >= len(wanted):
        words = _('the page has more at its end than it should (there stands "{instead}"); {cure}')
    elif at >= len(found):
        words = _('"{text}" is not printed on the page as it is (the page ends there); {cure}')
    instead = found[start : at + _SHOWN]
    return ExportError(
        _from_there(texts, at, words.format(text=wanted[start : at + _SHOWN], instead=instead, cure=_(_CURE)))
    )


def _from_there(texts: list[tuple[str, str]], at: int, told: str) -> str:
    """What there is to tell of the cell that the character with this number came out of."""
    for cell, text in texts:
        at -= len(text)
        if at < 0 and cell:
            return in_cell(cell, told)
    return told


def _check_pictures(content: Content, pieces: list[Piece], areas: list[_Area]) -> None:
    """Raise ExportError unless the pages have all pictures of the content, each within the type area."""
    cells = [f.cell for f in content.fragments for image in f.root.iter("img") if not _is_inside_hidden(image)]
    figures = [piece for piece in pieces if piece.box]
    if len(cells) != len(figures):
        words = _("the cells {cells} have {number} pictures, and the pages {found}; {cure}")
        named = in_a_row(dict.fromkeys(cells))
        raise ExportError(words.format(cells=named, number=len(cells), found=len(figures), cure=_(_CURE)))
    for cell, figure in zip(cells, figures, strict=True):
        left, bottom, right, top = areas[figure.page - 1]
        x, y, x2, y2 = figure.box or (0, 0, 0, 0)
        if x < left - _PLAY or x2 > right + _PLAY or y < bottom - _PLAY or y2 > top + _PLAY:
            words = _("a picture lies outside the type area of page {page}; make it smaller.")
            raise ExportError(in_cell(cell, words.format(page=figure.page)))


def _is_inside_hidden(element: HtmlElement) -> bool:
    return is_hidden(element) or any(map(is_hidden, element.iterancestors()))


def _outside(runs: list[Run], areas: list[_Area]) -> Iterator[tuple[int, Run]]:
    """The runs that leave the type area, each with its number.

    Most are far from its edges even if each of their characters were one em wide, which is the most.
    """
    for number, run in enumerate(runs):
        text, page, x, baseline, size, scale, _glyphs, shown, _font = run
        left, bottom, right, top = areas[page - 1]
        far = left <= x and x + len(text) * size * scale < right and bottom <= baseline <= top
        if not (far and b"-" not in shown) and not _is_inside(run, areas[page - 1]):
            yield number, run


def _is_inside(run: Run, area: _Area) -> bool:
    left, bottom, right, top = area
    if not bottom <= run.baseline <= top:
        return False
    if run.left < left - _PLAY and not (
        run.text[:1] in _BLANK_BEFORE and run.left >= left - _PLAY - _BLANK_HALF * run.size
    ):
        return False
    return run.ends_before(right + _PLAY) or (
        run.text[-1:] in _BLANK_AFTER and run.ends_before(right + _PLAY + _BLANK_HALF * run.size)
    )
