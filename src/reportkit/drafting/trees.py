"""The labels of a part of a table as trees: merged cells are groups, and so are blanks beside or below a label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reportkit.drafting.layout import Part
from reportkit.drafting.source_grid import Role, SourceCell, SourceGrid, TableError, shortened
from reportkit.translation import _


@dataclass(eq=False)
class Node:
    """A label of a row or a column, or of a group of them; `at` is the row or column of the file in which it begins."""

    label: str
    at: int
    cell: SourceCell | None = None
    children: list[Node] = field(default_factory=list)
    key: str = ""
    doubts: list[str] = field(default_factory=list)

    @property
    def leaves(self) -> list[Node]:
        """The nodes without children below it, in order; itself if it has none."""
        return [leaf for child in self.children for leaf in child.leaves] if self.children else [self]


def paths(nodes: Sequence[Node], above: tuple[Node, ...] = ()) -> Iterator[tuple[Node, ...]]:
    """Yield for each leaf the nodes from the top down to it, in order."""
    for node in nodes:
        if node.children:
            yield from paths(node.children, (*above, node))
        else:
            yield (*above, node)


def dotted(path: Sequence[Node]) -> str:
    """Return the key of a path."""
    return ".".join(node.key for node in path)


class Trees:
    """The labels of a part. Raises TableError where the cells of one level reach across those of the level above."""

    def __init__(self, grid: SourceGrid, part: Part) -> None:
        self._grid, self._part = grid, part
        self._head = part.head
        self.columns = (
            self._without_spacers(self._columns(part.stub, part.right)) if self._head else self._without_heads()
        )
        labelled = part.stub > part.left and part.register is None
        self.rows = self._rows(0, len(part.body), part.left) if labelled else self._without_labels()
        self.corner = self._columns(part.left, part.stub) if self._head and part.stub > part.left else []

    def _without_spacers(self, columns: list[Node]) -> list[Node]:
        """The columns but for those in which nothing stands at all, which only keep others apart."""
        if self._grid.fixed:
            return columns
        kept = [node for node in columns if node.label or node.children or self._is_used(node.at)]
        return kept or columns

    def _is_used(self, column: int) -> bool:
        cells = (self._grid.cells[row, column] for row in self._part.body)
        return any(cell.text or cell.role is Role.FIELD for cell in cells)

    def _without_heads(self) -> list[Node]:
        """A column for each cell of the first row, where the file prints no labels over them."""
        row = self._part.body[0]
        cells = self._grid.starting(row, range(self._part.stub, self._part.right))
        doubt = _("nothing stands over this column in the file")
        return [Node("", cell.column, cell, doubts=[doubt]) for cell in cells]

    def _without_labels(self) -> list[Node]:
        return [Node("", row, None) for row in self._part.body]

    def _columns(self, left: int, right: int, level: int = 0) -> list[Node]:
        """The labels between two columns, from a level of the heads on down."""
        found, column = [], left
        while column < right:
            cell = self._grid.cells[self._head[level], column]
            self._check(cell.column == column and cell.right <= right and cell.row == self._head[level], cell)
            below = self._level_below(cell)
            end, doubts = self._end_of_group(cell, right, below)
            node = Node(cell.text, column, cell, doubts=doubts)
            if below < len(self._head):
                node.children = self._columns(column, end, below)
                self._drop_blank(node)
            found.append(node)
            column = end
        return found

    def _level_below(self, cell: SourceCell) -> int:
        return next((level for level, row in enumerate(self._head) if row >= cell.bottom), len(self._head))

    def _end_of_group(self, cell: SourceCell, right: int, below: int) -> tuple[int, list[str]]:
        """Where a label ends: without merged cells, it goes on over the blanks beside it that have labels below."""
        end = cell.right
        if self._grid.fixed or below == len(self._head) or not cell.text:
            return end, []
        while end < right and self._goes_on(
            self._grid.cells[cell.row, end], end, self._grid.cells[self._head[below], end]
        ):
            end = self._grid.cells[cell.row, end].right
        return end, [] if end == cell.right else [_("the cells beside it are blank, not merged with it")]

    @staticmethod
    def _goes_on(blank: SourceCell, column: int, below: SourceCell) -> bool:
        return not blank.text and blank.column == column and blank is not below and bool(below.text)

    def _drop_blank(self, node: Node) -> None:
        """Let a label reach down over a blank cell that is as wide."""
        if self._grid.fixed or len(node.children) != 1 or node.children[0].label or node.children[0].children:
            return
        node.children = []

    def _rows(self, first: int, last: int, column: int) -> list[Node]:
        """The labels of some of the rows, from a column on to the right."""
        body, found, at = self._part.body, [], first
        while at < last:
            cell = self._grid.cells[body[at], column]
            self._check(cell.row == body[at] and cell.column == column and cell.right <= self._part.stub, cell)
            end = next((number for number in range(at + 1, len(body)) if body[number] >= cell.bottom), len(body))
            self._check(end <= last, cell)
            end, doubts = self._end_of_rows(cell, end, last)
            node = Node(cell.text, body[at], cell, doubts=doubts)
            if cell.right < self._part.stub:
                node.children = self._rows(at, end, cell.right)
                self._drop_blank(node)
            if not node.children and end > at + 1:
                words = _(
                    "{origin}: {place}: {label} stands before {count} rows of figures; a row has labels of its own: "
                    "split the cell, or merge the figures beside it"
                )
                raise TableError(self._error_words(words, cell, count=end - at))
            found.append(node)
            at = end
        return found

    def _end_of_rows(self, cell: SourceCell, end: int, last: int) -> tuple[int, list[str]]:
        """The row after a label: without merged cells, it goes on over the blanks below it that have labels beside."""
        body, before = self._part.body, end
        if self._grid.fixed or cell.right >= self._part.stub or not cell.text:
            return end, []
        while end < last:
            blank, beside = self._grid.cells[body[end], cell.column], self._grid.cells[body[end], cell.right]
            if blank.text or blank.row != body[end] or blank.role is Role.FIELD or not beside.text:
                break
            end += 1
        return end, [] if end == before else [_("the cells below it are blank, not merged with it")]

    def _check(self, fits: bool, cell: SourceCell) -> None:
        if not fits:
            words = _(
                "{origin}: {place}: {label} reaches across the edge of the label above or before it; "
                "each merged cell lies within one cell of the level above: mend the merge"
            )
            raise TableError(self._error_words(words, cell))

    def _error_words(self, words: str, cell: SourceCell, **values: object) -> str:
        place = self._grid.place(cell)
        return words.format(origin=self._grid.origin, place=place, label=shortened(cell.text), **values)
