"""The runs of text in a content stream as Typst writes it: which glyphs, what they mean, where they stand, how wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WIDTH = re.compile(rb"(\d+) (?:(\d+) ([\d.]+)|\[([\d. ]*)\])")
_CHAR = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)>\n")
# What is no part of the text: the lines of tables, page numbers, heads that are repeated.
_ARTIFACT = re.compile(rb"/Artifact\b.*?\bEMC", re.S)
_BRACKET = re.compile(rb"(?:/Artifact\b[^\n]*?)?\bB[DM]C\b|\bEMC\b")
_MATRIX = re.compile(rb"((?:[-+\d.]+ ){6})cm")
MARK = re.compile(rb"/MCID (\d+)")
"""What ties a run of a page to the structure of the document: its mark."""
# A run that is shown; before it, perhaps, the characters that its glyphs stand for where these say something else.
_SHOW = re.compile(
    rb"(?:(?P<meant>ActualText)(?:<FEFF(?P<digits>[0-9A-F]*)>|\((?P<letters>(?:[^\\()]|\\.)*)\))>>BDC[^/]*)?"
    rb"/(?P<font>[\w.+-]+) (?P<size>[\d.]+) Tf (?P<matrix>(?:[-+\d.]+ ){6})Tm(?P<shown>.*?)T[Jj]",
    re.S,
)
# Nearly all marks hold one run alone, at a place of its own.
_USUAL = re.compile(
    rb"/MCID (\d+)[^\n]*BDC\nq 1 0 0 -1 ([-\d.]+) ([-\d.]+) cm[^\n]*\n"
    rb"BT 0 Tr/([\w.+-]+) ([\d.]+) Tf 1 0 0 -1 0 0 Tm([^\n]*)T[Jj]\nET\nQ\nEMC"
)
# No typeface has a glyph with this number.
_SEPARATOR = b"\xff\xff"
_PART = re.compile(rb"\(|<([0-9A-Fa-f]*)>|([-+\d.]+)")
_SIGN = re.compile(rb"\\.|[()]", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_MOVE = re.compile(rb"[\[)>]([-+\d. ]+)(?=[\](<])")
_FRACTION = re.compile(rb"(?<=[\[)>])\d+\.\d+(?=[\](<])")
_BETWEEN = re.compile(rb"\)[-+\d. ]*\(")
_LINE_END = re.compile(rb"\)[^()\n]*\n[^()\n]*\(")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# Below this number the first byte of a glyph is a control sign, which is written with a backslash: then no piece of a
# string can be taken for the end of it.
_PLAIN_GLYPHS = 0x2000
_MOST = 4096

Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)


class Font(NamedTuple):
    """What is known of a typeface: the text of each glyph by its number, and widths in thousandths of the type size."""

    characters: dict[int, str]
    widths: dict[str, float]

    @property
    def is_large(self) -> bool:
        """Whether something in a string of its glyphs may look like the end of the string."""
        return len(self.characters) >= _PLAIN_GLYPHS


class Run(NamedTuple):
    """A piece of a line: its text, its page from 1 on, and in points from the page's lower left corner where it is.

    `scale` is by how much wider than it was designed it is set, 0 if it does not run from left to right.
    """

    text: str
    page: int
    left: float
    baseline: float
    size: float
    scale: float
    glyphs: str
    shown: bytes
    font: Font

    @property
    def right(self) -> float:
        """Where the run ends."""
        width = sum([self.font.widths.get(glyph, 0.0) for glyph in self.glyphs])
        return self.left + (width - _moved(self.shown, self.font)) / 1000 * self.size * self.scale

    def ends_before(self, edge: float) -> bool:
        """Whether the run ends left of an edge; mostly without adding widths up: no character is over 1 em."""
        if b"-" in self.shown:
            return self.right <= edge
        most, unit = len(self.text) * 1000, self.size * self.scale / 1000
        return (
            self.left + most * unit < edge
            or self.left + (most - _least_moved(self.shown, self.font)) * unit < edge
            or self.right <= edge
        )


class Show(NamedTuple):
    """A run as a content stream has it: the mark it belongs to, where it is, size, scale, glyphs and typeface.

    `meant` is what the glyphs say if that is not what they are mostly used for.
    """

    mark: int
    left: float
    baseline: float
    name: bytes
    size: float
    scale: float
    shown: bytes
    meant: str | None = None


def glyph_texts(cmap: bytes) -> dict[int, str]:
    """The text of each glyph: one that stands for several characters has all of them."""
    pairs = _CHAR.findall(cmap)
    # All at once where each text is one character, as nearly always.
    texts = _unhex(b"".join([text for _, text in pairs]))
    if len(texts) != len(pairs):
        return {int(glyph, 16): _unhex(text) for glyph, text in pairs}
    return dict(zip([int(glyph, 16) for glyph, _ in pairs], texts, strict=True))


def _unhex(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "surrogatepass")


def glyph_widths(array: bytes) -> dict[str, float]:
    """The width of each glyph, in thousandths of the type size."""
    widths: dict[str, float] = {}
    for first, last, width, several in _WIDTH.findall(array):
        if width:
            widths.update(dict.fromkeys(map(chr, range(int(first), int(last) + 1)), float(width)))
        else:
            widths.update((chr(number), float(each)) for number, each in enumerate(several.split(), int(first)))
    return widths


def shows(stream: bytes) -> list[Show]:
    """What a content stream shows, in its order, but for what is no part of the text: artifacts."""
    usual = _USUAL.findall(stream)
    if len(usual) != stream.count(b"/MCID "):
        return list(_shows_by_line(_without_artifacts(stream)))
    make = Show._make  # takes the fields as they are, in half the time
    return [
        make((int(m), float(x), float(y), name, float(size), 1.0, shown, None)) for m, x, y, name, size, shown in usual
    ]


def _without_artifacts(stream: bytes) -> bytes:
    if b"ActualText" not in stream:
        return _ARTIFACT.sub(b"", stream)
    kept, begin, depth = [], 0, 0
    for sign in _BRACKET.finditer(stream):  # an artifact may hold marks of its own
        if depth:
            depth += -1 if sign[0] == b"EMC" else 1
            begin = begin if depth else sign.end()
        elif sign[0].startswith(b"/Artifact"):
            kept.append(stream[begin : sign.start()])
            depth = 1
    return b"".join([*kept, stream[begin:]])


def _shows_by_line(stream: bytes) -> Iterator[Show]:
    """The same for a stream with pictures, or with glyphs that stand for something else."""
    mark, matrix, meant = -1, _UPRIGHT, False
    above: list[Matrix] = []
    for line in stream.split(b"\n"):
        meant = meant and not line.startswith(b"EMC")
        if line[-2:] in (b"TJ", b"Tj"):
            for show in _SHOW.finditer(line):
                a, b, _, d, x, y = _times(_matrix(show["matrix"], flip=True), matrix)
                size, scale = float(show["size"]) * abs(d), 0 if b else a / (abs(d) or 1)
                # The first run of a meaning has it all; what follows adds nothing.
                says = _meaning(show) if show["meant"] else "" if meant else None
                meant = meant or bool(show["meant"])
                yield Show(mark, x, y, show["font"], size, scale, show["shown"], says)
        elif line[:1] == b"q":
            above.append(matrix)
            if found := _MATRIX.search(line):
                matrix = _times(_matrix(found[1]), matrix)
        elif line == b"Q":
            matrix = above.pop()
        elif found := MARK.search(line):
            mark = int(found[1])


def run_glyphs(shown: list[bytes], font: Font) -> tuple[list[str], list[str]]:
    """The glyphs of runs in one typeface, their numbers as characters, and the texts of the runs.

    All at once, as most of the time goes into the steps and not the length.
    """
    if font.is_large:
        glyphs = [_glyphs(each)[0] for each in shown]
        return glyphs, [each.translate(font.characters) for each in glyphs]
    every = _decoded(_codes(b"\n".join(shown)))
    return every.split("\uffff"), every.translate(font.characters).split("\uffff")


def _codes(shown: bytes) -> bytes:
    """The glyphs of runs, a line each, as two bytes with their escapes; between two runs stands a separator.

    A run is shown as `[(…)12<…>]`, `(…)` or `<…>`.
    """
    parts = _HEX.split(shown)
    parts[1::2] = map(_parenthesised.__getitem__, parts[1::2])
    shown = _LINE_END.sub(_SEPARATOR, _BETWEEN.sub(b"", b"".join(parts)))
    return shown[shown.find(b"(") + 1 : shown.rfind(b")")]


def _moved(shown: bytes, font: Font) -> float:
    """By how much the glyphs of a run are moved together, in thousandths of the size."""
    return _glyphs(shown)[1] if font.is_large else sum(map(float, b" ".join(_MOVE.findall(shown)).split()))


def _least_moved(shown: bytes, font: Font) -> float:
    """A bound below `_moved` where no glyphs are moved apart: one move, as often as it comes."""
    # Not the first, which stands before the text. There is no point with a digit behind it in a string of glyphs.
    move = None if font.is_large else _FRACTION.search(shown, len(shown) // 2)
    return float(move[0]) * shown.count(move[0]) if move else 0.0


def _glyphs(shown: bytes) -> tuple[str, float]:
    """The glyphs of a run in a large typeface, and by how much they are moved together."""
    glyphs, moved, at = "", 0.0, 0
    while part := _PART.search(shown, at):
        at = part.end()
        if part[0] == b"(":
            at = _end_of_string(shown, part.start())
            glyphs += _decoded(shown[part.end() : at - 1])
        elif part[1] is not None:
            glyphs += _unhex(part[1])
        else:
            moved += float(part[2])
    return glyphs, moved


def _end_of_string(shown: bytes, at: int) -> int:
    """Where the string that begins at `at` has ended: a parenthesis whose partner is in the string is not escaped."""
    depth = 0
    for sign in _SIGN.finditer(shown, at):
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        if not depth:
            return sign.end()
    raise ValueError("not a PDF as Typst writes it (a string without end)")


def _decoded(codes: bytes) -> str:
    if b"\\" in codes:  # Python's own escapes are these, but for the parentheses
        codes = codes.replace(b"\\\\", b"\\134").replace(b"\\(", b"(").replace(b"\\)", b")")
        codes = codes.decode("unicode_escape").encode("latin-1")
    return codes.decode("utf-16-be", "surrogatepass")


def _unescaped(match: re.Match[bytes]) -> bytes:
    sign: bytes = match[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else _ESCAPES.get(sign, sign)


class _Parenthesised(dict[bytes, bytes]):
    """Strings in hexadecimal digits as those in parentheses; a report has thousands, of a few hundred glyphs."""

    def __missing__(self, digits: bytes) -> bytes:
        if len(self) >= _MOST:
            self.clear()
        self[digits] = b"(" + b"".join(b"\\%03o" % byte for byte in bytes.fromhex(digits.decode())) + b")"
        return self[digits]


_parenthesised = _Parenthesised()


def _meaning(show: re.Match[bytes]) -> str:
    """The characters of a run, written as hexadecimal digits or as letters."""
    if show["letters"] is not None:
        return _ESCAPE.sub(_unescaped, show["letters"]).decode("latin-1")
    return _unhex(show["digits"])


def _matrix(text: bytes, *, flip: bool = False) -> Matrix:
    """Six numbers; `flip` turns over those of a text, which stands on its head, as the page does."""
    a, b, c, d, x, y = map(float, text.split())
    return (a, b, -c, -d, x, y) if flip else (a, b, c, d, x, y)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, x, y = first
    p, q, r, s, u, v = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, x * p + y * r + u, x * q + y * s + v)
