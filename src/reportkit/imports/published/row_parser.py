"""Lines of tokens -> the rows of a form's tables, each with its values or the reason why they were not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportkit.errors import Place
from reportkit.imports.published import columns
from reportkit.imports.published.column_heads import Head
from reportkit.imports.published.labels import Stub
from reportkit.imports.published.lexer import VALUES, Kind, Token
from reportkit.imports.published.order import Order
from reportkit.imports.published.row_widths import even
from reportkit.imports.published.rows import Found, OpenRow, Unread, why
from reportkit.imports.published.table_widths import excesses
from reportkit.imports.published.tokens import Line, Shape
from reportkit.kinds import kind_of
from reportkit.messages.words import joined, phrase
from reportkit.model.form import Form
from reportkit.model.spelling import letters

_ROWS = (Shape.HARD, Shape.LINE, Shape.LOOSE, Shape.PRINTED)
_ABOVE_ROWS = {Kind.HEADING, Kind.TITLE, Kind.CORNER, Kind.HEAD}
_FEW = 5
"""Fewer numbers than this, without a label, are a page's number rather than a row."""


class Sum(NamedTuple):
    """A group of rows that the file has as one row, with the values that stand there."""

    label: str
    values: tuple[str, ...]
    place: Place


@dataclass
class Rows:
    """What a file has of a form's tables: rows in the order in which they were met, and what belongs to none."""

    found: list[Found] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    strangers: list[tuple[str, Place]] = field(default_factory=list)  # rows that the form does not have, with place
    sums: list[Sum] = field(default_factory=list)
    aside: list[tuple[str, Place]] = field(default_factory=list)  # words in rows that are no label, with place
    used: set[int] = field(default_factory=set)  # numbers of the lines of which something is in a row or told
    corners: int = 0
    under_columns: set[tuple[str, int]] = field(default_factory=set)  # blocks with rows under columns of their own


def read_rows(lines: Sequence[Line], form: Form, *, cut: bool) -> Rows:
    """Return the rows that stand in these lines; `cut` says that the file may go on after them."""
    walk = _Walk(lines, form, cut=cut)
    for number, line in enumerate(lines):
        walk.line(number, line)
    walk.end(cut=cut)
    walk.rows.found[:] = even(walk.rows.found, walk.rows.heads, form)
    return walk.rows


class _Walk:
    """Goes through the tokens with the headers that hold and the row that is open."""

    def __init__(self, lines: Sequence[Line], form: Form, *, cut: bool) -> None:
        self.rows = Rows()
        self._blocks = {
            (key, at): block for key, table in form.keyed_tables.items() for at, block in enumerate(table.blocks)
        }
        self._unlabelled = {
            place: Stub(*place, 0, block.row_leaves[0].key, "", "", "")
            for place, block in self._blocks.items()
            if not block.stub_depth
        }
        self._spanners = kind_of(form).vocabulary.spanners
        self._order = Order(lines, form)
        self._with_table = {section.key: section.table.key for section in form.sections if section.table}
        self._section = ""
        self._run: list[str] | None = None
        self._run_place: Place = ""
        self._run_cells = 0
        self._head: Head | None = None
        self._open: OpenRow | None = None
        self._group: Stub | None = None  # the group whose label was the last one
        self._of_group: list[str] = []
        self._group_label: tuple[str, Place] = ("", "")
        self._rows_under_head = 0
        self._tainted = False
        self._at = 0  # tokens seen
        self._in_line = 0  # labels of rows and columns in the line
        self._last = len(lines) - 1 if cut else -1
        self._excesses = excesses(lines)

    def line(self, number: int, line: Line) -> None:
        """Take the tokens of one line; a row of the file is over at its end."""
        if line.shape not in _ROWS:
            self._take_all(line.tokens, number, line)
            return
        kinds = {token.kind for token in line.tokens}
        if kinds <= VALUES | {Kind.CUT}:
            self._bare_row(number, line)
        elif Kind.NUMBER in kinds and not kinds & {Kind.STUB, Kind.RUN_ON}:
            self._stranger(number, line)
        else:
            # What stands before the label is a number of the row, or the cell of a group.
            before = 0 if kinds & _ABOVE_ROWS else _label_at(line.tokens)
            self._at += before
            aside = [token.text for token in line.tokens[:before] if token.kind is Kind.PROSE]
            self.rows.aside += [(text, line.place) for text in aside]
            self._take_all(line.tokens[before:], number, line)
        if self._open:
            self._open.ended = True
            self._open.cut = self._open.cut or number == self._last
            self.close()

    def end(self, *, cut: bool) -> None:
        """End the row that is open when the file ends."""
        self._end_group()
        if self._open:
            self._open.cut = self._open.cut or cut
        self.close()

    def close(self) -> None:
        """End the row that is open, if there is one."""
        row, self._open = self._open, None
        if row is not None:
            self.rows.used.update(line for _, line, _ in row.cells)
        if row is None or (row.header and not row.stub.core and len(row.cells) < _FEW):
            return
        found = row.found()
        if found.values and row.stub.core and not row.is_one_line and any(value.text for value in found.values):
            found = self._doubted(row, found)
        self.rows.found.append(found)
        self._rows_under_head += 1

    def _take_all(self, tokens: Sequence[Token], number: int, line: Line) -> None:
        self._in_line = sum(token.kind in (Kind.STUB, Kind.HEAD) and not _heads_rows(token) for token in tokens)
        for token in tokens:
            self._at += 1
            self._take(token, number, line)

    def _take(self, token: Token, number: int, line: Line) -> None:
        if token.kind not in VALUES:
            self._end_group()
        match token.kind:
            case Kind.HEADING:
                self._end_head()
                self._head, self._section, self._tainted = None, token.section, False
            case Kind.PROSE | Kind.NOTE:
                self._prose(token, number, line)
            case Kind.TITLE | Kind.CORNER:
                self.rows.corners += token.kind is Kind.CORNER
                self._begin_head(line.place)
                self._run_cells = len(line.tokens) - 1 if line.shape.is_row else 0
            case Kind.HEAD:
                if self._run is None:
                    self._begin_head(line.place)
                assert self._run is not None
                self._run.append(token.text)
            case Kind.PIECE:
                self._piece(token, number, line)
            case Kind.STUB | Kind.RUN_ON:
                self._stub(token, number, line)
            case Kind.FOOT:
                if self._open:
                    self._open.footed = True
            case Kind.CUT:
                if self._open:
                    self._open.cut = True
            case _:
                self._value(token, number, line)

    def _begin_head(self, place: Place) -> None:
        self.close()
        self._run, self._run_place, self._run_cells, self._head = [], place, 0, None
        self._rows_under_head, self._tainted = 0, False

    def _end_head(self) -> None:
        """Close the row before, and see whose columns the headers are that were gathered."""
        self.close()
        if not self._run:
            self._run = None
            return
        texts, self._run = tuple(self._run), None
        fitting = tuple(place for place, block in self._blocks.items() if columns.fits(texts, block, self._spanners))
        self._head = Head(texts, self._run_place, fitting, self._run_cells)
        self.rows.heads.append(self._head)

    def _prose(self, token: Token, number: int, line: Line) -> None:
        if line.shape in _ROWS and self._open:
            self._open.cells.append((token, number, line.place))
        elif self._run is None:
            self.close()
        elif token.kind is Kind.PROSE and letters(token.text):
            self._run.append(token.text)  # a column that the form does not have

    def _piece(self, token: Token, number: int, line: Line) -> None:
        if self._run is not None:
            self._run.append(token.text)
        elif self._open and line.shape in _ROWS:
            self._open.cells.append((token, number, line.place))
        elif self._open and self._open.cells:
            self._open.gap = True

    def _stub(self, token: Token, number: int, line: Line) -> None:
        stub = token.stub
        assert stub is not None
        self._end_head()
        if stub.is_group:
            self._group, self._group_label = stub, (token.text, line.place)
            return
        row = OpenRow(stub, self._blocks[stub.table, stub.block], line.place, number, line.shape)
        row.shared, row.tainted, row.after = self._in_line > 1, self._tainted, self._at
        row.excess = self._excesses.get(number)
        row.header = self._header_trouble(stub)
        if token.kind is Kind.RUN_ON:
            row.header = why("D22.rows", text=token.text)
        if self._head and (stub.table, stub.block) in self._head.blocks:
            self.rows.under_columns.add((stub.table, stub.block))
        self._open = row

    def _header_trouble(self, stub: Stub) -> Unread | None:
        """Why the columns above a row are not known to be the form's; None if they are."""
        place = (stub.table, stub.block)
        alone = (stub.table, 1) not in self._blocks
        if self._head and place in self._head.blocks:
            return None
        if alone and (self._head is None or self._head.blocks):
            section = self._section
            known = not section or section in self._with_table
            return None if known else why("D25.untitled")
        headings = joined(self._head.texts[:80])[:80] if self._head else phrase("no_headings")
        return why("D25.headings", headings=headings)

    def _value(self, token: Token, number: int, line: Line) -> None:
        row = self._open or self._row_without_label(token, number, line)
        if row is None:
            if self._group and token.kind is not Kind.PAD:
                self._of_group.append(token.text)
                self.rows.used.add(number)
            return
        if token.kind is Kind.PAD and not row.cells and line.shape is Shape.CELLS and number == row.line:
            return  # the width of the label
        row.broken = row.broken or row.gap
        row.cells.append((token, number, line.place))
        row.after = self._at

    def _end_group(self) -> None:
        """Note the values that stand behind a group's label, as many as a row has."""
        group, values = self._group, self._of_group
        self._group, self._of_group = None, []
        if group is None or not any(values):
            return
        width = len(self._blocks[group.table, group.block].column_leaves)
        spare = len(values) - width
        label, place = self._group_label
        if spare >= 0 and not any(values[:spare]):
            self.rows.sums.append(Sum(label, tuple(values[spare:]), place))

    def _row_without_label(self, token: Token, number: int, line: Line) -> OpenRow | None:
        """The row without a label that this value begins, if there can be one."""
        if token.kind is Kind.PAD:
            return None
        if token.kind is not Kind.NUMBER and (line.shape is not Shape.CELLS or not self._run_is_whole()):
            return None
        row = self._below_head(number, line)
        if row is None:
            self._tainted = self._tainted or (not self._rows_under_head and token.kind is Kind.NUMBER)
            self._spoil_silent_row()
        return row

    def _run_is_whole(self) -> bool:
        """Whether all headers of a row without a label are there: then a blank cell is its first."""
        if self._run is None:
            return True
        return any(columns.fits(self._run, self._blocks[place], self._spanners) for place in self._unlabelled)

    def _below_head(self, number: int, line: Line) -> OpenRow | None:
        """The row without a label that begins here, if the headers above are those of such a block."""
        self._end_head()
        for place in self._head.blocks if self._head else ():
            if (stub := self._unlabelled.get(place)) is not None:
                self._open = OpenRow(stub, self._blocks[place], line.place, number, line.shape, after=self._at)
                return self._open
        return self._misheaded_row(number, line)

    def _misheaded_row(self, number: int, line: Line) -> OpenRow | None:
        """The row without a label under headers that do not fit, in the section that has such a row."""
        for place, stub in self._unlabelled.items():
            if self._with_table.get(self._section) != stub.table or self._rows_under_head:
                continue
            if self._head is not None and self._head.blocks:
                continue
            self._open = OpenRow(
                stub, self._blocks[place], line.place, number, line.shape, why("D25.incomplete"), after=self._at
            )
            return self._open
        return None

    def _bare_row(self, number: int, line: Line) -> None:
        """A row of values only: the one of a table without row labels."""
        filled = any(token.kind is not Kind.BLANK for token in line.tokens)
        if not filled and self._run is None:
            self._at += len(line.tokens)
            return
        self._end_head()
        head = self._head
        if filled and not (head and head.blocks):
            head = self._assumed_head(head, len(line.tokens))
        place = next((place for place in head.blocks if place in self._unlabelled), None) if head else None
        stub = self._unlabelled[place] if place else None
        self._at += len(line.tokens)
        if place is None or stub is None:
            return
        cells = [(token, number, line.place) for token in line.tokens if token.kind is not Kind.CUT]
        row = OpenRow(stub, self._blocks[place], line.place, number, line.shape, cells=cells, ended=True)
        row.cut = len(cells) < len(line.tokens) or number == self._last
        self._open = row
        self.close()

    def _assumed_head(self, head: Head | None, count: int) -> Head | None:
        """No headers, or the groups of columns alone, but the section's heading and exactly its number of cells."""
        table = self._with_table.get(self._section)
        place = (table or "", 0)
        block = self._blocks.get(place)
        if block is None or place not in self._unlabelled or count != len(block.column_leaves):
            return head
        groups = letters("".join(header.label for header in block.columns))
        return Head((), "", (place,)) if head is None or letters("".join(head.texts)) == groups else head

    def _stranger(self, number: int, line: Line) -> None:
        """A row with numbers whose label the form does not have."""
        self._end_head()
        self._at += len(line.tokens)
        self.rows.strangers.append((line.text[:40], line.place))
        self.rows.used.add(number)

    def _spoil_silent_row(self) -> None:
        """Numbers that belong to no row: they may be those of the row before, which had none."""
        if self.rows.found and self.rows.found[-1].silent:
            last = self.rows.found[-1]
            trouble = why("D23.behind")
            self.rows.found[-1] = last._replace(silent=False, unread=trouble)

    def _doubted(self, row: OpenRow, found: Found) -> Found:
        if row.tainted:
            trouble = why("D42")
        elif not self._order.continues(row.stub, row.after):
            trouble = why("D40")
        else:
            return found
        return found._replace(values=(), unread=trouble)


def _label_at(tokens: Sequence[Token]) -> int:
    return next((at for at, token in enumerate(tokens) if token.stub is not None), 0)


def _heads_rows(token: Token) -> bool:
    return token.stub is not None and token.stub.is_group
