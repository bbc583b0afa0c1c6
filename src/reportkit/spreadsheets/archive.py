"""The zip file that an .xlsx or .ods is: only what was looked at here is read further on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from reportkit.errors import Issue, Origin, ReaderError, Severity
from reportkit.files.archive import Archive, ArchiveError, Fault, Limits, is_locked

MAX_BYTES = 30_000_000
"""A county's workbook of 1,000 rows has some 2 MB."""

MAX_UNPACKED = 60_000_000
"""The XML of that workbook has some 10 MB."""

MAX_PARTS = 3_000

_READ = (".xml", ".rels", "mimetype")
"""Pictures, fonts and printer settings are left where they are."""

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)")

_MACROS = ("vbaproject.bin", "vbadata.xml", "basic/script-lc.xml")


def refuse(code: str, message: str, path: str) -> ReaderError:
    """Return the error of a file that cannot be read at all."""
    severity: Severity = "error"
    return ReaderError([Issue(code, severity, message, Origin(path))])


def unpacked(raw: bytes, path: str) -> dict[str, bytes]:
    """Return the XML parts of a zipped workbook by name, each unpacked once and within limits.

    Raises ReaderError for what is no zip, cut off, too large once unpacked, encrypted, a macro workbook, or XML of a
    kind that no office program writes.
    """
    try:
        parts = _parts(Archive(raw, Limits(MAX_PARTS, MAX_UNPACKED, MAX_UNPACKED)), path)
    except ArchiveError as error:
        raise _refused(error, path) from None
    for name, content in parts.items():
        # A DTD can define entities that unpack to anything; in UTF-16 it would not be seen.
        # In another encoding the library that reads the values would see something else than is looked at here.
        encoding = _ENCODING.match(content)
        if encoding and encoding[1].lower() not in (b"utf-8", b"ascii", b"us-ascii"):
            raise refuse("W1", f"文件里的 {name} 不是 UTF-8 编码；请用 Excel、WPS 打开后另存为 .xlsx", path)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise refuse("W1", f"文件里的 {name} 不是办公软件写出的内容；请用 Excel、WPS 打开后另存为 .xlsx", path)
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
            raise refuse("W4", "文件带有宏，不读取；请另存为不带宏的 .xlsx", path)
        if name.endswith(_READ):
            parts[entry.filename] = archive.unpacked(entry)
    return parts


def _refused(error: ArchiveError, path: str) -> ReaderError:
    match error.fault:
        case Fault.ENTRIES:
            message = f"文件里有 {error.count} 个部分，正常的工作簿不到一百个；请核对文件来源"
            return refuse("W2", message, path)
        case Fault.SIZE:
            message = f"文件解开后超过 {MAX_UNPACKED // 10**6} MB，不是正常的填报表；请核对文件来源"
            return refuse("W2", message, path)
        case Fault.LOCKED:
            return refuse("W3", "文件加了密码；请去掉打开密码后再交", path)
        case _:
            message = "文件不完整或已损坏；请重新下载，或用 Excel、WPS 打开后另存为 .xlsx"
            return refuse("W1", message, path)
