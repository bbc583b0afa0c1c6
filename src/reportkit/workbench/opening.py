"""A town's parameter file as a draft, with last year's filing beside; a new one is started from last year's."""

from __future__ import annotations

from pathlib import Path

from reportkit.errors import ReaderError, UserError, reason_of
from reportkit.files.locations import may_be_there, read_local
from reportkit.kinds import is_of_kind
from reportkit.model.filing import Filing
from reportkit.model.names import unfit
from reportkit.params.first_words import Words
from reportkit.params.reader import decoded
from reportkit.project import Project
from reportkit.project.new_year import begin
from reportkit.project.siblings import folders_of
from reportkit.translation import _
from reportkit.workbench.draft import Draft
from reportkit.workbench.town_list import Town


def open_town(project: Project, town: Town) -> Draft:
    """Return the draft of a town's parameter file, or of a new one if there is none for the year.

    Raises ReaderError if no filing can be made of the file, UserError if it cannot be read or a new one has nothing to
    start from.
    """
    path = path_of(project, town)
    if not may_be_there(path):
        return new_draft(project, town)
    return opened(project, path, _content(path), last_year(project, town))


def opened(project: Project, path: Path, content: bytes, last: Filing | None = None) -> Draft:
    """Return the draft of a file that holds this. Raises ReaderError if no filing can be made of it."""
    filing = project.read(path, content)
    draft = Draft(project, path, content, decoded(content), last)
    draft.__dict__["opened"] = filing
    return draft


def reloaded(draft: Draft) -> Draft:
    """Return the draft of the file as it is on disk now, without the edits. Raises ReaderError if it cannot be read."""
    return opened(draft.project, draft.path, _content(draft.path), draft.last)


def _content(path: Path) -> bytes:
    try:
        return read_local(path)
    except OSError as error:
        words = _("{path}: cannot be read ({reason}); check the path and your rights")
        raise UserError(words.format(path=path, reason=reason_of(error))) from None


def new_draft(project: Project, town: Town) -> Draft:
    """Return the draft of a file that is not there yet, as `reportkit new` begins it, with none of last year's words.

    Raises UserError if there is no file of the year before, or the unit's name can be no file's; ReaderError if that
    file cannot be read.
    """
    before = _last_file(project, town)
    if before is None:
        words = _(
            "{town} has no parameter file, and had none the year before; import one, or copy another here and change it"
        )
        raise UserError(words.format(town=town.name))
    if reason := unfit(town.jurisdiction):
        words = _('the name "{name}" {reason}, so no file can be called that')
        raise UserError(words.format(name=town.jurisdiction, reason=reason))
    form = project.read(before).form
    edition = "" if is_of_kind(form) else form.edition  # an office has one form of its own, whatever years it names
    made = begin(project, before, town.year, words=Words.master, edition=edition).made
    return Draft(project, path_of(project, town), None, made.text, made.last)


def path_of(project: Project, town: Town) -> Path:
    """Return where a town's parameter file is, or belongs."""
    return project.params / str(town.year) / f"{town.inside}{town.suffix}"


def last_year(project: Project, town: Town) -> Filing | None:
    """Return the filing of the year before, found as `check` finds it; None if there is none that can be read."""
    path = _last_file(project, town)
    try:
        return project.read(path) if path else None
    except ReaderError:
        return None


def _last_file(project: Project, town: Town) -> Path | None:
    folders = folders_of(project)
    name = folders.name(path_of(project, town))
    return folders.last_year(name) if name else None


def onto(draft: Draft, content: bytes) -> Draft:
    """Return the draft with its edits made in another version of the file: what else differs there is kept.

    Raises ReaderError if that version cannot be read or the edits cannot be put into it.
    """
    other = opened(draft.project, draft.path, content, draft.last)
    if other.opened.form.edition != draft.opened.form.edition:
        raise UserError(_("the file on disk has another edition now, so the edits cannot be merged into it; reload"))
    return other.with_edits(draft.edits)
