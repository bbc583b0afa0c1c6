"""The formulas of a form, as its file writes them at a column, a row or a cell: one for each cell that is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET

from reportkit.errors import CellRef
from reportkit.kinds import table_shapes
from reportkit.model.arithmetic import MAX_LENGTH, Formula, FormulaError, parsed
from reportkit.model.cell import Cell
from reportkit.model.form import Block, Header, Table
from reportkit.model.rule import Rule
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _

_OTHER_SIGNS = frozenset("-−*×/÷")
"""With one of them, a formula is more than a sum."""


class _Stated(NamedTuple):
    """A formula of the file, and where it stands."""

    text: str
    steps: Steps


def formulas_of(shape: table_shapes.Table, table: Table, steps: Steps) -> dict[CellRef, Formula]:
    """Return how the cells of a table are computed that a formula is stated for, in print order.

    Raises WrongShapeError for one that is none, names no cell, or is one of two for a cell.
    """
    stated = _stated(shape, table, steps)
    return {ref: _parsed(stated[ref], ref, table) for ref in table.cells if ref in stated}


def _stated(shape: table_shapes.Table, table: Table, steps: Steps) -> dict[CellRef, _Stated]:
    """The formula of each cell that has one."""
    stated = _stated_at_cells(shape, table, steps)
    for number, (block, made) in enumerate(zip(shape.blocks, table.blocks, strict=True)):
        at = (*steps, "blocks", number)
        columns = dict(_stated_at(block.columns, made.columns, (*at, "columns")))
        rows = {} if isinstance(block.rows, str) else dict(_stated_at(block.rows, made.rows, (*at, "rows")))
        for ref, one in _in_block(table, made, columns, rows, stated):
            stated.setdefault(ref, one)
    return stated


def check_order(shapes: Sequence[table_shapes.Table], tables: Mapping[str, Table], rules: Iterable[Rule]) -> None:
    """Raise WrongShapeError for a formula that runs in a circle, or computes what a rule computes too."""
    totals = {rule.total: rule for rule in rules if rule.total}
    needs = {total: [ref for ref in rule.refs if ref != total] for total, rule in totals.items()}
    formulas = {ref: formula for table in tables.values() for ref, formula in table.formulas.items()}
    needs |= {ref: list(formula.refs) for ref, formula in formulas.items()}
    places = {
        ref: one.steps
        for number, shape in enumerate(shapes if formulas else ())
        for ref, one in _stated(shape, tables[shape.key], ("tables", number)).items()
    }
    for ref, formula in formulas.items():
        steps, cell = places[ref], f"{ref.table}[{ref.row}, {ref.column}]"
        if ref in totals:
            words = _(
                "formula {text!r}: rule {rule} computes {cell}, too; narrow the rule by only, or take the formula out"
            )
            raise WrongShapeError(steps, "", words.format(text=formula.text, rule=totals[ref].code, cell=cell))
        if circle := _circle(ref, needs):
            told = " → ".join(f"[{one.row}, {one.column}]" for one in circle)
            words = _("formula {text!r}: {cell} is computed from itself: {circle}; take one of them out")
            raise WrongShapeError(steps, "", words.format(text=formula.text, cell=cell, circle=told))


def _circle(start: CellRef, needs: Mapping[CellRef, Iterable[CellRef]]) -> list[CellRef]:
    """The way from a cell back to itself, [] if there is none."""
    come_from: dict[CellRef, CellRef] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for ref in needs.get(here, ()):
            if ref == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(come_from[way[-1]])
                return way[::-1] if here != start else [start, start]
            if ref not in come_from:
                come_from[ref] = here
                waiting.append(ref)
    return []


def _stated_at_cells(shape: table_shapes.Table, table: Table, steps: Steps) -> dict[CellRef, _Stated]:
    found = {}
    for number, one in enumerate(shape.cells):
        if one.formula is UNSET:
            continue
        ref, at = CellRef(table.key, one.row, one.column), (*steps, "cells", number, "formula")
        if not table.cells[ref].is_number:
            words = _("formula {text!r}: {kind} is no number, and is not computed")
            raise WrongShapeError(at, "", words.format(text=one.formula, kind=table.cells[ref].kind))
        found[ref] = _Stated(one.formula, at)
    return found


def _stated_at(
    shapes: Sequence[table_shapes.Header], headers: Sequence[Header], steps: Steps, above: str = ""
) -> Iterator[tuple[str, _Stated]]:
    """The formulas of a forest of headers by the key of their leaf."""
    for number, (shape, header) in enumerate(zip(shapes, headers, strict=True)):
        key, at = f"{above}.{header.key}".strip("."), (*steps, number)
        if shape.formula is not UNSET:
            if shape.children:
                words = _("{name}: a formula stands at a row or a column, not at a group of them")
                raise WrongShapeError((*at, "formula"), "", words.format(name=header.label))
            yield key, _Stated(shape.formula, (*at, "formula"))
        yield from _stated_at(shape.children, header.children, (*at, "children"), key)


def _in_block(
    table: Table,
    block: Block,
    columns: Mapping[str, _Stated],
    rows: Mapping[str, _Stated],
    own: Mapping[CellRef, _Stated],
) -> Iterator[tuple[CellRef, _Stated]]:
    """The formula of each cell of a block that its row or its column has one for, and that has none of its own.

    Where a row of totals meets a column of rates, the rate holds: what is more than a sum goes before one.
    """
    for row in block.row_leaves if columns or rows else ():
        for column in block.column_leaves:
            ref = CellRef(table.key, row.key, column.key)
            found = [one[key] for one, key in ((columns, column.key), (rows, row.key)) if key in one]
            if not found or ref in own or not table.cells[ref].is_number:
                continue
            others = [one for one in found if not _OTHER_SIGNS.isdisjoint(one.text)]
            if len(others) > 1:
                words = _(
                    "formula {text!r}: {other!r} computes [{row}, {column}], too; say under cells which of them holds"
                )
                told = words.format(text=found[1].text, row=row.key, column=column.key, other=found[0].text)
                raise WrongShapeError(found[1].steps, "", told)
            yield ref, (others or found)[0]


def _parsed(stated: _Stated, ref: CellRef, table: Table) -> Formula:
    try:
        return parsed(stated.text, _finder(stated, ref, table))
    except FormulaError as error:
        words = {
            "long": _("is longer than {most} characters"),
            "more": _("{found!r} is one too many there"),
            "sign": _("{found!r} is no sign of a formula; there is + − × ÷ ( )"),
            "no_cell": _("names no cell"),
            "zero": _("divides by zero"),
            "deep": _("has more brackets than anybody can read"),
            "open": _("a bracket is not closed"),
            "part": _("a key or a number is missing before {found!r}") if error.found else _("ends too early"),
        }[error.reason]
        told = words.format(found=error.found, most=MAX_LENGTH)
        words = _("formula {text!r}: {reason}; write it over keys of its line, such as (this - last) / last")
        raise WrongShapeError(stated.steps, "", words.format(text=stated.text[:60], reason=told)) from None


def _finder(stated: _Stated, ref: CellRef, table: Table) -> Callable[[str], CellRef]:
    """What gives the cell of a name: one of the same row or column, with a number in it."""
    columns = {cell.column: cell for cell in table.cells if cell.row == ref.row}
    rows = {cell.row: cell for cell in table.cells if cell.column == ref.column}
    side = next((step for step in reversed(stated.steps) if step in ("columns", "rows", "cells")), "cells")
    lines = {"columns": (columns,), "rows": (rows,), "cells": (columns, rows)}[str(side)]

    def cell(name: str) -> CellRef:
        found = [line[name] for line in lines if name in line]
        if len(found) == 1 and table.cells[found[0]].states_unit:
            words = _("formula {text!r}: the amounts of {name!r} are in any unit of money; add a unit to them")
            raise WrongShapeError(stated.steps, "", words.format(text=stated.text, name=name))
        if len(found) == 1 and table.cells[found[0]].is_number:
            return found[0]
        if len(found) > 1:
            words = _("formula {text!r}: {name!r} is a row and a column; write it at one of them")
            raise WrongShapeError(stated.steps, "", words.format(text=stated.text, name=name))
        if found:
            kind = table.cells[found[0]].kind
            words = _("formula {text!r}: {name!r} is {kind} in [{row}, {column}], and no number")
            told = words.format(text=stated.text, name=name, kind=kind, row=found[0].row, column=found[0].column)
            raise WrongShapeError(stated.steps, "", told)
        words = _("formula {text!r}: nothing is called {name!r}; there is {there}")
        there = [key for line in lines for key in _numbers(line, table.cells)]
        raise WrongShapeError(stated.steps, "", words.format(text=stated.text, name=name, there=there))

    return cell


def _numbers(line: Mapping[str, CellRef], cells: Mapping[CellRef, Cell]) -> Iterator[str]:
    return (key for key, ref in line.items() if cells[ref].is_number)
