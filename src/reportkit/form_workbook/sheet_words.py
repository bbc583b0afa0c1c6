"""What a workbook says beside the words of its form, in the form's language."""

from __future__ import annotations

from string import Formatter

from reportkit.kinds import Say
from reportkit.model.form import Form
from reportkit.translation import N_

COVER, PROSE = N_("Reporting unit"), N_("Text of the report")
"""The sheets for whose report it is, and for its text."""

YEAR, EDITION = N_("Year"), N_("Edition")
UNIT, AGENCY = N_("Unit name"), N_("Publishing office")
YES, NO = N_("Yes"), N_("No")
SUMS, OFF = N_("Sums"), N_("off by {difference}")
"""What the line below a table is called, and what it says where two sides differ."""


def beginning(template: str) -> str:
    """Return what a sentence begins with, before its first value."""
    return template.partition("{")[0]


def expression(template: str, **values: str) -> str:
    """Return a sentence as part of a formula in which each value is an expression.

    >>> expression("off by {difference}", difference="(A1-B1)")
    '"off by "&(A1-B1)'
    """
    parts: list[str] = []
    for text, name, *_ in Formatter().parse(template):
        parts += ['"' + text.replace('"', '""') + '"'] if text else []
        parts += [values[name]] if name else []
    return "&".join(parts)


def edition(form: Form, say: Say) -> str:
    """Return the edition as the workbook calls it: 2021年版, or the name that it has."""
    return say(N_("edition {edition}")).format(edition=form.edition) if form.edition.isdigit() else form.edition
