"""What the bar says, in the language of the person; what its parts say stands with the workbench's words."""

from __future__ import annotations

from reportkit.translation import _
from reportkit.workbench.page_words import Words, front_words


def bar_words() -> Words:
    """Return the words of the bar and of all its parts."""
    return {
        **front_words(),
        "bar": _("This report"),
        "check": _("Check"),
        "check_help": _("What is wrong with the file and the notebook as they are saved"),
        "preview": _("Preview"),
        "preview_help": _("The finished page, made anew after each save (Ctrl+S)"),
        "build_help": _("Make the web page and the PDF of this unit"),
        "undo": _("Undo"),
        "undo_help": _("Put the notebook or the parameter file of this unit back to the version before"),
        "begin": _("Begin from last year"),
        "begin_help": _("Make this year's parameter file from last year's"),
        "of_year": _("{year} {unit}"),
    }
