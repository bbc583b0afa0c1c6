"""Forms from YAML: one file, one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from msgspec import UNSET

from reportkit.files.yaml_files import load
from reportkit.kinds import file_shapes
from reportkit.kinds.facts import facts_of
from reportkit.kinds.form_formulas import check_order
from reportkit.kinds.form_open_rows import sums_of
from reportkit.kinds.form_rules import rules_of, table_named
from reportkit.kinds.form_tables import table_of
from reportkit.kinds.form_years import carries_of, compared_of
from reportkit.model.facts import FACTS, Fact
from reportkit.model.form import Form, Section, Table
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _, in_a_row

_IN_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Shared:
    """What a form has of its kind: the kind's reference, its facts and its sentences, both by name.

    `name` is what the files of the kind call it.
    """

    kind: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def of_folder(self, named: str) -> Shared:
        """Return itself for a form in the kind's own folder. Raises WrongShapeError if that names another kind."""
        if named not in ("", self.name):
            words = _("is {found!r}, and the form lies in the folder of the kind {name}; take this entry out")
            raise WrongShapeError(("kind",), "kind", words.format(found=named, name=self.name))
        return self


def _of_no_kind(_named: str) -> Shared:
    return Shared()


def load_form(path: Path, shared: Callable[[str], Shared] = _of_no_kind) -> Form:
    """Return the form that a YAML file describes; `shared` gives what it has of the kind that it names, "" for none.

    That function can raise WrongShapeError. Raises FormError, which names the file, the line and the entry, for
    anything that is not a form.
    """
    return load(path, file_shapes.Form, partial(_form, shared=shared))


def _form(form: file_shapes.Form, shared: Callable[[str], Shared]) -> Form:
    of_kind = shared(form.kind)
    if found := [name for name in _IN_BRACES.findall(form.title) if name not in ("{year}", "{jurisdiction}")]:
        words = _(
            "can have {{year}} and {{jurisdiction}} in braces, found {found}; correct it, or take the braces away"
        )
        raise WrongShapeError(("title",), "title", words.format(found=in_a_row(found)))
    for number, table in enumerate(form.tables):
        if table.key == FACTS and (form.facts or of_kind.facts):
            words = _(
                "no table of a form with facts can be called {name}: so begin the names of these; "
                "call the table otherwise"
            )
            raise WrongShapeError(("tables", number, "key"), "", words.format(name=FACTS))
        if table.key in [other.key for other in form.tables[:number]]:
            words = _("another table is called {name}, too; give each a key of its own")
            raise WrongShapeError(("tables", number, "key"), "", words.format(name=table.key))
    tables = {table.key: table_of(table, ("tables", number)) for number, table in enumerate(form.tables)}
    sections = [_section(section, tables, ("sections", number)) for number, section in enumerate(form.sections)]
    facts = {**of_kind.facts, **facts_of(form.facts)}
    rules = [rule for number, one in enumerate(form.rules) for rule in rules_of(one, tables, facts, ("rules", number))]
    rules += sums_of(tables)
    check_order(form.tables, tables, rules)
    return Form(
        edition=str(form.edition),
        document=form.document,
        years=form.years,
        title=form.title,
        sections=tuple(sections),
        rules=tuple(rules),
        words={**of_kind.words, **form.words},
        kind=of_kind.kind,
        facts=facts,
        carry=carries_of(form.carry, tables),
        compared=compared_of(form.compare, tables),
        language="" if form.language is UNSET else form.language,
    )


def _section(section: file_shapes.Section, tables: Mapping[str, Table], steps: Steps) -> Section:
    table = (
        None
        if section.table is None
        else table_named(section.table, tables, steps, _("section {section}").format(section=section.key))
    )
    made = Section(section.key, section.heading, table, section.parts, section.required, section.optional)
    if table and not table.caption:
        # A table is called what its section is called, unless the form says otherwise.
        return replace(made, table=replace(table, caption=made.label))
    return made
