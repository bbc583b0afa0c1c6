"""The process between a command and its worker: whichever ends, nothing stays that the worker has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportkit.batch.processes import frames
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from support.strays import HANG, STRAYS, alive, all_ended, awaited

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="what has detached itself is found on Linux only")


@contextmanager
def supervised(folder: Path, source: str) -> Iterator[subprocess.Popen[bytes]]:
    program = f"from reportkit.batch.processes.supervisor import supervise\nsupervise()\n{source}"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        yield process


def test_when_its_input_ends_all_ends_also_what_has_detached_itself(tmp_path):
    with supervised(tmp_path, STRAYS + HANG) as process:
        pids = awaited(tmp_path / "pids")
        assert len(pids) == 4
        assert all(map(alive, pids))
        process.stdin.close()
        assert process.wait(10) == 0
    assert all_ended(pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_is_asked_to_end_ends_all(tmp_path, number):
    with supervised(tmp_path, STRAYS + HANG) as process:
        pids = awaited(tmp_path / "pids")
        process.send_signal(number)
        assert process.wait(10) == 0
    assert all_ended(pids)


def test_one_that_is_killed_takes_the_worker_along(tmp_path):
    with supervised(tmp_path, STRAYS + HANG) as process:
        worker, *others = awaited(tmp_path / "pids")
        process.kill()
        assert all_ended([worker])
    for other in others:  # these are the price of it
        os.kill(other, signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "code"),
    [("", 0), ("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", -9), ("os.kill(os.getpid(), 11)", -11)],
)
def test_it_ends_as_its_worker_did_and_with_all_that_is_left(tmp_path, end, code):
    with supervised(tmp_path, f"{STRAYS}\n{end}") as process:
        assert process.stdout.read() == b""
        assert process.wait(10) == code
        assert all_ended(awaited(tmp_path / "pids"))


def test_what_goes_in_and_out_is_the_worker_s(tmp_path):
    with supervised(tmp_path, "import sys; sys.stdout.write(sys.stdin.readline() * 2)") as process:
        process.stdin.write(b"words\n")
        process.stdin.flush()
        assert process.stdout.read() == b"words\nwords\n"
        assert process.wait(10) == 0


@pytest.mark.slow
def test_a_worker_without_a_supervisor_ends_with_its_input_also_while_a_cell_hangs(project):
    program = "from reportkit.batch.processes.worker import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        frames.send(process.stdin, Settings(Limits(), False, project, ("html",)))
        assert frames.receive(process.stdout) is None
        frames.send(process.stdin, (time.sleep, (1000,)))
        time.sleep(0.2)
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(10) == 0
