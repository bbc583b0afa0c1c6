"""One notebook by hand and in a batch: JupyterLab, nbconvert, papermill and `reportkit build` find the same for it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

import reportkit as package
from reportkit.batch.incremental import update
from reportkit.batch.outcome import Outcome
from reportkit.errors import UserError
from reportkit.project import folders, folders_of, jobs_of_sets, load_project, look_from_here, looked_in
from support.commands import reportkit
from support.kernels import command_with_kernel, with_kernel
from support.offices import Here, add_cell, bring, office
from support.repository import ROOT

CONFIG = """
kind = "notebook"
notebook = "notebooks/permits.ipynb"
params = "towns.csv"
subject = "town"
"""

CELLS = [
    ("markdown", "# Permits of Alderbrook", []),
    ("code", "town = 'Alderbrook'", ["parameters"]),
    ("code", "import beside, in_both, in_root\nfrom reportkit import path", []),
    ("code", "print('modules', beside.IS, in_root.IS, in_both.IS)", []),
    ("code", "print('files', *(path(f'{n}.txt').read_text() for n in ('near', 'far/far', 'both')))", []),
]
FOUND = "modules beside root beside\nfiles beside root beside\n"

IN_ROOT = {"in_root.py": "IS = 'root'", "in_both.py": "IS = 'root'", "far/far.txt": "root", "both.txt": "root"}
BESIDE = {"beside.py": "IS = 'beside'", "in_both.py": "IS = 'beside'", "near.txt": "beside", "both.txt": "beside"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose notebook lies in a folder of its own, with files and modules here and there."""
    root = tmp_path / "permits"
    cells = [
        {"cell_type": kind, "id": f"c{i}", "metadata": {"tags": tags}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for i, (kind, source, tags) in enumerate(CELLS)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nb = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    files = {f"notebooks/{name}": text for name, text in BESIDE.items()} | IN_ROOT
    files |= {"notebooks/permits.ipynb": json.dumps(nb), "reportkit.toml": CONFIG, "towns.csv": "town\nAlderbrook\n"}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def as_before() -> Iterator[None]:
    """This process as it was, whatever was told it as if it were a kernel."""
    before, modules = folders._folders, list(sys.path)
    yield
    folders._folders, sys.path[:] = before, modules


def printed(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "".join(output.text for cell in cells for output in cell.get("outputs", ()) if "text" in output)


def by_jupyterlab(root: Path) -> str:
    """What a kernel prints that is started where JupyterLab starts it: in the notebook's folder."""
    said: list[str] = []
    manager, client = with_kernel(lambda: start_new_kernel(cwd=str(root / "notebooks")))
    try:
        for kind, source, _tags in CELLS:
            if kind == "code":
                client.execute_interactive(source, output_hook=lambda m: said.append(m["content"].get("text", str(m))))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return "".join(text for text in said if "execution_state" not in text and "execute_input" not in text)


def by_nbconvert(root: Path) -> str:
    words = ("nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "notebooks/permits.ipynb")
    done = command_with_kernel("jupyter", *words, cwd=root)
    assert done.returncode == 0, done.stderr
    return printed(root / "notebooks/out.ipynb")


def by_papermill(root: Path) -> str:
    words = ("papermill", "notebooks/permits.ipynb", "out.ipynb", "-p", "town", "Alderbrook")
    done = command_with_kernel(*words, cwd=root)
    assert done.returncode == 0, done.stderr
    return printed(root / "out.ipynb")


def by_build(root: Path) -> str:
    done = reportkit(root, "build", "--to", "html", "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    return printed(root / "dist/Alderbrook.ipynb")


def built(root: Path) -> Outcome:
    project = load_project(root)
    (outcome,) = update(project, jobs_of_sets(project, ("html",)), lambda _: Here())
    return outcome


def test_a_build_finds_files_and_modules_beside_the_notebook_and_in_the_root(root: Path) -> None:
    assert by_build(root) == FOUND


@pytest.mark.slow
@pytest.mark.parametrize("road", [by_jupyterlab, by_nbconvert, by_papermill])
def test_a_kernel_finds_what_a_build_finds(root: Path, road) -> None:
    assert road(root) == FOUND


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("start", [".", "notebooks"])
def test_a_kernel_looks_in_the_same_folders_wherever_it_starts(root: Path, monkeypatch, start: str) -> None:
    monkeypatch.chdir(root / start)
    monkeypatch.setattr(sys, "path", ["lib/python3", "", "lib/python3/site-packages"])
    package.load_ipython_extension(None)
    own = [str(root / "notebooks"), str(root)]
    assert sys.path == ["lib/python3", *own, "", "lib/python3/site-packages"]
    assert package.path("both.txt") == root / "notebooks/both.txt"
    look_from_here()
    assert sys.path == ["lib/python3", *own, "", "lib/python3/site-packages"]


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("text", [None, "params = 1"])
def test_a_kernel_starts_as_ever_where_no_project_is_or_none_that_can_be_used(
    tmp_path: Path, monkeypatch, text: str | None
) -> None:
    if text:
        (tmp_path / "reportkit.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    package.load_ipython_extension(None)
    assert sys.path == before
    if text:
        with pytest.raises(UserError, match=r"reportkit\.toml"):
            package.path("x")
    else:
        with pytest.raises(FileNotFoundError):
            package.path("x")


def test_the_folder_in_which_cells_begin_is_looked_in_first(root: Path) -> None:
    project = load_project(root)
    assert folders_of(project, root / "far") == (root / "far", root / "notebooks", root)
    assert folders_of(project, root) == (root / "notebooks", root)


@pytest.mark.parametrize("way", ["option", "settings"])
def test_cells_begin_in_the_folder_that_is_named(root: Path, way: str) -> None:
    nb = json.loads((root / "notebooks/permits.ipynb").read_text())
    nb["cells"][-1]["source"] = "print(open('near.txt').read(), town)"
    (root / "notebooks/permits.ipynb").write_text(json.dumps(nb))
    words = ["build", "--to", "html", "--jobs", "1"]
    assert "No such file" in reportkit(root, *words).stdout
    more = ["--cwd", "notebooks"]
    if way == "settings":
        (root / "reportkit.toml").write_text('cwd = "notebooks"\n' + CONFIG)
        more = []
    done = reportkit(root, *words, *more, "--log-output")
    assert done.returncode == 0, done.stdout
    assert "Alderbrook: beside Alderbrook\n" in done.stdout
    assert reportkit(root, *words, *more, "--log-output").stdout.startswith("1 up to date")
    if more:
        assert "cwd changed" in reportkit(root, *words, "--why").stdout


@pytest.mark.parametrize("way", ["option", "settings"])
def test_a_folder_that_is_not_there_is_told(root: Path, way: str) -> None:
    if way == "settings":
        (root / "reportkit.toml").write_text('cwd = "none"\n' + CONFIG)
    done = reportkit(root, "build", "--to", "html", "--jobs", "1", *(["--cwd", "none"] if way == "option" else []))
    assert done.returncode == (2 if way == "option" else 1)
    assert "none: no such folder for cells to begin in" in done.stdout + done.stderr
    assert "fault" not in done.stdout


def test_what_cells_print_is_told_behind_the_reports_name_also_where_it_fails(root: Path) -> None:
    nb = json.loads((root / "notebooks/permits.ipynb").read_text())
    nb["cells"][-1]["source"] = "print('10 %\\r100 %\\n\\x1b[2Jfailed x')\ndisplay(3)\n1 / 0"
    (root / "notebooks/permits.ipynb").write_text(json.dumps(nb))
    words = ["build", "--to", "html", "--jobs", "1", "--log-json", "log.jsonl"]
    assert "100 %" not in reportkit(root, *words).stdout
    done = reportkit(root, *words, "--log-output")
    told = ["modules beside root beside", "100 %", "\\x1b[2Jfailed x", "3"]
    lines = done.stdout.splitlines()
    assert lines[:4] == [f"Alderbrook: {line}" for line in told]
    assert [line for line in lines if "--log-output" in line] == [line for line in lines if "again:" in line] != []
    events = [json.loads(line) for line in (root / "log.jsonl").read_text().splitlines()]
    assert [event["printed"] for event in events if event["event"] == "outcome"] == [told]


def test_a_file_that_is_nowhere_is_told_with_all_places(root: Path) -> None:
    with looked_in([root / "notebooks", root]), pytest.raises(FileNotFoundError) as told:
        package.path("data/none.csv")
    assert f"{root / 'notebooks/data/none.csv'}, {root / 'data/none.csv'}" in str(told.value)


def test_what_is_found_counts_for_what_is_up_to_date(root: Path) -> None:
    assert built(root).status == "built"
    assert built(root).status == "up-to-date"
    for name in ("notebooks/beside.py", "in_root.py", "far/far.txt", "notebooks/near.txt"):
        path = root / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        assert (name, built(root).status) == (name, "built")
        assert (name, built(root).status) == (name, "up-to-date")
    (root / "notebooks/far").mkdir()
    (root / "notebooks/far/far.txt").write_text("another")
    assert built(root).status == "built"
    assert "another" in printed(root / "dist/Alderbrook.ipynb")


def test_a_module_counts_for_each_report_of_one_process(root: Path) -> None:
    (root / "reportkit.toml").write_text(CONFIG.replace('subject = "town"', 'output = "{town}"'))
    (root / "towns.csv").write_text("town\nAlderbrook\nBirchfield\n")

    def statuses() -> list[str]:
        project = load_project(root)
        return [made.status for made in update(project, jobs_of_sets(project, ("html",)), lambda _: Here())]

    assert statuses() == ["built", "built"]
    (root / "in_root.py").write_text("IS = 'elsewhere'")
    assert statuses() == ["built", "built"]
    assert "elsewhere" in printed(root / "dist/Birchfield.ipynb")


def test_modules_of_a_project_are_each_reports_own(root: Path) -> None:
    before = dict(sys.modules)
    built(root)
    new: dict[str, ModuleType] = {name: module for name, module in sys.modules.items() if name not in before}
    assert [name for name, module in new.items() if str(getattr(module, "__file__", "")).startswith(str(root))] == []


def test_a_folder_of_copies_that_comes_to_be_makes_no_other_town_s_report_anew(tmp_path):
    """Whoever looks for packages opens what stands on the path and is no folder, and a build watches what is opened."""
    project = office(tmp_path, "甲镇", "乙镇")
    add_cell(project, "from importlib.metadata import distributions\nlist(distributions());")
    assert {outcome.status for outcome in bring(project)} == {"built"}
    (project.copies / "2019" / "宁海县").mkdir(parents=True)
    assert {outcome.status for outcome in bring(project)} == {"up-to-date"}


@pytest.mark.slow
@pytest.mark.parametrize(("config", "is_there"), [("", True), (CONFIG, False)])
def test_a_kernel_of_a_report_imports_ahead_what_its_first_cell_needs(root: Path, config: str, is_there: bool) -> None:
    """By itself and while nobody waits: a person who opens a notebook has it when the first cell is run."""
    (root / "reportkit.toml").write_text(config)
    (root / "notebooks/annual_report.ipynb").write_bytes((ROOT / "notebooks/annual_report.ipynb").read_bytes())
    manager, client = with_kernel(lambda: start_new_kernel(cwd=str(root / "notebooks")))
    asked = "import sys, json; print(json.dumps('reportkit.report.report' in sys.modules))\n"
    asked += "import pandas; print(pandas.get_option('display.max_columns'))"
    said: list[str] = []
    try:
        time.sleep(2)
        client.execute_interactive(asked, output_hook=lambda m: said.append(m["content"].get("text", "")))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(said).split() == [json.dumps(is_there), "20"]
