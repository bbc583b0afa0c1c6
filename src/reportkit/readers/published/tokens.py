"""A document as lines of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from reportkit.readers.published.blocks import tidy
from reportkit.readers.published.document import Block, Document, Grid, Paragraph, Row
from reportkit.readers.published.headings import Headings
from reportkit.readers.published.labels import Labels, is_numbering
from reportkit.readers.published.radicals import folded
from reportkit.readers.published.text import PADDING, CellLine, LineRow, LooseRow
from reportkit.readers.published.words import VALUES, Kind, Token, Words

_FURNITURE = re.compile(
    r"[-–—－―·~\s]+\d{1,4}[-–—－―·~\s]+|第\s*\d+\s*页.{0,20}|\d{1,3}\s*/\s*\d{1,3}|P(?:age|\.)\s*\d.{0,20}",
    re.IGNORECASE,
)
_EDGES = "| \t\u3000\xa0"
_FOOT = re.compile(r"[-–—]\s?\d{1,4}\s?[-–—]\s+(.+)")


class Shape(Enum):
    """How sure it is where a line's cells begin and end."""

    PLAIN = auto()  # words and numbers between white space; a blank cell leaves no trace
    CELLS = auto()  # one cell a line, between pipes: a blank cell is there
    LOOSE = auto()  # a row put together from lines
    HARD = auto()  # a row as the file has it
    LINE = auto()  # such a row in one line, which no lost line can shift

    @property
    def is_row(self) -> bool:
        """Whether the file says which cells are a row."""
        return self in (Shape.HARD, Shape.LINE)


_SHAPES: dict[type[Row], Shape] = {LooseRow: Shape.LOOSE, LineRow: Shape.LINE}


class Line(NamedTuple):
    """A line or a row, with its tokens."""

    text: str
    place: str
    shape: Shape
    tokens: tuple[Token, ...]
    cells: int = 0  # how many cells of a row are in it; 0 if it has no cells

    @property
    def is_prose(self) -> bool:
        """Whether the line belongs to no table and is no heading."""
        return len(self.tokens) == 1 and self.tokens[0].kind is Kind.PROSE


def lines_of(document: Document, labels: Labels, headings: Headings, *, cut: bool) -> list[Line]:
    """Return the document's lines with their tokens.

    `cut` says that the file may go on: then its last number may have lost digits.
    """
    lines = list(_Reader(labels, headings).lines(document.blocks))
    return [*lines[:-1], _cut(lines[-1], headings)] if cut and lines else lines


class _Reader:
    """Turns blocks into lines; a label's number on a line of its own waits for the words."""

    def __init__(self, labels: Labels, headings: Headings) -> None:
        self.labels, self.headings = labels, headings
        self._words = Words(labels)
        self._number = ""
        self._after_cell = False

    def lines(self, blocks: Sequence[Block]) -> Iterator[Line]:
        for block in blocks:
            if isinstance(block, Grid):
                for row in block.rows:
                    yield from self._row(row)
            elif isinstance(block, Paragraph):
                shape = Shape.CELLS if isinstance(block, CellLine) else Shape.PLAIN
                for text in block.text.split("\n"):
                    yield from self._line(tidy(folded(text)), block.place, shape)

    def _line(self, text: str, place: str, shape: Shape) -> Iterator[Line]:
        if not text or _FURNITURE.fullmatch(text):
            return
        content = text.strip(_EDGES) if shape is Shape.CELLS else text
        foot = _FOOT.fullmatch(content)
        if foot and self.headings.section(foot[1]):
            content = foot[1]  # the number of the page before
        if section := self.headings.section(content):
            tokens: tuple[Token, ...] = (Token(Kind.HEADING, content, section=section),)
            yield Line(content, place, shape, tokens)
        elif shape is Shape.CELLS:
            yield from self._cell_line(text, content, place)
        elif tokens := self._tokens(content):
            yield Line(content, place, shape, tokens)

    def _cell_line(self, text: str, content: str, place: str) -> Iterator[Line]:
        """A cell with fillers of its row behind it; or a line of pipes: the end of a cell, a blank one, or fillers."""
        pipes = text[len(text.rstrip(_EDGES)) :].count("|")
        if content:
            self._after_cell = not pipes
            spare = max(pipes - 1, 0)
            tokens = (*self._tokens(content), *[Token(Kind.PAD, "")] * spare)
            yield Line(content, place, Shape.CELLS, tokens, 1 + spare)
            return
        count = pipes - self._after_cell
        self._after_cell = False
        kind = Kind.BLANK if count == 1 else Kind.PAD
        if count:
            yield Line("", place, Shape.CELLS, (Token(kind, ""),) * count, count)

    def _tokens(self, text: str) -> tuple[Token, ...]:
        number, self._number = self._number, ""
        if number and (tokens := self._continued(number, text)):
            return tokens
        if is_numbering(text):
            self._number = text
        return self._words.of_line(text)

    def _continued(self, number: str, text: str) -> tuple[Token, ...]:
        """The tokens of a line whose first words go with the number before it."""
        first, *rest = text.split(None, 1)
        stub = None if is_numbering(first) else self.labels.stub(number + first)
        if stub is None:
            return ()
        return (Token(Kind.STUB, number + first, stub), *(self._words.of_line(rest[0]) if rest else ()))

    def _row(self, row: Row) -> Iterator[Line]:
        shape = _SHAPES.get(type(row), Shape.HARD)
        texts = [tidy(folded(cell.text)) for cell in row.cells]
        tokens = tuple(self._words.of_cell(text) for text in texts)
        words = [text for text in texts if text and text != PADDING]
        kinds = {token.kind for token in tokens}
        if Kind.PROSE in kinds and kinds <= {Kind.PROSE, Kind.BLANK, Kind.PAD, Kind.FILLER}:
            # No row of a table that we know: text that is laid out in cells.
            for text in words:
                yield from self._line(text.replace("\n", ""), row.place, Shape.PLAIN)
        elif len(words) == 1 and (section := self.headings.section(words[0])):
            yield Line(words[0], row.place, shape, (Token(Kind.HEADING, words[0], section=section),))
        elif tokens:
            yield Line(" ".join(words), row.place, shape, tokens, len(tokens))


def _cut(line: Line, headings: Headings) -> Line:
    if section := headings.begun(line.text):
        return line._replace(tokens=(Token(Kind.HEADING, line.text, section=section),))
    last = next((at for at in range(len(line.tokens) - 1, -1, -1) if line.tokens[at].text), None)
    if last is None or line.tokens[last].kind not in VALUES:
        return line
    tokens = list(line.tokens)
    tokens[last] = Token(Kind.CUT, tokens[last].text)
    return line._replace(tokens=tuple(tokens))
