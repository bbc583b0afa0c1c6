"""What readers of documents and workbooks tell, in the catalogue's words: they know none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from reportkit.errors import Issue, ReaderError, Trouble, UnreadableError
from reportkit.messages.words import as_issue


@contextmanager
def raising_issues() -> Iterator[None]:
    """Raise ReaderError with the issue for a file that cannot be read; a function can be decorated with it."""
    try:
        yield
    except UnreadableError as error:
        raise ReaderError([as_issue(error.trouble)]) from None


def issues_of(troubles: Iterable[Trouble]) -> list[Issue]:
    """Return what was noticed on the way as issues."""
    return [as_issue(trouble) for trouble in troubles]
