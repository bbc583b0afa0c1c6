"""No save is lost: links, people who save in the same moment, and disks that refuse, for every command that writes."""

import contextlib
import errno
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from reportkit.cli import main
from reportkit.files import (
    ChangedError,
    move_new,
    own_folder,
    parts,
    put,
    remove_if,
    replace_if,
    swapping,
    write_whole,
    writing,
)
from reportkit.files.patience import waiting
from reportkit.notebook.towns import copy_path
from reportkit.project import Project
from support.changing import ELSEWHERE, IN_PLACE, NAMED, TOWN, added_up, desk_of, made_office, mailed, params_of
from support.copies import cells, change, output
from support.offices import bring, files
from support.repository import FILES

# --- one file --------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "甲镇.yaml"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=["exchange", "rename"])
def disk(request, monkeypatch):
    """A disk on which two files can change places in one step, and one on which they cannot."""
    if request.param == "rename":
        monkeypatch.setattr(swapping, "_renameat2", lambda: None)


@pytest.mark.usefixtures("disk")
def test_a_file_is_replaced_only_if_it_holds_what_was_read(path):
    replace_if(path, b"old", b"new")
    with pytest.raises(ChangedError):
        replace_if(path, b"old", b"newer")
    with pytest.raises(ChangedError):
        replace_if(path, None, b"newer")
    assert (path.read_bytes(), names(path.parent)) == (b"new", ["甲镇.yaml"])
    with pytest.raises(ChangedError):
        remove_if(path, b"old")
    remove_if(path, b"new")
    with pytest.raises(ChangedError):
        replace_if(path, b"new", b"newer")
    replace_if(path, None, b"first")
    assert (path.read_bytes(), names(path.parent)) == (b"first", ["甲镇.yaml"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two files in one step")
def test_what_is_saved_between_comparing_and_renaming_stays(path, monkeypatch):
    def saved(first: Path, second: Path) -> bool:
        monkeypatch.undo()
        path.with_name("theirs").write_bytes(b"theirs")
        path.with_name("theirs").replace(path)
        return swapping.exchange(first, second)

    monkeypatch.setattr(writing, "exchange", saved)
    with pytest.raises(ChangedError):
        replace_if(path, b"old", b"new")
    assert (path.read_bytes(), names(path.parent)) == (b"theirs", ["甲镇.yaml"])


def test_a_file_saved_while_it_is_taken_away_is_put_back(path, monkeypatch):
    rename = Path.rename

    def saved(self: Path, target: Path) -> Path:
        self.write_bytes(b"theirs")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", saved)
    with pytest.raises(ChangedError):
        remove_if(path, b"old")
    assert (path.read_bytes(), names(path.parent)) == (b"theirs", ["甲镇.yaml"])


@pytest.mark.usefixtures("disk")
def test_a_file_moved_out_of_the_way_takes_no_other_s_place(path):
    other = path.with_name("乙镇.yaml")
    other.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        move_new(path, other)
    move_new(path, path.with_name("丙镇.yaml"))
    assert names(path.parent) == ["丙镇.yaml", "乙镇.yaml"]
    assert other.read_bytes() == b"other"


def test_a_part_file_s_name_that_is_taken_by_a_link_is_not_written_through(path, monkeypatch):
    victim = path.with_name("victim")
    victim.write_bytes(b"precious")
    monkeypatch.setattr(parts, "part_name", lambda: ".reportkit-0123456789abcdef.part")
    for write in (lambda: replace_if(path, b"old", b"new"), lambda: write_whole(path, b"new", new=False)):
        path.with_name(".reportkit-0123456789abcdef.part").symlink_to(victim)
        with pytest.raises(OSError, match="is taken"):
            write()
        assert (victim.read_bytes(), path.read_bytes()) == (b"precious", b"old")


def test_part_files_cannot_be_guessed():
    assert len({parts.part_name() for _ in range(100)}) == 100


def test_a_link_is_replaced_or_refused_but_never_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link = tmp_path / "link"
    link.symlink_to(victim)
    with pytest.raises(Exception, match="is a link"):
        replace_if(link, b"precious", b"new")
    with pytest.raises(FileExistsError):
        write_whole(link, b"new", new=True)
    write_whole(link, b"new", new=False)
    assert (victim.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"precious", b"new", False)


def test_rights_stay_and_nobody_reads_a_part_who_may_not_read_the_file(path, monkeypatch):
    path.chmod(0o600)
    seen = []
    monkeypatch.setattr(os, "fsync", lambda place: seen.append(stat.S_IMODE(os.fstat(place).st_mode)))
    replace_if(path, b"old", b"new")
    assert (seen, stat.S_IMODE(path.stat().st_mode)) == ([0o600], 0o600)


def test_what_a_killed_command_has_left_is_removed_by_the_next(path, monkeypatch):
    left, theirs = path.with_name(f".reportkit-{'0' * 16}.part"), path.with_name(".x.part")
    for each in (left, theirs):
        each.write_bytes(b"")

    def kept(**after: int) -> bool:
        monkeypatch.setattr(parts, "SWEEPER", parts.Sweeper(**after))
        write_whole(path, b"new", new=False)
        assert theirs.exists()
        return left.exists()

    assert kept()  # which another machine may be writing
    with swapping.held(left):
        assert kept(young=0)
    with monkeypatch.context() as disk:
        disk.setattr(parts, "is_held", lambda _: None)  # one without locks
        assert kept(young=0)
        assert not kept(young=0, stale=0)
    left.write_bytes(b"")
    assert not kept(young=0)


def test_part_files_are_left_out_of_version_control(tmp_path):
    own_folder(tmp_path, ".reportkit", "history")
    assert (tmp_path / ".reportkit/.gitignore").read_text(encoding="utf-8") == "*\n"
    assert ".reportkit-*.part" in (FILES.parent.parent / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_what_is_kept_here_does_not_go_through_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".reportkit").symlink_to("elsewhere")
    with pytest.raises(NotADirectoryError, match="is a link"):
        own_folder(tmp_path, ".reportkit", "history")
    assert names(tmp_path / "elsewhere") == []


def test_whoever_holds_a_folder_is_not_waited_for_without_end(path):
    fcntl = pytest.importorskip("fcntl")
    place = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        with waiting(0.05):
            replace_if(path, b"old", b"new")
    finally:
        os.close(place)
    assert path.read_bytes() == b"new"


def test_an_error_names_the_file_and_not_its_part(tmp_path):
    with pytest.raises(OSError, match="nowhere") as error:
        write_whole(tmp_path / "nowhere/甲镇.yaml", b"", new=True)
    assert error.value.filename == str(tmp_path / "nowhere/甲镇.yaml")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        put(tmp_path / "file/甲镇.yaml", b"", new=True)


# --- every command that writes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return made_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def desk(made, tmp_path, monkeypatch) -> Project:
    """A copy of that office for each test."""
    project = desk_of(made, tmp_path / "office")
    monkeypatch.chdir(project.root)
    return project


def run(capsys, monkeypatch, *arguments: str) -> tuple[int, str]:
    """Run the command in this process, and return its exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", ["reportkit", *arguments])
    code = main()
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def theirs(path: Path) -> None:
    """What somebody else saves: one thing more at the end."""
    if path.suffix == ".ipynb":
        nb = json.loads(path.read_text(encoding="utf-8"))
        nb["cells"].append({"cell_type": "markdown", "id": "theirs", "metadata": {}, "source": "别人的话"})
        path.write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding="utf-8")
    else:
        path.write_bytes(path.read_bytes() + "# 别人的话\n".encode())


def kept(project: Project, path: Path) -> bool:
    """Whether the other's words are in the file, or a version from which an undo brings them back."""
    held = [path] if path.exists() else []
    held += [each for each in (project.root / ".reportkit/history").rglob("*") if each.is_file()]
    return any("别人的话" in each.read_text(encoding="utf-8") for each in held)


@pytest.mark.parametrize("moment", ["while it is written", "right before the rename"])
@pytest.mark.parametrize("name", IN_PLACE)
def test_what_somebody_saves_in_between_stays(name, moment, desk, capsys, monkeypatch):
    arguments, before, of = IN_PLACE[name]
    before(desk)
    path = of(desk)
    done = []

    def once(function):
        def call(*given, **more):
            if not done and (name == "reset" or given[0].parent == path.parent or path in given):
                done.append(True)
                theirs(path)
            return function(*given, **more)

        return call

    if moment == "while it is written":
        monkeypatch.setattr(parts, "_write", once(parts._write))
    elif name == "reset":
        monkeypatch.setattr(Path, "rename", once(Path.rename))
    elif not swapping.exchange(path, path):
        pytest.skip("this disk cannot exchange two files")
    else:
        monkeypatch.setattr(writing, "exchange", once(writing.exchange))
    code, shown = run(capsys, monkeypatch, *arguments)
    assert (done, "Traceback" in shown, kept(desk, path)) == ([True], False, True)
    if name not in ("reset", "undo"):  # which give up what is there, and keep it
        assert (code in (0, 1), "别人的话" in path.read_text(encoding="utf-8")) == (True, True)


@pytest.mark.parametrize("name", IN_PLACE)
def test_somebody_who_saves_all_the_time_is_not_overwritten(name, desk, capsys, monkeypatch):
    arguments, before, of = IN_PLACE[name]
    before(desk)
    path, write = of(desk), writing.part_of

    @contextlib.contextmanager
    def busy(content, folder, mode=None):
        with write(content, folder, mode) as part:
            if folder == path.parent and path.exists():
                theirs(path)
            yield part

    remove = writing.read_now
    monkeypatch.setattr(writing, "part_of", busy)
    if name == "reset":
        monkeypatch.setattr(writing, "read_now", lambda where: remove(where) if where != path else b"another's")
    code, shown = run(capsys, monkeypatch, *arguments)
    assert code in (1, 2)
    assert "somebody else" in shown or "别人" in shown
    assert path.exists()


def test_sums_put_into_a_file_can_be_taken_back(desk, capsys, monkeypatch):
    added_up(desk)
    county = desk.params / "2019/宁海县.yaml"
    held = county.read_bytes()
    assert run(capsys, monkeypatch, "rollup", "params/2019/宁海县", "-o", str(county), "--update")[0] == 0
    assert county.read_bytes() != held
    assert "rollup --update" in run(capsys, monkeypatch, "undo", "2019/宁海县", "--params", "--list")[1]
    assert run(capsys, monkeypatch, "undo", "2019/宁海县", "--params")[0] == 0
    assert county.read_bytes() == held


REFUSALS = {errno.ENOSPC: "No space left", errno.EROFS: "Read-only", errno.EACCES: "Permission denied"}


@pytest.mark.parametrize(
    ("name", "number"),
    [*((name, errno.ENOSPC) for name in (*IN_PLACE, *ELSEWHERE)), ("edit", errno.EROFS), ("form", errno.EACCES)],
)
def test_a_disk_that_refuses_is_a_message_and_nothing_is_lost(name, number, desk, capsys, monkeypatch):
    arguments, before, of = {**IN_PLACE, **ELSEWHERE}[name]
    before(desk)
    path, held = of(desk), files(desk.root)

    def refuse(part: Path, *_: object) -> None:
        raise OSError(number, os.strerror(number), str(part))

    monkeypatch.setattr(parts, "_write", refuse)
    code, shown = run(capsys, monkeypatch, *arguments)
    assert (code, "Traceback" in shown) == (1, False)
    assert path.name in shown
    assert REFUSALS[number] in shown or "没有写成" in shown
    assert files(desk.root) == held


# --- the batch -------------------------------------------------------------------------------------------------------


@pytest.fixture
def somebody_saves(desk, monkeypatch) -> None:
    """Let somebody change the report's notebook when the first of its new files is written."""
    write = parts._write

    def saved(part: Path, *given: object) -> None:
        if part.parent.name == "parts" and not seen:
            seen.append(True)
            change(output(desk, TOWN), "title", "report.title", "report.title  # 又改")
        write(part, *given)

    seen: list[bool] = []
    monkeypatch.setattr(parts, "_write", saved)


@pytest.mark.usefixtures("somebody_saves")
def test_an_output_saved_while_its_edits_are_carried_over_is_carried_over_too(desk):
    change(output(desk, TOWN), "other-nothing", "没有其他", "再没有其他")
    (done,) = bring(desk)
    assert done.status == "built"
    own = cells(copy_path(desk, TOWN))
    assert ("再没有其他" in own["other-nothing"], "又改" in own["title"]) == (True, True)


@pytest.mark.usefixtures("somebody_saves")
def test_a_notebook_saved_while_the_report_is_put_into_place_is_kept_aside(desk):
    change(desk.notebook, "other-nothing", "没有其他", "确无其他")
    (done,) = bring(desk)
    aside = output(desk, TOWN, ".edited.ipynb")
    assert (done.status, "又改" in cells(aside)["title"]) == ("built", True)
    assert done.reason == f"{aside.name}: changed by hand while the report was made; that is kept here"


def test_a_failed_notebook_saved_while_the_next_one_is_made_is_kept_aside(desk, monkeypatch):
    change(desk.notebook, "title", "report.title", "report.titel")
    bring(desk)
    failed = output(desk, TOWN, ".failed.ipynb")
    mended = failed.read_text(encoding="utf-8").replace("report.titel", "report.title")
    change(desk.notebook, "title", "report.titel", "report.titles")
    write = parts._write

    def saved(part: Path, *given: object) -> None:
        if part.parent.name == "parts" and not seen:
            seen.append(True)
            failed.write_text(mended, encoding="utf-8")
        write(part, *given)

    seen: list[bool] = []
    monkeypatch.setattr(parts, "_write", saved)
    (done,) = bring(desk)
    aside = output(desk, TOWN, ".failed.edited.ipynb")
    assert (done.status, aside.read_text(encoding="utf-8")) == ("failed", mended)
    assert done.reason.endswith(f"{aside.name}: changed by hand while the report was made; that is kept here")


@pytest.mark.parametrize("place", [".reportkit", "dist/.reportkit", "dist/.reportkit/parts"])
def test_a_build_does_not_write_through_a_planted_link(desk, place, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    folder = desk.root / place
    if folder.exists():
        folder.rename(desk.root / "was")
    folder.symlink_to(elsewhere)
    change(output(desk, TOWN), "other-nothing", "没有其他", "再没有其他")
    with contextlib.suppress(Exception):
        bring(desk)
    assert names(elsewhere) == []
    assert "再没有其他" in cells(output(desk, TOWN))["other-nothing"]


# --- whose copy is written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "town",
    ["{root}/elsewhere/t", "../../elsewhere/t", "2019/宁海县/../../../elsewhere/t", "a" * 5000, "", "\x1b]0;x", "2019"],
)
def test_adopt_writes_only_to_a_town_of_this_project(town, desk, capsys, monkeypatch):
    (desk.root / "elsewhere").mkdir()
    (desk.root / "elsewhere/t.yaml").write_bytes(params_of(desk).read_bytes())
    mailed(desk)
    mail, held = desk.root / "mail.ipynb", copy_path(desk, TOWN).read_bytes()
    nb = json.loads(mail.read_text(encoding="utf-8"))
    nb["metadata"]["reportkit"]["town"] = town.format(root=desk.root)
    mail.write_text(json.dumps(nb), encoding="utf-8")
    code, shown = run(capsys, monkeypatch, "adopt", "mail.ipynb")
    assert (code, "which this project has not" in shown, "\x1b" in shown, len(shown) < 400) == (2, True, False, True)
    assert (names(desk.root / "elsewhere"), copy_path(desk, TOWN).read_bytes()) == (["t.yaml"], held)
    assert run(capsys, monkeypatch, "adopt", "mail.ipynb", "--town", NAMED)[0] == 0
