"""What a build must survive: kills, full and read-only disks, hostile names, very large folders."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reportkit.batch.incremental import update
from reportkit.errors import UserError
from reportkit.project import plan
from support.offices import GOOD, Here, add_cell, add_town, bring, files, office


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "reportkit", "build", *options]


def build(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*options), cwd=root, capture_output=True, text=True, check=False)


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(command(*options), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def half_made(root: Path, whole: dict[str, bytes]) -> list[str]:
    """The files under a final name that are not as an undisturbed build makes them."""
    return [
        name
        for name, content in files(root / "dist").items()
        if name in whole and name != "MANIFEST.sha256" and content != whole[name]
    ]


@pytest.mark.slow
def test_a_build_that_is_killed_twenty_times_ends_as_if_nothing_had_been(tmp_path):
    office(tmp_path, *(f"合成{number}镇" for number in range(24)))
    assert build(tmp_path).returncode == 0
    whole = files(tmp_path / "dist")
    moments = random.Random(3)
    for _ in range(20):
        going = start(tmp_path, "--force")
        time.sleep(moments.uniform(0.3, 6))
        going.kill()
        going.communicate()
        assert half_made(tmp_path, whole) == []
        for name in moments.sample(sorted(whole), 10):
            (tmp_path / "dist" / name).unlink(missing_ok=True)
    done = build(tmp_path)
    assert done.returncode == 0, done.stdout
    assert files(tmp_path / "dist") == whole
    assert list((tmp_path / "dist/.reportkit").glob("parts/*")) == []


@pytest.mark.slow
def test_a_build_that_is_killed_goes_on_where_it_stopped(tmp_path):
    project = office(tmp_path, *"甲乙丙丁戊己庚辛")
    add_cell(project, "import time; time.sleep(0.2)")
    going = start(tmp_path, "--to", "html", "--jobs", "1")
    while not (tmp_path / "dist/2019/宁海县/丙.html").exists():
        time.sleep(0.05)
        assert going.poll() is None
    going.kill()
    going.communicate()
    done = build(tmp_path, "--to", "html", "--jobs", "1")
    built, current = (int(part.split()[0]) for part in done.stdout.splitlines()[-1].split(" (")[0].split(", "))
    assert (done.returncode, built + current) == (0, 8)
    assert 1 <= current < 8
    assert len(files(tmp_path / "dist")) == 2 * 8 + 1


def test_ctrl_c_ends_the_build_with_a_summary_and_no_process_stays(tmp_path):
    project = office(tmp_path, *"甲乙丙丁戊己庚辛")
    add_cell(project, "import time; time.sleep(0.3)")
    going = start(tmp_path, "--to", "html", "--jobs", "1", "--log-json", "log.json")
    while not (tmp_path / "dist/2019/宁海县/丁.html").exists():  # the first of them
        time.sleep(0.05)
        assert going.poll() is None
    group = children(going.pid)
    going.send_signal(signal.SIGINT)
    told, _ = going.communicate(timeout=20)
    assert going.returncode == 130
    assert "interrupted" in told
    assert "not begun: the same command goes on from here" in told
    assert "Traceback" not in told
    for _ in range(100):
        if not any(alive(pid) for pid in group):
            break
        time.sleep(0.05)
    assert [pid for pid in group if alive(pid)] == []
    assert '"event": "end", "interrupted": true' in (tmp_path / "log.json").read_text()


def children(pid: int) -> list[int]:
    """The processes that a process has started, and those they have."""
    with contextlib.suppress(OSError):
        own = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        own += [int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()]
        return sorted({*own, *(below for child in own for below in children(child))})
    return []


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    return False


def mounted(folder: Path, *options: str) -> contextlib.ExitStack:
    """A small disk of its own on a folder; skips the test where that is not allowed."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join(options), "none", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    stack = contextlib.ExitStack()
    stack.callback(subprocess.run, ["umount", "-l", folder], check=True)
    return stack


def test_a_full_disk_stops_the_build_and_leaves_no_half_file(tmp_path):
    project = office(tmp_path, *"甲乙丙丁戊己庚辛")
    bring(project)
    whole = files(project.dist)
    project.dist.rename(tmp_path / "undisturbed")
    with mounted(project.dist, "size=256k"):
        with contextlib.suppress(UserError):
            outcomes = bring(project)
            assert (outcomes[-1].status, outcomes[-1].stops) == ("failed", True)
            assert "No space left on device" in outcomes[-1].reason
        assert half_made(tmp_path, whole) == []
        assert len(files(project.dist)) < len(whole)
        subprocess.run(["mount", "-o", "remount,size=10m", project.dist], check=True)
        assert {outcome.status for outcome in bring(project)} <= {"built", "up-to-date"}
        assert files(project.dist) == whole


def test_a_read_only_folder_is_the_user_s_to_mend(tmp_path):
    project = office(tmp_path, "甲")
    bring(project)
    (tmp_path / "params/2019/宁海县/甲.yaml").write_text(GOOD.replace("桑洲镇", "甲").replace("无其他", "没有其他"))
    if os.getuid() == 0:
        project.dist.rename(tmp_path / "was")
        stack = mounted(project.dist, "ro")
    else:
        stack = contextlib.ExitStack()
        for folder in (project.dist, *project.dist.rglob("*/")):
            folder.chmod(0o555)
            stack.callback(folder.chmod, 0o755)
    with stack, pytest.raises(UserError, match=r"dist.*check the folder's rights and the disk"):
        bring(project)


@pytest.mark.parametrize(
    "name", ["../../etc", "/etc/passwd", "CON", "..", "{{ 7 * 7 }}", "<script>", "'; --", "a\x7fb"]
)
def test_a_jurisdiction_s_name_is_no_path_and_no_code(tmp_path, name):
    project = office(tmp_path / "project")
    path = add_town(project.root, "甲镇")
    path.write_text(GOOD.replace("jurisdiction: 桑洲镇", f"jurisdiction: {name!r}"), encoding="utf-8")
    (outcome,) = bring(project)
    assert outcome.status in ("built", "invalid"), outcome.reason
    assert [path.name for path in tmp_path.iterdir()] == ["project"]
    assert {name.split(".")[0] for name in files(project.dist)} <= {"2019/宁海县/甲镇", "MANIFEST"}


@pytest.mark.parametrize(
    "name", ["CON", "nul", "-rf", "a b", "桑:洲", "%2e%2e", "$(reboot)", "🏛", "\udcff", "é", "e\u0301", "x" * 200]
)
def test_an_awkward_file_name_is_built(tmp_path, name):
    project = office(tmp_path)
    add_town(tmp_path, "桑洲镇").rename(project.params / f"2019/宁海县/{name}.yaml")
    (outcome,) = bring(project)
    assert outcome.status == "built", outcome.reason
    assert (project.dist / f"2019/宁海县/{name}.html").exists()
    (again,) = bring(project)
    assert again.status == "up-to-date"


def test_a_file_name_that_is_too_long_with_its_suffix_is_a_failed_outcome(tmp_path):
    project = office(tmp_path)
    add_town(tmp_path, "桑洲镇").rename(project.params / f"2019/宁海县/{'x' * 250}.yaml")
    add_cell(project, "1 / 0")
    (outcome,) = bring(project)
    assert (outcome.status, "File name too long" in outcome.reason) == ("failed", True)


def test_a_link_out_of_params_is_refused_and_one_within_is_followed(tmp_path):
    project = office(tmp_path / "project", "甲镇")
    secret = tmp_path / "secret.yaml"
    secret.write_text(GOOD, encoding="utf-8")
    folder = project.params / "2019/宁海县"
    (folder / "乙镇.yaml").symlink_to(secret)
    (project.params / "2019/象山县").mkdir()
    (project.params / "2019/象山县/甲镇.yaml").symlink_to(folder / "甲镇.yaml")
    (folder / "丁镇.yaml").symlink_to(folder / "nowhere.yaml")
    outcomes = {outcome.job.name: outcome for outcome in bring(project)}
    assert {town: outcome.status for town, outcome in outcomes.items()} == {
        "2019/宁海县/甲镇": "built", "2019/宁海县/乙镇": "invalid", "2019/象山县/甲镇": "built",
        "2019/宁海县/丁镇": "invalid",
    }  # fmt: skip
    assert "指向 params/ 之外的链接" in str(outcomes["2019/宁海县/乙镇"].issues[0])


@pytest.mark.slow
def test_a_folder_of_ten_thousand_files(tmp_path):
    project = office(tmp_path, "甲镇")
    folder = project.params / "2019/宁海县"
    for number in range(9_999):
        (folder / f"空{number:04}.yaml").touch()
    outcomes: dict[str, int] = {}
    for outcome in update(project, plan(project, [], ["html"]), lambda _: Here()):
        outcomes[outcome.status] = outcomes.get(outcome.status, 0) + 1
    assert outcomes == {"built": 1, "invalid": 9_999}
