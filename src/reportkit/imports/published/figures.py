"""Rows as a file has them -> the figures of a form: one value for each cell, or none and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from reportkit.documents.blocks import UNREADABLE
from reportkit.errors import CellRef, Issue, Origin, Place
from reportkit.imports.published.columns import units
from reportkit.imports.published.row_parser import Rows
from reportkit.imports.published.rows import Found, Unread, Value, why
from reportkit.messages.numbers import cure, expected
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.cell import Cell
from reportkit.model.entries import is_blank, read_value
from reportkit.model.filing import Figure
from reportkit.model.filing import Value as Stated
from reportkit.model.form import Block, Form, Leaf, Table
from reportkit.model.numbers import Refusal

_SILENCE = why("D28")
_NAMED = 3
"""So many rows are named in a message about several."""


@dataclass
class Figures:
    """The figures that were read with certainty, what was not, where all of it stands, and what to tell."""

    values: dict[CellRef, Stated] = field(default_factory=dict)
    unread: set[CellRef] = field(default_factory=set)
    origins: dict[CellRef | str, Origin] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def merged(rows: Rows, form: Form, path: str) -> Figures:
    """Return the figures of all tables. A row that the file has twice must say the same twice."""
    merging = _Merging(rows, path)
    for table in form.tables.values():
        merging.table(table)
    for text, place in rows.strangers:
        merging.result.issues.append(issue("D38", Origin(path, place), None, text))
    for one in rows.sums:
        values = _in_a_row(one.values)[:80]
        merging.result.issues.append(issue("D46", Origin(path, one.place), None, values, label=one.label))
    for text, place in rows.aside:
        merging.result.issues.append(issue("D44.aside", Origin(path, place), None, text[:40]))
    return merging.result


class _Merging:
    """Goes through the tables, and tells troubles of several rows in one issue."""

    def __init__(self, rows: Rows, path: str) -> None:
        self.result = Figures()
        self._path = path
        self._heads = rows.heads
        self._corners = rows.corners
        self._found: dict[tuple[str, str], list[Found]] = {}
        for found in rows.found:
            self._found.setdefault((found.stub.table, found.stub.row), []).append(found)

    def table(self, table: Table) -> None:
        """Read one table's rows."""
        troubles: dict[Unread, list[tuple[Leaf, Found]]] = {}
        missing: list[Leaf] = []
        thinned = self._is_thinned(table)
        for row, block in table.rows:
            places = self._found.get((table.key, row.key), [])
            if not places and table.open:
                continue
            if not places:
                missing.append(row)
            elif trouble := self._row(table, row, block, places, thinned):
                troubles.setdefault(trouble, []).append((row, places[0]))
            if not places or trouble:
                self.result.unread |= {CellRef(table.key, row.key, column.key) for column in block.column_leaves}
        first = next((places[0].place for key, places in self._found.items() if key[0] == table.key), "")
        if first:
            self.result.origins[table.key] = Origin(self._path, first)
        for trouble, at in troubles.items():
            self._tell(table, trouble, at)
        if table.open and not first:
            missing = [row for row, _block in table.rows]
        self._tell_missing(table, missing, first)

    def _row(self, table: Table, row: Leaf, block: Block, places: list[Found], thinned: bool) -> Unread | None:
        """Take a row's values, or return why not."""
        if trouble := next((found.unread for found in places if found.unread), None):
            return trouble
        stated = [found for found in places if not found.silent]
        if not stated:
            return _SILENCE if thinned else None
        if len({tuple(value.text for value in found.values) for found in stated}) > 1:
            both = joined((_in_a_row(value.text for value in found.values) for found in stated), "sentences")
            return why("D24", times=len(stated), rows=both[:80])
        self._cells(table, row, block, stated[0].values)
        return None

    def _cells(self, table: Table, row: Leaf, block: Block, values: Iterable[Value]) -> None:
        refused: list[tuple[CellRef, Leaf, Value, Refusal]] = []
        for column, value in zip(block.column_leaves, values, strict=True):
            ref = CellRef(table.key, row.key, column.key)
            self.result.origins[ref] = Origin(self._path, value.place)
            cell = table.cells[ref]
            stated = None if is_blank(value.text, cell) else read_value(value.text, cell)
            if isinstance(stated, Refusal):
                self.result.unread.add(ref)
                refused.append((ref, column, value, stated))
            elif stated is not None:
                self.result.values[ref] = stated
                self._note_unit(table, ref, cell, stated)
        if refused:
            self._tell_refused(table, row, refused)

    def _tell_refused(self, table: Table, row: Leaf, refused: list[tuple[CellRef, Leaf, Value, Refusal]]) -> None:
        ref, column, value, refusal = refused[0]
        place = phrase("row_of", table=table.caption, row=row.label)
        if column.label:
            place = phrase("row_and_column", table=table.caption, row=row.label, column=column.label)
        if len(refused) > 1:
            place = phrase("and_more_cells", words=place, count=len(refused))
        at = (Origin(self._path, value.place), ref, value.text[:40], expected(refusal))
        if UNREADABLE in value.text:
            self.result.issues.append(issue("D26.object", *at, place=place))
        else:
            self.result.issues.append(issue("D26.text", *at, place=place, cure=cure(refusal)))

    def _note_unit(self, table: Table, ref: CellRef, cell: Cell, stated: Stated) -> None:
        """An amount without a unit of its own, below a header that the file gives one and the form does not."""
        if not cell.states_unit or not isinstance(stated, Figure) or not stated or not stated.text[-1].isdigit():
            return
        named = {unit for head in self._heads for unit in units(head.texts)}
        if named:
            told = {"table": table.caption, "column": cell.label, "units": sorted(named)}
            self.result.issues.append(issue("D39", self.result.origins[ref], ref, stated.text, **told))

    def _is_thinned(self, table: Table) -> bool:
        """Whether values of this table were lost on the way to text: some rows have a few of theirs.

        Or lines were: the words above the stub, which each block has, stand there less often than blocks do.
        """
        of_table = [found for (key, _), places in self._found.items() if key == table.key for found in places]
        some_lost = any(found.unread and found.unread.code == "D23" for found in of_table)
        return some_lost or self._lost_lines

    @cached_property
    def _lost_lines(self) -> bool:
        found = {(found.stub.table, found.stub.block) for places in self._found.values() for found in places}
        many_blocks = {table for table, block in found if block}
        return self._corners < sum(table in many_blocks for table, _ in found)

    def _tell(self, table: Table, trouble: Unread, at: list[tuple[Leaf, Found]]) -> None:
        place = f"{table.caption}{_named([row for row, _ in at])}"
        origin = Origin(self._path, at[0][1].place)
        self.result.issues.append(issue(trouble.name, origin, place=place, **dict(trouble.values)))

    def _tell_missing(self, table: Table, missing: list[Leaf], first: Place) -> None:
        if not missing:
            return
        origin = Origin(self._path, first)
        if len(missing) == len(table.rows):
            self.result.issues.append(issue("D27.table", origin, table=table.caption))
        else:
            self.result.issues.append(issue("D27.rows", origin, table=table.caption, rows=_named(missing)))


def _named(rows: list[Leaf]) -> str:
    labels = [row.label for row in rows if row.label]
    if not labels:
        return ""
    named = joined(f"“{label}”" for label in labels[:_NAMED])
    return phrase("and_more_rows", words=named, count=len(labels)) if len(labels) > _NAMED else named


def _in_a_row(texts: Iterable[str]) -> str:
    return " ".join(text or phrase("blank_cell") for text in texts)
