"""What there is to say of a county's sums, in words: cells that were not added (R20), blanks that count as 0 (R21)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from reportkit.errors import Issue
from reportkit.messages.words import issue, joined, phrase
from reportkit.model.rollup import Obstacle, RollUp

_MOST = 5
"""So many units are named."""

_CELLS = 3
"""So many columns are named."""


def with_notes(rolled: RollUp) -> RollUp:
    """Return the sums with notes on what could not be added, and which blanks counted as 0."""
    return replace(
        rolled, filing=replace(rolled.filing, notes=(*_obstacles(rolled), *_facts(rolled), *_blanks(rolled)))
    )


def _obstacles(rolled: RollUp) -> Iterator[Issue]:
    """One issue for each row of cells that were not added for the same reason."""
    sums = rolled.filing
    stopped = rolled.obstacles.items()
    for (table, _, obstacle), group in groupby(stopped, lambda cell: (cell[0].table, cell[0].row, cell[1])):
        refs = [ref for ref, _ in group]
        form_table = sums.form.tables[table]
        labels = [form_table.labels[ref] for ref in refs]
        columns = _few([f"“{column}”" for _, column in labels], _CELLS, "and_more_cells")
        at, row = (sums.origin, refs[0], _reason(obstacle)), labels[0][0]
        if row:
            yield issue("R20.row", *at, table=form_table.caption, row=row, columns=columns)
        else:
            yield issue("R20.table", *at, table=form_table.caption, columns=columns)


def _facts(rolled: RollUp) -> Iterator[Issue]:
    """One issue for each fact that was not added."""
    for name, obstacle in rolled.facts_left.items():
        label = rolled.filing.form.facts[name].label
        yield issue("R20.fact", rolled.filing.origin, None, _reason(obstacle), label=label)


def _blanks(rolled: RollUp) -> Iterator[Issue]:
    """One issue that names the units with blank cells where others have figures."""
    if rolled.blanks:
        told = joined(phrase("unit_blanks", unit=unit, count=count) for unit, count in rolled.blanks.items())
        yield issue("R21", rolled.filing.origin, None, told, "0")


def _reason(obstacle: Obstacle) -> str:
    return phrase(obstacle.name, units=_few(obstacle.units, _MOST, "and_more"))


def _few(words: Sequence[str], most: int, more: str) -> str:
    told = joined(words[:most])
    return phrase(more, words=told, count=len(words)) if len(words) > most else told
