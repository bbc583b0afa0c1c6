"""How large a published report may be, and the bytes of a file that keeps to it."""

from __future__ import annotations

from pathlib import Path

from reportkit.documents.refused import refused
from reportkit.errors import Issue, Origin, ReaderError, system_words

MAX_TEXT_BYTES = 20_000_000
"""A page saved from Word with its pictures in it has a few MB; the text of a report has some 50 kB."""

MAX_WORD_BYTES = 50_000_000
"""A Word file may hold photographs, which are not read."""


def file_bytes(path: Path, shown: str = "") -> bytes:
    """Return what a file holds; `shown` is how messages call it (its path by default).

    Raises ReaderError if there is no such file, if it is not readable, or if it is larger than any report: then no
    more than its beginning has been read.
    """
    origin = Origin(shown or str(path))
    try:
        if not path.is_file():
            raise unreadable("D1", f"{_no_file(path)}；请检查路径", origin)
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
            limit = MAX_WORD_BYTES if head.startswith(b"PK") else MAX_TEXT_BYTES
            if size > limit:
                raise ReaderError([refused(head, origin) or _too_large(size, limit, origin)])
            # One byte more than allowed: a file may grow while it is read.
            raw = head + file.read(limit + 1 - len(head))
    except OSError as error:
        raise unreadable("D1", f"读不出来（{system_words(error)}）；请检查权限", origin) from None
    keep_to(limit, len(raw), origin)
    return raw


def keep_to(limit: int, size: int, origin: Origin) -> None:
    """Raise ReaderError if a size in bytes is above the limit."""
    if size > limit:
        raise ReaderError([_too_large(size, limit, origin)])


def unreadable(code: str, message: str, origin: Origin, found: str = "", expected: str = "") -> ReaderError:
    """Return the ReaderError that tells the one thing for which a file cannot be read."""
    return ReaderError([Issue(code, "error", message, origin, None, found, expected)])


def _no_file(path: Path) -> str:
    return "这是文件夹，不是文件" if path.is_dir() else "文件不存在"


def _too_large(size: int, limit: int, origin: Origin) -> Issue:
    found, most = f"{size / 1e6:.1f} MB", f"{limit / 1e6:.0f} MB"
    message = f"文件有 {found}，年度报告不会超过 {most}；请检查是不是放错了文件，或只保存正文"
    return Issue("D1", "error", message, origin, None, found, most)
