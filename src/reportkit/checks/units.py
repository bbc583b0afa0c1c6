"""Rules between the files of one folder: a county against its units' sum (R11), who is missing or there twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from reportkit.checks.findings import Finding, Rule
from reportkit.errors import CellRef
from reportkit.model.filing import Filing, unknown
from reportkit.model.form import Table
from reportkit.model.numbers import normal
from reportkit.model.rollup import RollUp, combine, in_words, same

_MOST = 3
"""So many units are named with what they add to a sum."""


def sums(county: Filing, units: Sequence[Filing]) -> Iterator[Finding]:
    """Yield what a county states otherwise than its units add up to: one finding for each row (R11).

    Tables that the county left blank, and cells that cannot be added or read with certainty, are not compared.
    """
    rolled = combine(units, county.form, county.jurisdiction, county.year, county.origin)
    yield from _mixed(county, units)
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
        told = "、".join(paths)
        if name == normal(county):
            message = f"{told}：写的是“{county}”，与文件夹同名，是汇总的单位自己，不能再算一次；请移到这个文件夹外面"
            yield Finding(message, "", told, "")
        elif len(paths) > 1:
            message = f"{told}：{len(paths)} 个文件都是“{name}”的，只能算一次；请只留一份"
            yield Finding(message, "", told, "")


def missing(here: Collection[str], before: Collection[str], folders: Collection[str]) -> Iterator[Finding]:
    """Yield a finding on units without a file this year (R18): those that had one last year, or have a folder.

    All names are file names without suffix.
    """
    if gone := sorted(set(before) - set(here)):
        message = f"上年有文件、今年没有的单位：{'、'.join(gone)}；请催交，或确认已经撤并、改名"
        yield Finding(message, "", "、".join(gone), "")
    if headless := sorted(set(folders) - set(here)):
        message = f"只有下属单位的文件夹、没有自己文件的单位：{'、'.join(headless)}；汇总时没有算进去"
        yield Finding(message, "", "、".join(headless), "")


def without_last_year(names: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding that names the units that could not be compared with last year's figures (R19)."""
    if names:
        told = "、".join(names)
        yield Finding(f"{told}：没有上年的文件，上年结转等没有核对；请导入上年的数，或确认是新设的单位", "", told, "")


def _mixed(county: Filing, units: Sequence[Filing]) -> Iterator[Finding]:
    """A note where the units filled in other editions of the form than the county."""
    others = [unit for unit in units if unit.form.edition != county.form.edition]
    if others:
        names = "、".join(f"{unit.jurisdiction}（{unit.form.edition}年版）" for unit in others[:_MOST])
        more = f"等 {len(others)} 个单位" if len(others) > _MOST else ""
        message = f"{names}{more}用的格式版本与本报告（{county.form.edition}年版）不同，只核对共有的格"
        yield Finding(message, "edition")


def _rows(county: Filing, table: Table, rolled: RollUp) -> Iterator[Finding]:
    closed = unknown(county) | unknown(rolled.filing)
    wrong = [
        ref
        for ref, column in table.cells.items()
        if ref not in closed and same(county.values.get(ref), rolled.filing.values.get(ref), column) is False
    ]
    for _, group in groupby(wrong, lambda ref: ref.row):
        yield _row(county, table, rolled, list(group))


def _row(county: Filing, table: Table, rolled: RollUp, refs: list[CellRef]) -> Finding:
    """One row's differences; the last, mostly the total, with the units that add most to it."""
    stated = [str(county.values.get(ref, "空白")) for ref in refs]
    added = [str(rolled.filing.values.get(ref, 0)) for ref in refs]
    columns = [table.labels[ref][1].rsplit(" / ", 1)[-1] for ref in refs]
    cells = "，".join(
        f"“{column}”写 [{one}]、各单位合计 {other}" for column, one, other in zip(columns, stated, added, strict=True)
    )
    row = f" “{table.labels[refs[0]][0]}”" if table.labels[refs[0]][0] else ""
    shares = in_words(rolled.shares[refs[-1]], _MOST)
    parts = f"（“{columns[-1]}”中 {shares}）" if shares else ""
    message = f"{table.caption}{row}：{cells}{parts}。请核对是本报告的数有误，还是有的单位有误或漏交"
    return Finding(message, refs[-1], "、".join(stated), "、".join(added))


RULES = (Rule("R11", sums, "units"),)
