"""The file of a town's own copy: small, and the same bytes for the same cells."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportkit.errors import UserError, reason_of
from reportkit.files.locations import behind_dead_link, is_remote, read
from reportkit.files.ownership import distrusted
from reportkit.notebook import notebook_bytes, read_notebook
from reportkit.notebook.cell_matching import parameters_cell
from reportkit.notebook.cells import Cell, cells_of
from reportkit.notebook.provenance import NOTHING_DISPUTED, cells_digest, mark, mark_of, revision_of
from reportkit.notebook.validation import NotebookError
from reportkit.project import Project
from reportkit.signs import one_line
from reportkit.translation import Saying, _


class CopyError(UserError):
    """A town's own copy cannot be read: the path, and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return one_line(_("{path}: {reason}").format(path=self.path, reason=self.reason))


@dataclass(frozen=True)
class Copy:
    """A town's own copy: its cells, and the cells that it was made from (None if these are not known for sure).

    `is_ours` is False for one that somebody made by hand, by copying the master for instance.
    `content` are the bytes it was read from; `digest` is the same for the same cells, whatever outputs a viewer has
    left in the file. `revision` is that of the version that was opened, as reportkit wrote it; `overtaken` says that a
    newer one was there when this was saved. `disputed` is what its cells in conflict said before, as far as known.
    """

    path: Path
    cells: list[Cell]
    base: list[Cell] | None
    content: bytes
    is_ours: bool
    revision: str = ""
    overtaken: str = ""
    disputed: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The SHA-256 of the cells, and of those that they were made from."""
        return f"{cells_digest(self.cells)} from {cells_digest(self.base) if self.base is not None else 'unknown'}"


def copy_path(project: Project, name: str) -> Path:
    """Return where the own copy of a report (2019/宁海县/桑洲镇) is, if the town has one."""
    return project.copies / f"{name}.ipynb"


def read_copy(path: Path) -> Copy | None:
    """Return a town's own copy, None if there is none.

    Raises CopyError if the file is no notebook, or another user's.
    """
    try:
        content = read(path)
    except FileNotFoundError:
        if not is_remote(path) and behind_dead_link(path):
            raise CopyError(
                path, Saying("is behind a link to a place that is not there; mend this link or delete it")
            ) from None
        return None
    except OSError as error:
        raise CopyError(path, Saying("cannot be read ({reason})", reason=reason_of(error))) from None
    if why := distrusted(path):
        raise CopyError(path, why)
    return parsed(path, content)


def parsed(path: Path, content: bytes) -> Copy:
    """Return the own copy that a file holds, or has held. Raises CopyError if that is no notebook."""
    try:
        nb = json.loads(read_notebook(path, content).text)
    except NotebookError as error:
        raise CopyError(path, Saying("{reason}; {cure}", reason=error.reason, cure=error.cure)) from None
    made = mark_of(nb)
    cells, base = cells_of(nb), made.base if made else None
    if made is None:
        return Copy(path, cells, base, content, is_ours=False)
    return Copy(path, cells, base, content, True, made.revision, disputed=made.disputed)


def copy_bytes(
    nb: dict[str, Any], name: str, base: Sequence[Cell], disputed: Mapping[str, str] = NOTHING_DISPUTED
) -> bytes:
    """Return an own copy as it is written: without outputs, keys sorted, sources line by line, so that it diffs well.

    Its parameters cell names the town, so that it can be run as it is.
    """
    name_report(nb, name)
    mark(nb, name, base, revision=revision_of(cells_of(nb), base), disputed=disputed)
    return notebook_bytes(nb)


def name_report(nb: dict[str, Any], name: str) -> None:
    """Name a report in the parameters cell of a notebook, and write all its sources line by line."""
    for cell in nb["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = _parameters_named(cell["source"], name)
        cell["source"] = cell["source"].splitlines(keepends=True)


def parameters_changed(copy: Copy, name: str) -> bool:
    """Whether somebody has changed the parameters cell of an own copy, which decides nothing when a report is made."""
    made, now = parameters_cell(copy.base or []), parameters_cell(copy.cells)
    return made is not None and now is not None and now.source != _parameters_named(made.source, name)


def _parameters_named(source: str, name: str) -> str:
    """Return the parameters cell with the year and the jurisdiction of a report put in; all else stays as it is."""
    year, _, jurisdiction = name.partition("/")
    if not year.isdecimal() or not jurisdiction:
        return source
    values = {"year": str(int(year)), "jurisdiction": json.dumps(jurisdiction, ensure_ascii=False)}
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two where it is nested too deep
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
