"""The file of a town's own copy: small, the same bytes for the same cells, never replaced behind anybody's back."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import UserError
from reportkit.locations import is_remote, read, write
from reportkit.notebook import notebook_bytes, read_notebook
from reportkit.notebook.aligning import parameters_cell
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.marks import cells_digest, mark, mark_of
from reportkit.project import Project
from reportkit.writers.places import put
from reportkit.writers.undo import keep


@dataclass(frozen=True)
class Copy:
    """A town's own copy: its cells, and the cells that it was made from (None if these are not known for sure).

    `is_ours` is False for one that somebody made by hand, by copying the master for instance.
    `content` are the bytes it was read from; `digest` is the same for the same cells, whatever outputs a viewer has
    left in the file.
    """

    path: Path
    cells: list[Cell]
    base: list[Cell] | None
    content: bytes
    is_ours: bool

    @property
    def digest(self) -> str:
        """The SHA-256 of the cells, and of those that they were made from."""
        return f"{cells_digest(self.cells)} from {cells_digest(self.base) if self.base is not None else 'unknown'}"


def copy_path(project: Project, name: str) -> Path:
    """Return where the own copy of a report (2019/宁海县/桑洲镇) is, if the town has one."""
    return project.copies / f"{name}.ipynb"


def copy_digest(path: Path) -> str:
    """Return the digest of an own copy, "" if there is none, and something else for a file that is no notebook."""
    try:
        copy = read_copy(path)
    except UserError as error:
        return f"unreadable: {error}"
    return copy.digest if copy else ""


def read_copy(path: Path) -> Copy | None:
    """Return a town's own copy, None if there is none. Raises UserError if the file is no notebook."""
    try:
        content = read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    nb = json.loads(read_notebook(path, content).text)
    made = mark_of(nb)
    return Copy(path, cells_of(nb), made.base if made else None, content, made is not None)


def copy_bytes(nb: dict[str, Any], name: str, base: Sequence[Cell]) -> bytes:
    """Return an own copy as it is written: without outputs, keys sorted, sources line by line, so that it diffs well.

    Its parameters cell names the town, so that it can be run as it is.
    """
    for cell in nb["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = _named(cell["source"], name)
        cell["source"] = cell["source"].splitlines(keepends=True)
    mark(nb, name, base)
    return notebook_bytes(nb)


def parameters_changed(copy: Copy, name: str) -> bool:
    """Whether somebody has changed the parameters cell of an own copy, which decides nothing when a report is made."""
    made, now = parameters_cell(copy.base or []), parameters_cell(copy.cells)
    return made is not None and now is not None and now.source != _named(made.source, name)


def _named(source: str, name: str) -> str:
    """The parameters cell with the year and the jurisdiction of a report put in; all else in it stays as it is."""
    year, _, jurisdiction = name.partition("/")
    if not year.isdecimal() or not jurisdiction:
        return source
    values = {"year": str(int(year)), "jurisdiction": json.dumps(jurisdiction, ensure_ascii=False)}
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return source
    lines = source.encode().splitlines(keepends=True)
    for statement in reversed(statements):
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if (
                target in values and value.lineno == value.end_lineno
            ):
                line = lines[value.lineno - 1]
                new = values[target].encode()
                lines[value.lineno - 1] = line[: value.col_offset] + new + line[value.end_col_offset or 0 :]
    return b"".join(lines).decode()


def store(project: Project, path: Path, content: bytes, was: bytes | None) -> None:
    """Write an own copy whole; `was` is what it held when it was read, None if it was not there.

    The version before is kept for one step back, as reportkit.writers.undo says.

    Raises UserError if somebody has changed it since, and OSError if it cannot be written; then nothing has changed.
    """
    try:
        now = read(path)
    except FileNotFoundError:
        now = None
    if now != was:
        raise UserError(f"{path}: was changed by somebody else in this moment; nothing was written, run it again")
    if now == content:
        return
    if is_remote(path):
        write({path: content})
    else:
        if was is not None:
            keep(project.root, path)
        put(path, content, new=was is None)
