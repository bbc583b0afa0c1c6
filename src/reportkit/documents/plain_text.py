"""Plain text -> Document: rows where tabs or pipes mark them, paragraphs for every other line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportkit.documents.document import Block, Cell, Document, Grid, Joint, Paragraph, Row
from reportkit.errors import Place

_ADDRESS = re.compile(r"\s*https?://\S*.*")
_LINE_END = re.compile("[\n\v\x85\u2028\u2029]")
_INDENT = re.compile(r"[ \xa0]{2}|\u3000|\t")
_PAGE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_RULE = re.compile(r"[\s|:：]*+-[\s|:：-]*+")
_ONE_FIGURE = re.compile(r"\s*+(?:\|\s*+)?[+-]?\d[\d.,]*+\s*+\|[\s|]*+")
_LONE_PIPES = re.compile(r"\s*+\|[\s|]*+")
_FILLERS = re.compile(r"\|\s(\|{2,})$")
_FEW = 3
"""So many lines that are one cell each tell that a line is a cell, not a row."""


PADDING = "|"
"""The text of a cell that only fills its row up."""


class LineRow(Row):
    """A row that is one line: a line that is lost takes all of it."""


class LooseRow(Row):
    """A row put together from several lines: a line that is lost shifts its cells."""


class _Pipes(NamedTuple):
    """How a file sets rows with pipes: one in front of each, and fillers behind them."""

    fenced: bool
    padded: bool


class _Line(NamedTuple):
    """A line of the text, its number, and whether a page ends before it."""

    text: str
    place: Place
    is_fed: bool


class CellLine(Paragraph):
    """A line that is one cell, or the pipe between two of them."""


def text_document(text: str, path: str) -> Document:
    """Return the rows and lines of a text; the place of each is its line number."""
    lines = _lines(text.replace("\r\n", "\n").replace("\r", "\n"))
    if lines and _ADDRESS.fullmatch(lines[0].text):
        lines[0] = lines[0]._replace(text="")
    _blank_page_numbers(lines)
    texts = [line.text for line in lines]
    return Document(path, tuple(_blocks(lines, _is_cells(texts), _Pipes(_is_fenced(texts), _is_padded(texts)))))


def _lines(text: str) -> list[_Line]:
    """The lines, numbered as an editor numbers them; a form feed ends a line and a page."""
    return [
        _Line(part, number, is_fed=at > 0)
        for number, line in enumerate(text.split("\n"), 1)
        for at, of_page in enumerate(line.split("\f"))
        for part in _LINE_END.split(of_page)
    ]


def _blank_page_numbers(lines: list[_Line]) -> None:
    """Take away a page's number at the foot of the page, where the text marks the page's end."""
    last: int | None = None
    for at, line in enumerate(lines):
        if line.is_fed and last is not None and _PAGE_NUMBER.fullmatch(lines[last].text):
            lines[last] = lines[last]._replace(text="")
        if line.text.strip():
            last = at


def _is_cells(lines: Sequence[str]) -> bool:
    """Whether a line between pipes is a cell rather than a row."""
    lone = sum(bool(_LONE_PIPES.fullmatch(line)) for line in lines)
    figures = sum(bool(_ONE_FIGURE.fullmatch(line)) for line in lines)
    return lone >= _FEW or figures >= _FEW


def _is_fenced(lines: Sequence[str]) -> bool:
    """Whether rows begin with a pipe: where they do not, a pipe in front stands behind a blank cell."""
    first = [line.lstrip()[0] for line in lines if "|" in line and line.strip("| \t")]
    return first.count("|") * 2 > len(first)


def _is_padded(lines: Sequence[str]) -> bool:
    """Whether rows are filled up at their end: then a single blank cell there may be a filler."""
    return any(_FILLERS.search(line.strip()) for line in lines)


def _blocks(lines: Sequence[_Line], cells: bool, pipes: _Pipes) -> Iterator[Block]:
    """Rows that follow each other are a grid; blank lines do not part them."""
    texts = [line.text for line in lines]
    rows: list[Row] = []
    joint = Joint.APART
    at = 0
    while at < len(lines):
        line, place = texts[at], lines[at].place
        joint = Joint.PAGE if lines[at].is_fed else joint
        at += 1
        if line.startswith("\t") and line.count("\t") == 1:
            end = _end_of_row(texts, at)
            rows.append(_loose_row(texts[at - 1 : end], place))
            at, joint = end, Joint.APART
        elif "\t" in line.strip():
            rows.append(LineRow(tuple(Cell(cell.strip()) for cell in line.split("\t")), place))
            joint = Joint.APART
        elif "|" in line and not cells:
            rows += _pipe_row(line, place, pipes)
            joint = Joint.APART
        elif line.strip():
            if rows:
                yield Grid(tuple(rows), rows[0].place)
                rows = []
            paragraph = Paragraph(line.strip(), place, joint, bool(_INDENT.match(line)))
            yield CellLine(*paragraph) if cells else paragraph
            joint = Joint.NEXT
        elif joint is Joint.NEXT:
            joint = Joint.APART
    if rows:
        yield Grid(tuple(rows), rows[0].place)


def _end_of_row(lines: Sequence[str], at: int) -> int:
    """The line after a row whose cells begin with a tab each: a blank line, or one with several cells, ends it."""
    while at < len(lines) and (lines[at].startswith("\t") or lines[at].strip()) and lines[at].count("\t") <= 1:
        at += 1
    return at


def _loose_row(lines: Sequence[str], place: Place) -> LooseRow:
    """A line without a tab goes on with the cell before it."""
    cells: list[list[str]] = []
    for line in lines:
        if line.startswith("\t"):
            cells.append([])
        cells[-1].append(line.strip())
    return LooseRow(tuple(Cell("\n".join(cell)) for cell in cells), place)


def _pipe_row(line: str, place: Place, pipes: _Pipes) -> list[Row]:
    """The row of a line with pipes; none for the line below the header that Markdown wants."""
    if _RULE.fullmatch(line):
        return []
    inner = line.strip().removesuffix("|")
    cells = [cell.strip() for cell in (inner.removeprefix("|") if pipes.fenced else inner).split("|")]
    fillers = _FILLERS.search(line.strip())
    spare = len(fillers[1]) if fillers else int(pipes.padded and cells[-2:-1] != [""] and not cells[-1])
    cells[len(cells) - spare :] = [PADDING] * spare
    return [LineRow(tuple(map(Cell, cells)), place)]
