"""The main part of a Word file's zip archive, within limits that hold while it is unpacked."""

from __future__ import annotations

import re
from zipfile import ZIP_DEFLATED, ZIP_STORED

from lxml import etree

from reportkit.documents.size_limits import MAX_WORD_BYTES, keep_to, unreadable
from reportkit.documents.unread_formats import refused
from reportkit.errors import Origin, UnreadableError
from reportkit.files.archive import Archive, ArchiveError, Fault, Limits
from reportkit.translation import Saying

MAX_PART_BYTES = 40_000_000
"""Unpacked, the text of a report has some 0.5 MB of XML."""

MAX_RATIO = 200
"""XML is packed by 10 to 60; deflate can reach 1,000, which no text does."""

_ANY_SIZE = 10**12
"""Of all parts together: but two of them are read."""

MAX_TAGS = 2_000_000
MAX_ENTRIES = 5_000
MAIN_PART = "word/document.xml"

MAX_DEPTH = 250
"""Tables in tables in text boxes come to some 60."""

_too_deep = etree.XPath(f"boolean({'/'.join(['*'] * MAX_DEPTH)})")
_TAG = re.compile(rb"<(/?)[^\s<>/!?][^<>]*?(/?)>")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)[^\s&;<]+;")
_RELATIONSHIPS = "_rels/.rels"
_METHODS = frozenset((ZIP_STORED, ZIP_DEFLATED))


class Package:
    """The archive of a Word file. Every method raises UnreadableError for what is damaged, locked or blown up."""

    def __init__(self, raw: bytes, origin: Origin) -> None:
        self._origin = origin
        keep_to(MAX_WORD_BYTES, len(raw), origin)
        if trouble := refused(raw, origin):
            raise UnreadableError(trouble)
        limits = Limits(MAX_ENTRIES, MAX_PART_BYTES, _ANY_SIZE, MAX_RATIO, _METHODS)
        try:
            self._archive = Archive(raw, limits)
        except ArchiveError as error:
            raise self._refused(error.fault) from None

    def has_macros(self) -> bool:
        """Whether there are macros in it; they are never run."""
        return any(entry.filename.lower().endswith("vbaproject.bin") for entry in self._archive.entries)

    def main_part(self) -> etree._Element:
        """Return the parsed document itself."""
        name = self._main_name()
        if self._archive.entry(name) is None:
            raise unreadable("D7.no_part", self._origin, part=name)
        return self._parsed(name)

    def _main_name(self) -> str:
        """What the archive itself names as its document: some programs write word/document2.xml."""
        if self._archive.entry(_RELATIONSHIPS) is None:
            return MAIN_PART
        for relationship in self._parsed(_RELATIONSHIPS):
            if str(relationship.get("Type", "")).endswith("/officeDocument"):
                return str(relationship.get("Target", "")).lstrip("/") or MAIN_PART
        return MAIN_PART

    def _parsed(self, name: str) -> etree._Element:
        content = self._unpacked(name)
        if content.count(b"<") > MAX_TAGS:
            raise unreadable("D6.tags", self._origin, part=name, most=MAX_TAGS)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._not_xml(name, content, getattr(error, "lineno", 0) or 1) from None
        if _too_deep(root):
            raise self._nested(name)
        if root.getroottree().docinfo.internalDTD is not None:
            raise unreadable("D8.doctype", self._origin, part=name)
        return root

    def _not_xml(self, name: str, content: bytes, line: int) -> UnreadableError:
        """What is wrong, as far as the content itself shows it: what the parser bears and says is its own affair."""
        if _depth(content) > MAX_DEPTH:
            return self._nested(name)
        if _ENTITY.search(content):
            return unreadable("D8.entity", self._origin, part=name)
        return unreadable("D7.xml", self._origin, part=name, line=line)

    def _nested(self, name: str) -> UnreadableError:
        return unreadable("D6.nested", self._origin, part=name, most=MAX_DEPTH)

    def _unpacked(self, name: str) -> bytes:
        entry = self._archive.entry(name)
        assert entry is not None
        try:
            return self._archive.unpacked(entry)
        except ArchiveError as error:
            raise self._refused(error.fault, name) from None

    def _refused(self, fault: Fault, name: str = "") -> UnreadableError:
        match fault:
            case Fault.DAMAGED:
                return unreadable("D7.archive", self._origin)
            case Fault.BROKEN_PART:
                return unreadable("D7.unpacking", self._origin, part=name)
            case Fault.LOCKED:
                return unreadable("D5.password", self._origin)
            case Fault.ENTRIES:
                return self._bomb(Saying("there are more than {most} files in the archive", most=MAX_ENTRIES))
            case Fault.METHOD:
                return self._bomb(Saying("{part} is compressed otherwise than Word does it", part=name))
            case Fault.SIZE:
                return self._bomb(
                    Saying("{part} unpacks to more than {most} MB", part=name, most=MAX_PART_BYTES // 10**6)
                )
            case Fault.RATIO:
                return self._bomb(
                    Saying("{part} unpacks to more than {most} times its size", part=name, most=MAX_RATIO)
                )

    def _bomb(self, found: str) -> UnreadableError:
        return unreadable("D8.unpacked", self._origin, found)


def _depth(content: bytes) -> int:
    """How deep the tags of something that may be no XML are nested."""
    depth = deepest = 0
    for tag in _TAG.finditer(content):
        depth = depth - 1 if tag[1] else depth + (not tag[2])
        deepest = max(deepest, depth)
    return deepest
