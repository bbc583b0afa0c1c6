"""What a process does once, before it makes reports or forks others that do."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Sequence
from pathlib import Path

from reportkit.batch.lean_imports import lean_imports
from reportkit.errors import UserError
from reportkit.exporters import formats as report_formats
from reportkit.notebook import read_notebook
from reportkit.project import Project

_YOUNG = 10_000
"""So many objects may come before Python looks for rings among them: more often takes a hundredth of the time."""


def import_all() -> None:
    """Import what every report needs, whatever the project."""
    with lean_imports():
        import nbformat  # noqa: F401
        import papermill  # noqa: F401

    import reportkit.engine.plots
    import reportkit.report  # noqa: F401


def make_ready(project: Project, formats: Sequence[str]) -> None:
    """Do once what every report needs: imports, forms, templates, and what can be known of the notebook's cells."""
    import_all()
    import reportkit.engine.plots
    import reportkit.report

    sources = _sources(project.notebook)
    report_formats.make_ready(formats, sources)
    reportkit.report.prepare(project, sources)
    _know_names(project)
    reportkit.engine.plots.make_ready(sources)
    reportkit.engine.prepare(sources)


def _know_names(project: Project) -> None:
    """Have the names of all reports known to the processes that are forked from this one."""
    if project.source:
        return  # not all ask for the names of a list, which would have to be read here
    with contextlib.suppress(UserError, OSError):  # a report says for itself what is wrong there
        project.jurisdictions  # noqa: B018  (it stays known)


def settle() -> None:
    """Take all that is there now out of what Python looks through for rings, and let it look from now on.

    A collection in a forked process would touch, and so copy, every object there is. A process of ours begins with no
    collections, which would take a twentieth of its imports (see StartedWorker).
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    gc.enable()


def open_fonts() -> None:
    """Open what a figure writes with, in a process that waits for its report: matplotlib keeps no font over a fork."""
    from reportkit.engine.plot_fonts import open_usual

    with contextlib.suppress(Exception):  # whatever is wrong there is wrong with the figure, if there is one
        open_usual()


def _sources(notebook: Path) -> list[str]:
    """The cells' sources; none if the notebook cannot be read, which each report will say for itself."""
    try:
        cells = json.loads(read_notebook(notebook).text)["cells"]
    except UserError:
        return []
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]
