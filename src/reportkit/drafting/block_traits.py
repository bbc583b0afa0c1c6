"""What the cells of a block hold, said as shortly as it can be: on columns, on rows that differ, on single cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reportkit.drafting.cell_types import UNKNOWN, CellType, stated_unit, type_of
from reportkit.drafting.draft_table import DraftBlock, DraftTable
from reportkit.drafting.formula_sums import Line
from reportkit.drafting.register import FIRST
from reportkit.drafting.trees import Node, paths

Pair = tuple[Node, Node]
"""A row and a column."""

Types = dict[Pair, CellType]
"""What each cell holds, as far as it is known."""


@dataclass
class Traits:
    """What is said of a block's cells; the narrowest counts. `of_file` are the types that the file itself tells."""

    columns: dict[Node, CellType] = field(default_factory=dict)
    rows: dict[Node, CellType] = field(default_factory=dict)
    cells: dict[Pair, CellType] = field(default_factory=dict)

    def at(self, row: Node, column: Node) -> CellType:
        """Return what a cell holds; of which nothing says anything, a count."""
        return self.cells.get((row, column)) or self.rows.get(row) or self.columns.get(column, UNKNOWN)


_WIDER = ("count", "change", "number")
"""Kinds of which each takes what the ones before it take."""

ADDED = ("", "count", "change", "amount", "number", "money")
"""Kinds whose sum means something; percentages, texts and days have none."""

_SIGNED = ("number", "amount", "money", "percent")
"""Kinds that are below zero only where it is said."""


def types_of(tables: Iterable[DraftTable]) -> Types:
    """Return what the files say of each cell; where each row has one cell, of which nothing is said, it is a count."""
    found: Types = {}
    for table in tables:
        for one in table.entries():
            said = type_of(one.source, _labels(one.row), _labels(one.column), table.note, alone=one.alone)
            found[one.row[-1], one.column[-1]] = said if said.kind or not one.alone else CellType("count")
        found |= _of_registers(table, found)
    return found


def _of_registers(table: DraftTable, types: Types) -> Types:
    """The types of the columns of a list of which nothing is known: words in the first, and beside those added up."""
    found: Types = {}
    for block in table.blocks:
        if block.register:
            leaves = [leaf for node in block.columns for leaf in node.leaves]
            unknown = [leaf for leaf in leaves if not types[block.rows[0], leaf].kind]
            worked_out = [leaf for leaf in leaves if _is_worked_out(table, block, leaf)]
            words = [leaf for leaf in unknown if leaf is leaves[0] or (worked_out and leaf not in worked_out)]
            found.update({(row, leaf): FIRST for row in block.rows for leaf in words})
    return found


def _is_worked_out(table: DraftTable, block: DraftBlock, column: Node) -> bool:
    """Whether the line of the sums has a formula in a column."""
    sums = block.register.sums if block.register else None
    return sums is not None and bool(table.grid.cells[sums, column.at].formula)


def _labels(path: Iterable[Node]) -> list[str]:
    return [node.label for node in path]


def pass_on(types: Types, lines: Sequence[Line]) -> None:
    """Let totals that are worked out be of the type of what they add up, unless more is known of them."""
    changed = True
    while changed:
        changed = False
        for line in lines:
            total, *parts = ((one.row[-1], one.column[-1]) for one in (line.entry, *line.added, *line.taken))
            known = {types[part].bare: types[part] for part in parts if types[part].kind}
            if len(known) == 1 and not (types[total].kind and types[total].bare in known):
                found = next(iter(known.values()))
                changed |= _is_better(found, types[total])
                types[total] = found if _is_better(found, types[total]) else types[total]


def _is_better(found: CellType, before: CellType) -> bool:
    """Whether a type that was found is to take the place of another: of none, or a sure one that of a guess."""
    return not before.kind or bool(before.why and not found.why)


def traits_of(block: DraftBlock, types: Mapping[Pair, CellType]) -> Traits:
    """Return what there is to say of the cells of a block, so that each has its type; what is unknown fits any."""
    rows, columns = ([path[-1] for path in paths(nodes)] for nodes in (block.rows, block.columns))
    if len(columns) > 1:
        types = {**types, **_levelled(rows, columns, types)}
    found = Traits()
    if by_row := _stated_by_rows(block, types):
        return Traits(rows=by_row)
    for column in columns:
        found.columns[column] = _usual(types[row, column] for row in rows)
    for row in rows:
        off = [column for column in columns if not _fits(types[row, column], found.columns[column])]
        usual = _usual(types[row, column] for column in columns)
        if off and all(_fits(types[row, column], usual) for column in columns):
            found.rows[row] = usual
        else:
            found.cells.update({(row, column): types[row, column] for column in off})
    return found


def _stated_by_rows(block: DraftBlock, types: Mapping[Pair, CellType]) -> dict[Node, CellType]:
    """The types of rows whose labels state a unit, each of them, as none of the columns' does: nothing otherwise."""
    rows, columns = ([*paths(nodes)] for nodes in (block.rows, block.columns))
    if any(stated_unit(node.label) for path in columns for node in path):
        return {}
    if not all(any(stated_unit(node.label) for node in path) for path in rows):
        return {}
    found = {path[-1]: _usual(types[path[-1], column[-1]] for column in columns) for path in rows}
    fits = all(_fits(types[row[-1], column[-1]], found[row[-1]]) for row in rows for column in columns)
    return found if fits else {}


def _levelled(rows: Sequence[Node], columns: Sequence[Node], types: Mapping[Pair, CellType]) -> Types:
    """The types of columns in which figures of one sort stand, some whole and some not, some below zero."""
    found: Types = {}
    for column in columns:
        known = {(row, column): one for row in rows if (one := types[row, column]).kind and not one.firm}
        kinds = {one.kind for one in known.values()}
        numbers = bool(kinds) and kinds <= set(_WIDER)
        if numbers or len(kinds) == 1:
            below = any(one.negative or one.kind == "change" for one in known.values())
            kind = max(kinds, key=_WIDER.index) if numbers else next(iter(kinds))
            negative = below and kind in _SIGNED
            found.update({pair: one._replace(kind=kind, negative=negative) for pair, one in known.items()})
    return found


def _usual(types: Iterable[CellType]) -> CellType:
    """The type of most cells, of those of which something is known."""
    known = [one for one in types if one.kind]
    if not known:
        return UNKNOWN
    bare = Counter(one.bare for one in known).most_common(1)[0][0]
    return next((one for one in known if one == bare), next(one for one in known if one.bare == bare))


def _fits(one: CellType, said: CellType) -> bool:
    return not one.kind or one.bare == said.bare


def added_in(table: DraftTable, block: DraftBlock, traits: Traits) -> set[Node]:
    """Return the columns of a list that its last line adds up: by formulas, or all beside its label with numbers."""
    if block.register is None or block.register.sums is None:
        return set()
    leaves = [leaf for node in block.columns for leaf in node.leaves]
    worked_out = {leaf for leaf in leaves if _is_worked_out(table, block, leaf)}
    label = next(cell for cell in table.grid.starting(block.register.sums) if cell.text)
    added = worked_out or {leaf for leaf in leaves if leaf.at >= label.right}
    return {leaf for leaf in added if traits.columns[leaf].kind in ADDED}
