"""Every rule over one filing: the form's, and those over its text."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache

from reportkit.checks import lints, plausible, sentences, years
from reportkit.checks.catalogue import entries
from reportkit.checks.findings import FileRule, Finding, YearRule
from reportkit.checks.waivers import stale_waivers, waived, wrong_waivers
from reportkit.errors import CellRef, Issue, Origin
from reportkit.filing import Filing, in_order, with_totals
from reportkit.filing import check as check_figures


def _as_last_year(filing: Filing, last: Filing) -> Iterable[Finding]:
    from reportkit.checks.similar import as_last_year  # needs numpy, which nothing else here does

    return as_last_year(filing, last)


FILE_RULES: Mapping[str, FileRule] = {**sentences.RULES, **lints.RULES, **plausible.RULES}
"""The rules over a filing's text and figures together, by code."""

YEAR_RULES: Mapping[str, YearRule] = {
    **years.YEAR_RULES,
    **sentences.YEAR_RULES,
    **lints.YEAR_RULES,
    **plausible.YEAR_RULES,
    "S2": _as_last_year,
}
"""The rules over a filing and the one of the year before, by code; some codes are a file rule's too."""


def check(filing: Filing, waivers: Mapping[str, str] | None = None) -> list[Issue]:
    """Return everything that is wrong with a filing by itself: errors, then warnings, then what was waived.

    `waivers` are those of the project (the reason by code); the filing's own go before them.
    """
    # What needs last year's filing as well has not been looked at in full.
    return settled(filing, found_in(filing), codes_in(filing) - YEAR_RULES.keys(), waivers)


def found_in(filing: Filing) -> list[Issue]:
    """Return what is wrong with a filing by itself, as if nothing was waived, in no order."""
    filing = with_totals(filing)
    issues = [*check_figures(filing), *wrong_waivers(filing)]
    for code, rule in FILE_RULES.items():
        issues += told(code, rule(filing), filing.where)
    return issues


def found_against(filing: Filing, last: Filing, but: Container[str] = ()) -> list[Issue]:
    """Return what is wrong with a filing next to the one of the year before, less the rules `but`, in no order."""
    ran = ((code, rule(filing, last)) for code, rule in YEAR_RULES.items() if code not in but)
    return [issue for code, findings in ran for issue in told(code, findings, filing.where)]


def settled(
    filing: Filing | None, issues: Iterable[Issue], ran: Container[str], waivers: Mapping[str, str] | None = None
) -> list[Issue]:
    """Return a filing's issues in order, the waived ones waived, with one for each waiver that nothing needs any more.

    `ran` are the codes of the rules that have looked at it. Without a filing only `waivers` count.
    """
    issues, own = list(issues), filing.waivers if filing else {}
    if filing and own:
        issues += stale_waivers(filing, {issue.code for issue in issues}, ran)
    return in_order(waived(issues, {**(waivers or {}), **own}))


def told(code: str, findings: Iterable[Finding], where: Callable[[CellRef | str], Origin]) -> Iterator[Issue]:
    """Yield a rule's findings as issues: as grave as the catalogue says, at the place where the filing has it."""
    for finding in findings:
        severity = finding.severity or entries()[code].severity
        ref = finding.at if isinstance(finding.at, CellRef) else None
        yield Issue(code, severity, finding.message, where(finding.at), ref, finding.found, finding.expected)


@cache
def _codes_of_figures() -> frozenset[str]:
    return frozenset(code for code, entry in entries().items() if entry.area == "figures")


def codes_in(filing: Filing) -> frozenset[str]:
    """Return the codes of the rules that one filing tells by itself."""
    return _codes_of_figures() | FILE_RULES.keys() | {rule.code for rule in filing.form.rules}
