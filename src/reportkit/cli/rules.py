"""`reportkit rules` and `reportkit explain`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import show, show_json
from reportkit.errors import LEVELS
from reportkit.translation import _, in_a_row

if TYPE_CHECKING:
    from reportkit.checks import Entry


class Layout(StrEnum):
    """How `rules` lists them."""

    text = "text"
    json = "json"


@command(example="reportkit rules --format json")
def rules(
    layout: Annotated[Layout, typer.Option("--format", help=_("Lines for people, or JSON."))] = Layout.text,
) -> None:
    """List every rule by its code: how grave it is and what it says."""
    from reportkit.checks import entries_of
    from reportkit.project import find_project

    entries = list(entries_of(find_project().forms.values()).values())
    if layout is Layout.json:
        from dataclasses import asdict

        show_json([asdict(entry) for entry in entries])
    else:
        show("\n\n".join(_by_area(entries)) + "\n")


@command(example="reportkit explain R12")
def explain(
    code: Annotated[str, typer.Argument(metavar=_("CODE"), help=_("A rule's code, as `check` prints it."))],
) -> None:
    """Explain one rule: who asks for it, what it compares, an example, and how to switch it off."""
    from reportkit.checks import entries_of
    from reportkit.errors import UserError
    from reportkit.project import find_project

    entries = entries_of(find_project().forms.values())
    entry = entries.get(code.strip()) or entries.get(code.strip().upper())
    if entry is None:
        words = _("there is no code {code}; all are listed by reportkit rules")
        close = difflib.get_close_matches(code.upper(), list(entries), n=3, cutoff=0.5)
        if close:
            words = _("there is no code {code}; close to it: {codes}")
        raise UserError(words.format(code=code, codes=in_a_row(close)))
    show(f"{_explained(entry)}\n")


def _by_area(entries: Iterable[Entry]) -> Iterable[str]:
    from reportkit.checks import area_title

    levels = {severity: _(name) for severity, name in LEVELS.items()}
    for area, group in groupby(entries, lambda entry: entry.area):
        lines = [f"{entry.code:<4} {levels[entry.severity]}  {entry.title}" for entry in group]
        yield "\n".join([area_title(area), *lines])


def _explained(entry: Entry) -> str:
    off = _("not possible, it has to be mended")
    if entry.waivable:
        off = _(
            "write waivers: {{{code}: reason}} into the parameter file, or "
            '{code} = "reason" into [waivers] of reportkit.toml; the reason is printed with the issues'
        ).format(code=entry.code)
    parts = {_("Source"): entry.source, _("Explanation"): entry.explanation, _("Example"): entry.example}
    parts[_("Switched off")] = off
    head = _("{code} ({level}) {title}").format(code=entry.code, level=_(LEVELS[entry.severity]), title=entry.title)
    line = _("{name}: {text}")
    return "\n".join([head, *(line.format(name=name, text=text) for name, text in parts.items() if text)])
