"""`reportkit kinds`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show_json
from reportkit.cli.rules import Layout
from reportkit.translation import N_, _, in_a_row

_PACKAGE = "reportkit"

N_("Any notebook")  # as its kind.yaml has it


class Listed(NamedTuple):
    """A kind as it is listed: its name and title, the editions of its forms, and the package that it comes with."""

    name: str
    title: str
    forms: list[str]
    source: str


@command(example="reportkit kinds --format json")
def kinds(
    layout: Annotated[Layout, typer.Option("--format", help=_("Lines for people, or JSON."))] = Layout.text,
) -> None:
    """List the kinds of reports: name, title, editions of the forms, and where each comes from."""
    from reportkit.kinds import kind_names, load_kind

    found = (load_kind(name) for name in kind_names())
    listed = [Listed(kind.name, kind.title, [*kind.forms], _PACKAGE) for kind in found]
    if layout is Layout.json:
        show_json([one._asdict() for one in listed])
        return
    width = max(len(one.name) for one in listed)
    for one in listed:
        words = _("{title}; forms: {forms}; comes with {source}") if one.forms else _("{title}; comes with {source}")
        told = words.format(title=_(one.title), forms=in_a_row(one.forms), source=one.source)
        say(f"{one.name:<{width}}  {told}")
