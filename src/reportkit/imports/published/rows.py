"""The values of one row: exactly as many as the form has columns, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportkit.errors import Place
from reportkit.imports.published.labels import Stub
from reportkit.imports.published.lexer import Kind, Token
from reportkit.imports.published.tokens import Shape
from reportkit.messages.words import phrase
from reportkit.model.form import Block
from reportkit.model.numbers import MAX_DIGITS, half_width


class Value(NamedTuple):
    """The text of a cell, "" if it is blank, and where it stands."""

    text: str
    place: Place


class Unread(NamedTuple):
    """Why a row was not read: the name of the sentence, and its values but for the row's own name."""

    name: str
    values: tuple[tuple[str, object], ...] = ()

    @property
    def code(self) -> str:
        """The code."""
        return self.name.partition(".")[0]


def why(name: str, /, **values: object) -> Unread:
    """Return why a row was not read."""
    return Unread(name, tuple(values.items()))


class Found(NamedTuple):
    """A row as one place of the file has it.

    A `silent` row has no values, and nothing that shows blank cells. `spare` is how many cells a row of the file has
    besides its label and its values; None if the file has no such rows. `excess` is how many more the row has than the
    other rows of the table; None if these are not equally long.
    """

    stub: Stub
    place: Place
    values: tuple[Value, ...] = ()
    unread: Unread | None = None
    silent: bool = False
    spare: int | None = None
    excess: int | None = None


@dataclass
class OpenRow:
    """A row while its cells are gathered."""

    stub: Stub
    block: Block
    place: Place
    line: int
    shape: Shape
    header: Unread | None = None
    cells: list[tuple[Token, int, Place]] = field(default_factory=list)  # with line and place
    gap: bool = False  # words stand after its values
    broken: bool = False  # and more values after them
    footed: bool = False  # a page's number, or placeholders around a number, behind it
    cut: bool = False  # the file ends in it
    ended: bool = False  # its end is marked
    shared: bool = False  # other rows, or numbers before its label, stand in the same line
    tainted: bool = False  # numbers before the first label: the values may stand above their labels
    after: int = 0  # the token after it
    excess: int | None = None  # how many cells more than the other rows of its table it has, if these agree

    @property
    def width(self) -> int:
        """How many values the row has in the form."""
        return len(self.block.column_leaves)

    @property
    def is_one_line(self) -> bool:
        """Whether label and values stand in one line, which no lost line can shift."""
        in_line = all(line == self.line for _, line, _ in self.cells)
        return self.shape in (Shape.LINE, Shape.PRINTED) or (self.shape is Shape.PLAIN and in_line and not self.shared)

    def found(self) -> Found:
        """Return what was read of the row."""
        if self.header:
            return self._unread(self.header)
        if self.shape is Shape.PRINTED:
            return self._read(self.cells) if len(self.cells) == self.width else self._miscounted()
        if self.shape.is_row:
            return self._hard()._replace(spare=len(self.cells) - self.width, excess=self.excess)
        return self._plain() if self.shape is Shape.PLAIN else self._marked()

    def _plain(self) -> Found:
        """Words and numbers: a blank cell leaves no trace, so there are all values or none."""
        if not self.cells and not self.cut and not self.footed:
            return Found(self.stub, self.place, silent=True)
        cells = self.cells
        if len(cells) == self.width + 1 and self._ends_in_page_number():
            cells = cells[:-1]
        if len(cells) != self.width or self.broken or _is_scattered(cells):
            return self._miscounted()
        return self._read(cells)

    def _marked(self) -> Found:
        """Cells of several lines: blank ones are marked, but those behind the values may be of the next row."""
        texts = [token.text for token, _, _ in self.cells]
        values, spare = self.cells[: self.width], texts[self.width :]
        cut = self.cut and self.excess != 0
        if not any(texts) and len(values) == self.width and not _is_padded(values) and not cut:
            return self._read(values)._replace(spare=len(spare), excess=self.excess)
        last = max((at for at, text in enumerate(texts) if text), default=0)
        # A single blank at the end may be a filler in whose stead a blank cell stood further in front.
        ends = self.ended or last >= self.width - 1 or (self.excess == 0 and len(texts) > last + 2)
        if len(values) < self.width or any(spare) or _is_padded(values) or self.broken or not ends:
            return self._miscounted()
        if spare and (cut or self.shape is not Shape.CELLS):
            return self._miscounted()
        return self._read(values)._replace(spare=len(spare), excess=self.excess)

    def _hard(self) -> Found:
        """A row of the file: more cells than values must be blank, and leave one way to read the row."""
        filled = any(token.text for token, _, _ in self.cells)
        cells = _without_padding(self.cells) if filled else self.cells
        texts = [token.text for token, _, _ in cells]
        first = next((at for at, text in enumerate(texts) if text), len(texts))
        last = next((at for at in range(len(texts) - 1, -1, -1) if texts[at]), -1)
        starts = range(max(last + 1 - self.width, 0), min(first, len(texts) - self.width) + 1)
        readings = {tuple(texts[start : start + self.width]) for start in starts}
        if len(readings) != 1 or self.broken or (self.cut and not all(texts) and self.excess != 0):
            return self._miscounted()
        return self._read(cells[starts[0] : starts[0] + self.width])

    def _ends_in_page_number(self) -> bool:
        """Whether all values stand in the label's line, add up, and one more number stands alone in another line."""
        *values, (_, last_line, _) = self.cells
        in_line = {line for _, line, _ in values} == {self.line if self.stub.core else values[0][1]}
        numbers = [half_width(token.text) for token, _, _ in values]
        plain = all(number.isdecimal() and len(number) <= MAX_DIGITS for number in numbers)
        if self.shared or not in_line or last_line == values[0][1] or not plain:
            return False
        return self._adds_up([int(number) for number in numbers])

    def _adds_up(self, numbers: Sequence[int]) -> bool:
        """Whether the columns up to each total make that total, where the block has totals."""
        parts: list[int] = []
        leaves = self.block.column_leaves
        for leaf, number in zip(leaves, numbers, strict=True):
            if leaf.key.rpartition(".")[2] != "total":
                parts.append(number)
            elif sum(parts) == number:
                parts = []
            else:
                return False
        return not parts

    def _read(self, cells: Sequence[tuple[Token, int, Place]]) -> Found:
        return Found(self.stub, self.place, tuple(Value(token.text, place) for token, _, place in cells))

    def _miscounted(self) -> Found:
        if not self.cells:
            return self._unread(why("D41.label" if self.cut else "D23.none", width=self.width))
        texts, count = " ".join(token.text or phrase("blank_cell") for token, _, _ in self.cells), len(self.cells)
        return self._unread(
            why("D41.cells" if self.cut else "D23.count", width=self.width, count=count, texts=texts[:60])
        )

    def _unread(self, reason: Unread) -> Found:
        return Found(self.stub, self.place, unread=reason)


def _without_padding(cells: list[tuple[Token, int, Place]]) -> list[tuple[Token, int, Place]]:
    """The cells without those at the end that only fill the row up."""
    end = len(cells)
    while end and cells[end - 1][0].kind is Kind.PAD:
        end -= 1
    return cells[:end]


def _is_padded(cells: Sequence[tuple[Token, int, Place]]) -> bool:
    """Whether something that only fills its row up stands among the values: some may have moved to the front."""
    return any(token.kind is Kind.PAD for token, _, _ in cells)


def _is_scattered(cells: Sequence[tuple[Token, int, Place]]) -> bool:
    """Whether the values stand neither in one line nor in one line each: some may be of something else."""
    in_line = Counter(line for _, line, _ in cells)
    return len(in_line) > 1 and max(in_line.values()) > 1
