"""Lints of the text, each in the file of its matter; L3 needs the names of the project's other units."""

from __future__ import annotations

from reportkit.checks import charges, dates, problems, wording
from reportkit.checks.findings import FileRule, YearRule
from reportkit.checks.strangers import other_names

__all__ = ["RULES", "YEAR_RULES", "other_names"]

RULES: dict[str, FileRule] = {
    **dates.RULES,
    **wording.RULES,
    **problems.RULES,
    "L13": charges.silent,
    "L14": charges.denied,
}
"""The rules that one filing tells by itself, by code."""

YEAR_RULES: dict[str, YearRule] = problems.YEAR_RULES
"""The rules that also need last year's filing."""
