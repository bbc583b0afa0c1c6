"""Notebooks that other editors have saved: words typed there come over, and what they leave behind is no edit."""

import copy
import json
from typing import Any

import pytest

from reportkit.notebook import is_edited
from reportkit.notebook.towns import changes, copy_path, make_copy, read_town
from reportkit.project import Project
from support.offices import bring, files, office

NAME = "2019/宁海县/甲镇"


def colab(nb: Any) -> None:
    """Format 4.0: the ids stand in the cells' metadata, the kernelspec has no language."""
    for cell in nb["cells"]:
        cell["metadata"] |= {"id": cell.pop("id"), "outputId": "7f-x", "colab": {"height": 35}, "cellView": "form"}
        cell["metadata"]["executionInfo"] = {"status": "ok", "timestamp": 1700000000000, "user": {"userId": "0"}}
    _notebook(nb, 0, {"name": "python3", "display_name": "Python 3"}, {"name": "python"})
    nb["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}


def colab_anew(nb: Any) -> None:
    """The same, with ids of its own."""
    colab(nb)
    for number, cell in enumerate(nb["cells"]):
        cell["metadata"]["id"] = f"aB3-{number}"


def vscode(nb: Any) -> None:
    """On Windows: lines end with CR and LF."""
    for cell in nb["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n").splitlines(keepends=True)
    _notebook(nb, 5, {"name": "python3", "display_name": ".venv", "language": "python"}, {"name": "python"})
    nb["metadata"]["orig_nbformat"] = 4


def databricks(nb: Any) -> None:
    """Format 4.0 without ids and kernelspec."""
    for number, cell in enumerate(nb["cells"]):
        del cell["id"]
        cell["metadata"]["application/vnd.databricks.v1+cell"] = {"nuid": f"n{number}", "inputWidgets": {}}
    _notebook(nb, 0, None, {"name": "python"})
    nb["metadata"]["application/vnd.databricks.v1+notebook"] = {"language": "python"}


def deepnote(nb: Any) -> None:
    """Format 4.0, ids and runs in the cells' metadata, each source one text."""
    for number, cell in enumerate(nb["cells"]):
        cell["metadata"] |= {"cell_id": cell.pop("id"), "deepnote_cell_type": "code", "source_hash": f"{number:x}"}
        cell["metadata"] |= {"execution_start": 17, "execution_millis": 3, "deepnote_to_be_reexecuted": False}
        cell["source"] = "".join(cell["source"])
    _notebook(nb, 0, None, None)
    nb["metadata"] |= {"deepnote_notebook_id": "x", "deepnote": {}}


def jupyterlab(nb: Any) -> None:
    """Times, folded cells, and the lines of a cell one by one."""
    for cell in nb["cells"]:
        cell["metadata"] |= {"execution": {"iopub.execute_input": "2026-01-30T08:00:00Z"}, "collapsed": False}
        cell["metadata"] |= {"jp-MarkdownHeadingCollapsed": True, "scrolled": True, "editable": True, "trusted": True}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    _notebook(nb, 5, {"name": "python3", "display_name": "Python 3", "language": "python"}, {"name": "python"})


def _notebook(nb: Any, minor: int, kernel: Any, language: Any) -> None:
    nb["nbformat_minor"] = minor
    for key, value in (("kernelspec", kernel), ("language_info", language)):
        nb["metadata"].pop(key, None)
        if value:
            nb["metadata"][key] = value


EDITORS = [colab, colab_anew, vscode, databricks, deepnote, jupyterlab]


def save(path, editor, old: str = "", new: str = "") -> None:
    """Open a notebook in an editor, type, and save it."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        source = "".join(cell["source"])
        mine = old and "injected-parameters" not in cell["metadata"].get("tags", [])
        cell["source"] = source.replace(old, new) if mine else source
    editor(nb)
    path.write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, bytes]:
    """A town's report and its own copy, made once."""
    root = tmp_path_factory.mktemp("office")
    project = office(root / "x", "甲镇")
    bring(project)
    make_copy(project, NAME, project.read(project.file_of(NAME)))
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*.ipynb")
        if path.is_file()
    }


@pytest.fixture
def county(tmp_path, made) -> Project:
    project = office(tmp_path, "甲镇")
    for name, content in made.items():
        if "towns" not in name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
    return project


@pytest.mark.parametrize("editor", [colab, vscode, deepnote, jupyterlab])
def test_a_report_that_was_only_opened_and_saved_is_not_edited(county, editor):
    path = county.dist / f"{NAME}.ipynb"
    assert not is_edited(path)
    save(path, editor)
    assert not is_edited(path)


@pytest.mark.parametrize("editor", EDITORS)
def test_a_copy_that_was_only_opened_and_saved_differs_in_no_cell(county, made, editor):
    path = copy_path(county, NAME)
    path.parent.mkdir(parents=True)
    path.write_bytes(made[f"notebooks/towns/{NAME}.ipynb"])
    filing = county.read(county.file_of(NAME))
    save(path, editor)
    assert list(changes(read_town(county, NAME, filing))) == []
    save(path, copy.copy, "坚持以", "始终坚持以")
    (found,) = changes(read_town(county, NAME, filing))
    assert (found.cell, found.kind, "\r" in found.after) == ("overview", "changed", False)


@pytest.mark.parametrize("editor", EDITORS)
def test_words_typed_elsewhere_come_over_once(county, editor):
    path = county.dist / f"{NAME}.ipynb"
    save(path, editor, "坚持以", "始终坚持以")
    assert is_edited(path)
    (outcome,) = bring(county)
    assert outcome.status == "built", outcome.reason
    assert f"edited cells overview were carried over to {copy_path(county, NAME)}" in outcome.reason
    page = (county.dist / f"{NAME}.html").read_text(encoding="utf-8")
    assert page.count("始终坚持以") == 1
    filing = county.read(county.file_of(NAME))
    assert [change.cell for change in changes(read_town(county, NAME, filing))] == ["overview"]


@pytest.mark.parametrize("editor", EDITORS)
def test_a_master_saved_elsewhere_makes_the_same_page(county, editor):
    bring(county)
    page = (county.dist / f"{NAME}.html").read_bytes()
    save(county.notebook, editor)
    (outcome,) = bring(county, force=True)
    assert outcome.status == "built", outcome.reason
    assert (county.dist / f"{NAME}.html").read_bytes() == page
    first = files(county.dist)
    bring(county, force=True)
    assert files(county.dist) == first


@pytest.mark.usefixtures("chinese")
def test_a_master_for_another_language_is_refused(county):
    save(county.notebook, lambda nb: _notebook(nb, 0, {"name": "ir", "display_name": "R"}, {"name": "R"}))
    with pytest.raises(Exception, match="笔记本是用 R 写的，这里只运行 Python 的；请换成 Python 的内核再保存"):
        bring(county)


def test_cells_that_share_an_id_each_keep_their_place(county):
    def doubled(nb: Any) -> None:
        nb["cells"][-1]["id"] = nb["cells"][-2]["id"] = "overview"

    bring(county)
    page = (county.dist / f"{NAME}.html").read_bytes()
    save(county.notebook, doubled)
    bring(county, force=True)
    first = files(county.dist)
    assert first[f"{NAME}.html"] == page
    bring(county, force=True)
    assert files(county.dist) == first
