"""A front end of the workbench without a browser, and a stand-in for what makes pages."""

import json
import threading
from dataclasses import dataclass

from reportkit.errors import Issue
from reportkit.project import Project
from reportkit.workbench import Desk
from support.offices import Here


@dataclass
class Page:
    html: str = ""
    reason: str = ""
    place: str = ""
    issues: tuple[Issue, ...] = ()


class Printer:
    """A stand-in for the renderer; the first page waits until it may go on."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.free = threading.Event()
        self.closed = False

    def page(self, name: str, content: bytes | None = None) -> Page:
        self.asked.append(content or b"")
        assert self.free.wait(10)
        if content == b"broken":
            raise ValueError("oops")
        return Page(reason="no font", place="第 2 页") if content == b"bad" else Page(f"<p>{name}")

    def close(self) -> None:
        self.closed = True


class Front:
    """A front end that keeps what it is told."""

    def __init__(self, project: Project) -> None:
        self.told: list[dict] = []
        self.news = threading.Condition()
        self.printer = Printer()
        self.printer.free.set()
        self.desk = Desk(project, self.hear, lambda: self.printer, lambda _: Here())

    def hear(self, message: dict) -> None:
        json.dumps(message)
        with self.news:
            self.told.append(message)
            self.news.notify()

    def do(self, action: str, **more: object) -> list[dict]:
        """What is told at once."""
        before = len(self.told)
        self.desk.receive({"do": action, **more})
        return [message for message in self.told[before:] if message["what"] != "page"]

    def ask(self, what: str, action: str, **more: object) -> dict:
        """The first message of a kind that is told after an action."""
        before = len(self.told)
        self.desk.receive({"do": action, **more})

        def found() -> list[dict]:
            return [message for message in self.told[before:] if message["what"] == what]

        with self.news:
            assert self.news.wait_for(found, 30)
        return found()[0]

    def wait(self, what: str, **fields: object) -> dict:
        def found() -> list[dict]:
            return [one for one in self.told if one["what"] == what and fields.items() <= one.items()]

        with self.news:
            assert self.news.wait_for(found, 30)
        return found()[-1]
