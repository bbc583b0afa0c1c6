"""Formats that are not read, by their first bytes, with the way to a file that is."""

from __future__ import annotations

import re

from reportkit.errors import Origin, Trouble
from reportkit.translation import N_, Saying

_AS_DOCX, _PICTURE, _UNPACK = "D5.word", "D5.picture", "D5.archive"
_OLE = b"\xd0\xcf\x11\xe0"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (rb"\{\\rtf", N_("an RTF file"), _AS_DOCX),
    (rb"\x89PNG", N_("a PNG picture"), _PICTURE),
    (rb"\xff\xd8\xff", N_("a JPEG picture"), _PICTURE),
    (rb"GIF8", N_("a GIF picture"), _PICTURE),
    (rb"BM.{4}\x00{4}", N_("a BMP picture"), _PICTURE),
    (rb"II\*\x00|MM\x00\*", N_("a TIFF picture"), _PICTURE),
    (rb"RIFF.{4}WEBP", N_("a WebP picture"), _PICTURE),
    (rb"Rar!", N_("a RAR archive"), _UNPACK),
    (rb"7z\xbc\xaf", N_("a 7z archive"), _UNPACK),
    (rb"\x1f\x8b", N_("a gzip archive"), _UNPACK),
    (rb"(?:MIME-Version|From): ", N_("a web page in one file (.mht)"), "D5.mht"),
    (rb".{0,200}progid=\"Word\.Document\"", N_("an XML file of Word 2003"), _AS_DOCX),
)
_PDF = (N_("a PDF file"), "D5.pdf")
# What the directory of an OLE file calls its streams, in the order in which they decide.
_STREAMS = (
    ("EncryptedPackage", N_("an encrypted Office file"), "D5.locked"),
    ("WordDocument", N_("an old Word or WPS file (.doc, .wps)"), _AS_DOCX),
    (
        "Workbook",
        N_("an old Excel file (.xls)"),
        "D5.old_workbook",
    ),
)
# A name that a zip file of the format always holds, in clear among its bytes.
_ZIPPED = (
    (b"OFD.xml", N_("an OFD file"), "D5.ofd"),
    (b"application/vnd.oasis.opendocument.text", N_("an OpenDocument file (.odt)"), _AS_DOCX),
    (b"ppt/presentation.xml", N_("a presentation (.pptx)"), "D5.other"),
    (b"xl/workbook.xml", N_("an Excel workbook (.xlsx)"), "D5.workbook"),
    (b"xl/workbook.bin", N_("an Excel workbook (.xlsb)"), "D5.other"),
)


def refused(raw: bytes, origin: Origin) -> Trouble | None:
    """Return why a file's format is not read and what to do, or None if it may be HTML, text or Word."""
    found = _format(raw)
    if found is None:
        return None
    what, name = found
    return Trouble(name, origin, Saying(what), Saying("HTML, text or .docx"))


def _format(raw: bytes) -> tuple[str, str] | None:
    if raw.startswith(_OLE):
        return _ole(raw)
    if raw.startswith(b"PK"):
        return next(((name, cure) for mark, name, cure in _ZIPPED if mark in raw), None)
    if b"%PDF-" in raw[:1024]:
        return _PDF
    head = raw[:4096].removeprefix(b"\xef\xbb\xbf")
    return next(((name, cure) for magic, name, cure in _MAGIC if re.match(magic, head, re.DOTALL)), None)


def _ole(raw: bytes) -> tuple[str, str]:
    for stream, name, cure in _STREAMS:
        if stream.encode("utf-16-le") in raw:
            return name, cure
    return N_("an old or an encrypted Office file"), "D5.old_office"
