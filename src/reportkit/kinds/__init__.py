"""Report kinds: all that is special to one statute, each in a folder of its own, and the forms that they bring."""

from reportkit.kinds.collection import BrokenForm, Forms, form_files, form_for, load_forms
from reportkit.kinds.forms import load_form
from reportkit.kinds.kind import (
    NOTEBOOK,
    Kind,
    Say,
    default_kind,
    is_of_kind,
    kind_of,
    language_of,
    load_kind,
    of_year,
    saying,
    shipped_forms,
)
from reportkit.kinds.kind_places import DEFAULT, KINDS, Place, all_kinds, find_kind, is_shipped, shipped_names
from reportkit.kinds.vocabulary import Vocabulary

__all__ = [
    "DEFAULT", "KINDS", "NOTEBOOK", "BrokenForm", "Forms", "Kind", "Place", "Say", "Vocabulary", "all_kinds",
    "default_kind", "find_kind", "form_files", "form_for", "is_of_kind", "is_shipped", "kind_of", "language_of",
    "load_form", "load_forms", "load_kind", "of_year", "saying", "shipped_forms", "shipped_names",
]  # fmt: skip
