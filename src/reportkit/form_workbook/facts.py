"""What a form asks for beside its tables, in a cell of our workbooks."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from reportkit.form_workbook.sheet_words import NO, YES
from reportkit.form_workbook.styles import Styles
from reportkit.kinds import Say
from reportkit.model.facts import Fact


def write_fact(sheet: Worksheet, at: tuple[int, int], fact: Fact, value: Any, styles: Styles, say: Say) -> None:
    """Write the value of a fact, a number as one if that says all of it; a blank if there is none."""
    style = styles.fact(fact)
    if value is None:
        sheet.write_blank(*at, None, style)
    elif fact.type == "bool":
        sheet.write_string(*at, say(YES if value else NO), style)
    elif fact.type in ("int", "float") and abs(value) < 10**15:
        sheet.write_number(*at, value, style)
    else:
        sheet.write_string(*at, str(value), style)
