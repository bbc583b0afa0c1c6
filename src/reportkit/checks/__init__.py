"""Rules: what is wrong with a filing by itself, against the year before, and against the others of its county."""

from reportkit.checks.county_runner import Added, sums_of
from reportkit.checks.file_runner import Examined, check_report, examine, last_to_compare, last_unfit, last_year
from reportkit.checks.filing_runner import check
from reportkit.checks.project_runner import Checked, check_project, unlisted
from reportkit.checks.waivers import check_config
from reportkit.messages.catalogue import Entry, entries_of
from reportkit.messages.words import area_title, nearest

__all__ = [
    "Added",
    "Checked",
    "Entry",
    "Examined",
    "area_title",
    "check",
    "check_config",
    "check_project",
    "check_report",
    "entries_of",
    "examine",
    "last_to_compare",
    "last_unfit",
    "last_year",
    "nearest",
    "sums_of",
    "unlisted",
]
