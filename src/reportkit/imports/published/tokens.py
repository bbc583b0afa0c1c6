"""A document as lines of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from reportkit.documents.blocks import tidy
from reportkit.documents.document import Block, Document, Grid, Joint, Paragraph, Row
from reportkit.documents.plain_text import PADDING, CellLine, LineRow, LooseRow
from reportkit.errors import Place
from reportkit.imports.published.grids import without_label_blanks
from reportkit.imports.published.labels import FormLabels
from reportkit.imports.published.lexer import VALUES, Kind, Token, Words
from reportkit.imports.published.pages import without_pages
from reportkit.imports.published.printed_tables import Printed
from reportkit.imports.published.radicals import folded
from reportkit.imports.title_patterns import title_patterns
from reportkit.kinds.headings import Headings
from reportkit.model.form import Form
from reportkit.model.spelling import is_numbering

_EDGES = "| \t\u3000\xa0"
_LONGEST_NOTE = 200
_FOOT = re.compile(r"[-–—]\s?\d{1,4}\s?[-–—]\s+(.+)")


class Shape(Enum):
    """How sure it is where a line's cells begin and end."""

    PLAIN = auto()  # words and numbers between white space; a blank cell leaves no trace
    CELLS = auto()  # one cell a line, between pipes: a blank cell is there
    LOOSE = auto()  # a row put together from lines
    HARD = auto()  # a row as the file has it
    LINE = auto()  # such a row in one line, which no lost line can shift
    PRINTED = auto()  # a row of a table that stands there as the form prints it

    @property
    def is_row(self) -> bool:
        """Whether the file says which cells are a row."""
        return self in (Shape.HARD, Shape.LINE, Shape.PRINTED)


_SHAPES: dict[type[Row], Shape] = {LooseRow: Shape.LOOSE, LineRow: Shape.LINE}


class Line(NamedTuple):
    """A line or a row, with its tokens; `joint` and `indented` say how it stands below the one before."""

    text: str
    place: Place
    shape: Shape
    tokens: tuple[Token, ...]
    cells: int = 0  # how many cells of a row are in it; 0 if it has no cells
    joint: Joint = Joint.APART
    indented: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether the line belongs to no table and is no heading."""
        return len(self.tokens) == 1 and self.tokens[0].kind is Kind.PROSE


def lines_of(document: Document, form: Form, *, cut: bool) -> list[Line]:
    """Return the document's lines with their tokens.

    `cut` says that the file may go on: then its last number may have lost digits.
    """
    reader = _Reader(form)
    lines = list(reader.lines(without_pages(document.blocks, reader.is_own, title_patterns(form))))
    return [*lines[:-1], _cut(lines[-1], reader.headings)] if cut and lines else lines


class _Reader:
    """Turns blocks into lines; a label's number on a line of its own waits for the words."""

    def __init__(self, form: Form) -> None:
        self.labels, self.headings = FormLabels(form), Headings(form)
        self._words = Words(self.labels)
        self._printed = Printed(form, self.labels, self._words)
        self._number = ""
        self._note = ""  # what there is of the note, if it is the line before
        self._after_cell = False

    def lines(self, blocks: Sequence[Block]) -> Iterator[Line]:
        for block in blocks:
            if isinstance(block, Grid) and (printed := self._printed.tokens(block)):
                for row, tokens in printed:
                    yield Line(_shown(tokens), row.place, Shape.PRINTED, tokens, len(tokens))
            elif isinstance(block, Grid):
                for row in self._rows(block):
                    yield from self._row(row)
            elif isinstance(block, Paragraph):
                shape = Shape.CELLS if isinstance(block, CellLine) else Shape.PLAIN
                for text in block.text.split("\n"):
                    for line in self._line(tidy(folded(text)), block.place, shape):
                        yield line._replace(joint=block.joint, indented=block.indented)

    def is_own(self, text: str) -> bool:
        """Return whether a line is a heading, or a line of a table, and no words."""
        words = any(token.kind is Kind.PROSE for token in self._words.of_line(text))
        return bool(self.headings.section(text)) or not words

    def _line(self, text: str, place: Place, shape: Shape) -> Iterator[Line]:
        if not text:
            return
        if self.labels.is_around(text):
            yield Line(text, place, shape, (Token(Kind.NOTE, text),))
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

    def _cell_line(self, text: str, content: str, place: Place) -> Iterator[Line]:
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
        note, self._note = self._note, ""
        if note and self.labels.ends_note(note, text):
            return (Token(Kind.NOTE, text),)
        if number and (tokens := self._continued(number, text)):
            return tokens
        if is_numbering(text):
            self._number = text
        tokens = self._words.of_line(text)
        is_note = bool(tokens) and tokens[0].kind is Kind.NOTE
        self._note = (note + text)[-_LONGEST_NOTE:] if is_note else ""
        return tokens

    def _continued(self, number: str, text: str) -> tuple[Token, ...]:
        """The tokens of a line whose first words go with the number before it."""
        first, *rest = text.split(None, 1)
        stub = None if is_numbering(first) else self.labels.stub(number + first)
        if stub is None:
            return ()
        return (Token(Kind.STUB, number + first, stub), *(self._words.of_line(rest[0]) if rest else ()))

    def _rows(self, grid: Grid) -> list[Row]:
        """The rows of a table; of one that lines make up, they are as they stand."""
        rows = list(grid.rows)
        if any(type(row) in _SHAPES for row in rows):
            return rows
        labels = [[self._words.of_cell(tidy(folded(cell.text))).stub is not None for cell in row.cells] for row in rows]
        return without_label_blanks(rows, labels)

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


def _shown(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens if token.text)


def _cut(line: Line, headings: Headings) -> Line:
    if section := headings.begun(line.text):
        return line._replace(tokens=(Token(Kind.HEADING, line.text, section=section),))
    last = next((at for at in range(len(line.tokens) - 1, -1, -1) if line.tokens[at].text), None)
    if last is None or line.tokens[last].kind not in VALUES:
        return line
    tokens = list(line.tokens)
    tokens[last] = Token(Kind.CUT, tokens[last].text)
    return line._replace(tokens=tuple(tokens))
