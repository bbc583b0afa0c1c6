"""The registry of rules: those that hold for any report, and those that a report kind brings for its own.

A rule registers itself: a module of `kinds/<kind>/rules/` has its rules in RULES, and each in the catalogue beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from reportkit.checks import carried_figures, kept_dates, other_names, unfinished_words, units, unseen_signs
from reportkit.checks.findings import Finding, Needs, Rule
from reportkit.checks.kind_rules import rules_in
from reportkit.messages.catalogue import entries
from reportkit.model.filing import Filing
from reportkit.model.form import Form


def _as_last_year(filing: Filing, last: Filing) -> Iterable[Finding]:
    from reportkit.checks.similarity import as_last_year  # needs numpy, which nothing else here does

    return as_last_year(filing, last)


GENERIC = (
    *unseen_signs.RULES,
    *unfinished_words.RULES,
    *other_names.RULES,
    *units.RULES,
    *carried_figures.RULES,
    Rule("S2", _as_last_year, "last"),
    *kept_dates.RULES,
)
"""The rules that hold for any report."""


@cache
def rules_of(kind: str) -> tuple[Rule, ...]:
    """Return the rules of a report kind ("" for none) and those of any report, in the order of the catalogue.

    Raises KeyError for a rule of ours without an entry in the catalogue, and UserError as `rules_in` does.
    """
    order = {code: place for place, code in enumerate(entries(kind))}
    return tuple(sorted((*GENERIC, *rules_in(kind)), key=lambda rule: order[rule.code]))


def rules_for(form: Form, needs: Needs) -> tuple[Rule, ...]:
    """Return the rules for a form's filings that need this, in the order of the catalogue."""
    return _needing(form.kind, needs)


def codes_for(form: Form, needs: Needs) -> frozenset[str]:
    """Return the codes of the rules for a form's filings that need this."""
    return _codes(form.kind, needs)


@cache
def _codes(kind: str, needs: Needs) -> frozenset[str]:
    return frozenset(rule.code for rule in _needing(kind, needs))


@cache
def _needing(kind: str, needs: Needs) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules_of(kind) if rule.needs == needs)
