"""Last year's figures for a report's sentences, or why a sentence cannot use them."""

from __future__ import annotations

from functools import cached_property

from reportkit.checks import last_to_compare, last_unfit, last_year
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

_UNKNOWN = Finding("R22.none")


class LastYear:
    """What there is of the year before beside a filing: looked for once, when somebody asks."""

    def __init__(self, project: Project | None, filing: Filing) -> None:
        """Without a project nothing is known of it."""
        self._project, self._filing = project, filing

    @cached_property
    def _before(self) -> Before:
        return last_year(self._project, self._filing) if self._project else Before()

    def to_compare(self) -> Filing | None:
        """Return its filing if this one can be shown beside it. Raises UserError if a store cannot be read."""
        return last_to_compare(self._project, self._filing, self._before) if self._project else None

    def to_quote(self) -> Filing | str:
        """Return its filing for this one's sentences, or why there is none for them, with what to do.

        Raises UserError if a store cannot be read.
        """
        why = last_unfit(self._project, self._before) if self._project else _UNKNOWN
        return self._before.filing if self._before.filing and why is None else _sentence_of(why or _UNKNOWN)


def _sentence_of(why: Finding) -> str:
    """Why there is none, and what to do."""
    words = _("{why}; mend that file, or put the sentence between {{% if last %}} and {{% endif %}}")
    if why.name.startswith("R22.none"):
        words = _("{why}; import last year's figures, or put the sentence between {{% if last %}} and {{% endif %}}")
    return words.format(why=_(_WHY[why.name]).format(**why.values))
