"""How the cells of an .xls look: its fonts, formats and cell styles, and its texts in several fonts."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from reportkit.spreadsheets.looks import Style, Styles
from reportkit.spreadsheets.number_formats import BUILT_IN, GENERAL
from reportkit.spreadsheets.sheets import Area, Facts

_BOF, _FONT, _FORMAT, _XF, _SST, _CONTINUE = 0x809, 0x31, 0x41E, 0xE0, 0xFC, 0x3C
_FORMULA, _MULRK, _NUMBER, _RK, _LABEL, _LABELSST, _RSTRING = 0x06, 0xBD, 0x203, 0x27E, 0x204, 0xFD, 0xD6
_CONDFMT, _CF = 0x1B0, 0x1B1
_EXCEL_97 = 0x600
_WHITE = (1, 9)

_Font = tuple[bool, bool, bool]
"""Whether it strikes out, raises or lowers, and is white."""


class Looks:
    """Gathers what the records at the head of a workbook say of looks, and notes then how each cell looks.

    Raises struct.error or IndexError for a record that is cut off.
    """

    def __init__(self) -> None:
        self._modern = True
        self._fonts: list[_Font] = []
        self._codes: dict[int, str] = dict(BUILT_IN)
        self._formats: list[tuple[int, int, bool]] = []
        self._texts: list[bytes] = []
        self._last = 0
        self._styles = Styles({})
        self._struck: set[int] = set()
        self._raised: set[int] = set()
        self._areas: list[Area] = []

    def add(self, kind: int, body: bytes) -> None:
        """Take in a record of the workbook as a whole."""
        if kind == _BOF:
            self._modern = struct.unpack_from("<H", body)[0] >= _EXCEL_97
        elif kind == _FONT:
            flags, color, _, place = struct.unpack_from("<HHHH", body, 2)
            self._fonts.append((bool(flags & 8), place in (1, 2), color in _WHITE))
        elif kind == _FORMAT:
            self._codes[struct.unpack_from("<H", body)[0]] = self._code(body)
        elif kind == _XF:
            self._formats.append((*struct.unpack_from("<HH", body), _is_filled(body)))
        elif kind == _SST or (kind == _CONTINUE and self._last == _SST):
            self._texts.append(body)
        self._last = _SST if kind == _CONTINUE and self._last == _SST else kind

    def close(self) -> None:
        """Take note that all records of the workbook as a whole were added."""
        styles = {}
        for at, (font, code, filled) in enumerate(self._formats):
            struck, raised, white = self._font(font)
            styles[at] = Style(self._codes.get(code, GENERAL), struck, raised, white and not filled)
        self._styles = Styles(styles)
        for at, fonts in enumerate(_fonts_of_texts(self._texts) if self._modern else ()):
            self._struck.update([at] if any(self._font(font)[0] for font in fonts) else ())
            self._raised.update([at] if any(self._font(font)[1] for font in fonts) else ())

    def note(self, kind: int, body: bytes, facts: Facts) -> None:
        """Note how the cells of a record look, if it is one of cells."""
        if kind in (_NUMBER, _RK, _LABEL, _LABELSST, _RSTRING, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", body)
            number = _number(kind, body)
            if number is not None:
                self._styles.note_number(facts, (row, column), style, number)
            else:
                self._styles.note_text(facts, (row, column), style)
                self._note_fonts(kind, body, (row, column), facts)
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for at, (style, packed) in enumerate(struct.iter_unpack("<HI", body[4 : 4 + (len(body) - 6) // 6 * 6])):
                self._styles.note_number(facts, (row, first + at), style, _unpacked(packed))
        elif kind == _CONDFMT:
            count = struct.unpack_from("<H", body, 12)[0]
            corners = struct.iter_unpack("<HHHH", body[14 : 14 + count * 8])
            self._areas = [Area(top, left, bottom, right) for top, bottom, left, right in corners]
        elif kind == _CF and _changes(body):
            facts.conditional += self._areas

    def _note_fonts(self, kind: int, body: bytes, at: tuple[int, int], facts: Facts) -> None:
        struck = raised = False
        if kind == _LABELSST:
            text = struct.unpack_from("<I", body, 6)[0]
            struck, raised = text in self._struck, text in self._raised
        elif kind == _RSTRING and not self._modern:
            length = struct.unpack_from("<H", body, 6)[0]
            fonts = [self._font(font) for font in body[8 + length + 2 :: 2]]
            struck, raised = any(font[0] for font in fonts), any(font[1] for font in fonts)
        facts.struck.update([at] if struck else ())
        facts.raised.update([at] if raised else ())

    def _font(self, number: int) -> _Font:
        """A font by its number; there is none with the number 4."""
        at = number - (number > 4)
        return self._fonts[at] if at < len(self._fonts) else (False, False, False)

    def _code(self, body: bytes) -> str:
        if not self._modern:
            return body[3 : 3 + body[2]].decode("gb18030", "replace")
        length, flags = struct.unpack_from("<HB", body, 2)
        wide = flags & 1
        return body[5 : 5 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _is_filled(body: bytes) -> bool:
    """Whether a cell style has another background than white."""
    if len(body) < 20:
        return True  # of a time whose styles look otherwise
    pattern = struct.unpack_from("<I", body, 14)[0] >> 26
    color = struct.unpack_from("<H", body, 18)[0] & 0x7F
    return pattern > 1 or (pattern == 1 and color not in _WHITE)


def _number(kind: int, body: bytes) -> float | None:
    """The number in a cell, None for what is none."""
    if kind == _RK:
        return _unpacked(struct.unpack_from("<I", body, 6)[0])
    if kind == _NUMBER or (kind == _FORMULA and body[12:14] != b"\xff\xff"):
        return float(struct.unpack_from("<d", body, 6)[0])
    return None


def _unpacked(packed: int) -> float:
    """A number of four bytes: an integer, or the first half of a float, maybe a hundredth of it."""
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        number = float(struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0])
    return number / 100 if packed & 1 else number


def _changes(body: bytes) -> bool:
    """Whether a conditional format changes what number is seen: by another format, or by striking out or raising."""
    (flags,) = struct.unpack_from("<I", body, 6)
    if flags & 1 << 25:
        return True
    if not flags & 1 << 26:
        return False
    font = body[12:]
    style, place = struct.unpack_from("<I", font, 68)[0], struct.unpack_from("<H", font, 74)[0]
    style_kept, place_kept = struct.unpack_from("<II", font, 88)
    return bool(style & 0x80 and not style_kept & 0x80) or (place in (1, 2) and not place_kept)


def _fonts_of_texts(bodies: list[bytes]) -> Iterator[list[int]]:
    """Yield for each of the texts that cells share the fonts of its parts; most texts are in one and have none."""
    if not bodies:
        return
    table = _Continued(bodies)
    count = struct.unpack("<4xI", table.take(8))[0]
    for _ in range(count):
        length, flags = struct.unpack("<HB", table.take(3))
        runs = struct.unpack("<H", table.take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", table.take(4))[0] if flags & 4 else 0
        table.skip_letters(length, flags & 1)
        yield [font for start, font in struct.iter_unpack("<HH", table.take(runs * 4)) if start < length]
        table.take(more)


class _Continued:
    """Reads on from one record into the next that continues it."""

    def __init__(self, bodies: list[bytes]) -> None:
        self._bodies, self._at = bodies, 0
        self._body = 0

    def take(self, length: int) -> bytes:
        """Return the next bytes. Raises IndexError if there are not so many."""
        parts = []
        while length:
            part = self._bodies[self._body][self._at : self._at + length]
            parts.append(part)
            self._at += len(part)
            length -= len(part)
            if length:
                self._body, self._at = self._body + 1, 0
        return b"".join(parts)

    def skip_letters(self, length: int, wide: int) -> None:
        """Skip so many letters; where a record ends among them, the next says anew how wide they are."""
        while length:
            here = min(length, (len(self._bodies[self._body]) - self._at) >> wide)
            self._at += here << wide
            length -= here
            if length:
                self._body, self._at = self._body + 1, 1
                wide = self._bodies[self._body][0] & 1
