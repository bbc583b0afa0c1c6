"""The note that shows a conflict side by side, in the notebook itself."""

from __future__ import annotations

from reportkit.notebook.cells import NOTE, Cell, is_note, note_mark
from reportkit.notebook.conflict_view import view_of
from reportkit.notebook.markers import LABELS, Labels
from reportkit.notebook.merge import Conflict
from reportkit.translation import N_, _
from reportkit.worddiff import inline, markup

__all__ = ["is_note", "note_of"]

_GONE = N_("(this side has deleted the cell)")
_CELL = "text-align:left;vertical-align:top;border:1px solid #767676;padding:6px"

BEFORE = N_("the text before both changes")


def note_of(conflict: Conflict, labels: Labels = LABELS) -> Cell:
    """Return the note to put right before the cell in conflict: what happened, what to do, and the texts.

    The town's text and the master's are shown as changes of the text that was there before.
    """
    source = f"{_words(conflict, labels)}\n\n{_table(conflict, labels)}"
    metadata = {"tags": ["remove-cell", NOTE], "reportkit": {"note": note_mark(source)}}
    return Cell(f"conflict-{conflict.cell}"[:64], "markdown", source, metadata)


def _words(conflict: Conflict, labels: Labels) -> str:
    head = _("Conflict: both sides have changed the next cell ({cell}). Choose whose text it is to have.")
    if conflict.theirs is None:
        head = _("Conflict: the town has changed the next cell ({cell}), and the master has it no more. Choose.")
    elif conflict.ours is None:
        head = _("Conflict: the town has deleted the next cell ({cell}), and the master has changed it. Choose.")
    words = _(
        "**{head} Until then the report is not published.**\n\n"
        "- Edit the next cell: leave the text that is to be printed, delete the lines that begin with `<<<<<<<`, "
        "`=======` and `>>>>>>>`, and save it;\n"
        "- or run `reportkit resolve TOWN --ours` (for {ours}) or `reportkit resolve TOWN --theirs` (for {theirs}), "
        "with the name of the town for TOWN; `--both` takes what both have added, if they have only added.\n\n"
        "This note was made by itself. It goes when you have chosen, and is not printed."
    )
    ours, theirs = markup(_(labels.ours)), markup(_(labels.theirs))
    return words.format(head=head.format(cell=markup(conflict.cell)), ours=ours, theirs=theirs)


def _table(conflict: Conflict, labels: Labels) -> str:
    view = view_of(conflict)
    columns = [(labels.ours, view.ours), (labels.theirs, view.theirs)]
    heads = [markup(_(label)) for label, _pieces in columns]
    texts = [_(_GONE) if pieces is None else inline(pieces) for _label, pieces in columns]
    if view.before is not None:
        heads, texts = [markup(_(BEFORE)), *heads], [markup(view.before), *texts]
    style = f"{_CELL};width:{100 // len(heads)}%"
    head, body = (
        "".join(f'<{tag} style="{style}">{text}</{tag}>' for text in row) for tag, row in (("th", heads), ("td", texts))
    )
    return f'<table style="width:100%"><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>'
