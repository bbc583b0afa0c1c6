"""Formats that are not read, by their first bytes, with the way to a file that is."""

from __future__ import annotations

import re

from reportkit.errors import Issue, Origin

_AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 后再导入"
_PICTURE = "图片中的文字和数不能可靠读出；请找到原来的 Word 文件或网页，或照图填写"
_UNPACK = "请先解压，再导入其中的文件"
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
    (rb"(?:MIME-Version|From): ", "单个文件网页（.mht）", "请在浏览器中另存为“网页，仅 HTML”，再导入 .html"),
    (rb".{0,200}progid=\"Word\.Document\"", "Word 2003 的 XML 文件", _AS_DOCX),
)
_PDF = ("PDF 文件", "请用 PDF 阅读器另存为文本，或用 pdftotext -raw 转成文本，再导入 .txt")
# What the directory of an OLE file calls its streams, in the order in which they decide.
_STREAMS = (
    ("EncryptedPackage", "加密的 Office 文件", "请输入密码打开，去掉密码，另存为 .docx 后再导入"),
    ("WordDocument", "旧版 Word 或 WPS 文件（.doc、.wps）", _AS_DOCX),
    (
        "Workbook",
        "旧版 Excel 文件（.xls）",
        "请导入报告的网页、文本或 .docx；已填的表样请另存为 .xlsx",
    ),
)
# A name that a zip file of the format always holds, in clear among its bytes.
_ZIPPED = (
    (b"OFD.xml", "OFD 版式文件", "请用 OFD 阅读器另存为文本，再导入 .txt"),
    (b"application/vnd.oasis.opendocument.text", "OpenDocument 文件（.odt）", _AS_DOCX),
    (b"ppt/presentation.xml", "演示文稿（.pptx）", "请导入报告的网页、文本或 .docx"),
    (b"xl/workbook.xml", "Excel 工作簿（.xlsx）", "请导入报告的网页、文本或 .docx；已填的表样请按工作簿导入"),
    (b"xl/workbook.bin", "Excel 工作簿（.xlsb）", "请导入报告的网页、文本或 .docx"),
)


def refused(raw: bytes, origin: Origin) -> Issue | None:
    """Return why a file's format is not read and what to do, or None if it may be HTML, text or Word."""
    found = _format(raw)
    if found is None:
        return None
    name, cure = found
    return Issue("D5", "error", f"{name}不能直接读取；{cure}", origin, None, name, "HTML、文本或 .docx")


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
    return "旧版 Office 文件或加密的文件", f"{_AS_DOCX}；有密码的先去掉密码"
