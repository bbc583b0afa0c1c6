"""What a section of words can be begun from: last year's, or the master's."""

from __future__ import annotations

from reportkit.errors import UserError
from reportkit.report.master_words import master_words
from reportkit.translation import _
from reportkit.workbench.draft import Draft
from reportkit.workbench.table_layout import words_of


def begun(draft: Draft, name: str, section: str, source: str) -> Draft:
    """Return the draft with a section that says what it said "last" year, or what the "master" says.

    `name` is the report's. Raises UserError if there are no such words, or they cannot be worked out.
    """
    if source == "last":
        text = words_of(draft.last, section)
    else:
        text = master_words(draft.project, name, draft.filing, section)
    if not text.strip():
        raise UserError(_("There are no words to begin from: this section of the report has only its heading there."))
    return draft.with_words(section, text)
