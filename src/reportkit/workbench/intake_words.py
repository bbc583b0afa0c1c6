"""What `import` says of files, told to who has a page before him and no command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportkit.errors import Issue
from reportkit.messages.sentences import Sentence
from reportkit.messages.words import phrases
from reportkit.translation import N_, _, issue_language

_ON_PAGE: Mapping[str, str] = {
    "I1.parameters": N_(
        "this is a parameter file already, and nothing has to be read out of it; put it into the folder of its year "
        "below params/ and open the unit here"
    ),
    "I2": N_("the year was not found; write it into the file and choose the file again"),
    "I3": N_("whose report it is was not found; write the name into the file and choose the file again"),
    "I4": N_(
        'the name "{found}" {reason}, so no file can be called that; write the unit\'s name into the file and choose '
        "the file again"
    ),
    "I5": N_("{count} files would become {target}: {sources}; none of them is written; leave out all but one"),
    "I6": N_('there are {count} parameter files called "{unit}": {files}; fill in the county above'),
    "I9": N_(
        "the parameter file that is there is of {found}, and the file that was sent of {expected}, so they cannot be "
        "compared; check both"
    ),
    "I10.different": N_(
        '{place}: the file has "{stated}", and what was sent says "{expected}"; check which is right; to take what was '
        "sent, tick “Put into files that are there”"
    ),
    "I11.different": N_(
        '{place}: the file has "{stated}", and what was sent says "{expected}"; to take it, tick “Put into files that '
        "are there”"
    ),
    "I14.different": N_(
        "{place}: the file has no words, and what was sent {read}; to take them, tick “Put into files that are there”"
    ),
    "I18.changed": N_(
        "somebody else kept changing this file; all their changes are there, and nothing was written; try again in a "
        "while"
    ),
    "D33.unclear": N_(
        "the tables do not show which edition of the form it is, and the file does not say of which year; write the "
        "year into the file and choose the file again"
    ),
    "W5.tables": N_(
        "no table of the form ({editions}) was found; heads and names of rows must be those of the form: take the "
        "workbook that was sent out"
    ),
    "W6": N_(
        "which edition of the form it is cannot be told ({editions}); write the year into the file and choose the file "
        "again"
    ),
}
"""The sentences that name an option or a command, by the names of their sentences in the catalogue."""


def told_on_page(issue: Issue) -> Issue:
    """Return the issue as a page tells it, in the language of the person."""
    words = _ON_PAGE.get(f"{issue.code}.{issue.variant}".removesuffix("."))
    if words is None:
        return issue
    language = issue_language()
    values = {**issue.values, "found": issue.found, "expected": issue.expected}
    told = Sentence(issue.code, issue.severity, _(words), language)
    return replace(issue, message=told.filled(values, phrases(language)["list"]))
