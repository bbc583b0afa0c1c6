"""What one report looks like now, for everybody who looks at it: made again after each save, told to each viewer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reportkit.errors import Issue
from reportkit.notebook.towns import copy_path
from reportkit.preview.renderer import Rendered
from reportkit.preview.watcher import changes
from reportkit.project import Project
from reportkit.signs import one_line

VIEWS = ("html", "sheets")

_HALF_WRITTEN = 0.1
"""Seconds after which a file that was just being written is whole."""

_PATIENCE = 2.0
"""Seconds after which a report that is still being made is given up for a newer save: a cell may hang."""

_ALIVE = 5.0
"""Seconds after which a viewer hears from us in any case, so that one who has gone is missed."""


class Maker(Protocol):
    """What a desk asks of reportkit.preview.Renderer."""

    @property
    def project(self) -> Project: ...
    def page(self, name: str) -> Rendered: ...
    def sheets(self, name: str) -> Rendered: ...
    def pdf(self, name: str) -> Rendered: ...
    def warm_files(self) -> list[Path]: ...
    def interrupt(self) -> None: ...


@dataclass
class Sight:
    """One view of the report: what came of it last, and the last that could be seen, each with a number of its own."""

    save: int = -1
    busy: bool = False
    last: Rendered | None = None
    good: Rendered = field(default_factory=Rendered)
    count: int = 0
    shown: int = 0

    def take(self, made: Rendered) -> None:
        """Keep a rendering."""
        self.last, self.count = made, self.count + 1
        if made.made and (made.html, made.sheets) != (self.good.html, self.good.sheets):
            self.shown += 1
        if made.made:
            self.good = made


class Desk:
    """Keeps the views of one report up to date, those that somebody looks at."""

    def __init__(self, maker: Maker, name: str) -> None:
        self.maker, self.name = maker, name
        self.sights = {view: Sight() for view in VIEWS}
        self.closed = False
        self._viewers: Counter[str] = Counter()
        self._inputs: set[str] = set()
        self._save, self._started = 0, 0.0
        self._work, self._news = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        """Make the report now and after each save, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            tasks.create_task(self._make())

    def close(self) -> None:
        """Let all viewers go."""
        self.closed = True
        self._tell()

    async def news(self, view: str) -> AsyncIterator[dict[str, Any] | None]:
        """Yield how a view stands, now and whenever that changes; None in between, as a sign of life."""
        with self._viewing(view):
            told = None
            while not self.closed:
                now, news = self.state(view), self._news
                yield None if now == told else now
                told = now
                try:
                    await asyncio.wait_for(news.wait(), _ALIVE)
                except TimeoutError:
                    continue

    def state(self, view: str) -> dict[str, Any]:
        """Return how a view stands, as plain JSON values."""
        sight, first = self.sights[view], self.name.partition("/")[0]
        last = sight.last or Rendered()
        issues = list(last.issues)
        return {
            "town": one_line(self.name.rpartition("/")[2]),
            "year": first if first.isdecimal() else "",
            "name": one_line(self.name),
            "busy": sight.busy or sight.last is None,
            "count": sight.count,
            "made": last.made,
            "shown": sight.shown,
            "sheets": len(sight.good.sheets),
            "seconds": round(last.seconds, 2),
            "errors": [*self._reason(last), *(_issue_entry(issue) for issue in issues if issue.severity == "error")],
            "warnings": [
                *(_issue_entry(issue) for issue in issues if issue.severity == "warning"),
                *({"place": "", "code": "", "message": warning} for warning in last.warnings),
            ],
        }

    def files(self) -> set[Path]:
        """Return the files that the report is made from, also those that are not there."""
        project = self.maker.project
        own = [project.file_of(self.name), copy_path(project, self.name), project.notebook]
        return {*own, *(project.root / name for name in self._inputs), *self.maker.warm_files()}

    def _reason(self, last: Rendered) -> Iterator[dict[str, str]]:
        if last.reason:
            yield {"place": last.place, "code": "", "message": last.reason}

    @contextmanager
    def _viewing(self, view: str) -> Iterator[None]:
        self._viewers[view] += 1
        self._work.set()
        try:
            yield
        finally:
            self._viewers[view] -= 1

    async def _watch(self) -> None:
        async for _ in changes(self.files):
            self._save += 1
            self._work.set()
            if self._started and time.monotonic() - self._started > _PATIENCE:
                await asyncio.to_thread(self.maker.interrupt)

    async def _make(self) -> None:
        while True:
            stale = [view for view in VIEWS if self._viewers[view] and self.sights[view].save != self._save]
            if stale:
                await self._renew(stale[0])
            else:
                await self._work.wait()
                self._work.clear()

    async def _renew(self, view: str) -> None:
        """Make a view as the files are now. An error is told only if no save has come meanwhile to mend it."""
        sight = self.sights[view]
        sight.busy = True
        self._tell()
        make: Callable[[str], Rendered] = self.maker.page if view == "html" else self.maker.sheets
        while True:
            sight.save, self._started = self._save, time.monotonic()
            made = await asyncio.to_thread(make, self.name)
            self._started = 0.0
            self._inputs = {*made.inputs} if made.made else {*made.inputs, *self._inputs}
            if made.made:
                break
            await asyncio.sleep(_HALF_WRITTEN)
            if sight.save == self._save:
                break
        sight.take(made)
        sight.busy = False
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _issue_entry(issue: Issue) -> dict[str, str]:
    return {"place": str(issue.origin), "code": issue.code, "message": issue.message}
