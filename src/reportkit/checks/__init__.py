"""Rules: what is wrong with a filing by itself, against the year before, and against the others of its county."""

from reportkit.checks.across import Checked, check_project
from reportkit.checks.adding import Added, sums_of
from reportkit.checks.catalogue import AREAS, Entry, known, nearest
from reportkit.checks.checking import check
from reportkit.checks.waivers import check_config

__all__ = [
    "AREAS",
    "Added",
    "Checked",
    "Entry",
    "check",
    "check_config",
    "check_project",
    "known",
    "nearest",
    "sums_of",
]
