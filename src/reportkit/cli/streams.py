"""Standard output and error that outlast their reader, a full disk and a closed terminal: the work goes on."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class _Steady(io.TextIOWrapper):
    """A stream that writes to nowhere once it could not write; `error` is what that failed with."""

    error: OSError | None = None

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.error = error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())  # where what is left in the buffers goes, too
        os.close(nowhere)


@contextmanager
def steady_streams() -> Iterator[Callable[[], str]]:
    """Let nothing that the block prints raise; yield a function that says what has kept output from being written.

    It says "" if all has been written, and also if its reader wanted no more of it (`| head`).
    """
    _fill_gaps()
    before = sys.stdout, sys.stderr
    steady = _steady(before[0], 1), _steady(before[1], 2)
    sys.stdout, sys.stderr = steady

    def lost() -> str:
        steady[0].flush()
        error = steady[0].error
        return "" if error is None or _nobody_reads(error) else error.strerror or str(error)

    try:
        yield lost
    finally:
        sys.stdout, sys.stderr = before
        for stream in steady:
            stream.flush()
            stream.detach()  # it would close what is not its own


def _fill_gaps() -> None:
    """Open what was closed when the command started, so that no file of a report gets the number of a stream."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _steady(stream: Any, number: int) -> _Steady:
    if stream is None:  # it was closed
        return _Steady(os.fdopen(number, "wb", closefd=False), "utf-8")
    # A clerk's console may not have every character; a message with a box in it is better than none.
    return _Steady(
        stream.buffer, stream.encoding, errors="replace",
        line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip


def _nobody_reads(error: OSError) -> bool:
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == 22)
