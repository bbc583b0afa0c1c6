"""What a worker runs once before it forks: the cells of every report, none of them anybody's."""

import subprocess
import sys
from pathlib import Path

import pytest

from reportkit.batch import pipeline
from reportkit.batch.inputs import Loaded
from reportkit.kinds import load_kind, shipped_names
from reportkit.project import load_project, plan
from reportkit.report.rehearsal import rehearsal
from reportkit.skeletons import begin
from support.offices import add_cell, office


def prepared(root: Path) -> pipeline.Draft:
    """The first report of a project, before its cells have run."""
    draft = pipeline.prepare(Loaded(plan(load_project(root), [], ["html"])[0]))
    assert isinstance(draft, pipeline.Draft)
    return draft


@pytest.mark.parametrize("kind", [name for name in shipped_names() if not load_kind(name).is_of_any_notebook])
def test_it_shows_a_title_words_and_a_table_by_the_form_of_each_kind(tmp_path, kind):
    begin(str(tmp_path), kind)
    draft = prepared(tmp_path)
    done = pipeline.rehearse(draft)
    assert done is not None
    assert done.failure == ""
    shown = {cell.source.partition("\n")[0]: str(cell.outputs) for cell in done.nb.cells}
    assert draft.expected
    assert draft.expected[2].title in shown["report.title"]
    tables = ["<table" in shown[source] for source in shown if source.startswith("report.heading")]
    assert tables == ([True] if draft.expected[2].form.tables else [])


def test_no_cell_of_the_master_is_run(tmp_path):
    project = office(tmp_path, "甲镇")
    add_cell(project, "open('run', 'w').close()")
    draft = prepared(tmp_path)
    assert pipeline.rehearse(draft)
    assert not (tmp_path / "run").exists()
    assert draft.expected
    own = rehearsal(draft.expected[2].form, draft.expected[1])
    assert [line for cell in own for line in cell.splitlines() if "import" in line] == [
        "from reportkit.report import open_report"
    ]


def test_from_the_second_report_on_cells_find_a_process_that_has_rehearsed(tmp_path):
    towns = ["甲镇", "乙镇", "丙镇"]
    project = office(tmp_path, *towns)
    add_cell(project, "import sys\nprint('rehearsed', 'reportkit.report.rehearsal' in sys.modules)")
    command = [sys.executable, "-m", "reportkit", "build", "--to", "html", "--jobs", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "dist").rglob("*.html")]
    assert sorted("rehearsed True" in page for page in pages) == [False, True, True]
