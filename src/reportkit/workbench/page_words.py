"""What the workbench's front end says, in the language of the person: its script has no words of its own."""

from __future__ import annotations

from reportkit.translation import _, ngettext

Words = dict[str, str | list[str]]
"""Words by name, with open fields; of what is counted the sentence for one thing and that for many."""


def front_words() -> Words:
    """Return the words of all parts of the front end."""
    return {**_bench(), **_picker(), **_grid(), **_sections(), **_notices(), **_counts()}


def _bench() -> Words:
    return {
        "bench": _("Workbench for yearly reports"),
        "welcome": _("Choose a year above, type the name of a unit and press Enter."),
        "waiting": _("Waiting for the kernel…"),
        "save": _("Save"),
        "undo": _("Undo the last save"),
        "reload": _("Reload"),
        "build": _("Make"),
        "scope": _("What to make"),
        "scope_town": _("This unit"),
        "scope_year": _("All units of the year"),
        "parts": _("Parts of the report"),
        "words": _("Words"),
        "facts": _("Beside the tables"),
        "required": _("A report without it is not made"),
        "last_shown": _("The small numbers are those of {year}"),
        "new_file": _(" (new file, not saved yet)"),
        "unsaved_new": _("New file, not saved"),
        "saved": _("Saved"),
        "broken": _("This parameter file cannot be read now; mend it in a text editor first: {message}"),
        "issues": _("What is wrong"),
        "issues_counted": _("What is wrong: errors {errors}, warnings {warnings}"),
        "no_issues": _("Nothing was found wrong"),
        "preview": _("Report preview"),
        "making_preview": _("Making the preview…"),
    }


def _picker() -> Words:
    return {
        "year": _("Year"),
        "unit": _("Unit"),
        "find": _("Type a name"),
        "unsaved": _("not saved"),
        "no_file": _("no file yet; one can be begun from last year's"),
        "some_units": _("{number} units, {shown} of them listed"),
        "no_units": _('{year} has no unit with "{text}" in its name'),
    }


def _grid() -> Words:
    return {
        "hint": _("Tab and arrows move, Enter goes down; paste blocks from Excel; on blue in italics stands a sum"),
        "computed": _("Sum {sum}"),
        "computed_help": _("Sum {sum}; fill in only what is stated otherwise"),
        "total_help": _("Sum: clear this cell, and it is calculated"),
        "takes": _("{takes}; a blank is printed as a blank, write 0 for none"),
        "last": _("last year {figure}  "),
    }


def _sections() -> Words:
    return {
        "words_help": _(
            "An empty line begins a paragraph; where nothing is written, the report has the master's words"
        ),
        "as_printed": _("{label}: as it is printed"),
        "last_words": _("Last year's words"),
        "master_words": _("(the master's words)"),
    }


def _notices() -> Words:
    return {
        "progress": _("Progress"),
        "making": _("Being made: {done} of {total}"),
        "close": _("Close"),
        "differences": _("Differences"),
        "place": _("Place"),
        "opened": _("When opened"),
        "on_disk": _("On disk now"),
        "mine": _("Mine"),
        "merged": _("Merged"),
        "blank": _("(blank)"),
        "html": _("Web page"),
        "pdf": "PDF",
        "ipynb": _("Notebook"),
        "colon": _(": "),
        "comma": _("{left}, {right}").format(left="", right=""),
    }


def _counts() -> Words:
    one_and_many = (1, 2)
    return {
        "edits": [ngettext("{number} edit not saved", "{number} edits not saved", count) for count in one_and_many],
        "errors": [ngettext("{number} error", "{number} errors", count) for count in one_and_many],
        "warnings": [ngettext("{number} warning", "{number} warnings", count) for count in one_and_many],
        "all_units": [ngettext("{number} unit", "{number} units", count) for count in one_and_many],
        "made": [ngettext("Done: {number} report", "Done: {number} reports", count) for count in one_and_many],
        "pasted_outside": [
            ngettext(
                "{number} number of what was pasted lies outside of this table and was not filled in; "
                "check where you have pasted.",
                "{number} numbers of what was pasted lie outside of this table and were not filled in; "
                "check where you have pasted.",
                count,
            )
            for count in one_and_many
        ],
    }
