"""The bytes of a list as text, with each line end as it was written; and its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reportkit.documents.encoding import text_of
from reportkit.errors import Origin, UnreadableError, UserError
from reportkit.files.locations import FileTooLargeError, is_remote, read, read_local
from reportkit.sets.places import Where
from reportkit.translation import N_, _, gettext

MAX_BYTES = 200_000_000
"""A million rows of three columns have some 30 MB."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LOST = re.compile("\ufffd|锟斤拷")
_WORDS = {
    "D2.bytes": N_("bytes that are no {expected}: the file may be cut off, or damaged; save it again as UTF-8"),
    "D2.encoding": N_("neither UTF-8 nor GB18030; save it again as UTF-8 (in Excel: CSV UTF-8)"),
}
_BINARY = N_("no text, or UTF-16 without its mark; save it again as UTF-8 (in Excel: CSV UTF-8)")
_LOST_WORDS = N_("{found} stands in place of signs that an earlier conversion has lost; mend them")


def file_bytes(path: Path) -> bytes:
    """Return what a file holds. Raises OSError for a local file, UserError in a store, or if it is too large."""
    try:
        return read(path) if is_remote(path) else read_local(path, MAX_BYTES)
    except FileTooLargeError as error:
        words = _("{path}: has {size} MB, and a list has at most {most}; divide it, or check that it is the right file")
        size = f"{error.size / 1e6:.0f}"
        raise UserError(words.format(path=path, size=size, most=MAX_BYTES // 10**6)) from None


def file_text(path: Path) -> str:
    """Return the text of a file in UTF-8, GB18030 (as Excel writes it in Chinese offices), or UTF-16 with its mark.

    Raises what `file_bytes` does; and UserError, with the line, for bytes of another encoding, what is no text, and
    signs that are lost already.
    """
    return decoded(file_bytes(path), path)


def decoded(raw: bytes, path: Path) -> str:
    """Return the text of a file as `file_text` does."""
    origin = Origin(str(path))
    try:
        text, _notes = text_of(raw, origin)
    except UnreadableError as error:
        found = error.trouble
        raise _refused(path, found.origin.line or 1, _WORDS[found.name], expected=found.expected) from None
    if "\x00" in text:
        raise _refused(path, _line_of(text, text.index("\x00")), _BINARY)
    if lost := _LOST.search(text):
        raise _refused(path, _line_of(text, lost.start()), _LOST_WORDS, found=lost[0])
    return text


def lines(text: str) -> Iterator[str]:
    """Yield the lines of a text, each with its end: no other sign than these ends a line."""
    return (match[0] for match in _LINE.finditer(text))


def _line_of(text: str, at: int) -> int:
    return sum(1 for _line in _LINE.finditer(text, 0, at)) or 1


def _refused(path: Path, line: int, words: str, **values: str) -> UserError:
    place = Where(str(path), line=line)
    return UserError(_("{place}: {why}").format(place=place, why=gettext(words).format(**values)))
