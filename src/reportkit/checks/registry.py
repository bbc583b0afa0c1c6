"""The registry of rules: those that hold for any report, and those that a report kind brings for its own.

A rule registers itself: a module of `kinds/<kind>/rules/` has its rules in RULES, and each in the catalogue beside it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module

from reportkit.checks import other_names, unfinished_words, units, unseen_signs
from reportkit.checks.findings import Finding, Needs, Rule
from reportkit.kinds import KINDS
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
    Rule("S2", _as_last_year, "last"),
)
"""The rules that hold for any report."""


@cache
def rules_of(kind: str) -> tuple[Rule, ...]:
    """Return the rules of a report kind ("" for none) and those of any report, in the order of the catalogue.

    Raises KeyError for a rule without an entry in the catalogue.
    """
    order = {code: place for place, code in enumerate(entries(kind))}
    return tuple(sorted((*GENERIC, *_own_rules(kind)), key=lambda rule: order[rule.code]))


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


def _own_rules(kind: str) -> Iterator[Rule]:
    """What the modules of a kind's folder of rules have in RULES; those without are tools of the others."""
    if not kind or not (KINDS / kind / "rules").is_dir():
        return
    package = import_module(f"reportkit.kinds.{kind}.rules")
    for found in pkgutil.iter_modules(package.__path__):
        yield from getattr(import_module(f"{package.__name__}.{found.name}"), "RULES", ())
