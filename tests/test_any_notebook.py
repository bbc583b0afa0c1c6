"""An analyst's untouched papermill notebook, once for each row of a list."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reportkit.batch.incremental import update
from reportkit.batch.outcome import Outcome
from reportkit.batch.title_check import WrongTownError, check_subject
from reportkit.errors import UserError
from reportkit.project import Project, SetSource, find_project, jobs_of_sets, load_project, report_named
from support.commands import reportkit
from support.copies import change
from support.offices import Here

ANALYST = Path(__file__).parent / "files" / "analyst"
TOWNS = ["Alderbrook", "Birchfield", "Cedar Hollow"]
CONFIG = (
    'kind = "notebook"\nnotebook = "permits.ipynb"\nparams = "towns.csv"\nsubject = "town"\noutput = "{year}/{town}"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The analyst's folder with three towns."""
    root = tmp_path / "permits"
    shutil.copytree(ANALYST, root)
    shutil.rmtree(root / "params")
    rows = (root / "towns.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (root / "towns.csv").write_text("".join(rows[:4]), encoding="utf-8")
    _without_plot(root / "permits.ipynb")
    return root


def _without_plot(path: Path) -> None:
    """Take the plot out, which takes most of the time."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"] = [cell for cell in nb["cells"] if "plt.subplots" not in "".join(cell["source"])]
    path.write_text(json.dumps(nb), encoding="utf-8")


def project_at(folder: Path, config: str = CONFIG) -> Project:
    (folder / "reportkit.toml").write_text(config, encoding="utf-8")
    return load_project(folder)


def built(folder: Path, **options) -> dict[str, Outcome]:
    project = load_project(folder)
    made = update(project, jobs_of_sets(project, ("html",)), lambda _: Here(), covered=[project.params], **options)
    return {outcome.job.name: outcome for outcome in made}


def statuses(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.status for name, outcome in outcomes.items()}


def page(folder: Path, name: str) -> str:
    return (folder / "dist" / f"{name}.html").read_text(encoding="utf-8")


def test_six_reports_are_built_by_one_command_from_an_untouched_notebook(tmp_path: Path) -> None:
    root = tmp_path / "permits"
    shutil.copytree(ANALYST, root)
    words = ("build", "towns.csv", "--notebook", "permits.ipynb", "--output", "{year}/{town}", "--subject", "town")
    first = reportkit(root, *words, "--to", "html", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith("6 built")
    rows = [row.split(",")[0] for row in (ANALYST / "towns.csv").read_text().splitlines()[1:]]
    assert sorted(path.stem for path in (root / "dist/2024").glob("*.html")) == sorted(rows)
    assert "The town issued <strong>" in page(root, "2024/Cedar Hollow")
    assert 'src="data:image/png' in page(root, "2024/Cedar Hollow")
    again = reportkit(root, *words, "--to", "html", "--jobs", "1")
    assert again.stdout.splitlines()[-1].startswith("6 up to date")


def test_only_what_has_changed_is_made_again(folder: Path) -> None:
    project_at(folder)
    assert set(statuses(built(folder)).values()) == {"built"}
    assert set(statuses(built(folder)).values()) == {"up-to-date"}

    data = folder / "data" / "Birchfield.csv"
    data.write_text(data.read_text() + "13,1,1\n")
    assert statuses(built(folder)) == {
        "2024/Alderbrook": "up-to-date", "2024/Birchfield": "built", "2024/Cedar Hollow": "up-to-date",
    }  # fmt: skip

    towns = folder / "towns.csv"
    towns.write_text(towns.read_text().replace("Alderbrook,2024", "Alderbrook,2023"))
    after = built(folder)
    assert statuses(after) == {
        "2023/Alderbrook": "built", "2024/Birchfield": "up-to-date", "2024/Cedar Hollow": "up-to-date",
    }  # fmt: skip
    assert not (folder / "dist/2024/Alderbrook.html").exists()
    assert (folder / ".reportkit/withdrawn/2024/Alderbrook.html").is_file()


def test_rows_may_be_moved_about(folder: Path) -> None:
    project_at(folder)
    built(folder)
    head, *rows = (folder / "towns.csv").read_text().splitlines()
    (folder / "towns.csv").write_text("\n".join([head, *reversed(rows)]) + "\n")
    assert set(statuses(built(folder)).values()) == {"up-to-date"}


def test_an_edit_of_a_report_is_carried_over_and_survives_a_change_of_the_master(folder: Path) -> None:
    project_at(folder)
    built(folder)
    made = folder / "dist/2024/Alderbrook.ipynb"
    nb = json.loads(made.read_text(encoding="utf-8"))
    mine = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "The board met twice."}
    made.write_text(json.dumps({**nb, "cells": [*nb["cells"], mine]}), encoding="utf-8")
    assert statuses(built(folder))["2024/Alderbrook"] == "built"
    master = folder / "permits.ipynb"
    master.write_text(master.read_text(encoding="utf-8").replace("# Building permits", "# Permits to build"))
    assert set(statuses(built(folder)).values()) == {"built"}
    assert "The board met twice." in page(folder, "2024/Alderbrook")
    assert "Permits to build" in page(folder, "2024/Alderbrook")
    assert "The board met twice." not in page(folder, "2024/Birchfield")


def test_a_conflict_is_told_and_resolved_by_the_town(folder: Path) -> None:
    project_at(folder)
    built(folder)
    made = folder / "dist/2024/Alderbrook.ipynb"
    change(made, "c0", "# Building permits", "# Our permits")
    built(folder)
    master = folder / "permits.ipynb"
    master.write_text(master.read_text(encoding="utf-8").replace("# Building permits", "# Permits to build"))
    torn = built(folder)["2024/Alderbrook"]
    assert torn.status == "invalid"
    assert [issue.code for issue in torn.issues] == ["N2"]
    assert reportkit(folder, "resolve", "Alderbrook", "c0", "--ours").returncode == 0
    assert built(folder)["2024/Alderbrook"].status == "built"
    assert "Our permits" in page(folder, "2024/Alderbrook")
    status = reportkit(folder, "status")
    assert "2024/Alderbrook" in status.stdout


def test_failed_rows_alone_are_tried_again(folder: Path) -> None:
    project_at(folder)
    data = folder / "data" / "Birchfield.csv"
    kept = data.read_text()
    data.unlink()
    failed = built(folder)
    assert statuses(failed) == {
        "2024/Alderbrook": "built", "2024/Birchfield": "failed", "2024/Cedar Hollow": "built",
    }  # fmt: skip
    assert "FileNotFoundError" in failed["2024/Birchfield"].reason
    assert failed["2024/Birchfield"].job.place == f"{folder / 'towns.csv'}, row 3"
    data.write_text(kept)
    assert statuses(built(folder, only_unmade=True)) == {"2024/Birchfield": "built"}


def test_a_row_is_told_from_where_the_person_is(folder: Path) -> None:
    project_at(folder)
    (folder / "data" / "Birchfield.csv").unlink()
    done = reportkit(folder, "build", "--to", "html", "--jobs", "1")
    assert "failed towns.csv, row 3\n" in done.stdout


def test_a_report_that_read_another_towns_data_does_not_go_out(folder: Path) -> None:
    project_at(folder)
    master = folder / "permits.ipynb"
    master.write_text(master.read_text(encoding="utf-8").replace("## {town},", "## Alderbrook,"), encoding="utf-8")
    made = built(folder)
    assert statuses(made) == {
        "2024/Alderbrook": "built", "2024/Birchfield": "failed", "2024/Cedar Hollow": "failed",
    }  # fmt: skip
    assert '"Alderbrook" in a heading' in made["2024/Birchfield"].reason


@pytest.mark.parametrize(
    ("options", "values"),
    [
        (["-p", "year", "2025"], {"year": 2025}),
        (["-r", "town", "007"], {"town": "007"}),
        (["-y", "{year: 2025, town: Elm}"], {"year": 2025, "town": "Elm"}),
        (["-b", "eWVhcjogMjAyNQ=="], {"year": 2025}),
        (["--parameters", "year", "2025", "-p", "town", "-5"], {"year": 2025, "town": "-5"}),
    ],
)
def test_papermills_options_give_parameters_to_all_rows(folder: Path, options: list[str], values: object) -> None:
    """A column's own value wins, and the list has none of these."""
    (folder / "towns.csv").write_text("data\ndata/Alderbrook.csv\n")
    nb = json.loads((folder / "permits.ipynb").read_text())
    nb["cells"] = [nb["cells"][1], {**nb["cells"][2], "source": ["print(repr([town, year]))"]}]
    (folder / "permits.ipynb").write_text(json.dumps(nb))
    words = (
        "build",
        "towns.csv",
        "--notebook",
        "permits.ipynb",
        "--output",
        "of {year}",
        "--to",
        "html",
        "--jobs",
        "1",
    )
    done = reportkit(folder, *words, *options)
    assert done.returncode == 0, done.stderr + done.stdout
    wanted = {"town": "Alderbrook", "year": 2024} | values  # type: ignore[operator]
    assert repr([wanted["town"], wanted["year"]]) in page(folder, f"of {wanted['year']}").replace(
        "&#x27;", "'"
    ).replace("&#39;", "'")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["towns.csv"], "--notebook"),
        (["towns.csv", "other.csv", "--notebook", "permits.ipynb"], "one list at a time"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "town", "-p", "yaer", "1"], "did you mean year?"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "town", "-p", "year", "MMXXIV"], "year"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "twon"], "twon"),
        (["nowhere.csv", "--notebook", "permits.ipynb", "--subject", "town"], "nowhere.csv"),
        (["towns.csv", "--notebook", "nowhere.ipynb", "--subject", "town"], "nowhere.ipynb"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "town", "-b", "§"], "base64"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "town", "-y", "[1]"], "name: value"),
        (["towns.csv", "--notebook", "permits.ipynb", "--subject", "town", "-f", "nowhere.yaml"], "nowhere.yaml"),
        (["towns.csv", "--notebook", "permits.ipynb", "-p", "year"], "needs a name and a value"),
    ],
)
def test_what_is_missing_or_wrong_is_told_before_anything_runs(folder: Path, words: list[str], said: str) -> None:
    done = reportkit(folder, "build", *words)
    assert done.returncode != 0
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (folder / "dist").exists() or not list((folder / "dist").rglob("*.html"))


def test_commands_for_forms_say_that_they_are_none_for_a_list(folder: Path) -> None:
    project_at(folder)
    done = reportkit(folder, "rollup", "2024")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    check = reportkit(folder, "check")
    assert (check.returncode, check.stdout) == (0, "towns.csv: 3 parameter sets, no fault\n")


def test_a_town_is_found_by_its_report_by_its_end_and_by_its_subject(folder: Path) -> None:
    sets = project_at(folder).sets
    assert report_named(sets, "Cedar Hollow") == report_named(sets, "2024/Cedar Hollow") == "2024/Cedar Hollow"
    with pytest.raises(UserError, match="close to it: 2024/Cedar Hollow"):
        report_named(sets, "2024/Cedar Holow")


def test_a_project_says_all_that_the_options_say(folder: Path) -> None:
    project_at(folder, CONFIG + "[parameters]\nyear = 2023\n")
    (folder / "towns.csv").write_text("town,data\nAlderbrook,data/Alderbrook.csv\n")
    assert [*find_project(folder).sets] == ["2023/Alderbrook"]


@pytest.mark.parametrize(
    ("subject", "headings", "wrong"),
    [
        ("Cedar", ["Permits", "Cedar, 2024"], ""),
        ("Cedar", ["Cedar Hollow, 2024"], "Cedar Hollow"),
        ("Cedar Hollow", ["Cedar Hollow, 2024"], ""),
        ("Cedar", ["Cedars, 2024"], "no heading"),
        ("Cedar", ["Permits of 2024"], "no heading"),
        ("Cedar", ["Cedar and Elm"], "Elm"),
        ("桑洲镇", ["宁海县桑洲镇2023年报告"], ""),
        ("桑洲镇", ["大桑洲镇2023年报告"], "大桑洲镇"),
    ],
)
def test_a_heading_names_whose_report_it_is_and_nobody_else(subject: str, headings: list[str], wrong: str) -> None:
    others = {"Cedar", "Cedar Hollow", "Elm", "桑洲镇", "大桑洲镇"}
    if not wrong:
        check_subject(subject, headings, others)
        return
    with pytest.raises(WrongTownError, match=wrong):
        check_subject(subject, headings, others)


def test_a_folder_of_papermills_yaml_is_a_list(tmp_path: Path) -> None:
    root = tmp_path / "permits"
    shutil.copytree(ANALYST, root)
    project = load_project(root)
    source = SetSource(root / "params", "town", "{year}/{town}")
    sets = replace(project, params=root / "params", notebook=root / "permits.ipynb", source=source).sets
    assert sets["2024/Cedar Hollow"].values == {
        "town": "Cedar Hollow", "year": 2024, "data": "data/Cedar Hollow.csv",
    }  # fmt: skip
    assert len(sets) == 6
