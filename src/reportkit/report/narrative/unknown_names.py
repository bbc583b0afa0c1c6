"""The names in narrative cells that are not known, told before any cell is run: all of them, and where each stands.

Running a cell tells the first one; a kernel cannot mark them in an editor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from reportkit.report.narrative.expressions import below, reason_of, root, sentence_at, tree_of
from reportkit.report.narrative.namespace import Last, Named, OtherFormError

_GUARDS = {"defined", "undefined"}


class Unknown(NamedTuple):
    """A cell's id, and what is wrong in a sentence that says in which line."""

    cell: str
    message: str


class NarrativeCell(NamedTuple):
    """A narrative cell: its id, what it says after `%%narrative`, and its text."""

    cell: str
    place: str
    text: str


def unknown_names(
    cells: Iterable[NarrativeCell], known: Mapping[str, Any], assigned: Collection[str]
) -> Iterator[Unknown]:
    """Yield the names that are not known, and templates that cannot be read.

    `known` are the names of a filing, `assigned` those that cells of the notebook assign: what stands below one of
    these is known only when it is run. A name that a sentence asks for with `is defined` may be unknown.
    """
    for cell in cells:
        for number, reason in _wrong(cell.text, known, assigned):
            yield Unknown(cell.cell, sentence_at(f"%%narrative {cell.place}", cell.text, number, reason))


def _wrong(text: str, known: Mapping[str, Any], assigned: Collection[str]) -> Iterator[tuple[int, str]]:
    """What is wrong in a template by line, each once."""
    try:
        tree = tree_of(text)
    except TemplateSyntaxError as error:
        yield error.lineno, reason_of(error)
        return
    free = find_undeclared_variables(tree) - set(assigned) - _guarded(tree)
    told: dict[tuple[int, str], None] = {}
    for chain in _chains(tree):
        name, *steps = _path(chain)
        if name in free and (reason := _missing(known, name, steps)):
            told[chain.lineno, reason] = None
    yield from told


def _guarded(tree: nodes.Node) -> set[str]:
    """The names of which a template asks whether they are there."""
    asked = [test.node for test in tree.find_all(nodes.Test) if test.name in _GUARDS]
    asked += [one.node for one in tree.find_all(nodes.Filter) if one.name in ("default", "d") and one.node]
    return {_path(node)[0] for node in asked if _path(node)}


def _chains(node: nodes.Node) -> Iterator[nodes.Expr]:
    """The names with all that stands behind them: `requests.received["总计"]` once."""
    if isinstance(node, nodes.Expr) and _path(node):
        yield node
        return
    for child in node.iter_child_nodes():
        yield from _chains(child)


def _path(node: nodes.Node) -> list[Any]:
    """A name and the steps from it, as far as they are written out; nothing for other expressions."""
    match node:
        case nodes.Name(ctx="load"):
            return [node.name]
        case nodes.Getattr():
            return [*above, node.attr] if (above := _path(node.node)) else []
        case nodes.Getitem(arg=nodes.Const(value=step)):
            return [*above, step] if (above := _path(node.node)) else []
    return []


def _missing(known: Mapping[str, Any], name: str, steps: Iterable[Any]) -> str:
    """Why a name is not known, "" if it is. Below last year's nothing is looked for where there is no such file."""
    try:
        value = root(known, name)
        if isinstance(value, Last) and not value:
            return ""
        for step in steps:
            if not isinstance(value, Named | Mapping):
                return ""  # a number or a text, whose methods are Jinja's affair
            value = below(value, step)
    except OtherFormError:
        return ""
    except TemplateError as error:
        return reason_of(error)
    return ""
