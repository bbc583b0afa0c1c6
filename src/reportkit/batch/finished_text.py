"""What a reader sees of a report that has been run, and what is wrong with that, which its data did not show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.batch.exports import read_content
from reportkit.batch.inputs import notebook_folders
from reportkit.batch.title_check import WrongTownError, check_subject, check_town, strangers
from reportkit.errors import Issue, Origin
from reportkit.files.locations import is_remote
from reportkit.notebook.towns import cell_place, copy_path
from reportkit.project import Job, Project
from reportkit.signs import Remark

if TYPE_CHECKING:
    from reportkit.batch.pipeline import Draft


def content_of(draft: Draft, nb: Any) -> tuple[Any, tuple[Issue, ...]]:
    """Return what a reader sees of a report, once it is known to be the right town's, and its issues; see `rendered`.

    The issues are the draft's, and those of the finished text.
    """
    content = read_content(nb, _picture_folders(draft.job), draft.job.project.styles, _facts(draft))
    if draft.titles is None:
        if draft.jurisdiction:
            check_subject(draft.jurisdiction, [content.title, *content.headings], draft.job.project.jurisdictions)
        return content, (*draft.issues, *_unseen(draft, content))
    others = draft.job.project.jurisdictions
    check_town(
        draft.jurisdiction,
        draft.agency,
        content.title,
        content.headings,
        content.lines,
        others,
        draft.titles,
    )
    return content, (*draft.issues, *_strangers(draft, content, others), *_unseen(draft, content))


def _facts(draft: Draft) -> dict[str, Any]:
    """What the report's parameter file states besides figures and words, for what its style says of it."""
    if draft.expected is None:
        return {}
    filing = draft.expected[2]
    own = {"jurisdiction": filing.jurisdiction, "agency": filing.agency, "year": filing.year}
    # What a form asks for and a town has left out stands for nothing; no other name does.
    return {**dict.fromkeys(filing.form.facts), **filing.facts, **own}


def _unseen(draft: Draft, content: Any) -> Iterator[Issue]:
    """The signs in the finished text that nobody sees, and that the parameter file and the copy do not have."""
    from reportkit.checks.waivers import waived
    from reportkit.messages.words import issue, joined

    remarks = (told.values.get("remark") for told in draft.issues if told.code == "L17")
    known = {sign for remark in remarks if isinstance(remark, Remark) for sign in remark.signs}
    for cell, one in content.unseen:
        if not known.issuperset(one.signs):
            where = _cell_place(draft.job.project, draft.job.name, cell, None)
            yield from waived([issue("L17.page", where, None, joined(one.signs), remark=one)], draft.waivers)


def _strangers(draft: Draft, content: Any, others: Collection[str]) -> list[Issue]:
    """What the finished text says about other units, and the parameter file does not. Raises WrongTownError."""
    from reportkit.checks.filing_runner import as_issues
    from reportkit.checks.waivers import waived

    project = draft.job.project
    known = {(issue.found, issue.severity) for issue in draft.issues if issue.code == "L3"}
    issues: list[Issue] = []
    for cell, finding in strangers(content, draft.jurisdiction, draft.agency, others):
        where = partial(_cell_place, project, draft.job.name, cell)
        issues += waived(as_issues([finding], where), draft.waivers)
    new = [issue for issue in issues if (issue.found, issue.severity) not in known]
    if error := next((issue for issue in new if issue.severity == "error"), None):
        raise WrongTownError(error.message)
    return new


def _cell_place(project: Project, name: str, cell: str, _: object) -> Origin:
    own = copy_path(project, name)
    return cell_place(project.shown(own if own.exists() else project.notebook), cell)


def pictures_of(job: Job, content: Any) -> dict[str, str]:
    """Return the picture files that a report shows, by their path in the project, each with its SHA-256."""
    return {job.project.name_of(path): digest for path, digest in content.files.items()}


def _picture_folders(job: Job) -> list[Path]:
    """Where pictures are that cells name: beside the town's own copy, beside the master, in the project."""
    return [folder for folder in (*notebook_folders(job), job.project.root) if not is_remote(folder)]
