"""A front end as one widget: a page of JavaScript that shows what a desk tells and sends what a person does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import anywidget
from traitlets import Dict

from reportkit.saved_notebooks import MARK
from reportkit.translation import _
from reportkit.workbench.base_desk import Message
from reportkit.workbench.controller import Desk
from reportkit.workbench.page_words import Words, front_words

FRONT = Path(__file__).parent / "front"
SCRIPTS = (
    "elements.js",
    "view.js",
    "stash.js",
    "fields.js",
    "picker.js",
    "sending.js",
    "intake.js",
    "overview.js",
    "grid.js",
    "words.js",
    "details.js",
    "waivers.js",
    "issues.js",
    "find.js",
    "page.js",
    "notices.js",
    "scrolling.js",
    "tabs.js",
    "conflicts.js",
    "bench.js",
)
"""The parts of the script in their order: one module, as a notebook gets it in one piece."""

STYLESHEETS = ("bench.css", "grid.css", "details.css", "overview.css", "intake.css", "conflicts.css")


class Receiver(Protocol):
    """What a front end belongs to: it gets what a person does, and says by `tell` what there is to show."""

    tell: Callable[[Message], None]

    def receive(self, message: Mapping[str, Any]) -> None:
        """Do what a message asks for; `buffers` in it are the bytes that came along."""


def joined(folder: Path, names: Iterable[str]) -> str:
    """Return files of a front end in one piece."""
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


class DeskWidget(anywidget.AnyWidget):
    """A widget whose whole behaviour stands in its desk, which can be used without it."""

    words = Dict().tag(sync=True)

    def __init__(self, desk: Receiver, words: Words, **more: Any) -> None:
        super().__init__(words=words, **more)
        self._loop = _running_loop()
        self.desk = desk
        desk.tell = self._tell
        self.on_msg(self._received)

    def _repr_mimebundle_(self, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**more) or ({}, {})
        return data, {**metadata, **MARK}

    def _received(self, _widget: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict):
            self.desk.receive({**content, "buffers": buffers})

    def _tell(self, message: Message) -> None:
        """Send a message to the front end. Other threads hand it over to the kernel's own, which alone may send."""
        if self._loop is None or _running_loop() is self._loop:
            self.send(message)
        else:
            self._loop.call_soon_threadsafe(self.send, message)


class Workbench(DeskWidget):
    """The workbench."""

    _esm = joined(FRONT, SCRIPTS)
    _css = joined(FRONT, STYLESHEETS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, front_words())

    def __repr__(self) -> str:
        return _("Workbench for yearly reports (open this notebook in JupyterLab and run this cell)")


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
