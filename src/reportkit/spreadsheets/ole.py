"""The OLE file that an .xls is: its streams out, and a sound file with the one that matters in again."""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

WORKBOOKS = ("Workbook", "Book")
"""What the stream of a workbook is called, since Excel 97 and before."""

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR = 4096
_SMALL = 4096
"""Streams that are shorter have sectors of their own; ours is padded to this length."""


def streams(raw: bytes) -> dict[str, bytes]:
    """Return the streams by name, with what they hold if it is a workbook.

    Raises struct.error or IndexError for a file that is cut off.
    """
    shift, mini_shift = struct.unpack_from("<HH", raw, 30)
    table_start, cutoff, mini_start = struct.unpack_from("<I4xII", raw, 48)
    size, mini = 1 << min(shift, 16), 1 << min(mini_shift, 16)

    def joined(numbers: Iterator[int] | list[int]) -> bytes:
        return b"".join(raw[(number + 1) * size : (number + 2) * size] for number in numbers)

    allocation = _numbers(joined(_table_sectors(raw, size)))
    entries = list(_entries(joined(_chain(allocation, table_start))))
    small = _numbers(joined(_chain(allocation, mini_start)))
    root = next((start for _, kind, start, _ in entries if kind == 5), _END)
    container = joined(_chain(allocation, root))
    found = {}
    for name, kind, start, length in entries:
        content = b""
        if kind == 2 and name in WORKBOOKS and length >= cutoff:
            content = joined(_chain(allocation, start))
        elif kind == 2 and name in WORKBOOKS:
            content = b"".join(container[n * mini : (n + 1) * mini] for n in _chain(small, start))
        found[name] = content[:length]
    return found


def container(name: str, content: bytes) -> bytes:
    """Return an OLE file with a single stream: whatever was wrong with the file that it comes from is gone."""
    content = content.ljust(_SMALL, b"\0")
    sectors = -(-len(content) // _SECTOR)
    tables = 1
    while tables * (_SECTOR // 4) < tables + 2 + sectors:
        tables += 1
    small, first = tables + 1, tables + 2  # the library wants a place for short streams, though there are none
    table = [_TABLE] * tables + [_END, _END] + [*range(first + 1, first + sectors), _END]
    table += [_FREE] * (tables * (_SECTOR // 4) - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, tables, 0, _SMALL, _END, 0, _END, 0
    )
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, small, 0, child=1) + _entry(name, 2, first, len(content), child=_FREE)
    body = struct.pack(f"<{len(table)}I", *table) + directory.ljust(2 * _SECTOR, b"\0")
    return header.ljust(_SECTOR, b"\0") + body + content.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, length: int, *, child: int) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16x4x8x8xIQ", encoded, len(encoded) + 2, kind, 1, _FREE, _FREE, child, start, length)


def _table_sectors(raw: bytes, size: int) -> list[int]:
    """The numbers of the sectors that hold the allocation table."""
    first, count = struct.unpack_from("<II", raw, 68)
    numbers = list(struct.unpack_from("<109I", raw, 76))
    for _ in range(min(count, len(raw) // size)):
        block = _numbers(raw[(first + 1) * size : (first + 2) * size])
        numbers += block[:-1]
        first = block[-1]
    return [number for number in numbers if number < _TABLE]


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind, first sector and length of each entry."""
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        yield directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace"), kind, start, size


def _chain(allocation: tuple[int, ...], start: int) -> Iterator[int]:
    """The sectors of a stream. A chain that bites its own tail ends."""
    for _ in range(len(allocation)):
        if start >= len(allocation):
            return
        yield start
        start = allocation[start]


def _numbers(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
