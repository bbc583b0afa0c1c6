"""The bytes of a file -> its sheets, or an UnreadableError that says why they are not read."""

from __future__ import annotations

import io
from collections.abc import Callable

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from reportkit.errors import Origin, Trouble, UnreadableError
from reportkit.spreadsheets import ods as opendocument
from reportkit.spreadsheets import ole
from reportkit.spreadsheets import xls as biff
from reportkit.spreadsheets.sheets import Area, Facts, Sheet, Value, Workbook
from reportkit.spreadsheets.size_limits import LIMITS, SizeLimits
from reportkit.spreadsheets.workbook_package import packed, refuse, unpacked
from reportkit.spreadsheets.xlsx import MAX_CELLS, Package

OWN_SHEET = "_reportkit"
"""The hidden sheet of our own forms."""


MAX_MERGED = 20_000


def open_workbook(raw: bytes, path: str, limits: SizeLimits = LIMITS) -> Workbook:
    """Return the sheets that people see, and our own hidden one.

    Raises UnreadableError for a file that is not sound.
    """
    if len(raw) > limits.file:
        raise refuse("W2.bytes", path, size=f"{len(raw) / 1e6:.0f}", most=limits.file // 10**6)
    if raw.startswith(b"PK"):
        return _zipped(raw, path, limits)
    if raw.startswith(ole.SIGNATURE):
        clean, found = biff.sound(raw, path)
        return _workbook(clean, path, lambda index, _: found[index] if index < len(found) else Facts())
    raise refuse(_not_a_workbook(raw), path)


def _zipped(raw: bytes, path: str, limits: SizeLimits) -> Workbook:
    parts = unpacked(raw, path, limits)
    if "content.xml" in parts:
        sheets = opendocument.facts(parts, path, limits)
        return _workbook(packed(parts), path, lambda _, name: sheets.get(name, Facts()))
    if "xl/workbook.xml" not in parts:
        raise refuse("W1.other_zip", path)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise refuse("W4.workbook", path)
    package = Package(parts, path, limits)
    sheets = package.facts()
    return _workbook(packed(parts), path, lambda _, name: sheets.get(name, Facts()), package.manual)


def _workbook(raw: bytes, path: str, facts_of: Callable[[int, str], Facts], manual: bool = False) -> Workbook:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            return _read(book, path, facts_of, manual)
    except UnreadableError:
        raise
    except PasswordError:
        raise refuse("W3", path) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in the Rust library is no Exception
        raise refuse("W1.unreadable", path) from None


def _read(book: CalamineWorkbook, path: str, facts_of: Callable[[int, str], Facts], manual: bool) -> Workbook:
    sheets: list[Sheet] = []
    own: dict[str, str] = {}
    notes: list[Trouble] = []
    cells = 0
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_name(about.name)
        cells += found.total_height * found.total_width
        if cells > MAX_CELLS:
            raise refuse("W2.sheet", path, sheet=about.name)
        sheet = _sheet(found, facts_of(index, about.name), path)
        if about.visible == SheetVisibleEnum.Visible:
            sheets.append(sheet)
        elif about.name.startswith(OWN_SHEET):
            own = own or {str(row[0]): str(row[1]) for row in sheet.rows if len(row) > 1}
        elif sheet.rows:
            notes.append(Trouble("W19", Origin(path, about.name), values={"sheet": about.name}))
    return Workbook(path, tuple(sheets), own, manual, tuple(notes))


def _sheet(sheet: CalamineSheet, facts: Facts, path: str) -> Sheet:
    rows: list[list[Value]] = sheet.to_python(skip_empty_area=False)
    facts.merged += [Area(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    if len(facts.merged) > MAX_MERGED:
        raise refuse("W2.merged", path, sheet=sheet.name, count=len(facts.merged))
    height, width = sheet.total_height, sheet.total_width
    if sum(_cells_in(area, height, width) for area in facts.merged) > 2 * MAX_CELLS:
        raise refuse("W2.overlapping", path, sheet=sheet.name)
    return Sheet(sheet.name, rows, facts)


def _cells_in(area: Area, height: int, width: int) -> int:
    """How many of a sheet's cells are in an area."""
    return max(min(area.bottom + 1, height) - area.top, 0) * max(min(area.right + 1, width) - area.left, 0)


def _not_a_workbook(raw: bytes) -> str:
    """Why a file that is neither zip nor OLE is not read, as far as its first bytes tell."""
    if not raw.strip():
        return "W1.empty"
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return "W1.page"
    return "W1.strange"
