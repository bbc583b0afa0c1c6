"""Formats that are not read, by their first bytes, with the way to a file that is."""

from __future__ import annotations

import re

from reportkit.errors import Origin, Trouble

_AS_DOCX, _PICTURE, _UNPACK = "D5.word", "D5.picture", "D5.archive"
_OLE = b"\xd0\xcf\x11\xe0"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (rb"\{\\rtf", "RTF 文件", _AS_DOCX),
    (rb"\x89PNG", "PNG 图片", _PICTURE),
    (rb"\xff\xd8\xff", "JPEG 图片", _PICTURE),
    (rb"GIF8", "GIF 图片", _PICTURE),
    (rb"BM.{4}\x00{4}", "BMP 图片", _PICTURE),
    (rb"II\*\x00|MM\x00\*", "TIFF 图片", _PICTURE),
    (rb"RIFF.{4}WEBP", "WebP 图片", _PICTURE),
    (rb"Rar!", "RAR 压缩包", _UNPACK),
    (rb"7z\xbc\xaf", "7z 压缩包", _UNPACK),
    (rb"\x1f\x8b", "gzip 压缩包", _UNPACK),
    (rb"(?:MIME-Version|From): ", "单个文件网页（.mht）", "D5.mht"),
    (rb".{0,200}progid=\"Word\.Document\"", "Word 2003 的 XML 文件", _AS_DOCX),
)
_PDF = ("PDF 文件", "D5.pdf")
# What the directory of an OLE file calls its streams, in the order in which they decide.
_STREAMS = (
    ("EncryptedPackage", "加密的 Office 文件", "D5.locked"),
    ("WordDocument", "旧版 Word 或 WPS 文件（.doc、.wps）", _AS_DOCX),
    (
        "Workbook",
        "旧版 Excel 文件（.xls）",
        "D5.old_workbook",
    ),
)
# A name that a zip file of the format always holds, in clear among its bytes.
_ZIPPED = (
    (b"OFD.xml", "OFD 版式文件", "D5.ofd"),
    (b"application/vnd.oasis.opendocument.text", "OpenDocument 文件（.odt）", _AS_DOCX),
    (b"ppt/presentation.xml", "演示文稿（.pptx）", "D5.other"),
    (b"xl/workbook.xml", "Excel 工作簿（.xlsx）", "D5.workbook"),
    (b"xl/workbook.bin", "Excel 工作簿（.xlsb）", "D5.other"),
)


def refused(raw: bytes, origin: Origin) -> Trouble | None:
    """Return why a file's format is not read and what to do, or None if it may be HTML, text or Word."""
    found = _format(raw)
    if found is None:
        return None
    what, name = found
    return Trouble(name, origin, what, "HTML、文本或 .docx")


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
    return "旧版 Office 文件或加密的文件", "D5.old_office"
