"""Which of several forms a file is of, where its tables do not tell."""

from __future__ import annotations

from collections.abc import Iterable

from reportkit.kinds import kind_of
from reportkit.model.form import Form


def is_of_kind(form: Form) -> bool:
    """Return whether a form is an edition that its kind brings, and no form of the project's own."""
    return form.edition in kind_of(form).forms


def of_year(forms: Iterable[Form], year: int) -> Form | None:
    """Return the form for a year: the edition that a kind brings, or the one form that covers it; None if none does."""
    covering = [form for form in forms if form.covers(year)]
    return next(filter(is_of_kind, covering), covering[0] if len(covering) == 1 else None)
