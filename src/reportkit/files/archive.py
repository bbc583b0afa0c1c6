"""A zip file that somebody has sent, whose parts are unpacked within limits that hold while they are; and a new one."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple
from zipfile import ZipInfo

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, KeyError, NotImplementedError, RuntimeError)
_SMALL = 1_000_000
"""Bytes of a part of which it makes no difference how well it is packed."""

_ENTRY = b"PK\x01\x02"


class Limits(NamedTuple):
    """How many entries an archive may have, and how many bytes a part and all of them may take once unpacked.

    `ratio` is how much larger than packed a part may be, `methods` the ways in which it may be packed; None for any.
    """

    entries: int
    part: int
    whole: int
    ratio: int | None = None
    methods: frozenset[int] | None = None


class Fault(Enum):
    """What is wrong with an archive."""

    DAMAGED = auto()
    ENTRIES = auto()
    LOCKED = auto()
    METHOD = auto()
    SIZE = auto()
    RATIO = auto()
    BROKEN_PART = auto()


class ArchiveError(Exception):
    """An archive that cannot be read, or not safely; `count` is the number of entries, if these are too many."""

    def __init__(self, fault: Fault, count: int = 0) -> None:
        super().__init__(fault.name)
        self.fault, self.count = fault, count


class Archive:
    """The parts of a zip file. What is damaged, locked or blown up raises ArchiveError."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self._limits, self._left = limits, limits.whole
        # Each entry takes memory once the archive is open: so many are not opened.
        if (count := raw.count(_ENTRY)) > limits.entries:
            raise ArchiveError(Fault.ENTRIES, count)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGED:
            raise ArchiveError(Fault.DAMAGED) from None
        self.entries: list[ZipInfo] = self._zip.infolist()

    def entry(self, name: str) -> ZipInfo | None:
        """Return the entry of this name, None if there is none."""
        return self._zip.NameToInfo.get(name)

    def unpacked(self, entry: ZipInfo) -> bytes:
        """Return what an entry holds."""
        if is_locked(entry):
            raise ArchiveError(Fault.LOCKED)
        if self._limits.methods is not None and entry.compress_type not in self._limits.methods:
            raise ArchiveError(Fault.METHOD)
        self._check_size(entry.file_size, entry)
        try:
            with self._zip.open(entry) as part:
                content = part.read(min(self._limits.part, self._left) + 1)
        except _DAMAGED:
            raise ArchiveError(Fault.BROKEN_PART) from None
        # What the headers promise need not be what comes out.
        self._check_size(len(content), entry)
        self._left -= len(content)
        return content

    def _check_size(self, size: int, entry: ZipInfo) -> None:
        if size > min(self._limits.part, self._left):
            raise ArchiveError(Fault.SIZE)
        if self._limits.ratio is not None and size > _SMALL and size > entry.compress_size * self._limits.ratio:
            raise ArchiveError(Fault.RATIO)


def is_locked(entry: ZipInfo) -> bool:
    """Return whether an entry is encrypted."""
    return bool(entry.flag_bits & 1)


def archive_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file with files by their path in it. The same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content)
    return buffer.getvalue()
