"""The values of one row: exactly as many as the form has columns, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportkit.forms import Block
from reportkit.readers.figures import half_width
from reportkit.readers.published.labels import Stub
from reportkit.readers.published.tokens import Shape
from reportkit.readers.published.words import Token


class Value(NamedTuple):
    """The text of a cell, "" if it is blank, and where it stands."""

    text: str
    place: str


class Unread(NamedTuple):
    """Why a row was not read: a code and a sentence that goes on after its name."""

    code: str
    message: str


class Found(NamedTuple):
    """A row as one place of the file has it.

    A `silent` row has no values, and nothing that shows blank cells. `spare` is how many cells a row of the file has
    besides its label and its values; None if the file has no such rows.
    """

    stub: Stub
    place: str
    values: tuple[Value, ...] = ()
    unread: Unread | None = None
    silent: bool = False
    spare: int | None = None

    @property
    def has_holes(self) -> bool:
        """Whether some of its cells are blank and some are not: only their number says which are which."""
        texts = [value.text for value in self.values]
        return any(texts) and not all(texts)


@dataclass
class OpenRow:
    """A row while its cells are gathered."""

    stub: Stub
    block: Block
    place: str
    line: int
    shape: Shape
    header: Unread | None = None
    cells: list[tuple[Token, int, str]] = field(default_factory=list)  # with line and place
    gap: bool = False  # words stand after its values
    broken: bool = False  # and more values after them
    footed: bool = False  # a page's number, or placeholders around a number, behind it
    cut: bool = False  # the file ends in it
    ended: bool = False  # its end is marked
    shared: bool = False  # other rows, or numbers before its label, stand in the same line
    tainted: bool = False  # numbers before the first label: the values may stand above their labels
    after: int = 0  # the token after it

    @property
    def width(self) -> int:
        """How many values the row has in the form."""
        return len(self.block.column_leaves)

    @property
    def is_one_line(self) -> bool:
        """Whether label and values stand in one line, which no lost line can shift."""
        in_line = all(line == self.line for _, line, _ in self.cells)
        return self.shape is Shape.HARD or (self.shape is Shape.PLAIN and in_line and not self.shared)

    def found(self) -> Found:
        """Return what was read of the row."""
        if self.header:
            return self._unread(*self.header)
        if self.shape is Shape.HARD:
            return self._hard()._replace(spare=len(self.cells) - self.width)
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
        if not any(texts) and len(texts) >= self.width and not self.cut:
            return self._read(self.cells[: self.width])
        if len(texts) != self.width or self.broken or not (self.ended or texts[-1]):
            return self._miscounted()
        return self._read(self.cells)

    def _hard(self) -> Found:
        """A row of the file: more cells than values must be blank, and leave one way to read the row."""
        texts = [token.text for token, _, _ in self.cells]
        starts = [
            start
            for start in range(len(texts) - self.width + 1)
            if not any(texts[:start]) and not any(texts[start + self.width :])
        ]
        readings = {tuple(texts[start : start + self.width]) for start in starts}
        if len(readings) != 1 or self.broken or (self.cut and not all(texts)):
            return self._miscounted()
        return self._read(self.cells[starts[0] : starts[0] + self.width])

    def _ends_in_page_number(self) -> bool:
        """Whether all values stand in the label's line, add up, and one more number stands alone in another line."""
        *values, (_, last_line, _) = self.cells
        in_line = {line for _, line, _ in values} == {self.line if self.stub.core else values[0][1]}
        numbers = [half_width(token.text) for token, _, _ in values]
        if self.shared or not in_line or last_line == values[0][1] or not all(map(str.isdecimal, numbers)):
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

    def _read(self, cells: Sequence[tuple[Token, int, str]]) -> Found:
        return Found(self.stub, self.place, tuple(Value(token.text, place) for token, _, place in cells))

    def _miscounted(self) -> Found:
        texts = " ".join(token.text or "空" for token, _, _ in self.cells)
        many = f"{len(self.cells)} 个（{texts[:60]}）" if self.cells else "0 个"
        if self.cut:
            return self._unread("D41", f"应有 {self.width} 个数，文件在 {many}之后断了，没有读")
        return self._unread("D23", f"应有 {self.width} 个数，这里有 {many}，不能确定哪个数在哪一格，没有读")

    def _unread(self, code: str, message: str) -> Found:
        return Found(self.stub, self.place, unread=Unread(code, message))


def _is_scattered(cells: Sequence[tuple[Token, int, str]]) -> bool:
    """Whether the values stand neither in one line nor in one line each: some may be of something else."""
    in_line = Counter(line for _, line, _ in cells)
    return len(in_line) > 1 and max(in_line.values()) > 1
