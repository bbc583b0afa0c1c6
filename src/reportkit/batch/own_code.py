"""Code that a town's notebook brings: who has never seen it is told, and who wants none of it is not given it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator

from reportkit.batch.purity import not_plain
from reportkit.errors import Issue
from reportkit.messages.words import issue
from reportkit.notebook.cells import Cell
from reportkit.notebook.towns import Town, cell_place, copy_path
from reportkit.project import Project
from reportkit.translation import _


def brought(town: Town) -> list[Cell]:
    """Return the code cells of a town's own that are not plain, and that the master does not have word for word."""
    if town.copy is None:
        return []
    master = {cell.source for cell in town.bare}
    return [cell for cell in not_plain(town.merged.cells) if cell.source not in master]


def notices_of_new_code(project: Project, name: str, cells: Iterable[Cell]) -> list[str]:
    """Return a line for each cell of a town that has not been told of before, and remember that it now has.

    What was told is kept in `.reportkit/code/` of the project, a file for each wording of a cell; where that cannot be
    written, the cell is told again the next time.
    """
    where = project.shown(copy_path(project, name))
    words = _("{copy}: cell {cell} holds code of this town's own, which runs with your rights; see SECURITY.md")
    return [words.format(copy=where, cell=cell.id) for cell in cells if _is_new(project, name, cell)]


def refused(project: Project, town: Town) -> Iterator[Issue]:
    """Yield an error (N5) for each cell of a town's notebook that is not plain, whoever has written it."""
    own, master = copy_path(project, town.name), {cell.source for cell in town.bare}
    for cell in not_plain(town.merged.cells):
        path = project.shown(project.notebook if cell.source in master else own)
        yield issue("N5", cell_place(path, cell.id), cell=cell.id)


def _is_new(project: Project, name: str, cell: Cell) -> bool:
    """Whether this process is the first to meet a cell: of several only one can make the file."""
    words = "\0".join((name, cell.id, cell.source)).encode(errors="surrogatepass")
    path = project.root / ".reportkit" / "code" / hashlib.sha256(words).hexdigest()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        return False
    except OSError:
        return True
    return True
