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
def explain(code: Annotated[str, typer.Argument(help=_("A rule's code, as `check` prints it."))]) -> None:
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
    from reportkit.checks import AREAS

    for area, group in groupby(entries, lambda entry: entry.area):
        lines = [f"{entry.code:<4} {LEVELS[entry.severity]}  {entry.title}" for entry in group]
        yield "\n".join([AREAS.get(area, area), *lines])


def _explained(entry: Entry) -> str:
    off = (
        f'在参数文件里写 waivers: {{{entry.code}: 理由}}，或在 reportkit.toml 的 [waivers] 里写 {entry.code} = "理由"；'
        "理由会印在检查结果里"
        if entry.waivable
        else "不能，只能改正"
    )
    parts = {"依据": entry.source, "说明": entry.explanation, "例": entry.example, "豁免": off}
    head = f"{entry.code}（{LEVELS[entry.severity]}）{entry.title}"
    return "\n".join([head, *(f"{name}：{text}" for name, text in parts.items() if text)])
