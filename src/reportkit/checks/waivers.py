"""Rules switched off, by the project or by a file: always with a reason, which is printed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from reportkit.errors import Issue, UserError
from reportkit.kinds import default_kind
from reportkit.messages.catalogue import Entry, entries, entries_of, nearest
from reportkit.model.filing import Filing
from reportkit.project import Project
from reportkit.project.config import CONFIG


def check_config(project: Project) -> None:
    """Raise UserError that names every waiver of the project that is none: no such code, or one that cannot be.

    Where a form is broken, what it has for rules is not known.
    """
    codes = entries_of(project.forms.values())
    given = project.waivers if not project.forms.broken else project.waivers.keys() & codes.keys()
    problems = [f"{CONFIG}: [waivers] {code}: {wrong}" for code in given if (wrong := _wrong(code, codes))]
    if problems:
        raise UserError(*problems)


def waived(issues: Iterable[Issue], reasons: Mapping[str, str], kind: str = "") -> Iterator[Issue]:
    """Yield the issues; one whose code has a reason, and can be waived, is waived and says why.

    `kind` is the report kind whose rules they may be of, "" if they are of none.
    """
    for issue in issues:
        entry = entries(kind).get(issue.code)  # None is a rule of a project's own form
        if issue.code in reasons and (entry is None or entry.waivable):
            message = f"{issue.message}（已豁免：{reasons[issue.code]}）"
            yield replace(issue, severity="waived", message=message)
        else:
            yield issue


def wrong_waivers(filing: Filing) -> Iterator[Issue]:
    """Yield an issue for each waiver of a file that is none (Y5: no such code, Y9: one that cannot be waived).

    To waive a rule of the default kind is no mistake in a report of another: it waives nothing.
    """
    codes = entries_of([filing.form, *default_kind().forms.values()]) if filing.waivers else {}
    for code in filing.waivers:
        if wrong := _wrong(code, codes):
            kind = "Y9" if code in codes else "Y5"
            yield Issue(kind, "error", f"豁免 {code}：{wrong}", filing.where(f"waivers.{code}"), None, code)


def stale_waivers(filing: Filing, found: Container[str], ran: Container[str]) -> Iterator[Issue]:
    """Yield an issue (Y10) for each waiver of a file whose rule was among those that ran and found nothing."""
    for code, reason in filing.waivers.items():
        if code in ran and code not in found:
            message = f"豁免了 {code}（{reason}），但已经没有这个问题；请删去这一条豁免"
            yield Issue("Y10", "warning", message, filing.where(f"waivers.{code}"), None, code)


def _wrong(code: str, codes: Mapping[str, Entry]) -> str:
    """What is wrong with a waiver of this code, "" if nothing is."""
    if code not in codes:
        return f"没有这个代码；{nearest(code, codes)}"
    return "" if codes[code].waivable else f"“{codes[code].title}”不能豁免，只能改正"
