"""Workbooks for tests: made by our writers, then changed as people change them."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook as Book

from conftest import SANGZHOU, SUQIAN
from reportkit.errors import CellRef, Issue, ReaderError
from reportkit.filing import Filing, with_totals
from reportkit.forms import shipped_forms
from reportkit.readers import read_params
from reportkit.readers.reading import Hints, Reading
from reportkit.readers.workbook import read_workbook
from reportkit.writers.form import form_bytes
from reportkit.writers.prefill import entries_of

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
