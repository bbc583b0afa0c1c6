"""What is wrong with a draft, and at which cell, section or table each issue belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from reportkit.checks import examine
from reportkit.errors import LEVELS, CellRef, Issue, Severity
from reportkit.messages.cell_words import to_check
from reportkit.model.filing import Filing, fact_at, words_at
from reportkit.project import Project
from reportkit.translation import _
from reportkit.workbench.fields import Field, cell_field

MISSING = "Y13"
"""A fact that the form requires is not stated."""

ALIKE = "S2"
"""Like last year's text: told by `check`, too slow while a person types."""


def judged(filing: Filing, path: Path, project: Project) -> list[Issue]:
    """Return the issues of a filing as a build tells them, less ALIKE, in the order they are told."""
    return examine(project, path, filing, but={ALIKE}).issues


def place_of(issue: Issue, filing: Filing) -> Field | None:
    """Return the field that an issue is about: of a table the first blank cell; None for the file as a whole."""
    if issue.ref:
        return cell_field(issue.ref)
    if fact := _fact_of(issue, filing):
        return Field("fact", fact)
    for code in filing.waivers:
        if filing.origins.get(f"waivers.{code}") == issue.origin:
            return Field("waiver", code)
    for section in filing.form.sections:
        if filing.origins.get(words_at(section.key)) == issue.origin and section.key in filing.narrative:
            return Field("words", section.key)
    for table in filing.form.tables.values():
        if filing.origins.get(table.key) == issue.origin:
            return _first_blank(table.cells, filing)
    if issue.origin == filing.origins.get("agency"):
        return Field("head", "agency")
    if issue.origin == filing.origins.get("narrative"):
        return Field("words", next(part.key for part in filing.form.sections if part.table is None))
    return None


def _fact_of(issue: Issue, filing: Filing) -> str:
    """The fact of the form that an issue is about, "" if it is about none; one that is missing has no line."""
    if issue.code == MISSING:
        return str(issue.values["name"])
    asked = (name for name in filing.form.facts if filing.origins.get(fact_at(name)) == issue.origin)
    return next(asked, "")


def _first_blank(cells: Iterable[CellRef], filing: Filing) -> Field:
    refs = list(cells)
    return cell_field(next((ref for ref in refs if ref not in filing.values), refs[0]))


class Mark(NamedTuple):
    """What is to be seen at a field: how grave, and what it says."""

    severity: Severity
    message: str


def marks(filing: Filing, places: Iterable[tuple[Issue, Field | None]]) -> Mapping[Field, Mark]:
    """Return the gravest mark of each field that has one, with all messages; every unreadable cell has one.

    `places` are the issues with the fields that they are about. What a table as a whole is about marks no cell.
    """
    words = _(
        "{mark}: there is a number that was not read for certain; "
        "fill it in as the original has it, or clear the cell if it is blank there"
    )
    found = {cell_field(ref): Mark("error", words.format(mark=to_check(filing.form))) for ref in filing.unread}
    own: dict[Field, list[Issue]] = {}
    for issue, place in places:
        if place and issue.severity in ("error", "warning") and (issue.ref or place.kind != "cell"):
            own.setdefault(place, []).append(issue)
    for place, here in own.items():
        found[place] = Mark(here[0].severity, "\n".join(map(_line, here)))
    return found


def _line(issue: Issue) -> str:
    words = _("{level} ({code}) {message}")
    return words.format(level=_(LEVELS[issue.severity]), code=issue.code, message=issue.message)
