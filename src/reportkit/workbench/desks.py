"""What the notebook calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.checks import check_config
from reportkit.files.locations import real
from reportkit.project import Project, find_project, load_project
from reportkit.workbench.controller import Desk

if TYPE_CHECKING:
    from reportkit.workbench.widget import Workbench


def open_workbench(project: Project | Path | str | None = None) -> Workbench:
    """Return the workbench of a project (by default the one that the current folder belongs to), ready to be shown.

    One that was open on the project in this notebook makes room for the new one, which goes on with what was typed.

    Raises UserError if reportkit.toml is not right, or if params/ is not on this machine.
    """
    from reportkit.workbench.widget import Workbench  # ipywidgets, which nobody else needs

    if not isinstance(project, Project):
        project = find_project() if project is None else load_project(real(Path(project)))
    check_config(project)
    if project in _desks:
        _desks[project].refresh()
    else:
        _desks[project] = Desk(project)
    return Workbench(_desks[project])


_desks: dict[Project, Desk] = {}
