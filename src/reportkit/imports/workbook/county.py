"""A county's list, a row for each jurisdiction -> one reading each.

The header may take several rows, merged or not. A column is known by the labels over it, from the table down, of which
any may be left out as long as one cell alone is meant: 表三 / 四、结转下年度继续办理 / 自然人, or in one cell
with slashes, or the keys energy.heat.day. The column of the names is called 单位名称, 填报单位, 单位, 乡镇,
街道 or 行政区. Further columns: 年度, 发布机关, the headings of the narrative sections, and the labels of the
form's facts. A county may have a sheet for each table; a sheet that is called 表三 needs no 表三 in its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from reportkit.errors import CellRef, Issue, Origin, ReaderError
from reportkit.imports.escaping import markdown_text
from reportkit.imports.reader_issues import issues_of
from reportkit.imports.workbook.facts import Place, read_facts
from reportkit.imports.workbook.headers import KEYS, Columns, Key, Names, first_line, key_of, read_header
from reportkit.imports.workbook.prose import MAX_NAME, plain_text, struck_out, year_of
from reportkit.imports.workbook.values import Ledger, Spot
from reportkit.kinds import of_year
from reportkit.messages.words import issue, phrase
from reportkit.model.cell import Cell
from reportkit.model.filing import fact_at
from reportkit.model.form import Form
from reportkit.model.reading import Hints, Reading
from reportkit.model.spelling import normal
from reportkit.spreadsheets.calculator import Calculator
from reportkit.spreadsheets.sheets import Sheet, Workbook, address

_SUMS = re.compile(r"(全[县市区乡镇]|各[单位乡镇街道]+)?(合计|总计|小计|汇总|平均)|全[县市区]|共计|总数")
"""Names of rows that are no jurisdiction's."""


class List(NamedTuple):
    """A sheet that is a list, with what its columns are."""

    sheet: Sheet
    key: Key
    columns: Columns


class Line(NamedTuple):
    """A row of a list."""

    list: List
    row: int


def county_lists(book: Workbook, forms: Mapping[str, Form], hints: Hints) -> tuple[Form, list[List]] | None:
    """Return the lists in a workbook and the form whose cells they have, None if there is no list.

    Raises ReaderError if it is not clear which edition it is.
    """
    keys = [(sheet, key) for sheet in book.sheets if (key := key_of(sheet))]
    if not keys:
        return None
    named = hints.edition or book.own.get("edition", "")
    candidates = [forms[named]] if named in forms else list(forms.values())
    found = {form.edition: _lists(keys, Names(form)) for form in candidates}
    scores = {edition: sum(len(one.columns.cells) for one in lists) for edition, lists in found.items()}
    best = [edition for edition, score in scores.items() if score and score == max(scores.values())]
    if not best:
        return None
    if len(best) > 1:
        by_year = of_year([forms[edition] for edition in best], hints.year or _year(book, keys) or 0)
        if by_year is None:
            raise ReaderError([*issues_of(book.notes), issue("W6", book.origin, editions=best)])
        best = [by_year.edition]
    return forms[best[0]], found[best[0]]


def _lists(keys: list[tuple[Sheet, Key]], names: Names) -> list[List]:
    lists = (List(sheet, key, read_header(sheet, key, names)) for sheet, key in keys)
    return [one for one in lists if one.columns.cells]


def _year(book: Workbook, keys: Iterable[tuple[Sheet, Key]]) -> int | None:
    """The year that a title over the lists names, or our own sheet."""
    years = {
        int(year)
        for sheet, key in keys
        for row in range(key.row + 1)
        for column in range(min(sheet.width, 30))
        for year in re.findall(r"(?<!\d)(20\d\d)年(?!版)", normal(sheet.text(row, column)))
    }
    return years.pop() if len(years) == 1 else year_of(book.own.get("year", ""))


def read_county(book: Workbook, form: Form, lists: list[List], hints: Hints) -> list[Reading]:
    """Return a reading for each jurisdiction in the lists. Raises ReaderError if there is none."""
    notes = [
        *issues_of(book.notes),
        *(told for one in lists for told in _told_columns(one, form, book)),
        *_shared(lists, book),
    ]
    year = hints.year or _year(book, [(one.sheet, one.key) for one in lists])
    by_name: dict[str, list[Line]] = {}
    for one in lists:
        notes += _gather(one, by_name, book)
    calculator, merged = Calculator(book), {one.sheet.name: _merged(one) for one in lists}
    readings = [_reading(name, lines, form, year, book, calculator, merged) for name, lines in by_name.items()]
    if not readings:
        raise ReaderError([*notes, issue("W5.rows", book.origin)])
    return [replace(readings[0], notes=(*notes, *readings[0].notes)), *readings[1:]]


def _told_columns(one: List, form: Form, book: Workbook) -> Iterator[Issue]:
    sheet, columns, row = one.sheet, one.columns, one.key.row

    def at(column: int) -> Origin:
        return Origin(book.path, sheet.place(row, column))

    for column, (shown, refs) in columns.unclear.items():
        first, second = (_full(form, ref) for ref in refs[:2])
        yield issue("W20.unclear", at(column), heading=shown, first=first, second=second)
    for ref, doubled in columns.doubled.items():
        yield issue("W20.doubled", at(doubled[0]), columns=_letters(doubled), cell=_full(form, ref))
    hidden = [column for column in columns.cells if column in sheet.facts.hidden_columns]
    if hidden:
        yield issue("W18.columns", at(hidden[0]), columns=_letters(hidden))
    if columns.unknown:
        names = [
            phrase("unknown_column", name=shown, letter=letter)
            for letter, shown in zip(_letters(columns.unknown), columns.unknown.values(), strict=True)
        ]
        example = _full(form, next(iter(one.columns.cells.values()))[0])
        yield issue("W21", at(next(iter(columns.unknown))), columns=names, example=example)


def _letters(columns: Iterable[int]) -> list[str]:
    return [address(0, column)[:-1] for column in columns]


def _full(form: Form, ref: CellRef) -> str:
    """A cell by all its labels, as a header can have them."""
    section = next(section for section in form.sections if section.table and section.table.key == ref.table)
    row, column = form.tables[ref.table].labels[ref]
    return "/".join(filter(None, (f"表{section.heading[0]}", row, column))).replace(" / ", "/")


def _shared(lists: list[List], book: Workbook) -> Iterator[Issue]:
    """A cell that has a column in several sheets is read from none."""
    seen: dict[CellRef, list[tuple[List, int]]] = {}
    for one in lists:
        for column, (ref, _) in one.columns.cells.items():
            seen.setdefault(ref, []).append((one, column))
    for ref, places in seen.items():
        if len(places) > 1:
            where = [one.sheet.place(one.key.row, column) for one, column in places]
            for one, column in places:
                del one.columns.cells[column]
            yield issue("W20.sheets", Origin(book.path, places[0][0].sheet.name), ref, cell=str(ref), places=where)


def _gather(one: List, by_name: dict[str, list[Line]], book: Workbook) -> Iterator[Issue]:
    """Add the rows of a list to those of each name; tell of the rows that are nobody's."""
    sheet, key = one.sheet, one.key
    for row in range(first_line(sheet, key), len(sheet.rows)):
        name = plain_text(sheet.value(row, key.column))
        where = Origin(book.path, sheet.place(row, key.column))
        if not name:
            if any(sheet.value(row, column) != "" for column in one.columns.cells):
                yield issue("W22", where)
        elif _SUMS.fullmatch(normal(name)):
            yield issue("W24", where, name=name)
        elif normal(name) not in KEYS:
            by_name.setdefault(name, []).append(Line(one, row))


def _reading(
    name: str,
    lines: list[Line],
    form: Form,
    year: int | None,
    book: Workbook,
    calculator: Calculator,
    merged: Mapping[str, set[tuple[int, int]]],
) -> Reading:
    (first, row), *_ = lines
    ledger = Ledger(form, book, calculator)
    doubled = len({line.list.sheet.name for line in lines}) < len(lines)
    own = Origin(book.path, first.sheet.place(row, first.key.column))
    if doubled:
        _tell_doubled(name, lines, ledger, own)
    elif len(name) > MAX_NAME or not name.isprintable():
        ledger.issue("W27.unit", own, None, name[:20], most=MAX_NAME)
    words = {} if doubled else dict(_words(lines, book.path))
    if not doubled:
        ledger.read(_spots(lines, form, ledger, merged))
        _tell_hidden(lines, ledger)
        for one, row in lines:
            for column in one.columns.words:
                ledger.issues += struck_out(one.sheet, row, book.path, column)
    facts = read_facts(() if doubled else _facts(lines, form), book.path)
    stated = year_of(words.get("year", ("", own))[0])
    sections = {key.partition(".")[2]: said for key, said in words.items() if key.startswith("narrative.")}
    return Reading(
        form=form,
        jurisdiction=" ".join(name.split())[:MAX_NAME],
        year=stated or year,
        agency=words.get("agency", ("", own))[0],
        values=ledger.values,
        narrative={key: markdown_text(text) for key, (text, _) in sections.items()},
        origin=own,
        origins={**ledger.origins, **{key: where for key, (_, where) in sections.items()}, **facts.origins},
        notes=(*ledger.issues, *facts.issues),
        unread=frozenset(ledger.unread),
        facts=facts.values,
        unread_facts=facts.unread,
    )


def _tell_doubled(name: str, lines: list[Line], ledger: Ledger, own: Origin) -> None:
    rows = [phrase("sheet_row", sheet=line.list.sheet.name, row=line.row + 1) for line in lines]
    ledger.issue("W23", own, unit=name, rows=rows)
    ledger.unread.update(ref for line in lines for ref, _ in line.list.columns.cells.values())


def _words(lines: list[Line], path: str) -> Iterator[tuple[str, tuple[str, Origin]]]:
    """Year, agency and narrative of a jurisdiction, each with its place."""
    for one, row in lines:
        for column, what in one.columns.words.items():
            text = plain_text(one.sheet.value(row, column))
            if text:
                yield what, (text, Origin(path, one.sheet.place(row, column)))


def _facts(lines: list[Line], form: Form) -> Iterator[Place]:
    """Where what the form asks for beside its tables stands."""
    by_place = {fact_at(fact.name): fact for fact in form.facts.values()}
    for one, row in lines if by_place else ():
        for column, what in one.columns.words.items():
            if what in by_place:
                yield Place(by_place[what], one.sheet, (row, column))


def _spots(
    lines: list[Line], form: Form, ledger: Ledger, merged: Mapping[str, set[tuple[int, int]]]
) -> Iterator[tuple[CellRef, Cell, Spot]]:
    for one, row in lines:
        shared = merged[one.sheet.name]
        for column, (ref, unit) in one.columns.cells.items():
            spot = Spot(one.sheet, (row, column), unit)
            if (row, column) in shared:
                ledger.issue("W16.cell", ledger.origin(spot), ref, cell=ledger.name(ref))
            else:
                yield ref, form.tables[ref.table].cells[ref], spot


def _tell_hidden(lines: list[Line], ledger: Ledger) -> None:
    """A row that people do not see is read, and told."""
    for one, row in lines:
        if row in one.sheet.facts.hidden_rows:
            where = Origin(ledger.book.path, one.sheet.place(row, one.key.column))
            ledger.issues.append(issue("W18.row", where))


def _merged(one: List) -> set[tuple[int, int]]:
    """The cells of the list that are merged with others."""
    first, last = first_line(one.sheet, one.key), len(one.sheet.rows) - 1
    return {
        (row, column)
        for area in one.sheet.facts.merged
        if area.bottom >= first
        for row in range(max(area.top, first), min(area.bottom, last) + 1)
        for column in one.columns.cells
        if area.left <= column <= area.right
    }
