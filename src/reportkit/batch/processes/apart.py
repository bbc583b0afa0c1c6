"""A report whose cells run in a process of their own, and whose pages are made in another."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from reportkit.batch import pipeline
from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError
from reportkit.batch.processes.fork_server import ForkServer
from reportkit.batch.processes.warm_process import Answer, Server
from reportkit.model.form import Form
from reportkit.translation import _

_forms: list[Form] = []
"""Those that a process forked from this one has as well: a form is most of a report, and need not be sent to it."""


def share(forms: Iterable[Form]) -> None:
    """Have forms in this process and in those that will be forked from it, with all that has been found out of them."""
    _forms.extend(forms)


def _by_number(form: Form) -> Any:
    """Tell a form by its number where it is shared, and else as a whole."""
    number = next((number for number, shared in enumerate(_forms) if shared is form), None)
    return form.__reduce_ex__(pickle.HIGHEST_PROTOCOL) if number is None else (_shared, (number,))


def _shared(number: int) -> Form:
    return _forms[number]


class Apart:
    """A report whose cells run in a process of their own, from their start to what comes of it."""

    def __init__(
        self, server: Server, draft: pipeline.Draft, finish: pipeline.Finish, learn: Callable[[pipeline.Run], None]
    ) -> None:
        self._server, self._draft, self._finish, self._learn = server, draft, finish, learn
        self._order = frames.pack((_run_apart, (draft,)), {Form: _by_number})
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


def _run_apart(note: Callable[[int], None], draft: pipeline.Draft) -> pipeline.Run:
    """Run a draft's cells in a process that has not made it; `note` is told the index of each cell before it starts."""
    from reportkit.report import expect

    if draft.expected:
        expect(*draft.expected)
    return _packed(pipeline.run(replace(draft, plain=False), note))  # there is no next run to keep a shell for


def _packed(done: pipeline.Run) -> pipeline.Run:
    """A run on its way to the process that publishes it: only there its notebook is looked into."""
    return replace(done, nb=frames.Packed(done.nb))


def _unpacked(done: pipeline.Run) -> pipeline.Run:
    return replace(done, nb=done.nb.value())


def _finish(finish: pipeline.Finish, draft: pipeline.Draft, done: pipeline.Run) -> Any:
    """What `finish` makes of a packed run."""
    return finish(draft, _unpacked(done))
