"""`reportkit build`."""

from __future__ import annotations

import os
import shlex
import signal
from contextlib import AbstractContextManager, closing
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import Params, app

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from reportkit.batch.worker import Settings

_INTERRUPTED = 130


class Format(StrEnum):
    """What `build` can make."""

    html = "html"
    pdf = "pdf"


@app.command(epilog="Example: reportkit build params/2019/宁海县 --to html --to pdf --jobs 4")
def build(
    params: Params = None,
    to: Annotated[list[Format] | None, typer.Option(help="Formats to make; default: all.")] = None,
    out: Annotated[
        str | None, typer.Option(help="Folder for the reports, also as an address (s3://…); default: dist/.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Reports at a time; default: one per core.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Make them on the Dask cluster of this scheduler, or 'local'.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make all, also those that are up to date.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that were invalid or failed last time.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Say for each report why it is made.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a report may take.")] = 120,
    memory: Annotated[int, typer.Option(min=100, help="Megabytes of memory that a report may take.")] = 4000,
    log_json: Annotated[Path | None, typer.Option(help="Write a line of JSON for each report to this file.")] = None,
    fork: Annotated[
        bool | None,
        typer.Option("--fork/--no-fork", help="A process for each report, or for none; default: where cells need it."),
    ] = None,
) -> None:
    """Make the reports that are not up to date: checks, master notebook, HTML and PDF. dist/ mirrors params/."""
    from reportkit.batch.crew import Crew
    from reportkit.batch.limits import Limits
    from reportkit.batch.updating import update
    from reportkit.batch.worker import CAN_FORK, Settings
    from reportkit.cli.telling import Teller
    from reportkit.copies import copy_path, strays
    from reportkit.locations import location
    from reportkit.project import find_project, plan

    project = find_project()
    formats = [chosen.value for chosen in dict.fromkeys(to or Format)]
    planned = plan(project, [location(text) for text in params or []], formats, location(out) if out else None)
    settings = Settings(Limits(timeout, memory), fork if CAN_FORK else False, project, tuple(formats))

    def crew(reports: int) -> AbstractContextManager[Executor]:
        size = min(jobs or _cores(), reports)
        return _cluster(dask, settings, reports, size) if dask else Crew(size, settings)

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
    for name in strays(project):
        print(f"{project.shown(copy_path(project, name))}: no parameter file {name}; its edits are printed nowhere")
    raise typer.Exit(_INTERRUPTED if teller.interrupted else 0 if teller.all_well else 1)


def _cluster(address: str, settings: Settings, reports: int, size: int) -> AbstractContextManager[Executor]:
    from reportkit.errors import UserError

    if find_spec("distributed") is None:
        raise UserError("--dask needs more packages: pip install 'reportkit[dask]'")
    from reportkit.batch.cluster import cluster

    return cluster(address, settings, reports, size)


def _cores() -> int:
    """The cores this process may use, which in a container can be fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _retry(params: list[str] | None, to: list[Format] | None, out: str | None) -> str:
    """The command that makes just those reports again that were not made now."""
    words = ["reportkit", "build", *(params or [])]
    words += [word for chosen in to or [] for word in ("--to", chosen.value)]
    return shlex.join([*words, *(("--out", out) if out else ()), "--failed"])
