"""What a form's file says of cells: on a column, a row or one cell, each with what does not go together told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import UNSET, UnsetType

from reportkit.errors import CellRef
from reportkit.kinds import table_shapes
from reportkit.model.cell import AS_WRITTEN, DECIMALS, NUMBERS, SILENT, Format, Traits
from reportkit.model.form import Table
from reportkit.shapes import Steps, WrongShapeError, shown
from reportkit.translation import _

_TRAITS = ("kind", "unit", "currency", "options", "negative")


def format_of(shape: table_shapes.Format | UnsetType) -> Format:
    """Return how cells are printed, as an entry says it."""
    if shape is UNSET:
        return AS_WRITTEN
    said = (getattr(shape, name) for name in Format._fields)
    return Format._make(None if one is UNSET else one for one in said)


def traits_of(shape: table_shapes.Traits, steps: Steps, name: str) -> Traits:
    """Return what an entry says of cells; `steps` is where it stands, `name` what it is called.

    Raises WrongShapeError for what does not go together.
    """
    said = [None if (one := getattr(shape, trait)) is UNSET else one for trait in _TRAITS]
    traits = Traits._make([*said, format_of(shape.format)])
    if traits == SILENT:
        return SILENT
    for trait, words in _faults(traits):
        raise WrongShapeError((*steps, trait), "", _("{name}: {reason}").format(name=name, reason=words))
    return traits


def _faults(traits: Traits) -> Iterator[tuple[str, str]]:
    """What does not go together, each with the entry that it stands at. A kind brings what belongs to it along."""
    kind = traits.kind
    if kind == "choice" and traits.options is None:
        yield "kind", _("a choice is between options; add options: [...]")
    if kind == "money" and traits.currency is None:
        yield "kind", _("money is of one currency; add currency: USD, or take amount for Chinese units of money")
    if traits.options is not None and kind != "choice":
        yield "options", _("options belong to kind: choice; say both here")
    if traits.currency is not None and kind != "money":
        yield "currency", _("a currency belongs to kind: money; say both here")
    if traits.negative and kind is not None and kind not in DECIMALS:
        yield (
            "negative",
            _("{kind} is never negative by this entry; take change, number, percent or money").format(kind=kind),
        )
    if traits.unit and kind is not None and kind not in NUMBERS:
        yield "unit", _("{kind} has no unit; take it out").format(kind=kind)
    options = traits.options or ()
    if any(not option.strip() or "□" in option or "☑" in option for option in options):
        yield "options", _("an option is a text without boxes, and not blank")
    if kind == "choice" and len(options) == 1:
        yield "options", _("one option is no choice; add another, or take text")
    if len({option.strip() for option in options}) < len(options):
        yield "options", _("an option stands there twice; keep one")


def cell_traits(shape: table_shapes.Table, table: Table, steps: Steps) -> dict[CellRef, Traits]:
    """Return what a table says of single cells. Raises WrongShapeError for one that it does not have, or has twice."""
    found: dict[CellRef, Traits] = {}
    there = {CellRef(table.key, row.key, column.key) for row, block in table.rows for column in block.column_leaves}
    for number, one in enumerate(shape.cells):
        at = (*steps, "cells", number)
        ref, name = CellRef(table.key, one.row, one.column), f"{table.key}[{one.row}, {one.column}]"
        if ref not in there:
            raise WrongShapeError((*at, *_unknown(ref, there)), "", _no_cell(name, ref, there))
        if ref in found:
            raise WrongShapeError(at, "", _("{name}: stands in cells twice; keep one").format(name=name))
        found[ref] = traits_of(one, at, name)
    return found


def _unknown(ref: CellRef, there: set[CellRef]) -> tuple[str, ...]:
    return ("column",) if any(one.row == ref.row for one in there) else ("row",)


def _no_cell(name: str, ref: CellRef, there: set[CellRef]) -> str:
    in_row = sorted({one.column for one in there if one.row == ref.row})
    known: Mapping[str, object] = {"name": name, "there": shown(in_row or sorted({one.row for one in there}))}
    words = (
        _("{name}: no such cell; the columns of this row are {there}")
        if in_row
        else _("{name}: no such row; there is {there}")
    )
    return words.format(**known)
