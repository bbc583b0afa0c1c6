"""Which rows of a table are titles, heads and data, and where its labels end: the parts that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reportkit.drafting.cell_types import is_unit_note
from reportkit.drafting.register import Register, register_in
from reportkit.drafting.row_lines import Line, is_filled, lead_of, lines_of
from reportkit.drafting.source_grid import Role, SourceCell, SourceGrid, TableError
from reportkit.model.spelling import squeezed
from reportkit.translation import _

_NUMBERING = re.compile(r"行次|栏次|序号|编码|代码|科目编码|No\.?|Line")


@dataclass
class Part:
    """Rows under heads of their own, from `left` to `right` (not within); `stub` is the first column of the figures.

    `beside` tells that it stands to the right of the part before it, `repeated` that the file prints no heads over it,
    but those of the part before it hold. The last `foot` rows stand at the bottom, where the part beside it has more.
    A `register` leaves its rows open.
    """

    title: SourceCell | None
    head: list[int]
    body: list[int]
    left: int
    right: int
    stub: int = 0
    beside: bool = False
    repeated: bool = False
    foot: int = 0
    register: Register | None = None


@dataclass
class Layout:
    """The parts of a table from the top down, and the lines over and under them that are none of its rows."""

    parts: list[Part]
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def layout_of(grid: SourceGrid) -> Layout:
    """Return the parts of a table. Raises TableError for one without labels, or without anything to fill in."""
    return _Reader(grid).layout()


class _Reader:
    def __init__(self, grid: SourceGrid) -> None:
        self._grid = grid
        self._columns = grid.columns
        self._filled = is_filled(grid)

    def layout(self) -> Layout:
        lines = lines_of(self._grid)
        found = Layout([])
        while lines and lines[-1][1] is not Line.DATA:  # a note, or who has filled it in
            found.below.insert(0, " ".join(filter(None, (cell.text for cell in self._grid.starting(lines.pop()[0])))))
        groups = _groups(lines)
        if groups:
            found.above += self._before(groups[0])
        for group in groups:
            found.parts += self._parts(group, found.parts)
        if len(groups) == 1 and found.parts:
            found.parts = self._with_open_rows(found.parts)
        if not any(cell.is_label and cell.text for cell in self._grid.all_cells()):
            words = _(
                "{origin}: the table has no labels; a form needs one over each column and before each row: "
                "name the file in which the table has them"
            )
            raise TableError(words.format(origin=self._grid.origin))
        if not found.parts:
            words = _(
                "{origin}: no cell for figures was found: a form's table has labels over its columns and before its "
                "rows, and cells that are blank or hold figures"
            )
            raise TableError(words.format(origin=self._grid.origin))
        return found

    def _before(self, group: list[tuple[int, Line]]) -> list[str]:
        """The titles at the top of a table that are none of a part: all but the last."""
        lines = []
        while len(group) > 1 and group[0][1] is Line.TITLE and self._is_line_above(group):
            lines.append(self._grid.starting(group.pop(0)[0])[0].text)
        if len(group) > 2 and group[1][1] is Line.TITLE and self._is_unit(group[1][0]):
            lines.append(self._grid.starting(group.pop(1)[0])[0].text)
        return lines

    def _is_line_above(self, group: Sequence[tuple[int, Line]]) -> bool:
        """Whether a title is followed by another one that is over heads, or says but the unit of the table."""
        if group[1][1] is Line.TITLE:
            return not self._is_unit(group[1][0]) and _is_over_head(group[1:])
        return group[1][1] is Line.HEAD and self._is_unit(group[0][0])

    def _is_unit(self, row: int) -> bool:
        return is_unit_note(self._grid.starting(row)[0].text)

    def _parts(self, group: list[tuple[int, Line]], before: Sequence[Part]) -> list[Part]:
        titles = [row for row, line in group if line is Line.TITLE]
        head = [row for row, line in group if line is Line.HEAD]
        body = [row for row, line in group if line is Line.DATA]
        if not body:
            return []
        repeated = bool(titles) and not head and bool(before)
        if titles and not head and not before:
            head = [titles.pop()]  # a single column over all the width
        title = self._grid.starting(titles[-1])[0] if titles else None
        part = Part(title, head or (before[-1].head if repeated else []), body, *self._edges(), repeated=repeated)
        return self._sides(part)

    def _with_open_rows(self, parts: list[Part]) -> list[Part]:
        """The one part with open rows, if that is what the table is."""
        part = parts[0]
        if found := register_in(self._grid, part.head, part.body if len(parts) == 1 else [*self._all_rows(part)]):
            body = [found.line, *([found.sums] if found.sums is not None else [])]
            edges = self._columns.start, self._columns.stop
            return [Part(part.title, part.head, body, *edges, stub=edges[0] + found.numbered, register=found)]
        return parts

    def _all_rows(self, part: Part) -> Iterable[int]:
        return (row for row in self._grid.rows if row >= part.body[0] and self._grid.starting(row))

    def _edges(self) -> tuple[int, int]:
        return self._columns.start, self._columns.stop

    def _sides(self, part: Part) -> list[Part]:
        """The halves that stand beside each other, each with labels of its own; the part itself if it has none."""
        part.stub = self._stub(part)
        middle = self._second_labels(part)
        if not middle:
            return [part]
        sides = []
        for left, right in zip([part.left, *middle], [*middle, part.right], strict=True):
            side = Part(part.title, part.head, part.body, left, right, beside=left > part.left)
            self._take_title(side)
            side.stub = self._stub(side)
            if not any(self._is_row_of(row, side) for row in side.body):
                return [part]  # a half has labels before its rows
            self._drop_padding(side)
            sides.append(side)
        return sides

    def _drop_padding(self, side: Part) -> None:
        """Leave out the rows in which a half has nothing, as it has fewer than the other: `foot` are those below."""
        there = [self._is_row_of(row, side) for row in side.body]
        if not all(there):
            last_gap = len(there) - 1 - there[::-1].index(False)
            side.foot = len(there) - 1 - last_gap
            side.body = [row for row, is_there in zip(side.body, there, strict=True) if is_there]

    def _is_row_of(self, row: int, side: Part) -> bool:
        """Whether a row has a label in a half, be it that of a group that begins above."""
        return any(self._grid.cells[row, column].text for column in range(side.left, side.stub))

    def _take_title(self, side: Part) -> None:
        """Let what stands over all of a half be its title."""
        over = self._grid.cells[side.head[0], side.left] if len(side.head) > 1 else None
        if over and over.column == side.left and over.right == side.right and over.bottom <= side.head[1]:
            side.title, side.head = over, side.head[1:]

    def _stub(self, part: Part) -> int:
        """The first column of figures: after the labels before the rows, as far as the corner reaches."""
        leads = [lead for row in part.body if (lead := lead_of(self._grid, row, range(part.left, part.right)))]
        corner = self._corner(part)
        if corner and any(row >= corner.bottom for row in part.head):
            corner = None  # it heads others
        least = min(leads, default=0)
        if least >= part.right - part.left:
            least = 0 if corner is None else corner.right - part.left
        if leads and corner is not None and corner.right < part.right and least < corner.right - part.left:
            least = corner.right - part.left
        stub = part.left + (least if least < part.right - part.left else 1)
        while part.left < stub < part.right - 1 and self._numbers_rows(part, stub):
            stub += 1
        return stub

    def _numbers_rows(self, part: Part, column: int) -> bool:
        """Whether a column of figures behind the labels holds the numbers or codes of the rows."""
        heads = (self._grid.cells[row, column].text for row in part.head)
        cells = [self._grid.cells[row, column] for row in part.body]
        return any(map(_NUMBERING.fullmatch, heads)) and all(cell.text and cell.role is Role.OPEN for cell in cells)

    def _corner(self, part: Part) -> SourceCell | None:
        return self._grid.cells[part.head[0], part.left] if part.head else None

    def _second_labels(self, part: Part) -> list[int]:
        """The columns of labels within those of the figures: a table whose halves stand beside each other."""
        if self._grid.fixed and not any(
            self._is_label_at(row, column) for row in part.body for column in self._inner(part)
        ):
            return []
        return [column for column in self._inner(part) if self._begins_a_half(part, column)]

    def _inner(self, part: Part) -> range:
        return range(part.stub + 1, part.right - 1)

    def _is_label_at(self, row: int, column: int) -> bool:
        cell = self._grid.cells[row, column]
        return cell.is_label and cell.column == column and bool(cell.text)

    def _begins_a_half(self, part: Part, column: int) -> bool:
        """Whether labels of rows begin in a column, with something to fill in before them."""
        rows = [row for row in part.body if self._is_label_at(row, column)]
        values = [self._grid.cells[row, column - 1] for row in rows]
        others = [self._grid.cells[row, column] for row in part.body if row not in rows]
        if not rows or any(self._grid.cells[row, column].column < column for row in part.head):
            return False
        if self._grid.fixed:
            return any(cell.role is Role.FIELD or not cell.text for cell in values)
        if any(cell.is_figure for cell in others) or any(cell.is_label for cell in values):
            return False
        alike = any(self._is_alike(row, part.left, column) for row in part.head)
        return alike or not self._filled

    def _is_alike(self, row: int, left: int, column: int) -> bool:
        """Whether a row of heads has the same label in two columns."""
        one, other = (self._grid.cells[row, at].text for at in (left, column))
        return bool(one) and squeezed(one) == squeezed(other)


def _groups(lines: Sequence[tuple[int, Line]]) -> list[list[tuple[int, Line]]]:
    """The rows of each part: a new one begins with the first row after data that is none."""
    groups: list[list[tuple[int, Line]]] = []
    for at, (row, line) in enumerate(lines):
        if not at or (line is not Line.DATA and lines[at - 1][1] is Line.DATA):
            groups.append([])
        groups[-1].append((row, line))
    return groups


def _is_over_head(group: Sequence[tuple[int, Line]]) -> bool:
    """Whether a title has something else below it than data: it is no head itself."""
    return len(group) > 1 and group[1][1] is not Line.DATA
