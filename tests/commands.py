"""`python -m reportkit` as a process of its own, without the second in which each would load the libraries.

The process is forked from one that has them. Where the loading, the interpreter's own settings, signals or the
descriptors are what a test is about, it starts the command itself.
"""

import atexit
import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

_SERVER = "import sys; sys.path.insert(0, sys.argv[1]); import commands; commands.serve()"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # else no fork
_STARTUP = ("PYTHON", "LC_", "LANG")
"""What an interpreter reads when it starts."""

_LOADED = [
    *("numpy", "openpyxl", "rich.console", "xlsxwriter"),
    *(f"reportkit.{name}" for name in ("batch.incremental", "checks.similarity", "imports.reader", "imports.writer")),
    *(f"reportkit.{name}" for name in ("form_workbook.county", "model.rollup", "notebook.towns", "params.writer")),
]


def reportkit(cwd: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The end of `reportkit ARGUMENTS` in a folder, with what it has said."""
    command = [sys.executable, "-m", "reportkit", *arguments]
    if not hasattr(os, "fork") or any(name.startswith(_STARTUP) for name in environment):
        return subprocess.run(
            command, cwd=cwd, capture_output=True, encoding="utf-8", check=False, env={**os.environ, **environment}
        )
    with tempfile.TemporaryDirectory() as folder:
        said = [f"{folder}/out", f"{folder}/err"]
        order = {"arguments": list(map(str, arguments)), "cwd": str(cwd), "said": said}
        code = _ask(order | {"env": {**os.environ, **environment}})
        return subprocess.CompletedProcess(command, code, *(Path(path).read_text(encoding="utf-8") for path in said))


@cache
def _server() -> tuple[IO[str], IO[str]]:
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(Path(__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_ONE_THREAD},
    )
    assert server.stdin is not None
    assert server.stdout is not None
    atexit.register(lambda: (server.stdin.close(), server.wait(), server.stdout.close()))
    return server.stdin, server.stdout


def _ask(order: Mapping[str, object]) -> int:
    asking, answering = _server()
    asking.write(json.dumps(order) + "\n")
    asking.flush()
    return int(answering.readline())


def serve() -> None:
    """Fork a process for each order of the standard input, and say how it ended."""
    _load()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        if not (child := os.fork()):
            _become(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _load() -> None:
    from typer.testing import CliRunner

    from reportkit.cli import app

    for name in _LOADED:
        importlib.import_module(name)
    CliRunner().invoke(app, ["explain", "R1"])  # typer, too, loads much at its first call


def _become(order: dict[str, list[str]]) -> None:
    from reportkit.__main__ import main

    for number, path in enumerate([os.devnull, *order["said"]]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    sys.argv = ["reportkit", *order["arguments"]]
    main()
