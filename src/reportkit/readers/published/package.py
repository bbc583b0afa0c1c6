"""The main part of a Word file's zip archive, within limits that hold while it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from reportkit.errors import Origin, ReaderError
from reportkit.readers.published.formats import refused
from reportkit.readers.published.limits import MAX_WORD_BYTES, keep_to, unreadable

MAX_PART_BYTES = 40_000_000
"""Unpacked, the text of a report has some 0.5 MB of XML."""

MAX_RATIO = 200
"""XML is packed by 10 to 60; deflate can reach 1,000, which no text does."""

MAX_TAGS = 2_000_000
MAX_ENTRIES = 5_000
MAIN_PART = "word/document.xml"

_RELATIONSHIPS = "_rels/.rels"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, KeyError, NotImplementedError, RuntimeError)


class Package:
    """The archive of a Word file. Every method raises ReaderError for what is damaged, locked or blown up."""

    def __init__(self, raw: bytes, origin: Origin) -> None:
        self._origin = origin
        keep_to(MAX_WORD_BYTES, len(raw), origin)
        issue = refused(raw, origin)
        if issue:
            raise ReaderError([issue])
        if raw.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise self._bomb(f"压缩包里的文件超过 {MAX_ENTRIES} 个")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGED:
            message = "不是完整的 .docx 文件（打不开压缩包）；请用 Word 或 WPS 打开，另存为 .docx"
            raise unreadable("D7", message, origin) from None

    def has_macros(self) -> bool:
        """Whether there are macros in it; they are never run."""
        return any(name.lower().endswith("vbaproject.bin") for name in self._zip.namelist())

    def main_part(self) -> etree._Element:
        """Return the parsed document itself."""
        name = self._main_name()
        if name not in self._zip.NameToInfo:
            message = f"压缩包里没有 {name}，不是 Word 文件；请用 Word 或 WPS 打开，另存为 .docx"
            raise unreadable("D7", message, self._origin)
        return self._parsed(name)

    def _main_name(self) -> str:
        """What the archive itself names as its document: some programs write word/document2.xml."""
        if _RELATIONSHIPS not in self._zip.NameToInfo:
            return MAIN_PART
        for relationship in self._parsed(_RELATIONSHIPS):
            if str(relationship.get("Type", "")).endswith("/officeDocument"):
                return str(relationship.get("Target", "")).lstrip("/") or MAIN_PART
        return MAIN_PART

    def _parsed(self, name: str) -> etree._Element:
        content = self._unpacked(name)
        if content.count(b"<") > MAX_TAGS:
            message = f"{name} 里的标记超过 {MAX_TAGS} 个，不是正常的年度报告；请只保存正文"
            raise unreadable("D6", message, self._origin)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._not_xml(name, error) from None
        if root.getroottree().docinfo.internalDTD is not None:
            message = f"{name} 里声明了文档类型或实体，Word 不会这样写；请用 Word 打开，另存为 .docx"
            raise unreadable("D8", message, self._origin)
        return root

    def _not_xml(self, name: str, error: Exception) -> ReaderError:
        reason = str(error)
        if "depth" in reason.lower():
            message = f"{name} 的标记嵌套太深，不是正常的年度报告；请只保存正文"
            return unreadable("D6", message, self._origin)
        if "entit" in reason.lower():
            message = f"{name} 里有 Word 不会写的实体；请用 Word 打开，另存为 .docx"
            return unreadable("D8", message, self._origin)
        message = f"{name} 已损坏（第 {getattr(error, 'lineno', 0) or 1} 行）；请用 Word 打开并修复，另存为 .docx"
        return unreadable("D7", message, self._origin)

    def _unpacked(self, name: str) -> bytes:
        entry = self._zip.NameToInfo[name]
        if entry.flag_bits & 1:
            raise unreadable("D5", "文件加了密码；请打开后去掉密码，另存为 .docx", self._origin)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._bomb(f"{name} 的压缩方式不是 Word 所用的")
        self._check_size(name, entry.file_size, entry.compress_size)
        try:
            with self._zip.open(entry) as part:
                content = part.read(MAX_PART_BYTES + 1)
        except _DAMAGED:
            message = f"{name} 解压出错，文件已损坏；请重新下载，或用 Word 打开并修复，另存为 .docx"
            raise unreadable("D7", message, self._origin) from None
        # What the headers promise need not be what comes out.
        self._check_size(name, len(content), entry.compress_size)
        return content

    def _check_size(self, name: str, size: int, packed: int) -> None:
        if size > MAX_PART_BYTES:
            raise self._bomb(f"{name} 解压后超过 {MAX_PART_BYTES // 10**6} MB")
        if size > 1_000_000 and size > packed * MAX_RATIO:
            raise self._bomb(f"{name} 的压缩比超过 {MAX_RATIO} 倍")

    def _bomb(self, found: str) -> ReaderError:
        return unreadable("D8", f"{found}，不是正常的报告；请用 Word 打开，另存为 .docx", self._origin, found)
