"""Report kinds: all that is special to one statute, each in a folder of its own, and the forms that they bring."""

from reportkit.kinds.collection import BrokenForm, Forms, form_files, load_forms
from reportkit.kinds.forms import load_form
from reportkit.kinds.kind import (
    DEFAULT,
    KINDS,
    NOTEBOOK,
    Kind,
    default_kind,
    form_for,
    is_of_kind,
    kind_names,
    kind_of,
    load_kind,
    of_year,
    shipped_forms,
)
from reportkit.kinds.vocabulary import Vocabulary

__all__ = [
    "DEFAULT", "KINDS", "NOTEBOOK", "BrokenForm", "Forms", "Kind", "Vocabulary", "default_kind", "form_files",
    "form_for", "is_of_kind", "kind_names", "kind_of", "load_form", "load_forms", "load_kind", "of_year",
    "shipped_forms",
]  # fmt: skip
