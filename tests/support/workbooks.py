"""Workbooks for tests: made by our writers, then changed as people change them."""

import io
import re
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.merge import MergedCellRange

from reportkit.errors import CellRef, Issue, ReaderError
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.imports.workbook import read_workbook
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing, with_totals
from reportkit.model.reading import Hints, Reading
from reportkit.params.reader import read_params
from support.repository import SANGZHOU, SUQIAN


def _look_as_the_first(merged: MergedCellRange) -> None:
    """Openpyxl works out the borders of each cell anew, for half of its time; nobody here looks at them."""
    for row, column in merged.cells:
        merged.ws._get_cell(row, column)._style = copy(merged.start_cell._style)


MergedCellRange.format = _look_as_the_first

FORMS = shipped_forms()
CITY = with_totals(read_params(SUQIAN, FORMS))
TOWN = with_totals(read_params(SANGZHOU, FORMS))
_CITY = form_bytes(CITY.form, entries_of(CITY))
RECEIVED = CellRef("requests", "received", "person")
TOTAL = CellRef("requests", "received", "total")


def filled(filing: Filing = CITY) -> bytes:
    """Our form with a filing in it, totals calculated."""
    return _CITY if filing is CITY else form_bytes(filing.form, entries_of(filing))


def read(raw: bytes, hints: Hints | None = None) -> list[Reading]:
    return read_workbook(raw, "上报.xlsx", FORMS, hints)


def only(raw: bytes, hints: Hints | None = None) -> Reading:
    (reading,) = read(raw, hints)
    return reading


def told(raw: bytes) -> list[Issue]:
    """Everything the reader has to say, whether or not readings came of it."""
    try:
        return [issue for reading in read(raw) for issue in reading.notes]
    except ReaderError as error:
        return error.issues


def codes(raw: bytes) -> list[tuple[str, str]]:
    return [(issue.code, issue.origin.place) for issue in told(raw)]


def edited(raw: bytes, edit: Callable[[Book], object], *, values_only: bool = False) -> bytes:
    """The workbook after a change by openpyxl, which knows no results: formulas lose them, or become them."""
    book = openpyxl.load_workbook(io.BytesIO(raw), data_only=values_only)
    edit(book)
    return saved(book)


def saved(book: Book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(raw: bytes, edit: Callable[[dict[str, bytes]], object]) -> bytes:
    """The workbook with its parts changed as bytes."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def cell_xml(raw: bytes, sheet: int, address: str, xml: str, kind: str = "n") -> bytes:
    """The workbook with other content in a cell: a formula with any result, as no library would write it."""

    def edit(parts: dict[str, bytes]) -> None:
        name = f"xl/worksheets/sheet{sheet}.xml"
        pattern = rf'<c r="{address}"([^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)'
        text, number = re.subn(
            pattern, lambda _: f'<c r="{address}" t="{kind}">{xml}</c>', parts[name].decode(), count=1
        )
        assert number == 1
        parts[name] = text.encode()

    return repacked(raw, edit)


def read_file(path: Path) -> list[Reading]:
    return read_workbook(path.read_bytes(), path.name, FORMS)


STRUCK, RAISED = InlineFont(strike=True), InlineFont(vertAlign="superscript")
LOOKS: list[tuple[object, dict[str, object], str, str]] = [
    (45, {}, "45", ""),
    (1045, {"number_format": "#,##0"}, "1045", ""),
    (45, {"number_format": "#,##0.00"}, "45", ""),
    (0, {"number_format": "0;-0;;@"}, "0", ""),
    (0, {"number_format": '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '}, "0", ""),
    (0, {"number_format": '0"件"'}, "0", ""),
    (45, {"number_format": '0"件"'}, "", "W28"),
    (45, {"number_format": '0"千"'}, "", "W28"),
    (45, {"number_format": '0"0"'}, "", "W28"),
    (45, {"number_format": '"-"0'}, "", "W28"),
    (45, {"number_format": "0%"}, "", "W28"),
    (45000, {"number_format": "0,"}, "", "W28"),
    (45000, {"number_format": '0!.0,"万"'}, "", "W28"),
    (45, {"number_format": ";;;"}, "", "W28"),
    ("45", {"number_format": '@"千"'}, "", "W28"),
    (45, {"number_format": "[$¥-804]#,##0"}, "", "W28"),
    (45, {"font": Font(strike=True)}, "", "W29"),
    (CellRichText(TextBlock(STRUCK, "54"), "45"), {}, "", "W29"),
    (CellRichText("45", TextBlock(RAISED, "1")), {}, "", "W30"),
    (45, {"font": Font(color="FFFFFFFF")}, "", "W28"),
    (45, {"font": Font(color="FFFFFFFF"), "fill": PatternFill("solid", fgColor="FF000000")}, "45", ""),
]
"""What stands in a cell and how it looks, and what is read of it: a figure, or the code of the issue."""


def looking() -> bytes:
    """A county's list of one column, in which each cell looks otherwise."""
    book = Book()
    sheet = book.active
    assert sheet is not None
    sheet.title = "列表"
    sheet.append(["单位名称", "表二/行政处罚"])
    for row, (value, look, _, _) in enumerate(LOOKS, 2):
        sheet.cell(row, 1, f"{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'[row - 2]}镇")
        cell = sheet.cell(row, 2, value)
        for name, setting in look.items():
            setattr(cell, name, setting)
    return saved(book)
