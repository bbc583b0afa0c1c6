"""What the workbench's front end says, in the language of the person: its script has no words of its own."""

from __future__ import annotations

from reportkit.translation import _, one_and_many

Words = dict[str, str | list[str]]
"""Words by name, with open fields; of what is counted the sentence for one thing and that for many."""


def front_words() -> Words:
    """Return the words of all parts of the front end."""
    return {
        **_bench(), **_view(), **_picker(), **_overview(), **_sending(), **_intake(), **_grid(),
        **_sections(), **_details(), **_waivers(),
        **_find(), **_notices(), **_conflicts(), **_counts(),
    }  # fmt: skip


def _bench() -> Words:
    return {
        "bench": _("Workbench for yearly reports"),
        "welcome": _("Choose a year above, type the name of a unit and press Enter."),
        "waiting": _("Waiting for the kernel…"),
        "save": _("Save"),
        "back": _("Undo"),
        "forth": _("Redo"),
        "more": _("More"),
        "unsave": _("Undo the last save"),
        "reload": _("Reload"),
        "build": _("Make"),
        "scope": _("What to make"),
        "scope_town": _("This unit"),
        "scope_year": _("All units of the year"),
        "parts": _("Parts of the report"),
        "words": _("Words"),
        "details": _("Unit and waivers"),
        "last_shown": _("The small numbers are those of {year}"),
        "new_file": _(" (new file, not saved yet)"),
        "unsaved_new": _("New file, not saved"),
        "saved": _("Saved"),
        "broken": _("This parameter file cannot be read now; mend it in a text editor first: {message}"),
        "issues": _("What is wrong"),
        "issues_counted": _("What is wrong: errors {errors}, warnings {warnings}"),
        "no_issues": _("Nothing was found wrong"),
        "fold": _("Fold"),
        "unfold": _("Unfold"),
        "preview": _("Report preview"),
        "making_preview": _("Making the preview…"),
    }


def _view() -> Words:
    return {
        "preview_toggle": _("Preview"),
        "full": _("Full screen"),
        "full_end": _("Leave full screen"),
        "full_help": _("The whole window for the sheet; Esc leads back"),
    }


def _find() -> Words:
    return {
        "find_label": _("Find"),
        "find_before": _("Previous"),
        "find_next": _("Next"),
        "find_none": _("Not found"),
        "find_count": _("{number} of {all}"),
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


def _overview() -> Words:
    return {
        "units": _("All units"),
        "state": _("State"),
        "remarks": _("Remarks"),
        "due": _("Due"),
        "chosen_by": _("Show"),
        "all": _("all"),
        "counted": _("{said} ({number})"),
        "units_shown": _("{shown} of {number} units"),
        "looking_over": _("Looking over all units…"),
    }


def _sending() -> Words:
    return {
        "send_out": _("Send out workbooks for {year}"),
        "send_help": _(
            "Makes a workbook for each unit that had a parameter file the year before, with the names and what carries "
            "over filled in, in one zip file"
        ),
        "sending": _("Making workbooks: {done} of {total}"),
        "sending_progress": _("Progress of the workbooks"),
        "none_sent": _("No workbook could be made"),
        "not_sent": _("Not made"),
    }


def _intake() -> Words:
    return {
        "intake": _("Take in filled-in workbooks"),
        "choose_files": _("Take in files…"),
        "drop_hint": _("or drop the files here"),
        "reading_file": _("Reading {done} of {total}: {file}"),
        "looking": _("Finding out what would be written…"),
        "taking_in": _("Taking in…"),
        "nothing_written": _("Nothing is written yet."),
        "county": _("County of new files"),
        "county_blank": _("where last year's lies"),
        "county_help": _("The folder below the year for new files; blank: where last year's file of the unit lies"),
        "blank_as_zero": _("Blanks in tables are 0"),
        "blank_help": _("Makes 0 of what the files leave blank in tables, where that is sure"),
        "into_files": _("Put into files that are there"),
        "into_help": _(
            "A parameter file that is there stays as it is, unless this is ticked; what was before is kept then"
        ),
        "file": _("File"),
        "goes_to": _("Goes to"),
        "content": _("Content"),
        "findings": _("What was found"),
        "open_unit": _("Open {unit}"),
        "leave_out": _("Leave out"),
        "leave_out_of": _("Leave out {file}"),
        "put_away": _("Close the list"),
        "add_files": _("Add files…"),
    }


def _grid() -> Words:
    return {
        "hint": _("Tab and arrows move, Enter goes down; paste blocks from Excel; on blue in italics stands a sum"),
        "computed": _("Sum {sum}"),
        "computed_help": _("Sum {sum}; fill in only what is stated otherwise"),
        "total_help": _("Sum: clear this cell, and it is calculated"),
        "takes": _("{takes}; a blank is printed as a blank, write 0 for none"),
        "last": _("last year {figure}  "),
        "no_blanks": _("No blank to make 0"),
        "zeros_help": _(
            "Puts 0 into each cell of this table that holds nothing, but where a sum does not hold, as a number is "
            "missing there; sums are worked out, Ctrl+Z undoes it"
        ),
    }


def _sections() -> Words:
    return {
        "words_help": _(
            "An empty line begins a paragraph; where nothing is written, the report has the master's words"
        ),
        "as_printed": _("{label}: as it is printed"),
        "last_words": _("Last year's words"),
        "master_words": _("(the master's words)"),
        "from_last": _("Begin from last year's words"),
        "from_master": _("Begin from the master's words"),
        "of_section": _("{label}: {action}"),
    }


def _details() -> Words:
    return {
        "report": _("The report"),
        "agency": _("Reporting agency"),
        "compare": _("Compare with the year before"),
        "compare_default": _("as the project has it"),
        "compare_yes": _("yes"),
        "compare_no": _("no"),
        "facts": _("Beside the tables"),
        "required": _("A report without it is not made"),
    }


def _waivers() -> Words:
    return {
        "waivers": _("Waivers"),
        "no_waivers": _("Nothing is waived. What the rules find and this unit has a reason for can be waived here."),
        "rule": _("Rule"),
        "found_there": _("What it finds"),
        "reason": _("Reason"),
        "reason_of": _("Reason for waiving {code}"),
        "reason_needed": _("a sentence with the reason, which is printed in the check"),
        "rule_to_waive": _("Rule to be waived"),
        "choose_rule": _("Waive a rule…"),
        "nothing_to_waive": _("Nothing found that can be waived"),
        "waive": _("Waive"),
        "waive_rule": _("Waive {code}"),
        "waive_no_more": _("Take out"),
        "waive_no_more_of": _("Take out the waiver of {code}"),
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


def _conflicts() -> Words:
    return {
        "conflicts": _("Conflicts"),
        "resolve": one_and_many("Resolve {number} conflict", "Resolve {number} conflicts"),
        "conflict_in": _("Both have changed: {name}"),
        "before": _("Before both changes"),
        "not_there": _("(nothing, or not known)"),
        "taken_out": _("(taken out)"),
        "take": _("Take {whose}"),
        "take_both": _("Take both"),
        "edit": _("Write it yourself"),
        "own_text": _("The text that this cell is to have"),
        "take_text": _("Take this text"),
    }


def _counts() -> Words:
    return {
        "edits": one_and_many("{number} edit not saved", "{number} edits not saved"),
        "errors": one_and_many("{number} error", "{number} errors"),
        "warnings": one_and_many("{number} warning", "{number} warnings"),
        "all_units": one_and_many("{number} unit", "{number} units"),
        "zeros": one_and_many("0 into {number} blank", "0 into {number} blanks"),
        "sent": one_and_many("{number} workbook:", "{number} workbooks:"),
        "take_in": one_and_many("Take in {number} report", "Take in {number} reports"),
        "findings_counted": one_and_many("{number} finding", "{number} findings"),
        "made": one_and_many("Done: {number} report", "Done: {number} reports"),
        "pasted_outside": one_and_many(
            "{number} number of what was pasted lies outside of this table and was not filled in; "
            "check where you have pasted.",
            "{number} numbers of what was pasted lie outside of this table and were not filled in; "
            "check where you have pasted.",
        ),
    }
