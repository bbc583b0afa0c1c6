"""What reaches a terminal or a log: lines of ours, in which no text of a person can be a line, a colour or a title."""

import ast
import json
import re
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from reportkit.batch.processes import pool
from reportkit.cli import app, main, output
from reportkit.signs import visible
from reportkit.worddiff import Piece
from support.laws import examples
from support.offices import Here, add_town, office

SRC = Path(__file__).parent.parent / "src" / "reportkit"
FORGED = "\nbuilt dist/2019/甲镇.html\x1b]0;owned\x07\x1b[8m\r\u202e\u2028== 甲镇\x85\x9b2J\u200b"
ISSUE = re.compile(r"params/2019/[^:]*:[\w.]* [A-Z]+\d+ (?:error|warning|note|waived) ")


WRITERS = re.compile(
    r"(?<![\w.])(?:print(?=\()|sys\.(?:__)?std(?:out|err)(?:__)?|typer\.s?echo|os\.write|warnings\.warn\b)"
    r"|\bConsole\b|\bStreamHandler\b|\bbasicConfig\b"
)


def writes(path: Path) -> set[str]:
    """What a module has to write with: print, the standard streams, a console, an echo, a handler of a log."""
    text = path.read_text(encoding="utf-8")
    if not WRITERS.search(text):
        return set()
    code = ast.unparse(ast.parse(text))  # without comments
    return set(WRITERS.findall(re.sub(r"(?s)\"\"\".*?\"\"\"|'[^'\n]*'", "", code)))


def test_one_module_writes_to_the_terminal():
    found = {path.relative_to(SRC).as_posix(): used for path in SRC.rglob("*.py") if (used := writes(path))}
    assert found.pop("cli/output.py") >= {"print", "sys.stdout", "sys.stderr"}
    assert found.pop("cli/reporter.py") == {"Console", "sys.stdout"}  # the bar, and whether there is a place for one
    assert found.pop("cli/imports.py") == {"sys.stderr"}  # which is flushed
    assert found.pop("cli/streams.py") == {"sys.stdout", "sys.stderr"}  # which it puts others in the place of
    # A cell's streams are the notebook's, a forked process empties its own, and a lock says who has it.
    assert {name for name in found if not name.startswith("engine/")} == {
        "batch/processes/fork.py",
        "batch/folder_lock.py",
    }


def test_the_bar_writes_lines_of_the_same_kind():
    tree = ast.parse((SRC / "cli/reporter.py").read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".print")
    ]
    assert [ast.unparse(call.args[0]) for call in calls] == ["one_line(line)"]


def test_json_is_written_by_the_one_function():
    dumps = {
        path.relative_to(SRC).as_posix()
        for path in (SRC / "cli").rglob("*.py")
        if "json.dumps" in path.read_text(encoding="utf-8")
    }
    assert dumps == set()


def clean(text: str) -> None:
    assert visible(text) == text
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    text.encode()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return office(tmp_path_factory.mktemp("house"), "甲镇")


hostile = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from([*FORGED, "\n", "：", ":"])), min_size=1, max_size=30
)


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=hostile, value=hostile, name=hostile, reason=hostile)
def test_no_text_of_a_parameter_file_forges_a_line_of_check(house, monkeypatch, key, value, name, reason):
    monkeypatch.chdir(house.root)
    entries = {
        "year": 2019, "jurisdiction": f"甲{name}", "edition": "2019", key: value, "waivers": {key: reason},
        "figures": {"主动公开政府信息情况": {key: value, "规章": [value, 0, 0]}}, "narrative": {"总体情况": value, key: name},
    }  # fmt: skip
    path = house.root / "params/2019/宁海县/甲镇.yaml"
    path.write_text(json.dumps(entries, ensure_ascii=True), encoding="utf-8")  # JSON is YAML
    done = CliRunner().invoke(app, ["check", str(path)])
    assert done.exit_code == 1
    head, *lines = done.stdout.split("\n")[:-1]
    assert re.match("== 甲.*  params/2019/宁海县/甲镇.yaml$", head)
    assert [line for line in lines if not ISSUE.match(line)] == []
    assert re.fullmatch(r"1 checked, [\d,]+ errors?, [\d,]+ warnings?\n", done.stderr)
    clean(done.stdout)


@pytest.fixture
def hostile_office(tmp_path, monkeypatch):
    """An office in which every text that can be hostile is: names of files and cells, keys, words, what cells say."""
    project = office(tmp_path, "甲镇")
    monkeypatch.chdir(tmp_path)
    # The system's names hold no slash and no zero byte.
    name = FORGED.replace("/", "")
    add_town(tmp_path, "乙镇").rename(tmp_path / f"params/2019/宁海县/乙{name}.yaml")
    add_town(tmp_path, "丙镇").rename(tmp_path / "params/2019/宁海县/\udcff\n丙.yaml")
    path = project.copies / "2019/宁海县/甲镇.ipynb"
    assert CliRunner().invoke(app, ["edit", "甲镇", "--no-open"]).exit_code == 0
    nb = json.loads(path.read_text(encoding="utf-8"))
    source = f"raise ValueError({FORGED!r} + chr(27))"
    code = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    words = {"cell_type": "markdown", "id": f"w{FORGED}", "metadata": {}, "source": FORGED}
    nb["cells"][2:2] = [{**code, "id": f"e{FORGED}"}, words]
    path.write_text(json.dumps(nb), encoding="utf-8")
    return project


def test_no_text_forges_a_line_of_any_command(hostile_office, monkeypatch):
    monkeypatch.setattr(pool, "Crew", lambda *_: Here())
    log = hostile_office.root / "log.jsonl"
    known = {
        "check": rf"== |{ISSUE.pattern}|notebooks/towns/2019/宁海县/甲镇.ipynb:|params/2019/宁海县/|\d+ checked",
        "status": r"2019/|\d+ units: ",
        "status --edits": r"2019/|  |\d+ towns?, ",
        "diff 甲镇": r".+: (?:added|changed|removed|moved|tags changed)$|  ",
        "reset 甲镇 nothing": r"error|\S+: given up|  ",
        "build --to html --why": r"built dist/2019/|failed params/|invalid params/|params/2019/.+: new|  |to try just|\d+ (?:built|invalid|failed)",
        "build --to html --failed": r"built dist/2019/|failed params/|invalid params/|  |to try just|\d+ (?:built|invalid|failed)",
        "rollup params/2019/宁海县": r"params/2019/|nothing was added up|\S+:|#|  |$",
        "import params/2019/宁海县/甲镇.yaml --dry-run": r"refused |  |\d+ refused",
    }
    for command, pattern in known.items():
        more = ["--log-json", str(log)] if command.startswith("build") else []
        done = CliRunner().invoke(app, [*command.split(), *more])
        assert done.exception is None or not isinstance(done.exception, OSError), done.exception
        for line in done.output.split("\n")[:-1]:
            assert re.match(pattern, line), (command, line)
        clean(done.output)
        if more:
            text = log.read_text(encoding="utf-8")
            clean(text)
            assert {json.loads(line)["event"] for line in text.split("\n")[:-1]} <= {"start", "outcome", "end"}
    manifest = (hostile_office.dist / "MANIFEST.sha256").read_bytes()
    assert all(re.match(rb"\\?[0-9a-f]{64}  ", line) for line in manifest.splitlines())
    assert b"\x1b" not in manifest


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", FORGED.replace("\x00", "")], 2),
        (["check", "\udcff\x1b[2J"], 2),
        (["check", "--format", FORGED], 2),
        ([f"--no{FORGED}"], 2),
        ([f"no{FORGED}"], 2),
        (["build", "--jobs", FORGED], 2),
        (["explain", FORGED], 2),
        (["adopt", FORGED], 2),
    ],
)
def test_a_mistake_in_the_call_is_told_in_lines_of_ours(tmp_path, monkeypatch, capsys, arguments, status):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["reportkit", *arguments])
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    code = main()
    out, told = capsys.readouterr()
    assert (code, out) == (status, "")
    clean(told)
    known = re.compile("error: |Usage: reportkit|Try |Error: |  |$")
    assert [line for line in told.split("\n") if not known.match(line)] == []


def test_warnings_and_faults_are_told_in_lines_of_ours(capsys, monkeypatch):
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    output.prepare_libraries()
    warnings.showwarning(UserWarning(FORGED), UserWarning, "f", 1)
    output.say_lines("error: {message}", [FORGED, FORGED], aside=True)
    try:
        raise KeyError(FORGED)
    except KeyError:
        output.tell_fault()
    told = capsys.readouterr().err
    clean(told)
    assert [line for line in told.split("\n") if line.startswith(("built", "=="))] == []


def test_colours_are_ours_alone(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output.show_words([Piece("same", FORGED), Piece("new", FORGED)], "  ")
    told = re.sub(r"\x1b\[(?:31;9|32;4|0)m", "", capsys.readouterr().out)
    clean(told)
    assert [line for line in told.split("\n")[:-1] if not line.startswith("  ")] == []
