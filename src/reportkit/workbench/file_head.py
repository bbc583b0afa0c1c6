"""What a parameter file says of the report as a whole, and its waivers, as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.messages.catalogue import entries_of
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.model.names import MAX_NAME
from reportkit.params.source_map import Spots
from reportkit.translation import _
from reportkit.workbench.fields import HEADS

_QUOTES = "“”‘’"


class Head(NamedTuple):
    """The texts of single names (agency, compare), and the reasons of waivers by code."""

    names: Mapping[str, str]
    waivers: Mapping[str, str]


def head_of(text: str, filing: Filing) -> Head:
    """Return what the text of a file says, of which a filing has been made."""
    if filing.origins.keys().isdisjoint((*HEADS, "waivers")):
        return Head({}, {})
    spots = Spots(text.removeprefix("\ufeff"), filing.form)
    names = {name: _text(spots.top[name].value.value) for name in HEADS if name in spots.top}
    return Head(names, {code: _text(spot.value.value) for code, spot in spots.waivers.items()})


def _text(value: object) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text in ("~", "null") else text


def tidy_name(text: str) -> str:
    """Return a name on one line. Raises UserError for one that no report can have."""
    name = " ".join(text.split()).strip(_QUOTES)
    if len(name) > MAX_NAME or not name.isprintable():
        words = _("A name has at most {most} signs, and none that nobody sees.")
        raise UserError(words.format(most=MAX_NAME))
    return name


def tidy_reason(text: str) -> str:
    """Return the reason of a waiver on one line. Raises UserError for one that cannot be printed."""
    reason = " ".join(text.split())
    if not reason.isprintable():
        raise UserError(_("A reason cannot have signs that nobody sees; type it again without them."))
    return reason


def waivable(form: Form) -> dict[str, str]:
    """Return the title of each code that a report of a form can waive."""
    return {code: entry.title for code, entry in entries_of([form]).items() if entry.waivable}
