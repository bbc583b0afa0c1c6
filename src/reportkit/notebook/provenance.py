"""What is left in a notebook so that edits of it can be told: whose it is, and the cells that it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from reportkit.errors import UserError
from reportkit.files.locations import read
from reportkit.notebook.cells import Cell, as_json, cells_of
from reportkit.notebook.validation import cells_wrong, load_notebook, source_of
from reportkit.translation import _

_EMPTY = ("outputs", "execution_count")
_DATA = {"parameters", "injected-parameters"}

NOTHING_DISPUTED: Mapping[str, str] = MappingProxyType({})


class Mark(NamedTuple):
    """What reportkit has left in a notebook: the report's name (2019/宁海县/桑洲镇) and the cells as they were made.

    `base` is None if it is not as it was left: somebody has replaced words in the whole file, not in its cells alone.
    `parameters` is the SHA-256 of the cells that hold an output notebook's data; `revision` is that of the version of a
    town's own copy that was opened, whatever has been typed into it since. `disputed` is what each cell in conflict
    said before, as far as known, with all in it that could be merged.
    """

    town: str
    base: list[Cell] | None
    parameters: str = ""
    revision: str = ""
    disputed: Mapping[str, str] = NOTHING_DISPUTED


def mark(
    nb: Any,
    town: str,
    base: Sequence[Cell],
    parameters: str = "",
    revision: str = "",
    disputed: Mapping[str, str] = NOTHING_DISPUTED,
) -> None:
    """Leave a mark in a notebook's metadata."""
    entry: dict[str, Any] = {"town": town, **_record(base)}
    lines = {cell: text.splitlines(keepends=True) for cell, text in disputed.items()}
    more = {"parameters": parameters, "revision": revision, "disputed": lines}
    nb["metadata"]["reportkit"] = {**entry, **{key: value for key, value in more.items() if value}}


def mark_of(nb: Any) -> Mark | None:
    """Return the mark of a notebook, None if it has none that can be read."""
    try:
        about = nb["metadata"]["reportkit"]
        parameters, revision = (str(about.get(key, "")) for key in ("parameters", "revision"))
        return Mark(str(about["town"]), _recorded(about), parameters, revision, _disputed(about))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def mark_master(nb: Any, base: Sequence[Cell]) -> None:
    """Leave in a project's master the cells of the packaged one that it was made from.

    It names no town, so that `mark_of` finds no mark in it: it is nobody's copy.
    """
    nb["metadata"]["reportkit"] = _record(base)


def master_base(nb: Any) -> list[Cell] | None:
    """Return the cells that a project's master was made from, None if it does not say so, or not as it was left."""
    try:
        about = nb["metadata"]["reportkit"]
        return None if "town" in about else _recorded(about)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _record(base: Sequence[Cell]) -> dict[str, Any]:
    return {"base": [_lean(cell) for cell in base], "digest": cells_digest(base)}


def _recorded(about: Any) -> list[Cell] | None:
    """The cells of a record, None if they are not those that it was made of. Raises what a wrong shape does."""
    recorded = about["base"]
    base = None if cells_wrong(recorded) else cells_of({"cells": recorded})
    known = base is not None and about["digest"] == cells_digest(base)
    return base if known else None


def _disputed(about: Any) -> dict[str, str]:
    found = about.get("disputed")
    items = found.items() if isinstance(found, dict) else ()
    return {cell: "".join(map(str, lines)) for cell, lines in items if isinstance(lines, list)}


def sign(nb: Any, town: str) -> None:
    """Leave in an output notebook what it takes to tell later which of its cells somebody has changed."""
    mark(nb, town, cells_of(nb), parameters_mark(nb))


def parameters_mark(nb: Any) -> str:
    """Return the SHA-256 of what the cells with an output notebook's parameters say."""
    cells = [cell for cell in nb["cells"] if _DATA & set(cell.get("metadata", {}).get("tags", ()))]
    return _sha("".join(map(source_of, cells)))


def is_edited(path: Path, content: bytes | None = None) -> bool:
    """Whether an output notebook's cells have been changed by hand since it was made, as far as can be told.

    `content` is what the file holds, if that has been read already.
    """
    try:
        nb = load_notebook(path, read(path) if content is None else content)
        made = mark_of(nb)
        return made is None or cells_of(nb) != made.base or parameters_mark(nb) != made.parameters
    except FileNotFoundError:
        return False
    except (OSError, UserError):
        return True


def _lean(cell: Cell) -> dict[str, Any]:
    """A cell as it is kept in metadata: nothing that an empty notebook cell would have, the source line by line."""
    entry = {key: value for key, value in as_json(cell).items() if key not in _EMPTY}
    entry["source"] = cell.source.splitlines(keepends=True)
    return entry if entry["metadata"] else {key: value for key, value in entry.items() if key != "metadata"}


def note_failure(nb: Any, cell_id: str, reason: str) -> None:
    """Put a note at the head of a failed notebook with a link to the failing cell, if it is known, and mark that cell.

    The link leads to a heading, as JupyterLab gives addresses to headings only.
    """
    place = next((index for index, cell in enumerate(nb.cells) if cell.get("id") == cell_id), None)
    words = "\n".join(f"    {line}" for line in reason.splitlines())
    head = _("This report was not made")
    told = f"# {head}\n\n{words}"
    if place is not None:
        heading = _("The cell that failed")
        below = _("The cell below ({cell}) has failed.").format(cell=cell_id)
        link = _("To cell {cell}, which failed").format(cell=cell_id)
        nb.cells.insert(place, _note("failing-cell", f"## {heading}\n\n{below}"))
        told += f"\n\n[{link}](#{heading.replace(' ', '-')})"
    nb.cells.insert(0, _note("failure-note", told))


def _note(cell_id: str, source: str) -> Any:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(source, id=cell_id, metadata={"tags": ["remove-cell"]})


def revision_of(cells: Sequence[Cell], base: Sequence[Cell]) -> str:
    """Return what tells a version of a town's own copy from others: the same for the same cells and their origin."""
    return _sha(cells_digest(cells) + cells_digest(base))[:16]


def cells_digest(cells: Sequence[Cell]) -> str:
    """Return the SHA-256 of what an analyst can change in cells."""
    return _sha(json.dumps([_lean(cell) for cell in cells], ensure_ascii=False, sort_keys=True))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
