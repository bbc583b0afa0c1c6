"""`python -m reportkit` as a process of its own, without the second in which each would load the libraries.

The process is forked from a server that has them, and so are the workers that it starts; `warm_workers` does the same
for those of a crew in the tests' own process. The server of a language is forked in turn from one that has all but the
command line, which all processes of a run of the tests share. Where the loading, the interpreter's own settings,
signals or the descriptors are what a test is about, it starts the command itself.
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
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NoReturn, cast

from reportkit.batch.processes import started_worker, supervisor
from reportkit.batch.processes.readiness import make_ready
from reportkit.batch.processes.worker import CAN_FORK
from support.installed import look_up_once
from support.languages import forget
from support.quick_disk import wait_for_no_disk
from support.repository import ROOT

_SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from support import commands; commands.serve(int(sys.argv[2]))"
_AS_A_WORKER = {"PYTHONHASHSEED": "0"}
_ENGLISH = {"LANG": "C.UTF-8"}
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # else no fork
_STARTUP = "PYTHON"
"""How the names of variables begin which an interpreter reads when it starts."""

_LOCALE = ("LC_", "LANG", "REPORTKIT_ISSUES")
"""The same of those which the command line reads, too, when it is loaded: each language has a server."""

_LOADED = [
    *("matplotlib.pyplot", "nbformat", "numpy", "openpyxl", "papermill", "rich.console", "xlsxwriter"),
    *(f"reportkit.{name}" for name in ("batch.incremental", "checks.similarity", "engine", "imports.dispatch")),
    *(f"reportkit.{name}" for name in ("imports.importer", "report", "preview.renderer")),
    *("s3fs", "upath.core", "reportkit.sets.lists", "reportkit.skeletons.new_project"),
    *(f"reportkit.{name}" for name in ("form_workbook.county", "model.rollup", "notebook.towns", "params.writer")),
]
_CALLS = (["explain", "R1"], ["check", "no/such/file"], ["build", "--to", "html", "no/such/file"])
"""What is loaded at the first call, at the first path and for the first build, no command is to load again."""

_ADDRESS = f"\0reportkit-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
"""Where those who run the tests together find each other: in no folder."""

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
    own = started_worker.subprocess
    if CAN_FORK:
        started_worker.subprocess = _with(_HiredWorker)
    try:
        yield
    finally:
        started_worker.subprocess = own


def _with(popen: object) -> Any:
    return SimpleNamespace(**{**vars(subprocess), "Popen": popen})


class _HiredWorker:
    """A worker as `started_worker` starts it, forked from the server: of `subprocess.Popen` what a crew uses."""

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
    """Where to ask the server of a language."""
    ours, theirs = _sockets()
    socket.send_fds(_mother(), [json.dumps({"locale": dict(locale)}).encode()], [theirs.fileno()])
    _mother().recv(100)
    theirs.close()
    atexit.register(ours.close)  # before the mother is waited for, who waits for her servers
    return ours


@cache
def _mother() -> socket.socket:
    """Where to ask for the server of a language: of the process that the first one of this run has started."""
    ours = _socket()
    while ours.connect_ex(_ADDRESS):
        with _socket() as door:
            try:
                door.bind(_ADDRESS)
            except OSError:  # somebody else is about to open it
                time.sleep(0.01)
                continue
            door.listen()
            _start_mother(door)
    atexit.register(ours.close)
    return ours


def _start_mother(door: socket.socket) -> None:
    mother = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(Path(__file__).parents[1]), str(door.fileno())],
        stdin=subprocess.DEVNULL,
        pass_fds=[door.fileno()],
        env={**_without_locale(os.environ), **_ENGLISH, **_ONE_THREAD, **_AS_A_WORKER},
    )
    atexit.register(mother.wait)  # after this process has hung up, and for those who have not


def _socket() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _sockets() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _ask(order: Mapping[str, object], *descriptors: int) -> int:
    environment = cast(dict[str, str], order["env"])
    locale = environment.keys() - _without_locale(environment).keys()
    with _lock:
        server = _server(tuple((name, environment[name]) for name in sorted(locale)))
        socket.send_fds(server, [json.dumps(order).encode()], descriptors)
        return int(server.recv(100))


def _without_locale(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_LOCALE)}


def serve(number: int) -> None:
    """Fork a server for each language that is asked for by somebody who comes to this door, until all have gone."""
    _load()
    gc.freeze()
    door = socket.socket(fileno=number)
    here = [door.accept()[0]]
    while here:
        for one in select.select([door, *here], [], [])[0]:
            if one is door:
                here.append(door.accept()[0])
            elif not _fork_server(one, [door, *here]):
                here.remove(one)
                one.close()
    with contextlib.suppress(ChildProcessError):  # servers end when nobody can ask them any more
        while True:
            os.wait()


def _fork_server(asked: socket.socket, ours: Sequence[socket.socket]) -> bool:
    """Do what one order says, and return whether there was one."""
    for order, descriptors in _orders(asked):
        if not os.fork():
            for each in ours:
                each.close()
            _serve_commands(order["locale"], *descriptors)
            os._exit(0)
        asked.send(b"0")
        _close(descriptors)
        return True
    return False


def _serve_commands(locale: Mapping[str, str], orders: int) -> None:
    """Fork a process for each order that comes in, and say how a command ended."""
    os.environ.pop("LANG")
    os.environ.update(locale)
    forget()
    _load_command_line()
    gc.freeze()
    with socket.socket(fileno=orders) as asked:
        for order, descriptors in _orders(asked):
            if not (child := os.fork()):
                _keep(order, *descriptors) if descriptors else _become(order)
            _close(descriptors)
            asked.send(b"%d" % (0 if descriptors else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
            with contextlib.suppress(ChildProcessError):  # the keepers of workers that have ended
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _orders(asked: socket.socket) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """What is asked for, with the descriptors that came with it, until nobody asks any more."""
    while (received := socket.recv_fds(asked, _MOST, 4))[0]:
        yield json.loads(received[0]), received[1]


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _load() -> None:
    """Load all that has no language of its own."""
    from reportkit.batch.fingerprint import environment
    from reportkit.batch.lean_imports import lean_imports
    from reportkit.checks.registry import rules_of
    from reportkit.exporters import formats
    from reportkit.kinds import DEFAULT
    from reportkit.project import load_project

    with lean_imports():
        for name in _LOADED:
            importlib.import_module(name)
        with contextlib.suppress(ModuleNotFoundError):  # of an older typer
            importlib.import_module("typer._adapters")
    wait_for_no_disk()
    project = load_project(ROOT)
    make_ready(project, [*formats.FORMATS])  # as each worker does
    look_up_once()
    environment(project, formats.FORMATS)
    rules_of(DEFAULT)


def _load_command_line() -> None:
    import typer.main
    from typer.testing import CliRunner

    from reportkit.cli import app

    typer.main.get_command = cache(typer.main.get_command)  # which makes the whole command line anew at each call
    for arguments in _CALLS:
        CliRunner().invoke(app, arguments)
    typer.main.get_command(app)


def _become(order: dict[str, Any]) -> None:
    from reportkit.__main__ import main

    started_worker.subprocess = _with(_start_worker)
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
    """A worker as `started_worker` starts it, with the same streams, but forked from this process."""
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
