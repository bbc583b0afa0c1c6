"""A project made by `reportkit init`, and its master brought up to a later version by `reportkit update`."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportkit.cli import app
from reportkit.errors import UserError
from reportkit.files import History
from reportkit.kinds import shipped_names
from reportkit.notebook.cells import cells_of
from reportkit.project import find_project, load_project
from reportkit.project.config import Config, read_config
from reportkit.project.masters import PACKAGED_NOTEBOOK
from reportkit.skeletons import begin, contents, go_back, master_update, new_project, update_master
from support.commands import reportkit
from support.repository import ROOT

MASTER = "notebooks/annual_report.ipynb"
PAGES = {
    "ogi": ["2025/样例县/样例镇"], "notebook": ["2025/Larkmoor", "2025/Pinewick", "2025/Stonebrook Vale"],
    "blank": ["2025/Sample County/Sampleton"], "rule-of-law": ["2025/样例县/样例镇"], "town-report": ["2025/Alder Falls"], "budget": ["2025/样例县/样例镇"],
}  # fmt: skip
EVERY_DAY = ("ogi", "notebook", "town-report")
"""The kinds whose new project is built; of the others it is checked in tests/test_shipped_kinds.py."""


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in EVERY_DAY else pytest.mark.slow) for kind in shipped_names()]
)
def test_a_new_project_checks_clean_and_is_built_at_once(tmp_path: Path, kind: str) -> None:
    made = reportkit(tmp_path, "init", "office", "--kind", kind)
    assert (made.returncode, "cd office && reportkit build" in made.stderr) == (0, True)
    root = tmp_path / "office"
    assert set(made.stdout.splitlines()) == {f"office/{name}" for name in tree(root)}
    check = reportkit(root, "check")
    assert (check.returncode, re.findall(r" (?:error|warning|note) ", check.stdout)) == (0, [])
    build = reportkit(root, "build", "--to", "html", "--jobs", "1")
    assert build.returncode == 0, build.stdout + build.stderr
    assert build.stdout.splitlines()[-1].startswith(f"{len(PAGES[kind])} built")
    assert sorted(path.stem for path in (root / "dist").rglob("*.html")) == sorted(
        Path(name).name for name in PAGES[kind]
    )
    assert "warning" not in build.stdout + build.stderr


def test_the_current_folder_is_taken_where_none_is_named(tmp_path: Path) -> None:
    made = reportkit(tmp_path, "init", "--kind", "notebook")
    assert (made.returncode, made.stderr.splitlines()[-1].endswith("go on with: reportkit build")) == (0, True)
    assert (tmp_path / "reportkit.toml").is_file()


def test_what_a_build_makes_is_left_out_by_version_control(tmp_path: Path) -> None:
    begin(str(tmp_path), "ogi")
    lines = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"dist/", ".reportkit/", ".reportkit-*.part"} <= set(lines)


@pytest.mark.parametrize("kind", shipped_names())
def test_the_settings_explain_each_key_and_hold_as_comments_say(tmp_path: Path, kind: str) -> None:
    begin(str(tmp_path), kind)
    text = (tmp_path / "reportkit.toml").read_text(encoding="utf-8")
    config = read_config(tmp_path / "reportkit.toml")
    assert config.kind == kind
    keys = re.findall(r"^(?:# )?(?:\[(\w+)\]$|(\w+) = )", text, re.MULTILINE)
    assert {*Config.__struct_fields__} <= {first or second for first, second in keys}
    all_in = "\n".join(re.sub(r"^# (?=\[?\w+\]?(?: = |$))", "", line) for line in text.splitlines())
    (tmp_path / "all.toml").write_text(all_in, encoding="utf-8")
    whole = read_config(tmp_path / "all.toml")
    assert set(tomllib.loads(all_in)) == set(Config.__struct_fields__)
    assert (whole.params, whole.notebook, whole.dist) == (config.params, config.notebook, config.dist)


def test_the_words_are_in_the_language_of_the_person(tmp_path: Path) -> None:
    made = reportkit(tmp_path, "init", "a", LANGUAGE="", LC_ALL="zh_CN.UTF-8")
    assert "下一步" in made.stderr
    for name, words in {"README.md": "运行两条命令", "reportkit.toml": "母版", ".gitignore": "重新生成"}.items():
        assert words in (tmp_path / "a" / name).read_text(encoding="utf-8")
    readme = (tmp_path / "a/README.md").read_text(encoding="utf-8")
    assert re.findall(r"^reportkit \w+", readme, re.MULTILINE) == ["reportkit check", "reportkit build"]


def test_a_new_master_is_the_samples_own(tmp_path: Path) -> None:
    begin(str(tmp_path), "ogi")
    nb = json.loads((tmp_path / MASTER).read_text(encoding="utf-8"))
    cell = next(cell for cell in nb["cells"] if "parameters" in cell["metadata"].get("tags", ()))
    assert 'year = 2025\njurisdiction = "样例县/样例镇"' in "".join(cell["source"])
    sample = (tmp_path / "params/2025/样例县/样例镇.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+镇(?=\b|人民政府)", sample)) == {"样例镇"}


@pytest.mark.parametrize("there", ["reportkit.toml", MASTER, "README.md"])
def test_a_file_of_the_same_name_is_named_and_nothing_is_written(tmp_path: Path, there: str) -> None:
    path = tmp_path / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    made = reportkit(tmp_path, "init")
    assert (made.returncode, made.stdout) == (2, "")
    assert there in made.stderr
    assert "nothing was written" in made.stderr
    assert tree(tmp_path) == {there: b"mine"}


@pytest.mark.parametrize("there", ["params", ".", "notebooks"])
def test_a_file_in_the_place_of_a_folder_is_named_too(tmp_path: Path, there: str) -> None:
    root = tmp_path / "office"
    if there != ".":
        root.mkdir()
    (root / there).write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        begin(str(root), "ogi")
    assert list(tree(tmp_path).values()) == [b"mine"]


def test_a_link_that_leads_nowhere_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "gone")
    with pytest.raises(UserError, match=r"README\.md: is there already"):
        begin(str(tmp_path), "notebook")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("last", range(len(contents("ogi"))))
def test_a_write_that_fails_midway_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int, error: BaseException
) -> None:
    (tmp_path / "own.txt").write_text("mine")
    write, left = new_project.write_whole, [*range(last)]

    def failing(path: Path, content: bytes, **options: Any) -> None:
        if not left:
            raise error
        left.pop()
        write(path, content, **options)

    monkeypatch.setattr(new_project, "write_whole", failing)
    with pytest.raises(type(error)):
        begin(str(tmp_path / "new/office"), "ogi")
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]
    assert tree(tmp_path) == {"own.txt": b"mine"}


def test_what_somebody_writes_meanwhile_stays_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = new_project.write_whole

    def beaten(path: Path, content: bytes, **options: Any) -> None:
        if path.name == "README.md":
            path.write_text("theirs")
        write(path, content, **options)

    monkeypatch.setattr(new_project, "write_whole", beaten)
    with pytest.raises(UserError, match=r"README\.md: is there already"):
        begin(str(tmp_path), "ogi")
    assert tree(tmp_path) == {"README.md": b"theirs"}


def test_a_project_within_another_is_told(tmp_path: Path) -> None:
    begin(str(tmp_path), "ogi")
    made = reportkit(tmp_path, "init", "inner", "--kind", "notebook")
    assert made.returncode == 0
    assert f"inner lies in the project {tmp_path}" in made.stderr
    assert find_project(tmp_path / "inner").root == tmp_path / "inner"


@pytest.mark.parametrize(("words", "said"), [(["--kind", "ogy"], "no kind ogy"), (["s3://b/office"], "is an address")])
def test_a_kind_or_a_place_that_is_none_is_told(tmp_path: Path, words: list[str], said: str) -> None:
    made = reportkit(tmp_path, "init", *words)
    assert (made.returncode, said in made.stderr, tree(tmp_path)) == (2, True, {})


def test_the_kinds_are_listed(tmp_path: Path) -> None:
    lines = reportkit(tmp_path, "kinds").stdout.splitlines()
    assert lines == [
        "blank        A form of your own; comes with reportkit",
        "budget       部门预算公开; forms: 部门预算; comes with reportkit",
        "notebook     Any notebook; comes with reportkit",
        "ogi          政府信息公开工作年度报告; forms: 2019, 2021; comes with reportkit",
        "rule-of-law  法治政府建设年度报告; forms: 法治政府; comes with reportkit",
        "town-report  Annual report of a town; forms: town-report; comes with reportkit",
    ]
    listed = json.loads(reportkit(tmp_path, "kinds", "--format", "json").stdout)
    assert [(one["name"], one["forms"], one["source"]) for one in listed] == [
        ("blank", [], "reportkit"), ("budget", ["部门预算"], "reportkit"), ("notebook", [], "reportkit"), ("ogi", ["2019", "2021"], "reportkit"),
        ("rule-of-law", ["法治政府"], "reportkit"), ("town-report", ["town-report"], "reportkit"),
    ]  # fmt: skip


def test_the_starting_files_go_into_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert wheel["packages"] == ["src/reportkit"]
    assert wheel["force-include"] == {
        f"notebooks/{name}.ipynb": f"reportkit/notebooks/{name}.ipynb" for name in ("annual_report", "workbench")
    }


# The master.


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the kind ogi, with the current folder in it."""
    root = tmp_path / "office"
    begin(str(root), "ogi")
    monkeypatch.chdir(root)
    return root


def sources(path: Path) -> dict[str, str]:
    return {cell.id: cell.source for cell in cells_of(json.loads(path.read_text(encoding="utf-8")))}


def rewritten(path: Path, changed: Mapping[str, str], into: Path | None = None) -> Path:
    """The notebook with other sources in some cells; a cell that it has not comes last."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        cell["source"] = changed.get(cell["id"], cell["source"])
    new = changed.keys() - {cell["id"] for cell in nb["cells"]}
    nb["cells"] += [{"cell_type": "markdown", "id": name, "metadata": {}, "source": changed[name]} for name in new]
    (into or path).write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")
    return into or path


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A later version of the packaged master: one sentence otherwise, one parameter more."""
    cells = sources(PACKAGED_NOTEBOOK)
    new = {
        "overview-platform": "%%narrative overview platform\n平台有了新的栏目。",
        "parameters": cells["parameters"] + "\nlogo = None",
    }
    later = rewritten(PACKAGED_NOTEBOOK, new, tmp_path / "later.ipynb")
    monkeypatch.setattr(master_update, "packaged_master", lambda _kind: later)
    return tmp_path / "later.ipynb"


def ran(*words: str) -> int:
    """The exit code of a command that is run in this process."""
    return int(app([*words], standalone_mode=False) or 0)


def test_a_master_of_the_packaged_version_is_left_alone(office: Path) -> None:
    before = tree(office)
    done = reportkit(office, "update")
    assert (done.returncode, "nothing to do" in done.stdout, tree(office)) == (0, True, before)
    rewritten(office / MASTER, {"other-nothing": "%%narrative other nothing\n没有。"})
    before = tree(office)
    done = reportkit(office, "update")
    assert (done.returncode, "nothing to do" in done.stdout, tree(office)) == (0, True, before)


@pytest.mark.usefixtures("later")
def test_what_the_office_has_changed_stays_and_what_is_new_comes(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"other-nothing": "%%narrative other nothing\n没有别的事项。", "own": "我们的一段"}
    before = rewritten(office / MASTER, own).read_bytes()
    assert ran("update") == 0
    said = capsys.readouterr().out
    assert "parameters, overview-platform; reportkit update --undo" in said
    after = sources(office / MASTER)
    assert {name: after[name] for name in own} == own
    assert "平台有了新的栏目。" in after["overview-platform"]
    assert after["parameters"].startswith('edition = ""')
    assert 'jurisdiction = "样例县/样例镇"' in after["parameters"]
    assert after["parameters"].endswith("\nlogo = None")
    tagged = [
        cell.id
        for cell in cells_of(json.loads((office / MASTER).read_bytes()))
        if "parameters" in cell.metadata.get("tags", ())
    ]
    assert tagged == ["parameters"]

    assert ran("update") == 0
    assert "nothing to do" in capsys.readouterr().out

    kept = History(office, office / MASTER)
    assert kept.content(kept.steps[0]) == before
    assert ran("update", "--undo") == 0
    assert (office / MASTER).read_bytes() == before
    with pytest.raises(UserError, match="no earlier version"):
        go_back(load_project(office))


@pytest.mark.usefixtures("later")
def test_a_conflict_stands_between_marks_and_stops_the_reports_until_it_is_settled(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "%%narrative overview platform\n平台由县里统一建设。"
    rewritten(office / MASTER, {"overview-platform": own})
    (office / "params/2025/样例县/样例镇.yaml").write_text(
        re.sub(
            r"\nnarrative:.*",
            "",
            (office / "params/2025/样例县/样例镇.yaml").read_text(encoding="utf-8"),
            flags=re.DOTALL,
        ),
        encoding="utf-8",
    )
    assert ran("update") == 1
    said = capsys.readouterr().out
    assert "cell overview-platform is in conflict" in said
    torn = sources(office / MASTER)["overview-platform"]
    assert "平台由县里统一建设。" in torn
    assert "平台有了新的栏目。" in torn
    assert "<<<<<<< ours the text of this project" in torn

    build = reportkit(office, "build", "--to", "html", "--jobs", "1")
    assert build.returncode == 1
    assert "<<<<<<<" in build.stdout + build.stderr
    assert not list((office / "dist").rglob("*.html"))
    with pytest.raises(UserError, match="cells overview-platform are in conflict"):
        update_master(load_project(office))

    rewritten(office / MASTER, {"overview-platform": own})
    assert update_master(load_project(office)).cells == []
    assert reportkit(office, "build", "--to", "html", "--jobs", "1").returncode == 0


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("break_it", [lambda about: about.clear(), lambda about: about.update(digest="0")])
def test_a_master_without_a_record_is_left_alone_and_told(office: Path, break_it: Any) -> None:
    nb = json.loads((office / MASTER).read_text(encoding="utf-8"))
    break_it(nb["metadata"]["reportkit"])
    (office / MASTER).write_text(json.dumps(nb), encoding="utf-8")
    before = tree(office)
    with pytest.raises(UserError, match=r"does not say which version [\s\S]*reportkit init FOLDER"):
        update_master(load_project(office))
    assert tree(office) == before


def test_a_project_without_a_master_of_its_own_has_the_packaged_one(office: Path) -> None:
    (office / MASTER).unlink()
    done = reportkit(office, "update")
    assert (done.returncode, "nothing to do" in done.stdout) == (0, True)


def test_a_notebook_of_ones_own_has_no_later_version(tmp_path: Path) -> None:
    begin(str(tmp_path), "notebook")
    done = reportkit(tmp_path, "update")
    assert (done.returncode, "a notebook of your own" in done.stderr) == (2, True)


def test_a_town_copy_of_a_new_master_is_the_towns(office: Path) -> None:
    """The record of the master is no mark of a town."""
    assert reportkit(office, "edit", "样例镇", "--no-open").returncode == 0
    nb = json.loads((office / "notebooks/towns/2025/样例县/样例镇.ipynb").read_text(encoding="utf-8"))
    assert nb["metadata"]["reportkit"]["town"] == "2025/样例县/样例镇"
    assert reportkit(office, "status", "--edits").returncode == 0
