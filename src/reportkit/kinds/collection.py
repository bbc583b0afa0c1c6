"""The forms of a project: those that its kind brings, and its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import FormError, UserError, reason_of
from reportkit.files.yaml_files import content_of
from reportkit.kinds.forms import Shared, load_form
from reportkit.kinds.kind import Kind, default_kind, is_of_kind, load_kind
from reportkit.kinds.kind_places import find_kind
from reportkit.model.form import Form
from reportkit.shapes import WrongShapeError
from reportkit.translation import _

_EDITION = re.compile(r"""^[{ \t]*edition:[ \t]*["']?([^"'#,}\r\n]*)""", re.MULTILINE)


class BrokenForm(NamedTuple):
    """A form's file that cannot be used, the name that it gives the form ("" if that is not known), and why."""

    edition: str
    path: Path
    reason: str


class Forms(dict[str, Form]):
    """Forms by name, and the files that hold none which can be used.

    `kind` is that of the project: its editions are chosen by the year. `own` gives the names that a parameter file may
    have besides, each with what reads its value: asked only if a file has a name that is not known.
    """

    def __init__(
        self,
        forms: Mapping[str, Form],
        broken: Iterable[BrokenForm] = (),
        own: Callable[[], Mapping[str, Callable[[Any], Any]]] = dict,
        kind: Kind | None = None,
    ) -> None:
        super().__init__(forms)
        self.broken = list(broken)
        self.kind = kind or default_kind()
        self._own = own

    @cached_property
    def facts(self) -> Mapping[str, Callable[[Any], Any]]:
        """What reads the value of each own fact."""
        return self._own()

    @property
    def newest(self) -> Form | None:
        """The newest edition of the project's kind; where that brings none, the form that is its only one."""
        if self.kind.forms:
            return self.kind.newest
        return next(iter(self.values())) if len(self) == 1 else None

    def wrong(self, edition: str) -> str:
        """Return what is wrong with the form of this name, "" if it can be used or no file is likely to have it."""
        unnamed = edition not in self
        found = (broken for broken in self.broken if broken.edition == edition or (unnamed and not broken.edition))
        return next((broken.reason for broken in sorted(found, reverse=True)), "")


def load_forms(folder: Path | None, kind: Kind | None = None, root: Path | None = None) -> Forms:
    """Return the editions that a kind brings (the default one, if none is given) and those of a folder, by name.

    `root` is the project's, in which the kinds are looked for that forms name. A file that is no form, or claims a name
    that another has, is among the `broken` ones: it is the matter of those reports alone that name it. Raises FormError
    if the folder cannot be looked into.
    """
    forms = Forms((kind or default_kind()).forms, kind=kind)
    for path in form_files(folder) if folder else ():
        try:
            form = load_form(path, lambda name: _shared(name, root))
            _use(form, path)
            name = form.edition
            if name in forms:
                words = _("{path}: edition {name!r} exists already; give this form a name of its own")
                raise FormError(words.format(path=path, name=name))
            forms[name] = form
        except FormError as error:
            name = _named(path)
            forms.broken.append(BrokenForm("" if name in forms.kind.forms else name, path, str(error)))
    return forms


def form_for(forms: Mapping[str, Form], year: int) -> Form | None:
    """Return the edition of the project's kind for a year, None if there is none: others are used by name only.

    Where the kind brings no forms it is the project's own, if just one covers the year.
    """
    kind = forms.kind if isinstance(forms, Forms) else None
    if kind and not kind.forms:
        covering = [form for form in forms.values() if form.covers(year)]
        return covering[0] if len(covering) == 1 else None
    ours = (form for form in forms.values() if is_of_kind(form) and kind in (None, load_kind(form.kind)))
    return next((form for form in ours if form.covers(year)), None)


def _shared(name: str, root: Path | None) -> Shared:
    """What a project's form has of the kind that it names."""
    if not name:
        return Shared()
    try:
        kind = load_kind(find_kind(name, root).reference)
    except UserError as error:
        raise WrongShapeError(("kind",), "", _("{error}; or leave kind out").format(error=error)) from None
    return Shared(kind.reference, kind.facts, kind.sentences)


def _use(form: Form, path: Path) -> None:
    """Do with a form what every report does. Raises FormError."""
    for table in form.tables.values():
        _used = table.grid, table.labels
        if not table.rows:
            words = _("{path}: table {table}: has no row that a figure could stand in")
            raise FormError(words.format(path=path, table=table.key))
        rows = {row.key for row, _block in table.rows}
        cells = sum(len(block.column_leaves) for _row, block in table.rows)
        if len(table.cells) < cells or len(rows) < len(table.rows):
            words = _("{path}: table {table}: two rows or two columns have the same key")
            raise FormError(words.format(path=path, table=table.key))


def _named(path: Path) -> str:
    """The name that a file gives its form, as far as it can be seen, "" if it cannot."""
    try:
        match = _EDITION.search(content_of(path).decode("utf-8-sig", "replace"))
    except FormError:
        return ""
    return match[1].strip() if match else ""


def form_files(folder: Path) -> list[Path]:
    """Return the files of a project's own forms, sorted; none if there is no such folder.

    Raises FormError if it cannot be looked into.
    """
    try:
        names = os.listdir(folder)  # noqa: PTH208  (pathlib's globs pass over what they cannot read)
    except FileNotFoundError:
        if not folder.is_symlink():
            return []
        words = _("{folder}: a link that leads nowhere; mend it, or take it away")
        raise FormError(words.format(folder=folder)) from None
    except OSError as error:
        words = _("{folder}: no folder of forms ({reason}); check what it is, and its rights")
        raise FormError(words.format(folder=folder, reason=reason_of(error))) from None
    return [folder / name for name in sorted(names) if name.endswith(".yaml") and not name.startswith(".")]
