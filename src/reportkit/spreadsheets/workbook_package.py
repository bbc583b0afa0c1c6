"""The zip file that an .xlsx or .ods is: only what was looked at here is read further on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from reportkit.errors import Origin, Trouble, UnreadableError
from reportkit.files.archive import Archive, ArchiveError, Fault, Limits, is_locked
from reportkit.spreadsheets.size_limits import SizeLimits

_READ = (".xml", ".rels", "mimetype")
"""Pictures, fonts and printer settings are left where they are."""

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)")

_MACROS = ("vbaproject.bin", "vbadata.xml", "basic/script-lc.xml")


def refuse(name: str, path: str, /, **values: object) -> UnreadableError:
    """Return the error of a file that cannot be read at all."""
    return UnreadableError(Trouble(name, Origin(path), values=values))


def unpacked(raw: bytes, path: str, limits: SizeLimits) -> dict[str, bytes]:
    """Return the XML parts of a zipped workbook by name, each unpacked once and within limits.

    Raises UnreadableError for what is no zip, cut off, too large once unpacked, encrypted, a macro workbook, or XML of
    a kind that no office program writes.
    """
    try:
        parts = _parts(Archive(raw, Limits(limits.parts, limits.unpacked, limits.unpacked)), path)
    except ArchiveError as error:
        raise _refused(error, path, limits) from None
    for name, content in parts.items():
        # A DTD can define entities that unpack to anything; in UTF-16 it would not be seen.
        # In another encoding the library that reads the values would see something else than is looked at here.
        encoding = _ENCODING.match(content)
        if encoding and encoding[1].lower() not in (b"utf-8", b"ascii", b"us-ascii"):
            raise refuse("W1.encoding", path, part=name)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise refuse("W1.content", path, part=name)
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a zip file of their own: names and sizes in it are true."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _parts(archive: Archive, path: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for entry in archive.entries:
        name = entry.filename.lower()
        if is_locked(entry):
            raise ArchiveError(Fault.LOCKED)
        if name.endswith(_MACROS):
            raise refuse("W4.macros", path)
        if name.endswith(_READ):
            parts[entry.filename] = archive.unpacked(entry)
    return parts


def _refused(error: ArchiveError, path: str, limits: SizeLimits) -> UnreadableError:
    match error.fault:
        case Fault.ENTRIES:
            return refuse("W2.parts", path, count=error.count)
        case Fault.SIZE:
            return refuse("W2.unpacked", path, most=limits.unpacked // 10**6)
        case Fault.LOCKED:
            return refuse("W3", path)
        case _:
            return refuse("W1.damaged_zip", path)
