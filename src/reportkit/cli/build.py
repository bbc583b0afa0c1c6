"""`reportkit build`."""

from __future__ import annotations

import os
import shlex
import signal
from contextlib import AbstractContextManager, closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import Params, app

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from reportkit.batch.limits import Limits
    from reportkit.project import Project

_INTERRUPTED = 130


class Format(StrEnum):
    """What `build` can make."""

    html = "html"
    pdf = "pdf"


@app.command(epilog="Example: reportkit build params/2019/宁海县 --to html --to pdf --jobs 4")
def build(
    params: Params = None,
    to: Annotated[list[Format] | None, typer.Option(help="Formats to make; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the reports; default: dist/.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Reports at a time; default: one per core.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make all, also those that are up to date.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that were invalid or failed last time.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Say for each report why it is made.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a report may take.")] = 120,
    memory: Annotated[int, typer.Option(min=100, help="Megabytes of memory that a report may take.")] = 4000,
    log_json: Annotated[Path | None, typer.Option(help="Write a line of JSON for each report to this file.")] = None,
    fork: Annotated[
        bool,
        typer.Option("--fork/--no-fork", help="A process for each report (Linux), or a fresh shell."),
    ] = True,
) -> None:
    """Make the reports that are not up to date: checks, master notebook, HTML and PDF. dist/ mirrors params/."""
    from reportkit.batch.limits import Limits
    from reportkit.batch.updating import update
    from reportkit.cli.telling import Teller
    from reportkit.project import find_project, plan

    project = find_project()
    planned = plan(project, params or [], [chosen.value for chosen in dict.fromkeys(to or Format)], out)
    limits = Limits(timeout, memory)

    def crew(reports: int) -> AbstractContextManager[Executor]:
        return _crew(project, limits, fork, min(jobs or _cores(), reports))

    with Teller(project, why=why, log=log_json) as teller:
        outcomes = update(project, planned, crew, force=force, only_unmade=failed, announce=teller.announce)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end is an end like Ctrl-C
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    teller.tell(outcome)
        except KeyboardInterrupt:
            teller.interrupted = True
        teller.summarize(_retry(params, to, out))
    raise typer.Exit(_INTERRUPTED if teller.interrupted else 0 if teller.all_well else 1)


def _crew(project: Project, limits: Limits, fork: bool, size: int) -> AbstractContextManager[Executor]:
    from reportkit.batch.crew import Crew
    from reportkit.batch.worker import CAN_FORK, Settings

    return Crew(size, Settings(limits, fork and CAN_FORK, project.notebook))


def _cores() -> int:
    """The cores this process may use, which in a container can be fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _retry(params: list[Path] | None, to: list[Format] | None, out: Path | None) -> str:
    """The command that makes just those reports again that were not made now."""
    words = ["reportkit", "build", *map(str, params or [])]
    words += [word for chosen in to or [] for word in ("--to", chosen.value)]
    return shlex.join([*words, *(("--out", str(out)) if out else ()), "--failed"])
