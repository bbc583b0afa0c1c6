"""How much a notebook may print and display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_client.session import json_packer

from reportkit.translation import _

OUTPUT = 150
"""Bytes. So much the notebook's file grows with an output in which there is nothing."""

TRACEBACK = 20_000
"""Bytes. Of an exception that is too much, so much is recorded all the same: it says what went wrong."""


class OutputLimitError(BaseException):
    """The notebook has printed and displayed more than it may.

    Not an `Exception`: a cell that prints in a loop, and carries on whatever `Exception` comes, must end as well. A
    cell that catches even this fails all the same, when it is done; nothing it prints meanwhile is recorded.
    """


class Allowance:
    """The bytes a run may still record. What is cleared or replaced later has counted: it had to be held, too."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit, self._spent = limit, 0

    @property
    def room(self) -> int | None:
        """What is left, or None if there is no limit."""
        return None if self._limit is None else max(0, self._limit - self._spent)

    def spend(self, size: int) -> str:
        """Return "", or what is wrong with recording so many bytes more."""
        self._spent += size
        if self._limit is None or self._spent <= self._limit:
            return ""
        words = _("the notebook has printed and displayed {spent:,} bytes, and may no more than {limit:,} (max_output)")
        return words.format(spent=self._spent, limit=self._limit)


def text_size(text: str) -> int:
    """Return the bytes of `text` in UTF-8."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def bundle_size(data: Mapping[str, Any]) -> int:
    """Return the bytes of a display bundle or of its metadata: of text as it is, of anything else as JSON."""
    return sum(text_size(v) if isinstance(v, str) else len(json_packer(v)) for v in data.values())


def beginning(text: str, size: int) -> str:
    """Return as much of `text` as takes at most `size` bytes."""
    if text_size(text) <= size:
        return text
    return text.encode(errors="surrogatepass")[:size].decode(errors="ignore")


def beginnings(lines: Sequence[str], size: int) -> list[str]:
    """Return as much of `lines` as takes at most `size` bytes."""
    kept = []
    for line in lines:
        kept.append(beginning(line, size))
        size -= text_size(kept[-1])
    return kept
