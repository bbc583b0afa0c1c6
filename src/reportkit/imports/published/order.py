"""What may stand behind a row, so that it is certain that the values behind its label are its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reportkit.imports.published.labels import Stub
from reportkit.imports.published.lexer import VALUES, Kind, Token
from reportkit.imports.published.tokens import Line
from reportkit.model.form import Form, Header
from reportkit.model.spelling import letters, numbered


class Order:
    """What may come after a row: the next one of the form, or the end of its table."""

    def __init__(self, lines: Sequence[Line], form: Form) -> None:
        self._flow = [token for line in lines for token in line.tokens]
        self._lengths = {key: len(table.rows) for key, table in form.keyed_tables.items()}
        self._widths = {
            (key, at): len(block.column_leaves)
            for key, table in form.keyed_tables.items()
            for at, block in enumerate(table.blocks)
        }
        self._members = _members(form)
        tables = list(form.keyed_tables)
        self._next = dict(pairwise([*tables, ""]))
        self._sections = [section.key for section in form.sections]
        self._section_of = {section.table.key: section.key for section in form.sections if section.table}
        self._heads = {
            key: {letters(label) for block in table.blocks for leaf in block.column_leaves for label in leaf.labels}
            for key, table in form.keyed_tables.items()
        }

    def continues(self, stub: Stub, after: int) -> bool:
        """Return whether what stands from token `after` on is what follows this row in the form.

        Whole rows with labels that the form does not have may stand between, in place of as many rows of the form.
        """
        prose = False
        orders = {stub.order}
        at = after
        while at < len(self._flow):
            token = self._flow[at]
            follows = [self._follows(stub, order, token) for order in orders]
            if any(follows):
                return True
            if False in follows:
                return False
            prose = prose or token.kind is Kind.PROSE
            at += 1
            if token.kind is Kind.PROSE or token.stub is not None:
                end = self._end_of_values(at)
                if self._is_whole(stub, at, end):
                    orders = {stub.order, max(orders) + self._stands_for(token)}
                    at = end
        return not prose  # the file is cut off here

    def _end_of_values(self, at: int) -> int:
        while at < len(self._flow) and self._flow[at].kind in VALUES:
            at += 1
        return at

    def _is_whole(self, stub: Stub, at: int, end: int) -> bool:
        """Whether these values are those of one row: as many as there are columns, behind blanks of a label."""
        values = [token for token in self._flow[at:end] if token.kind is not Kind.PAD]
        spare = len(values) - self._widths[stub.table, stub.block]
        return spare >= 0 and not any(token.text for token in values[:spare]) and end > at

    def _stands_for(self, token: Token) -> int:
        """How many rows of the form a row with this label stands for: one, or all of its group."""
        return self._members.get((token.stub.table, token.stub.core), 1) if token.stub else 1

    def _follows(self, stub: Stub, order: int, token: Token) -> bool | None:
        """Whether a token is the right one after the row of that order; None if it says nothing."""
        is_last = order == self._lengths[stub.table] - 1
        if token.kind is Kind.HEADING:
            own = self._section_of[stub.table]
            expected = self._sections[self._sections.index(own) + 1 :][:1]
            return None if token.section == own else is_last and [token.section] == expected
        if token.kind in (Kind.STUB, Kind.RUN_ON) and token.stub and not token.stub.is_group:
            expected_row = (self._next[stub.table], 0) if is_last else (stub.table, order + 1)
            return (token.stub.table, token.stub.order) == expected_row
        if token.kind is Kind.HEAD and is_last:
            following = self._heads.get(self._next[stub.table], set())
            return True if letters(token.text) in following - self._heads[stub.table] else None
        return None


def _members(form: Form) -> dict[tuple[str, str], int]:
    """How many rows each group has, by its table and the words of its label."""
    members: dict[tuple[str, str], int] = {}
    for key, table in form.keyed_tables.items():
        for header in (header for block in table.blocks for header in block.rows):
            _count(key, header, members)
    return members


def _count(table: str, header: Header, members: dict[tuple[str, str], int]) -> int:
    rows = sum(_count(table, child, members) for child in header.children) or 1
    members[table, numbered(header.label)[1]] = rows
    return rows
