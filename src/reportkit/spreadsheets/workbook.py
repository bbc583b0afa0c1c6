"""The bytes of a file -> its sheets, or a ReaderError that says why they are not read."""

from __future__ import annotations

import io
from collections.abc import Callable

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from reportkit.errors import Issue, Origin, ReaderError
from reportkit.spreadsheets import ods as opendocument
from reportkit.spreadsheets import ole
from reportkit.spreadsheets import xls as biff
from reportkit.spreadsheets.archive import MAX_BYTES, packed, refuse, unpacked
from reportkit.spreadsheets.sheets import Area, Facts, Sheet, Value, Workbook
from reportkit.spreadsheets.xlsx import MAX_CELLS, Package

OWN_SHEET = "_reportkit"
"""The hidden sheet of our own forms."""


MAX_MERGED = 20_000


def open_workbook(raw: bytes, path: str) -> Workbook:
    """Return the sheets that people see, and our own hidden one. Raises ReaderError for a file that is not sound."""
    if len(raw) > MAX_BYTES:
        raise refuse(
            "W2", f"文件有 {len(raw) / 1e6:.0f} MB，填报的工作簿不会超过 {MAX_BYTES // 10**6} MB；请核对文件", path
        )
    if raw.startswith(b"PK"):
        return _zipped(raw, path)
    if raw.startswith(ole.SIGNATURE):
        clean, found = biff.sound(raw, path)
        return _workbook(clean, path, lambda index, _: found[index] if index < len(found) else Facts())
    raise refuse("W1", _not_a_workbook(raw), path)


def _zipped(raw: bytes, path: str) -> Workbook:
    parts = unpacked(raw, path)
    if "content.xml" in parts:
        sheets = opendocument.facts(parts, path)
        return _workbook(packed(parts), path, lambda _, name: sheets.get(name, Facts()))
    if "xl/workbook.xml" not in parts:
        message = "不是 .xlsx 或 .ods 工作簿（可能是 Word 文档或 .xlsb）；请用 Excel、WPS 另存为 .xlsx"
        raise refuse("W1", message, path)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise refuse("W4", "文件是带宏的工作簿（.xlsm），不读取；请另存为不带宏的 .xlsx", path)
    package = Package(parts, path)
    sheets = package.facts()
    return _workbook(packed(parts), path, lambda _, name: sheets.get(name, Facts()), package.manual)


def _workbook(raw: bytes, path: str, facts_of: Callable[[int, str], Facts], manual: bool = False) -> Workbook:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            return _read(book, path, facts_of, manual)
    except ReaderError:
        raise
    except PasswordError:
        raise refuse("W3", "文件加了密码；请去掉打开密码后再交", path) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in the Rust library is no Exception
        raise refuse("W1", "读不出来，文件可能已损坏；请用 Excel、WPS 打开后另存为 .xlsx", path) from None


def _read(book: CalamineWorkbook, path: str, facts_of: Callable[[int, str], Facts], manual: bool) -> Workbook:
    sheets: list[Sheet] = []
    own: dict[str, str] = {}
    notes: list[Issue] = []
    cells = 0
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_name(about.name)
        cells += found.total_height * found.total_width
        if cells > MAX_CELLS:
            raise refuse("W2", f"工作表“{about.name}”大得不正常；请删去远处多余的内容后再交", path)
        sheet = _sheet(found, facts_of(index, about.name), path)
        if about.visible == SheetVisibleEnum.Visible:
            sheets.append(sheet)
        elif about.name.startswith(OWN_SHEET):
            own = own or {str(row[0]): str(row[1]) for row in sheet.rows if len(row) > 1}
        elif sheet.rows:
            message = f"工作表“{about.name}”是隐藏的，没有读入；如果要用，请取消隐藏"
            notes.append(Issue("W19", "warning", message, Origin(path, about.name)))
    return Workbook(path, tuple(sheets), own, manual, tuple(notes))


def _sheet(sheet: CalamineSheet, facts: Facts, path: str) -> Sheet:
    rows: list[list[Value]] = sheet.to_python(skip_empty_area=False)
    facts.merged += [Area(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    if len(facts.merged) > MAX_MERGED:
        raise refuse("W2", f"工作表“{sheet.name}”有 {len(facts.merged)} 处合并单元格，多得不正常；请核对文件来源", path)
    height, width = sheet.total_height, sheet.total_width
    if sum(_cells_in(area, height, width) for area in facts.merged) > 2 * MAX_CELLS:
        raise refuse("W2", f"工作表“{sheet.name}”的合并单元格互相重叠；请取消合并后再交", path)
    return Sheet(sheet.name, rows, facts)


def _cells_in(area: Area, height: int, width: int) -> int:
    """How many of a sheet's cells are in an area."""
    return max(min(area.bottom + 1, height) - area.top, 0) * max(min(area.right + 1, width) - area.left, 0)


def _not_a_workbook(raw: bytes) -> str:
    """Why a file that is neither zip nor OLE is not read, as far as its first bytes tell."""
    if not raw.strip():
        return "文件是空的；请重新下载"
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return "文件其实是网页或 XML，只是叫这个名字；请用 Excel、WPS 打开后另存为 .xlsx"
    return "不是 Excel、WPS 或 LibreOffice 的工作簿；请另存为 .xlsx 后再交"
