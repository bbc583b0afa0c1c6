"""What would become of files that are taken in, or became of them, as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple, Self

from reportkit.errors import Issue
from reportkit.imports.importer import Imported, Status
from reportkit.model.reading import Reading
from reportkit.model.row_records import asked_cells
from reportkit.project import Project
from reportkit.signs import one_line
from reportkit.translation import N_, _, counted, in_a_row
from reportkit.workbench.intake_words import told_on_page
from reportkit.workbench.serialization import at_root, issue_line


class Wishes(NamedTuple):
    """How files are to be taken in: `county` as --county, `zeros` as --blank-as-zero, `update` as --update."""

    county: str = ""
    zeros: bool = False
    update: bool = False

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """Return what a front end says."""
        return cls(str(message["county"]).strip(), bool(message["zeros"]), bool(message["update"]))


_WOULD = {
    Status.written: N_("new file"),
    Status.updated: N_("goes into its file"),
    Status.unchanged: N_("same as its file"),
    Status.different: N_("differs from its file"),
    Status.refused: N_("cannot be taken in"),
}
_DID = {
    Status.written: N_("written"),
    Status.updated: N_("put into its file"),
    Status.unchanged: N_("same as its file"),
    Status.different: N_("differs from its file"),
    Status.refused: N_("not taken in"),
}
_WRITTEN = (Status.written, Status.updated)


def intake_values(
    project: Project, outcomes: Sequence[tuple[str, Imported]], wishes: Wishes, is_done: bool
) -> dict[str, Any]:
    """Return all that a front end shows of files: a row for each report in one, and how many would be written.

    Each outcome is beside the front end's name for its file. With `is_done` they have been written.
    """
    counts = Counter(one.status for _identity, one in outcomes)
    return {
        "what": "intake",
        "wishes": wishes._asdict(),
        "isDone": is_done,
        "writes": sum(counts[status] for status in _WRITTEN),
        "differ": counts[Status.different] + counts[Status.updated],
        "summary": _summary(outcomes, is_done),
        "rows": [_row(project, identity, one, is_done) for identity, one in outcomes],
    }


def _summary(outcomes: Sequence[tuple[str, Imported]], is_done: bool) -> str:
    words = _DID if is_done else _WOULD
    if not outcomes:
        return ""
    counts = Counter(one.status for _identity, one in outcomes)
    told = {_(words[status]): counts[status] for status in Status if counts[status]}
    listed = in_a_row(_("{said} {number}").format(said=said, number=number) for said, number in told.items())
    return counted(len(outcomes), "{number} report: {listed}", "{number} reports: {listed}", listed=listed)


def _row(project: Project, identity: str, one: Imported, is_done: bool) -> dict[str, Any]:
    is_refused = one.status is Status.refused
    return {
        "id": identity,
        "file": one_line(str(one.source)),
        "unit": one_line(one.reading.jurisdiction) if one.reading else "",
        "year": one.reading.year if one.reading else None,
        "inside": _inside(project, one) if is_done or one.status is not Status.written else None,
        "path": one_line(project.name_of(one.target)) if one.target and not is_refused else "",
        "said": _((_DID if is_done else _WOULD)[one.status]),
        "grave": not one.well,
        "content": in_a_row(_content(one, is_done)) if not is_refused else "",
        "issues": [_issue(project, one, issue) for issue in one.issues],
    }


def _inside(project: Project, one: Imported) -> str | None:
    """The town's place below its year's folder, by which it is opened; None if it has no file that could be."""
    inside = project.inside(one.target) if one.target and one.status is not Status.refused else None
    return PurePath(*inside.parts[1:]).with_suffix("").as_posix() if inside else None


def _content(one: Imported, is_done: bool) -> list[str]:
    """How much was read, what is blank, and what is to be looked up."""
    assert one.reading is not None  # of what was not refused
    blanks, zeros = _blanks(one.reading), sum(one.zeros.values())
    parts = [counted(one.figures, "{number} figure", "{number} figures")]
    if blanks - zeros > 0:
        parts.append(counted(blanks - zeros, "{number} blank", "{number} blanks"))
    if zeros and is_done and one.status in _WRITTEN:
        parts.append(counted(zeros, "{number} blank made 0", "{number} blanks made 0"))
    elif zeros:
        parts.append(counted(zeros, "{number} blank to be 0", "{number} blanks to be 0"))
    if one.unread:
        parts.append(counted(one.unread, "{number} cell to be checked", "{number} cells to be checked"))
    return parts


def _blanks(reading: Reading) -> int:
    """The cells that were to be filled in and are blank; totals are worked out."""
    form, stated = reading.form, reading.values.keys() | reading.unread
    asked = (ref for table in form.tables.values() for ref in asked_cells(table, stated))
    return sum(ref not in stated and ref not in form.totals for ref in asked)


def _issue(project: Project, one: Imported, issue: Issue) -> dict[str, str]:
    """A line of what was noticed; a place in the file that was sent is told without the file's name."""
    where = issue.origin.place if issue.origin.path == one.source.path else str(issue.origin)
    line = issue_line(told_on_page(issue), at_root(where, project))
    return {**line, "message": at_root(line["message"], project)}
