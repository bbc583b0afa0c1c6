"""An office's folder for tests: parameter files and a master notebook, which can be made to misbehave."""

import json
import shutil
from concurrent.futures import Executor, Future
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reportkit.batch import Outcome
from reportkit.batch.incremental import update
from reportkit.project import Project, load_project, plan
from support.repository import ROOT, SANGZHOU

MASTER = ROOT / "notebooks/annual_report.ipynb"
GOOD = SANGZHOU.read_text(encoding="utf-8")


def office(root: Path, *towns: str) -> Project:
    """A project with the master and a valid parameter file for each town."""
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks/annual_report.ipynb").write_bytes(MASTER.read_bytes())
    for town in towns:
        add_town(root, town)
    return load_project(root)


def built_office(root: Path, *towns: str) -> Project:
    """The same with every town's page made: once for all tests of a process, and a copy of it for each."""
    return copied(load_project(Path(_built(towns).name)), root)


@cache
def _built(towns: tuple[str, ...]) -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    outcomes = bring(office(Path(folder.name), *towns))
    assert [outcome.status for outcome in outcomes] == ["built"] * len(towns)
    return folder


def copied(project: Project, root: Path) -> Project:
    """A copy of a project's folder, which is as up to date as that was."""
    shutil.copytree(project.root, root, symlinks=True, dirs_exist_ok=True)
    return load_project(root)


def add_town(root: Path, town: str, text: str = GOOD) -> Path:
    """A parameter file of a made-up town: the sample's figures under another name."""
    path = root / f"params/2019/宁海县/{town}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("桑洲镇", town), encoding="utf-8")
    return path


def add_cell(project: Project, source: str, after: str = "title", cell: str = "extra") -> None:
    """Put a code cell into the master notebook."""
    nb = json.loads(project.notebook.read_text(encoding="utf-8"))
    place = next(number for number, each in enumerate(nb["cells"], 1) if each["id"] == after)
    new = {"cell_type": "code", "id": cell, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    nb["cells"].insert(place, new)
    project.notebook.write_text(json.dumps(nb), encoding="utf-8")


class Here(Executor):
    """An executor that does each call at once, in this process: what a build decides shows without worker processes."""

    def submit(self, function, /, *arguments, **_):
        future = Future()
        future.set_result(function(*arguments))
        return future


def bring(project: Project, formats=("html",), **options) -> list[Outcome]:
    """The outcomes of a build of the whole project, in this process."""
    return list(update(project, plan(project, [], formats), lambda _: Here(), **options))


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, without the journal."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".reportkit" not in path.parts
    }
