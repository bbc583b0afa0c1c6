"""The empty form as a page, each of its tables beside the one in the file that it was drafted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, Template

from reportkit.drafting.draft_table import DraftTable
from reportkit.drafting.likeness import likeness, printed_table
from reportkit.drafting.loaded_form import LoadedForm
from reportkit.kinds import language_of
from reportkit.model.cell import Cell
from reportkit.model.form import Form, Table
from reportkit.model.printed_grid import GridCell
from reportkit.translation import _

GENERATOR = "reportkit draft"
"""What the page says it was made by: one of this name can be made again in its place."""


class _Shown(NamedTuple):
    """A cell of either side."""

    text: str
    rowspan: int
    colspan: int
    tag: str
    look: str


class _Side(NamedTuple):
    name: str
    rows: list[list[_Shown]]


class _Tables(NamedTuple):
    heading: str
    sides: list[_Side]


def comparison_page(form: Form, sources: Sequence[DraftTable] = (), guesses: frozenset[str] = frozenset()) -> bytes:
    """Return the page of a form and of the tables that it was drafted from, in the order of its own, if there are any.

    `guesses` are the cells (by the text of their addresses) whose kind is guessed.
    """
    headed = {section.table.key: section.heading for section in form.sections if section.table}
    tables = [
        _Tables(headed.get(table.key, table.caption), [*_source(source, table), _made(table, guesses)])
        for table, source in zip_longest(form.tables.values(), sources[: len(form.tables)])
    ]
    advice = _(
        "At the left the table of the file, at the right that of the form. Compare row by row; rows in a red frame are "
        "printed otherwise, and the kind of a yellow cell is guessed."
    )
    page = _template().render(
        language=language_of(form),
        generator=GENERATOR,
        title=form.edition,
        advice=advice,
        tables=tables,
        rules_title=_("Rules"),
        rules=[*_rules(form)],
    )
    return page.encode()


def guessed_cells(made: LoadedForm) -> frozenset[str]:
    """Return the cells of a drafted form whose kind is guessed."""
    return frozenset(
        str(entry.ref)
        for table in made.draft.tables
        for block, traits in zip(table.blocks, made.draft.traits[table.key], strict=True)
        for entry in table.entries_of(block)
        if traits.at(entry.row[-1], entry.column[-1]).why
    )


def _source(source: DraftTable | None, table: Table) -> Iterator[_Side]:
    if source is None:
        return
    others = set(likeness(source, table).others)
    fields = {entry.at for entry in source.entries()}
    rows = []
    for row in source.grid.rows:
        look = "other" if source.grid.address((row, source.grid.columns.start)) in others else ""
        cells = source.grid.starting(row)
        tags = ["td" if (cell.row, cell.column) in fields else "th" for cell in cells]
        rows.append(
            [_Shown(cell.text, cell.rowspan, cell.colspan, tag, look) for cell, tag in zip(cells, tags, strict=True)]
        )
    yield _Side(source.grid.origin, rows)


def _made(table: Table, guesses: frozenset[str]) -> _Side:
    printed = printed_table(table)
    rows = [[_shown(cell, printed, guesses) for cell in row] for band in printed.grid for row in band]
    return _Side(table.key, rows)


def _shown(cell: GridCell, table: Table, guesses: frozenset[str]) -> _Shown:
    if cell.ref is None:
        return _Shown(cell.label, cell.rowspan, cell.colspan, "th", "")
    look = "guess" if str(cell.ref) in guesses else ""
    return _Shown(_kind(table.cells[cell.ref]), cell.rowspan, cell.colspan, "td", look)


def _kind(cell: Cell) -> str:
    """What a cell takes, in a word or two."""
    return " ".join(filter(None, [cell.kind, cell.unit, cell.currency, "/".join(cell.options)]))


def _rules(form: Form) -> Iterable[str]:
    """The rules in words, each once with the number of lines that it is for."""
    count: dict[tuple[str, str], int] = {}
    for rule in form.rules:
        count[rule.code, rule.label] = count.get((rule.code, rule.label), 0) + 1
    return (f"{code}: {label} ({number})" for (code, label), number in count.items())


@lru_cache(maxsize=1)
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=folder, autoescape=True).get_template("page.html.j2")
