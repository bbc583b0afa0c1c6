"""The places in which a person writes: each has a kind and a key, and one word for both."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast, get_args

from reportkit.errors import CellRef
from reportkit.model.form import Form
from reportkit.translation import _

FieldKind = Literal["cell", "words", "fact", "head", "waiver"]

HEADS = ("agency", "compare")
"""What a file says of the report as a whole and a person may change; whose report it is, and of when, stays."""

Texts = dict["Field", str]


class Field(NamedTuple):
    """A cell, a section's words, a fact of the form, what a file says of the whole, or the reason of a waiver."""

    kind: FieldKind
    key: str

    @property
    def name(self) -> str:
        """The one word."""
        return f"{self.kind}:{self.key}"

    @property
    def ref(self) -> CellRef:
        """The cell, of a field that is one."""
        return CellRef(*self.key.split("|"))


def cell_field(ref: CellRef) -> Field:
    """Return the field of a cell."""
    return Field("cell", "|".join(ref))


def field_of(name: str, form: Form) -> Field:
    """Return the field that a word stands for. Raises KeyError if the form has none."""
    kind, _colon, key = name.partition(":")
    field = Field(cast(FieldKind, kind), key)
    if kind not in get_args(FieldKind) or not _is_known(field, form):
        raise KeyError(name)
    return field


def _is_known(field: Field, form: Form) -> bool:
    match field.kind:
        case "cell":
            parts = field.key.split("|")
            table = form.tables.get(parts[0])
            return len(parts) == len(CellRef._fields) and table is not None and CellRef(*parts) in table.cells
        case "words":
            return field.key in form.section_by_key
        case "fact":
            return field.key in form.facts
        case "head":
            return field.key in HEADS
        case _:
            return bool(field.key)


def shown(field: Field, text: str) -> str:
    """Return what stands in a field as a person reads it."""
    return {"true": _("yes"), "false": _("no")}.get(text, text) if field == Field("head", "compare") else text


def words_for(field: Field, form: Form) -> str:
    """Return what a person calls a field: a cell by its table, row and column."""
    match field.kind:
        case "cell":
            table = form.tables[field.ref.table]
            return " ".join((table.caption, *(f"“{label}”" for label in table.labels[field.ref] if label)))
        case "words":
            return form.section_by_key[field.key].label
        case "fact":
            return form.facts[field.key].label
        case "head":
            return {"agency": _("Agency"), "compare": _("Compare with the year before")}[field.key]
        case _:
            return _("Waiver of {code}").format(code=field.key)
