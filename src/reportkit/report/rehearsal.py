"""The cells of a report without a word of anybody's: run once in a process before others are forked from it.

What a report does for the first time in a process takes a third longer, and in each forked process it is the first
time. These cells do what a master's do, and are all of them ours: they can leave nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable

from reportkit.model.form import Form
from reportkit.model.names import PARAMETERS


def rehearsal(form: Form, parameters: Iterable[str]) -> list[str]:
    """Return the sources of the cells for a form, to be run after the cell that sets these parameters."""
    given = ", ".join(f"{name}={name}" for name in parameters if name in PARAMETERS)
    words = next((section.key for section in form.sections if section.table is None), None)
    tables = [(section.key, section.table.key) for section in form.sections if section.table]
    return [
        f"from reportkit.report import open_report\n\nreport = open_report({given})",
        "report.title",
        *([f"%%narrative {words}\n{{{{ agency }}}} {{{{ year }}}}"] if words else []),
        *(f"report.heading({key!r})\nreport.table({table!r})" for key, table in tables[:1]),
        "report.rest()",
        "report.compare()",
        "report.checks()",
    ]
