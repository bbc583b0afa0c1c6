"""What an .xls says beside the values: formulas, error values, looks, hidden rows; and that it is safe to read.

The workbook is a stream of records (BIFF) in an OLE file. The library that reads the values believes what these say of
their number, and takes the memory for it, so that is looked at first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from reportkit.spreadsheets import ole
from reportkit.spreadsheets.sheets import Facts
from reportkit.spreadsheets.workbook_package import refuse
from reportkit.spreadsheets.xls_looks import Looks
from reportkit.spreadsheets.xlsx import MAX_CELLS

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _SUPBOOK, _SST = 0x809, 0x0A, 0x85, 0x2F, 0x1AE, 0xFC
_FORMULA, _BOOLERR, _ROW, _COLINFO, _DIMENSIONS, _MULRK = 0x06, 0x205, 0x208, 0x7D, 0x200, 0xBD
_CELLS = {_FORMULA, 0x206, 0x406, _BOOLERR, _MULRK, 0x203, 0x204, 0x27E, 0xD6, 0xFD}

_MOST_COLUMNS = 256


def sound(raw: bytes, path: str) -> tuple[bytes, list[Facts]]:
    """Return the workbook in an OLE file that is safe to read, and what each of its sheets says, in their order.

    Raises UnreadableError for an encrypted workbook (an .xlsx with a password is such a file, too), one with macros,
    and what holds no workbook, or none that can be.
    """
    try:
        streams = ole.streams(raw)
        if "EncryptedPackage" in streams:
            raise refuse("W3", path)
        if "_VBA_PROJECT" in streams:
            raise refuse("W4.macros", path)
        name = next((name for name in ole.WORKBOOKS if streams.get(name)), None)
        if name is None:
            raise refuse("W1.other_ole", path)
        return ole.container(name, streams[name]), _sheets(streams[name], path)
    except (struct.error, IndexError):
        raise _broken(path) from None


def _broken(path: str) -> Exception:
    return refuse("W1.damaged", path)


def _sheets(stream: bytes, path: str) -> list[Facts]:
    starts, external = [], False
    look = Looks()
    for _, kind, body in _records(stream, 0):
        look.add(kind, body)
        if kind == _FILEPASS:
            raise refuse("W3", path)
        if kind == _SST and struct.unpack_from("<4xI", body)[0] > len(stream):
            raise _broken(path)
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _SUPBOOK:
            external |= body[2:4] not in (b"\x01\x04", b"\x01\x3a")
    look.close()
    if len(set(starts)) < len(starts):
        raise _broken(path)
    left = _Left(2 * len(stream), MAX_CELLS)  # sheets that do not overlap take half of it
    return [_sheet(stream, start, "[1]!A1" if external else "", path, look, left) for start in starts]


@dataclass
class _Left:
    """How many bytes and cells the sheets still to come may have."""

    bytes: int
    cells: int


def _sheet(stream: bytes, start: int, formula: str, path: str, look: Looks, left: _Left) -> Facts:
    """A sheet's facts. The text of its formulas is not read: `formula` stands for each."""
    found = Facts()
    bottom = right = 0
    for depth, kind, body in _records(stream, start):
        left.bytes -= 4 + len(body)
        if left.bytes < 0:
            raise _broken(path)
        if kind == _DIMENSIONS:
            _check_claim(body, path)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
            bottom, right = max(bottom, row + 1), max(right, column + 1, last + 1)
        if right > _MOST_COLUMNS:
            raise _broken(path)
        if bottom * right > left.cells:
            raise refuse("W2.cells", path)
        if depth == 1:
            _note(kind, body, formula, found)
            look.note(kind, body, found)
    left.cells -= bottom * right
    return found


def _check_claim(body: bytes, path: str) -> None:
    """A sheet may claim any size: memory is taken for it before a cell is there."""
    if len(body) >= 10:
        shape = "<IIHH" if len(body) >= 14 else "<HHHH"
        top, bottom, left, right = struct.unpack_from(shape, body)
        if (bottom - top + 1) * (right - left + 1) > MAX_CELLS or bottom < top or right < left:
            raise refuse("W2.claim", path)


def _note(kind: int, body: bytes, formula: str, found: Facts) -> None:
    if kind == _FORMULA:
        row, column, _, result = struct.unpack_from("<HHH8s", body)
        found.formulas[row, column] = formula
        if result[6:8] == b"\xff\xff" and result[0] == 2:
            found.faults[row, column] = _ERRORS.get(result[2], "#VALUE!")
    elif kind == _BOOLERR:
        row, column, _, code, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            found.faults[row, column] = _ERRORS.get(code, "#VALUE!")
    elif kind == _ROW:
        row, options = struct.unpack_from("<H10xH", body)
        if options & 0x20:
            found.hidden_rows.add(row)
    elif kind == _COLINFO:
        first, last, _, _, options = struct.unpack_from("<HHHHH", body)
        if options & 1:
            found.hidden_columns.update(range(first, min(last, _MOST_COLUMNS - 1) + 1))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """The records up to the EOF, each with its depth: what is embedded (a chart) is deeper than 1.

    The library does not mind if the BOF is missing, so this does not, either.
    """
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0 and kind == _EOF:
            return
        yield depth, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
