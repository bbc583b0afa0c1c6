"""A build on a Dask cluster: a scheduler and two workers in processes of their own, on loopback."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import Settings
from reportkit.errors import UserError
from support.offices import add_cell, files, office

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

TOWNS = [f"第{number}镇" for number in range(1, 25)]


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler, and a way to start workers of it."""
    folder = tmp_path_factory.mktemp("dask")
    address = folder / "scheduler.json"
    with contextlib.ExitStack() as stack:

        def start(program, *arguments):
            command = [sys.executable, "-m", f"distributed.cli.dask_{program}", "--no-dashboard", *arguments]
            command += ["--host", "127.0.0.1", "--scheduler-file", str(address)]
            log = stack.enter_context((folder / f"{program}.log").open("ab"))
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        def worker():
            return start("worker", "--no-nanny", "--nthreads", "1", "--local-directory", str(folder))

        start("scheduler", "--port", "0")
        deadline = time.monotonic() + 30
        while not address.exists():
            assert time.monotonic() < deadline, (folder / "scheduler.log").read_text()
            time.sleep(0.05)
        yield json.loads(address.read_text())["address"], worker


@pytest.fixture(scope="module")
def workers(dask):
    _, worker = dask
    return [worker(), worker()]


def reportkit(root, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "reportkit", "build", "--to", "html", *arguments],
        cwd=root, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


def counts(done):
    return done.stdout.splitlines()[-1].split(" (")[0], done.stderr


@pytest.mark.usefixtures("workers")
def test_ctrl_c_ends_a_build_and_leaves_the_cluster_to_the_tests_below(dask, tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    add_cell(project, "import time, pathlib; pathlib.Path('begun').touch(); time.sleep(1000)", cell="slow")
    with subprocess.Popen(
        [sys.executable, "-m", "reportkit", "build", "--to", "html", "--dask", dask[0]],
        cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 60
        while not (project.root / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")
    assert "interrupted; 2 reports not begun" in out


def county(folder, number):
    """A project whose reports show in which order a set is printed, which a process decides for itself."""
    project = office(folder, *TOWNS[:number])
    add_cell(project, "print({'甲', '乙', '丙', '丁'})")
    return project.root


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The reports as one worker process of this machine makes them."""
    root = county(tmp_path_factory.mktemp("local"), 6)
    assert reportkit(root, "--jobs", "1").returncode == 0
    return files(root / "dist")


@pytest.mark.usefixtures("workers")
def test_reports_of_a_cluster_are_those_of_one_worker(dask, local, tmp_path):
    root = county(tmp_path, 6)
    assert counts(reportkit(root, "--dask", dask[0])) == ("6 built", "")
    assert files(root / "dist") == local
    assert counts(reportkit(root, "--dask", dask[0])) == ("6 up to date", "")


@pytest.mark.usefixtures("workers")
def test_a_worker_with_other_packages_is_refused(dask, tmp_path):
    root = office(tmp_path, "甲镇").root
    code = "from importlib import metadata as m; v = m.version; m.version = lambda n: '0' if n == 'jinja2' else v(n); from reportkit.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--dask", dask[0]],
        cwd=root, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: worker tcp://127.0.0.1:")
    assert "other packages than here; install the same there" in done.stderr


def test_a_cluster_for_one_build_on_this_machine(tmp_path, local):
    root = county(tmp_path, 2)
    assert counts(reportkit(root, "--dask", "local", "--jobs", "2")) == ("2 built", "")
    made = files(root / "dist")
    del made["MANIFEST.sha256"]
    assert made == {name: local[name] for name in made}
    assert len(made) == 4


@pytest.mark.parametrize(("address", "words"), [("127.0.0.1:9", "no scheduler answers there"), ("nowhere", "port")])
def test_nobody_at_the_address(tmp_path, address, words):
    root = office(tmp_path, "甲镇").root
    start = time.monotonic()
    done = reportkit(root, "--dask", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: --dask {address}: ")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert time.monotonic() - start < 20


def test_a_call_that_comes_after_the_end_is_cancelled(project):
    crew = Crew(1, Settings(Limits(), None, project))
    crew.shutdown()
    # Or else the thread of a Dask worker would wait for it for ever.
    assert crew.submit(len, "abc").cancelled()


@pytest.mark.filterwarnings("ignore:.*click:DeprecationWarning")  # of an older typer with a newer click
def test_a_missing_package_is_named(monkeypatch):
    from reportkit.cli import build as command

    monkeypatch.setattr(command, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install 'reportkit\[dask\]'"):
        command._cluster("local", None, 1, 1)


def test_a_worker_killed_in_the_middle_loses_nothing(dask, workers, tmp_path):
    root = office(tmp_path, *TOWNS).root
    with subprocess.Popen(
        [sys.executable, "-m", "reportkit", "build", "--to", "html", "--dask", dask[0]],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 60
        while not list(root.glob("dist/**/*.html")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        workers.pop().kill()
        out, err = process.communicate(timeout=60)
    assert len(list(root.glob("dist/**/*.html"))) == 24, out + err
    assert out.splitlines()[-1].startswith("24 built ("), out + err
    assert len((root / "dist/MANIFEST.sha256").read_text().splitlines()) == 48
