"""Every name that a town's sentences can use, with what it prints now and its official label."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from reportkit.assigned_names import plain_lines
from reportkit.errors import CellRef
from reportkit.model.facts import FACTS
from reportkit.model.filing import Filing
from reportkit.model.open_rows import TOTAL
from reportkit.report.narrative.expressions import NarrativeError
from reportkit.report.narrative.labels import labels_of, leaves
from reportkit.report.narrative.namespace import Named, Records, UnprintableError, about, names_below, printed
from reportkit.translation import N_, _

_ABOUT = {
    "year": N_("the reporting year"),
    "jurisdiction": N_("the name in the title"),
    "agency": N_("who reports"),
    "document": N_("the notice behind the form"),
}


class Listed(NamedTuple):
    """A name as a sentence writes it, what it prints (None if that is not known without running cells), its label.

    `group` is the heading that it stands under: a table's caption, or what else it belongs to.
    """

    group: str
    name: str
    value: str | None
    label: str


def names_of_filing(known: Mapping[str, Any], filing: Filing) -> Iterator[Listed]:
    """Yield the names of a filing; `known` are those of `reportkit.report.narrative.namespace`."""
    yield from _plain(known, _("the report"))
    yield from _words(known["words"], filing.form.words)
    yield from _tables(known, filing)
    yield from _facts(known, filing)


def names_of_last(last: Filing | str) -> Iterator[Listed]:
    """Yield the names of last year's filing, or why there is none."""
    group = _("last year")
    if isinstance(last, str):
        yield Listed(group, "last", None, last)
        return
    known = about(last, "last.")
    for one in (*_plain(known, group), *_tables(known, last), *_facts(known, last)):
        heading = group if one.group == group else _("{group}: {table}").format(group=group, table=one.group)
        yield one._replace(group=heading, name=f"last.{one.name}")


def names_of_cells(cells: Iterable[tuple[str, str]], known: Mapping[str, Any]) -> Iterator[Listed]:
    """Yield the names that code cells assign, given as pairs of id and source, less those that the report has itself.

    A value is known where it is a literal: nothing is run.
    """
    found: dict[str, Listed] = {}
    for cell, source in cells:
        for name, value in _assigned(source):
            if name not in known and not name.startswith("_"):
                found[name] = Listed(_("the notebook"), name, value, _("cell {cell}").format(cell=cell))
    yield from found.values()


def _plain(known: Mapping[str, Any], group: str) -> Iterator[Listed]:
    for name, label in _ABOUT.items():
        if not isinstance(known[name], Named):
            yield Listed(group, name, printed(known[name]), _(label))


def _words(words: Any, templates: Iterable[str]) -> Iterator[Listed]:
    for name in templates:
        yield Listed(_("sentences of the form"), f"words.{name}", _value(partial(getattr, words, name)), "")


def _tables(known: Mapping[str, Any], filing: Filing) -> Iterator[Listed]:
    for key, table in filing.form.tables.items():
        if isinstance(known[key], Records):
            yield Listed(table.caption, f"{key} | length", str(len(known[key])), _("how many records there are"))
            for column in table.open_sums:
                value = known[key].total
                for name in column.split("."):
                    value = getattr(value, name)
                label = table.cells[CellRef(key, TOTAL, column)].label
                yield Listed(table.caption, f"{key}.{TOTAL}.{column}", printed(value), label)
            continue
        if not isinstance(known[key], Named):
            continue  # a table that is called as the year is
        for path, labels in leaves(labels_of(table)):
            value = known[key]
            for name in path:
                value = getattr(value, name)
            shown = "" if value is None else printed(value)  # a percentage that is not stated
            yield Listed(table.caption, ".".join((key, *path)), shown, " / ".join(labels))


def _facts(known: Mapping[str, Any], filing: Filing) -> Iterator[Listed]:
    below = None if FACTS in filing.form.tables else known.get(FACTS)
    if isinstance(below, Named):
        for name in names_below(below):
            yield from _fact(_step("facts", name), getattr(below, name))


def _fact(path: str, value: Any) -> Iterator[Listed]:
    if isinstance(value, Mapping) and value:
        for name, one in value.items():
            yield from _fact(_step(path, name), one)
    else:
        yield Listed(_("the report's own facts"), path, _value(lambda: value), "")


def _step(path: str, name: Any) -> str:
    """How a sentence writes a name below another."""
    if isinstance(name, str):
        return f"{path}.{name}" if name.isidentifier() else f"{path}[{json.dumps(name, ensure_ascii=False)}]"
    return f"{path}[{name}]"


def _value(value: Callable[[], Any]) -> str:
    """What a value prints; one that no sentence prints as a whole as JSON, and why there is none."""
    try:
        found = value()
        return printed(found)
    except NarrativeError as error:
        return str(error)
    except UnprintableError:
        return json.dumps(found, ensure_ascii=False, default=str)


def _assigned(source: str) -> Iterator[tuple[str, str | None]]:
    """The names that a cell's statements assign, each with its value if that is a literal."""
    try:
        statements = [] if source.startswith("%%") else ast.parse("\n".join(plain_lines(source))).body
    except (SyntaxError, ValueError):
        return
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, _literal(statement, node.id)


def _literal(statement: ast.stmt, name: str) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=only)], value=value) if only == name:
            try:
                found = ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
            return _value(lambda: found)
    return None
