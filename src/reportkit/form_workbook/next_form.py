"""Which form a workbook asks for: the one that is named, that of last year's files, or the official one of the year."""

from __future__ import annotations

from reportkit.errors import UserError
from reportkit.kinds import Forms, form_for
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.translation import _, in_a_row


def chosen_form(forms: Forms, edition: str, year: int | None, filings: list[Filing]) -> Form:
    """Return the form that is asked for: by name, that of last year's files, by year, or the newest official one.

    Raises UserError if there is none, it is broken, or it is not for reports of the year.
    """
    official = form_for(forms, year) if year else forms.newest
    if broken := forms.wrong(edition):
        raise UserError(f"--edition {edition}: {broken}")
    used = {filing.form.edition for filing in filings}
    if not edition and year and len(used) == 1 and filings[0].form.covers(year):
        return filings[0].form
    if not edition and used - forms.kind.forms.keys():
        names = in_a_row(sorted(used))
        words = _("last year's form ({names}) does not say which one is for {year}; name it with --edition")
        raise UserError(words.format(names=names, year=year))
    found = forms.get(edition) if edition else official
    if found is None:
        if not forms:
            raise UserError(_("there is no form: make one in forms/ (reportkit draft), or name a kind that has one"))
        there = ", ".join(forms)
        if edition:
            raise UserError(_("no edition {edition!r}; there are: {there}").format(edition=edition, there=there))
        if not year:
            raise UserError(_("which form? Name it with --edition; there are: {there}").format(there=there))
        raise UserError(_("no official edition for {year}; there are: {there}").format(year=year, there=there))
    if year and not found.covers(year):
        words = _("the {edition} edition is not for reports of {year}")
        if official:
            words = _("the {edition} edition is not for reports of {year}; use --edition {official}")
        raise UserError(words.format(edition=found.edition, year=year, official=official and official.edition))
    return found


def next_form(forms: Forms, edition: str, year: int | None, filing: Filing) -> Form:
    """Return the form of the workbook that follows on one of last year's filings. Raises UserError as `chosen_form`."""
    wanted = filing.year + 1 if year is None else year
    check_years([filing], wanted)
    return chosen_form(forms, edition, wanted, [filing])


def check_years(filings: list[Filing], year: int | None) -> None:
    """Raise UserError for a filing that is not of the year before: what carries over is that year's."""
    for filing in filings:
        if year != filing.year + 1:
            words = _("{path} is of {last}, but the form is for {year}: name last year's")
            raise UserError(words.format(path=filing.origin.path, last=filing.year, year=year))
