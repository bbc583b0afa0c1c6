"""What a form's file says of the year before: cells that are carried over, and lines that are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from reportkit.errors import CellRef
from reportkit.kinds import file_shapes
from reportkit.model.across_years import Carry, Compared
from reportkit.model.form import Table
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _, in_a_row

_CELLS = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\],]*),(?P<column>[^\[\],]*)\]")
_WAYS = {"row": "table.row", "cells": "table[row, column]"}


def carries_of(carries: Iterable[file_shapes.CarriedCells], tables: Mapping[str, Table]) -> tuple[Carry, ...]:
    """Return the cells that entries say are carried over. Raises WrongShapeError for what the form does not have."""
    return tuple(_carry(one, tables, ("carry", number)) for number, one in enumerate(carries))


def compared_of(compare: file_shapes.ComparedLines | None, tables: Mapping[str, Table]) -> tuple[Compared, ...]:
    """Return the lines that an entry says are compared, in print order; none without one.

    Raises WrongShapeError for a row or a column that no table has.
    """
    if compare is None:
        return ()
    rows = {name: list(_named(name, "row", tables)) for name in compare.rows}
    columns = {name: list(_named(name, "column", tables)) for name in compare.columns}
    for side, found, of in (("rows", rows, "row"), ("columns", columns, "column")):
        for number, name in enumerate(found):
            if not found[name]:
                there = [key for table in tables.values() for key in _keys(table, of)]
                words = _("no table has {name!r}; there is {there}")
                told = words.format(name=name, there=in_a_row(dict.fromkeys(there)))
                raise WrongShapeError(("compare", side, number), "", told)
    lines = []
    for table in tables.values():
        in_rows = [key for found in rows.values() for of, key in found if of == table.key]
        in_columns = [key for found in columns.values() for of, key in found if of == table.key]
        if (not rows or in_rows) and (not columns or in_columns):
            chosen = in_rows or _keys(table, "row"), in_columns or _keys(table, "column")
            lines += [Compared(table.key, row, column) for row, column in product(*chosen)]
    return tuple(lines)


def _named(name: str, side: str, tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    """The tables and keys of rows (or columns) that a name means, with the table's key in front or without."""
    for table in tables.values():
        for key in (name, name.removeprefix(f"{table.key}.") if name.startswith(f"{table.key}.") else name):
            if any(found == key or found.startswith(f"{key}.") for found in _keys(table, side)):
                yield table.key, key
                break


def _keys(table: Table, side: str) -> list[str]:
    return list(dict.fromkeys(getattr(ref, side) for ref, cell in table.cells.items() if cell.is_number))


def _carry(one: file_shapes.CarriedCells, tables: Mapping[str, Table], steps: Steps) -> Carry:
    to, source = _parsed(one.cell, (*steps, "cell")), _parsed(one.source, (*steps, "from"))
    if (to.row == "*", to.column == "*") != (source.row == "*", source.column == "*"):
        words = _("{cell} and {source} do not name as many cells: * stands in both, or in none, for row and column")
        raise WrongShapeError((*steps, "from"), "", words.format(cell=one.cell, source=one.source))
    there = {ref for table in tables.values() for ref, cell in table.cells.items() if cell.is_number}
    for text, wanted, entry in ((one.cell, to, "cell"), (one.source, source, "from")):
        if not any(_fits(ref, wanted) for ref in there):
            raise WrongShapeError((*steps, entry), "", _unknown(text, wanted, tables))
    pairs = (
        (ref, CellRef(source.table, _bound(source.row, ref.row), _bound(source.column, ref.column)))
        for table in tables.values()
        for ref in table.cells
        if ref in there and _fits(ref, to)
    )
    found = tuple((ref, last) for ref, last in pairs if last in there)
    if not found:
        words = _("{cell} and {source} have no row and no column in common")
        raise WrongShapeError(steps, "", words.format(cell=one.cell, source=one.source))
    return found


def _parsed(text: str, steps: Steps) -> CellRef:
    """The cells that a text means; * stands for all rows or columns."""
    if found := _CELLS.fullmatch(text.strip()):
        return CellRef(*(found[part].strip() for part in ("table", "row", "column")))
    table, _dot, row = text.strip().partition(".")
    if not row:
        words = _("is {text!r}; cells are {row} (in all its columns) or {cells}, * for all rows or columns")
        raise WrongShapeError(steps, str(steps[-1]), words.format(text=text, **_WAYS))
    return CellRef(table, row, "*")


def _fits(ref: CellRef, wanted: CellRef) -> bool:
    return all(part in ("*", own) for part, own in zip(wanted, ref, strict=True))


def _bound(name: str, own: str) -> str:
    return own if name == "*" else name


def _unknown(text: str, wanted: CellRef, tables: Mapping[str, Table]) -> str:
    if wanted.table not in tables:
        words = _("{text}: no table {table!r}; the tables are {there}")
        return words.format(text=text, table=wanted.table, there=in_a_row(tables))
    table = tables[wanted.table]
    words = _("{text}: no such cell with a number; the rows are {rows}, the columns {columns}")
    return words.format(text=text, rows=in_a_row(_keys(table, "row")), columns=in_a_row(_keys(table, "column")))
