"""Rules between the files of one folder: a county against its units' sum (R11), who is missing or there twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from reportkit.checks.findings import Finding, Rule
from reportkit.errors import CellRef
from reportkit.messages.cell_words import own_label, stated
from reportkit.messages.words import joined, phrase
from reportkit.model.filing import Filing, fact_at, fact_text, unknown
from reportkit.model.form import Table
from reportkit.model.rollup import RollUp, Share, combine, greatest, in_words, same
from reportkit.model.spelling import normal

_MOST = 3
"""So many units are named with what they add to a sum."""


def sums(county: Filing, units: Sequence[Filing]) -> Iterator[Finding]:
    """Yield what a county states otherwise than its units add up to: one finding for each row (R11).

    Tables and facts that the county left blank, and what cannot be added or read with certainty, are not compared.
    """
    rolled = combine(units, county.form, county.jurisdiction, county.year, county.origin)
    yield from _mixed(county, units)
    yield from _facts(county, rolled)
    for table in county.form.tables.values():
        if any(ref.table == table.key for ref in county.values):
            yield from _rows(county, table, rolled)


def twice(units: Iterable[tuple[Path, Filing]], county: str) -> Iterator[Finding]:
    """Yield a finding for each jurisdiction that would count more than once: several files, or the county's own (R23).

    `county` is the folder's name.
    """
    files: dict[str, list[str]] = {}
    for path, unit in units:
        files.setdefault(normal(unit.jurisdiction), []).append(path.name)
    for name, paths in files.items():
        if name == normal(county):
            yield Finding("R23.county", "", joined(paths), county=county)
        elif len(paths) > 1:
            yield Finding("R23.several", "", joined(paths), count=len(paths), unit=name)


def missing(here: Collection[str], before: Collection[str], folders: Collection[str]) -> Iterator[Finding]:
    """Yield a finding on units without a file this year (R18): those that had one last year, or have a folder.

    All names are file names without suffix.
    """
    if gone := sorted(set(before) - set(here)):
        yield Finding("R18.gone", "", joined(gone))
    if headless := sorted(set(folders) - set(here)):
        yield Finding("R18.headless", "", joined(headless))


def without_last_year(names: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding that names the units that could not be compared with last year's figures (R19)."""
    if names:
        yield Finding("R19.none", "", joined(names))


def _mixed(county: Filing, units: Sequence[Filing]) -> Iterator[Finding]:
    """A note where the units filled in other editions of the form than the county."""
    others = [unit for unit in units if unit.form.edition != county.form.edition]
    if others:
        edition = county.form.edition
        told = [phrase("unit_of_edition", unit=each.jurisdiction, edition=each.form.edition) for each in others[:_MOST]]
        if len(others) > _MOST:
            yield Finding("R11.more_editions", "edition", units=told, count=len(others), edition=edition)
        else:
            yield Finding("R11.editions", "edition", units=told, edition=edition)


def _facts(county: Filing, rolled: RollUp) -> Iterator[Finding]:
    for name, added in rolled.filing.facts.items():
        stated, label = county.facts.get(name), county.form.facts[name].label
        if stated is not None and stated != added:
            at = (fact_at(name), fact_text(stated), fact_text(added))
            yield Finding("R11.fact", *at, label=label, shares=_greatest(rolled.facts[name]) or "0")


def _rows(county: Filing, table: Table, rolled: RollUp) -> Iterator[Finding]:
    closed = unknown(county) | unknown(rolled.filing)
    wrong = [
        ref
        for ref, cell in table.cells.items()
        if ref in rolled.shares and ref not in closed
        if same(county.figures.get(ref), rolled.filing.figures.get(ref), cell) is False
    ]
    for _, group in groupby(wrong, lambda ref: ref.row):
        yield _row(county, table, rolled, list(group))


def _row(county: Filing, table: Table, rolled: RollUp, refs: list[CellRef]) -> Finding:
    """One row's differences; the last, mostly the total, with the units that add most to it."""
    found = [stated(county, ref) for ref in refs]
    added = [str(rolled.filing.values.get(ref, 0)) for ref in refs]
    columns = [own_label(table.labels[ref][1]) for ref in refs]
    sums = zip(columns, found, added, strict=True)
    cells = joined((phrase("sum", column=column, stated=one, added=other) for column, one, other in sums), "clauses")
    row = table.labels[refs[0]][0]
    place = phrase("cell", table=table.caption, first=row) if row else table.caption
    at = (refs[-1], joined(found), joined(added))
    if shares := _greatest(rolled.shares[refs[-1]]):
        return Finding("R11.sums_shares", *at, place=place, cells=cells, column=columns[-1], shares=shares)
    return Finding("R11.sums", *at, place=place, cells=cells)


def _greatest(shares: Iterable[Share]) -> str:
    """The units that add most to a cell, "" if none adds anything."""
    told = [share for share in shares if share.figure]
    if len(told) <= _MOST:
        return in_words(told)
    words = joined(f"{unit} {figure}" for unit, figure in greatest(told, _MOST))
    return phrase("and_more_units", words=words, count=len(told))


RULES = (Rule("R11", sums, "units"),)
