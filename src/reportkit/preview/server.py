"""The preview's server: on the loopback device, until it is interrupted."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from reportkit.batch.processes.resource_limits import Limits
from reportkit.errors import UserError, reason_of
from reportkit.preview.auth import Entry
from reportkit.preview.live_report import Desk
from reportkit.preview.renderer import LIMITS, Renderer
from reportkit.preview.routes import application
from reportkit.project import Project
from reportkit.translation import _

HOST = "127.0.0.1"


def serve(
    project: Project,
    name: str,
    port: int = 0,
    *,
    limits: Limits = LIMITS,
    announce: Callable[[Callable[[], str]], None],
    used: Callable[[str], None] = lambda _: None,
) -> None:
    """Show a report (2019/宁海县/桑洲镇) on a page of this machine, to each browser that opens an address of it.

    `announce` is given a function that returns such an address, as soon as there is one; each can be opened once. When
    none is left, `used` is told a new one.

    Returns when the process is asked to end, by raising KeyboardInterrupt in the main thread. Port 0 is one that is
    free. Raises UserError if the port is taken.
    """
    with _listening(port) as listener, Renderer(project, limits) as renderer:
        port = listener.getsockname()[1]
        entry = Entry(port, lambda: used(address()))

        def address() -> str:
            return f"http://{HOST}:{port}/{entry.token()}/"

        desk = Desk(renderer, name)
        config = uvicorn.Config(
            application(desk, entry, port), log_level="critical", access_log=False, lifespan="on", ws="none",
            proxy_headers=False, server_header=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = _Server(config, desk)
        with server.asked_to_end():
            announce(address)
            server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that lets the viewers of its desk go when it is asked to end: their streams would never end."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    @contextmanager
    def asked_to_end(self) -> Iterator[None]:
        """Let signals that ask for the end be heard by this server from now on, and raise KeyboardInterrupt after it.

        One that comes before the server runs must not be raised at once: from within a callback nobody would hear it.
        """
        numbers = signal.SIGINT, signal.SIGTERM
        before = [signal.signal(number, self.handle_exit) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
        if self.should_exit:
            raise KeyboardInterrupt

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._desk.close()


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        if os.name == "posix":  # on Windows it would let two programs have the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        words = _("port {port}: {reason}; choose another with --port, or none for one that is free")
        raise UserError(words.format(port=port, reason=reason)) from None
    return listener
