"""The forms of a project: those of the kinds that come with the package, and its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from reportkit.errors import FormError, reason_of
from reportkit.kinds.facts import with_facts
from reportkit.kinds.forms import load_form
from reportkit.kinds.kind import kind_names, kind_of, shipped_forms
from reportkit.kinds.yaml_files import content_of
from reportkit.model.form import Form
from reportkit.translation import _

_EDITION = re.compile(r"""^[{ \t]*edition:[ \t]*["']?([^"'#,}\r\n]*)""", re.MULTILINE)


class BrokenForm(NamedTuple):
    """A form's file that cannot be used, the name that it gives the form ("" if that is not known), and why."""

    edition: str
    path: Path
    reason: str


class Forms(dict[str, Form]):
    """Forms by name, and the files that hold none which can be used.

    `own` gives the names that a parameter file may have besides, each with what reads its value: asked only if a file
    has a name that is not known.
    """

    def __init__(
        self,
        forms: Mapping[str, Form],
        broken: Iterable[BrokenForm] = (),
        own: Callable[[], Mapping[str, Callable[[Any], Any]]] = dict,
    ) -> None:
        super().__init__(forms)
        self.broken = list(broken)
        self._own = own

    @cached_property
    def facts(self) -> Mapping[str, Callable[[Any], Any]]:
        """What reads the value of each own fact."""
        return self._own()

    def wrong(self, edition: str) -> str:
        """Return what is wrong with the form of this name, "" if it can be used or no file is likely to have it."""
        unnamed = edition not in self
        found = (broken for broken in self.broken if broken.edition == edition or (unnamed and not broken.edition))
        return next((broken.reason for broken in sorted(found, reverse=True)), "")


def load_forms(folder: Path | None) -> Forms:
    """Return the official editions and those of a project's folder, by name.

    A file that is no form, or claims a name that another has, is among the `broken` ones: it is the matter of those
    reports alone that name it. Raises FormError if the folder cannot be looked into.
    """
    forms = Forms(shipped_forms())
    for path in form_files(folder) if folder else ():
        try:
            form = load_form(path)
            _use(form, path)
            name = form.edition
            if name in forms:
                words = _("{path}: edition {name!r} exists already; give this form a name of its own")
                raise FormError(words.format(path=path, name=name))
            forms[name] = with_facts(form, kind_of(form).facts)
        except FormError as error:
            name = _named(path)
            forms.broken.append(BrokenForm("" if name in shipped_forms() else name, path, str(error)))
    return forms


def _use(form: Form, path: Path) -> None:
    """Do with a form what every report does. Raises FormError."""
    for table in form.tables.values():
        _used = table.grid, table.labels
        if not table.rows:
            words = _("{path}: table {table}: has no row that a figure could stand in")
            raise FormError(words.format(path=path, table=table.key))
        if len(table.cells) < sum(len(block.column_leaves) for _row, block in table.rows):
            words = _("{path}: table {table}: two rows or two columns have the same key")
            raise FormError(words.format(path=path, table=table.key))
    if form.kind and form.kind not in kind_names():
        words = _("{path}: no kind {kind!r}; there is {there}, or leave kind out")
        raise FormError(words.format(path=path, kind=form.kind, there=", ".join(kind_names())))


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
