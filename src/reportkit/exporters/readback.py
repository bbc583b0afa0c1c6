"""What a PDF that Typst has written says: its text in the order in which a reader aloud meets it, and where it stands.

Not a reader of any PDF: it knows what Typst's writer makes (a table of objects, content streams of marked runs with a
line for each, a tree of structure over them), and takes about half the time of one that knows all. Anything else raises
ValueError, so that a change of the writer is noticed.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import NamedTuple

from reportkit.exporters.glyphs import MARK, Font, Run, glyph_texts, glyph_widths, run_glyphs, shows

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_ENTRY = 20
_KIDS = rb"/K(?:\[((?:[^\[\]<>]++|<<[^<>]*+>>)*+)\]|(\d+(?: 0 R)?))"
# The kids are the last of an element, so nothing that a text in it says can be taken for them.
_ELEMENT = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S/(\w+)([^\n]*)" + _KIDS + rb"(?:/Pg (\d+) 0 R)?>>\nendobj")
_PLACE = re.compile(rb"/Pg (\d+) 0 R")
_KID = re.compile(rb"<<([^<>]*)>>|(\d+) 0 R|(\d+)")
_BOUNDS = re.compile(rb"/BBox\[([-\d. ]+)\]")
_BOX = re.compile(rb"/MediaBox\[([-\d. ]+)\]")
_FONT = re.compile(rb"/([\w.+-]+) (\d+) 0 R")
_FONTS = re.compile(rb"/Font<<(.*?)>>")
_LENGTH = re.compile(rb"/Length (\d+)")
_WIDTHS = re.compile(rb"/W\[((?:[^\[\]]|\[[^\]]*\])*)\]")
_LONGEST = 100_000


class Page(NamedTuple):
    """A page's width and height in points."""

    width: float
    height: float


class Piece(NamedTuple):
    """A part of the text with its role in the structure (P, H1, TD, Lbl, …), and the runs that it is set in.

    A picture is a piece, too: its role is Figure, and `box` is where it stands (left, bottom, right, top).
    """

    role: str
    runs: list[Run]
    box: tuple[float, float, float, float] | None = None
    page: int = 0


def read_back(pdf: bytes) -> tuple[list[Page], list[Piece]]:
    """Return the pages and, in reading order, the text of a PDF that Typst has written, tagged.

    Raises ValueError for a file that is not as Typst writes it.
    """
    try:
        return _Reader(pdf).read()
    except (ArithmeticError, LookupError, TypeError, zlib.error) as error:
        raise ValueError(f"not a PDF as Typst writes it ({type(error).__name__}: {error})") from error


class _Reader:
    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        self._at = _places(pdf)
        self._fonts: dict[bytes, Font] = {}
        self._marks: dict[bytes, dict[int, list[Run]]] = {}
        self._numbers: dict[bytes, int] = {}

    def read(self) -> tuple[list[Page], list[Piece]]:
        catalog = self._object(_found(_ref(b"Root"), self._pdf[-4096:]))
        kids = re.findall(rb"(\d+) 0 R", _found(re.compile(rb"/Kids\[([^\]]*)\]"), self._target(catalog, b"Pages")))
        pages = []
        for number, kid in enumerate(kids, 1):
            page = self._object(kid)
            left, bottom, right, top = map(float, _found(_BOX, page).split())
            pages.append(Page(right - left, top - bottom))
            self._marks[kid] = self._read_page(page, number)
            self._numbers[kid] = number
        root = re.search(_KIDS, self._target(catalog, b"StructTreeRoot"))
        tops = re.findall(rb"(\d+) 0 R", (root[1] or root[2] or b"") if root else b"")
        parts = self._parts()
        pieces = [piece for top in tops for piece in parts.pop(top, ())]
        if parts:
            raise ValueError("not a PDF as Typst writes it (an element before what it stands in)")
        return pages, pieces

    def _object(self, number: bytes) -> bytes:
        start = self._at[int(number)]
        return self._pdf[start : self._pdf.index(b"endobj", start)]

    def _target(self, owner: bytes, name: bytes) -> bytes:
        return self._object(_found(_ref(name), owner))

    def _stream(self, number: bytes) -> bytes:
        begin = self._at[int(number)]
        start = self._pdf.index(b"stream\n", begin) + len(b"stream\n")
        head = self._pdf[begin:start]
        content = self._pdf[start : start + int(_found(_LENGTH, head))]
        return zlib.decompress(content) if b"/FlateDecode" in head else content

    def _parts(self) -> dict[bytes, list[Piece]]:
        """The pieces at and below each element of the structure that stands in no other; parts are written first."""
        begin, end = (find(b"/Type/StructElem") for find in (self._pdf.find, self._pdf.rfind))
        elements = _ELEMENT.findall(self._pdf, max(begin - 32, 0), end + _LONGEST)
        if not elements:
            raise ValueError("not a PDF as Typst writes it (no structure)")
        parts: dict[bytes, list[Piece]] = {}
        for number, role, attributes, several, single, page in elements:
            if several.isdigit() and role != b"Figure":  # most are a piece of one line
                runs = self._marks[page].get(int(several))
                parts[number] = [Piece(role.decode(), runs)] if runs else []
            else:
                parts[number] = self._with_parts(parts, role.decode(), attributes, several or single, page)
        return parts

    def _with_parts(
        self, parts: dict[bytes, list[Piece]], role: str, attributes: bytes, kids: bytes, page: bytes
    ) -> list[Piece]:
        """The pieces of an element whose kids are marks on its page, marks on other pages, or elements."""
        pieces: list[Piece] = []
        own: list[Run] = []
        for inner, child, mark in _KID.findall(kids):
            if child:
                if own and role != "Figure":
                    pieces.append(Piece(role, own))
                    own = []
                pieces += parts.pop(child, ())  # without anything in it, it has no part
            elif mark:
                own += self._marks[page].get(int(mark), ())
            elif content := MARK.search(inner):  # of an element that runs over several pages
                there = _PLACE.search(inner)
                page = there[1] if there else page
                own += self._marks[page].get(int(content[1]), ())
        if role == "Figure":
            left, bottom, right, top = map(float, _found(_BOUNDS, attributes).split())
            pieces.append(Piece(role, own, (left, bottom, right, top), self._numbers[page]))
        elif own:
            pieces.append(Piece(role, own))
        return pieces

    def _read_page(self, page: bytes, number: int) -> dict[int, list[Run]]:
        """The runs of a page by the marks that the structure knows them by."""
        fonts = _FONTS.search(self._target(page, b"Resources"))
        known = {name: self._font(font) for name, font in _FONT.findall(fonts[1])} if fonts else {}
        shown = shows(self._stream(_found(_ref(b"Contents"), page)))
        by_font = {
            name: zip(*run_glyphs([show.shown for show in shown if show.name == name], font), strict=True)
            for name, font in known.items()
        }
        marks: dict[int, list[Run]] = {}
        for mark, left, baseline, name, size, scale, codes, meant in shown:
            glyphs, text = next(by_font[name])
            text = text if meant is None else meant
            run = Run(text, number, left, baseline, size, scale, glyphs, codes, known[name])
            marks.setdefault(mark, []).append(run)
        return marks

    def _font(self, number: bytes) -> Font:
        if number not in self._fonts:
            font = self._object(number)
            widths = _WIDTHS.search(self._target(font, b"DescendantFonts"))
            characters = glyph_texts(self._stream(_found(_ref(b"ToUnicode"), font)))
            self._fonts[number] = Font(characters, glyph_widths(widths[1]) if widths else {})
        return self._fonts[number]


def _places(pdf: bytes) -> list[int]:
    """Where each object begins."""
    table = _TABLE.match(pdf, int(_found(_START, pdf[-64:])))
    if table is None:
        raise ValueError("not a PDF as Typst writes it (no table of objects)")
    rows = pdf[table.end() : table.end() + _ENTRY * int(table[1])]
    return [int(rows[at : at + 10]) for at in range(0, len(rows), _ENTRY)]


@lru_cache
def _ref(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"/" + name + rb"[ \[]*(\d+) 0 R")


def _found(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    match = pattern.search(text)
    if match is None:
        raise ValueError(f"not a PDF as Typst writes it (no {pattern.pattern.decode('latin-1')})")
    return bytes(match[1])
