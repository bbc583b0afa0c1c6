"""Rules switched off, by the project or by a file: always with a reason, which is printed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reportkit.checks.registry import rules_of
from reportkit.errors import Issue, UserError
from reportkit.kinds import default_kind, is_shipped
from reportkit.messages.catalogue import entries, entries_of, title_of
from reportkit.messages.words import issue, nearest, phrase
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.project import Project
from reportkit.project.config import CONFIG


def check_config(project: Project) -> None:
    """Raise UserError that names every waiver of the project that is none: no such code, or one that cannot be.

    Where a form is broken, what it has for rules is not known.
    """
    forms = list(project.forms.values())
    for kind in {form.kind for form in forms}:
        if not is_shipped(kind):
            rules_of(kind)  # whose code may fail
    given = project.waivers if not project.forms.broken else project.waivers.keys() & entries_of(forms).keys()
    problems = [f"{CONFIG}: [waivers] {code}: {wrong}" for code in given if (wrong := _wrong(code, forms))]
    if problems:
        raise UserError(*problems)


def waived(issues: Iterable[Issue], reasons: Mapping[str, str], kind: str = "") -> Iterator[Issue]:
    """Yield the issues; one whose code has a reason, and can be waived, is waived and says why.

    `kind` is the report kind whose rules they may be of, "" if they are of none.
    """
    for one in issues:
        entry = entries(kind).get(one.code)  # None is a rule of a project's own form
        if one.code in reasons and (entry is None or entry.waivable):
            message = phrase("waived", message=one.message, reason=reasons[one.code])
            yield replace(one, severity="waived", message=message)
        else:
            yield one


def wrong_waivers(filing: Filing) -> Iterator[Issue]:
    """Yield an issue for each waiver of a file that is none (Y5: no such code, Y9: one that cannot be waived).

    To waive a rule of the default kind is no mistake in a report of another: it waives nothing.
    """
    forms = [filing.form, *default_kind().forms.values()] if filing.waivers else []
    for code in filing.waivers:
        if wrong := _wrong(code, forms):
            name = "Y9.not_waivable" if code in entries_of(forms) else "Y5.waiver"
            yield issue(name, filing.where(f"waivers.{code}"), None, code, wrong=wrong)


def stale_waivers(filing: Filing, found: Container[str], ran: Container[str]) -> Iterator[Issue]:
    """Yield an issue (Y10) for each waiver of a file whose rule was among those that ran and found nothing."""
    for code, reason in filing.waivers.items():
        if code in ran and code not in found:
            yield issue("Y10", filing.where(f"waivers.{code}"), None, code, reason=reason)


def _wrong(code: str, forms: Sequence[Form]) -> str:
    """What is wrong with a waiver of this code in a report of these forms, "" if nothing is."""
    codes = entries_of(forms)
    if code not in codes:
        return phrase("no_such_code", advice=nearest(code, codes))
    return "" if codes[code].waivable else phrase("not_waivable", title=title_of(code, forms))
