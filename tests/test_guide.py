"""The guide and the two READMEs: notebooks without outputs, commands that can be given, links that lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main

from reportkit.cli import app
from reportkit.cli.output import ClickError
from support.repository import ROOT

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
NOTEBOOKS = sorted([*ROOT.glob("docs/*.ipynb"), *ROOT.glob("notebooks/**/*.ipynb")])
PAGES = [*READMES, ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)|<img src=\"([^\"]+)\"")


def commands(text: str) -> set[str]:
    """The commands that a text names."""
    return set(re.findall(r"(?<![\w/.-])reportkit ([a-z]+)", text))


def code(text: str) -> str:
    """The parts of a Markdown text that are code."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))


def typed() -> dict[str, str]:
    """Everything that a reader may type, by file."""
    found = {path.relative_to(ROOT).as_posix(): code(path.read_text(encoding="utf-8")) for path in PAGES}
    for path in sorted(ROOT.glob("docs/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [("".join(cell["source"]), cell["cell_type"]) for cell in cells]
        found[path.name] = "\n".join(text if kind == "code" else code(text) for text, kind in sources)
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_running_it_leaves(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    ran = [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count") is not None]
    assert ran == []
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in ids)


def test_every_command_that_is_named_exists() -> None:
    known = set(typer.main.get_command(app).commands)
    assert {name: commands(text) - known for name, text in typed().items() if commands(text) - known} == {}


def given(text: str) -> list[str]:
    """The commands of a text with what follows them, less what a shell does with them; mere names are none."""
    lines = [
        "".join(each) for each in re.findall(r"^(?:\$ )?(reportkit .+)$|`(reportkit [^`\n]+)`", text, re.MULTILINE)
    ]
    return [re.split(r"\s*(?:&&|[|<>;])\s*| #", line)[0].rstrip("…") for line in lines if line.count(" ") > 1]


def mistake(line: str, known: Mapping[str, Any]) -> str:
    """What is wrong with a command as it is given, its name aside; what is left out where it is only spoken of is no wrong."""
    name, *arguments = shlex.split(line)[1:]
    command = known.get(name)
    try:
        if command:
            command.make_context(name, arguments)
    except ClickError as error:
        said = error.format_message()
        return "" if said.startswith("Missing ") else said
    return ""


def test_every_command_can_be_given_as_a_page_shows_it() -> None:
    known = typer.main.get_command(app).commands
    found = {(name, line): mistake(line, known) for name, text in typed().items() for line in given(text)}
    assert len(found) > 150
    assert {place: words for place, words in found.items() if words} == {}


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        re.findall(r"`((?:reportkit|jupyter|papermill) [^`]+)`", path.read_text("utf-8")) for path in READMES
    )
    assert english
    assert english == chinese


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_leads_to_a_file(path: Path) -> None:
    found = [unquote(first or second) for first, second in LINK.findall(path.read_text(encoding="utf-8"))]
    assert [link for link in found if not (path.parent / link).exists()] == []


def test_the_readmes_lead_to_each_other_and_to_every_page_of_the_guide() -> None:
    for path, other in (READMES, READMES[::-1]):
        linked = set(re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")))
        guide = {f"docs/{page.name}" for suffix in ("md", "ipynb") for page in ROOT.glob(f"docs/*.{suffix}")}
        guide |= {f"docs/zh/{page.name}" for page in ROOT.glob("docs/zh/*.md") if path.name.endswith(".zh-CN.md")}
        assert (other.name in linked, guide - linked - {"docs/index.md", "docs/security.md"}) == (True, set())
