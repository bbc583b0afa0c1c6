"""What the bar does, without a widget: messages in, messages out, all of them JSON values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from reportkit.bar import undo_steps
from reportkit.bar.first_file import begun, can_begin
from reportkit.bar.followed_page import FollowedPage
from reportkit.bar.town_check import found
from reportkit.errors import UserError
from reportkit.files.locations import is_remote
from reportkit.notebook.towns import copy_path
from reportkit.project import Project, plan
from reportkit.workbench.base_desk import BaseDesk, Message
from reportkit.workbench.build import Workers
from reportkit.workbench.conflicts import settled
from reportkit.workbench.page import Renderer
from reportkit.workbench.serialization import at_root


class BarDesk(BaseDesk):
    """The bar of a project's notebook, which is about one town and year at a time."""

    def __init__(
        self,
        project: Project,
        tell: Callable[[Message], None] = lambda _message: None,
        render: Callable[[], Renderer] | None = None,
        workers: Workers | None = None,
    ) -> None:
        super().__init__(project, _ACTIONS, tell, workers)
        self.page = FollowedPage(project, render)
        self._year, self._jurisdiction = 0, ""

    def turn_to(self, year: int, jurisdiction: str) -> None:
        """Be about a town's report of a year from now on."""
        self._year, self._jurisdiction = year, jurisdiction
        self._show()

    def close(self) -> None:
        """End what was started."""
        self.page.close()

    def hello(self, _message: Mapping[str, Any]) -> None:
        """Tell a front end that has just appeared everything that it shows."""
        self._show()
        if self._has_file():
            self.check({})

    def check(self, _message: Mapping[str, Any]) -> None:
        """Tell all that is wrong with the report as it is saved."""
        name, path = self._report()
        self.tell(found(self.project, name, path, _live_names()))

    def preview(self, message: Mapping[str, Any]) -> None:
        """Show the finished page, anew after each save, until it is closed."""
        if message.get("open"):
            self._report()
            self.page.add(self._show_page)
            self.page.make()
        else:
            self.page.remove(self._show_page)

    def build(self, _message: Mapping[str, Any]) -> None:
        """Make the report in the background."""
        self._builds.start(self._report()[1])

    def undo(self, _message: Mapping[str, Any]) -> None:
        """Ask which file is to go back a step."""
        self.tell(undo_steps.choices(self.project, *self._report()))

    def undo_copy(self, _message: Mapping[str, Any]) -> None:
        """Put the town's notebook back to the version before."""
        self._changed(undo_steps.undo_copy(self.project, self._report()[0]))

    def undo_params(self, _message: Mapping[str, Any]) -> None:
        """Put the parameter file back to the version before."""
        self._changed(undo_steps.undo_params(self.project, self._report()[1]))

    def settle(self, message: Mapping[str, Any]) -> None:
        """Settle a conflict, and tell those that are left."""
        name, path = self._report()
        self._changed(settled(self.project, name, self.project.read(path), message))

    def begin(self, _message: Mapping[str, Any]) -> None:
        """Begin this year's file from last year's."""
        self._changed(begun(self.project, self._year, self._jurisdiction))

    def _report(self) -> tuple[str, Path]:
        """The report's name and its parameter file. Raises UserError if it has none, or several have its name."""
        (job,) = plan(self.project, [self.project.find(self._year, self._jurisdiction)], ())
        return job.name, job.params

    def _has_file(self) -> bool:
        try:
            return bool(self._report())
        except UserError:
            return False

    def _show(self) -> None:
        """Tell which report it is, and what can be done with it."""
        about: Message = {"what": "report", "year": self._year, "unit": self._jurisdiction}
        try:
            name, path = self._report()
            copy = copy_path(self.project, name)
            files = [str(file.absolute()) for file in (path, copy) if not is_remote(file) and file.exists()]
            about |= {"name": name, "files": files, "why": "", "canBegin": False}
        except UserError as error:
            name, path = "", None
            begins = can_begin(self.project, self._year, self._jurisdiction)
            about |= {"name": "", "files": [], "why": at_root(str(error), self.project), "canBegin": begins}
        self.page.turn_to(name, path)
        self.tell(about)

    def _changed(self, message: Message) -> None:
        """Tell what was done to a file, and what is wrong now."""
        self.hello({})
        self.tell(message)

    def _show_page(self, message: Message) -> None:
        self.tell(message)


def _live_names() -> Collection[str]:
    """The names that cells of the running notebook have assigned."""
    shell: Any = get_ipython()
    return set() if shell is None else {name for name in shell.user_ns if not name.startswith("_")}


_ACTIONS: Mapping[str, Callable[[BarDesk, Mapping[str, Any]], None]] = {
    "hello": BarDesk.hello,
    "check": BarDesk.check,
    "preview": BarDesk.preview,
    "build": BarDesk.build,
    "undo": BarDesk.undo,
    "undo_copy": BarDesk.undo_copy,
    "undo_params": BarDesk.undo_params,
    "settle": BarDesk.settle,
    "begin": BarDesk.begin,
}
"""What a front end can ask for, by the word in `do`."""
