"""An office of two towns whose reports are made, and what an analyst does to their notebooks."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reportkit.batch import Outcome
from reportkit.errors import UserError
from reportkit.model.filing import Filing
from reportkit.project import Project, load_project
from support.offices import bring, copied, office

NAME = "2019/宁海县/甲镇"
OTHER = "2019/宁海县/乙镇"
COPY = "notebooks/towns/2019/宁海县/乙镇.ipynb"


def two_towns(root: Path) -> Project:
    """甲镇 with words of its own, 乙镇 with the master's: built once for all tests of a process, a copy for each."""
    return copied(load_project(Path(_two_towns().name)), root)


@cache
def _two_towns() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    project = office(Path(folder.name), "甲镇", "乙镇")
    without_words(project, "乙镇")
    bring(project)
    return folder


def without_words(project: Project, town: str) -> None:
    path = project.params / f"2019/宁海县/{town}.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("\nnarrative:")[0], encoding="utf-8")


def cells(path) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}


def change(path, cell: str, old: str, new: str) -> None:
    """Edit a cell as JupyterLab saves it."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    (found,) = [each for each in nb["cells"] if each["id"] == cell]
    source = "".join(found["source"])
    assert old in source
    found["source"] = source.replace(old, new).splitlines(keepends=True)
    path.write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding="utf-8")


def output(project: Project, name: str, suffix: str = ".ipynb"):
    return project.dist / f"{name}{suffix}"


def outcomes(project: Project) -> dict[str, Outcome]:
    return {outcome.job.name: outcome for outcome in bring(project)}


def page(project: Project, name: str) -> str:
    return output(project, name, ".html").read_text(encoding="utf-8")


def filing_of(project: Project, name: str) -> Filing:
    return project.read(project.params / f"{name}.yaml")


def conflicting(county: Project) -> Outcome:
    change(output(county, OTHER), "overview", "本报告由", "这份报告由")
    bring(county)
    change(county.notebook, "overview", "本报告由", "此报告由")
    return outcomes(county)[OTHER]


def told(run, *arguments: str) -> str:
    """What a command says that ends as a mistake in the call."""
    with pytest.raises(UserError) as error:
        run(*arguments)
    return str(error.value)
