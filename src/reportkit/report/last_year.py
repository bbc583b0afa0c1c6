"""Last year's figures for a report's sentences, or why a sentence cannot use them."""

from __future__ import annotations

from reportkit.checks import last_unfit, last_year
from reportkit.checks.file_runner import Before
from reportkit.checks.findings import Finding
from reportkit.model.filing import Filing
from reportkit.project import Project
from reportkit.translation import N_, _

_WHY = {
    "R22.none": N_("no file of last year is known for this report"),
    "R22.none_of_name": N_("there is no file of last year, {file}"),
    "R22.unread": N_("last year's file {file} cannot be read ({why})"),
    "R22.other_year": N_("last year's file {file} says that it is of {year}"),
    "R22.other_unit": N_('last year\'s file {file} says that it is of "{unit}"'),
    "R22.errors": N_("last year's file {file} has errors ({count}; the first: {first})"),
}


def last_filing(project: Project | None, filing: Filing, before: Before | None = None) -> Filing | str:
    """Return last year's filing for the sentences of this year's, or why there is none for them, with what to do.

    `before` is what `last_year` has returned, if it was asked. Raises UserError if a store cannot be read.
    """
    before = before or (last_year(project, filing) if project else Before())
    why = last_unfit(project, before) if project else Finding("R22.none")
    return before.filing if before.filing and why is None else _sentence_of(why or Finding("R22.none"))


def _sentence_of(why: Finding) -> str:
    """Why there is none, and what to do."""
    words = _("{why}; mend that file, or put the sentence between {{% if last %}} and {{% endif %}}")
    if why.name.startswith("R22.none"):
        words = _("{why}; import last year's figures, or put the sentence between {{% if last %}} and {{% endif %}}")
    return words.format(why=_(_WHY[why.name]).format(**why.values))
