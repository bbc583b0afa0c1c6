"""Whose code runs when: commands that run no cell, code that comes with a town's notebook, and builds without any."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportkit.batch.incremental import update
from reportkit.batch.processes import pool
from reportkit.cli import app
from reportkit.notebook.towns import copy_path
from reportkit.project import plan
from reportkit.report import Report
from support.offices import Here, add_cell, bring, office

TOWN = "2019/宁海县/甲镇"
COPY = f"notebooks/towns/{TOWN}.ipynb"


def canary(name: str) -> str:
    return f"open({name!r}, 'w').close()"


def insert(path: Path, source: str, cell: str = "code") -> None:
    nb = json.loads(path.read_text(encoding="utf-8"))
    new = {"cell_type": "code", "id": cell, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    nb["cells"].insert(2, new)
    path.write_text(json.dumps(nb), encoding="utf-8")


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pool, "Crew", lambda *_: Here())
    return office(tmp_path, "甲镇", "乙镇")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, done.output


def test_commands_that_look_or_edit_run_no_cell(place):
    add_cell(place, canary("master.ran"))
    assert run("edit", "甲镇", "--no-open")[0] == 0
    copy = copy_path(place, TOWN)
    insert(copy, canary("copy.ran"))
    mailed = place.root / "mailed.ipynb"
    mailed.write_bytes(copy.read_bytes())
    insert(mailed, f"{canary('mailed.ran')}\n%%narrative x", "mailed")
    for line in (
        "check", "check --format json", "check --format xlsx -o c.xlsx", "status", "status 甲镇", "diff 甲镇",
        "adopt mailed.ipynb", "edit 甲镇 --no-open", "rules", "explain R1", "rollup params/2019/宁海县",
        "form --from params/2019/宁海县/甲镇.yaml -o f.xlsx", "import f.xlsx --dry-run", "reset 甲镇 mailed", "reset 甲镇",
    ):  # fmt: skip
        run(*line.split())
        assert not list(place.root.rglob("*.ran")), line
    assert bring(place)[0].status == "built"
    assert [path.name for path in place.root.rglob("*.ran")] == ["master.ran"]


def test_code_that_a_mailed_notebook_brings_is_told_once(place):
    bring(place)
    mailed = place.root / "mailed.ipynb"
    mailed.write_bytes((place.dist / f"{TOWN}.ipynb").read_bytes())
    insert(mailed, canary("mailed.ran"))
    line = f"{COPY}: cell code holds code of this town's own, which runs with your rights; see SECURITY.md"
    assert line in run("adopt", "mailed.ipynb")[1].splitlines()
    assert line not in run("adopt", "mailed.ipynb")[1]
    assert [outcome.reason for outcome in bring(place)] == ["", ""]


@pytest.mark.parametrize("ends", ["", "\n1 / 0"])
def test_code_in_a_copy_or_an_output_is_told_at_the_first_build_that_runs_it(place, ends):
    bring(place)
    insert(place.dist / f"{TOWN}.ipynb", canary("output.ran") + ends)
    line = f"{COPY}: cell code holds code of this town's own, which runs with your rights; see SECURITY.md"
    told = {outcome.job.name: outcome.reason for outcome in bring(place, force=True)}
    assert line in told[TOWN].splitlines()
    assert "rights" not in told["2019/宁海县/乙镇"]
    assert all("rights" not in outcome.reason for outcome in bring(place, force=True))
    copy = copy_path(place, TOWN)
    copy.write_text(copy.read_text(encoding="utf-8").replace("output.ran", "other.ran"), encoding="utf-8")
    assert line in "".join(outcome.reason for outcome in bring(place))


def test_code_is_told_where_it_cannot_be_remembered(place):
    run("edit", "甲镇", "--no-open")
    insert(copy_path(place, TOWN), "import os")
    (place.root / ".reportkit").mkdir(exist_ok=True)
    (place.root / ".reportkit/code").write_text("no folder")
    for _ in range(2):
        told = {outcome.job.name: "rights" in outcome.reason for outcome in bring(place, force=True)}
        assert told == {TOWN: True, "2019/宁海县/乙镇": False}


def test_plain_cells_and_the_master_s_own_code_are_not_told(place):
    add_cell(place, canary("master.ran"))
    run("edit", "甲镇", "--no-open")
    insert(copy_path(place, TOWN), "%%narrative overview\n共 {{ 1 + 1 }} 条。", "more")
    assert ["rights" in outcome.reason for outcome in bring(place)] == [False, False]


def plain_only(project):
    jobs = [replace(job, plain_only=True) for job in plan(project, [], ["html"])]
    return {outcome.job.name: outcome for outcome in update(project, jobs, lambda _: Here())}


def test_plain_only_refuses_a_town_s_code_and_names_the_cell(place):
    run("edit", "甲镇", "--no-open")
    insert(copy_path(place, TOWN), canary("copy.ran"))
    outcomes = plain_only(place)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        TOWN: "invalid",
        "2019/宁海县/乙镇": "built",
    }
    (issue,) = outcomes[TOWN].issues
    assert (issue.code, str(issue.origin)) == ("N5", f"{COPY}:单元格 code")
    assert not list(place.root.rglob("*.ran"))


@pytest.mark.parametrize("source", [canary("x.ran"), "%%narrative overview {open('x.ran', 'w')}\n字", "!touch x.ran"])
def test_plain_only_refuses_the_master_s_code_too(place, source):
    add_cell(place, source)
    outcomes = plain_only(place)
    assert {outcome.status for outcome in outcomes.values()} == {"invalid"}
    assert {str(issue.origin) for outcome in outcomes.values() for issue in outcome.issues} == {
        "notebooks/annual_report.ipynb:单元格 extra"
    }
    assert not list(place.root.rglob("*.ran"))


def test_plain_only_takes_away_what_code_has_made(place):
    run("edit", "甲镇", "--no-open")
    insert(copy_path(place, TOWN), "import os")
    assert {outcome.status for outcome in bring(place)} == {"built"}
    statuses = {name: outcome.status for name, outcome in plain_only(place).items()}
    assert statuses == {TOWN: "invalid", "2019/宁海县/乙镇": "up-to-date"}
    assert not (place.dist / f"{TOWN}.html").exists()


def test_the_command_for_the_rest_keeps_to_plain_notebooks(place):
    add_cell(place, "import os")
    status, said = run("build", "--to", "html", "--plain-only")
    assert status == 1
    assert "to try just these again: reportkit build --to html --plain-only --failed" in said
    assert said.count(" N5 error 单元格 extra 里有会运行的代码") == 2


def test_the_line_of_a_narrative_cell_is_not_run(place):
    assert Report.narrate._ipython_magic_no_var_expand
    add_cell(place, "%%narrative overview {open('line.ran', 'w').close() or 1}\n字")
    assert {outcome.status for outcome in bring(place)} == {"failed"}
    assert not list(place.root.rglob("*.ran"))
