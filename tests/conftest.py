"""What several rooms' tests share: the repository's own project, and its two reports built once."""

import os
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import settings

from reportkit.batch import Outcome, run
from reportkit.kinds import shipped_forms
from reportkit.model.form import Form
from reportkit.project import Project, load_project, plan

ROOT = Path(__file__).parent.parent
FILES = Path(__file__).parent / "files"
# Dozens of tests start a command, which takes twice as long if nobody may keep compiled bytecode: keep it apart.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache/bytecode")

# The checkout may belong to somebody else than who runs the tests, in a container for instance.
os.environ["REPORTKIT_SAFE"] = str(ROOT)

# What is installed does not change meanwhile, and every build looks it up.
metadata.version = cache(metadata.version)

# How long an example takes says more of what else the machine does than of the code, so there is no deadline.
# .ci/run tries all examples of a law once, with `--hypothesis-profile thorough`; an everyday run a quarter of them.
settings.register_profile("thorough", deadline=None, max_examples=100)
settings.register_profile("everyday", deadline=None, max_examples=25)
settings.load_profile("everyday")


def examples(number: int) -> int:
    """So many examples of a law in a thorough run, and fewer on every day."""
    return max(1, number * settings.default.max_examples // 100)


SANGZHOU = ROOT / "params/2019/宁海县/桑洲镇.yaml"
SUQIAN = ROOT / "params/2023/江苏省/宿迁市.yaml"


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
    outcomes = run(plan(project, [SANGZHOU, SUQIAN], ["html", "pdf"], out))
    return {outcome.job.params.stem: outcome for outcome in outcomes}
