"""The cells of a notebook as plain values: only what an analyst writes, without what runs and viewers leave behind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from reportkit.notebook.normalization import left_behind
from reportkit.notebook.validation import given_id, source_of, unique_ids

Kind = Literal["code", "markdown", "raw"]

NOTE = "reportkit-conflict"
"""The tag of a note that shows a conflict; it is made anew at every merge and is no cell of anybody's."""

_MADE = {"injected-parameters", "papermill-error-cell-tag"}
_FAILURE = {"failure-note", "failing-cell"}  # the ids that `note_failure` gives
_OF_VIEWERS = {
    "jp-MarkdownHeadingCollapsed",
    "jupyter",
    "pycharm",
    "trusted",
    "cellView",
    "is_collapsed",
    "is_code_hidden",
}


@dataclass(frozen=True)
class Cell:
    """One cell as its author left it. Two are equal if all that an author can change is equal."""

    id: str
    kind: Kind
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    """Pictures pasted into a Markdown cell, by name."""


def cells_of(nb: Mapping[str, Any]) -> list[Cell]:
    """Return the cells of a notebook of format 4, each with an id of its own.

    Left out are the cells that are made anew every time (injected parameters, notes on a conflict or a failure). A cell
    without an id gets its number as one, as in `read_notebook`; the second of two that share one gets `-2`.
    """
    authored = [(number, cell) for number, cell in enumerate(nb["cells"], 1) if not _is_made(cell)]
    names = unique_ids({number: given_id(cell) for number, cell in authored})
    return [_cell(cell, names[number]) for number, cell in authored]


def as_json(cell: Cell) -> dict[str, Any]:
    """Return the cell in notebook format 4.5; a code cell has no outputs."""
    plain: dict[str, Any] = {
        "id": cell.id,
        "cell_type": cell.kind,
        "metadata": dict(cell.metadata),
        "source": cell.source,
    }
    if cell.kind == "code":
        plain |= {"outputs": [], "execution_count": None}
    elif cell.attachments:
        plain["attachments"] = dict(cell.attachments)
    return plain


def is_note(cell: Mapping[str, Any]) -> bool:
    """Whether a cell's JSON is a note on a conflict that nobody wrote into; what somebody wrote is not ours to drop."""
    metadata = cell.get("metadata") or {}
    mark = metadata.get("reportkit")
    return NOTE in _tags(metadata) and (not isinstance(mark, dict) or mark.get("note") == note_mark(source_of(cell)))


def note_mark(source: str) -> str:
    """Return the mark by which a note shows that nobody wrote into it."""
    return hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()[:16]


def has_tag(cell: Cell, tag: str) -> bool:
    """Whether the cell has this tag."""
    return tag in _tags(cell.metadata)


def _cell(cell: Mapping[str, Any], name: str) -> Cell:
    kind = cast(Kind, cell["cell_type"])
    return Cell(name, kind, source_of(cell), _authored(cell.get("metadata") or {}), dict(cell.get("attachments") or {}))


def _is_made(cell: Mapping[str, Any]) -> bool:
    failure = cell.get("id") in _FAILURE and cell["cell_type"] == "markdown"
    return failure or is_note(cell) or not _MADE.isdisjoint(_tags(cell.get("metadata") or {}))


def _tags(metadata: Mapping[str, Any]) -> list[str]:
    tags = metadata.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _authored(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in metadata.items()
        if key not in _OF_VIEWERS
        and not left_behind(key)
        and not (key in ("editable", "deletable") and value is True)
        and not (key == "tags" and value == [])
    }
