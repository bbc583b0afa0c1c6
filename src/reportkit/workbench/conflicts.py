"""The open conflicts of a town's notebook as JSON values, and one settled as a front end asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.notebook.own_words import narrated
from reportkit.notebook.towns import Choice, OpenConflict, settle, settle_by_text
from reportkit.project import Project
from reportkit.translation import _
from reportkit.worddiff import Piece
from reportkit.workbench.serialization import notice

Message = dict[str, Any]


def conflict_values(conflicts: Iterable[OpenConflict], form: Form) -> list[Message]:
    """Return conflicts of a report of a form as a front end shows them."""
    return [_as_values(each, form) for each in conflicts]


def settled(project: Project, name: str, filing: Filing, message: Mapping[str, Any]) -> Message:
    """Settle the conflict of a message by the side or the text that it has, and return the message that it is done.

    Raises UserError as `reportkit.notebook.towns.settle` does; then nothing has changed.
    """
    cell, seen = str(message["cell"]), str(message["version"])
    if "text" in message:
        settle_by_text(project, name, filing, cell, str(message["text"]), seen)
    else:
        settle(project, name, filing, cell, Choice(str(message["choice"])), seen)
    words = _("Settled: {name}. If its notebook is open, close it and open it anew.")
    return notice("done", words.format(name=message.get("name") or cell))


def _name(one: OpenConflict, form: Form) -> str:
    """What a person calls the cell: the section's label and its part's heading, or else its id."""
    key, part = narrated(one.head or one.ours or one.theirs or "")
    section = form.section_by_key.get(key)
    if section is None:
        return one.cell
    return " ".join(filter(None, (section.label, section.parts.get(part))))


def _as_values(one: OpenConflict, form: Form) -> Message:
    view = one.view
    sides = {"ours": view.ours, "theirs": view.theirs}
    return {
        "cell": one.cell,
        "name": _name(one, form),
        "version": one.version,
        "before": view.before,
        "sides": {side: None if pieces is None else _pieces(pieces) for side, pieces in sides.items()},
        "labels": {"ours": _(one.labels.ours), "theirs": _(one.labels.theirs)},
        "choices": [str(choice) for choice in one.choices],
        "noBoth": one.no_both,
        "text": next((text for text in (one.proposal, one.ours, one.theirs) if text is not None), ""),
    }


def _pieces(pieces: Sequence[Piece]) -> list[list[str]]:
    return [[piece.kind, piece.text] for piece in pieces]
