"""The tables in the sheets of a workbook: in their frames, or what stands between blank rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportkit.drafting.sheet_areas import MAX_ROWS, SheetAreas, positions
from reportkit.drafting.source_grid import (
    BrokenGrid,
    Role,
    SourceCell,
    SourceGrid,
    TableError,
    as_label,
    is_figure,
    on_one_line,
    tiled,
)
from reportkit.spreadsheets.entry_cells import EntrySheet, entry_sheets
from reportkit.spreadsheets.formulas import exact
from reportkit.spreadsheets.sheets import Area, Position, Sheet, Workbook, address, position
from reportkit.spreadsheets.workbook import open_workbook
from reportkit.spreadsheets.xlsx import CELL
from reportkit.translation import _

MAX_TABLES = 200
"""Of one sheet; a form has five."""


def workbook_tables(raw: bytes, path: str) -> list[SourceGrid | BrokenGrid]:
    """Return the tables in the sheets that people see, in their order, with the text around each.

    In a workbook that `reportkit form` made, only those of its form are tables; one whose merged cells overlap is
    broken. Raises UnreadableError for a file that is not sound.
    """
    book = open_workbook(raw, path)
    said = entry_sheets(raw, path)
    return [
        table
        for sheet in _with_tables(book)
        for table in _Tables(sheet, said.get(sheet.name, EntrySheet()), path, _last_row(book, sheet)).found()
    ]


def _with_tables(book: Workbook) -> Iterable[Sheet]:
    """The sheets that may hold tables: of our own workbook those in which it has put cells of its form."""
    named = {place.rpartition("!")[0] for place in book.own.values() if "!" in place}
    return [sheet for sheet in book.sheets if not named or sheet.name in named]


def _last_row(book: Workbook, sheet: Sheet) -> int:
    """The last row of the table in a sheet of our own workbook, below which it checks the sums; of others that used."""
    places = (place.rpartition("!") for place in book.own.values())
    cells = (CELL.fullmatch(cell) for name, _mark, cell in places if name == sheet.name)
    return max((position(cell[1], cell[2])[0] for cell in cells if cell), default=MAX_ROWS)


class _Tables:
    """Finds the tables of a sheet, down to the `last` row."""

    def __init__(self, sheet: Sheet, said: EntrySheet, path: str, last: int) -> None:
        self._sheet, self._said, self._path = sheet, said, path
        self._origin = f"{path}#{sheet.name}"
        self._locked = said.protected and bool(said.unlocked)
        self._merged = {(area.top, area.left): area for area in sheet.facts.merged}
        self._texts = dict(self._written())
        formulas = (at for at in sheet.facts.formulas if is_figure(self._texts.get(at, "")))
        self._fields = {at for at in (*said.asked, *formulas) if at in said.framed or not said.framed}
        self._fields |= said.unlocked if said.protected else set()
        self._areas = SheetAreas(self._texts, self._fields, self._merged, said.framed, last).areas()

    def found(self) -> Iterator[SourceGrid | BrokenGrid]:
        """Yield the tables, from the top."""
        if len(self._areas) > MAX_TABLES:
            words = _("{origin}: the sheet has more than {most} tables, and no form has; keep those of the form")
            error = TableError(words.format(origin=self._origin, most=MAX_TABLES))
            yield BrokenGrid(self._path, self._origin, self._sheet.name, error)
            return
        for area in self._areas:
            try:
                yield self._table(area)
            except TableError as error:
                yield BrokenGrid(self._path, self._origin, self._sheet.name, error)

    def _written(self) -> Iterator[tuple[Position, str]]:
        for row, values in enumerate(self._sheet.rows):
            for column, value in enumerate(values):
                if value != "" and (text := self._text((row, column))):
                    yield (row, column), text

    def _text(self, at: Position) -> str:
        """What a person sees in a cell, on one line."""
        value = self._sheet.value(*at)
        shown = self._sheet.facts.padded.get(at)
        if shown is None and isinstance(value, int | float) and not isinstance(value, bool):
            shown = self._sheet.facts.shown.get(at) or f"{exact(value):f}"
        return as_label(str(value) if shown is None else shown)

    def _table(self, area: Area) -> SourceGrid:
        cells = tiled(self._cells(area), self._origin, _place)
        before = max((other.bottom for other in self._areas if other.bottom < area.top), default=-1)
        after = min((other.top for other in self._areas if other.top > area.bottom), default=len(self._sheet.rows))
        return SourceGrid(
            self._path,
            self._origin,
            cells,
            _place,
            fixed=self._locked,
            above=self._lines(range(before + 1, area.top)),
            below=self._lines(range(area.bottom + 1, after)),
            sheet=self._sheet.name,
        )

    def _lines(self, rows: Iterable[int]) -> list[str]:
        texts = ((row, column) for row in rows for column in range(self._sheet.width))
        formulas = self._sheet.facts.formulas
        there = (str(self._sheet.value(*at)) for at in texts if at in self._texts and at not in formulas)
        return [*map(on_one_line, there)]

    def _cells(self, area: Area) -> Iterator[SourceCell]:
        """The cells of an area; what is merged is one, and what a merge reaches outside of it is left out."""
        inside = [merged for merged in self._merged.values() if area.holds((merged.top, merged.left))]
        covered = {at for merged in inside for at in positions(merged, area)}
        for merged in inside:
            yield self._cell(
                merged._replace(bottom=min(merged.bottom, area.bottom), right=min(merged.right, area.right))
            )
        for at in positions(area, area):
            if at not in covered:
                yield self._cell(Area(*at, *at))

    def _cell(self, area: Area) -> SourceCell:
        at = area.top, area.left
        facts, said = self._sheet.facts, self._said
        value, text = self._sheet.value(*at), self._texts.get(at, "")
        return SourceCell(
            *at,
            area.bottom - area.top + 1,
            area.right - area.left + 1,
            text,
            self._role(at),
            value,
            facts.formulas.get(at, ""),
            said.formats.get(at, ""),
            said.asked.get(at),
            len(value) - len(value.lstrip()) if isinstance(value, str) else 0,
        )

    def _role(self, at: Position) -> Role:
        if at in self._fields:
            return Role.FIELD
        return Role.LABEL if self._locked else Role.OPEN


def _place(at: Position) -> str:
    return address(*at)
