"""A report kind: a folder with forms, words and rules that belong to one statute or one series, and to no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from reportkit.errors import UserError
from reportkit.files.yaml_files import load
from reportkit.kinds import kind_shapes
from reportkit.kinds.facts import facts_of
from reportkit.kinds.forms import Shared, load_form
from reportkit.kinds.kind_places import (
    DEFAULT,
    FILE,
    KINDS,
    OWN,
    Place,
    find_kind,
    folder_of,
    is_shipped,
    shipped_names,
)
from reportkit.kinds.kind_shapes import Comparison, Prefill
from reportkit.kinds.vocabulary import Vocabulary, load_vocabulary
from reportkit.model.facts import Fact
from reportkit.model.form import Form
from reportkit.shapes import WrongShapeError
from reportkit.translation import _, gettext_in

MASTER = "report.ipynb"
"""The master of a kind, in its folder."""


@dataclass(frozen=True)
class Kind:
    """What a kind says: its forms by edition, and the other entries of its kind.yaml.

    `reference` is what forms and projects call it (see reportkit.kinds.kind_places). `folders` are its own and before
    it those of the kinds that it extends; what a later one has goes before what an earlier one has. The kind of a
    project's own form that names none is blank: it has no forms, and nothing that would judge one.
    """

    reference: str
    name: str = ""
    title: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)
    prefill: Prefill | None = None
    comparison: Comparison | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    language: str = "zh"
    style: str = ""
    sentences: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()

    def __hash__(self) -> int:
        return hash(self.reference)

    @cached_property
    def sections(self) -> Mapping[str, frozenset[str]]:
        """The sections that its master has cells for, in print order, each with the parts that any form asks for.

        Those of its forms; none where it has no master of its own: then all sections are printed whole.
        """
        found: dict[str, frozenset[str]] = {}
        for form in self.forms.values() if self.has_master else ():
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
        path = self.file("readers.yaml")
        return load_vocabulary(path) if path else Vocabulary()

    @property
    def newest(self) -> Form:
        """The newest edition. Raises IndexError for a kind without forms."""
        return list(self.forms.values())[-1]

    @property
    def is_of_any_notebook(self) -> bool:
        """Whether its reports are made by a notebook that knows no form, each of a row of a list."""
        return folder_of(NOTEBOOK.kind) in self.folders

    @cached_property
    def master(self) -> Path | None:
        """The master notebook that it brings."""
        return self.file(MASTER)

    @property
    def has_master(self) -> bool:
        """Whether its master is written for its forms: that of the default kind stands beside the package."""
        return KINDS / DEFAULT in self.folders or self.master is not None

    def file(self, name: str) -> Path | None:
        """Return a file or folder of its own, or of the nearest kind that it extends and that has one."""
        return next((path for folder in reversed(self.folders) if (path := folder / name).exists()), None)


BLANK = Kind("")
"""The kind of a form that belongs to none."""

NOTEBOOK = Form(edition="notebook", document="", years=(0, None), title="", sections=(), rules=(), kind="notebook")
"""The form of the kind for any notebook: it asks for nothing, and all that is given are the notebook's parameters."""


def kind_of(form: Form) -> Kind:
    """Return the kind that a form belongs to."""
    return load_kind(form.kind) if form.kind else BLANK


def language_of(form: Form) -> str:
    """Return the language of what is printed in a report of this form, or written for its town: "zh" or "en"."""
    return form.language or kind_of(form).language


Say = Callable[[str], str]
"""What returns a sentence in the language of a form."""


def saying(form: Form) -> Say:
    """Return what tells a sentence in the language of a form, with its fields still open."""
    return partial(gettext_in, language_of(form))


def default_kind() -> Kind:
    """Return the kind of a project that names none."""
    return load_kind(DEFAULT)


@cache
def load_kind(reference: str) -> Kind:
    """Return the kind of this reference. Raises KeyError if none of its name comes with the package.

    Raises FormError, which names the file, the line and the entry, for one that cannot be used.
    """
    return _loaded(reference, ())


class _Stated(NamedTuple):
    """What a kind.yaml says, and the kind that it extends."""

    kind: kind_shapes.Kind
    facts: Mapping[str, Fact]
    base: Kind


def _loaded(reference: str, below: tuple[Path, ...]) -> Kind:
    """The kind; `below` are the folders of kinds that extend it, on the way to it."""
    if is_shipped(reference) and reference not in shipped_names():
        raise KeyError(reference)
    folder = folder_of(reference)
    stated, facts, base = load(folder / FILE, kind_shapes.Kind, partial(_stated, folder, below))
    shared = Shared(reference, {**base.facts, **facts}, {**base.sentences, **_sentences(folder)}, stated.name)
    folders = (*base.folders, folder)
    paths = {path.name: path for one in folders for path in sorted((one / "forms").glob("*.yaml"))}
    forms = (load_form(path, shared.of_folder) for _name, path in sorted(paths.items()))
    return Kind(
        reference=reference,
        name=stated.name,
        title=stated.title or base.title,
        forms=_by_edition(forms),
        prefill=stated.prefill or base.prefill,
        comparison=stated.comparison or base.comparison,
        facts=shared.facts,
        language=stated.language or base.language,
        style=_style(stated.style, folder) or base.style,
        sentences=shared.words,
        folders=folders,
    )


def _stated(folder: Path, below: tuple[Path, ...], kind: kind_shapes.Kind) -> _Stated:
    if kind.name != folder.name and folder.parent.name == OWN:
        words = _("is {found!r}, and the folder is called {wanted!r}; give both one name")
        raise WrongShapeError(("name",), "name", words.format(found=kind.name, wanted=folder.name))
    if not kind.title and not kind.extends:
        raise WrongShapeError((), "", _("title is missing: what the reports of this kind are called"))
    return _Stated(kind, facts_of(kind.facts), _base(kind.extends, (*below, folder)) if kind.extends else BLANK)


def _base(name: str, below: tuple[Path, ...]) -> Kind:
    """The kind that one extends: beside it, or at a path from its folder."""
    folder = below[-1]
    try:
        place = _place_beside(name, folder)
    except UserError as error:
        raise WrongShapeError(("extends",), "", str(error)) from None
    if place.folder in below:
        way = " → ".join(one.name for one in (*below[below.index(place.folder) :], place.folder))
        words = _("extends in a circle: {way}; take one of these entries out")
        raise WrongShapeError(("extends",), "", words.format(way=way))
    return _loaded(place.reference, below)


def _place_beside(name: str, folder: Path) -> Place:
    if "/" in name or os.sep in name:
        return find_kind(os.path.relpath(folder / name), Path())
    return find_kind(name, folder.parent.parent if folder.parent.name == OWN else None)


def _style(name: str, folder: Path) -> str:
    """A style's name, or where its file is if the kind's folder has it."""
    return str(folder / name) if name and (folder / name).is_file() else name


def _sentences(folder: Path) -> Mapping[str, str]:
    path = folder / "words.yaml"
    return load(path, dict[str, str], lambda words: words) if path.is_file() else {}


def _by_edition(forms: Iterable[Form]) -> Mapping[str, Form]:
    return MappingProxyType({form.edition: form for form in forms})


def shipped_forms() -> Mapping[str, Form]:
    """Return the forms of the default kind by edition."""
    return default_kind().forms


def of_year(forms: Iterable[Form], year: int) -> Form | None:
    """Return the form for a year: the edition that a kind brings, or the one form that covers it; None if none does."""
    covering = [form for form in forms if form.covers(year)]
    return next(filter(is_of_kind, covering), covering[0] if len(covering) == 1 else None)


def is_of_kind(form: Form) -> bool:
    """Return whether a form is an edition that its kind brings, and no form of the project's own."""
    return form.edition in kind_of(form).forms
