"""Links between two years of one jurisdiction: a cell of this year against cells of the year before.

They are data, and a kind's rules have them. Keys are the same in every edition that has the cell, so a rule holds
across a change of edition too, and says nothing where one of the two forms lacks a cell.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from reportkit.checks.findings import Finding
from reportkit.errors import CellRef
from reportkit.messages.cell_words import cell_place, own_label, stated
from reportkit.messages.words import joined, phrase
from reportkit.model.filing import EXACT, Filing, unknown
from reportkit.model.form import Form


class Part(NamedTuple):
    """A term on the right side of a link: a cell of this year's line or of last year's, added or taken away."""

    when: Literal["now", "before"]
    key: str
    sign: int = 1


@dataclass(frozen=True)
class Link:
    """What ties a cell of this year to last year's: cell = (or <=, >=) the sum of the parts, for each line.

    A line is a column (`per` "column": the keys are rows) or a row (the keys are columns) that has all these cells.
    `name` is that of the sentence that tells where it does not hold.
    """

    name: str
    table: str
    per: Literal["row", "column"]
    cell: str
    parts: tuple[Part, ...]
    sign: Literal["=", "≤", "≥"] = "="


_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"=": operator.eq, "≤": operator.le, "≥": operator.ge}


def broken(links: tuple[Link, ...], filing: Filing, last: Filing) -> Iterator[Finding]:
    """Yield a finding for each line in which a link does not hold between a filing and the one of the year before.

    Blank cells count as 0, as in all sums; but where one of the two left the whole table blank, and where a cell is
    unreadable, nothing is concluded.
    """
    for link in links:
        if _is_blank(filing, link.table) or _is_blank(last, link.table):
            continue
        for line in _lines(link, filing.form, last.form):
            finding = _broken_line(link, line, filing, last)
            if finding:
                yield finding


def _broken_line(link: Link, line: str, filing: Filing, last: Filing) -> Finding | None:
    years = {"now": filing, "before": last}
    here = _ref(link, line, link.cell)
    terms = [(years[part.when], _ref(link, line, part.key), part.sign) for part in link.parts]
    if any(ref in unknown(of) for of, ref, _ in [(filing, here, 1), *terms]):
        return None
    with localcontext(EXACT):
        wanted = sum((sign * of.figures.get(ref, Decimal(0)) for of, ref, sign in terms), Decimal(0))
    if _HOLDS[link.sign](filing.figures.get(here, Decimal(0)), wanted):
        return None
    found = stated(filing, here)
    source = next(last.where(ref) for of, ref, _ in terms if of is last)
    place = cell_place(filing.form, here, row_first=link.per == "row")
    told = {"place": place, "parts": _sum_in_words(link, terms), "source": source}
    return Finding(link.name, here, found, f"{wanted:f}", **told)


def _sum_in_words(link: Link, terms: list[tuple[Filing, CellRef, int]]) -> str:
    """The parts with year and number."""
    words: list[str] = []
    for of, ref, sign in terms:
        labels = of.form.tables[link.table].labels[ref]
        label = own_label(labels[0] if link.per == "column" else labels[1])
        name = "less" if sign < 0 else "more" if words else "term"
        words.append(phrase(name, year=of.year, label=label, number=stated(of, ref)))
    return joined(words, "terms")


def _ref(link: Link, line: str, key: str) -> CellRef:
    return CellRef(link.table, key, line) if link.per == "column" else CellRef(link.table, line, key)


def _lines(link: Link, form: Form, last: Form) -> list[str]:
    """The columns (or rows) in which this year's form and last year's have all cells of the link, in print order."""
    if link.table not in form.tables or link.table not in last.tables:
        return []
    cells = {"now": form.tables[link.table].cells, "before": last.tables[link.table].cells}
    parts = [Part("now", link.cell), *link.parts]
    names = dict.fromkeys(ref.column if link.per == "column" else ref.row for ref in cells["now"])
    return [name for name in names if all(_ref(link, name, part.key) in cells[part.when] for part in parts)]


def _is_blank(filing: Filing, table: str) -> bool:
    """Whether nothing at all was stated in a table."""
    return not any(ref.table == table for ref in filing.values)
