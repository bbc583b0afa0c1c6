"""What a report was found to be before its cells run, so that the cell which opens it need not look again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import Issue
from reportkit.model.filing import Filing
from reportkit.model.names import PARAMETERS
from reportkit.project import Project, find_project
from reportkit.project.root import current_folder


class Expected(NamedTuple):
    """A report by its project and parameters, with its filing and what a check has found in it."""

    project: Project
    parameters: Mapping[str, Any]
    filing: Filing
    issues: tuple[Issue, ...]


_expected: Expected | None = None
_place: tuple[Path, Project] | None = None


def expect(project: Project, parameters: Mapping[str, Any], filing: Filing, issues: Iterable[Issue]) -> None:
    """Keep a filing, and what a check has found in it, for the report with just these parameters.

    `open_report` need not read and check them again, here or in a fork.
    """
    global _expected
    asked = {name: value for name, value in parameters.items() if name in PARAMETERS}
    _expected = Expected(project, asked, filing, tuple(issues))
    if project.compares(filing):
        from reportkit.report import comparison  # and matplotlib, which other reports do without

        comparison.prepare()


def expected(project: Project, parameters: Mapping[str, Any]) -> Expected | None:
    """Return what was kept for a report, None if it is another's."""
    return _expected if _expected and _expected[:2] == (project, parameters) else None


def project_here() -> Project:
    """Return the project of the current folder; where a report is expected, it is looked for once in a process.

    Raises as `find_project` does.
    """
    global _place
    here = current_folder()
    if not (_expected and _place == (here, _expected.project)):
        _place = (here, find_project())
    return _place[1]
