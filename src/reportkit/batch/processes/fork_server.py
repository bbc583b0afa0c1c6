"""A process that does nothing but fork others, each for one call.

It has everything imported, and hardly touches its memory: what a process writes after a fork is copied, page by page,
so the one that reads, checks and publishes is not the one to fork from.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, NoReturn

from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError, Forge
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.warm_process import Answer, Server


class Forked(NamedTuple):
    """What a function has returned in a process of its own, and the seconds that this took."""

    value: Any
    seconds: float


class ForkServer(Server):
    """Does each call in a process of its own; see Server for `keep_out`, Forge for `get_ready`.

    The limits are those of one call. Orders and answers pass through here unread.
    """

    def __init__(
        self, limits: Limits, keep_out: Callable[[], Iterable[int]], get_ready: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(None, keep_out)
        self._of_each, self._get_ready = limits, get_ready

    def run(self, order: bytes) -> Answer:
        """Have a function called there; see Server.begin and Forge.call. The answer will be a Forked."""
        return self.begin(Forge.call, order)

    def read(self, value: tuple[bytes, str, int, float]) -> Forked:
        """Return what has been answered. Raises ChildError, with the number noted last, if there is no answer."""
        answer, reason, note, seconds = value
        if reason:
            raise ChildError(reason, note)
        return Forked(frames.unpack(answer), seconds)

    def serve(self, line: socket.socket) -> NoReturn:
        """Fork for what is asked for on the line. What a call leaves behind is ended once its answer is on its way."""
        forge = Forge(self._of_each, [line.fileno()], self._get_ready)
        stream = line.makefile("rwb")
        while True:
            function, arguments = frames.receive(stream)
            frames.send(stream, _answer(function, forge, *arguments))
            forge.clear()


def _answer(function: Callable[..., bytes], *arguments: Any) -> tuple[bytes, str, int, float]:
    """What the function returns, packed; or why there is nothing, and the last number noted. And the seconds taken."""
    start = time.perf_counter()
    try:
        answer, reason, note = function(*arguments), "", -1
    except ChildError as error:
        answer, reason, note = b"", str(error), error.note
    return answer, reason, note, time.perf_counter() - start
