"""Every command that changes a file, with what has to be the case before: an office with one town, and its people."""

import shutil
from collections.abc import Callable
from pathlib import Path

from reportkit.notebook.towns import copy_path, make_copy
from reportkit.project import Project, load_project
from support.copies import change, filing_of, output
from support.offices import add_town, bring, office
from support.repository import FILES, SANGZHOU

NAMED = "桑洲镇"
TOWN = f"2019/宁海县/{NAMED}"
TEXT = FILES / "sangzhou-2019.txt"


def made_office(root: Path) -> Path:
    """An office with one town, whose figures differ from what can be imported, and a report that is made."""
    project = office(root)
    text = SANGZHOU.read_text(encoding="utf-8").partition("\nnarrative:")[0]
    add_town(root, NAMED, text.replace("采购项目数量: 27", "采购项目数量: 28"))
    bring(project)
    return root


def desk_of(made: Path, root: Path) -> Project:
    """A copy of that office, at another place."""
    shutil.copytree(made, root)
    return load_project(root)


def edited(project: Project) -> None:
    """The town's copy says something of its own."""
    make_copy(project, TOWN, filing_of(project, TOWN))
    change(copy_path(project, TOWN), "title", "report.title", "report.title  # 改过")


def with_new_master(project: Project) -> None:
    edited(project)
    change(project.notebook, "other-nothing", "没有其他", "确无其他")


def torn(project: Project) -> None:
    edited(project)
    change(project.notebook, "title", "report.title", "report.title  # 另改")
    make_copy(project, TOWN, filing_of(project, TOWN))


def mailed(project: Project) -> None:
    edited(project)
    copy = project.root / "mail.ipynb"
    copy.write_bytes(output(project, TOWN).read_bytes())
    change(copy, "other-nothing", "没有其他", "再没有其他")


def added_up(project: Project) -> None:
    """A county's file with other sums than its town's, below which a town's file lies."""
    text = params_of(project).read_text(encoding="utf-8").replace(NAMED, "宁海县")
    (project.params / "2019/宁海县.yaml").write_text(
        text.replace("采购项目数量: 28", "采购项目数量: 5"), encoding="utf-8"
    )


def nothing(project: Project) -> None:
    """The office as it is."""


def copy_of(project: Project) -> Path:
    return copy_path(project, TOWN)


def params_of(project: Project) -> Path:
    return project.params / f"{TOWN}.yaml"


IN_PLACE: dict[str, tuple[list[str], Callable[[Project], None], Callable[[Project], Path]]] = {
    "import": (["import", str(TEXT), "--county", "宁海县", "--update"], nothing, params_of),
    "edit": (["edit", NAMED, "--no-open"], with_new_master, copy_of),
    "resolve": (["resolve", NAMED, "--ours"], torn, copy_of),
    "reset a cell": (["reset", NAMED, "title"], edited, copy_of),
    "reset": (["reset", NAMED], edited, copy_of),
    "adopt": (["adopt", "mail.ipynb"], mailed, copy_of),
    "undo": (["undo", NAMED], edited, copy_of),
}
"""Commands that change a file of a person's, what has to be the case before, and the file."""

ELSEWHERE = {
    "form": (["form", "-o", "f.xlsx"], nothing, lambda project: project.root / "f.xlsx"),
    "check": (["check", "--format", "json", "-o", "c.json"], nothing, lambda project: project.root / "c.json"),
    "rollup": (["rollup", "params/2019/宁海县", "-o", "r.yaml"], nothing, lambda project: project.root / "r.yaml"),
    "import a new one": (["import", str(TEXT), "--county", "新县"], nothing, params_of),
}
