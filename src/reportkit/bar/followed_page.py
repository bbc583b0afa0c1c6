"""The finished page of one report as its files are saved, made anew after each save while somebody looks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reportkit.files.locations import is_remote
from reportkit.notebook.towns import copy_path
from reportkit.preview.watcher import contents, differ
from reportkit.project import Project
from reportkit.project.config import CONFIG
from reportkit.workbench.page import Previewer, Renderer, renderer

Viewer = Callable[[dict[str, Any]], None]

PAUSE = 0.5
"""Seconds between two looks at the files: network drives announce nothing, and a save is seen soon enough so."""


class FollowedPage:
    """Makes the page in the background and tells it to all viewers; until somebody opens it, nothing is started."""

    def __init__(self, project: Project, render: Callable[[], Renderer] | None = None, pause: float = PAUSE) -> None:
        self._project, self._pause = project, pause
        self._previewer = Previewer(render or (lambda: renderer(project)), self._show)
        self._viewers: list[Viewer] = []
        self._name = ""
        self._file: Path | None = None
        self._last: dict[str, Any] | None = None
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, viewer: Viewer) -> None:
        """Let a viewer hear of each page from now on, and of the last one."""
        if viewer not in self._viewers:
            self._viewers.append(viewer)
        if self._last:
            viewer(self._last)

    def remove(self, viewer: Viewer) -> None:
        """Let a viewer go; after the last one nothing is made any more."""
        self._viewers = [each for each in self._viewers if each != viewer]

    def turn_to(self, name: str, file: Path | None) -> None:
        """Follow the report of a name and its parameter file; "" and None for a report that has no file."""
        if name != self._name:
            self._name, self._file, self._last = name, file, None
            if self._viewers and name:
                self.make()

    def make(self) -> None:
        """Make the page now, and from then on after each save; returns at once."""
        if self._name:
            self._previewer.ask(self._name)
        if self._thread is None:
            self._thread = threading.Thread(target=self._follow, daemon=True, name="reportkit follow")
            self._thread.start()

    def close(self) -> None:
        """End what was started."""
        self._end.set()
        self._previewer.close()

    def _files(self) -> Iterable[Path]:
        own = [self._file, copy_path(self._project, self._name)] if self._file else []
        forms = [*self._project.forms_folder.glob("*.yaml"), *self._project.kind_files()]
        paths = [*own, self._project.notebook, self._project.root / CONFIG, *forms]
        return [path for path in paths if not is_remote(path)]  # a store is not asked twice a second

    def _follow(self) -> None:
        seen = contents(self._files())
        while not self._end.wait(self._pause):
            before, seen = seen, contents(self._files(), seen) if self._viewers else seen
            if self._viewers and self._name and differ(before, seen):
                self._previewer.ask(self._name)

    def _show(self, name: str, html: str, reason: str) -> None:
        if name == self._name:
            self._last = {"what": "page", "name": name, "html": html, "reason": reason}
            for viewer in list(self._viewers):
                viewer(self._last)
