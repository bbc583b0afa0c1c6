"""The command line, as a person meets it: what is printed, and how it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, SANGZHOU

GOOD = SANGZHOU.read_text(encoding="utf-8")
BROKEN = GOOD.replace("{自然人: 0, 总计: 0}\n    二", "{自然人: 3, 总计: 2}\n    二")


def run(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reportkit", *arguments],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, **environment},
    )  # fmt: skip


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """The counts at the end of a build, without the seconds it took."""
    return done.stdout.splitlines()[-1].split(" (")[0]


@pytest.fixture
def office(tmp_path):
    """An office's folder: parameter files and the master, nothing else."""
    (tmp_path / "params/2019/宁海县").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/annual_report.ipynb").write_bytes((ROOT / "notebooks/annual_report.ipynb").read_bytes())
    return tmp_path


def town(office: Path, text: str, name: str = "桑洲镇") -> Path:
    path = office / f"params/2019/宁海县/{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", [[], ["build"], ["check"]])
def test_help_has_an_example_and_names_the_commands(command):
    done = run(ROOT, *command, "--help")
    assert done.returncode == 0
    assert ("Example: reportkit" in done.stdout) if command else ("build" in done.stdout and "check" in done.stdout)


def test_version():
    assert run(ROOT, "--version").stdout == "reportkit 0.1.0\n"


def test_check_prints_a_line_for_each_issue(office):
    town(office, BROKEN)
    done = run(office, "check")
    assert [line.split(" ")[:3] for line in done.stdout.splitlines()] == [
        ["params/2019/宁海县/桑洲镇.yaml:18", "R2", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:21", "R1", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:22", "R1", "error"],
        ["params/2019/宁海县/桑洲镇.yaml:17", "B1", "warning"],
        ["params/2019/宁海县/桑洲镇.yaml:23", "B1", "warning"],
    ]
    assert (done.stderr, done.returncode) == ("1 checked, 3 errors, 2 warnings\n", 1)


def test_check_as_json(office):
    town(office, BROKEN)
    issues = json.loads(run(office, "check", "params", "--format", "json").stdout)
    assert [
        (issue["code"], issue["place"], issue["cell"], issue["found"], issue["expected"]) for issue in issues[:2]
    ] == [
        ("R2", "18", ["requests", "received", "total"], "3", "2"),
        ("R1", "21", ["requests", "outcome.total", "person"], "3", "0"),
    ]


def test_check_is_content_with_warnings(office):
    town(office, GOOD)
    assert run(office, "check").returncode == 0


def test_a_file_that_cannot_be_read_does_not_hide_the_others(office):
    town(office, BROKEN)
    town(office, "", "空镇")
    lines = run(office, "check").stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if "Y1" in line] == ["params/2019/宁海县/空镇.yaml"]
    assert sum(" R1 " in line for line in lines) == 2


def test_an_invalid_report_is_not_made_and_the_others_are(office):
    town(office, GOOD)
    town(
        office, GOOD.replace("jurisdiction: 桑洲镇", "jurisdiction: 力洋镇").replace("规章: [0,", "规章: [1,"), "力洋镇"
    )
    done = run(office, "build", "--to", "html")
    assert done.returncode == 1
    assert "invalid params/2019/宁海县/力洋镇.yaml" in done.stdout
    assert "P1 error" in done.stdout
    assert last_line(done) == "1 built, 1 invalid"
    assert sorted(path.name for path in (office / "dist/2019/宁海县").iterdir()) == ["桑洲镇.html", "桑洲镇.ipynb"]


def test_a_cell_that_fails_is_named(office):
    town(office, GOOD)
    master = office / "notebooks/annual_report.ipynb"
    nb = json.loads(master.read_text(encoding="utf-8"))
    cell = next(cell for cell in nb["cells"] if cell["id"] == "proactive")
    cell["source"] = ["report.tabel('proactive')"]
    master.write_text(json.dumps(nb), encoding="utf-8")
    done = run(office, "build", "--to", "html")
    assert (done.returncode, last_line(done)) == (1, "0 built, 1 failed")
    assert "cell proactive: AttributeError: 'Report' object has no attribute 'tabel'" in done.stdout
    assert sorted(path.name for path in (office / "dist/2019/宁海县").iterdir()) == ["桑洲镇.failed.ipynb"]


def test_a_cell_that_leaves_early_is_a_failure(office):
    town(office, GOOD)
    master = office / "notebooks/annual_report.ipynb"
    master.write_text(
        master.read_text(encoding="utf-8").replace('"report.title"', '"import sys; sys.exit()"'), encoding="utf-8"
    )
    done = run(office, "build", "--to", "html")
    assert (done.returncode, last_line(done)) == (1, "0 built, 1 failed")
    assert "cell title: SystemExit" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere"], "no such file or folder"),
        (["build", "--to", "docx"], "docx"),
        (["check", "--format", "xml"], "xml"),
        (["bild"], "bild"),
    ],
)
def test_a_mistake_in_the_call_exits_with_2(office, arguments, words):
    done = run(office, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_awkward_file_names_are_built(office):
    names = ["桑 洲 镇（终稿）", "📄年报", "{town}", "a'b&c", "%s", "-n"]
    for name in names:
        town(office, GOOD, name)
    done = run(office, "build", "--to", "html")
    assert (done.returncode, last_line(done)) == (0, f"{len(names)} built")
    assert sorted(path.stem for path in (office / "dist/2019/宁海县").glob("*.html")) == sorted(names)


def test_messages_survive_a_console_that_has_no_chinese(office):
    town(office, BROKEN)
    done = run(office, "check", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "R2 error" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_command_line_starts_without_its_heavy_parts():
    code = "import sys, reportkit.cli; print([m for m in ('pandas', 'IPython', 'nbformat', 'papermill', 'typst', 'yaml', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_summary_names_what_was_not_made_and_how_to_try_again(office):
    for number in range(22):
        town(office, GOOD.replace("桑洲镇", f"合成{number}镇"), f"合成{number}镇")
    town(office, "year: 2019\n", "合成3镇")
    done = run(office, "build", "--to", "html", "--why", "--log-json", "log.json")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert "params/2019/宁海县/合成7镇.yaml: new" in lines
    place = lines.index(
        "  params/2019/宁海县/合成3镇.yaml:1 Y6 error 缺少 jurisdiction（行政区或单位名称），例如 jurisdiction: 桑洲镇"
    )
    assert lines[place - 1 : place + 2 : 2] == [
        "invalid params/2019/宁海县/合成3镇.yaml",
        "to try just these again: reportkit build --to html --failed",
    ]
    assert last_line(done) == "21 built, 1 invalid"
    log = [json.loads(line) for line in (office / "log.json").read_text(encoding="utf-8").splitlines()]
    assert [log[0]["event"], log[-1]["event"]] == ["start", "end"]
    assert (log[0]["total"], log[-1]["built"], log[-1]["invalid"]) == (22, 21, 1)
    assert {line["status"] for line in log[1:-1]} == {"built", "invalid"}

    town(office, GOOD.replace("桑洲镇", "合成3镇"), "合成3镇")
    again = run(office, "build", "--to", "html", "--failed")
    assert (again.returncode, last_line(again)) == (0, "1 built")
    assert last_line(run(office, "build", "--to", "html")) == "22 up to date"


@pytest.mark.filterwarnings("ignore:.*click:DeprecationWarning")  # of an older typer with a newer click
def test_a_log_has_lines_of_progress(monkeypatch, capsys):
    from collections import Counter

    from reportkit.cli import telling

    monkeypatch.setattr(telling, "_INTERVAL", 0.0)
    lines = telling._Lines(40)
    lines.advance(Counter(built=9, failed=1))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("10 of 40, ")
    assert line.endswith(" s left")
