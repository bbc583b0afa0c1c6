"""The house: imports point one way, every room is on the plan, and what is special to the statute stands in its kind."""

import ast
import re
from collections import Counter
from pathlib import Path

from support.sources import nodes

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "reportkit"
BASE = {"signs", "translation", "errors", "assigned_names"}
# What these rooms may import: they could be packages of their own.
ALONE = {
    "engine": BASE,
    "exporters": {*BASE, "page_styles"},
    "documents": {*BASE, "files"},
    "spreadsheets": {*BASE, "files"},
}


def layers() -> list[str]:
    """The rooms on the plan, each of which may import from those before it."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    plan = page.partition("## The rooms")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w/]+)` \|", plan, re.MULTILINE)


LAYERS = layers()

# The names that several modules or packages bear, each with the one thing that they are about.
SHARED = {
    "blocks": "paragraphs, tables and pictures in reading order",
    "build": "making reports, as the command does",
    "comparison": "this year beside last year",
    "county": "the workbook with a row for each unit",
    "tables": "the tables of a report, which older notebooks import from the package itself",
    "drafting": "an official table as a form, and its command",
    "facts": "what a filing states beside its figures",
    "figures": "the numbers that a filing states",
    "form": "the form of an edition, and its command",
    "imports": "a file that somebody sent, and its command",
    "kinds": "the kinds of reports, and the command that lists them",
    "labels": "the labels of a form, as a file spells them",
    "new_year": "a year that is begun from the one before",
    "numbers": "one cell's text as a number",
    "obligations": "what a report owes its reader",
    "page_words": "what a front end says",
    "overview": "the units at a glance, and the command",
    "parameters": "the parameters of a notebook",
    "preview": "the preview, and its command",
    "project": "the project",
    "report": "what a notebook calls",
    "rollup": "a county's sums, and their command",
    "rules": "the rules, and their command",
    "sbom": "the bill of materials, and its command",
    "size_limits": "how large a file may be that somebody sent",
    "widgets": "the widgets of a notebook",
    "workbook": "an .xlsx, .xls or .ods that somebody sent",
}

STATUTE = re.compile(r'政府信息公开|申请|复议|"requests"|"proactive"')
LIBRARIES = '("boto3", "requests")'  # a package of that name, not the section


def room(module: str) -> str:
    """The room of a module; the folder of a kind is one by itself, below the checks whose tools its rules use."""
    _, name, *inside = f"{module}.".split(".")
    return f"kinds/{inside[0]}" if name == "kinds" and (SRC / "kinds" / inside[0] / "kind.yaml").exists() else name


def imports(path: Path) -> set[str]:
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {room(name) for name in found if name.startswith("reportkit.")} - {"__version__"}


def modules() -> list[tuple[str, Path]]:
    paths = [
        (".".join(("reportkit", *path.relative_to(SRC).with_suffix("").parts)), path) for path in SRC.rglob("*.py")
    ]
    return [(room(name), path) for name, path in sorted(paths)]


def test_every_room_is_on_the_plan():
    assert {name for name, _ in modules()} - {"__init__", "__main__"} == set(LAYERS)


def test_modules_of_one_name_are_about_one_thing():
    paths = [path.parent if path.name == "__init__.py" else path.with_suffix("") for _, path in modules()]
    count = Counter(path.name for path in paths)
    assert {name for name, number in count.items() if number > 1} == set(SHARED)


def test_a_function_is_called_after_what_it_returns():
    functions = [node for _, path in modules() for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    assert [node.lineno for node in functions if node.name.strip("_") == "told"] == []


def test_imports_point_only_up_the_list():
    wrong = [
        (str(path.relative_to(SRC)), used)
        for name, path in modules()
        if not name.startswith("__")
        for used in imports(path) - {name}
        if LAYERS.index(used) >= LAYERS.index(name) or used not in ALONE.get(name, LAYERS)
    ]
    assert wrong == []


def test_what_is_special_to_the_statute_stands_in_its_kind():
    texts = {
        path.relative_to(SRC): path.read_text(encoding="utf-8")
        for path in SRC.rglob("*")
        if path.suffix in (".py", ".yaml", ".j2", ".typ", ".js", ".html", ".css")
    }
    named = [path for path, text in texts.items() if STATUTE.search(text.replace(LIBRARIES, ""))]
    assert [path for path in named if path.parts[:2] != ("kinds", "ogi")] == []
    assert [path for path, text in texts.items() if "shipped_forms" in text and path.parts[0] != "kinds"] == []


def test_only_the_command_line_prints_or_exits():
    calls = [
        str(path.relative_to(SRC))
        for name, path in modules()
        if name != "cli"
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit")
    ]
    assert calls == []


def test_no_test_imports_another_test_or_conftest():
    said = re.compile(r"^ *(?:from|import) (?:test_\w+|conftest)\b.*", re.MULTILINE)
    paths = sorted((ROOT / "tests").rglob("*.py"))
    assert [(path.name, line) for path in paths for line in said.findall(path.read_text(encoding="utf-8"))] == []


def test_no_file_swallows_the_rest():
    sizes = {str(path.relative_to(SRC)): len(path.read_text(encoding="utf-8").splitlines()) for _, path in modules()}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
