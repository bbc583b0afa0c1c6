"""Output that cannot be written, and ends that come early: a message and an exit code, never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reportkit import cli
from support.offices import files, office

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no /dev/full, no signals")

COMMAND = [sys.executable, "-m", "reportkit"]
FULL = "error: standard output: No space left on device; what is missing there has been told to nobody\n"


def shell(folder: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a line of bash does in a folder; `R` in it is the command, and the exit code is that of the first one."""
    script = f'R() {{ {" ".join(COMMAND)} "$@"; }}; {line}; exit ${{PIPESTATUS[0]}}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(
    ("line", "code", "errors"),
    [
        ("R rules > /dev/full", 2, FULL),
        pytest.param("R --help > /dev/full", 2, FULL, marks=pytest.mark.slow),
        ("R rules | head -1", 0, ""),
        pytest.param("R rules | true", 0, "", marks=pytest.mark.slow),
        pytest.param("R rules >&-", 0, "", marks=pytest.mark.slow),
        ("R rules >&- 2>&- <&-", 0, ""),
        ("R nonsense 2> /dev/full", 2, ""),
    ],
)
def test_what_cannot_be_printed_is_no_traceback(tmp_path, line, code, errors):
    done = shell(tmp_path, line)
    assert (done.returncode, done.stderr) == (code, errors)


@pytest.mark.slow
@pytest.mark.parametrize(("line", "code", "errors"), [("R rules > /dev/full", 2, FULL), ("R rules | true", 0, "")])
def test_without_a_buffer_it_is_the_same(tmp_path, line, code, errors):
    done = shell(tmp_path, line, PYTHONUNBUFFERED="1")
    assert (done.returncode, done.stderr) == (code, errors)


def test_a_console_of_few_characters_on_a_full_disk(tmp_path):
    done = shell(tmp_path, "R --help > /dev/full", PYTHONIOENCODING="ascii")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.slow
def test_a_build_that_cannot_tell_of_itself_makes_the_reports_all_the_same(tmp_path):
    office(tmp_path, "甲镇")
    done = shell(tmp_path, "R build --to html --log-json /dev/full > /dev/full")
    assert done.returncode == 2
    log, output = done.stderr.splitlines()
    assert (
        log == "error: --log-json /dev/full: No space left on device; its last lines are missing, and the build goes on"
    )
    assert f"{output}\n" == FULL
    assert sorted(files(tmp_path / "dist")) == [
        "2019/宁海县/甲镇.html", "2019/宁海县/甲镇.ipynb", "MANIFEST.sha256",
    ]  # fmt: skip


def test_the_lines_of_a_log_are_whole_when_its_disk_is_full(tmp_path):
    program = """
import resource
from pathlib import Path
from reportkit.cli.reporter import _Log
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
log = _Log(Path("log.json"))
for number in range(20):
    log.write(number=number, words="甲乙丙丁")
log.close()
print(log.lost)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
    assert (
        done.stderr == "error: --log-json log.json: File too large; its last lines are missing, and the build goes on\n"
    )
    written = (tmp_path / "log.json").read_text(encoding="utf-8")
    assert written == "".join(f'{{"number": {number}, "words": "甲乙丙丁"}}\n' for number in range(2))


@pytest.mark.parametrize("module", ["reportkit.cli", "typer", "reportkit.cli.streams", "reportkit.project"])
def test_ctrl_c_while_the_command_is_loaded_ends_it_without_a_word(tmp_path, module):
    program = f"""
import os, runpy, signal, sys
class Hand:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Hand())
sys.argv[1:] = ["check"]
runpy.run_module("reportkit", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_command_that_was_started_to_be_deaf_to_its_terminal_stays_so(monkeypatch):
    heard = {signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_IGN}
    monkeypatch.setattr(signal, "getsignal", heard.get)
    monkeypatch.setattr(signal, "signal", heard.__setitem__)
    cli._end_politely()
    assert heard == {signal.SIGTERM: signal.default_int_handler, signal.SIGHUP: signal.SIG_IGN}
