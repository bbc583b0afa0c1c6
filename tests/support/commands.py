"""`python -m reportkit` as a process of its own, without the second in which each would load the libraries.

The process is forked from one that has them, and so are the workers that it starts; `warm_workers` does the same for
those of a crew in the tests' own process. Where the loading, the interpreter's own settings, signals or the descriptors
are what a test is about, it starts the command itself.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NoReturn, cast

from reportkit.batch.processes import pool, supervisor
from reportkit.batch.processes.worker import CAN_FORK, make_ready
from support.installed import look_up_once
from support.repository import ROOT

_SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from support import commands; commands.serve(int(sys.argv[2]))"
_AS_A_WORKER = {"PYTHONHASHSEED": "0"}
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # else no fork
_STARTUP = "PYTHON"
"""How the names of variables begin which an interpreter reads when it starts."""

_LOCALE = ("LC_", "LANG")
"""The same of those which our modules read, too, when they are loaded: each language has a server."""

_LOADED = [
    *("matplotlib.pyplot", "nbformat", "numpy", "openpyxl", "papermill", "rich.console", "xlsxwriter"),
    *(f"reportkit.{name}" for name in ("batch.incremental", "checks.similarity", "engine", "imports.dispatch")),
    *(f"reportkit.{name}" for name in ("imports.importer", "report", "preview.renderer")),
    *(f"reportkit.{name}" for name in ("form_workbook.county", "model.rollup", "notebook.towns", "params.writer")),
]
_MOST = 1 << 20
"""Bytes of an order, most of which is the environment."""


def reportkit(cwd: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The end of `reportkit ARGUMENTS` in a folder, with what it has said."""
    command = [sys.executable, "-m", "reportkit", *arguments]
    if not CAN_FORK or any(name.startswith(_STARTUP) for name in environment):
        return subprocess.run(
            command, cwd=cwd, capture_output=True, encoding="utf-8", check=False, env={**os.environ, **environment}
        )
    with tempfile.TemporaryDirectory() as folder:
        said = [f"{folder}/out", f"{folder}/err"]
        order = {"arguments": list(map(str, arguments)), "cwd": str(cwd), "said": said}
        code = _ask(order | {"env": {**os.environ, **environment}})
        return subprocess.CompletedProcess(command, code, *(Path(path).read_text(encoding="utf-8") for path in said))


@contextlib.contextmanager
def warm_workers() -> Iterator[None]:
    """Let the crews of this process hire workers that have the libraries."""
    own = pool.subprocess
    if CAN_FORK:
        pool.subprocess = _with(_HiredWorker)
    try:
        yield
    finally:
        pool.subprocess = own


def _with(popen: object) -> Any:
    return SimpleNamespace(**{**vars(subprocess), "Popen": popen})


class _HiredWorker:
    """A worker as `pool` starts it, forked from the server: of `subprocess.Popen` what a crew uses."""

    def __init__(self, command: list[str], *, stderr: IO[bytes], env: Mapping[str, str], **_: object) -> None:
        (calls, calling), (answers, answering), (self._ends, ended) = os.pipe(), os.pipe(), os.pipe()
        order = {"worker": command, "cwd": str(Path.cwd()), "env": dict(env)}
        _ask(order, calls, answering, stderr.fileno(), ended)
        for descriptor in (calls, answering, ended):
            os.close(descriptor)
        self.stdin, self.stdout = os.fdopen(calling, "wb"), os.fdopen(answers, "rb")
        self.pid = int.from_bytes(os.read(self._ends, 4))
        self._command, self._code, self._lock = command, None, threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        with self._lock:
            if self._code is None:
                if not select.select([self._ends], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(self._command, timeout)
                self._code = int.from_bytes(os.read(self._ends, 4), signed=True)
                os.close(self._ends)
            return self._code

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


_lock = threading.Lock()


@cache
def _server(locale: tuple[tuple[str, str], ...]) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(Path(__file__).parents[1]), str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        env={**_without_locale(os.environ), **dict(locale), **_ONE_THREAD, **_AS_A_WORKER},
    )
    theirs.close()
    atexit.register(lambda: (ours.close(), server.wait()))
    return ours


def _ask(order: Mapping[str, object], *descriptors: int) -> int:
    environment = cast(dict[str, str], order["env"])
    locale = environment.keys() - _without_locale(environment).keys()
    with _lock:
        server = _server(tuple((name, environment[name]) for name in sorted(locale)))
        socket.send_fds(server, [json.dumps(order).encode()], descriptors)
        return int(server.recv(100))


def _without_locale(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_LOCALE)}


def serve(orders: int) -> None:
    """Fork a process for each order that comes in, and say how a command ended."""
    _load()
    gc.freeze()
    with socket.socket(fileno=orders) as asked:
        while True:
            message, descriptors, *_ = socket.recv_fds(asked, _MOST, 4)
            if not message:
                return
            order = json.loads(message)
            if not (child := os.fork()):
                _keep(order, *descriptors) if descriptors else _become(order)
            for descriptor in descriptors:
                os.close(descriptor)
            asked.send(b"%d" % (0 if descriptors else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
            with contextlib.suppress(ChildProcessError):  # the keepers of workers that have ended
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _load() -> None:
    import typer.main
    from typer.testing import CliRunner

    from reportkit.batch.execution import lean_imports
    from reportkit.batch.fingerprint import environment
    from reportkit.checks.registry import rules_of
    from reportkit.cli import app
    from reportkit.exporters import formats
    from reportkit.kinds import DEFAULT
    from reportkit.project import load_project

    with lean_imports():
        for name in _LOADED:
            importlib.import_module(name)
    project = load_project(ROOT)
    make_ready(project, [*formats.FORMATS])  # as each worker does
    look_up_once()
    environment(project, formats.FORMATS)
    rules_of(DEFAULT)
    typer.main.get_command = cache(typer.main.get_command)  # which makes the whole command line anew at each call
    CliRunner().invoke(app, ["explain", "R1"])  # typer, too, loads much at its first call
    typer.main.get_command(app)


def _become(order: dict[str, Any]) -> None:
    from reportkit.__main__ import main

    pool.subprocess = _with(_start_worker)
    for number, path in enumerate([os.devnull, *order["said"]]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    sys.argv = ["reportkit", *order["arguments"]]
    try:
        main()
    except SystemExit as end:
        _end(end.code)


def _end(code: Any) -> NoReturn:
    """End as an interpreter does, but for taking apart what it has loaded, which all is a copy and takes a tenth of a second."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for the threads
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _start_worker(command: list[str], *, env: Mapping[str, str], **options: object) -> subprocess.Popen[bytes]:
    """A worker as `pool` starts it, with the same streams, but forked from this process."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return subprocess.Popen(command, preexec_fn=lambda: _work(command, env), **options)


def _keep(order: dict[str, Any], calls: int, answers: int, errors: int, ended: int) -> NoReturn:
    """Start a worker with these streams, say which process it is, and how it ends."""
    if not (worker := os.fork()):
        os.setsid()
        for number, descriptor in enumerate((calls, answers, errors)):
            os.dup2(descriptor, number)
        os.chdir(order["cwd"])
        _work(order["worker"], order["env"])
    for descriptor in (calls, answers, errors):
        os.close(descriptor)
    os.write(ended, worker.to_bytes(4))
    _, status = os.waitpid(worker, 0)
    os.write(ended, os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))
    os._exit(0)


def _work(command: list[str], env: Mapping[str, str]) -> NoReturn:
    """Do in this process what the program of a worker does."""
    from reportkit.batch.processes import worker

    try:
        os.closerange(3, 1 << 10)  # among them what would tell that another program has taken this one's place
        os.environ.clear()
        os.environ.update(env)
        sys.path[:] = json.loads(command[-1])
        supervisor.supervise()
        worker.main()
    except BaseException:
        traceback.print_exc()
    os._exit(1)
