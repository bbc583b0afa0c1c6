"""Towns' own copies of the notebook: what a town has changed in a cell stays, whatever becomes of the master."""

from reportkit.notebook.towns.coming_year import Edits, go_on
from reportkit.notebook.towns.edit import Carried, carry, make_copy, reset, undo
from reportkit.notebook.towns.file import Copy, CopyError, copy_path, parameters_changed, read_copy
from reportkit.notebook.towns.open_conflicts import Choice, OpenConflict, conflicts_of, open_conflicts
from reportkit.notebook.towns.settling import resolve, settle, settle_by_text
from reportkit.notebook.towns.status import (
    Change,
    changes,
    edited_last_year,
    strays,
    towns_with_copies,
    unlisted_copies,
)
from reportkit.notebook.towns.town_notebook import Town, as_printed, cell_place, inputs_of, printed, read_town, unread
from reportkit.notebook.towns.versions import copy_digest, discard, history_of, note, own_copy, when

__all__ = [
    "Carried", "Change", "Choice", "Copy", "CopyError", "Edits", "OpenConflict", "Town", "as_printed", "carry",
    "cell_place", "changes", "conflicts_of", "copy_digest", "copy_path", "discard", "edited_last_year", "go_on",
    "history_of", "inputs_of", "make_copy", "note", "open_conflicts", "own_copy", "parameters_changed", "printed",
    "read_copy", "read_town", "reset", "resolve", "settle", "settle_by_text", "strays", "towns_with_copies", "undo",
    "unlisted_copies", "unread", "when",
]  # fmt: skip
