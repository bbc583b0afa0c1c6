"""Jobs handed over in groups: the cells of a report run while the one before is published, and none drags others down."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future
from hashlib import sha256
from queue import SimpleQueue
from typing import Any

import pytest

from reportkit.batch import Outcome, pipeline, run
from reportkit.batch.incremental import update
from reportkit.batch.inputs import Loaded
from reportkit.batch.processes.fork import ChildError
from reportkit.batch.processes.pool import Crew
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.warm_process import Server
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.batch.scheduler import GroupingExecutor
from reportkit.project import Project, plan
from support.offices import add_cell, bring, office

forks = pytest.mark.skipif(not CAN_FORK, reason="no fork on this system")
TOWNS = ["甲镇", "乙镇", "丙镇", "丁镇"]


class Fragile(GroupingExecutor):
    """Loses each call that has to do with one town, with all that it was given together with it."""

    group = 3

    def __init__(self, town: str) -> None:
        self.town, self.calls = town, list[list[str]]()

    def submit(self, _function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        towns = [job.params.stem for job in arguments[0]]
        self.calls.append(towns)
        if self.town in towns:
            future.set_exception(RuntimeError("gone"))
        else:
            future.set_result([Outcome(job, "built") for job in arguments[0]])
        return future


def test_of_a_group_that_is_lost_each_report_is_tried_alone(tmp_path):
    jobs = plan(office(tmp_path, *TOWNS), [], ["html"])
    fragile = Fragile("乙镇")
    made = {outcome.job.params.stem: (outcome.status, outcome.reason) for outcome in run(jobs, fragile)}
    assert made == {
        "甲镇": ("built", ""),
        "乙镇": ("failed", "RuntimeError: gone"),
        "丙镇": ("built", ""),
        "丁镇": ("built", ""),
    }
    assert sorted(map(len, fragile.calls)) == [1, 1, 1, 1, 3]


class Slow(Fragile):
    """One worker, so to speak: of what it has been given, it does one call at a time, when somebody waits for it."""

    group, ahead = 2, 2

    def __init__(self, town: str) -> None:
        super().__init__(town)
        self.begun = list[tuple[Future[Any], Any]]()

    def submit(self, _function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.begun.append((future, arguments[0]))
        return future

    def work(self) -> None:
        future, jobs = self.begun.pop(0)
        done = super().submit(lambda _: None, jobs)
        future.set_exception(error) if (error := done.exception()) else future.set_result(done.result())


def test_of_a_group_that_is_lost_while_many_others_wait_each_report_is_tried_alone(tmp_path, monkeypatch):
    jobs = plan(office(tmp_path, *TOWNS, "戊镇", "己镇"), [], ["html"])
    slow = Slow(jobs[0].params.stem)

    class Working(SimpleQueue[Any]):
        def get(self) -> Any:  # type: ignore[override]
            while self.empty():
                slow.work()
            return super().get()

    monkeypatch.setattr("reportkit.batch.scheduler.SimpleQueue", Working)
    made = [(outcome.job.params.stem, outcome.status) for outcome in run(jobs, slow)]
    assert sorted(made) == sorted((job.params.stem, "failed" if job is jobs[0] else "built") for job in jobs)


@forks
@pytest.mark.parametrize("fork", [None, True])
def test_each_report_of_a_group_gets_its_own_outcome(tmp_path, fork):
    project = office(tmp_path, *TOWNS)
    add_cell(
        project, "if report.filing.jurisdiction == '乙镇': import os; os._exit(3)\nprint(report.filing.jurisdiction)"
    )
    jobs = plan(project, [], ["html"])
    with Crew(1, Settings(Limits(seconds=20), fork, project), reports=100) as crew:
        assert crew.group == 16
        outcomes = list(run(jobs, crew))
    assert {outcome.job.params.stem: outcome.status for outcome in outcomes} == {
        "甲镇": "built",
        "乙镇": "failed",
        "丙镇": "built",
        "丁镇": "built",
    }
    assert [outcome.reason for outcome in outcomes if outcome.status == "failed"] == [
        "cell extra: the process ended by itself, with exit status 3"
    ]
    for outcome in outcomes:
        if outcome.status == "built":
            (page,) = [path for path in outcome.files if path.suffix == ".html"]
            shown = page.read_text(encoding="utf-8")
            assert [town for town in TOWNS if town in shown] == [outcome.job.params.stem]


KILLERS = {
    "worker": "os.kill(int(open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1]), 9); time.sleep(9)",
    "fork server": "os.kill(os.getppid(), 9); time.sleep(9)",
}

TRIES = {"worker": 2, "fork server": 1}


def test_a_report_that_is_lost_leaves_no_earlier_page(tmp_path):
    project = office(tmp_path, "甲镇", "乙镇")
    add_cell(project, "1 + 1")
    assert {outcome.status for outcome in bring(project)} == {"built"}

    class Lossy(Fragile):
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    made = update(project, plan(project, [], ["html"]), lambda _: Lossy("乙镇"), force=True)
    assert sorted(outcome.status for outcome in made) == ["built", "failed"]
    assert sorted(path.name for path in (project.root / "dist").rglob("*镇.*")) == ["甲镇.html", "甲镇.ipynb"]


@pytest.mark.slow
@forks
@pytest.mark.parametrize("killed", KILLERS)
def test_a_report_whose_processes_are_lost_leaves_no_earlier_page(tmp_path, killed):
    project = office(tmp_path, *TOWNS)
    add_cell(
        project,
        "import os, time\nif os.path.exists('kill') and report.filing.jurisdiction == '乙镇':\n"
        "    print(file=open('kill', 'a'))\n    " + KILLERS[killed],
    )

    def statuses() -> dict[str, str]:
        jobs = plan(project, [], ["html"])
        settings = Settings(Limits(seconds=20), None, project)
        made = update(project, jobs, lambda _: Crew(1, settings, reports=24), force=True)
        return {outcome.job.params.stem: outcome.status for outcome in made}

    assert set(statuses().values()) == {"built"}
    (project.root / "kill").touch()
    assert statuses() == {town: "failed" if town == "乙镇" else "built" for town in TOWNS}
    assert (project.root / "kill").read_text() == "\n" * TRIES[killed]
    pages = {path.stem: sha256(path.read_bytes()).hexdigest() for path in (project.root / "dist").rglob("*.html")}
    assert sorted(pages) == sorted(set(TOWNS) - {"乙镇"})
    manifest = ((project.root / "dist") / "MANIFEST.sha256").read_text(encoding="utf-8")
    assert [sha for sha in pages.values() if sha not in manifest] == []
    assert "乙镇" not in manifest


def finished_report(project: Project) -> pipeline.Finished:
    (job,) = plan(project, [], ["html"])
    drawn = pipeline.prepare(Loaded(job))
    assert isinstance(drawn, pipeline.Draft)
    finished = pipeline.finish(drawn, pipeline.run(drawn))
    assert isinstance(finished, pipeline.Finished)
    return finished


def test_of_a_finished_report_nothing_is_in_place_before_it_is_published(tmp_path):
    finished = finished_report(office(tmp_path, "甲镇"))
    lying = [path.read_bytes() for path in finished.files.parts.values()]
    assert not any(path.exists() for path in finished.outcome.files)
    outcome = pipeline.publish(finished)
    assert [path.read_bytes() for path in outcome.files] == lying
    assert [sha256(content).hexdigest() for content in lying] == list(outcome.digests)
    assert [path for path in finished.files.parts.values() if path.exists()] == []


def test_a_finished_report_of_which_a_part_is_lost_is_told_and_leaves_all_as_it_was(tmp_path):
    project = office(tmp_path, "甲镇")
    earlier = pipeline.publish(finished_report(project))
    before = [path.read_bytes() for path in earlier.files]
    finished = finished_report(project)
    *others, lost = finished.files.parts.values()
    lost.unlink()
    outcome = pipeline.publish(finished)
    assert (outcome.status, outcome.files, "甲镇.html" in outcome.reason) == ("failed", (), True)
    assert [path.read_bytes() for path in earlier.files] == before
    assert [part for part in others if part.exists()] == []


@forks
def test_of_a_report_whose_pages_cost_their_process_the_notebook_is_kept(tmp_path):
    project = office(tmp_path, "甲镇")
    (job,) = plan(project, [], ["html"])
    drawn = pipeline.prepare(Loaded(job))
    assert isinstance(drawn, pipeline.Draft)
    done = pipeline.run(drawn)
    finished = pipeline.finish(drawn, done)
    assert isinstance(finished, pipeline.Finished)
    (page,) = [path for path in pipeline.publish(finished).files if path.suffix == ".html"]
    outcome = pipeline.unpublished(drawn, done, "ended by SIGKILL")
    assert (outcome.status, outcome.reason) == ("failed", "ended by SIGKILL")
    assert not page.exists()
    assert "ended by SIGKILL" in page.with_suffix(".failed.ipynb").read_text(encoding="utf-8")


class Recording(Crew):
    """A crew that only notes how many jobs it is given at a time."""

    def __init__(self, size: int, project: Any, reports: int) -> None:
        super().__init__(size, Settings(Limits(), None, project), reports=reports)
        self.groups = list[int]()

    def _put(self, call: Any) -> None:
        self.groups.append(len(call.futures))
        for job, future in zip(call.arguments[0], call.futures, strict=True):
            future.set_result([Outcome(job, "built")])


@pytest.mark.parametrize(
    ("reports", "size", "groups"),
    [
        (1, 1, [1]),
        (40, 1, [16, 16, 8]),
        (9, 2, [2, 1, 1, 1, 1, 1, 1, 1]),
        (60, 2, [15, 11, 8, 6, 5, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1]),
        (5, 64, [1, 1, 1, 1, 1]),
    ],
)
def test_groups_get_smaller_towards_the_end_for_all_workers_to_end_together(tmp_path, reports, size, groups):
    (job,) = plan(office(tmp_path, "甲镇"), [], ["html"])
    with Recording(size, job.project, reports) as crew:
        assert len(list(run([job] * reports, crew))) == reports
    assert crew.groups == groups


@forks
def test_the_outcome_of_each_report_comes_as_soon_as_it_is_there(tmp_path):
    project = office(tmp_path, *TOWNS)
    wait = "while not os.path.exists(report.filing.jurisdiction): time.sleep(0.01)"
    add_cell(project, f"import os, time\n{wait}")
    jobs = plan(project, [], ["html"])
    with Crew(1, Settings(Limits(seconds=30), None, project), reports=len(TOWNS)) as crew:
        outcomes = run(jobs, crew)
        for job in jobs:
            (project.root / job.params.stem).touch()
            assert next(outcomes).job == job


def test_where_a_call_has_the_time_of_one_report_it_is_given_one(project):
    with Crew(1, Settings(Limits(), False, project), reports=100) as crew:
        assert crew.group == 1


def said(number: int) -> int:
    return number


def ended(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def slept(number: int) -> int:
    time.sleep(30)
    return number


@pytest.fixture
def server() -> Any:
    server = Server(Limits(seconds=0.5), list)
    yield server
    server.close()


@forks
def test_an_answer_is_kept_until_it_is_asked_for(server):
    answers = [server.begin(said, number) for number in range(3)]
    assert [answer.result() for answer in reversed(answers)] == [2, 1, 0]
    assert [answer.result() for answer in answers] == [0, 1, 2]


@forks
@pytest.mark.parametrize(("fatal", "why"), [(ended, "SIGKILL"), (slept, "0.5")])
def test_a_call_that_ends_its_process_or_takes_too_long_harms_no_other(server, fatal, why):
    answers = [server.begin(function, number) for number, function in enumerate((said, fatal, said))]
    assert answers[2].result() == 2
    assert answers[0].result() == 0
    with pytest.raises(ChildError, match=why):
        answers[1].result()
    assert server.call(said, 3) == 3
