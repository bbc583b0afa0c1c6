"""What several rooms' tests share: the repository's own project, and its two reports built once."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.testing
from hypothesis import settings
from typer.testing import CliRunner

from reportkit.batch import Outcome, build
from reportkit.batch.execution import lean_imports
from reportkit.kinds import shipped_forms
from reportkit.model.form import Form
from reportkit.project import Project, load_project, plan
from support import commands
from support.copies import two_towns
from support.installed import look_up_once
from support.languages import speaking
from support.repository import ROOT, SANGZHOU, SUQIAN

# Dozens of tests start a command, which takes twice as long if nobody may keep compiled bytecode: keep it apart.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(ROOT / ".pytest_cache/bytecode")
    sys.dont_write_bytecode = False

# As in a command: each process of the tests would take five seconds for grammars that no notebook's schema asks for.
with lean_imports():
    import nbformat  # noqa: F401
    import papermill  # noqa: F401

# The checkout may belong to somebody else than who runs the tests, in a container for instance.
os.environ["REPORTKIT_SAFE"] = str(ROOT)

# The sentences that tests compare are English where no test says otherwise, whoever runs them.
for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(variable, None)
os.environ["LANG"] = "C.UTF-8"

look_up_once()

# Typer makes the whole command line anew at each call.
typer.testing._get_command = cache(typer.testing._get_command)

# How long an example takes says more of what else the machine does than of the code, so there is no deadline.
# .ci/run tries all examples of a law once, with `--hypothesis-profile thorough`; an everyday run a quarter of them.
# The many are the same each time, so that whoever mends a law finds what broke it; the few are others every day.
settings.register_profile("thorough", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("everyday", deadline=None, max_examples=25)
settings.load_profile("everyday")


def pytest_collection_finish() -> None:
    """Leave what five thousand tests are made of to itself: looking it through took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture
def chinese() -> Iterator[None]:
    """Let what is told in a test be Chinese, by this process and by those that it starts."""
    with speaking("zh_CN.UTF-8"):
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
