"""What a form asks for beside its tables, in a cell of our workbooks."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from reportkit.form_workbook.styles import Styles
from reportkit.model.form import Fact

_TRUTH = {True: "是", False: "否"}


def write_fact(sheet: Worksheet, at: tuple[int, int], fact: Fact, value: Any, styles: Styles) -> None:
    """Write the value of a fact, a number as one if that says all of it; a blank if there is none."""
    style = styles.fact(fact)
    if value is None:
        sheet.write_blank(*at, None, style)
    elif fact.type == "bool":
        sheet.write_string(*at, _TRUTH[value], style)
    elif fact.type in ("int", "float") and abs(value) < 10**15:
        sheet.write_number(*at, value, style)
    else:
        sheet.write_string(*at, str(value), style)
