"""What can be undone of a town's report: the last change of its notebook, and that of its parameter file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportkit.files import History, Step, read_now
from reportkit.files.locations import is_remote
from reportkit.notebook.towns import copy_path, history_of, undo, when
from reportkit.project import Project
from reportkit.translation import _
from reportkit.workbench.serialization import notice


def choices(project: Project, name: str, path: Path) -> dict[str, Any]:
    """Return the message that asks which file is to go back, and to when, or says that there is no step to undo."""
    asked = [("undo_copy", copy_path(project, name)), ("undo_params", path)]
    actions = [
        [action, _("{path}: back to {when} ({by})").format(path=project.name_of(file), when=when(step), by=_by(step))]
        for action, file in asked
        if not is_remote(file) and (step := _step_of(project, file))  # of a file in a store no version is kept here
    ]
    if not actions:
        text = _("There is nothing to undo: neither the notebook nor the parameter file has been changed.")
        return notice("note", text)
    return notice("ask", _("Which file is to be as it was before its last change?"), actions=actions)


def undo_copy(project: Project, name: str) -> dict[str, Any]:
    """Put the version before of the town's notebook back, and return the message of it. Raises as `undo` does."""
    return _done(project, copy_path(project, name), undo(project, name))


def undo_params(project: Project, path: Path) -> dict[str, Any]:
    """Put the version before of the parameter file back, and return the message of it.

    Raises UserError if none is kept, OSError if it cannot be written.
    """
    return _done(project, path, History(project.root, path).go_back())


def _done(project: Project, path: Path, step: Step) -> dict[str, Any]:
    words = _("{path} is removed, as it was not there before; undo again to go on")
    if step.digest:
        words = _("{path} is as it was at {when}; undo again to go further back; if it is open, close and open it anew")
    return notice("done", words.format(path=project.name_of(path), when=when(step)))


def _step_of(project: Project, path: Path) -> Step | None:
    """The step that an undo of a file leads to; None where there is none, or it is no longer kept."""
    history = history_of(project, path)
    step = history.further_back(read_now(path))
    return step if step and history.is_kept(step) else None


def _by(step: Step) -> str:
    return _(step.by) if step.by else _("at the beginning")
