"""Jobs in, outcomes out: one report after the other, each through checks, papermill, exporters and into place."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reportkit.errors import Issue, ReaderError, RunError, UserError
from reportkit.filing import check, publishable
from reportkit.notebook import parameters
from reportkit.project import Job

log = logging.getLogger(__name__)

Status = Literal["built", "up-to-date", "invalid", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the files made, the issues found, and for a failure the reason."""

    job: Job
    status: Status
    files: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()
    reason: str = ""


def run(jobs: Iterable[Job]) -> Iterator[Outcome]:
    """Yield the outcome of each job as it is done. A report that fails costs one outcome, not the batch."""
    for job in jobs:
        yield build(job)


def build(job: Job) -> Outcome:
    """Make one report and return its outcome. Never raises for what is wrong with the report itself."""
    try:
        filing = job.project.read(job.params)
    except ReaderError as error:
        return Outcome(job, "invalid", issues=tuple(error.issues))
    issues = tuple(check(filing))
    if not publishable(list(issues)):
        return Outcome(job, "invalid", issues=issues)
    try:
        nb = execute(job.project.notebook, parameters(filing), job.project.root)
        files = {".ipynb": _notebook_bytes(nb)}
        for name in job.formats:
            files[f".{name}"] = export(nb, name)
        written = write_all({job.target.with_name(job.target.name + suffix): made for suffix, made in files.items()})
    except (RunError, UserError) as error:
        return Outcome(job, "failed", issues=issues, reason=str(error))
    except OSError as error:
        return Outcome(job, "failed", issues=issues, reason=f"{error.filename or job.target}: {error.strerror}")
    except Exception as error:
        # A fault of ours in one report must not cost the others theirs.
        log.debug("%s", job.params, exc_info=True)
        return Outcome(job, "failed", issues=issues, reason=f"{type(error).__name__}: {error} (a fault of reportkit)")
    return Outcome(job, "built", files=written, issues=issues)


def execute(notebook: Path, values: dict[str, Any], cwd: Path, engine: str | None = "reportkit") -> Any:
    """Return the notebook, executed by a papermill engine with these parameters, as a NotebookNode without times.

    `engine` None is papermill's own: a new kernel.

    Raises RunError for the cell that failed, UserError if the file is no notebook.
    """
    with _hidden("rfc3987_syntax"):
        import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from reportkit.engines import strip_times

    try:
        nb = nbformat.read(notebook, as_version=4)
    except (OSError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise UserError(f"{notebook}: not a notebook: {error}") from error
    try:
        # No output path: papermill would write the notebook twice per cell; it is written once, when it is whole.
        done = papermill.execute_notebook(
            nb, None, values, engine_name=engine, cwd=cwd, progress_bar=False, request_save_on_cell_execute=False
        )
    except PapermillExecutionError as error:
        raise RunError(_cell_id(nb, error.cell_index), error.ename, error.evalue) from error
    _refuse_exit(done)
    return strip_times(done)


@contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Let an import go without an optional module of somebody else's.

    Where JupyterLab is installed, jsonschema loads a checker for internationalised addresses, which takes 0.8 s, a
    third of the start of a build. No notebook's schema has such an address.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # what makes an import fail
    try:
        yield
    finally:
        del sys.modules[module]


def _refuse_exit(nb: Any) -> None:
    """Raise RunError if a cell called exit: papermill takes that for success, but the report is not whole."""
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and output.ename == "SystemExit":
                raise RunError(cell.id, output.ename, output.evalue or "the cell ended the notebook")


def _cell_id(nb: Any, index: int) -> str:
    """The failing cell's id. Papermill counts the cell it injected before it; ours keep their names."""
    return str(nb.cells[min(max(index - 1, 0), len(nb.cells) - 1)].get("id", index))


_EXPORTERS = {"html": "HtmlReportExporter", "pdf": "PdfReportExporter"}


def export(nb: Any, name: str) -> bytes:
    """Return an executed notebook as "html" or "pdf".

    Raises ExportError if it cannot be published, for instance because no font has one of its characters.
    """
    body, _ = _exporter(name).from_notebook_node(nb)
    return body.encode() if isinstance(body, str) else body


@cache
def _exporter(name: str) -> Any:
    """One exporter for all reports: half the cost of a page is setting up its templates."""
    from reportkit import exporters

    return getattr(exporters, _EXPORTERS[name])()


def _notebook_bytes(nb: Any) -> bytes:
    return (json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write_all(files: dict[Path, bytes]) -> tuple[Path, ...]:
    """Write the files, each in one step: all go to temporary names first, so there is never half a report."""
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_bytes(content)
        for path in files:
            temporary[path].replace(path)
    finally:
        for part in temporary.values():
            part.unlink(missing_ok=True)
    return tuple(files)
