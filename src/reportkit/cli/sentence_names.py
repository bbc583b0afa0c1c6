"""`reportkit names`."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import TownName, Year, command
from reportkit.cli.output import say, show_json
from reportkit.cli.rules import Layout
from reportkit.cli.town_names import filing_of, named
from reportkit.translation import _

if TYPE_CHECKING:
    from reportkit.notebook.towns import Town
    from reportkit.report.narrative.listing import Listed

_WIDEST = 40
"""A longer value stands on a line of its own, or all labels would be far to the right."""


@command(example="reportkit names 桑洲镇")
def names(
    town: TownName,
    year: Year = None,
    layout: Annotated[Layout, typer.Option("--format", help=_("Lines for people, or JSON."))] = Layout.text,
) -> None:
    """List the names that a town's sentences can use, each with its present value and its official label.

    No cell is run: of a name that a cell assigns the value is told if it is written there.
    """
    from reportkit.notebook.towns import read_town
    from reportkit.project import project_of_town
    from reportkit.report.last_year import LastYear
    from reportkit.report.narrative import listing
    from reportkit.report.narrative import names as names_of
    from reportkit.report.narrative.namespace import Last

    project = project_of_town(town)
    name, params = named(project, town, year)
    filing = filing_of(project, name, params)
    last = LastYear(project, filing).to_quote()
    known = names_of(filing, project.kind.words, lambda: last)
    found = [*listing.names_of_filing(known, filing)]
    found += listing.names_of_cells(_code(read_town(project, name, filing)), known)
    if isinstance(known["last"], Last):  # and no table of a form that is called so
        found += listing.names_of_last(last)
    if layout is Layout.json:
        show_json([one._asdict() for one in found])
        return
    for line in _lines(found, shutil.get_terminal_size((0, 0)).columns):
        say(line)


def _code(town: Town) -> Iterator[tuple[str, str]]:
    """A town's code cells, less the one of the parameters and the one that opens the report."""
    from reportkit.assigned_names import INJECTED, PARAMETERS, tags_of

    for cell in town.merged.cells:
        is_ours = {PARAMETERS, INJECTED}.intersection(tags_of({"metadata": cell.metadata}))
        if cell.kind == "code" and not is_ours and "open_report(" not in cell.source:
            yield cell.id, cell.source


def _lines(found: Iterable[Listed], width: int) -> Iterator[str]:
    """The names by group, in columns; a label that does not fit in the width stands below. 0 is any width."""
    for number, (group, some) in enumerate(groupby(found, lambda one: one.group)):
        if number:
            yield ""
        yield from _broken(group, width, "  ")
        yield from _table(list(some), width)


def _table(rows: list[Listed], width: int) -> Iterator[str]:
    from reportkit.exporters.text import columns
    from reportkit.signs import one_line

    cells = [(one_line(row.name), one_line(row.value or ""), one_line(row.label)) for row in rows]
    names = max(columns(name) for name, _value, _label in cells)
    values = max((columns(value) for _name, value, _label in cells if columns(value) <= _WIDEST), default=0)
    for name, value, label in cells:
        wide = columns(value) > _WIDEST
        line = f"  {_padded(name, names)}  {value if wide else _padded(value, values)}"
        if label and (wide or not width or columns(line) + 2 + columns(label) <= width):
            line, label = f"{line}  {label}", ""
        yield from _broken(line.rstrip(), width, "    ")
        if label:
            yield from _broken(f"    {label}", width, "    ")


def _padded(text: str, width: int) -> str:
    from reportkit.exporters.text import columns

    return text + " " * (width - columns(text))


def _broken(line: str, width: int, indent: str) -> Iterator[str]:
    """A line in pieces that are no wider; 0 is any width."""
    from reportkit.exporters.text import columns

    while width > len(indent) + 1 and columns(line) > width:
        at = next(at for at in range(len(line), 0, -1) if columns(line[:at]) <= width)
        yield line[:at]
        line = indent + line[at:].lstrip()
    yield line
