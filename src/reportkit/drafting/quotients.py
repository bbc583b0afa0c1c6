"""Columns that a workbook works out by × and ÷, which is no sum: as formulas of the form's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportkit.drafting.block_traits import Types
from reportkit.drafting.cell_types import CellType
from reportkit.drafting.draft_table import DraftTable, Entry
from reportkit.drafting.trees import Node
from reportkit.model.arithmetic import MAX_LENGTH
from reportkit.spreadsheets.sheets import Position, position

_REFERENCE = r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})"
_GUARDS = (
    re.compile(r"IFERROR\((.{1,200}),(?:\"[^\"]{0,9}\"|0)\)"),
    re.compile(rf"IF\({_REFERENCE}=(?:0|\"\"),(?:\"[^\"]{{0,9}}\"|0),(.{{1,200}})\)"),
    re.compile(r"ROUND\((.{1,200}),\d\)"),
)
"""What is written around a quotient, so that nothing is divided by zero, and that it is short."""

_TOKEN = re.compile(rf"{_REFERENCE}(?![\w(!:])|(\d+(?:\.\d+)?)(?![%\w])|([-+*/()])|\s+")
_SIGNS = {"*": "×", "/": "÷", "-": "−"}


def quotients_of(tables: Iterable[DraftTable], types: Types) -> dict[Node, str]:
    """Return the formulas of columns in all of whose cells a workbook multiplies or divides others of the row.

    Of a column of which nothing else is known, the cells are numbers from then on.
    """
    blocks = ([*table.entries_of(block)] for table in tables for block in table.blocks)
    return dict(found for entries in blocks for found in _of_block(entries, types))


def _of_block(entries: Sequence[Entry], types: Types) -> Iterator[tuple[Node, str]]:
    keys = {entry.at: entry for entry in entries}
    by_column: dict[Node, list[Entry]] = {}
    for entry in entries:
        by_column.setdefault(entry.column[-1], []).append(entry)
    for column, cells in by_column.items():
        texts = {_formula(entry, keys, types) for entry in cells}
        if len(texts) == 1 and (text := texts.pop()):
            for entry in cells:
                pair = entry.row[-1], column
                if types[pair].kind in ("", "count", "change"):
                    types[pair] = CellType("number", why=types[pair].why)
            yield column, text


def _formula(entry: Entry, entries: Mapping[Position, Entry], types: Types) -> str:
    """The formula of a cell over the keys of the columns, "" if it is none of that sort."""
    parts, at = [], 0
    text = _bare(entry.source.formula)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            return ""
        letters, digits, number, sign = found.groups()
        other = entries.get(position(letters, digits)) if letters else None
        if letters and (other is None or other.row[-1] is not entry.row[-1] or not _is_known(other, types)):
            return ""
        parts.append(other.ref.column if other else number or _SIGNS.get(sign, sign) if number or sign else "")
        at = found.end()
    formula = " ".join(filter(None, parts)).replace("( ", "(").replace(" )", ")")
    return formula if {"×", "÷"} & set(parts) and len(formula) <= MAX_LENGTH else ""


def _is_known(entry: Entry, types: Types) -> bool:
    """Whether what a cell holds can be calculated with: a number, in a unit that is known."""
    said = types[entry.row[-1], entry.column[-1]]
    return said.kind not in ("text", "choice", "date") and not (said.kind == "amount" and not said.unit)


def _bare(formula: str) -> str:
    """A formula without what guards it."""
    text = formula.strip().removeprefix("+")
    for guard in _GUARDS:
        if found := guard.fullmatch(text):
            text = found.groups()[-1]
    return text
