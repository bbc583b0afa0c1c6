"""A report whose cells run in a process of their own, and whose pages are made in another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportkit.batch import pipeline
from reportkit.batch.inputs import handed_on, taken_over
from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError
from reportkit.batch.processes.fork_server import ForkServer
from reportkit.batch.processes.warm_process import Answer, Server
from reportkit.errors import Issue
from reportkit.project import Project
from reportkit.translation import _

_Expected = tuple[Project, dict[str, Any], dict[str, Any], tuple[Issue, ...]]


class Apart:
    """A report whose cells run in a process of their own, from their start to what comes of it."""

    def __init__(
        self, server: Server, draft: pipeline.Draft, finish: pipeline.Finish, learn: Callable[[pipeline.Run], None]
    ) -> None:
        self._server, self._draft, self._finish, self._learn = server, draft, finish, learn
        self._order = frames.pack((_run_apart, (replace(draft, expected=None), _handed_on(draft))))
        self._cells: Answer | None = None
        self._run: pipeline.Run | None = None
        self._published: Answer | None = None

    def run(self, forks: ForkServer) -> None:
        """Begin to run the cells."""
        self._cells = forks.run(self._order)

    def wait(self) -> pipeline.Run:
        """Return what has come of the cells, once they have run."""
        if self._run is None:
            self._run = self._done()
            self._learn(self._run)
        return self._run

    def publish(self) -> Answer:
        """Begin to publish what has come of the cells; return where the answer will be."""
        if self._published is None:
            draft = replace(self._draft, nb=None, expected=None)
            self._published = self._server.begin(_finish, self._finish, draft, self.wait())
        return self._published

    def _done(self) -> pipeline.Run:
        """What has come of the cells, packed."""
        assert self._cells
        done: pipeline.Run
        try:
            done, seconds = self._cells.result()
        except ChildError as error:
            return _packed(pipeline.broken_run(self._draft, error.note, str(error)))
        if "cells" in done.seconds:
            done.seconds["fork"] = seconds - done.seconds["cells"]
        return done

    def result(self) -> Any:
        """Return what `finish` makes of the run."""
        try:
            return self.publish().result()
        except ChildError as error:
            reason = _("HTML and PDF: {error}").format(error=error)
            return pipeline.unpublished(self._draft, _unpacked(self.wait()), reason)


def _handed_on(draft: pipeline.Draft) -> _Expected | None:
    """What the cells find done, as it is sent: most of it would be the form."""
    if draft.expected is None:
        return None
    project, values, filing, issues = draft.expected
    return project, values, handed_on(filing), issues


def _run_apart(note: Callable[[int], None], draft: pipeline.Draft, expected: _Expected | None) -> pipeline.Run:
    """Run a draft's cells in a process that has not made it; `note` is told the index of each cell before it starts."""
    from reportkit.report import expect

    if expected:
        project, values, fields, issues = expected
        expect(project, values, taken_over(fields, project.forms), issues)
    return _packed(pipeline.run(replace(draft, plain=False), note))  # there is no next run to keep a shell for


def _packed(done: pipeline.Run) -> pipeline.Run:
    """A run on its way to the process that publishes it: only there its notebook is looked into."""
    return replace(done, nb=frames.Packed(done.nb))


def _unpacked(done: pipeline.Run) -> pipeline.Run:
    return replace(done, nb=done.nb.value())


def _finish(finish: pipeline.Finish, draft: pipeline.Draft, done: pipeline.Run) -> Any:
    """What `finish` makes of a packed run; a report is published, too, while the cells of the next one run."""
    return pipeline.published(finish(draft, _unpacked(done)))
