"""Whose project it is, which project the named files are of, and which files a project has."""

import json
import os
import shutil
import socket
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportkit.batch import run as make_all
from reportkit.batch.incremental import update
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import Settings
from reportkit.checks import check_project, sums_of
from reportkit.cli import app
from reportkit.errors import FormError, ReaderError, UserError
from reportkit.files import ownership
from reportkit.files.locations import location
from reportkit.kinds import load_forms
from reportkit.notebook import notebook_bytes
from reportkit.notebook.towns import copy_path, make_copy, strays, towns_with_copies
from reportkit.project import find_project, jobs_of, load_project, plan, project_of, select, selected
from reportkit.workbench.desks import open_workbench
from support.languages import speaking
from support.offices import Here, add_town, bring, office
from support.repository import ROOT

STRANGER = 64_321
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
POSIX = pytest.mark.skipif(os.name != "posix", reason="other rights, links and pipes")
pytestmark = POSIX


@pytest.fixture(autouse=True)
def nothing_is_safe(monkeypatch, tmp_path):
    """No folder is listed as safe, whatever the machine's own settings are."""
    monkeypatch.delenv("REPORTKIT_SAFE", raising=False)
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(params=["given away", "pretended"])
def give(request, monkeypatch):
    """Give files and folders to another user."""
    if request.param == "given away":
        if not IS_ROOT:
            pytest.skip("only root can give files away")
        return lambda *paths, to=STRANGER: [os.chown(path, to, to, follow_symlinks=False) for path in paths]
    given, owner = {}, ownership.owner

    def seen(path, *, follow=True):
        place = Path(os.path.realpath(path)) if follow else Path(path).absolute()
        return given.get(place, owner(path, follow=follow))

    monkeypatch.setattr(ownership, "owner", seen)
    return lambda *paths, to=STRANGER: given.update((Path(path).absolute(), to) for path in paths)


@pytest.fixture
def county(tmp_path):
    """A project with one town, and an empty folder in it."""
    project = office(tmp_path / "office", "甲镇")
    (project.root / "桌面").mkdir()
    return project


def told(call, *arguments) -> str:
    with pytest.raises(UserError) as error:
        call(*arguments)
    return str(error.value)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, done.output


# Whose it is


def test_a_project_of_another_user_is_refused_from_wherever_it_is_called(county, give, monkeypatch):
    give(county.root)
    for call in (
        lambda: find_project(county.root / "桌面"),
        lambda: load_project(county.root),
        lambda: project_of([county.params / "2019"]),
        lambda: open_workbench(county.root),
    ):
        words = told(call)
        assert f"{county.root} belongs to user {STRANGER}, not to you" in words
        assert "REPORTKIT_SAFE" in words
        assert "config/reportkit/safe" in words
    monkeypatch.chdir(county.root / "桌面")
    for command in (["check"], ["build"], ["status"], ["rules"], ["edit", "甲镇"], ["preview", "甲镇"]):
        assert "belongs to" in told(run, *command)


def test_a_folder_with_nothing_of_a_project_may_be_anybodys(tmp_path, give):
    (tmp_path / "shared/mine").mkdir(parents=True)
    give(tmp_path / "shared")
    assert find_project(tmp_path / "shared/mine").root == tmp_path / "shared/mine"
    (tmp_path / "shared/params").mkdir()
    assert "reportkit.toml is one" in told(find_project, tmp_path / "shared/mine")
    (tmp_path / "shared/mine/reportkit.toml").touch()
    assert find_project(tmp_path / "shared/mine").root == tmp_path / "shared/mine"


@pytest.mark.parametrize("name", ["reportkit.toml", "notebooks/annual_report.ipynb"])
def test_settings_and_masters_that_another_user_has_put_into_my_project_are_refused(county, give, name):
    (county.root / name).touch()
    give(county.root / name)
    assert f"{county.root / name} belongs to user {STRANGER}" in told(load_project, county.root)


def test_a_master_is_refused_where_no_project_is(tmp_path, give):
    (tmp_path / "notebooks").mkdir()
    master = tmp_path / "notebooks/annual_report.ipynb"
    shutil.copy(ROOT / "notebooks/annual_report.ipynb", master)
    assert load_project(tmp_path).notebook == master
    give(master)
    assert "belongs to" in told(load_project, tmp_path)


def test_a_strangers_notebook_is_not_run_where_it_is_named_either(tmp_path, give):
    from reportkit.cli.any_notebook import Wanted, with_sets

    notebook = tmp_path / "notebook.ipynb"
    notebook.write_bytes(notebook_bytes({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    wanted = Wanted(str(notebook), subject="town")
    assert with_sets(load_project(tmp_path), [tmp_path / "towns.csv"], wanted).source
    give(notebook)
    with pytest.raises(UserError, match=r"notebook\.ipynb belongs to"):
        with_sets(load_project(tmp_path), [tmp_path / "towns.csv"], wanted)


def test_a_link_to_a_strangers_master_is_refused(county, give, tmp_path):
    theirs = tmp_path / "theirs.ipynb"
    county.notebook.rename(theirs)
    county.notebook.symlink_to(theirs)
    assert load_project(county.root).notebook == county.notebook
    give(theirs)
    assert "belongs to" in told(load_project, county.root)


def test_a_form_of_another_user_is_refused(county, give):
    form = county.root / "forms/own.yaml"
    form.parent.mkdir()
    text = (ROOT / "src/reportkit/kinds/ogi/forms/ogi-2021.yaml").read_text(encoding="utf-8")
    form.write_text(text.replace('edition: "2021"', "edition: own", 1), encoding="utf-8")
    assert "own" in load_project(county.root).forms
    give(form)
    assert "belongs to" in told(lambda: load_project(county.root).forms)


def test_the_copy_of_a_town_that_another_user_put_there_fails_that_town_alone(county, give):
    add_town(county.root, "乙镇")
    make_copy(county, "2019/宁海县/乙镇", county.read(county.file_of("2019/宁海县/乙镇")))
    assert {outcome.job.params.stem: outcome.status for outcome in bring(county)} == {"甲镇": "built", "乙镇": "built"}
    give(copy_path(county, "2019/宁海县/乙镇"))
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(county, force=True)}
    assert {name: outcome.status for name, outcome in outcomes.items()} == {"甲镇": "built", "乙镇": "invalid"}
    assert "不属于您" in outcomes["乙镇"].errors[0].message
    words = [str(issue) for one in check_project(county, [county.find(2019, "乙镇")]) for issue in one.issues]
    assert [word for word in words if "N3" in word and "不属于您" in word]


def test_edits_in_an_output_of_another_user_are_not_taken_over(county, give):
    bring(county)
    output = county.dist / "2019/宁海县/甲镇.ipynb"
    nb = json.loads(output.read_text(encoding="utf-8"))
    nb["cells"][-1]["source"] = "open('here', 'w')"
    output.write_bytes(notebook_bytes(nb))
    give(output)
    (outcome,) = bring(county)
    assert (outcome.status, "belongs to" in outcome.reason) == ("failed", True)
    assert (towns_with_copies(county), (county.root / "here").exists()) == ([], False)


def test_a_module_of_another_user_is_not_imported(county, give):
    module = county.root / "our_words.py"
    module.write_text("open('ran', 'w').close()\n", encoding="utf-8")
    nb = json.loads(county.notebook.read_text(encoding="utf-8"))
    nb["cells"].insert(
        1, {"cell_type": "code", "id": "own", "metadata": {}, "source": "import our_words", "outputs": []}
    )
    county.notebook.write_text(json.dumps(nb), encoding="utf-8")
    give(module)
    (outcome,) = bring(county)
    assert outcome.status == "failed"
    assert f"{module} belongs to user {STRANGER}" in outcome.reason
    assert not (county.root / "ran").exists()


@pytest.mark.parametrize(
    ("listed", "trusted"),
    [("{root}", True), ("*", True), ("{above}/*", True), ("/elsewhere:{root}", True), ("{above}", False), ("", False)],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_folder_can_be_listed_as_safe(county, give, monkeypatch, tmp_path, listed, trusted, place):
    give(county.root, county.notebook)
    text = listed.format(root=county.root, above=county.root.parent)
    if place == "environment":
        monkeypatch.setenv("REPORTKIT_SAFE", text)
    else:
        (tmp_path / "config/reportkit").mkdir(parents=True)
        lines = ["# folders of the office", *text.split(":")]
        (tmp_path / "config/reportkit/safe").write_text("\n".join(lines), encoding="utf-8")
    if trusted:
        assert find_project(county.root / "桌面").notebook == county.notebook
    else:
        assert "belongs to" in told(find_project, county.root / "桌面")


def test_a_list_of_safe_folders_that_another_user_made_is_none(county, give, tmp_path):
    safe = tmp_path / "config/reportkit/safe"
    safe.parent.mkdir(parents=True)
    safe.write_text("*\n", encoding="utf-8")
    give(county.root)
    assert find_project(county.root).root == county.root
    give(safe)
    assert "belongs to" in told(find_project, county.root)


def test_a_safe_folder_is_a_whole_path(county, give, monkeypatch):
    give(county.root)
    monkeypatch.setenv("REPORTKIT_SAFE", "office")
    assert "whole path" in told(find_project, county.root)


def test_under_sudo_the_caller_is_trusted_as_root_is(county, give, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    give(county.root, county.notebook)
    assert "belongs to" in told(find_project, county.root)
    monkeypatch.setenv("SUDO_UID", str(STRANGER))
    assert find_project(county.root).root == county.root
    monkeypatch.setattr(os, "geteuid", lambda: 1234)  # who can say whatever they like
    assert "belongs to" in told(find_project, county.root)


def test_of_roots_own_files_the_folder_is_asked_about_and_single_files_are_not(county, give, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    give(county.root, to=1234)
    give(county.notebook, to=0)
    assert load_project(county.root).root == county.root
    give(county.root, to=0)
    assert "belongs to root" in told(load_project, county.root)


def test_without_owners_every_project_is_the_persons(county, give, monkeypatch):
    give(county.root, county.notebook)
    monkeypatch.delattr(os, "geteuid")
    assert find_project(county.root).root == county.root


def test_the_border_of_a_file_system_is_no_way_up(county, monkeypatch):
    mounted = county.root / "桌面"
    monkeypatch.setattr("reportkit.project.root._device", lambda path: int(path.is_relative_to(mounted)))
    assert "on another file system" in told(find_project, mounted)
    assert find_project(county.root).root == county.root
    monkeypatch.setenv("REPORTKIT_SAFE", str(county.root))
    assert find_project(mounted).root == county.root
    monkeypatch.delenv("REPORTKIT_SAFE")
    (mounted / "params").mkdir()
    assert find_project(mounted).root == mounted


# Which project


@pytest.fixture
def elsewhere(county, tmp_path, monkeypatch):
    """The current folder is no project; the county's master, settings and forms are its own."""
    (county.root / "reportkit.toml").write_text('dist = "成品"\n', encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return load_project(county.root)


@pytest.mark.parametrize("name", ["params", "params/2019", "params/2019/宁海县/甲镇.yaml", "", "params/2019/没有.yaml"])
def test_the_project_is_that_of_the_named_files(elsewhere, name):
    assert project_of([elsewhere.root / name]) == elsewhere
    assert project_of([location(os.path.relpath(elsewhere.root / name))]) == elsewhere


def test_reports_go_where_the_project_of_their_files_says(elsewhere):
    (job,) = plan(project_of([elsewhere.params]), [elsewhere.params], ["html"])
    assert job.target == elsewhere.root / "成品/2019/宁海县/甲镇"


def test_files_of_two_projects_are_refused(elsewhere, tmp_path, monkeypatch):
    other = office(tmp_path / "other", "乙镇")
    words = told(project_of, [elsewhere.params, other.params])
    assert "2 projects" in words
    assert str(other.root) in words
    monkeypatch.chdir(other.root)
    assert project_of([elsewhere.params]) == elsewhere
    (tmp_path / "elsewhere/丁镇.yaml").touch()
    assert project_of([tmp_path / "elsewhere/丁镇.yaml"]) == other  # as the current folder is the only one to ask
    assert "2 projects" in told(project_of, [elsewhere.params, tmp_path / "elsewhere/丁镇.yaml"])


def test_a_strangers_project_around_me_is_no_matter_if_the_files_are_mine(elsewhere, tmp_path, give):
    (tmp_path / "elsewhere/params").mkdir()
    give(tmp_path / "elsewhere")
    assert project_of([elsewhere.params]) == elsewhere
    assert "belongs to" in told(project_of, [])


def test_params_that_settings_put_elsewhere_are_the_projects(county, tmp_path, monkeypatch):
    shutil.move(county.params, tmp_path / "数据/params")
    (county.root / "reportkit.toml").write_text('params = "../数据/params"\n', encoding="utf-8")
    monkeypatch.chdir(county.root)
    assert project_of([tmp_path / "数据/params/2019"]) == load_project(county.root)


def test_commands_take_the_project_of_the_files_they_are_given(elsewhere, tmp_path):
    file = str(elsewhere.params / "2019/宁海县/甲镇.yaml")
    make_copy(elsewhere, "2019/宁海县/甲镇", elsewhere.read(elsewhere.find(2019, "甲镇")))
    assert run("check", file)[0] == 0
    assert "1 town" in run("status", file)[1]
    assert "no cell differs" in run("diff", file)[1]
    assert "notebooks/towns/2019/宁海县/甲镇.ipynb" in run("edit", file, "--no-open")[1]
    assert run("rollup", str(Path(file).parent))[0] == 0
    assert run("form", "--from", file, "-o", "next.xlsx")[0] == 0
    (tmp_path / "elsewhere/next.xlsx").unlink()
    assert not list((tmp_path / "elsewhere").iterdir())


# By name


def test_build_and_check_take_a_jurisdictions_name(county, monkeypatch):
    monkeypatch.chdir(county.root)
    file = county.find(2019, "甲镇")
    for name in ("甲镇", "宁海县/甲镇", "2019/甲镇", "2019/宁海县/甲镇"):
        assert [path for path, _ in selected(county, [location(name)])] == [file]
    assert "1 checked" in run("check", "甲镇")[1]
    words = told(run, "check", "甲真")
    assert "no such file or folder" in words
    assert "甲镇" in words
    assert "no such file" in told(run, "check", "params/2019/没有.yaml")


def test_a_name_need_not_be_written_out_and_a_county_s_is_its_folder(county, monkeypatch):
    monkeypatch.chdir(county.root)
    file = county.find(2019, "甲镇")
    assert [path for name in ("甲", "宁海县/甲", "2019/甲") for path, _ in selected(county, [location(name)])] == [
        file
    ] * 3
    assert "no cell differs" in run("diff", "甲")[1]
    for name in ("宁海县", "宁海", "2019"):
        assert len(selected(county, [location(name)])) == len(county.jurisdictions)
    assert run("rollup", "宁海县") == run("rollup", "params/2019/宁海县")
    assert run("form", "--county", "--from", "宁海", "-o", "list.xlsx")[0] == 0
    assert run("form", "--from", "甲", "-o", "form.xlsx")[0] == 0


def test_what_a_short_name_means_is_not_guessed(tmp_path, monkeypatch):
    office(tmp_path, "宿迁市", "宿迁镇", "甲镇", "甲镇乡")
    monkeypatch.chdir(tmp_path)
    for command in (["check", "宿迁"], ["diff", "宿迁"], ["build", "宁海县/宿迁"]):
        words = told(run, *command)
        assert '宿迁" can be any of 2: 宿迁市, 宿迁镇; write the whole name' in words
    assert "no cell differs" in run("diff", "甲镇")[1]


@pytest.mark.parametrize("command", [["edit", "甲镇"], ["preview", "甲镇"], ["check", "甲镇"], ["diff", "2019/甲镇"]])
@pytest.mark.usefixtures("chinese")
def test_an_empty_project_says_that_there_is_nothing_yet(tmp_path, monkeypatch, command):
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    words = told(run, *command)
    assert "params 里还没有参数文件" in words
    assert "reportkit import" in words
    assert "params/0" not in words


@pytest.mark.usefixtures("chinese")
def test_a_year_without_files_names_those_with_some(county, monkeypatch):
    monkeypatch.chdir(county.root)
    assert told(county.locate, "甲镇", 2031) == "在 params/2031 里没有“甲镇”的参数文件；有参数文件的年份：2019"


@pytest.mark.usefixtures("chinese")
def test_files_need_no_folder_of_a_year(tmp_path, monkeypatch):
    project = office(tmp_path, "甲镇")
    file = tmp_path / "params/甲镇.yaml"
    shutil.move(project.find(2019, "甲镇"), file)
    shutil.rmtree(tmp_path / "params/2019")
    monkeypatch.chdir(tmp_path)
    assert project.locate("甲镇") == project.find(2019, "甲镇") == file
    assert "参数文件都不在年份文件夹里" in told(project.find, 2020, "甲镇")
    assert "甲镇" in told(project.locate, "甲真")
    assert "notebooks/towns/甲镇.ipynb" in run("edit", "甲镇", "--no-open")[1]
    assert run("status", "甲镇", "--edits")[0] == 0


# Which files


@pytest.fixture
def share(county, tmp_path):
    """A county's folder that lies elsewhere, by a link."""
    folder = tmp_path / "share/象山县"
    folder.mkdir(parents=True)
    add_town(county.root, "丙镇").rename(folder / "丙镇.yaml")
    (county.params / "2019/象山县").symlink_to(folder)
    return folder


def reasons(project, *paths) -> dict[str, str]:
    return {str(path.relative_to(project.params)): reason for path, reason in select(project, paths).unlisted}


def names(project, *paths) -> set[str]:
    return {inside.as_posix() for _, inside in select(project, paths).files}


def test_a_link_to_a_countys_folder_is_followed(county, share, monkeypatch):
    link = county.params / "2019/象山县"
    assert names(county) == {"2019/宁海县/甲镇.yaml", "2019/象山县/丙镇.yaml"}
    assert names(county, link) == {"2019/象山县/丙镇.yaml"} == names(county, link / "丙镇.yaml")
    assert county.find(2019, "丙镇") == link / "丙镇.yaml"
    assert county.jurisdictions == {"甲镇", "丙镇"}
    assert [unit.jurisdiction for unit in sums_of(county, link).units] == ["丙镇"]
    monkeypatch.chdir(share)
    assert reasons(county) == {}
    assert {outcome.status for outcome in bring(county)} == {"built"}


@pytest.mark.usefixtures("chinese")
def test_links_that_would_bring_files_twice_or_without_end_are_told(county, share):
    year = county.params / "2019"
    (year / "同").symlink_to(year / "宁海县")
    (year / "上").symlink_to(county.root)
    (year / "圈").symlink_to(year / "圈")
    (year / "又").symlink_to(share.parent)
    (share / "回").symlink_to(share)
    found = reasons(county)
    assert found.keys() == {"2019/同", "2019/上", "2019/圈", "2019/象山县", "2019/又/象山县/回"}
    assert "算两遍" in found["2019/同"]
    assert "重复" in found["2019/象山县"]
    assert "绕成了圈" in found["2019/圈"]
    assert names(county) == {"2019/宁海县/甲镇.yaml", "2019/又/象山县/丙镇.yaml"}


@pytest.mark.usefixtures("chinese")
def test_a_link_that_another_user_made_is_told(county, share, give):
    give(share)  # a share is mostly somebody else's
    assert reasons(county) == {}
    give(county.params / "2019/象山县")
    assert "别的用户" in reasons(county)["2019/象山县"]


def test_a_county_that_is_out_of_reach_is_told_and_keeps_its_reports(county, share, monkeypatch):
    bring(county)
    page = county.dist / "2019/象山县/丙镇.html"
    manifest = (county.dist / "MANIFEST.sha256").read_bytes()
    share.rename(share.with_name("away"))
    with speaking("zh_CN.UTF-8"):
        assert "打不开（不存在）" in reasons(county)["2019/象山县"]
    found = select(county, [])
    jobs = jobs_of(county, found.files, ["html"])
    outcomes = list(update(county, jobs, lambda _: Here(), covered=[county.params]))
    assert [outcome.status for outcome in outcomes] == ["up-to-date"]
    assert page.exists()
    assert (county.dist / "MANIFEST.sha256").read_bytes() == manifest
    assert strays(county) == []
    monkeypatch.chdir(county.root)
    code, text = run("check")
    assert (code, "象山县 Y1 error" in text, "1 checked" in text) == (1, True, True)
    assert run("check", "params/2019/象山县")[0] == 1
    code, text = run("build", "--to", "html")
    assert (code, "not looked into params/2019/象山县" in text) == (1, True)
    assert "1 up to date, 1 folder not looked into" in text
    with speaking("zh_CN.UTF-8"):
        assert "打不开" in told(run, "form", "--county", "--from", "params/2019", "-o", "x.xlsx")


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
@pytest.mark.parametrize("name", ["2019/宁海县", "2019", ""])
def test_a_folder_without_rights_is_told(county, name):
    folder = county.params / name
    folder.chmod(0)
    try:
        assert "没有权限" in reasons(county)[name or "."]
        assert "没有权限" in reasons(county, folder)[name or "."]
    finally:
        folder.chmod(0o755)


@pytest.mark.usefixtures("chinese")
def test_a_folder_that_the_system_does_not_show_is_told(county, monkeypatch):
    scandir = os.scandir

    def refused(path):
        if str(path).endswith("宁海县"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert "没有权限" in reasons(county)["2019/宁海县"]
    assert "没有权限" in told(sums_of, county, county.params / "2019/宁海县")


def test_what_bears_a_files_name_and_is_none_is_told_and_keeps_nobody(county, monkeypatch):
    folder = county.params / "2019/宁海县"
    os.mkfifo(folder / "管道.yaml")
    (folder / "夹.yaml").mkdir()
    shutil.copy(folder / "甲镇.yaml", folder / "夹.yaml/甲镇.yaml")
    (folder / "圈.yaml").symlink_to("圈.yaml")
    (folder / "断.yaml").symlink_to("/没有/断.yaml")
    monkeypatch.chdir(folder)  # as the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("插.yaml")
    words = {}
    for path, inside in select(county, []).files:
        try:
            county.read(path)
        except ReaderError as error:
            words[inside.stem] = str(error)
    assert {name: text.split("Y1 error ")[1].split("；")[0].split("（/")[0] for name, text in words.items()} == {
        "管道": "读不出来（不是普通文件，是管道、套接字或设备）",
        "插": "读不出来（不是普通文件，是管道、套接字或设备）",
        "夹": "读不出来（是文件夹，不是文件）",
        "圈": "读不出来（链接绕成了圈）",
        "断": "这是指向 params/ 之外的链接",
    }
    statuses = {outcome.job.params.stem: outcome.status for outcome in bring(county)}
    assert statuses == {**dict.fromkeys(words, "invalid"), "甲镇": "built"}
    assert [issue.code for one in check_project(county, [folder / "管道.yaml"]) for issue in one.issues] == ["Y1"]


def test_names_that_no_page_can_have_are_told_and_keep_nobody(county):
    folder = county.params / "2019/宁海县"
    text = (folder / "甲镇.yaml").read_bytes()
    for name in ("乙\n镇.yaml".encode(), b"\xff\xfe.yaml", "长".encode() * 83 + b".yaml"):
        (folder / os.fsdecode(name)).write_bytes(text)
    outcomes = {outcome.job.params.stem: outcome for outcome in bring(county)}
    assert len(outcomes) == 4
    assert outcomes["甲镇"].status == "built"
    assert outcomes["长" * 83].status in ("failed", "invalid")


def test_a_copy_behind_a_link_that_leads_nowhere_is_told(county, monkeypatch):
    county.copies.mkdir(parents=True)
    (county.copies / "2019").symlink_to("/没有")
    (outcome,) = bring(county)
    assert (outcome.status, [error.code for error in outcome.errors]) == ("invalid", ["N3"])
    assert [
        issue.code for one in check_project(county, [county.find(2019, "甲镇")]) for issue in one.issues
        if issue.severity == "error"
    ] == ["N3"]  # fmt: skip
    monkeypatch.chdir(county.root)
    code, text = run("status", "--edits")
    assert (code, "not looked into notebooks/towns/2019" in text) == (1, True)


# What commands are given


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["form", "-o", "长" * 300 + ".xlsx"], "choose another file"),
        (["form", "--from", "长" * 300, "-o", "x.xlsx"], "no such file"),
        (["check", "长" * 300], "no such file"),
        (["check", "长" * 300 + ".yaml"], "no such file"),
        (["preview", "长" * 300 + ".yaml"], "no such file"),
        (["rollup", "长" * 300], "no such file"),
        (["build", "--out", "s3://"], "names no bucket"),
        (["check", "s3:///"], "names no bucket"),
    ],
)
def test_names_that_cannot_be_are_told(county, monkeypatch, command, words):
    monkeypatch.chdir(county.root)
    assert words in told(run, *command)


def test_a_project_that_goes_while_it_is_built_ends_the_build(county):
    class Lost(Here):
        def submit(self, *_, **__):
            shutil.rmtree(county.root, ignore_errors=True)
            future = Future()
            future.set_exception(RuntimeError("no worker can start"))
            return future

    add_town(county.root, "乙镇")
    (outcome,) = make_all(plan(county, [], ["html"]), Lost())
    assert (outcome.status, outcome.stops, outcome.reason) == (
        "failed", True, f"{county.root} is gone: put the folder back"
    )  # fmt: skip


def test_a_current_folder_that_is_gone_is_told(county, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "the current folder is gone" in told(find_project)
    assert project_of([county.params]) == county
    assert county.shown(county.notebook) == str(county.notebook)
    assert run("check", str(county.params))[0] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xb2\xce\xca\xfd = 1", "not in UTF-8"),
        (b"a = " + b"[" * 9000, ":1: not readable as TOML"),
        (b"a" + b".a" * 3000 + b" = 1", "unknown key 'a'"),
        (b"compare" + b".a" * 3000 + b" = 1", "compare is true or false"),
        (b"a = " + b"9" * 9000, "not readable as TOML"),
        (b"b = 1\n" * 10_000, "not readable as TOML"),
        (b"#" * 200_000, "has 200 kB"),
        (b'params = "\\u0000"', "no file can have"),
    ],
)
def test_settings_that_are_none_are_told_soon(county, content, words):
    (county.root / "reportkit.toml").write_bytes(content)
    message = told(load_project, county.root)
    assert words in message
    assert len(message) < 1000


@pytest.mark.parametrize("kind", ["pipe", "folder", "dead", "circle"])
def test_settings_that_cannot_be_read_are_told(county, kind):
    path = county.root / "reportkit.toml"
    {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "dead": lambda: path.symlink_to("/没有"),
        "circle": lambda: path.symlink_to(path),
    }[kind]()
    assert f"{path}: cannot be read" in told(load_project, county.root)
    assert f"{path}: cannot be read" in told(find_project, county.root / "桌面")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("格式".encode("gb18030"), "not in UTF-8"),
        (b"a: &h {label: x, children: [*h]}", "its own child"),
        (b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
            b"%c: &%c [%s]\n" % (new, new, b", ".join([b"*%c" % old] * 9)) for old, new in pairwise(b"abcdefghi")
        ), "more than 200,000 entries"),
        (b"[" * 5000, "not readable as YAML"),
    ],
)  # fmt: skip
def test_forms_that_are_none_are_told(tmp_path, content, words):
    (tmp_path / "own.yaml").write_bytes(content)
    (broken,) = load_forms(tmp_path).broken
    assert words in broken.reason


@pytest.mark.parametrize("kind", ["pipe", "dead", "folder", "a file for a folder", "a dead link for a folder"])
def test_forms_that_cannot_be_read_are_told(tmp_path, kind):
    folder, path = tmp_path / "forms", tmp_path / "forms/own.yaml"
    if "for a folder" not in kind:
        folder.mkdir()
    {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "dead": lambda: path.symlink_to("/没有"),
        "a file for a folder": folder.touch,
        "a dead link for a folder": lambda: folder.symlink_to("/没有"),
    }[kind]()
    if "for a folder" in kind:
        with pytest.raises(FormError, match=r"no folder of forms|leads nowhere"):
            load_forms(folder)
    else:
        assert ["cannot be read" in broken.reason for broken in load_forms(folder).broken] == [True]


def test_no_worker_takes_its_own_modules_from_the_current_folder(county, tmp_path, monkeypatch):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/json.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "shared")
    with Crew(1, Settings(Limits(), None, county)) as crew:
        assert crew.submit(os.getcwd).result() == str(tmp_path / "shared")
    assert not (tmp_path / "shared/ran").exists()
