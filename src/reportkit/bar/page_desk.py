"""The finished page alone, as `report.preview()` shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportkit.bar.followed_page import FollowedPage
from reportkit.workbench.base_desk import Message


class PageDesk:
    """Tells a front end each page of the report that the notebook is about."""

    def __init__(self, page: FollowedPage, tell: Callable[[Message], None] = lambda _message: None) -> None:
        self._page, self.tell = page, tell

    def receive(self, message: Mapping[str, Any]) -> None:
        """Show the page to a front end that has just appeared, and let one go that is gone."""
        if message.get("do") == "hello":
            self._page.add(self._show_page)
            self._page.make()
        elif message.get("do") == "bye":
            self._page.remove(self._show_page)

    def _show_page(self, message: Message) -> None:
        self.tell(message)
