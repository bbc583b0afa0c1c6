"""A report kind: a folder with forms, words and rules that belong to one statute, and to no other report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from reportkit.kinds import file_shapes
from reportkit.kinds.facts import facts_of, with_facts
from reportkit.kinds.file_shapes import Comparison, Prefill
from reportkit.kinds.forms import load_form
from reportkit.kinds.vocabulary import Vocabulary, load_vocabulary
from reportkit.kinds.yaml_files import load
from reportkit.model.form import Fact, Form

KINDS = Path(__file__).parent
"""The folder with a folder for each kind that comes with the package."""

DEFAULT = "ogi"
"""The kind of a project that names none; its forms are chosen by the report's year."""


@dataclass(frozen=True)
class Kind:
    """What a kind says: its forms by edition, and the other entries of its kind.yaml.

    The kind of a project's own form that names none is blank: it has no forms, and nothing that would judge one.
    """

    name: str
    title: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)
    prefill: Prefill | None = None
    comparison: Comparison | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def sections(self) -> Mapping[str, frozenset[str]]:
        """The sections that any of its forms has, in print order, each with the parts that any of them asks for."""
        found: dict[str, frozenset[str]] = {}
        for form in self.forms.values():
            for section in form.sections:
                found[section.key] = found.get(section.key, frozenset()) | section.parts.keys()
        return found

    @cached_property
    def tables(self) -> frozenset[str]:
        """The keys of the tables that any of its forms has."""
        return frozenset(key for form in self.forms.values() for key in form.tables)

    @cached_property
    def words(self) -> frozenset[str]:
        """The names of the sentences that any of its forms has."""
        return frozenset(name for form in self.forms.values() for name in form.words)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """How reports of the kind write what its forms have. Raises FormError if its readers.yaml cannot be used."""
        return load_vocabulary(KINDS / self.name / "readers.yaml") if self.name else Vocabulary()

    @property
    def newest(self) -> Form:
        """The newest edition. Raises IndexError for a kind without forms."""
        return list(self.forms.values())[-1]


BLANK = Kind("")
"""The kind of a form that belongs to none."""

NOTEBOOK = Form(edition="notebook", document="", years=(0, None), title="", sections=(), rules=(), kind="notebook")
"""The form of the kind for any notebook: it asks for nothing, and all that is given are the notebook's parameters."""


def kind_of(form: Form) -> Kind:
    """Return the kind that a form belongs to."""
    return load_kind(form.kind) if form.kind else BLANK


def default_kind() -> Kind:
    """Return the kind of a project that names none."""
    return load_kind(DEFAULT)


def kind_names() -> list[str]:
    """Return the names of the kinds that come with the package."""
    return sorted(path.parent.name for path in KINDS.glob("*/kind.yaml"))


@cache
def load_kind(name: str) -> Kind:
    """Return the kind of this name. Raises KeyError if there is none."""
    if name not in kind_names():
        raise KeyError(name)
    kind, facts = load(KINDS / name / "kind.yaml", file_shapes.Kind, lambda kind: (kind, facts_of(kind.facts)))
    paths = sorted((KINDS / name / "forms").glob("*.yaml"))
    forms = (with_facts(load_form(path, name), facts) for path in paths)
    return Kind(kind.name, kind.title, _by_edition(forms), kind.prefill, kind.comparison, facts)


def _by_edition(forms: Iterable[Form]) -> Mapping[str, Form]:
    return MappingProxyType({form.edition: form for form in forms})


def shipped_forms() -> Mapping[str, Form]:
    """Return the forms of the default kind by edition."""
    return default_kind().forms


def form_for(forms: Mapping[str, Form], year: int) -> Form | None:
    """Return the edition of the default kind for a year, None if there is none: others are used by name only."""
    ours = (form for form in forms.values() if form.kind == DEFAULT and is_of_kind(form))
    return next((form for form in ours if form.covers(year)), None)


def of_year(forms: Iterable[Form], year: int) -> Form | None:
    """Return the form for a year: the edition that a kind brings, or the one form that covers it; None if none does."""
    covering = [form for form in forms if form.covers(year)]
    return next(filter(is_of_kind, covering), covering[0] if len(covering) == 1 else None)


def is_of_kind(form: Form) -> bool:
    """Return whether a form is an edition that its kind brings, and no form of the project's own."""
    return form.edition in kind_of(form).forms
