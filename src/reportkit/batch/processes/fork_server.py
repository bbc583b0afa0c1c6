"""A process that does nothing but fork others, each for one call.

It has everything imported, and hardly touches its memory: what a process writes after a fork is copied, page by page,
so the one that reads, checks and publishes is not the one to fork from.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from reportkit.batch.processes import frames
from reportkit.batch.processes.fork import ChildError, Forge, Function
from reportkit.batch.processes.resource_limits import Limits
from reportkit.batch.processes.warm_process import Server


class ForkServer(Server):
    """Does each call in a process of its own; see Server for `keep_out`. The limits are those of one call."""

    def __init__(self, limits: Limits, keep_out: Callable[[], Iterable[int]]) -> None:
        super().__init__(None, keep_out)
        self._of_each = limits

    def call(self, function: Function, *arguments: Any) -> Any:
        """Return what the function returns there; see Forge.call.

        Raises ChildError if its process, or the one that forks, crashes, or if it takes too long.
        """
        answer, reason, note = super().call(function, *arguments)
        if reason:
            raise ChildError(reason, note)
        return frames.unpack(answer)

    def serve(self, line: socket.socket) -> NoReturn:
        """Fork for what is asked for on the line. What a call leaves behind is ended once its answer is on its way."""
        forge = Forge(self._of_each, [line.fileno()])
        stream = line.makefile("rwb")
        while True:
            function, arguments = frames.receive(stream)
            frames.send(stream, _answer(forge, function, arguments))
            forge.clear()


def _answer(forge: Forge, function: Function, arguments: tuple[Any, ...]) -> tuple[bytes, str, int]:
    """What the function returns, packed; or why there is nothing, and the last number noted."""
    try:
        return forge.call(function, arguments), "", -1
    except ChildError as error:
        return b"", str(error), error.note
