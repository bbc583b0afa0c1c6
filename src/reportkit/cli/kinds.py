"""`reportkit kinds`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show_json
from reportkit.cli.rules import Layout
from reportkit.translation import N_, _, in_a_row

if TYPE_CHECKING:
    from reportkit.kinds import Place

N_("Any notebook"), N_("A form of your own"), N_("Annual report of a town")  # as their kind.yaml has it


class Listed(NamedTuple):
    """A kind as it is listed: its name and title, the editions of its forms, and where it comes from.

    That is the name of a package, or the folder of the project's own. `wrong` is why it cannot be used.
    """

    name: str
    title: str
    forms: list[str]
    source: str
    wrong: str = ""


@command(example="reportkit kinds --format json")
def kinds(
    layout: Annotated[Layout, typer.Option("--format", help=_("Lines for people, or JSON."))] = Layout.text,
) -> None:
    """List the kinds of reports: name, title, editions of the forms, and where each comes from.

    These are the project's own, those of other packages, and those of reportkit.
    """
    from reportkit.kinds import all_kinds
    from reportkit.project.root import current_folder, root_above

    listed = [_listed(place) for place in all_kinds(root_above(current_folder()))]
    if layout is Layout.json:
        show_json([one._asdict() for one in listed])
    else:
        width = max(len(one.name) for one in listed)
        for one in listed:
            say(f"{one.name:<{width}}  {_line(one)}")
    if any(one.wrong for one in listed):
        raise typer.Exit(1)


def _listed(place: Place) -> Listed:
    from reportkit.errors import UserError
    from reportkit.kinds import find_kind, load_kind
    from reportkit.kinds.kind_places import KINDS, OWN

    named = str(place.folder) if place.source == OWN else place.name
    try:
        kind = load_kind(find_kind(named).reference if place.folder.parent != KINDS else place.name)
    except UserError as error:
        return Listed(place.name, "", [], place.source, str(error))
    return Listed(place.name, kind.title, [*kind.forms], place.source)


def _line(one: Listed) -> str:
    if one.wrong:
        return _("cannot be used: {reason}").format(reason=one.wrong)
    words = _("{title}; forms: {forms}; comes with {source}") if one.forms else _("{title}; comes with {source}")
    if one.source == "kinds":
        words = _("{title}; forms: {forms}; of this project") if one.forms else _("{title}; of this project")
    return words.format(title=_(one.title), forms=in_a_row(one.forms), source=one.source)
