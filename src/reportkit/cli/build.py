"""`reportkit build`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.any_notebook import (
    Cwd,
    Encoded,
    Files,
    LogOutput,
    Notebook,
    One,
    Output,
    PairCommand,
    Raw,
    Style,
    Subject,
    Wanted,
    Yaml,
    pairs,
    with_sets,
)
from reportkit.cli.app import Params, command
from reportkit.cli.output import say
from reportkit.exporters.formats import FORMATS
from reportkit.translation import _

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from reportkit.batch.processes.worker import Settings

    Format = str
else:
    Format = StrEnum("Format", {name: name for name in FORMATS})

_INTERRUPTED = 130


@command(example="reportkit build params/2019/宁海县 --to html --to pdf --jobs 4", cls=PairCommand)
def build(
    ctx: typer.Context,
    params: Params = None,
    to: Annotated[list[Format] | None, typer.Option(help=_("Formats to make; default: all."))] = None,
    out: Annotated[
        str | None, typer.Option(help=_("Folder for the reports, also as an address (s3://…); default: dist/."))
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help=_("Reports at a time; default: one per core."))
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar=_("ADDRESS"), help=_("Make them on the Dask cluster of this scheduler, or 'local'.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_("Make all, also those that are up to date."))] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help=_("Only those that were invalid, failed or cut off last time."))
    ] = False,
    notebook: Notebook = None,
    subject: Subject = None,
    output: Output = None,
    parameters: One = None,
    parameters_raw: Raw = None,
    parameters_file: Files = None,
    parameters_yaml: Yaml = None,
    parameters_base64: Encoded = None,
    cwd: Cwd = None,
    style: Style = None,
    log_output: LogOutput = False,
    no_notebook: Annotated[
        bool, typer.Option("--no-notebook", help=_("Leave the notebooks out, as for a public folder."))
    ] = False,
    why: Annotated[bool, typer.Option("--why", help=_("Say for each report why it is made."))] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help=_("Seconds that a report may take."))] = 120,
    memory: Annotated[int, typer.Option(min=100, help=_("Megabytes of memory that a report may take."))] = 4000,
    plain_only: Annotated[
        bool,
        typer.Option("--plain-only", help=_("Run no notebook that holds code of any kind of its own.")),
    ] = False,
    log_json: Annotated[Path | None, typer.Option(help=_("Write a line of JSON for each report to this file."))] = None,
    fork: Annotated[
        bool | None,
        typer.Option(
            "--fork/--no-fork", help=_("A process for each report, or for none; default: where cells need it.")
        ),
    ] = None,
) -> None:
    """Make the reports that are not up to date: checks, master notebook, HTML and PDF. dist/ mirrors params/."""
    from reportkit.batch.processes.started_worker import StartedWorker, cores, taken

    # Before the rest is imported; a process that imports beside us what a report needs.
    started = None if dask or cores() < 2 else ctx.with_resource(taken() or StartedWorker())

    from reportkit.batch.incremental import update
    from reportkit.batch.processes.pool import Crew
    from reportkit.batch.processes.resource_limits import Limits
    from reportkit.batch.processes.worker import CAN_FORK, Settings
    from reportkit.checks.kind_rules import require_no_code
    from reportkit.cli.reporter import Teller
    from reportkit.files.locations import location
    from reportkit.notebook.towns import copy_path, strays
    from reportkit.project import jobs_of, jobs_of_sets, project_of, select

    formats = [str(chosen) for chosen in dict.fromkeys(to or FORMATS)]
    paths = [location(text) for text in params or []]
    wanted = Wanted(
        notebook,
        subject,
        output,
        pairs(parameters),
        pairs(parameters_raw),
        parameters_file or (),
        parameters_yaml or (),
        parameters_base64 or (),
        cwd,
        log_output,
        style,
    )
    project = with_sets(project_of(paths), paths, wanted)
    folder = location(out) if out else None
    if plain_only:
        require_no_code(form.kind for form in project.forms.values())
    if project.source:
        unlisted, paths = [], [project.params]
        planned = jobs_of_sets(project, formats, folder, not no_notebook)
    else:
        found = select(project, paths)
        planned, unlisted = jobs_of(project, found.files, formats, folder, not no_notebook), found.unlisted
        del found  # of tens of thousands, the paths
    if plain_only or log_output:
        planned = [replace(job, plain_only=plain_only, log_output=log_output) for job in planned]
    settings = Settings(Limits(timeout, memory), fork if CAN_FORK else False, project, tuple(formats))

    def crew(reports: int) -> AbstractContextManager[Executor]:
        size = min(jobs or cores(), reports)
        return _cluster(dask, settings, reports, size) if dask else Crew(size, settings, started, reports)

    with Teller(project, why=why, log=log_json) as teller:
        teller.tell_unlisted(unlisted)
        outcomes = update(
            project,
            planned,
            crew,
            force=force,
            only_unmade=failed,
            announce=teller.announce,
            covered=paths or [project.params],
        )
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    teller.tell(outcome)
        except KeyboardInterrupt:
            teller.interrupted = True
        teller.summarize(_retry(params, to, out, not no_notebook, plain_only, wanted))
    for name in strays(project):
        words = _("{copy}: no parameter file {name}; its edits are printed nowhere")
        say(words.format(copy=project.shown(copy_path(project, name)), name=name))
    raise typer.Exit(_INTERRUPTED if teller.interrupted else 1 if not teller.all_well else 2 if teller.log_lost else 0)


def _cluster(address: str, settings: Settings, reports: int, size: int) -> AbstractContextManager[Executor]:
    from reportkit.errors import UserError

    if find_spec("distributed") is None:
        raise UserError(_("--dask needs more packages: pip install 'reportkit[dask]'"))
    from reportkit.batch.processes.dask import cluster

    return cluster(address, settings, reports, size)


def _retry(
    params: list[str] | None,
    to: Sequence[str] | None,
    out: str | None,
    notebook: bool,
    plain_only: bool,
    wanted: Wanted,
) -> str:
    """The command that makes just those reports again that were not made now."""
    words = ["reportkit", "build", *(params or []), *wanted.words()]
    words += [word for chosen in to or [] for word in ("--to", str(chosen))]
    words += [*(("--out", out) if out else ()), *(() if notebook else ("--no-notebook",))]
    words += ["--plain-only"] if plain_only else []
    return shlex.join([*words, "--failed"])
