"""What a table is called where it stands, and in what unit: the lines above it, the name of its sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reportkit.drafting.cell_types import is_unit_note
from reportkit.drafting.draft_table import DraftTable

_NUMBERS = "一二三四五六七八九十"
_HEADING = re.compile(rf"[{_NUMBERS}]{{1,3}}、")
_TABLE = re.compile(
    rf"(?:附?表|Table)\s?([{_NUMBERS}]{{1,3}}|\d{{1,2}})(?:[-—]\d+)?(?:[\s:：、.]+|(?![{_NUMBERS}\d]))", re.IGNORECASE
)
_NOTE, _SOURCE = re.compile(r"(?:注|备注|说明|Notes?)\W"), re.compile(r"(?:资料|数据)来源|Sources?\W")
_NUMBERED = re.compile(r"\d[.、．)）]")
_ENDS = "。；：，,;:."
_LONGEST = 40
_NAMELESS = re.compile(r"(?:Sheet|工作表|Table)\s?\d*", re.IGNORECASE)


def name_tables(tables: Iterable[DraftTable]) -> None:
    """Give each table the heading of its section, with its number, and the notes that stand above and below it."""
    for number, table in enumerate(tables, 1):
        lines = [line for line in table.above if line]
        table.note = next((line for line in reversed(lines) if is_unit_note(line)), "")
        table.footnotes, table.source = _lines_below(table.below)
        table.heading = _heading(table, lines, number)


def _lines_below(lines: Iterable[str]) -> tuple[list[str], str]:
    """The notes that stand right below a table, and where its figures are said to be from."""
    found: list[str] = []
    for line in lines:
        if _SOURCE.match(line):
            return found, line
        if not _NOTE.match(line) and not (found and _NUMBERED.match(line)):
            break
        found.append(line)
    return found, ""


def without_number(heading: str) -> str:
    """Return a heading without its number: 一、总体情况 -> 总体情况."""
    return _HEADING.sub("", heading, count=1)


def is_heading(line: str) -> bool:
    """Return whether a line is the numbered heading of a section."""
    return _HEADING.match(line) is not None and _is_short(line)


def _is_short(line: str) -> bool:
    return 1 < len(line) <= _LONGEST and line[-1] not in _ENDS


def _heading(table: DraftTable, lines: Sequence[str], number: int) -> str:
    """The numbered heading above a table; else the last line that may be one, or what its sheet is called."""
    if heading := next((line for line in reversed(lines) if is_heading(line)), ""):
        return heading
    name = next((line for line in reversed(lines) if _is_short(line) and not is_unit_note(line)), "")
    if not name and not _NAMELESS.fullmatch(table.grid.sheet):
        name = table.grid.sheet
    found = _TABLE.match(name)
    numeral = found[1] if found and not found[1].isdecimal() else chinese(number)
    name = name[found.end() :] or name if found else name
    if not name:
        words = any(is_chinese(cell.text) for cell in table.grid.all_cells())
        return f"{chinese(number)}、表{chinese(number)}" if words else f"Table {number}"
    return f"{numeral}、{name}" if is_chinese(name) else name


def is_chinese(text: str) -> bool:
    """Return whether there is Chinese in a text."""
    return re.search("[一-鿿]", text) is not None


def chinese(number: int) -> str:
    """Return a number up to 99 as headings write it: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    digits = f" {_NUMBERS}"
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
