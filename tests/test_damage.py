"""Damaged files: each is one outcome, told with its file and what to do, and never ends the others."""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from reportkit.batch.incremental import Plan
from reportkit.checks import check_project
from reportkit.cli.reporter import Teller
from reportkit.errors import UserError
from reportkit.kinds import load_forms
from reportkit.notebook.towns import copy_path
from reportkit.notebook.validation import NotebookError, load_notebook
from reportkit.project import Project, load_project, parameter_files
from support.damaged import MARKERS, journal_of, reasons
from support.offices import GOOD, add_town, bring, office
from support.repository import ROOT

COPY = json.loads((ROOT / "notebooks/annual_report.ipynb").read_text(encoding="utf-8"))
NOTEBOOKS = {
    "no source": ({"source": None}, "第 3 个单元格的 source 应是文字，写的是 None"),
    "a number among the lines": ({"source": ["甲", 5]}, "第 3 个单元格的 source 应是文字"),
    "an id that is no text": ({"id": 5}, "第 3 个单元格的 id 应是文字，写的是 5"),
    "metadata that are none": ({"metadata": ["甲"]}, "第 3 个单元格的 metadata 应是一组"),
    "tags that are none": ({"metadata": {"tags": 5}}, "第 3 个单元格的标签（tags）应是一列文字"),
    "a kind that is none": ({"cell_type": "heading"}, "第 3 个单元格的 cell_type 写的是 heading"),
    "attachments that are none": ({"attachments": {"a.png": 5}}, "第 3 个单元格的附件"),
}
FILES = {
    "a version that is no number": (json.dumps(COPY | {"nbformat_minor": "5"}), "nbformat_minor 应是一个小的整数"),
    "a huge version": (json.dumps(COPY | {"nbformat_minor": 10**400}), "写的是 一个很大的数"),
    "an older format": (json.dumps(COPY | {"nbformat": 3}), "nbformat 写的是 3"),
    "cells that are no list": (json.dumps(COPY | {"cells": {}}), "cells 应是一列单元格"),
    "too many cells": (json.dumps(COPY | {"cells": COPY["cells"][:1] * 3000}), "有 3000 个单元格，最多 2000 个"),
    "a kernel that is none": (json.dumps(COPY | {"metadata": {"kernelspec": [1]}}), "kernelspec 形状不对"),
    "no mapping": ("[1]", "最外层应是一组"),
    "nested too deep": (json.dumps(COPY | {"metadata": {"a": json.loads("[" * 90 + "]" * 90)}}), "层次太深"),
    "a kind nested too deep": (
        json.dumps(COPY | {"cells": [{"cell_type": json.loads("[" * 900 + "]" * 900)}]}),
        "层次太深",
    ),
    "nested far too deep": ("[" * 100_000, "层次太深"),
    "no number": ('{"a": NaN}', "有 NaN，不是 JSON 里的数"),
    "too large a number": ('{"a": 1e999}', "有 1e999，不是 JSON 里的数"),
    "too long a number": (f'{{"a": {"9" * 5000}}}', "有一个数长得不可能"),
    "the same key twice": ('{"cells": [],\n"cells": []}', "“cells”在同一处写了两次"),
    "cut off": (json.dumps(COPY, indent=1)[:900], "文件不完整，到第 "),
    "empty": ("\n", "文件是空的"),
    "git's markers": (
        '{\n"cells": [\n' + MARKERS.format('"source": "甲"', '"source": "乙"') + "]}",
        '第 3 行起是 git 合并时没有定下来的两种写法：一边（HEAD）“"source": "甲"”，另一边（other）“"source": "乙"”',
    ),
}


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("damage", NOTEBOOKS)
def test_a_cell_of_a_wrong_shape_is_named_with_what_was_found(damage):
    change, words = NOTEBOOKS[damage]
    cells = [*COPY["cells"][:2], COPY["cells"][2] | change, *COPY["cells"][3:]]
    with pytest.raises(NotebookError) as error:
        load_notebook(Path("a/甲.ipynb"), json.dumps(COPY | {"cells": cells}).encode())
    assert str(error.value).startswith("a/甲.ipynb: 不是第 4 版格式的笔记本：")
    assert words in error.value.reason
    assert "恢复" in error.value.cure


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("damage", FILES)
def test_a_file_that_is_no_notebook_is_told_with_what_was_found(damage):
    content, words = FILES[damage]
    with pytest.raises(NotebookError) as error:
        load_notebook(Path("甲.ipynb"), content.encode())
    assert words in error.value.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_a_notebook_in_another_encoding_of_all_signs_is_read(encoding):
    assert (
        load_notebook(Path("甲.ipynb"), json.dumps(COPY, ensure_ascii=False).encode(encoding))["cells"] == COPY["cells"]
    )


@pytest.mark.usefixtures("chinese")
def test_a_notebook_in_a_national_encoding_is_told_with_its_line():
    with pytest.raises(NotebookError, match="第 2 行不是 UTF-8 编码的文字"):
        load_notebook(Path("甲.ipynb"), '{"a":\n"甲"}'.encode("gb18030"))


# -- one outcome each --------------------------------------------------------------------------------------------------


def test_damaged_copies_stop_their_own_reports_and_no_others(tmp_path):
    project = office(tmp_path, *"甲乙丙丁")
    bring(project)
    for town, content in (("甲", json.dumps(COPY | {"cells": [{"source": None}]})), ("乙", "{")):
        path = copy_path(project, f"2019/宁海县/{town}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    add_town(tmp_path, "丙", GOOD + "# later\n")
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(project)}
    assert {town: outcome.status for town, outcome in outcomes.items()} == {
        "甲": "invalid", "乙": "invalid", "丙": "built", "丁": "up-to-date",
    }  # fmt: skip
    (issue,) = outcomes["甲"].issues
    assert (issue.code, issue.origin.path) == ("N3", str(copy_path(project, "2019/宁海县/甲")))
    assert not (project.dist / "2019/宁海县/甲.html").exists()  # it may say what no longer holds
    found = {
        group.name: [i.code for i in group.issues if i.severity == "error"]
        for group in check_project(project, parameter_files(project.params))
        if not group.across
    }
    assert found == {"甲": ["N3"], "乙": ["N3"], "丙": [], "丁": []}


@pytest.mark.usefixtures("chinese")
def test_a_damaged_output_is_made_again_and_kept(tmp_path):
    project = office(tmp_path, "甲", "乙")
    bring(project)
    path = project.dist / "2019/宁海县/甲.ipynb"
    good = path.read_bytes()
    nb = json.loads(good)
    nb["cells"][4]["source"] = None
    path.write_text(json.dumps(nb), encoding="utf-8")
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(project)}
    assert [outcomes[town].status for town in "甲乙"] == ["built", "up-to-date"]
    assert outcomes["甲"].reason.startswith("甲.ipynb：已经不是笔记本（不是第 4 版格式的笔记本：第 5 个单元格的 source")
    assert path.read_bytes() == good
    assert json.loads(path.with_name("甲.edited.ipynb").read_text(encoding="utf-8")) == nb


@pytest.mark.usefixtures("chinese")
def test_a_damaged_master_is_one_message_for_all(tmp_path):
    project = office(tmp_path, "甲", "乙")
    project.notebook.write_text(json.dumps(COPY | {"metadata": {"kernelspec": [1]}}), encoding="utf-8")
    with pytest.raises(
        UserError, match=r"annual_report\.ipynb: 不是第 4 版格式的笔记本：metadata 里的 kernelspec 形状不对"
    ):
        bring(project)


# -- the journal -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Project, bytes]:
    """Two reports, made once, and their journal."""
    project = office(tmp_path_factory.mktemp("office") / "x", "甲", "乙")
    bring(project)
    return project, journal_of(project).read_bytes()


@pytest.fixture
def journal(made):
    """The journal of those reports, as it was made."""
    project, good = made
    yield project, journal_of(project)
    for path in journal_of(project).parent.glob("journal*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    journal_of(project).write_bytes(good)


def execute(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * 6000)


JOURNALS: dict[str, Callable[[Path], object]] = {
    "a page": overwrite,
    "another program's table": lambda path: execute(path, "DROP TABLE report", "CREATE TABLE report (x)"),
    "a table too many": lambda path: execute(path, "CREATE TABLE more (x)"),
    "another version": lambda path: execute(path, "PRAGMA user_version = 7"),
    "inputs that are no JSON": lambda path: execute(path, "UPDATE report SET inputs = '{'"),
    "inputs that are no mapping": lambda path: execute(path, "UPDATE report SET inputs = '[]'"),
    "outputs of another shape": lambda path: execute(path, """UPDATE report SET outputs = '{".html": ["a", 1]}'"""),
    "a status that is no text": lambda path: execute(path, "UPDATE report SET status = x'00'"),
    "a name that leads out": lambda path: execute(
        path,
        "DELETE FROM report",
        "INSERT INTO report SELECT CAST('../x' AS BLOB), x'61', 'built', id, '{}', '{}' FROM environment",
    ),
    "an environment that is not there": lambda path: execute(path, "DELETE FROM environment"),
    "a folder in its place": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", JOURNALS)
def test_a_damaged_journal_is_put_aside_and_everything_is_made_again(journal, damage):
    project, path = journal
    assert reasons(project) == ("", ["", ""])
    JOURNALS[damage](path)
    note, why = reasons(project)
    assert note.endswith("journal.sqlite: damaged, so everything is made again; kept as journal.damaged.sqlite")
    assert (why, path.with_name("journal.damaged.sqlite").exists()) == (["new", "new"], True)
    overwrite(path)
    assert reasons(project)[0].endswith("kept as journal.damaged1.sqlite")
    assert reasons(project) == ("", ["new", "new"])


def test_a_page_changed_by_hand_is_kept_also_where_the_journal_was_lost(tmp_path):
    project = office(tmp_path, "甲", "乙")
    bring(project)
    page = project.dist / "2019/宁海县/甲.html"
    good = page.read_bytes()
    page.write_bytes(good + b"by hand")
    overwrite(journal_of(project))
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(project)}
    assert [outcome.status for outcome in outcomes.values()] == ["built", "built"]
    assert "甲.html was changed by hand" in outcomes["甲"].reason
    assert "by hand" not in outcomes["乙"].reason
    assert page.read_bytes() == good
    assert page.with_name("甲.edited.html").read_bytes() == good + b"by hand"


def test_a_report_that_cannot_leave_does_not_keep_the_others_from_being_made(tmp_path, capsys):
    project = office(tmp_path, "甲", "乙")
    bring(project)
    project.file_of("2019/宁海县/甲").unlink()
    add_town(tmp_path, "乙", GOOD + "# later\n")
    (tmp_path / ".reportkit").mkdir()
    (tmp_path / ".reportkit/withdrawn").write_text("a file where a folder is needed")
    plans: list[Plan] = []
    outcomes = bring(project, covered=[project.params], announce=plans.append)
    assert [outcome.status for outcome in outcomes] == ["built"]
    (told,) = plans[0].stuck
    assert told.startswith("params/2019/宁海县/甲.yaml is gone, but its report cannot leave: ")
    with Teller(project, why=False, log=None) as teller:
        teller.announce(plans[0])
        teller.tell(outcomes[0])
        assert not teller.all_well
    assert told in capsys.readouterr().out
    (tmp_path / ".reportkit/withdrawn").unlink()
    assert bring(project, covered=[project.params])
    assert not (project.dist / "2019/宁海县/甲.html").exists()


# -- forms -------------------------------------------------------------------------------------------------------------

OWN = "{edition: 季报, years: [2019, null], title: 甲, sections: [{key: overview, heading: 一、概况}]}"


def test_a_form_that_cannot_be_used_stops_only_the_reports_that_name_it(tmp_path):
    office(tmp_path, "甲", "乙")
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/own.yaml").write_text(OWN.removesuffix("}"), encoding="utf-8")
    (tmp_path / "forms/folder.yaml").mkdir()
    (tmp_path / "reportkit.toml").write_text("[waivers]\nQ1 = '季报的规则'\n", encoding="utf-8")
    project = load_project(tmp_path)
    path = project.file_of("2019/宁海县/甲")
    path.write_text("edition: 季报\nyear: 2019\njurisdiction: 甲\nvisits: 1\n", encoding="utf-8")
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(project)}
    assert {town: outcome.status for town, outcome in outcomes.items()} == {"甲": "invalid", "乙": "built"}
    (issue,) = outcomes["甲"].issues
    assert (issue.code, issue.origin.place) == ("Y12", "1")
    assert "forms/own.yaml" in issue.message
    told = [
        (group.name, issue.severity)
        for group in check_project(project, parameter_files(project.params))
        for issue in group.issues
        if issue.code == "Y12"
    ]
    assert told == [("folder", "warning"), ("季报", "warning"), ("甲", "error")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: 甲", "title: 12", "title is a text in quotes, found 12"),
        ("title: 甲", 'title: "{town}{year}"', "own.yaml:1: title can have {year} and {jurisdiction} in braces, found {town}"),
        ("[2019, null]", "[2019]", "own.yaml:1: years are two numbers, the last one can be null, found [2019]"),
        ("[2019, null]", "[a, b]", "years are two numbers"),
        ("sections: [", "tables: [{key: t, blocks: [{columns: [], rows: []}]}], sections: [{key: t, heading: 二, table: t},", "own.yaml:1: table t: block 1: columns is a list, and not an empty one, found []"),
        ("sections: [", "tables: [{key: t, blocks: [{columns: [{label: a, key: a}], rows: [{label: a, key: a}, {label: b, key: a}]}]}], sections: [{key: t, heading: 二, table: t},", "have the same key"),
        ("sections: [", "tables: [{key: t, blocks: [{rows: [{label: a, key: a}], columns: [&c {label: a, children: [*c]}]}]}], sections: [{key: t, heading: 二, table: t},", "its own child"),
        (OWN, MARKERS.format(OWN, OWN), "own.yaml:1: from line 1 on git has left two versions to choose from"),
    ],
)  # fmt: skip
def test_a_form_of_a_wrong_shape_is_told_when_it_is_read(tmp_path, old, new, words):
    assert load_forms(tmp_path).broken == []
    (tmp_path / "own.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    (broken,) = load_forms(tmp_path).broken
    assert words in broken.reason
