"""A notebook as it is run: the same for the same cells, whoever opened, ran and saved it in between."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import UserError
from reportkit.locations import read

LEFT_BEHIND = ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled")
"""What runs and viewers leave in a cell's metadata, and a run does without."""


class Source(NamedTuple):
    """A notebook as it is run: its JSON without outputs, and the SHA-256 of that."""

    text: str
    digest: str


def read_notebook(path: Path, content: bytes | None = None) -> Source:
    """Return a notebook without outputs and without what a viewer or a kernel has left in it.

    So a notebook that was only opened, run and saved is still the same notebook. Cells without an id (notebooks from
    before 2021) get their number as one, since a random one would change at every run.

    Raises UserError if the file is no notebook of format 4, or its store cannot be read.
    """
    try:
        nb = json.loads(read(path) if content is None else content)
        cells, metadata = nb["cells"], nb.setdefault("metadata", {})
        for number, cell in enumerate(cells, 1):
            _strip(cell)
            cell.setdefault("id", f"cell-{number}")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a notebook of format 4 ({error}); open and save it in JupyterLab") from None
    for left in ("language_info", "widgets", "papermill"):
        metadata.pop(left, None)
    nb |= {"nbformat": 4, "nbformat_minor": max(nb.get("nbformat_minor", 0), 5)}
    text = json.dumps(nb, ensure_ascii=False, sort_keys=True)
    return Source(text, hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest())


def notebook_of(path: Path) -> dict[str, Any]:
    """Return the JSON of an output notebook, its outputs left out. Raises UserError as `read_notebook` does."""
    nb: dict[str, Any] = json.loads(read_notebook(path).text)
    return nb


def notebook_bytes(nb: Any) -> bytes:
    """Return a notebook as it is written to a file: the same for the same content, and easy to compare."""
    return (json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(errors="backslashreplace")


def _strip(cell: dict[str, Any]) -> None:
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    for left in LEFT_BEHIND:
        cell.setdefault("metadata", {}).pop(left, None)
    if isinstance(cell["source"], list):  # the format allows both
        cell["source"] = "".join(cell["source"])
