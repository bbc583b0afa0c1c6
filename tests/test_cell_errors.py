"""What a person reads below a cell that went wrong: one sentence that says where and what to do."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reportkit.batch import execute
from reportkit.batch.execution import run_cells, with_parameters
from reportkit.errors import RunError, UserError
from reportkit.notebook import parameters
from reportkit.report.narrative import NarrativeError, cell_prose, names
from support.repository import ROOT, SUQIAN

pytestmark = pytest.mark.usefixtures("chinese")

SETUP = "from reportkit.report import open_report\nreport = open_report(year=2023, jurisdiction='宿迁市')"
ENGLISH = ("unexpected", "expected token", "not found", "invalid literal", "No filter", "unsupported", "class '")


def shown(*sources, engine="reportkit"):
    """The failure of a notebook of these cells, and the traceback that the last of them shows."""
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nb = new_notebook(cells=[new_code_cell(source) for source in sources], metadata={"kernelspec": kernel})
    done, failure = run_cells(with_parameters(nbformat.writes(nb), {}), ROOT, engine)
    errors = [output for cell in done.cells for output in cell.outputs if output.output_type == "error"]
    return failure, [line for error in errors for line in error.traceback]


@pytest.mark.parametrize("engine", ["reportkit", pytest.param(None, marks=pytest.mark.slow)])
def test_what_the_person_can_mend_is_a_sentence_and_no_traceback(engine):
    failure, lines = shown(SETUP, "%%narrative overview\n{{ requests.recieved.total }}", engine=engine)
    assert "是不是 received" in failure.evalue
    assert lines == [failure.evalue]


def test_a_fault_of_the_code_keeps_its_traceback():
    failure, lines = shown("def f():\n    return 1 / 0\nf()")
    assert failure.ename == "ZeroDivisionError"
    assert len(lines) > 2


WRONG = {
    "{{ requests.received.total }": "第 1 行",
    "甲\n{{ requests. }}": "第 2 行",
    "{% if year %}甲": "第 1 行",
    "{{ year | summe }}": "过滤器",
    "{{ 1 // 0 }}": "除数是 0",
    "{{ year + '甲' }}": "算式",
    "{{ year.__class__ }}": "__",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_broken_expression_is_told_in_the_readers_language(text, project):
    with pytest.raises(NarrativeError, match=WRONG[text]) as told:
        cell_prose(text, names(project.read(SUQIAN)), "overview")
    assert [word for word in ENGLISH if word in str(told.value)] == []
    assert "%%narrative overview" in str(told.value)


def test_a_year_that_is_no_number_is_told():
    failure, lines = shown(SETUP.replace("2023", "'2023年'"))
    assert failure.evalue == "year 应是四位数的年份，如 2023；写的是“2023年”；请改参数单元格"
    assert lines == [failure.evalue]


def test_a_cell_command_that_is_not_there_names_the_one_that_was_meant():
    assert "没有 %%narative 这个单元格命令；是不是 %%narrative" in shown(SETUP, "%%narative overview\n甲")[0].evalue
    assert "open_report" in shown("%%narrative overview\n甲")[0].evalue


def test_a_command_used_in_a_wrong_way_is_told_with_what_it_says():
    failure, _ = shown(SETUP, "%%narrative overview\n")
    assert (failure.ename, "%%narrative" in failure.evalue) == ("UsageError", True)


# What Colab, Databricks and VS Code leave in a notebook's metadata.
MASTERS = {
    "Colab": {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    },
    "Databricks": {
        "application/vnd.databricks.v1+notebook": {"language": "python", "widgets": {}},
        "language_info": {"name": "python"},
    },
    "VS Code": {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "pygments_lexer": "ipython3", "version": "3.11.2"},
    },
    "nothing": {},
    "another kernel": {"kernelspec": {"name": "conda-env-py", "display_name": "Python [conda env:py]"}},
}


@pytest.mark.parametrize("editor", MASTERS)
def test_a_master_is_built_whichever_editor_saved_it(editor, project, tmp_path):
    nb = nbformat.read(project.notebook, 4)
    nb.metadata = nbformat.from_dict(MASTERS[editor])
    nb.nbformat_minor = 0
    for number, cell in enumerate(nb.cells):
        del cell["id"]
        if editor == "Colab":
            cell.metadata["id"] = f"8e1bd3a8{number:04}"
    path = tmp_path / "master.ipynb"
    path.write_text(nbformat.writes(nb, version=nbformat.NO_CONVERT), encoding="utf-8")
    done = execute(path, parameters(project.read(SUQIAN)), project.root)
    assert done.metadata.kernelspec["language"] == "python"
    nbformat.validate(done)
    assert any("3511" in str(cell.get("outputs")) for cell in done.cells)


def test_papermill_by_hand_takes_such_a_master_too(project, tmp_path):
    from papermill import execute_notebook

    nb = nbformat.read(project.notebook, 4)
    nb.metadata = nbformat.from_dict(MASTERS["Colab"])
    path = tmp_path / "master.ipynb"
    nbformat.write(nb, path)
    done = execute_notebook(path, None, {"year": 2023, "jurisdiction": "宿迁市"}, engine_name="reportkit", cwd=ROOT,
                            progress_bar=False)  # fmt: skip
    (injected,) = [cell for cell in done.cells if "injected-parameters" in cell.metadata.tags]
    assert injected.metadata.jupyter == {"source_hidden": True}


def test_another_language_is_refused_however_it_is_named(project, tmp_path):
    nb = nbformat.read(project.notebook, 4)
    nb.metadata = nbformat.from_dict({"language_info": {"name": "R"}})
    path = tmp_path / "master.ipynb"
    nbformat.write(nb, path)
    with pytest.raises((UserError, RunError), match="R"):
        execute(path, {}, project.root)


def test_the_cell_with_a_towns_parameters_is_folded(built):
    (path,) = [path for path in built["宿迁市"].files if path.suffix == ".ipynb"]
    cells = nbformat.read(path, 4).cells
    folded = [cell.metadata.get("tags") for cell in cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert folded == [["injected-parameters"]]
