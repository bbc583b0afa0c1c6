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

from reportkit.errors import ExportError
from reportkit.exporters.glyphs import Run
from reportkit.exporters.readback import Page, Piece, read_back
from reportkit.exporters.text import is_hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from reportkit.exporters.content import Content

# White space, and signs without a shape of their own, which a typeface may leave out.
_SHAPELESS = re.compile("[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_SIMPLE_TAG = re.compile("<[^>]*>")
_TAG = re.compile(r"""<!--.*?-->|<(style|script|title)\b.*?</\1\s*>|<[a-zA-Z/!](?:[^>"']|"[^"]*"|'[^']*')*>""", re.S)
_BEFORE, _SHOWN = 5, 20
_CURE = "请拆分或缩短那里的表格或段落，仍不行请把笔记本发给维护人员。"

# What a page adds to the text of the content: the marks of lists. Letters that are drawn in a picture are none of it.
_ADDED = frozenset({"Lbl", "Figure", "Formula"})

_MM = 72 / 25.4
# The type area by GB/T 9704-2012, and the same on a page that lies on its side: left, bottom, right, top, in points.
# templates/report.typ sets the margins.
_UPRIGHT = (28 * _MM, 35 * _MM, 184 * _MM, 260 * _MM)
_LYING = (35 * _MM, 26 * _MM, 260 * _MM, 182 * _MM)
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
        raise ExportError(f"PDF 已经排好，但无法读回核对：{error}；请把此信息发给维护人员。") from error
    texts = [(fragment.cell, squeezed("".join(visible_text(fragment.root)))) for fragment in content.fragments]
    runs = [run for piece in pieces if piece.role not in _ADDED for run in piece.runs]
    found = squeezed("".join([run.text for run in runs]))
    if "".join([text for _, text in texts]) != found and not _alike(texts, found):
        raise _lost(texts, found)
    _check_pictures(content, pieces, pages)
    areas = [_area(page) for page in pages]
    for number, run in enumerate(runs):
        if not _is_inside(run, areas[run.page - 1]):
            before = len(squeezed("".join(run.text for run in runs[:number])))
            raise ExportError(
                f"{_where(texts, before)}“{run.text.strip()[:_SHOWN]}”排到了第 {run.page} 页的版心之外，"
                f"打印出来会缺字；{_CURE}"
            )


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
    instead = f"那里印的是“{found[start : at + _SHOWN]}”" if at < len(found) else "页面到此为止"
    missing = f"“{wanted[start : at + _SHOWN]}”没有照原样印在页面上" if at < len(wanted) else "末尾多印了内容"
    return ExportError(f"{_where(texts, at)}{missing}（{instead}）；{_CURE}")


def _where(texts: list[tuple[str, str]], at: int) -> str:
    """The cell that the character with this number came out of, as a message begins."""
    for cell, text in texts:
        at -= len(text)
        if at < 0 and cell:
            return f"单元格 {cell}："
    return ""


def _check_pictures(content: Content, pieces: list[Piece], pages: list[Page]) -> None:
    """Raise ExportError unless the pages have all pictures of the content, each within the type area."""
    cells = [f.cell for f in content.fragments for image in f.root.iter("img") if not _is_inside_hidden(image)]
    figures = [piece for piece in pieces if piece.box]
    if len(cells) != len(figures):
        named = "、".join(dict.fromkeys(cells))
        raise ExportError(f"单元格 {named} 共有 {len(cells)} 张图片，页面上有 {len(figures)} 张；{_CURE}")
    for cell, figure in zip(cells, figures, strict=True):
        left, bottom, right, top = _area(pages[figure.page - 1])
        x, y, x2, y2 = figure.box or (0, 0, 0, 0)
        if x < left - _PLAY or x2 > right + _PLAY or y < bottom - _PLAY or y2 > top + _PLAY:
            raise ExportError(f"单元格 {cell}：图片超出了第 {figure.page} 页的版心；请把图片改小。")


def _is_inside_hidden(element: HtmlElement) -> bool:
    return is_hidden(element) or any(map(is_hidden, element.iterancestors()))


def _is_inside(run: Run, area: tuple[float, float, float, float]) -> bool:
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


def _area(page: Page) -> tuple[float, float, float, float]:
    return _UPRIGHT if page.height >= page.width else _LYING
