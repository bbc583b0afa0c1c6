"""How long one of our commands waits for another that holds what it wants to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SECONDS = ContextVar("seconds", default=2.0)  # a build that has nothing to make ends in less, and so does any write


def patience() -> float:
    """Return the seconds that are waited here."""
    return _SECONDS.get()


@contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Let so many seconds be waited in the block, by this thread."""
    before = _SECONDS.set(seconds)
    try:
        yield
    finally:
        _SECONDS.reset(before)
