"""Reports in processes of their own: what one does to itself, the others do not notice."""

import ctypes
import json
import mmap
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from reportkit.batch import Outcome, run
from reportkit.batch.processes import fork, frames, pages_ahead, started_worker
from reportkit.batch.processes.fork import ChildError
from reportkit.batch.processes.fork_server import ForkServer
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.started_worker import StartedWorker
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.batch.purity import is_plain
from reportkit.notebook import read_notebook
from reportkit.project import plan
from support.offices import add_cell, files, office
from support.strays import HANG, STRAYS, all_ended, awaited

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="no fork on this system"),
    pytest.mark.usefixtures("warm_workers"),
]
LIMITS = Limits(seconds=3, megabytes=700)


@pytest.fixture(scope="module")
def crew(project, warm_workers):  # noqa: ARG001
    with Crew(1, Settings(LIMITS, None, project)) as crew:
        yield crew


def one(crew: Crew, tmp_path, source: str) -> Outcome:
    """The outcome of a report whose master has this cell."""
    project = office(tmp_path, "甲镇")
    add_cell(project, source)
    (outcome,) = run(plan(project, [], ["html"]), crew)
    return outcome


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "cell extra: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", "cell extra: SystemExit: 3"),
        ("exit()", "cell extra: SystemExit"),
        ("raise KeyboardInterrupt", "cell extra: the process ended by itself"),
        ("import os; os._exit(7)", "cell extra: the process ended by itself, with exit status 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "cell extra: the process was ended by SIGSEGV"),
        ("import ctypes; ctypes.string_at(0)", "cell extra: the process was ended by SIGSEGV"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended by SIGKILL; perhaps the machine ran out"),
        pytest.param("while True: pass", "cell extra: took longer than the 3 s", marks=pytest.mark.slow),
        ("import time; time.sleep(1000)", "cell extra: took longer than the 3 s"),
        pytest.param("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass", "took longer than the 3 s", marks=pytest.mark.slow),
        ("x = bytearray(20_000_000_000)", "cell extra: MemoryError"),
        pytest.param("import numpy; numpy.ones(20_000_000_000 // 8)", "cell extra: ", marks=pytest.mark.slow),
        pytest.param("x = []\nwhile True: x.append(bytearray(10_000_000))", "cell extra: MemoryError", marks=pytest.mark.slow),
        pytest.param("while True: print('x' * 1000)", "cell extra: ", marks=pytest.mark.slow),
        pytest.param("import os; os.system('yes')", "cell extra: ", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_report_that_goes_wrong_is_one_failed_outcome(crew, tmp_path, source, reason):
    outcome = one(crew, tmp_path, source)
    assert outcome.status == "failed"
    assert reason in outcome.reason
    assert sorted(files(tmp_path / "dist")) == ["2019/宁海县/甲镇.failed.ipynb"]


def test_the_failed_notebook_is_kept_with_a_link_to_the_cell_and_its_traceback(crew, tmp_path):
    one(crew, tmp_path, "amount = 1\nnumber = amount / 0")
    nb = json.loads((tmp_path / "dist/2019/宁海县/甲镇.failed.ipynb").read_text(encoding="utf-8"))
    note, *cells = nb["cells"]
    assert "ZeroDivisionError" in note["source"]
    assert "[To cell extra, which failed](#The-cell-that-failed)" in note["source"]
    place = next(index for index, cell in enumerate(cells) if cell["id"] == "extra")
    assert cells[place - 1]["source"].startswith("## The cell that failed\n")
    (error,) = cells[place]["outputs"]
    assert "number = amount / 0" in re.sub(r"\x1b\[[0-9;]*m", "", "".join(error["traceback"]))


def test_a_notebook_whose_process_crashed_is_kept_with_the_cell_it_crashed_in(crew, tmp_path):
    one(crew, tmp_path, "import os; os._exit(1)")
    nb = json.loads((tmp_path / "dist/2019/宁海县/甲镇.failed.ipynb").read_text(encoding="utf-8"))
    assert "[To cell extra, which failed]" in nb["cells"][0]["source"]
    assert nb["cells"][[cell["id"] for cell in nb["cells"]].index("extra") - 1]["id"] == "failing-cell"


def test_nothing_of_one_report_reaches_another(crew, tmp_path):
    leave = "\n".join([
        "import builtins, os, sys, json, pandas",
        "os.environ['LEFT'] = sys.modules['left'] = builtins.left = json.left = pandas.left = 'left'",
        "os.chdir('/'); sys.path.insert(0, '/left'); pandas.set_option('display.max_rows', 3)",
        "import matplotlib; matplotlib.rcParams['font.size'] = 3.5",
        "seen = 'left'",
    ])  # fmt: skip
    look = "\n".join([
        "import builtins, os, sys, json, pandas, matplotlib",
        "found = ['LEFT' in os.environ, 'left' in sys.modules, '/left' in sys.path, os.getcwd() == '/',",
        "         hasattr(builtins, 'left'), hasattr(json, 'left'), hasattr(pandas, 'left'), 'seen' in globals(),",
        "         pandas.get_option('display.max_rows') == 3, matplotlib.rcParams['font.size'] == 3.5]",
        "assert not any(found), found",
    ])  # fmt: skip
    assert one(crew, tmp_path / "one", leave).status == "built"
    assert one(crew, tmp_path / "two", look).status == "built"


def test_a_fork_in_a_cell_makes_one_report(crew, tmp_path):
    source = "import os\nif os.fork() == 0:\n    marker = 'child'\n"
    outcome = one(crew, tmp_path, source)
    assert outcome.status == "built"
    assert (tmp_path / "dist/2019/宁海县/甲镇.html").read_bytes().count(b"<h1") == 1


def test_what_a_cell_leaves_running_ends_with_it_also_what_has_detached_itself(crew, tmp_path):
    outcome = one(crew, tmp_path, STRAYS)
    assert (outcome.status, outcome.reason) == ("built", "")
    _, *strays = awaited(tmp_path / "pids")
    assert len(strays) == 3
    assert all_ended(strays)


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--no-fork"], ["--fork"], ["--dask", "local"]], ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_command_that_ends_leaves_no_process(tmp_path, options, number):
    project = office(tmp_path, "甲镇", "乙镇")
    add_cell(project, STRAYS + HANG)
    command = [sys.executable, "-m", "reportkit", "build", "--to", "html", "--jobs", "1", *options]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        pids = awaited(tmp_path / "pids")
        process.send_signal(number)
        told, _ = process.communicate(timeout=30)
    assert all_ended(pids)
    assert "Traceback" not in told
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert "interrupted; 2 reports not begun" in told


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_preview_that_ends_leaves_no_process(tmp_path, number):
    add_cell(office(tmp_path, "甲镇"), STRAYS + HANG)
    command = [sys.executable, "-m", "reportkit", "preview", "甲镇", "--no-browser"]
    with (
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
        httpx.Client(trust_env=False, timeout=30) as web,
    ):
        address = httpx.URL(process.stdout.readline().split(": ", 1)[1].strip())
        room = address.join(re.search('url=(/[^"]+)', web.get(address).text)[1])
        with web.stream("GET", room.join("events?view=html")):
            pids = awaited(tmp_path / "pids")
            process.send_signal(number)
            told, _ = process.communicate(timeout=30)
    assert all_ended(pids)
    assert "Traceback" not in told
    if number != signal.SIGKILL:
        assert (process.returncode, told.splitlines()[-1]) == (0, "ended")


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing(tmp_path):
    project = office(tmp_path, *(f"{name}镇" for name in "甲乙丙丁戊己"))
    with Crew(1, Settings(LIMITS, None, project)) as crew:
        outcomes = run(plan(project, [], ["html"]), crew)
        first = next(outcomes)
        (worker,) = crew._workers
        os.kill(worker.pid, signal.SIGKILL)
        rest = list(outcomes)
    assert [outcome.status for outcome in (first, *rest)] == ["built"] * 6


@pytest.mark.slow
def test_without_fork_a_hung_report_is_ended_and_the_others_are_made(tmp_path):
    project = office(tmp_path, *(f"{name}镇" for name in "甲乙丙"))
    add_cell(project, "import time\nif jurisdiction == '乙镇': time.sleep(1000)")
    with Crew(1, Settings(Limits(seconds=6), False, project)) as crew:
        outcomes = {outcome.job.params.stem: outcome for outcome in run(plan(project, [], ["html"]), crew)}
    assert {town: outcome.status for town, outcome in outcomes.items()} == {
        "甲镇": "built", "乙镇": "failed", "丙镇": "built",
    }  # fmt: skip
    assert "took longer than the 6 s" in outcomes["乙镇"].reason


@pytest.mark.slow
def test_however_the_processes_are_used_the_bytes_are_the_same(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇", "丙镇")
    made = {}
    for way in (True, None, False):
        out = tmp_path / str(way)
        with Crew(1, Settings(LIMITS, way, project)) as crew:
            outcomes = list(run(plan(project, [], ["html", "pdf"], out), crew))
        assert [outcome.status for outcome in outcomes] == ["built"] * 3
        assert ["fork" in outcome.seconds for outcome in outcomes] == [way is True] * 3
        made[way] = files(out)
    assert len(made[True]) == 9
    assert made[True] == made[None] == made[False]


@pytest.mark.slow
def test_a_plain_notebook_is_given_a_process_of_its_own_when_the_shared_one_is_lost(project, tmp_path):
    county = office(tmp_path, "甲镇", "乙镇", "丙镇")
    outcomes = []
    with Crew(1, Settings(LIMITS, None, project)) as crew:
        for outcome in run(plan(county, [], ["html"]), crew, ahead=1):
            outcomes.append(outcome)
            if len(outcomes) == 1:
                (worker,) = crew._workers
                (inner,) = children(worker.pid)
                (server,) = children(inner)
                os.kill(server, signal.SIGKILL)
    assert [outcome.status for outcome in outcomes] == ["built"] * 3
    assert ["fork" in outcome.seconds for outcome in outcomes] == [False, True, False]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def five(note: Any) -> int:  # noqa: ARG001
    time.sleep(0.2)
    return 5


@pytest.mark.parametrize("times", [1, 2])
def test_a_process_that_is_lost_before_its_order_is_begun_is_replaced_once(times, monkeypatch):
    write, killed = fork._write, list[int]()

    def killing(line: int, data: bytes) -> None:
        write(line, data)
        if len(killed) < times and data == order:
            killed.append(next(pid for pid in children(os.getpid()) if pid not in killed))
            os.kill(killed[-1], signal.SIGKILL)

    order = frames.pack((five, ()))
    monkeypatch.setattr(fork, "_write", killing)  # for the process that forks, which is forked from this one
    server = ForkServer(LIMITS, list)
    try:
        if times == 1:
            assert server.run(order).result().value == 5
        else:
            with pytest.raises(ChildError, match="SIGKILL"):
                server.run(order).result()
    finally:
        server.close()


OTHERS = "int(pid) for pid in open(f'/proc/{above}/task/{above}/children').read().split() if int(pid) != os.getpid()"


@pytest.mark.parametrize(
    ("killed", "status"),
    [
        pytest.param(f"[{OTHERS}]", "built", id="the process that waits for the next report"),
        pytest.param("[above]", "failed", id="the process that forks"),
    ],
)
def test_a_cell_that_kills_what_is_ready_for_the_next_report_costs_that_one_nothing(crew, tmp_path, killed, status):
    source = f"import os, signal\nabove = os.getppid()\nfor pid in {killed}:\n    os.kill(pid, signal.SIGKILL)"
    assert one(crew, tmp_path / "first", source).status == status
    second = one(crew, tmp_path / "second", "import os")
    assert (second.status, second.reason) == ("built", "")


def test_a_cell_sees_of_the_processes_around_it_the_line_to_its_own_alone(crew, tmp_path):
    source = """
import os
def line(number):
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""
print(sum(line(number).startswith(("socket", "pipe")) for number in os.listdir("/proc/self/fd")))
"""
    for place in ("first", "second"):  # the second is forked while the first is running
        outcome = one(crew, tmp_path / place, source)
        assert outcome.status == "built"
        nb = json.loads((tmp_path / place / "dist/2019/宁海县/甲镇.ipynb").read_text(encoding="utf-8"))
        (extra,) = (cell for cell in nb["cells"] if cell["id"] == "extra")
        assert "".join(extra["outputs"][0]["text"]) == "3\n"  # the other two are the ends of its event loop's own


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("report.title", True),
        ("report.heading('other')\nreport.table('requests')", True),
        ("year = 2023\nfigures = {'a': [1, None, -2]}  # words", True),
        ("from reportkit.report import open_report\n\nreport = open_report(year=year, agency='x')", True),
        ("%%narrative other fees\n{{ words.fees }}", True),
        ("'a text'", True),
        ("", True),
        ("import os", False),
        ("from reportkit import report", False),
        ("from reportkit.report import open_report as print", False),
        ("x = open('y')", False),
        ("open_report()", False),
        ("report.filing.values.clear()", False),
        ("report._own_cells", False),
        ("__builtins__.exec('import os')", False),
        ("__builtin__.exec('import os')", False),
        ("report.table(open('x'))", False),
        ("report.table('a').hide()", False),
        ("report.issues[:] = []", False),
        ("report.x = 1", False),
        ("exit()", False),
        ("!rm x", False),
        ("%cd /", False),
        ("%%bash\nls", False),
        ("for i in []: pass", False),
        ("%%narrative overview --own\n{{ 1 }} {x} $y", True),
        ("%%narrative overview {open('x')}\n字", False),
        ("%%narrative overview $x\n字", False),
        ("%%narrative\n字", False),
        ("x = {[]: 1}", False),
        ("x = " + "[" * 300 + "]" * 300, False),
        ("open_report = f'{1}'", False),
        ("def f(): pass", False),
        ("report = open_report(**x)", False),
        ("x = y", False),
    ],
)  # fmt: skip
def test_which_cells_can_leave_nothing_behind(source, plain):
    cells = [{"cell_type": "markdown", "source": "import os"}, {"cell_type": "code", "source": source}]
    assert is_plain(json.dumps({"cells": cells})) is plain


def test_the_master_is_plain(project):
    assert is_plain(read_notebook(project.notebook).text)


@pytest.mark.skipif(not CAN_FORK, reason="needs fork")
def test_what_the_cells_import_is_imported_ahead_for_the_next_report(tmp_path):
    code = (
        "import sys\n"
        "from reportkit.batch.processes.imports_ahead import import_ahead, imported_since\n"
        "before = len(sys.modules)\n"
        "import wave, own\n"
        "new = imported_since(before)\n"
        "assert 'wave' in new and 'own' not in new, new\n"
        "for name in new: del sys.modules[name]\n"
        "assert import_ahead(new) and 'wave' in sys.modules\n"
        "assert not import_ahead(new)\n"
        "assert not import_ahead(['threading_at_import']) and 'threading_at_import' not in sys.modules\n"
        "assert import_ahead(['broken', 'nowhere', 'sndhdr_', 'colorsys']) and 'colorsys' in sys.modules\n"
    )
    (tmp_path / "own.py").write_text("")
    (tmp_path / "threading_at_import.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
    )
    (tmp_path / "broken.py").write_text("print('loud')\nraise RuntimeError\n")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_worker_loads_no_engine_before_it_can_leave_out_what_that_loads_needlessly():
    """Papermill loads checkers of addresses by jsonschema: seconds, unless whoever loads it first says otherwise."""
    code = "import sys, reportkit.batch.processes.worker; print({'papermill', 'lark', 'IPython', 'numpy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_worker_that_has_been_started_ahead_is_the_first_of_a_crew(tmp_path):
    project = office(tmp_path, "甲镇")
    with StartedWorker() as started:
        with Crew(1, Settings(LIMITS, None, project), started) as crew:
            outcomes = list(run(plan(project, [], ["html"]), crew))
            assert [worker.pid for worker in crew._workers] == [started.pid]
        assert [outcome.status for outcome in outcomes] == ["built"]


def test_a_worker_that_was_started_for_nothing_ends():
    with StartedWorker() as started:
        pid = started.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("words", "ahead"),
    [
        (["build"], True),
        (["build", "towns.csv", "--to", "html"], True),
        (["build", "--dask", "local"], False),
        (["build", "--dask=local"], False),
        (["build", "--help"], False),
        (["check", "build"], False),
        ([], False),
    ],
)
def test_a_build_starts_its_worker_before_the_command_is_loaded(monkeypatch, words, ahead):
    class Started:
        pass

    monkeypatch.setattr(started_worker, "StartedWorker", Started)
    monkeypatch.setattr(started_worker, "cores", lambda: 2)
    started_worker.start_ahead(words)
    assert isinstance(started_worker.taken(), Started) is ahead
    assert started_worker.taken() is None
    monkeypatch.setattr(started_worker, "cores", lambda: 1)
    started_worker.start_ahead(words)
    assert started_worker.taken() is None


def faults_of_a_write(buffer: mmap.mmap, before: Sequence[pages_ahead.Range]) -> tuple[int, list[pages_ahead.Range]]:
    """How often a forked process that writes to a page in ten is held up, after a copy of these parts of memory; and what it has written to."""
    told, telling = os.pipe()
    held, holding = os.pipe()
    child = os.fork()
    if not child:
        pages_ahead.copy(before)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for at in range(0, len(buffer), 10 * mmap.PAGESIZE):
            buffer[at] = 1
        os.write(telling, (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults).to_bytes(4))
        os.read(held, 1)
        os._exit(0)
    count = int.from_bytes(os.read(told, 4))
    written = pages_ahead.written(child)
    os.write(holding, b"0")
    os.waitpid(child, 0)
    for end in (told, telling, held, holding):
        os.close(end)
    return count, written


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")  # of the tests' own process
def test_memory_that_one_report_has_written_to_is_copied_ahead_for_the_next():
    with mmap.mmap(-1, 1000 * mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as buffer:
        buffer[:] = bytes(len(buffer))
        faults, written = faults_of_a_write(buffer, [])
        assert faults >= 100
        own = ctypes.addressof(view := ctypes.c_char.from_buffer(buffer))
        del view
        ours = [part for part in written if own <= part.start < own + len(buffer)]
        assert [(part.start - own, part.size) for part in ours] == [
            (at * mmap.PAGESIZE, mmap.PAGESIZE) for at in range(0, 1000, 10)
        ]
        assert faults_of_a_write(buffer, written)[0] < 20


def test_of_a_process_that_is_gone_nothing_is_copied_ahead():
    assert pages_ahead.written(2**22 - 1) == []
    pages_ahead.copy([pages_ahead.Range(0, mmap.PAGESIZE)])  # nobody's memory


@pytest.mark.slow
def test_a_notebook_with_a_plot_has_all_that_its_figure_imports_before_the_first_report():
    code = (
        "import sys\n"
        "from reportkit.engine import plots\n"
        "plots.make_ready(['import matplotlib.pyplot as plt', 'import pandas as pd'])\n"
        "before = set(sys.modules)\n"
        "import matplotlib.pyplot as plt, pandas as pd\n"
        "from IPython.core.pylabtools import print_figure\n"
        "figure, axes = plt.subplots()\n"
        "pd.DataFrame({'a': [1]}).plot.bar(ax=axes)\n"
        "print_figure(figure)\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
