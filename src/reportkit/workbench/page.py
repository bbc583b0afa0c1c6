"""The finished page of a draft, made in the background: only the newest is made, and nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from reportkit.errors import ReportkitError
from reportkit.project import Project
from reportkit.translation import _, ngettext

if TYPE_CHECKING:
    from reportkit.preview.renderer import Rendered


class Renderer(Protocol):
    """What makes pages: reportkit.preview.renderer.Renderer, or a stand-in."""

    def page(self, name: str, content: bytes | None = None) -> Rendered:
        """Return the page of a report by its name (2019/宁海县/桑洲镇) and the content of its parameter file."""

    def close(self) -> None:
        """End what it has started."""


Show = Callable[[str, str, str], None]
"""Takes a report's name, its HTML ("" if there is none) and the reason why there is none; called in a thread."""

PAUSE = 0.08
"""Seconds without an edit after which a page is made: shorter than people notice, longer than between two keys."""


def renderer(project: Project) -> Renderer:
    """Return the renderer of a project's pages, with a warm worker process of its own."""
    from reportkit.preview.renderer import Renderer  # starts slowly, and not every call needs it

    return Renderer(project)


class Previewer:
    """Makes the page of whatever was asked for last, in a thread of its own."""

    def __init__(self, make: Callable[[], Renderer], show: Show, pause: float = PAUSE) -> None:
        """`make` is called once, in the thread."""
        self._make, self._show, self._pause = make, show, pause
        self._wanted: tuple[str, bytes | None] | None = None
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self) -> None:
        """Get ready for the first page, which else would take some seconds; returns at once."""
        with self._news:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._serve, daemon=True, name="reportkit preview")
                self._thread.start()

    def ask(self, name: str, content: bytes | None = None) -> None:
        """Ask for a page, of the file as it is saved without `content`; what was asked for before is forgotten."""
        with self._news:
            self._wanted = (name, content)
            self._news.notify()
        self.start()

    def close(self) -> None:
        """End the thread when its page is made."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread:
            self._thread.join(5)

    def _serve(self) -> None:
        renderer: Renderer | None = None
        with suppress(ReportkitError):  # it is told when a page is asked for
            renderer = self._make()
        while wanted := self._next():
            try:
                renderer = renderer or self._make()
                page = renderer.page(*wanted)
                self._show(wanted[0], page.html, _reason(page))
            except ReportkitError as error:
                self._show(wanted[0], "", str(error))
            except Exception as error:  # the thread has to live on, and the person to know
                words = _("The preview was not made: {error}")
                self._show(wanted[0], "", words.format(error=f"{type(error).__name__}: {error}"))
        if renderer:
            renderer.close()

    def _next(self) -> tuple[str, bytes | None] | None:
        """What was asked for last, once nothing new has come for a while; None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._wanted or self._closed)
            while not self._closed and self._news.wait(self._pause):
                pass
            wanted, self._wanted = self._wanted, None
            return None if self._closed else wanted


def _reason(page: Rendered) -> str:
    """Why there is no page; a report with errors is told in the list of issues."""
    errors = sum(issue.severity == "error" for issue in page.issues)
    if page.html:
        return ""
    if not page.reason:
        words = ngettext(
            "{number} error: the preview is renewed when it is mended",
            "{number} errors: the preview is renewed when they are mended",
            errors,
        )
        return words.format(number=errors)
    return _("{place}: {reason}").format(place=page.place, reason=page.reason) if page.place else page.reason
