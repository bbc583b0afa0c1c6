"""A draft into its file: whole, with the version before kept, and never over what somebody else has written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reportkit.errors import ReaderError, UserError, reason_of
from reportkit.files import UNDO, ChangedError, History, Step
from reportkit.files.locations import read_local
from reportkit.messages.cell_words import to_check
from reportkit.model.filing import Filing, fact_text
from reportkit.translation import _
from reportkit.workbench.draft import Draft, refusal
from reportkit.workbench.fields import Field, cell_field, shown, words_for
from reportkit.workbench.opening import onto, opened

BY = "workbench"
"""Who has saved a version, as the history of a file names it."""


@dataclass(frozen=True)
class Saved:
    """The file is written; `draft` goes on from it."""

    draft: Draft


class Difference(NamedTuple):
    """A place at which the draft and the file on disk differ: as it was opened, on disk now, and in the draft."""

    place: str
    before: str
    theirs: str
    mine: str

    @property
    def merged(self) -> str:
        """What stands there when the edits are made in the version on disk."""
        return self.mine if self.mine != self.before else self.theirs


@dataclass(frozen=True)
class Changed:
    """The file was changed on disk meanwhile, and nothing is written.

    `theirs` is what it holds now, None if it is gone; `reason` says why that cannot be read, if so.
    """

    draft: Draft
    theirs: bytes | None
    differences: tuple[Difference, ...] = ()
    reason: str = ""


def save(draft: Draft) -> Saved | Changed:
    """Write a draft into its file, if that still holds what was opened. A draft without edits writes nothing.

    The version before is kept for `undo`. Raises ReaderError if an edit cannot be put in, UserError if the file cannot
    be written; then nothing is changed.
    """
    return overwrite(draft, draft.content)


def overwrite(draft: Draft, seen: bytes | None) -> Saved | Changed:
    """Write a draft over the version `seen` on disk, which is kept for `undo`; see save."""
    theirs = on_disk(draft.path)
    if theirs != seen:
        return compared(draft, theirs)
    content = draft.bytes
    if content != theirs and not _write(draft, theirs, content, BY):
        return compared(draft, on_disk(draft.path))
    return Saved(opened(draft.project, draft.path, content, draft.last))


def merge(draft: Draft, seen: bytes) -> Saved | Changed:
    """Write the draft's edits into the version `seen` on disk; what else differs there is kept. See save."""
    return save(onto(draft, seen))


def undo(draft: Draft) -> Draft | Changed:
    """Put the version before the last save back and return its draft, with the edits not saved yet; twice is forward.

    Raises UserError if there is no earlier version or the file cannot be written.
    """
    step = _step_back(draft)
    if step is None:
        raise UserError(_("there is no save of this file to undo"))
    before = _history(draft).content(step)
    assert before is not None
    if on_disk(draft.path) != draft.content or not _write(draft, draft.content, before, UNDO, step.number):
        return compared(draft, on_disk(draft.path))
    return onto(draft, before)


def can_undo(draft: Draft) -> bool:
    """Whether an earlier version is kept."""
    return _step_back(draft) is not None


def _step_back(draft: Draft) -> Step | None:
    """The version before the last save; that there was no file is none to go back to."""
    if draft.content is None:
        return None
    history = _history(draft)
    step = history.last_before(draft.content)
    return step if step and step.digest and history.is_kept(step) else None


def _history(draft: Draft) -> History:
    return History(draft.project.root, draft.path)


def on_disk(path: Path) -> bytes | None:
    """Return what a file holds, None if it is not there. Raises UserError if it cannot be read."""
    try:
        return read_local(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        words = _("{path}: cannot be read ({reason}); check your rights")
        raise UserError(words.format(path=path, reason=reason_of(error))) from None


def compared(draft: Draft, theirs: bytes | None) -> Changed:
    """Return how the file on disk differs from a draft, and from what was opened."""
    if theirs is None:
        return Changed(draft, None, (), _("The file is not on the disk any more (deleted, renamed or moved)."))
    try:
        other = draft.project.read(draft.path, theirs)
    except ReaderError as error:
        words = _("The file on the disk cannot be read now: {why}")
        return Changed(draft, theirs, (), words.format(why=refusal(error)))
    return Changed(draft, theirs, tuple(_differences(draft.opened, other, draft)))


def _differences(before: Filing, theirs: Filing, draft: Draft) -> Iterator[Difference]:
    sides = _stated(before), _stated(theirs), _stated(draft.filing)
    for place in dict.fromkeys(place for side in sides for place in side):
        texts = [side.get(place, "") for side in sides]
        if texts[1] != texts[2]:
            yield Difference(place, *texts)


def _stated(filing: Filing) -> dict[str, str]:
    """Everything that a file says, by the words for its place."""
    form = filing.form
    stated = {_("Edition"): form.edition, _("Unit"): filing.jurisdiction, _("Year"): str(filing.year)}
    stated[words_for(Field("head", "agency"), form)] = filing.agency
    for table in form.tables.values():
        for ref in table.cells:
            place = words_for(cell_field(ref), form)
            if ref in filing.unread:
                stated[place] = filing.unread[ref] or to_check(form)
            elif ref in filing.values and ref not in filing.computed:
                stated[place] = filing.values[ref].text
    stated |= {words_for(Field("words", key), form): text.rstrip() for key, text in filing.narrative.items()}
    labels = {name: fact.label for name, fact in form.facts.items()}
    stated |= {labels.get(name, name): fact_text(value) for name, value in filing.facts.items()}
    compare = Field("head", "compare")
    stated[words_for(compare, form)] = shown(compare, fact_text(filing.compare))
    return stated | {words_for(Field("waiver", code), form): reason for code, reason in filing.waivers.items()}


def _write(draft: Draft, before: bytes | None, after: bytes, by: str, back_to: int = 0) -> bool:
    """Write the file; False if somebody has saved it in this moment, and then it is as he has it."""
    try:
        _history(draft).save(before, after, by, back_to)
    except ChangedError:
        return False
    except OSError as error:
        raise _unwritten(draft.path, error) from None
    return True


def _unwritten(path: Path, error: OSError) -> UserError:
    words = _("{path}: not saved ({reason}); the file is as it was; check your rights and the disk, and save again")
    return UserError(words.format(path=path, reason=reason_of(error)))
