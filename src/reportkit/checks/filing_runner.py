"""Every rule over one filing: the form's equations, and the rules that the registry has for it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from reportkit.checks.findings import Finding
from reportkit.checks.registry import codes_for, rules_for
from reportkit.checks.waivers import stale_waivers, waived, wrong_waivers
from reportkit.errors import CellRef, Issue, Origin
from reportkit.messages import figures
from reportkit.messages.catalogue import codes_about, entries
from reportkit.messages.words import filled, issue_of
from reportkit.model.filing import Filing, in_order, with_totals, words_at


def check(filing: Filing, waivers: Mapping[str, str] | None = None) -> list[Issue]:
    """Return everything that is wrong with a filing by itself: errors, then warnings, then what was waived.

    `waivers` are those of the project (the reason by code); the filing's own go before them.
    """
    return with_waivers(filing, found_in(filing), codes_in(filing), waivers)


def found_in(filing: Filing) -> list[Issue]:
    """Return what is wrong with a filing by itself, as if nothing was waived, in no order."""
    filing = with_totals(filing)
    issues = [*figures.found_in(filing), *wrong_waivers(filing)]
    for rule in rules_for(filing.form, "file"):
        issues += as_issues(rule.find(filing), filing.where, filing.form.kind)
    return issues


def found_against(filing: Filing, last: Filing, but: Container[str] = ()) -> list[Issue]:
    """Return what is wrong with a filing next to the one of the year before, less the rules `but`, in no order."""
    ran = (rule.find(filing, last) for rule in rules_for(filing.form, "last") if rule.code not in but)
    return [one for found in ran for one in as_issues(found, filing.where, filing.form.kind)]


def with_waivers(
    filing: Filing | None, issues: Iterable[Issue], ran: Container[str], waivers: Mapping[str, str] | None = None
) -> list[Issue]:
    """Return a filing's issues in order, the waived ones waived, with one for each waiver that nothing needs any more.

    `ran` are the codes of the rules that have looked at it. Without a filing only `waivers` count.
    """
    issues, own = list(issues), filing.waivers if filing else {}
    if filing and own:
        issues += stale_waivers(filing, {issue.code for issue in issues}, ran)
    return in_order(waived(issues, {**(waivers or {}), **own}, filing.form.kind if filing else ""))


def as_issues(findings: Iterable[Finding], where: Callable[[CellRef | str], Origin], kind: str = "") -> Iterator[Issue]:
    """Yield a rule's findings as issues: in the catalogue's words, as grave as it says, where the filing has it.

    `kind` is the report kind whose rule it may be, "" for a rule of any report.
    """
    for finding in findings:
        at = finding.at
        ref = at if isinstance(at, CellRef) else None
        if isinstance(at, str) and at and entries(kind)[finding.code].area in _ABOUT_WORDS:
            at = words_at(at)
        yield issue_of(kind, finding.name, where(at), ref, finding.found, finding.expected, finding.values)


def sentence_of(finding: Finding, kind: str = "") -> str:
    """Return a finding's sentence, for another one to quote; `kind` as in `as_issues`."""
    return filled(finding.name, kind, found=finding.found, expected=finding.expected, **finding.values)


_ABOUT_WORDS = ("sentences", "lints", "similar")
"""The areas of the catalogue whose rules read a section's words, and not its table."""


def codes_in(filing: Filing) -> frozenset[str]:
    """Return the codes of the rules that one filing tells by itself, less those that need last year's filing as well.

    These have not looked at all that they are about.
    """
    form = filing.form
    codes = codes_about("figures", form.kind) | codes_for(form, "file") | {rule.code for rule in form.rules}
    return codes - codes_for(form, "last")
