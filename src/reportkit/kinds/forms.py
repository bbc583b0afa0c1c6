"""Forms from YAML: one file, one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from msgspec import UNSET

from reportkit.errors import CellRef
from reportkit.kinds import file_shapes
from reportkit.kinds.facts import facts_of
from reportkit.kinds.yaml_files import load
from reportkit.model.form import Block, Form, Header, Rule, Section, Table, Term
from reportkit.shapes import Steps, WrongShapeError
from reportkit.translation import _


def load_form(path: Path, kind: str = "") -> Form:
    """Return the form that a YAML file describes; `kind` is the one it belongs to where it names none itself.

    Raises FormError, which names the file, the line and the entry, for anything that is not a form.
    """
    return load(path, file_shapes.Form, partial(_form, kind=kind))


def _form(form: file_shapes.Form, kind: str) -> Form:
    tables = {table.key: Table(table.key, table.caption, _blocks(table)) for table in form.tables}
    sections = [_section(section, tables, ("sections", number)) for number, section in enumerate(form.sections)]
    rules = [rule for number, one in enumerate(form.rules) for rule in _rules(one, tables, ("rules", number))]
    return Form(
        edition=str(form.edition),
        document=form.document,
        years=form.years,
        title=form.title,
        sections=tuple(sections),
        rules=tuple(rules),
        words=form.words,
        kind=form.kind or kind,
        facts=facts_of(form.facts),
    )


def _section(section: file_shapes.Section, tables: Mapping[str, Table], steps: Steps) -> Section:
    table = (
        None
        if section.table is None
        else _table(section.table, tables, steps, _("section {section}").format(section=section.key))
    )
    made = Section(section.key, section.heading, table, section.parts)
    if table and not table.caption:
        # A table is called what its section is called, unless the form says otherwise.
        return replace(made, table=replace(table, caption=made.label))
    return made


def _table(name: str, tables: Mapping[str, Table], steps: Steps, place: str) -> Table:
    """The table of this name. Raises WrongShapeError if the form has none."""
    if name not in tables:
        words = _("{place}: no table {table!r}; the tables are {there}")
        told = words.format(place=place, table=name, there=list(tables))
        raise WrongShapeError((*steps, "table"), "", told)
    return tables[name]


def _blocks(table: file_shapes.Table) -> tuple[Block, ...]:
    return tuple(Block(one.title, one.corner, _headers(one.columns), _headers(one.rows)) for one in table.blocks)


def _headers(headers: tuple[file_shapes.Header, ...]) -> tuple[Header, ...]:
    return tuple(Header(one.key, one.label, _headers(one.children), one.kind, one.unit) for one in headers)


def _rules(rule: file_shapes.Rule, tables: Mapping[str, Table], steps: Steps) -> Iterable[Rule]:
    """One rule for each column (or row) that the entry speaks of."""
    table = _table(rule.table, tables, steps, _("rule {rule}").format(rule=rule.code))
    for line in _lines(table, rule):
        left, right = (_select(line, rule, side, steps) for side in ("left", "right"))
        yield Rule(
            code=rule.code,
            label=rule.label,
            severity=rule.severity,
            source=rule.source,
            terms=tuple([Term(1, ref) for ref in left] + [Term(-1, ref) for ref in right]),
            total=None if rule.total is UNSET else right[0],
            jurisdictions=str(rule.jurisdictions),
        )


def _lines(table: Table, rule: file_shapes.Rule) -> Iterable[list[CellRef]]:
    """The cells of each row (or column) that a rule speaks of, in print order."""
    lines: dict[str, list[CellRef]] = {}
    for ref in table.cells:
        lines.setdefault(ref.row if rule.per == "row" else ref.column, []).append(ref)
    return [line for key, line in lines.items() if rule.only is UNSET or key in rule.only]


def _select(line: list[CellRef], rule: file_shapes.Rule, side: str, steps: Steps) -> list[CellRef]:
    """The cells of a line that a side names; `group.*` stands for all leaves of a group, `*` for all."""
    by_key = {(ref.column if rule.per == "row" else ref.row): ref for ref in line}
    picked: list[CellRef] = []
    for number, name in enumerate(rule.left if side == "left" else rule.right):
        prefix = name.removesuffix("*")
        found = [ref for key, ref in by_key.items() if key == name or (name.endswith("*") and key.startswith(prefix))]
        if not found:
            words = _("rule {rule}: nothing is called {name!r}; there is {there}")
            told = words.format(rule=rule.code, name=name, there=list(by_key))
            raise WrongShapeError((*steps, side, number), "", told)
        picked += found
    return picked
