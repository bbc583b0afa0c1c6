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
from support.repository import ROOT

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


@pytest.mark.parametrize("towns", [3, pytest.param(6, marks=pytest.mark.slow)])
def test_all_reports_are_built_by_one_command_from_an_untouched_notebook(tmp_path: Path, towns: int) -> None:
    root = tmp_path / "permits"
    shutil.copytree(ANALYST, root)
    lines = (root / "towns.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 7
    (root / "towns.csv").write_text("".join(lines[: towns + 1]), encoding="utf-8")
    words = ("build", "towns.csv", "--notebook", "permits.ipynb", "--output", "{year}/{town}", "--subject", "town")
    first = reportkit(root, *words, "--to", "html", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith(f"{towns} built")
    rows = [row.split(",")[0] for row in lines[1 : towns + 1]]
    assert sorted(path.stem for path in (root / "dist/2024").glob("*.html")) == sorted(rows)
    assert "The town issued <strong>" in page(root, "2024/Cedar Hollow")
    assert 'src="data:image/png' in page(root, "2024/Cedar Hollow")
    again = reportkit(root, *words, "--to", "html", "--jobs", "1")
    assert again.stdout.splitlines()[-1].startswith(f"{towns} up to date")


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


def without_ids(folder: Path, *first: str) -> None:
    """Write the master as editors do that know no ids, with these Markdown cells after its title."""
    path = folder / "permits.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    cells = [{name: value for name, value in cell.items() if name != "id"} for cell in nb["cells"]]
    new = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in first]
    path.write_text(json.dumps({**nb, "cells": [cells[0], *new, *cells[1:]], "nbformat_minor": 2}), encoding="utf-8")


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_an_edit_stays_with_its_cell_where_cells_have_no_ids_and_others_come_above_it(folder: Path, when: str) -> None:
    project_at(folder)
    without_ids(folder)
    built(folder)
    made = folder / "dist/2024/Alderbrook.ipynb"
    nb = json.loads(made.read_text(encoding="utf-8"))
    nb["cells"][0]["source"] = "# Building permits, ours"
    nb["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": "The last word."})
    heading = next(cell for cell in nb["cells"] if "## {town}" in "".join(cell["source"]))
    heading["source"] = ["".join(heading["source"]).replace("## {town}", "## Town of {town}")]
    made.write_text(json.dumps(nb), encoding="utf-8")
    if when == "before":
        built(folder)
    without_ids(folder, "From the office.", "And more.")
    assert set(statuses(built(folder)).values()) == {"built"}
    shown = page(folder, "2024/Alderbrook")
    texts = ["Building permits, ours</h1>", "From the office.", "And more.", "Town of Alderbrook", "The last word."]
    places = [shown.find(text) for text in texts]
    assert places == sorted(places)
    assert min(places) > 0
    assert "Town of" not in page(folder, "2024/Birchfield")
    assert set(statuses(built(folder)).values()) == {"up-to-date"}


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


def test_where_a_list_is_known_from_options_alone_commands_for_edits_say_how_to_write_it_down(folder: Path) -> None:
    for words in (["resolve", "Alderbrook", "--ours"], ["edit", "Alderbrook", "--no-open"], ["diff", "Alderbrook"]):
        done = reportkit(folder, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert 'a line for each (kind = "notebook", notebook = "…", params = "…"' in done.stderr
    shutil.copy(ROOT / "params/2019/宁海县/桑洲镇.yaml", folder)
    assert reportkit(folder, "diff", "桑洲镇.yaml").returncode == 0
    project_at(folder)
    assert reportkit(folder, "diff", "Alderbrook").stdout == "2024/Alderbrook: no cell differs from the master\n"


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
    head, first, second, *_ = (folder / "towns.csv").read_text(encoding="utf-8").splitlines()
    (folder / "towns.csv").write_text(f"{head}\n{first}\n{second}\n", encoding="utf-8")
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
        pytest.param(["-b", "eWVhcjogMjAyNQ=="], {"year": 2025}, marks=pytest.mark.slow),
        pytest.param(
            ["--parameters", "year", "2025", "-p", "town", "-5"], {"year": 2025, "town": "-5"}, marks=pytest.mark.slow
        ),
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


def test_two_notebooks_over_one_list_leave_each_other_s_reports_alone(folder: Path) -> None:
    shutil.copy(folder / "permits.ipynb", folder / "summary.ipynb")
    other = CONFIG.replace("permits.ipynb", "summary.ipynb").replace("{year}/", "summary/")
    project_at(folder)
    assert statuses(built(folder)) == {f"2024/{town}": "built" for town in TOWNS}
    project_at(folder, other)
    assert statuses(built(folder)) == {f"summary/{town}": "built" for town in TOWNS}
    assert [page(folder, f"{place}/{town}")[:9] for place in ("2024", "summary") for town in TOWNS] == ["<!doctype"] * 6
    manifest = (folder / "dist/MANIFEST.sha256").read_text(encoding="utf-8")
    assert manifest.count(".html") == 6

    rows = (folder / "towns.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "towns.csv").write_text("".join(rows[:3]), encoding="utf-8")
    assert set(statuses(built(folder)).values()) == {"up-to-date"}
    there = sorted(path.relative_to(folder / "dist").as_posix() for path in folder.glob("dist/*/*.html"))
    assert there == [*(f"2024/{town}.html" for town in TOWNS), *(f"summary/{town}.html" for town in TOWNS[:2])]
    (folder / "permits.ipynb").unlink()  # with its notebook, a report has nothing any more that it could be made from
    assert set(statuses(built(folder)).values()) == {"up-to-date"}
    assert sorted(path.stem for path in folder.glob("dist/2024/*.html")) == []
