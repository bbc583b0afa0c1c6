"""How large a published report may be, and the bytes of a file that keeps to it."""

from __future__ import annotations

from pathlib import Path

from reportkit.documents.unread_formats import refused
from reportkit.errors import Origin, Trouble, UnreadableError, reason_of

MAX_TEXT_BYTES = 20_000_000
"""A page saved from Word with its pictures in it has a few MB; the text of a report has some 50 kB."""

MAX_WORD_BYTES = 50_000_000
"""A Word file may hold photographs, which are not read."""


def file_bytes(path: Path, shown: str = "", most: int = MAX_TEXT_BYTES) -> bytes:
    """Return what a file holds; `shown` is how messages call it (its path by default), `most` the size up to which
    a page or a text is read.

    Raises UnreadableError if there is no such file, if it is not readable, or if it is larger than any report: then no
    more than its beginning has been read.
    """
    origin = Origin(shown or str(path))
    try:
        if not path.is_file():
            raise unreadable("D1.folder" if path.is_dir() else "D1.not_there", origin)
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
            limit = size_limit(head, size, origin, most)
            # One byte more than allowed: a file may grow while it is read.
            raw = head + file.read(limit + 1 - len(head))
    except OSError as error:
        raise unreadable("D1.unreadable", origin, why=reason_of(error)) from None
    keep_to(limit, len(raw), origin)
    return raw


def size_limit(head: bytes, size: int, origin: Origin, most: int = MAX_TEXT_BYTES) -> int:
    """Return the size up to which a file is read that begins so; `most` as for `file_bytes`.

    Raises UnreadableError if it is larger, which says so, or that its format is not read.
    """
    limit = MAX_WORD_BYTES if head.startswith(b"PK") else most
    if size > limit:
        raise UnreadableError(refused(head, origin) or _too_large(size, limit, origin))
    return limit


def keep_to(limit: int, size: int, origin: Origin) -> None:
    """Raise UnreadableError if a size in bytes is above the limit."""
    if size > limit:
        raise UnreadableError(_too_large(size, limit, origin))


def unreadable(name: str, origin: Origin, found: str = "", expected: str = "", /, **values: object) -> UnreadableError:
    """Return the error that tells the one thing for which a file cannot be read."""
    return UnreadableError(Trouble(name, origin, found, expected, values))


def _too_large(size: int, limit: int, origin: Origin) -> Trouble:
    return Trouble("D1.large", origin, f"{size / 1e6:.1f} MB", f"{limit / 1e6:.0f} MB")
