"""The words of a workbook: whose it is and of which year, and the narrative sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin
from reportkit.form_workbook import sheet_words
from reportkit.imports.escaping import markdown_text
from reportkit.imports.title_patterns import Named, title_patterns
from reportkit.kinds.headings import Headings
from reportkit.messages.words import issue
from reportkit.model.form import Form
from reportkit.model.numbers import half_width
from reportkit.model.spelling import normal, numbered
from reportkit.spreadsheets.sheets import Sheet, Value

MAX_NAME = 60

WHO = ("填报单位", "单位名称", "行政区", "jurisdiction", normal(sheet_words.COVER), normal(sheet_words.UNIT))
"""What the place of a unit's name is called. Not 单位 alone, which is also the unit of a number."""

AGENCY = ("发布机关", "发布机构", "编制机关", "agency", normal(sheet_words.AGENCY))
YEAR = ("年度", "年份", "报告年度", "year", sheet_words.YEAR)
EDITION = ("格式版本", "edition", sheet_words.EDITION)

_NO_NAME = re.compile(r"年|表|汇总|统计|数据|报告|填报|公开|信息|附件|模板|正文|sheet|封面|说明|备注", re.IGNORECASE)


class Cover(NamedTuple):
    """What a workbook says of itself; "" and None where it does not."""

    jurisdiction: str = ""
    year: int | None = None
    agency: str = ""


def read_cover(sheets: Iterable[Sheet], form: Form, path: str) -> tuple[Cover, list[Issue]]:
    """Return what the labelled cells of the sheets say, else what a title says; and what cannot be read there."""
    in_workbook = title_patterns(form).in_workbook
    stated: dict[str, str] = {}
    notes: list[Issue] = []
    titles: list[Named] = []
    for sheet in sheets:
        for row, values in enumerate(sheet.rows):
            for column, value in enumerate(values):
                if isinstance(value, str) and value and len(value) <= 2 * MAX_NAME:
                    notes += _field(sheet, row, column, stated, path)
                    titles += filter(None, [in_workbook(value)])
    year = year_of(stated.get("year", ""))
    for title in titles:
        if title.name:
            stated.setdefault("who", title.name)
        year = year or title.year
    return Cover(stated.get("who", ""), year, stated.get("agency", "")), notes


def _field(sheet: Sheet, row: int, column: int, stated: dict[str, str], path: str) -> Iterator[Issue]:
    """Take what stands beside (or behind) the label of a field, the first time it is there."""
    label, _, behind = sheet.text(row, column).replace("：", ":").partition(":")
    keys = {"who": WHO, "agency": AGENCY, "year": YEAR}
    key = next((key for key, labels in keys.items() if normal(label) in labels), "")
    text = behind.strip() or _beside(sheet, row, column) if key else ""
    if not text or key in stated:
        return
    if key == "year" and year_of(text) is None:
        yield issue("W27.year", Origin(path, sheet.place(row, column)), None, text[:20], "2024")
    elif key != "year" and (len(text) > MAX_NAME or not text.isprintable()):
        at = Origin(path, sheet.place(row, column))
        yield issue("W27.name", at, None, text[:20], label=label, most=MAX_NAME)
    else:
        stated[key] = text


def _beside(sheet: Sheet, row: int, column: int) -> str:
    """The next thing in the row."""
    values = (sheet.value(row, right) for right in range(column + 1, sheet.width))
    return next(filter(None, map(plain_text, values)), "")


def plain_text(value: Value) -> str:
    """Return a value as text, a whole number without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def year_of(text: str) -> int | None:
    """Return the year that a text is, None if it is none."""
    match = re.fullmatch(r"(20\d\d)(?:年度?)?", half_width(text), re.ASCII)
    return int(match[1]) if match else None


def name_of_sheet(name: str) -> str:
    """Return the jurisdiction that a sheet is named after, "" if the name is no jurisdiction's."""
    bare = re.sub(r"\(\d+\)$", "", normal(name))
    bare = re.sub(r"^\d+[.、_-]?|[-_]?表[一二三四\d]$|^表[一二三四\d][-_]?", "", bare)
    return bare if re.fullmatch(r"[一-鿿]{2,30}", bare) and not _NO_NAME.search(bare) else ""


def read_prose(
    sheets: Iterable[Sheet], form: Form, path: str
) -> tuple[dict[str, str], dict[CellRef | str, Origin], list[Issue]]:
    """Return the narrative by section, where each begins, and what is wrong.

    A section is what stands below its heading, with its number, in a sheet that has at least three of these.
    """
    texts: dict[str, list[str]] = {}
    origins: dict[CellRef | str, Origin] = {}
    notes: list[Issue] = []
    headings = Headings(form)
    for sheet in sheets:
        lines = list(_lines(sheet))
        if sum(bool(_headed(text, headings, form)) for _, text in lines) < 3:
            continue
        key = ""
        for row, text in lines:
            place = Origin(path, sheet.place(row, 0))
            heading = _headed(text, headings, form)
            if heading and heading not in texts:
                key, texts[heading] = heading, []
            elif heading:
                notes.append(issue("W26", place, heading=text))
            elif key:
                origins.setdefault(key, place)
                texts[key].append(text)
                notes += struck_out(sheet, row, path)
    return {key: markdown_text("\n".join(lines)) for key, lines in texts.items() if lines}, origins, notes


def _headed(text: str, headings: Headings, form: Form) -> str:
    """The key of the section that a line heads; the caption of a table (表三 …) and words alone head none."""
    key = headings.section(text)
    is_heading = key and (numbered(text)[0] or normal(text) == normal(form.section_by_key[key].heading))
    return key if is_heading else ""


def struck_out(sheet: Sheet, row: int, path: str, column: int | None = None) -> Iterator[Issue]:
    """Yield an issue for each cell of a row, or for that of one column, in which words are struck out."""
    columns = range(sheet.width) if column is None else (column,)
    for at in columns if sheet.facts.struck else ():
        if (row, at) in sheet.facts.struck:
            yield issue("W29.words", Origin(path, sheet.place(row, at)))


def _lines(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """What is written in each row, from left to right."""
    for row, values in enumerate(sheet.rows):
        text = "\n".join(filter(None, map(plain_text, values)))
        if text:
            yield row, text
