"""All that is wrong with a town's report as it is saved: its file, its notebook, and names that nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from reportkit.assigned_names import bound
from reportkit.checks import check_report
from reportkit.errors import LEVELS, Issue, ReaderError
from reportkit.model.filing import Filing
from reportkit.notebook.cells import as_json
from reportkit.notebook.own_words import templates
from reportkit.notebook.towns import Town, as_printed, cell_place, conflicts_of, read_town
from reportkit.project import Project
from reportkit.report.last_year import LastYear
from reportkit.report.narrative import names
from reportkit.report.narrative.unknown_names import NarrativeCell, unknown_names
from reportkit.signs import one_line
from reportkit.translation import _
from reportkit.workbench.conflicts import conflict_values
from reportkit.workbench.serialization import at_home, issue_line


def found(project: Project, name: str, path: Path, live: Collection[str] = ()) -> dict[str, Any]:
    """Return the message with what is wrong with a report, and with its conflicts.

    `live` are names that cells of the running notebook have assigned. Raises UserError if a notebook cannot be read.
    """
    try:
        filing = project.read(path)
    except ReaderError as error:
        return {"what": "checked", "issues": _lines(project, error.issues), "conflicts": []}
    town = read_town(project, name, filing)
    printed = as_printed(project, town, filing)
    unknown = list(_unknown(project, town, printed, live))
    lines = _lines(project, check_report(project, path, printed))
    return {
        "what": "checked",
        "issues": [*unknown, *lines],
        "conflicts": conflict_values(conflicts_of(project, town), filing.form),
    }


def _lines(project: Project, issues: Iterable[Issue]) -> list[dict[str, str]]:
    home = (at_home(issue, project) for issue in issues)
    return [issue_line(issue, one_line(str(issue.origin))) for issue in home]


def _unknown(project: Project, town: Town, filing: Filing, live: Collection[str]) -> Iterator[dict[str, str]]:
    """A line for each unknown name in the cells that print something."""
    cells = list(map(as_json, town.merged.cells))
    torn = {conflict.cell for conflict in town.merged.conflicts}
    sections = filing.form.section_by_key
    asked = [
        NarrativeCell(cell["id"], f"{key} {part}".strip(), text)
        for cell, key, part, text in templates(cells)
        if key not in filing.narrative and key in sections and (not part or part in sections[key].parts)
        and cell["id"] not in torn
    ]  # fmt: skip
    known = names(filing, project.kind.words, LastYear(project, filing).to_quote)
    assigned = {name for cell in cells if cell["cell_type"] == "code" for name in bound(cell["source"])} | {*live}
    notebook = project.name_of(town.copy.path if town.copy else project.notebook)
    grave = LEVELS["error"]
    for one in unknown_names(asked, known, assigned):
        place = one_line(str(cell_place(notebook, one.cell)))
        yield {"severity": "error", "level": _(grave), "code": "", "message": one.message, "place": place}
