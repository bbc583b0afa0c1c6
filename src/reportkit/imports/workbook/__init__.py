"""Workbooks (.xlsx, .xls, .ods) -> readings: our own form, copies of the official tables, a county's list."""

from __future__ import annotations

from collections.abc import Mapping

from reportkit.imports.reader_issues import raising_issues
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading
from reportkit.spreadsheets.size_limits import LIMITS, SizeLimits

__all__ = ["read_workbook"]


def read_workbook(
    raw: bytes, path: str, forms: Mapping[str, Form], hints: Hints | None = None, limits: SizeLimits = LIMITS
) -> list[Reading]:
    """Return what a workbook says, one reading for each jurisdiction in it; `path` is how messages call the file.

    It may be our own form (`reportkit form`), sheets with copies of the official tables (all of one jurisdiction, or a
    sheet for each), or a county's list with a row for each jurisdiction. What `hints` say goes before what the file
    says. Notes that concern the whole file stand in the first reading.

    Raises ReaderError for a file that is not sound, or in which nothing is found.
    """
    # calamine and lxml take a tenth of a second to import
    from reportkit.imports.workbook.county import county_lists, read_county
    from reportkit.imports.workbook.official_tables import read_forms
    from reportkit.spreadsheets.workbook import open_workbook

    with raising_issues():
        book = open_workbook(raw, path, limits)
    hints = hints or Hints()
    county = county_lists(book, forms, hints)
    return read_county(book, *county, hints) if county else read_forms(book, forms, hints)
