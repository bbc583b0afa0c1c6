"""The house: imports point one way, and every room is on the plan."""

import ast
from pathlib import Path

SRC = Path(__file__).parent.parent / "src" / "reportkit"
# Each room may import from the rooms before it; engines and exporters know nothing but errors.
LAYERS = [
    "errors", "locations", "worddiff", "forms", "engines", "exporters", "filing", "readers", "writers", "tables",
    "narrative", "notebook", "project", "copies", "rollup", "checks", "comparison", "report", "batch", "preview",
    "workbench", "cli",
]  # fmt: skip
KNOWS_NO_FORMS = {"engines", "exporters"}


def room(module: str) -> str:
    return f"{module}..".split(".")[1]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found.add(node.module or "")
    return {room(name) for name in found if name.startswith("reportkit.")}


def modules() -> list[tuple[str, Path]]:
    return [(path.relative_to(SRC).with_suffix("").parts[0], path) for path in sorted(SRC.rglob("*.py"))]


def test_every_room_is_on_the_plan():
    assert {name for name, _ in modules()} - {"__init__", "__main__"} == set(LAYERS)


def test_imports_point_only_up_the_list():
    wrong = [
        (str(path.relative_to(SRC)), used)
        for name, path in modules()
        if not name.startswith("__")
        for used in imports(path) - {name}
        if LAYERS.index(used) >= LAYERS.index(name) or (name in KNOWS_NO_FORMS and used != "errors")
    ]
    assert wrong == []


def test_only_the_command_line_prints_or_exits():
    calls = [
        str(path.relative_to(SRC))
        for name, path in modules()
        if name != "cli"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit")
    ]
    assert calls == []


def test_no_file_swallows_the_rest():
    sizes = {str(path.relative_to(SRC)): len(path.read_text(encoding="utf-8").splitlines()) for _, path in modules()}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
