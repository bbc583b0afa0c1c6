"""The text of a drafted form, proved: it loads, and what it proposes holds where a sample is filled in."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from reportkit.drafting.draft_table import DraftTable
from reportkit.drafting.drafted_form import Draft
from reportkit.drafting.form_text import MARK, form_text
from reportkit.drafting.likeness import Likeness, likeness
from reportkit.drafting.proof import sample_of, tested
from reportkit.errors import UserError
from reportkit.kinds import load_forms
from reportkit.model.form import Form
from reportkit.translation import _, in_a_row


class LoadedForm(NamedTuple):
    """A drafted form as it is written, and as it is read; `guesses` counts what is marked in it."""

    draft: Draft
    text: str
    form: Form

    @property
    def guesses(self) -> int:
        """How many lines are marked as guessed."""
        return sum(MARK in line for line in self.text.splitlines() if not line.startswith("#"))

    def likenesses(self) -> dict[str, Likeness]:
        """Return how much of each table is printed as its file has it, by the table's key."""
        return {table.key: likeness(table, self.form.tables[table.key]) for table in self.draft.tables}


def loaded_form(draft: Draft, samples: Iterable[DraftTable] = ()) -> LoadedForm:
    """Return the form of a draft, without what filled samples speak against: its own tables', and others' of theirs.

    Raises UserError if it cannot be loaded, and TableError for a sample that is of another table.
    """
    try:
        form = _load(draft, form_text(draft))
    except UserError:
        if not draft.quotients:
            raise
        draft = replace(draft, quotients={})  # which a form cannot have: one runs in a circle, for instance
        form = _load(draft, form_text(draft))
    draft = tested(draft, form, sample_of(draft.tables, [*draft.tables, *samples]))
    text = form_text(draft)
    return LoadedForm(draft, text, _load(draft, text))


def _load(draft: Draft, text: str) -> Form:
    """The form that a text makes, loaded as that of any project. Raises UserError if none does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "draft.yaml")
        path.write_text(text, encoding="utf-8")
        forms = load_forms(Path(folder))
        for broken in forms.broken:
            words = _("{files}: the form that was drafted cannot be used, and is not written: {reason}")
            # Of a line that is not written nobody has anything.
            reason = re.sub(r"\A:\d+: ", "", broken.reason.removeprefix(f"{path}"))
            raise UserError(words.format(files=in_a_row(draft.files), reason=reason))
        return forms[draft.name]
