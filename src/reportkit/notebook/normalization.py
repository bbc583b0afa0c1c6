"""A notebook as it is run: the same for the same cells, whoever opened, ran and saved it in between."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import UserError, reason_of
from reportkit.files.locations import read
from reportkit.notebook.validation import NotebookError, given_id, load_notebook, source_of, unique_ids
from reportkit.translation import Saying, _

LEFT_BEHIND = frozenset({
    "execution", "papermill", "ExecuteTime", "collapsed", "scrolled",
    "id", "colab", "colab_type", "outputId", "executionInfo",  # Colab
    "vscode", "notebookRunGroups",  # VS Code
    "cell_id", "source_hash", "execution_start", "execution_millis", "execution_context_id", "output_cleared",
    "is_output_hidden", "allow_embed", "formattedRanges",  # Deepnote
    "_cell_guid", "_uuid", "azdata_cell_guid", "nteract", "datalore", "noteable",
})  # fmt: skip
"""What runs and editors leave in a cell's metadata, and a run does without."""

_OF_EDITORS = {"language_info", "widgets", "papermill", "colab", "accelerator", "gpuClass", "vscode", "orig_nbformat"}
_LEFT_BEHIND_BY = ("deepnote", "application/vnd.databricks.")
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
_KEPT = ("cell_type", "id", "metadata", "source")

_WITHOUT_FRACTION = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class Source(NamedTuple):
    """A notebook as it is run: its JSON without outputs, and the SHA-256 of that."""

    text: str
    digest: str


def read_notebook(path: Path, content: bytes | None = None) -> Source:
    """Return a notebook without outputs and without what a viewer or a kernel has left in it.

    So a notebook that was only opened, run and saved is still the same notebook. Cells without an id (notebooks from
    before 2021) get their number as one, since a random one would change at every run; no two have the same.

    Raises UserError if the file is no notebook of format 4 for Python, or its store cannot be read.
    """
    try:
        return _source(path, read(path) if content is None else content)
    except OSError as error:
        raise UserError(_("{path}: cannot be read: {reason}").format(path=path, reason=reason_of(error))) from None


@lru_cache(maxsize=2)
def _source(path: Path, content: bytes) -> Source:
    """A notebook that holds this: the master is read for each report of thousands, between the copies of towns."""
    nb = load_notebook(path, content)
    cells, metadata = nb["cells"], nb["metadata"]
    names = unique_ids({number: given_id(cell) for number, cell in enumerate(cells, 1)})
    cells = [_stripped(cell, names[number]) for number, cell in enumerate(cells, 1)]
    _name_language(path, metadata)
    metadata = {key: value for key, value in metadata.items() if not _is_of_an_editor(key)}
    nb = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": max(nb.get("nbformat_minor", 0), 5)}
    text = json.dumps(nb, ensure_ascii=False, sort_keys=True)
    return Source(text, hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest())


def notebook_of(path: Path) -> dict[str, Any]:
    """Return the JSON of an output notebook, its outputs left out. Raises UserError as `read_notebook` does."""
    nb: dict[str, Any] = json.loads(read_notebook(path).text)
    return nb


def notebook_bytes(nb: Any) -> bytes:
    """Return a notebook as it is written to a file: the same for the same content, and easy to compare."""
    return _by_msgspec(nb) or f"{as_json(nb)}\n".encode(errors="backslashreplace")


def _by_msgspec(nb: Any) -> bytes:
    """The same in a quarter of the time, b"" where msgspec would write it in another way or not at all."""
    if _holds_float(nb):  # for which it has shapes of its own, and null for one that is no number
        return b""
    import msgspec

    try:
        return msgspec.json.format(msgspec.json.encode(nb, order="sorted"), indent=1) + b"\n"
    except (TypeError, ValueError, RecursionError):  # half of a surrogate pair, for instance
        return b""


def _holds_float(value: Any) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return isinstance(value, float)
    # Most are lists of lines, and dicts of texts.
    return not _WITHOUT_FRACTION.issuperset(map(type, value)) and any(map(_holds_float, value))


def as_json(value: Any, margin: str = "\n") -> str:
    """Return what `json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)` does, in two thirds of the time.

    With an indent that is written in Python, as a generator. Keys are texts, as in every notebook.
    """
    inner = f"{margin} "
    if isinstance(value, dict):
        pairs = [f"{inner}{encode_basestring(key)}: {_item(item, inner)}" for key, item in sorted(value.items())]
        return f"{{{','.join(pairs)}{margin}}}" if pairs else "{}"
    if isinstance(value, (list, tuple)):  # a union of types would be made anew each time
        items = [inner + _item(item, inner) for item in value]
        return f"[{','.join(items)}{margin}]" if items else "[]"
    return _ENCODER.encode(value)


def _item(value: Any, margin: str) -> str:
    # Most are texts and whole numbers.
    kind = type(value)
    return encode_basestring(value) if kind is str else str(value) if kind is int else as_json(value, margin)


def left_behind(key: str) -> bool:
    """Whether a key of a cell's metadata says nothing of what its author wrote; see LEFT_BEHIND."""
    return key in LEFT_BEHIND or key.startswith(_LEFT_BEHIND_BY)


def _is_of_an_editor(key: str) -> bool:
    """Whether a key of a notebook's metadata says nothing of what its author wrote."""
    return key in _OF_EDITORS or key.startswith(_LEFT_BEHIND_BY)


def _name_language(path: Path, metadata: dict[str, Any]) -> None:
    """Let the kernelspec name the language: Colab and Databricks leave that, or all of it, to the language_info."""
    kernel = metadata.get("kernelspec") or {}
    language = kernel.get("language") or (metadata.get("language_info") or {}).get("name") or "python"
    if "python" not in language.lower():
        reason = Saying("is written in {language}, and only Python is run here", language=language[:40])
        raise NotebookError(path, reason, Saying("choose a Python kernel and save it again"))
    metadata["kernelspec"] = {**_KERNEL, **kernel, "language": "python"}


def _stripped(cell: dict[str, Any], name: str) -> dict[str, Any]:
    """A cell under this id with nothing in it but what its author wrote, in format 4.5."""
    plain = {key: cell[key] for key in _KEPT if key in cell} | {"id": name, "source": source_of(cell)}
    plain["metadata"] = {key: value for key, value in cell["metadata"].items() if not left_behind(key)}
    if cell["cell_type"] == "code":
        plain |= {"outputs": [], "execution_count": None}
    elif cell.get("attachments"):
        plain["attachments"] = cell["attachments"]
    return plain
