"""Rows as a file has them -> the figures of a form: one value for each cell, or none and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from reportkit.documents.blocks import UNREADABLE
from reportkit.errors import CellRef, Issue, Origin
from reportkit.imports.published.columns import units
from reportkit.imports.published.row_parser import Rows
from reportkit.imports.published.rows import Found, Unread, Value
from reportkit.model.filing import Figure
from reportkit.model.form import Block, Form, Leaf, Table
from reportkit.model.numbers import Refusal, read_figure

_SILENCE = Unread("D28", "没有数，但同一张表里有的数在转成文字时丢了，不能确定它是不是空白，没有读")
_NAMED = 3
"""So many rows are named in a message about several."""


@dataclass
class Figures:
    """The figures that were read with certainty, what was not, where all of it stands, and what to tell."""

    values: dict[CellRef, Figure] = field(default_factory=dict)
    unread: set[CellRef] = field(default_factory=set)
    origins: dict[CellRef | str, Origin] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def merged(rows: Rows, form: Form, path: str) -> Figures:
    """Return the figures of all tables. A row that the file has twice must say the same twice."""
    merging = _Merging(rows, path)
    for table in form.tables.values():
        merging.table(table)
    for text, place in rows.strangers:
        message = f"“{text}”不是本年度格式的行，没有读；请核对它的数应填在哪里"
        merging.result.issues.append(Issue("D38", "warning", message, Origin(path, place), None, text))
    for one in rows.sums:
        values = " ".join(value or "空" for value in one.values)
        message = f"原文“{one.label}”只有一行：{values[:80]}；本年度格式把它分为几行，没有读，请核对后分别填写"
        merging.result.issues.append(Issue("D46", "warning", message, Origin(path, one.place), None, values[:80]))
    for text, place in rows.aside:
        message = f"“{text[:40]}”在行名前面，不是本年度格式的名称，没有读；请核对这一行"
        merging.result.issues.append(Issue("D44", "warning", message, Origin(path, place), None, text[:40]))
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
        self._tell_missing(table, missing, first)

    def _row(self, table: Table, row: Leaf, block: Block, places: list[Found], thinned: bool) -> Unread | None:
        """Take a row's values, or return why not."""
        if trouble := next((found.unread for found in places if found.unread), None):
            return trouble
        stated = [found for found in places if not found.silent]
        if not stated:
            return _SILENCE if thinned else None
        if len({tuple(value.text for value in found.values) for found in stated}) > 1:
            both = "；".join(" ".join(value.text or "空" for value in found.values) for found in stated)
            return Unread("D24", f"出现了 {len(stated)} 次，数不一样（{both[:80]}），没有读")
        self._cells(table, row, block, stated[0].values)
        return None

    def _cells(self, table: Table, row: Leaf, block: Block, values: Iterable[Value]) -> None:
        refused: list[tuple[CellRef, Leaf, Value, Refusal]] = []
        for column, value in zip(block.column_leaves, values, strict=True):
            ref = CellRef(table.key, row.key, column.key)
            self.result.origins[ref] = Origin(self._path, value.place)
            figure = read_figure(value.text, column) if value.text else None
            if isinstance(figure, Figure):
                self.result.values[ref] = figure
                self._note_unit(table, ref, column, figure)
            elif figure is not None:
                self.result.unread.add(ref)
                refused.append((ref, column, value, figure))
        if refused:
            self._tell_refused(table, row, refused)

    def _tell_refused(self, table: Table, row: Leaf, refused: list[tuple[CellRef, Leaf, Value, Refusal]]) -> None:
        ref, column, value, refusal = refused[0]
        more = f"等 {len(refused)} 格" if len(refused) > 1 else ""
        named = f"“{column.label}”列" if column.label else ""
        message = f"{table.caption}“{row.label}”{named}{more}写的是“{value.text[:40]}”，没有读；{refusal.cure}"
        if UNREADABLE in value.text:
            what = "图片、嵌入的对象、公式或填写用的控件"
            message = f"{table.caption}“{row.label}”{named}{more}里有{what}，不是文字，没有读；请照原文填写"
        origin = Origin(self._path, value.place)
        self.result.issues.append(Issue("D26", "error", message, origin, ref, value.text[:40], refusal.expected))

    def _note_unit(self, table: Table, ref: CellRef, column: Leaf, figure: Figure) -> None:
        """An amount without a unit of its own, below a header that the file gives one and the form does not."""
        if column.kind != "amount" or column.unit or not figure or not figure.text[-1].isdigit():
            return
        named = {unit for head in self._heads for unit in units(head.texts)}
        if named:
            unit = "、".join(sorted(named))
            message = f"{table.caption}“{column.label}”的表头写着单位{unit}，格式没有规定单位；数照原样读入，请核对"
            origin = self.result.origins[ref]
            self.result.issues.append(Issue("D39", "warning", message, origin, ref, figure.text))

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
        message = f"{table.caption}{_named([row for row, _ in at])}：{trouble.message}。请照原文填写"
        origin = Origin(self._path, at[0][1].place)
        self.result.issues.append(Issue(trouble.code, "error", message, origin))

    def _tell_missing(self, table: Table, missing: list[Leaf], first: str) -> None:
        if not missing:
            return
        if len(missing) == len(table.rows):
            message = f"{table.caption}：没有找到这张表；请照原文填写"
        else:
            message = f"{table.caption}：文件中没有{_named(missing)}；请照原文填写"
        self.result.issues.append(Issue("D27", "error", message, Origin(self._path, first)))


def _named(rows: list[Leaf]) -> str:
    labels = [row.label for row in rows if row.label]
    if not labels:
        return ""
    more = f"等 {len(labels)} 行" if len(labels) > _NAMED else ""
    return "、".join(f"“{label}”" for label in labels[:_NAMED]) + more
