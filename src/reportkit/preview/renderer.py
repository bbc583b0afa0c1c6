"""One report made in a moment, again and again: its page, its PDF, and the PDF's pages as pictures; nothing is written.

A warm worker does it, as for a batch: cells that could leave something behind have a process of their own, and what
crashes or hangs costs one answer.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from reportkit.batch import pipeline
from reportkit.batch.fingerprint import own_files
from reportkit.batch.finished_text import content_of, pictures_of
from reportkit.batch.inputs import Loaded
from reportkit.batch.outcome import Outcome
from reportkit.batch.processes import worker
from reportkit.batch.processes.pool import Crew, WorkerDiedError
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.worker import CAN_FORK, Settings
from reportkit.errors import Issue, Origin, UserError
from reportkit.exporters.formats import render
from reportkit.notebook.towns import copy_path
from reportkit.project import Job, Project, load_project
from reportkit.project.config import CONFIG
from reportkit.translation import _

View = Literal["html", "pdf", "sheets"]

LIMITS = Limits(seconds=30)
"""A person waits for it, so it is given up sooner than a report of a batch."""

_own_files = cache(own_files)
"""Which only a developer changes."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


@dataclass(frozen=True)
class Rendered:
    """What came of making a report: one of `html`, `pdf` and `sheets`, whichever was asked for.

    It is empty where the report cannot be made; then `issues` holds errors, or `reason` says why, and `place` where,
    if that is known (notebooks/annual_report.ipynb:cell overview, line 2). `inputs` are the files it was made from,
    by their path in the project. `warnings` are sentences that name a cell and what a person should look at.
    """

    html: str = ""
    sheets: tuple[bytes, ...] = ()
    issues: tuple[Issue, ...] = ()
    reason: str = ""
    inputs: tuple[str, ...] = ()
    seconds: float = 0.0
    pdf: bytes = b""
    place: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def made(self) -> bool:
        """Whether there is something to see."""
        return bool(self.html or self.pdf or self.sheets)


class Renderer(AbstractContextManager["Renderer"]):
    """Makes reports of a project in a warm process, one at a time; close it, or use it as a context manager.

    When a form, reportkit.toml or this package's own code has changed, the process is replaced by a new one before
    the next report is made.
    """

    def __init__(self, project: Project, limits: Limits = LIMITS, fork: bool | None = None) -> None:
        """Start the process; `fork` is that of reportkit.batch.processes.worker.Settings."""
        self._project, self._limits, self._fork = project, limits, fork if CAN_FORK else False
        self._lock = threading.Lock()
        self._warm: Mapping[Path, tuple[int, int]] = {}
        self._start()

    @property
    def project(self) -> Project:
        """The project as its reportkit.toml has it now."""
        return self._project

    def page(self, name: str, content: bytes | None = None) -> Rendered:
        """Return the report's web page; `name` is for instance 2019/宁海县/桑洲镇.

        `content` is what the parameter file is taken to hold, if it has not been saved yet.
        """
        return self._rendered(name, content, "html")

    def pdf(self, name: str, content: bytes | None = None) -> Rendered:
        """Return the report's PDF; see `page`."""
        return self._rendered(name, content, "pdf")

    def sheets(self, name: str, content: bytes | None = None) -> Rendered:
        """Return the pages of the report's PDF as SVG pictures; see `page`."""
        return self._rendered(name, content, "sheets")

    def warm_files(self) -> list[Path]:
        """Return the files and folders whose change takes a new process."""
        forms = self._project.forms_folder
        styles = self._project.style_files()
        lists = [self._project.source.file] if self._project.source else []
        own = [forms, *sorted(forms.glob("*.yaml")), *self._project.kind_files()]
        return [self._project.root / CONFIG, *own, *lists, *styles, *_own_files()]

    def interrupt(self) -> None:
        """Give up the report that is being made, from another thread; the next one gets a new process."""
        self._warm = {}
        self._crew.shutdown(wait=False)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._crew.shutdown()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        self._warm = _signatures(self.warm_files())
        self._crew = Crew(1, Settings(self._limits, self._fork, self._project))
        self._crew.submit(_wake)

    def _refresh(self) -> None:
        """Replace the process if it was started with something that is no longer so. Raises UserError."""
        if _signatures(self.warm_files()) != self._warm:
            self._project = load_project(self._project.root)
            self._crew.shutdown()
            self._start()

    def _rendered(self, name: str, content: bytes | None, view: View) -> Rendered:
        start = time.perf_counter()
        with self._lock:
            try:
                self._refresh()
                shown: Rendered = self._crew.submit(_render, self._job(name), content, view).result()
            except CancelledError:
                shown = Rendered(reason="the renderer has been closed")
            except (UserError, WorkerDiedError, TimeoutError) as error:
                shown = Rendered(reason=str(error))
        return replace(shown, seconds=time.perf_counter() - start)

    def _job(self, name: str) -> Job:
        out = self._project.dist.absolute()
        if self._project.source:
            given = self._project.sets.get(name)
            if given is None:
                raise UserError(_("{list}: has no report {name} any more").format(list=self._project.params, name=name))
            return Job(self._project, self._project.params, name, (), out, given=given)
        return Job(self._project, self._project.file_of(name), name, (), out)


def _wake() -> None:
    """Nothing; but there is a process then that can do it."""


def _render(job: Job, content: bytes | None, view: View) -> Rendered:
    """Make a report in the worker."""
    made = worker.make(Loaded(job, content), pipeline.draft, partial(_show, view))
    if isinstance(made, Outcome):
        return Rendered(issues=made.issues, reason=made.reason, inputs=tuple(made.inputs))
    return made  # type: ignore[no-any-return]


def _show(view: View, draft: pipeline.Draft, done: pipeline.Run) -> Rendered:
    """What a run has come to; the work of a process that is warm."""
    inputs = tuple(dict.fromkeys([*draft.inputs, *done.inputs]))
    if done.reason:
        return Rendered(issues=draft.issues, reason=done.reason, inputs=inputs, place=_place(draft.job, done))
    try:
        shown = _published(view, draft, done.nb)
        return replace(shown, inputs=tuple(dict.fromkeys([*inputs, *shown.inputs])))
    except UserError as error:
        reason = str(error)
    except Exception as error:
        reason = pipeline.fault(error)
    return Rendered(issues=draft.issues, reason=reason, inputs=inputs)


def _published(view: View, draft: pipeline.Draft, nb: Any) -> Rendered:
    """The report as it would be published. Raises UserError if it would not be."""
    from reportkit.exporters.pdf import sheets

    content, issues = content_of(draft, nb)
    made: dict[View, Callable[[], Rendered]] = {
        "html": lambda: Rendered(html=render(content, "html").decode()),
        "pdf": lambda: Rendered(pdf=render(content, "pdf")),
        "sheets": lambda: Rendered(sheets=tuple(sheets(content))),
    }
    pictures = tuple(pictures_of(draft.job, content))
    return replace(made[view](), issues=issues, inputs=pictures, warnings=tuple(content.warnings))


def _place(job: Job, done: pipeline.Run) -> str:
    """The notebook, the cell that failed, and the line in it, as far as they are known."""
    if not done.failed_cell:
        return ""
    own = copy_path(job.project, job.name)
    cell: Any = next((cell for cell in done.nb.cells if cell.get("id") == done.failed_cell), {})
    traces = [output["traceback"] for output in cell.get("outputs", ()) if output["output_type"] == "error"]
    lines = _LINE.findall(_ANSI.sub("", "\n".join(map("\n".join, traces))))
    words = _("cell {cell}, line {line}") if lines else _("cell {cell}")
    place = words.format(cell=done.failed_cell, line=lines[-1] if lines else "")
    return str(Origin(job.project.shown(own if own.exists() else job.project.notebook), place))


def _signatures(paths: list[Path]) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in paths:
        try:
            stat = os.stat(path)  # noqa: PTH116  (for hundreds of files, before each report)
        except OSError:
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size)
    return found
