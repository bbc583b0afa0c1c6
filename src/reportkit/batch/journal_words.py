"""What the journal has to say: why a report is made, and why there is no journal."""

from __future__ import annotations

from reportkit.translation import N_, _

REFUSED = N_("{path}: {reason}; check the folder's rights and the disk")
FULL = N_("{path}: {reason}; free space and build again")

MISSING, BY_HAND = N_("{file} is missing"), N_("{file} was changed by hand")
"""Why an output is not the one that was made."""

CUT_OFF = "cut off"
"""The status of a report whose build was killed."""

_LAST_TIME = {
    "invalid": N_("invalid the last time"),
    "failed": N_("failed the last time"),
    CUT_OFF: N_("cut off the last time"),
}


def last_time(status: str) -> str:
    """Return what became of a report that is not there."""
    return _(_LAST_TIME[status]) if status in _LAST_TIME else status


def busy(folder: str, who: str = "") -> str:
    """Return that another build has a folder, and who it is, if that is known."""
    words = _("another build is at work in {folder}; wait until it has ended, or build into another folder with --out")
    if who:
        words = _(
            "another build is at work in {folder} ({who}); wait until it has ended, "
            "or build into another folder with --out"
        )
    return words.format(folder=folder, who=who)
