"""S3: sentences and cells with a date in them that are last year's, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from reportkit.checks.findings import Finding, Rule
from reportkit.checks.texts import paragraphs, passages_with, quoted, sentences
from reportkit.errors import Issue, UserError
from reportkit.messages.words import issue
from reportkit.model.filing import Filing
from reportkit.notebook.cell_matching import PARAMETERS
from reportkit.notebook.cells import Cell, has_tag
from reportkit.notebook.own_words import is_own
from reportkit.notebook.towns import Copy, cell_place, own_copy
from reportkit.project import Project
from reportkit.project.siblings import Folders

_SHOWN = 3

_TITLES = re.compile(
    r"《[^》]{0,80}》|〔[^〕]{0,20}〕|（(?:19|20)\d\d年[^）]{0,20}(?:修订|修正|通过|施行)[^）]{0,20}）"
)
"""What a document is called, and its number: their years stay."""

_DEADLINES = re.compile(r"(?<![\d年])(?:1月1日|12月31日|1月31日|3月31日)|\d{1,2}月?[-—–~～至]12月")
"""Days that are the same in every report."""

_DATE = re.compile(r"(?<!\d)(?:(?P<year>20\d\d)年|(?:1[0-2]|[1-9])月(?:[1-3]?\d日)?)")


def kept_dates(filing: Filing, last: Filing) -> Iterator[Finding]:
    """S3: no sentence with a year or a month in it is just as it stood in last year's report."""
    known = {words for text in last.narrative.values() for each in paragraphs(text) for words in sentences(each)}
    found: dict[str, list[str]] = {}
    for passage in passages_with(filing, "年", "月"):
        for words in sentences(passage.text):
            if words in known and (date := _date_in(words, last.year)):
                found.setdefault(passage.section, []).append(_around(words, date))
    for section, places in found.items():
        shown = places[:_SHOWN]
        if len(places) > _SHOWN:
            yield Finding("S3.more", section, last_year=last.year, quotations=shown, count=len(places))
        else:
            yield Finding("S3.text", section, last_year=last.year, quotations=shown)


RULES = (Rule("S3", kept_dates, "last"),)


def _date_in(words: str, year: int) -> str:
    """The first date in a sentence that may belong to the report of a year, "" if there is none."""
    plain = _DEADLINES.sub("", _TITLES.sub("", words))
    dates = (match for match in _DATE.finditer(plain) if not match["year"] or abs(int(match["year"]) - year) <= 1)
    return next((match[0] for match in dates), "")


def _around(words: str, date: str) -> str:
    start = words.index(date)
    return quoted(words, start, min(start + len(date) + 12, len(words)))


def kept_in_cells(project: Project, folders: Folders, name: PurePath) -> Iterator[Issue]:
    """Yield an issue for each cell of a town's own copy with lines of last year's copy that have a date in them.

    `name` is the report's. Of words of the town's own, which the rules look at as the report's text, nothing is told.
    """
    last_name = _name_of_last(folders, name)
    last = last_name and _copy(project, last_name)
    copy = last and _copy(project, name)  # read only where there is something to compare it with
    if not copy or not last or not last_name:
        return
    before, path, year = {cell.id: cell for cell in last.cells}, project.shown(copy.path), int(last_name.parts[0])
    for cell in _own(copy.cells, copy.base or []):
        if lines := _kept_lines(cell, before.get(cell.id), year):
            at = (cell_place(path, cell.id), None, lines[0])
            yield issue("S3.cell", *at, cell=cell.id, last_year=year, quotations=lines[:_SHOWN])


def _copy(project: Project, name: PurePath) -> Copy | None:
    """A report's own copy; None if there is none, or one that cannot be read, which is told elsewhere."""
    try:
        return own_copy(project, name.as_posix())
    except UserError:
        return None


def _name_of_last(folders: Folders, name: PurePath) -> PurePath | None:
    last = folders.last_year(name)
    return folders.name(last) if last else None


def _own(cells: Iterable[Cell], made: Iterable[Cell]) -> Iterator[Cell]:
    """The cells that a town has otherwise than the master, less those of its own words and the parameters."""
    master = {cell.id: cell.source for cell in made}
    return (
        cell
        for cell in cells
        if cell.source != master.get(cell.id) and not has_tag(cell, PARAMETERS) and not is_own(cell.source)
    )


def _kept_lines(cell: Cell, before: Cell | None, year: int) -> Sequence[str]:
    known = set(before.source.splitlines()) if before else set()
    lines = [line.strip() for line in cell.source.splitlines() if line in known]
    return [f"“{_short(line)}”" for line in lines if str(year) in line or _date_in(line, year)]


def _short(line: str) -> str:
    return line if len(line) <= 40 else f"{line[:20]}…{line[-20:]}"
