"""What goes on in a worker process: it imports everything once, then makes reports until its input ends."""

from __future__ import annotations

import functools
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from reportkit.batch import frames, steps
from reportkit.batch.limits import Limits
from reportkit.batch.outcome import Outcome
from reportkit.errors import UserError
from reportkit.notebook import read_notebook
from reportkit.project import Job, Project

CAN_FORK = sys.platform.startswith("linux")
"""Elsewhere there is no fork (Windows), or system libraries do not stand it (macOS)."""

_build: Callable[[Job], Outcome] = steps.build


@dataclass(frozen=True)
class Settings:
    """How a worker works: the bounds of a report, whether it forks, and the project whose reports it will make."""

    limits: Limits
    fork: bool
    project: Project


def build_all(jobs: Sequence[Job]) -> list[Outcome]:
    """Return the outcomes of a group of jobs, made one after the other; in a worker, each in a process of its own."""
    return [_build(job) for job in jobs]


def main() -> None:
    """Serve calls that come in as frames on standard input, with frames on standard output, until the input ends."""
    calls, answers = _private_streams()
    try:
        settings: Settings = frames.receive(calls)
        if settings.fork:
            _fork_for_each_report(settings, calls, answers)
        else:
            settings.limits.hold_memory()
            make_ready(settings.project)
        frames.send(answers, None)
        while True:
            function, arguments = frames.receive(calls)
            frames.send(answers, _answer(function, arguments))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # nobody is waiting for an orderly end


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


def _fork_for_each_report(settings: Settings, calls: IO[bytes], answers: IO[bytes]) -> None:
    from reportkit.batch.forge import ChildError, Forge
    from reportkit.batch.press import Press

    global _build
    ours = [calls.fileno(), answers.fileno()]
    press = Press(settings.limits, ours, calls.fileno())
    press.start()
    make_ready(settings.project)
    gc.collect()
    gc.freeze()  # else a collection in a child would touch, and so copy, every object there is

    def build(job: Job) -> Outcome:
        draft = steps.prepare(job)
        if isinstance(draft, Outcome):
            return draft
        forge = Forge(settings.limits, [*ours, *press.descriptors], calls.fileno())
        start = time.perf_counter()
        try:
            done = forge.call(functools.partial(steps.run, draft))
        except ChildError as error:
            done = steps.broken_run(draft, error.note, str(error))
        if "cells" in done.seconds:
            done.seconds["fork"] = time.perf_counter() - start - done.seconds["cells"]
        return press.publish(draft, done)

    _build = build


def make_ready(project: Project) -> None:
    """Do once what every report needs: imports, forms, templates, and what can be known of the notebook's cells."""
    from reportkit.batch.notebooks import lean_imports

    with lean_imports():
        import nbformat  # noqa: F401
        import papermill  # noqa: F401

    import reportkit.engines
    import reportkit.report

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
