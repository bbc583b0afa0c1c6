"""The narrative against the tables: R12 to R17, each in the file of its matter."""

from __future__ import annotations

from reportkit.checks import charges, disputes, received, results, shares, sums
from reportkit.checks.findings import FileRule, YearRule

__all__ = ["RULES", "YEAR_RULES"]

RULES: dict[str, FileRule] = {
    **received.RULES,
    **results.RULES,
    **disputes.RULES,
    **shares.RULES,
    **sums.RULES,
    "R17": charges.fees,
}
"""The rules that one filing tells by itself, by code."""

YEAR_RULES: dict[str, YearRule] = shares.YEAR_RULES
"""The rules that also need last year's filing."""
