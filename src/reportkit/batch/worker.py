"""What goes on in a worker process: it imports everything once, then makes reports until its input ends."""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from reportkit.batch import frames, publishing, steps
from reportkit.batch.limits import Limits
from reportkit.batch.notebooks import lean_imports
from reportkit.batch.outcome import Outcome
from reportkit.batch.plain import is_plain
from reportkit.copies import copy_path, read_copy, read_town
from reportkit.errors import ReaderError, UserError
from reportkit.notebook import read_notebook
from reportkit.project import Job, Project

CAN_FORK = sys.platform.startswith("linux")
"""Elsewhere there is no fork (Windows), or system libraries do not stand it (macOS)."""

if CAN_FORK:
    from reportkit.batch.forge import ChildError, Forge
    from reportkit.batch.server import Server

Start = Callable[[Job], steps.Draft | Outcome]
Finish = Callable[[steps.Draft, steps.Run], Any]


@dataclass(frozen=True)
class Settings:
    """How a worker works: the bounds of a report, when it forks, the project, and the formats it will make.

    `fork` True is for each report, None for each whose notebook could leave something behind, False never.
    """

    limits: Limits
    fork: bool | None
    project: Project
    formats: tuple[str, ...] = ("html", "pdf")


def build_all(jobs: Sequence[Job]) -> list[Outcome]:
    """Return the outcomes of a group of jobs, made one after the other, in the way of this process."""
    return [build(job) for job in jobs]


def build(job: Job) -> Outcome:
    """Make one report in the way of this process and return its outcome.

    Never raises for what is wrong with the report itself.
    """
    note = steps.take_over(job)
    return note if isinstance(note, Outcome) else steps.told(make(job, steps.prepare, steps.publish), note)


def make(job: Job, start: Start, finish: Finish) -> Any:
    """Return what `finish` makes of a report's run, in the way of this process; or its outcome if it comes to none.

    `start` and `finish` are our own code, which stays warm; the cells have a process to themselves where they need it.
    """
    return _make(job, start, finish)


def _here(job: Job, start: Start, finish: Finish) -> Any:
    draft = start(job)
    return draft if isinstance(draft, Outcome) else finish(draft, steps.run(draft))


_make: Callable[[Job, Start, Finish], Any] = _here


def main() -> None:
    """Serve calls that come in as frames on standard input, with frames on standard output, until the input ends."""
    global _make
    calls, answers = _private_streams()
    workshop: _Workshop | None = None
    try:
        settings: Settings = frames.receive(calls)
        if settings.fork is False:
            settings.limits.hold_memory()
            make_ready(settings.project, settings.formats)
        else:
            workshop = _Workshop(settings, calls, answers)
            _make = workshop.make
        frames.send(answers, None)
        while True:
            function, arguments = frames.receive(calls)
            frames.send(answers, _answer(function, arguments))
    except (EOFError, BrokenPipeError):
        if workshop:
            workshop.close()
        os._exit(0)  # without the exit handlers of libraries: nobody is waiting for them


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take standard input and output away from everybody else: nothing that prints may get between the frames."""
    calls, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return open(calls, "rb"), open(answers, "wb")  # noqa: PTH123


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Return (True, the result) or (False, the exception)."""
    try:
        return True, function(*arguments)
    except EOFError:
        raise
    except Exception as error:
        return False, error


class _Workshop:
    """Makes reports in processes forked from this one.

    A server publishes what has been run; it also runs notebooks that can leave nothing behind. All others are run in
    a process that is forked for the one report. What went wrong in the server is tried again in such a process, where
    it can be told in which cell.
    """

    def __init__(self, settings: Settings, calls: IO[bytes], answers: IO[bytes]) -> None:
        self._alone, self._limits, self._lifeline = bool(settings.fork), settings.limits, calls.fileno()
        self._ours = [calls.fileno(), answers.fileno()]
        self._server = Server(self._limits, self._ours, self._lifeline)
        make_ready(settings.project, settings.formats)
        gc.collect()
        gc.freeze()  # else a collection in a child would touch, and so copy, every object there is

    def make(self, job: Job, start: Start, finish: Finish) -> Any:
        """Return what `finish` makes of a job's run, or the outcome of one that comes to none."""
        if not self._alone and _is_plain(job):
            with contextlib.suppress(ChildError):
                return self._server.call(_here, job, start, finish)
        draft = start(job)
        if isinstance(draft, Outcome):
            return draft
        done = self._run(draft)
        try:
            return self._server.call(finish, replace(draft, nb=None), done)
        except ChildError as error:
            return steps.unpublished(draft, done, f"HTML and PDF: {error}")

    def close(self) -> None:
        """End the processes."""
        self._server.close()

    def _run(self, draft: steps.Draft) -> steps.Run:
        forge = Forge(self._limits, [*self._ours, *self._server.descriptors], self._lifeline)
        start = time.perf_counter()
        try:
            done: steps.Run = forge.call(functools.partial(steps.run, draft))
        except ChildError as error:
            return steps.broken_run(draft, error.note, str(error))
        if "cells" in done.seconds:
            done.seconds["fork"] = time.perf_counter() - start - done.seconds["cells"]
        return done


def _is_plain(job: Job) -> bool:
    """Whether the cells that a report is made of are plain: the master's, or what a town has made of them."""
    try:
        if read_copy(copy_path(job.project, job.name)) is None:
            return is_plain(read_notebook(job.project.notebook).text)
        return is_plain(read_town(job.project, job.name, job.project.read(job.params)).text)
    except (ReaderError, UserError):
        return False


def make_ready(project: Project, formats: Sequence[str]) -> None:
    """Do once what every report needs: imports, forms, templates, and what can be known of the notebook's cells."""
    with lean_imports():
        import nbformat  # noqa: F401
        import papermill  # noqa: F401

    import reportkit.engines
    import reportkit.report

    publishing.make_ready(formats)
    sources = _sources(project.notebook)
    reportkit.report.prepare(project, sources)
    if any("matplotlib" in source for source in sources):
        import matplotlib.pyplot  # noqa: F401
    reportkit.engines.prepare(sources)


def _sources(notebook: Path) -> list[str]:
    """The cells' sources; none if the notebook cannot be read, which each report will say for itself."""
    try:
        cells = json.loads(read_notebook(notebook).text)["cells"]
    except UserError:
        return []
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]
