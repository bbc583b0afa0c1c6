"""Jobs in, outcomes out: nothing half made, nothing raised for what is wrong with one report."""

import importlib
import sys
from pathlib import Path

import entrypoints
import pytest

from reportkit.batch import execute, run
from reportkit.batch.lean_imports import lean_imports
from reportkit.batch.placement import write_all
from reportkit.errors import RunError, UserError
from reportkit.notebook import parameters, read_notebook
from reportkit.project import Project, plan
from support.repository import SANGZHOU


def outcome(project: Project, folder: Path, text: str, *formats: str):
    path = folder / "桑洲镇.yaml"
    path.write_text(text, encoding="utf-8")
    (done,) = run(plan(project, [path], formats, folder / "dist"))
    return done


def test_files_are_written_all_or_none(tmp_path):
    (tmp_path / "b").write_text("a file where a folder is needed")
    with pytest.raises((FileExistsError, NotADirectoryError)):
        write_all({tmp_path / "a.html": b"x", tmp_path / "b" / "c.pdf": b"y"}, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportkit", "b"]
    assert list((tmp_path / ".reportkit/parts").iterdir()) == []


def test_a_finished_report_replaces_the_old_one(tmp_path):
    write_all({tmp_path / "a.html": b"old"}, tmp_path)
    write_all({tmp_path / "a.html": b"new"}, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {"a.html": b"new"}


def test_a_character_without_a_glyph_is_one_failed_outcome_with_its_place(project, tmp_path):
    text = SANGZHOU.read_text(encoding="utf-8").replace("本年度无其他", "本年度\ue5e5无其他")
    done = outcome(project, tmp_path, text, "html", "pdf")
    assert done.status == "failed"
    assert "U+E5E5" in done.reason
    assert "六、其他需要报告的事项" in done.reason
    assert [path.name for path in (tmp_path / "dist").glob("桑*")] == ["桑洲镇.failed.ipynb"]


def test_a_file_that_does_not_add_up_is_an_invalid_outcome(project, tmp_path):
    done = outcome(
        project,
        tmp_path,
        SANGZHOU.read_text(encoding="utf-8").replace("自然人: 0, 总计: 0", "自然人: 1, 总计: 0", 1),
        "html",
    )
    assert (done.status, {issue.code for issue in done.issues if issue.severity == "error"}) == (
        "invalid",
        {"R1", "R2"},
    )
    assert not (tmp_path / "dist").exists()


def test_a_place_that_cannot_be_written_is_a_failed_outcome(project, tmp_path):
    (tmp_path / "dist").write_text("not a folder")
    done = outcome(project, tmp_path, SANGZHOU.read_text(encoding="utf-8"), "html")
    assert (done.status, "dist" in done.reason) == ("failed", True)


def test_a_fault_of_ours_is_one_failed_outcome(project, tmp_path, monkeypatch):
    monkeypatch.setattr("reportkit.batch.pipeline.render", lambda *_: {}["no such thing"])
    done = outcome(project, tmp_path, SANGZHOU.read_text(encoding="utf-8"), "html")
    assert (done.status, done.reason) == ("failed", "KeyError: 'no such thing' (a fault of reportkit)")


def test_a_failing_cell_is_named_by_its_id(project, tmp_path):
    notebook = tmp_path / "master.ipynb"
    notebook.write_text(
        project.notebook.read_text(encoding="utf-8").replace('"report.title"', '"1 / 0"'), encoding="utf-8"
    )
    with pytest.raises(RunError) as error:
        execute(notebook, parameters(project.read(SANGZHOU)), project.root)
    assert (error.value.cell_id, error.value.ename) == ("title", "ZeroDivisionError")


@pytest.mark.usefixtures("chinese")
def test_what_is_no_notebook_is_the_user_s_to_mend(project, tmp_path):
    (tmp_path / "x.ipynb").write_text("hello")
    with pytest.raises(UserError, match=r"x\.ipynb: 不是笔记本"):
        execute(tmp_path / "x.ipynb", {}, project.root)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("text", "words"), [('{"cells": [],\n 1}', "第 2 行第 2 列起读不下去"), ("[" * 100_000, "层次太深")]
)
def test_a_notebook_that_is_no_json_is_told_with_its_line(tmp_path, text, words):
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(UserError, match=rf"x\.ipynb: 不是笔记本：{words}"):
        read_notebook(tmp_path / "x.ipynb")


def test_a_module_left_out_of_an_import_can_be_imported_afterwards(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with lean_imports(["colorsys"]), pytest.raises(ImportError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys")
    with lean_imports(["colorsys"]):
        assert importlib.import_module("colorsys")


def test_a_module_put_off_is_imported_when_something_of_it_is_used(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with lean_imports([], ["colorsys"]):
        late = importlib.import_module("colorsys")
        with pytest.raises(ImportError):
            importlib.import_module("colorsys.part")
    assert "colorsys" not in sys.modules
    assert late.rgb_to_hls is importlib.import_module("colorsys").rgb_to_hls
    monkeypatch.delitem(sys.modules, "colorsys")
    with lean_imports([], ["colorsys"]):  # used by somebody else meanwhile
        used = importlib.import_module("colorsys").rgb_to_hls
    assert sys.modules["colorsys"].rgb_to_hls is used


def test_what_other_packages_bring_for_papermill_is_imported_when_it_is_used(monkeypatch):
    for name in ("papermill.engines", "colorsys"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    theirs = entrypoints.EntryPoint.from_string("colorsys:rgb_to_hls", "theirs")
    ours = entrypoints.EntryPoint.from_string("reportkit.engine:InProcessEngine", "ours")
    with lean_imports([]):
        engine = theirs.load()
        assert ours.load().__name__ == "InProcessEngine"
    assert "colorsys" not in sys.modules
    assert engine.__name__ == "rgb_to_hls"
    assert "colorsys" in sys.modules
    assert theirs.load() is importlib.import_module("colorsys").rgb_to_hls
