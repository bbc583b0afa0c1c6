"""What is wrong with a draft, and at which cell, section or table each issue belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.checks import examine
from reportkit.errors import LEVELS, CellRef, Issue, Severity
from reportkit.model.filing import Filing, fact_at, words_at
from reportkit.model.numbers import TO_CHECK
from reportkit.project import Project
from reportkit.translation import _

MISSING = "Y13"
"""A fact that the form requires is not stated."""

ALIKE = "S2"
"""Like last year's text: told by `check`, too slow while a person types."""


def judged(filing: Filing, path: Path, project: Project) -> list[Issue]:
    """Return the issues of a filing as a build tells them, less ALIKE, in the order they are told."""
    return examine(project, path, filing, but={ALIKE}).issues


class Place(NamedTuple):
    """Where a click on an issue goes: a cell, a table's first cell, a section's words, a fact; all "" for the file."""

    table: str = ""
    row: str = ""
    column: str = ""
    section: str = ""
    fact: str = ""


def place_of(issue: Issue, filing: Filing) -> Place:
    """Return the place that an issue is about, as near as it says."""
    if issue.ref:
        return Place(*issue.ref)
    if fact := _fact_of(issue, filing):
        return Place(fact=fact)
    for section in filing.form.sections:
        if filing.origins.get(words_at(section.key)) == issue.origin and section.key in filing.narrative:
            return Place(section=section.key)
    for table in filing.form.tables.values():
        if filing.origins.get(table.key) == issue.origin:
            return _first_blank(table.cells, filing)
    if issue.origin == filing.origins.get("narrative"):
        return Place(section=next(part.key for part in filing.form.sections if part.table is None))
    return Place()


def _fact_of(issue: Issue, filing: Filing) -> str:
    """The fact of the form that an issue is about, "" if it is about none; one that is missing has no line."""
    if issue.code == MISSING:
        return str(issue.values["name"])
    asked = (name for name in filing.form.facts if filing.origins.get(fact_at(name)) == issue.origin)
    return next(asked, "")


def _first_blank(cells: Iterable[CellRef], filing: Filing) -> Place:
    refs = list(cells)
    return Place(*next((ref for ref in refs if ref not in filing.values), refs[0]))


class Mark(NamedTuple):
    """What is to be seen at a cell or a fact: how grave, and what it says."""

    severity: Severity
    message: str


def marks(filing: Filing, issues: Iterable[Issue]) -> Mapping[CellRef, Mark]:
    """Return the gravest mark of each cell that has one, with all messages; every unreadable cell has one."""
    words = _(
        "{mark}: there is a number that was not read for certain; "
        "fill it in as the original has it, or clear the cell if it is blank there"
    )
    found = {ref: Mark("error", words.format(mark=TO_CHECK)) for ref in filing.unread}
    own: dict[CellRef, list[Issue]] = {}
    for issue in issues:
        if issue.ref and issue.severity in ("error", "warning"):
            own.setdefault(issue.ref, []).append(issue)
    for ref, told_here in own.items():
        found[ref] = Mark(told_here[0].severity, "\n".join(map(_line, told_here)))
    return found


def fact_marks(filing: Filing, issues: Iterable[Issue]) -> Mapping[str, Mark]:
    """Return the gravest mark of each fact that has one, with all messages."""
    own: dict[str, list[Issue]] = {}
    for issue in issues if filing.form.facts else ():
        if issue.severity in ("error", "warning") and (fact := place_of(issue, filing).fact):
            own.setdefault(fact, []).append(issue)
    return {fact: Mark(found[0].severity, "\n".join(map(_line, found))) for fact, found in own.items()}


def _line(issue: Issue) -> str:
    words = _("{level} ({code}) {message}")
    return words.format(level=_(LEVELS[issue.severity]), code=issue.code, message=issue.message)
