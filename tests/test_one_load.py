"""One load a job: each file that a report is made from is read and parsed once, and the copy merged once."""

import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reportkit.batch import Outcome
from reportkit.batch.inputs import Loaded, handed_on, taken_over
from reportkit.batch.processes import worker
from reportkit.notebook import normalization
from reportkit.notebook.towns import copy_path, make_copy, town_notebook
from reportkit.params import reader
from reportkit.preview import renderer
from reportkit.project import Project, plan
from support.copies import change, output
from support.offices import bring, office

NAME = "2019/宁海县/甲镇"

WITHOUT_COPY = {"params read": 1, "params parsed": 1, "master read": 1, "master parsed": 1}
ONCE = {**WITHOUT_COPY, "copy read": 1, "copy parsed": 1, "merged": 1}

Counting = Callable[[Project], AbstractContextManager[Counter[str]]]

_opened: Counter[str] | None = None
"""The files that are opened for reading, while somebody counts them."""


@cache
def listen() -> None:
    sys.addaudithook(_hook)  # cannot be removed, hence only one


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _opened is not None:
        name, _, flags = arguments
        if isinstance(name, (str, os.PathLike)) and not (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            _opened[os.path.realpath(name)] += 1


def files(project: Project) -> dict[str, Path]:
    """What the town's report is made from."""
    return {"params": project.params / f"{NAME}.yaml", "copy": copy_path(project, NAME), "master": project.notebook}


@pytest.fixture
def counted(monkeypatch) -> Counting:
    """Count in a context how often the town's files are opened and parsed, and its cells merged."""

    @contextmanager
    def counting(project: Project) -> Iterator[Counter[str]]:
        global _opened
        listen()
        counts: Counter[str] = Counter()
        names = {os.path.realpath(path): name for name, path in files(project).items()}

        def count(module: Any, function: str, told: Callable[..., str]) -> None:
            plain = getattr(module, function)

            def counted(*arguments: Any) -> Any:
                counts[told(*arguments)] += 1
                return plain(*arguments)

            patched.setattr(module, function, counted)

        normalization._source.cache_clear()  # what an earlier report has parsed
        with monkeypatch.context() as patched:
            count(normalization, "load_notebook", lambda path, _: f"{names[os.path.realpath(path)]} parsed")
            count(reader, "parse", lambda _, shown: f"{names[os.path.realpath(shown)]} parsed")
            count(town_notebook, "merge", lambda *_: "merged")
            _opened = Counter()
            try:
                yield counts
                counts.update({f"{name} read": _opened[path] for path, name in names.items() if path in _opened})
            finally:
                _opened = None

    return counting


class Warm:
    """Stands in for the process that publishes: what is handed there, and what comes back, goes through pickle."""

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Any:
        function, arguments = pickle.loads(pickle.dumps((function, arguments)))
        answer = pickle.loads(pickle.dumps(function(*arguments)))
        return SimpleNamespace(result=lambda: answer)


@pytest.fixture(params=["in one process", "from process to process"])
def way(request, monkeypatch) -> None:
    """The two ways of a report whose cells can leave nothing behind."""
    if request.param == "from process to process":
        if not worker.CAN_FORK:
            pytest.skip("elsewhere a report stays in one process")
        workshop: Any = object.__new__(worker._Workshop)
        workshop._alone, workshop._server, workshop._running = False, Warm(), None
        monkeypatch.setattr(worker, "_begin", workshop.begin)


@pytest.fixture
def county(tmp_path, monkeypatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return office(tmp_path, "甲镇")


def with_copy(project: Project) -> None:
    """Give the town a copy with something of its own, of which the history knows."""
    make_copy(project, NAME, project.read(files(project)["params"]))
    change(copy_path(project, NAME), "title", "report.title", "report.title  # 改过")
    bring(project)


def build(project: Project) -> Outcome:
    (job,) = plan(project, [], ["html"])
    return worker.build(job)


def page_of(project: Project, content: bytes | None = None) -> str:
    (job,) = plan(project, [], [])
    return renderer._render(job, content, "html").html


@pytest.mark.usefixtures("way")
def test_a_build_loads_each_file_once(county, counted):
    with counted(county) as counts:
        assert build(county).status == "built"
    assert counts == WITHOUT_COPY
    with_copy(county)
    with counted(county) as counts:
        outcome = build(county)
    assert outcome.status == "built"
    assert counts == ONCE
    assert "# 改过" in output(county, NAME).read_text(encoding="utf-8")
    assert all(outcome.inputs[path.relative_to(county.root).as_posix()] for path in files(county).values())


@pytest.mark.usefixtures("way")
def test_a_copy_that_somebody_has_written_is_loaded_again(county, counted):
    with_copy(county)
    change(copy_path(county, NAME), "title", "# 改过", "# 又改过")
    with counted(county) as counts:
        assert build(county).status == "built"
    # That version is kept, if it is still what the file holds.
    assert counts == {**ONCE, "copy read": 2}
    change(output(county, NAME), "title", "# 又改过", "# 在输出里改过")
    with counted(county) as counts:
        told = build(county)
    # The edit is carried over: before the copy is replaced, it is compared.
    assert "carried over" in told.reason
    assert [counts[key] for key in ("params read", "params parsed", "copy parsed", "merged")] == [1, 1, 2, 2]
    assert "# 在输出里改过" in output(county, NAME).read_text(encoding="utf-8")


@pytest.mark.usefixtures("way")
def test_a_conflict_that_stays_is_loaded_once(county, counted):
    with_copy(county)
    change(county.notebook, "title", "report.title", "report.title  # 另改")
    assert build(county).status == "invalid"
    with counted(county) as counts:
        assert build(county).status == "invalid"
    assert counts == {**ONCE, "copy read": 2}  # nothing is written, as the copy holds what it should: that is looked at


@pytest.mark.usefixtures("way")
def test_a_preview_loads_each_file_once(county, counted):
    with counted(county) as counts:
        assert "甲镇" in page_of(county)
    assert counts == WITHOUT_COPY
    with_copy(county)
    with counted(county) as counts:
        assert "甲镇" in page_of(county)
    assert counts == ONCE
    content = files(county)["params"].read_bytes()
    with counted(county) as counts:
        assert "甲镇" in page_of(county, content + "# 还没有保存\n".encode())
    assert counts == {name: number for name, number in ONCE.items() if name != "params read"}


def test_what_is_loaded_is_the_same_in_another_process(county):
    with_copy(county)
    (job,) = plan(county, [], ["html"])
    here = Loaded(job)
    assert here.town.merged.cells
    there = pickle.loads(pickle.dumps(here))
    assert there.filing == here.filing
    assert there.filing.form is there.job.project.forms[here.filing.form.edition]
    assert (there.content, there.town, there.copy) == (here.content, here.town, here.copy)
    assert there.town.merged == here.town.merged
    assert len(pickle.dumps(here)) < 100_000


def test_a_filing_is_handed_on_whatever_has_been_asked_of_it(county):
    (job,) = plan(county, [], ["html"])
    filing = Loaded(job).filing
    assert filing.figures  # which is kept beside the fields
    sent = pickle.dumps(handed_on(filing))
    found = taken_over(pickle.loads(sent), job.project.forms)
    assert found == filing
    assert found.form is filing.form
    assert len(sent) < 0.3 * len(pickle.dumps(filing))
