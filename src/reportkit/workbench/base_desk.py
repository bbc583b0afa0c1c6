"""What the desks of all front ends have in common: messages come in, are done or refused, and others go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportkit.batch.outcome import Outcome
from reportkit.errors import ReportkitError
from reportkit.project import Project
from reportkit.workbench.build import Builds, Workers
from reportkit.workbench.serialization import notice, progress

Message = dict[str, Any]
Actions = Mapping[str, Callable[[Any, Mapping[str, Any]], None]]


class BaseDesk:
    """A desk of a project; `actions` are what a front end can ask for, by the word in `do`.

    `tell` gets every message, also those of a page or a build, from their threads.
    """

    def __init__(
        self, project: Project, actions: Actions, tell: Callable[[Message], None], workers: Workers | None
    ) -> None:
        self.project, self.tell, self._actions = project, tell, actions
        self._builds = Builds(project, self._progress, lambda error: self._fail(str(error)), workers)

    def receive(self, message: Mapping[str, Any]) -> None:
        """Do what a message of the front end asks for; what cannot be done is told, and changes nothing."""
        action = self._actions.get(str(message.get("do")))
        try:
            if action:
                action(self, message)
        except (ReportkitError, OSError) as error:
            self._refused(error)

    def _refused(self, error: ReportkitError | OSError) -> None:
        """Tell why something was not done."""
        self._fail(str(error))

    def _fail(self, text: str) -> None:
        self.tell(notice("error", text))

    def _progress(self, done: int, total: int, outcome: Outcome | None) -> None:
        self.tell(progress(done, total, outcome))
