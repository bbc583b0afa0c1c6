"""Official tables in sheets -> one reading for each jurisdiction: our own form, or a copy of the printed one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportkit.errors import CellRef, Origin, ReaderError
from reportkit.imports.reader_issues import issues_of
from reportkit.imports.workbook.addresses import Located, locate
from reportkit.imports.workbook.facts import on_the_cover, read_facts
from reportkit.imports.workbook.prose import Cover, name_of_sheet, read_cover, read_prose, year_of
from reportkit.imports.workbook.sheet_texts import Words, words_in
from reportkit.imports.workbook.values import Ledger, Spot
from reportkit.kinds import of_year
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.cell import Cell
from reportkit.model.form import Form, Table
from reportkit.model.reading import Hints, Reading
from reportkit.model.spelling import normal
from reportkit.spreadsheets.calculator import Calculator
from reportkit.spreadsheets.sheets import Position, Sheet, Workbook, address, position

Tables = dict[str, list[Located]]
"""By sheet, the tables that were found in it."""


def read_forms(book: Workbook, forms: Mapping[str, Form], hints: Hints) -> list[Reading]:
    """Return a reading for each jurisdiction whose official tables stand in the workbook.

    Raises ReaderError if no table is found, if it is not clear which edition it is, or whose each sheet is.
    """
    words = {sheet.name: words_in(sheet) for sheet in book.sheets}
    form, tables = _edition(book, words, forms, hints)
    calculator = Calculator(book)
    groups = _groups(book, tables)
    readings = [_reading(book, sheets, tables, form, hints, calculator, len(groups) > 1) for sheets in groups]
    return [replace(readings[0], notes=(*issues_of(book.notes), *readings[0].notes)), *readings[1:]]


def _edition(
    book: Workbook, words: Mapping[str, Words], forms: Mapping[str, Form], hints: Hints
) -> tuple[Form, Tables]:
    """The form whose labels the sheets have, and the tables found: as asked for, as our own sheet says, or the best."""
    named = hints.edition or book.own.get("edition", "")
    candidates = [forms[named]] if named in forms else list(forms.values())
    found = {form.edition: _tables(book, words, form) for form in candidates}
    scores = {edition: sum(len(one.cells) for tables in found[edition].values() for one in tables) for edition in found}
    best = [edition for edition, score in scores.items() if score == max(scores.values())]
    if named in forms and not forms[named].tables:
        return forms[named], found[named]  # which has words alone
    if not scores or max(scores.values()) == 0:
        editions = phrase("of_edition", edition=named) if named else joined(forms)
        raise ReaderError([*issues_of(book.notes), issue("W5.tables", book.origin, editions=editions)])
    if len(best) > 1:
        equal = [forms[edition] for edition in best]
        year = hints.year or year_of(book.own.get("year", "")) or read_cover(book.sheets, equal[0], book.path)[0].year
        by_year = of_year(equal, year) if year else None
        if by_year is None:
            raise ReaderError([*issues_of(book.notes), issue("W6", book.origin, editions=best)])
        best = [by_year.edition]
    return forms[best[0]], found[best[0]]


def _tables(book: Workbook, words: Mapping[str, Words], form: Form) -> Tables:
    words = {
        name: found.without(cells) if (cells := _for_words(form, book, name)) else found
        for name, found in words.items()
    }
    found = {
        sheet.name: [
            located
            for table in form.tables.values()
            if (located := locate(sheet, words[sheet.name], form, table)) is not None
        ]
        for sheet in book.sheets
    }
    if _one_of_each(list(book.sheets), found):
        return found
    # Two tables of a form can have the same labels: in our own workbook it is known in which sheet each was put. Any
    # other sheet may be a copy with other figures, of which nothing is left out.
    put = {table.key: _sheet_of(table, book) for table in form.tables.values()}
    return {
        name: [one for one in tables if put[one.table.key] in (name, "") or name not in put.values()]
        for name, tables in found.items()
    }


def _for_words(form: Form, book: Workbook, sheet: str) -> set[Position]:
    """The cells of a sheet into which a town writes words, as far as it is known where we have put them.

    What stands there is no label, whatever it says.
    """
    refs = (ref for ref, cell in form.cells.items() if not cell.is_number) if book.own and not form.only_figures else ()
    places = (book.own[str(ref)].rpartition("!") for ref in refs if str(ref) in book.own)
    return {position(*_parted(at)) for name, _, at in places if name == sheet}


def _parted(place: str) -> tuple[str, str]:
    letters = place.rstrip("0123456789")
    return letters, place[len(letters) :]


def _sheet_of(table: Table, book: Workbook) -> str:
    """The name of the sheet into which we have put a table, "" for a workbook of others'."""
    place = next((book.own[str(ref)] for ref in table.cells if str(ref) in book.own), "")
    return place.rpartition("!")[0]


def _groups(book: Workbook, tables: Tables) -> list[list[Sheet]]:
    """The sheets of each jurisdiction: all of them, or those whose names differ only in which table they hold."""
    groups = [list(book.sheets)]
    if _one_of_each(groups[0], tables):
        return groups
    by_name: dict[str, list[Sheet]] = {}
    for sheet in book.sheets:
        by_name.setdefault(_common(sheet.name), []).append(sheet)
    groups = [sheets for sheets in by_name.values() if any(tables[sheet.name] for sheet in sheets)]
    for sheets in groups:
        if not _one_of_each(sheets, tables):
            names = [f"“{sheet.name}”" for sheet in sheets if tables[sheet.name]]
            raise ReaderError([*issues_of(book.notes), issue("W25", book.origin, sheets=names)])
    return groups


def _one_of_each(sheets: list[Sheet], tables: Tables) -> bool:
    keys = [located.table.key for sheet in sheets for located in tables[sheet.name]]
    return len(keys) == len(set(keys))


def _common(name: str) -> str:
    """What the names of the sheets of one jurisdiction share: 甲镇表二 -> 甲镇, 表三 (2) -> (2)."""
    return re.sub(r"[-_]?(表[一二三四\d](?!\d)|填报单位|正文)[-_]?", "", normal(name))


def _reading(
    book: Workbook,
    sheets: list[Sheet],
    tables: Tables,
    form: Form,
    hints: Hints,
    calculator: Calculator,
    several: bool,
) -> Reading:
    cover, notes = read_cover(sheets, form, book.path)
    cover = _named(cover, sheets, tables, book, hints, several)
    ledger = Ledger(form, book, calculator)
    found = [located for sheet in sheets for located in tables[sheet.name]]
    ledger.read([spot for located in found for spot in _spots(located, ledger, book)])
    for located in found:
        _tell_hidden(located, ledger)
    _tell_absent(found, ledger)
    narrative, origins, more = read_prose(sheets, form, book.path)
    facts = read_facts(on_the_cover(sheets, form, book), book.path)
    return Reading(
        form=form,
        jurisdiction=cover.jurisdiction,
        year=cover.year,
        agency=cover.agency,
        values=ledger.values,
        narrative=narrative,
        origin=Origin(book.path, sheets[0].name) if several else book.origin,
        origins={**ledger.origins, **origins, **facts.origins},
        notes=(*notes, *ledger.issues, *more, *facts.issues),
        unread=frozenset(ledger.unread),
        facts=facts.values,
        unread_facts=facts.unread,
    )


def _named(cover: Cover, sheets: list[Sheet], tables: Tables, book: Workbook, hints: Hints, several: bool) -> Cover:
    """Whose the tables are: as the person says, as the sheets say, or as a sheet is named."""
    sheet_names = (name_of_sheet(sheet.name) for sheet in sheets if tables[sheet.name])
    year = cover.year or year_of(book.own.get("year", ""))
    said = "" if several else hints.jurisdiction
    name = said or cover.jurisdiction or next(filter(None, sheet_names), "")
    return Cover(name, hints.year or year, cover.agency)


def _spots(located: Located, ledger: Ledger, book: Workbook) -> Iterator[tuple[CellRef, Cell, Spot]]:
    """The cells that can be read; what stands in the way of the others is told."""
    ledger.origins[located.table.key] = Origin(book.path, located.sheet.name)
    _tell_labels(located, ledger, book)
    skipped = _tell_merged(located, ledger) | _tell_stray(located, ledger)
    for ref, at in located.cells.items():
        if ref not in skipped:
            yield ref, located.table.cells[ref], Spot(located.sheet, at, located.units.get(ref, ""))


def _tell_absent(found: list[Located], ledger: Ledger) -> None:
    """The tables that are not there. In our own form they were."""
    own = "edition" in ledger.book.own
    there = {located.table.key for located in found}
    for table in (table for key, table in ledger.form.tables.items() if key not in there):
        name = "W7.table_of_form" if own else "W7.table"
        ledger.issues.append(issue(name, ledger.book.origin, table=table.caption))
        ledger.unread.update(table.cells if own else ())


def _tell_labels(located: Located, ledger: Ledger, book: Workbook) -> None:
    """The rows and columns that were not found, or found twice: their cells stay blank."""
    caption, where = located.table.caption, Origin(book.path, located.sheet.name)
    if located.missing:
        first = next((book.own[str(ref)] for ref in located.lost if str(ref) in book.own), "")
        names = [f"“{name}”" for name in located.missing]
        if first:
            ledger.issues.append(issue("W7.labels_of_form", where, table=caption, names=names, first=first))
        else:
            ledger.issues.append(issue("W7.labels", where, table=caption, names=names))
    if located.more:
        told = {"table": caption, "most": located.table.open.most if located.table.open else 0}
        place = Origin(book.path, located.sheet.place(*located.more))
        ledger.issues.append(issue("W7.more", place, **told))
    for name, places in located.doubled.items():
        shown = [address(*at) for at in places]
        ledger.issues.append(issue("W8", where, table=caption, name=name, count=len(places), places=shown))
    ledger.unread.update(located.lost)


def _tell_merged(located: Located, ledger: Ledger) -> set[CellRef]:
    told: set[CellRef] = set()
    for area, refs in located.merged:
        if located.sheet.value(area.top, area.left) != "":
            spot = Spot(located.sheet, (area.top, area.left))
            ledger.issue("W16.area", ledger.origin(spot), refs[0], count=len(refs))
            told.update(refs)
    ledger.unread |= told
    return told


def _tell_stray(located: Located, ledger: Ledger) -> set[CellRef]:
    told: set[CellRef] = set()
    for at, refs in located.stray:
        ledger.issue("W17", ledger.origin(Spot(located.sheet, at)), value=located.sheet.value(*at))
        told.update(refs)
    ledger.unread |= told
    return told


def _tell_hidden(located: Located, ledger: Ledger) -> None:
    facts = located.sheet.facts
    hidden = [
        at for ref, at in located.cells.items()
        if ref in ledger.values and (at[0] in facts.hidden_rows or at[1] in facts.hidden_columns)
    ]  # fmt: skip
    if hidden:
        where = ledger.origin(Spot(located.sheet, hidden[0]))
        ledger.issues.append(issue("W18.cells", where, count=len(hidden)))
