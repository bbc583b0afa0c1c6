"""The workbench as one widget: a page of JavaScript that shows what the desk tells and sends what a person does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict

from reportkit.translation import _
from reportkit.workbench.controller import Desk, Message
from reportkit.workbench.page_words import front_words

FRONT = Path(__file__).parent / "front"
SCRIPTS = (
    "elements.js",
    "picker.js",
    "grid.js",
    "words.js",
    "facts.js",
    "issues.js",
    "page.js",
    "notices.js",
    "bench.js",
)
"""The parts of the script in their order: one module, as a notebook gets it in one piece."""


class Workbench(anywidget.AnyWidget):
    """The widget. What it does stands in `desk`, which can be used without it."""

    _esm = "\n".join((FRONT / name).read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (FRONT / "bench.css").read_text(encoding="utf-8")
    words = Dict().tag(sync=True)

    def __init__(self, desk: Desk) -> None:
        super().__init__(words=front_words())
        self._loop = _running_loop()
        self.desk = desk
        desk.tell = self._tell
        self.on_msg(self._received)

    def __repr__(self) -> str:
        return _("Workbench for yearly reports (open this notebook in JupyterLab and run this cell)")

    def _received(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self.desk.receive(content)

    def _tell(self, message: Message) -> None:
        """Send a message to the front end. Other threads hand it over to the kernel's own, which alone may send."""
        if self._loop is None or _running_loop() is self._loop:
            self.send(message)
        else:
            self._loop.call_soon_threadsafe(self.send, message)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
