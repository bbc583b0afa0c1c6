"""What several rooms' tests share: the repository's own project, and its two reports built once."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from reportkit.batch import Outcome, run
from reportkit.forms import Form, shipped_forms
from reportkit.project import Project, load_project, plan

ROOT = Path(__file__).parent.parent
FILES = Path(__file__).parent / "files"
# Dozens of tests start a command, which takes twice as long if nobody may keep compiled bytecode: keep it apart.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache/bytecode")

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

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
