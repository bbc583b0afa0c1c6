"""Lines of tokens -> the rows of a form's tables, each with its values or the reason why they were not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportkit.forms import Form
from reportkit.readers.published import columns
from reportkit.readers.published.evenness import even
from reportkit.readers.published.heads import Head
from reportkit.readers.published.labels import Stub, letters
from reportkit.readers.published.rows import Found, OpenRow, Unread
from reportkit.readers.published.tokens import Line, Shape
from reportkit.readers.published.widths import excesses
from reportkit.readers.published.words import VALUES, Kind, Token

_ROWS = (Shape.HARD, Shape.LINE, Shape.LOOSE)
_ABOVE_ROWS = {Kind.HEADING, Kind.TITLE, Kind.CORNER, Kind.HEAD}
_FEW = 5
"""Fewer numbers than this, without a label, are a page's number rather than a row."""


@dataclass
class Rows:
    """What a file has of a form's tables: rows in the order in which they were met, and what belongs to none."""

    found: list[Found] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    strangers: list[tuple[str, str]] = field(default_factory=list)  # rows that the form does not have, with place
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
        self._blocks = {(key, at): block for key, table in form.tables.items() for at, block in enumerate(table.blocks)}
        self._order = _Order(lines, form)
        self._with_table = {section.key: section.table.key for section in form.sections if section.table}
        self._section = ""
        self._run: list[str] | None = None
        self._run_place = ""
        self._run_cells = 0
        self._head: Head | None = None
        self._open: OpenRow | None = None
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
            self._stranger(line)
        else:
            # What stands before the label is a number of the row, or the cell of a group.
            before = 0 if kinds & _ABOVE_ROWS else _label_at(line.tokens)
            self._at += before
            self._take_all(line.tokens[before:], number, line)
        if self._open:
            self._open.ended = True
            self._open.cut = self._open.cut or number == self._last
            self.close()

    def end(self, *, cut: bool) -> None:
        """End the row that is open when the file ends."""
        if self._open:
            self._open.cut = self._open.cut or cut
        self.close()

    def close(self) -> None:
        """End the row that is open, if there is one."""
        row, self._open = self._open, None
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

    def _begin_head(self, place: str) -> None:
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
        fitting = tuple(place for place, block in self._blocks.items() if columns.fits(texts, block))
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
            return
        row = OpenRow(stub, self._blocks[stub.table, stub.block], line.place, number, line.shape)
        row.shared, row.tainted, row.after = self._in_line > 1, self._tainted, self._at
        row.excess = self._excesses.get(number)
        row.header = self._header_trouble(stub)
        if token.kind is Kind.RUN_ON:
            row.header = Unread("D22", f"“{token.text}”几个格连在一起，分不出各是多少，没有读")
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
            return None if known else Unread("D25", "上面没有这张表的标题和列标题，不能确定是这张表的数，没有读")
        headed = "、".join(self._head.texts)[:80] if self._head else "没有列标题"
        return Unread("D25", f"上面的列标题（{headed}）与本年度格式的列不一致，没有读")

    def _value(self, token: Token, number: int, line: Line) -> None:
        row = self._open or self._row_without_label(token, number, line)
        if row is None:
            return
        if token.kind is Kind.PAD and not row.cells and line.shape is Shape.CELLS and number == row.line:
            return  # the width of the label
        row.broken = row.broken or row.gap
        row.cells.append((token, number, line.place))
        row.after = self._at

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
        unlabelled = [block for place, block in self._blocks.items() if self._unlabelled(place)]
        return any(columns.fits(self._run, block) for block in unlabelled)

    def _below_head(self, number: int, line: Line) -> OpenRow | None:
        """The row without a label that begins here, if the headers above are those of such a block."""
        self._end_head()
        for place in self._head.blocks if self._head else ():
            if (stub := self._unlabelled(place)) is not None:
                self._open = OpenRow(stub, self._blocks[place], line.place, number, line.shape, after=self._at)
                return self._open
        return self._misheaded_row(number, line)

    def _misheaded_row(self, number: int, line: Line) -> OpenRow | None:
        """The row without a label under headers that do not fit, in the section that has such a row."""
        for place, block in self._blocks.items():
            stub = self._unlabelled(place)
            if stub is None or self._with_table.get(self._section) != stub.table or self._rows_under_head:
                continue
            if self._head is not None and self._head.blocks:
                continue
            message = "上面的列标题不全，或与本年度格式不一致，没有读"
            self._open = OpenRow(stub, block, line.place, number, line.shape, Unread("D25", message), after=self._at)
            return self._open
        return None

    def _unlabelled(self, place: tuple[str, int]) -> Stub | None:
        block = self._blocks[place]
        if block.stub_depth:
            return None
        return Stub(place[0], place[1], 0, block.row_leaves[0].key, "", "")

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
        place = next((place for place in head.blocks if self._unlabelled(place)), None) if head else None
        stub = self._unlabelled(place) if place else None
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
        if block is None or self._unlabelled(place) is None or count != len(block.column_leaves):
            return head
        groups = letters("".join(header.label for header in block.columns))
        return Head((), "", (place,)) if head is None or letters("".join(head.texts)) == groups else head

    def _stranger(self, line: Line) -> None:
        """A row with numbers whose label the form does not have."""
        self._end_head()
        self._at += len(line.tokens)
        self.rows.strangers.append((line.text[:40], line.place))

    def _spoil_silent_row(self) -> None:
        """Numbers that belong to no row: they may be those of the row before, which had none."""
        if self.rows.found and self.rows.found[-1].silent:
            last = self.rows.found[-1]
            trouble = Unread("D23", "它的数可能在别的文字后面，不能确定，没有读")
            self.rows.found[-1] = last._replace(silent=False, unread=trouble)

    def _doubted(self, row: OpenRow, found: Found) -> Found:
        if row.tainted:
            trouble = Unread("D42", "第一个行名之前就有数，数和行名可能错开，没有读")
        elif not self._order.continues(row.stub, row.after):
            trouble = Unread("D40", "后面不是格式中的下一行，中间可能缺了内容，不能确定是它的数，没有读")
        else:
            return found
        return found._replace(values=(), unread=trouble)


def _label_at(tokens: Sequence[Token]) -> int:
    return next((at for at, token in enumerate(tokens) if token.stub is not None), 0)


def _heads_rows(token: Token) -> bool:
    return token.stub is not None and token.stub.is_group


class _Order:
    """What may come after a row: the next one of the form, or the end of its table."""

    def __init__(self, lines: Sequence[Line], form: Form) -> None:
        self._flow = [token for line in lines for token in line.tokens]
        self._lengths = {key: len(table.rows) for key, table in form.tables.items()}
        tables = list(form.tables)
        self._next = dict(zip(tables, [*tables[1:], ""], strict=True))
        self._sections = [section.key for section in form.sections]
        self._section_of = {section.table.key: section.key for section in form.sections if section.table}
        self._heads = {
            key: {letters(label) for block in table.blocks for leaf in block.column_leaves for label in leaf.labels}
            for key, table in form.tables.items()
        }

    def continues(self, stub: Stub, after: int) -> bool:
        """Return whether what stands from token `after` on is what follows this row in the form."""
        prose = False
        for at in range(after, len(self._flow)):
            token = self._flow[at]
            follows = self._follows(stub, token)
            if follows is not None:
                return follows
            prose = prose or token.kind is Kind.PROSE
        return not prose  # the file is cut off here

    def _follows(self, stub: Stub, token: Token) -> bool | None:
        """Whether a token is the right one after the row; None if it says nothing."""
        is_last = stub.order == self._lengths[stub.table] - 1
        if token.kind is Kind.HEADING:
            own = self._section_of[stub.table]
            expected = self._sections[self._sections.index(own) + 1 :][:1]
            return None if token.section == own else is_last and [token.section] == expected
        if token.kind in (Kind.STUB, Kind.RUN_ON) and token.stub and not token.stub.is_group:
            expected_row = (self._next[stub.table], 0) if is_last else (stub.table, stub.order + 1)
            return (token.stub.table, token.stub.order) == expected_row
        if token.kind is Kind.HEAD and is_last:
            following = self._heads.get(self._next[stub.table], set())
            return True if letters(token.text) in following - self._heads[stub.table] else None
        return None
