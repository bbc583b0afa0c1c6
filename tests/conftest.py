"""What several rooms' tests share: the repository's own project, and its two reports built once."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

# Dozens of tests start a command, which takes twice as long if nobody may keep compiled bytecode: keep it apart, from
# before the first import of what takes long to compile.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache/bytecode")
    sys.dont_write_bytecode = False

# What is loaded and collected stays to the end: nothing of it is rubbish, see pytest_collection_finish.
gc.disable()

import pytest
import typer.testing
from hypothesis import settings
from typer.testing import CliRunner

from reportkit.batch import Outcome, build
from reportkit.batch.lean_imports import lean_imports
from reportkit.kinds import shipped_forms
from reportkit.model.form import Form
from reportkit.project import Project, load_project, plan
from support import commands
from support.copies import two_towns
from support.installed import look_up_once
from support.languages import issues_in, speaking
from support.quick_disk import wait_for_no_disk
from support.repository import ROOT, SANGZHOU, SUQIAN

# As in a command: each process of the tests would take five seconds for grammars that no notebook's schema asks for.
with lean_imports():
    import nbformat  # noqa: F401
    import papermill  # noqa: F401

# A shell lets what it starts in the background ignore Ctrl-C, and so would all commands that are started here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The checkout may belong to somebody else than who runs the tests, in a container for instance.
os.environ["REPORTKIT_SAFE"] = str(ROOT)

# The sentences that tests compare are English where no test says otherwise, whoever runs them.
for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(variable, None)
os.environ["LANG"] = "C.UTF-8"

# What is wrong with a filing is compared as a clerk reads it, in Chinese, but where a test says `english_issues`.
os.environ["REPORTKIT_ISSUES"] = "zh"

look_up_once()
wait_for_no_disk()

# Typer makes the whole command line anew at each call.
typer.main.get_command = typer.testing._get_command = cache(typer.main.get_command)

# How long an example takes says more of what else the machine does than of the code, so there is no deadline.
# .ci/run tries all examples of a law once, with `--hypothesis-profile thorough`; an everyday run a sixth of them.
# The many are the same each time, so that whoever mends a law finds what broke it; the few are others every day.
settings.register_profile("thorough", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("everyday", deadline=None, max_examples=16)
settings.load_profile("everyday")


def pytest_collection_finish() -> None:
    """Leave what six thousand tests are made of to itself: looking it through took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look for rings once more, and then leave all that there is to itself: pytest and Python look again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def chinese() -> Iterator[None]:
    """Let what is told in a test be Chinese, by this process and by those that it starts."""
    with speaking("zh_CN.UTF-8"):
        yield


@pytest.fixture
def english_issues() -> Iterator[None]:
    """Let issues be told in the language of the person, English, by this process and by those that it starts."""
    with issues_in(""):
        yield


@pytest.fixture(scope="session")
def project() -> Project:
    return load_project(ROOT)


@pytest.fixture(params=["2019", "2021"])
def form(request: pytest.FixtureRequest) -> Form:
    return shipped_forms()[request.param]


@pytest.fixture(scope="session")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """The two sample reports, built once, by jurisdiction."""
    out = tmp_path_factory.mktemp("dist")
    outcomes = [build(job) for job in plan(project, [SANGZHOU, SUQIAN], ["html", "pdf"], out)]
    return {outcome.job.params.stem: outcome for outcome in outcomes}


@pytest.fixture
def county(tmp_path: Path) -> Project:
    """Two towns whose reports are made: 甲镇 with words of its own, 乙镇 with the master's."""
    return two_towns(tmp_path)


@pytest.fixture(name="run")
def run_command(county: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """Run a command in the office's folder; return its exit code and its lines."""
    from reportkit.cli import app

    monkeypatch.chdir(county.root)

    def run(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        return done.exit_code, done.output.splitlines()

    return run


@pytest.fixture(scope="module")
def warm_workers() -> Iterator[None]:
    """Crews hire workers that are forked from a process with all libraries, where starting is not what is tested."""
    with commands.warm_workers():
        yield
