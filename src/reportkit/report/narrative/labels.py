"""The official labels of a form's table as names: which of the table's names each label stands for."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from reportkit.errors import CellRef
from reportkit.kinds.labels import Degree, Labels
from reportkit.model.cell import ADDED
from reportkit.model.form import Block, Header, Table
from reportkit.model.spelling import Spelled, spelled

Path = tuple[str, ...]


class Label(NamedTuple):
    """A printed label: its text as printed, the names that lead to it from its table on, and the labels below it.

    A header without a key is printed and adds no name; `is_group` says so.
    """

    printed: str
    path: Path
    is_group: bool
    below: tuple[Label, ...]
    unit: str = ""

    @property
    def spelled(self) -> Spelled:
        """The label in its parts, with the unit of its column."""
        return spelled(self.printed, self.unit)


class Labelled(NamedTuple):
    """A table whose labels can be written for its names, and the other names that its kind knows for labels."""

    table: Table
    aliases: Mapping[str, str]

    def below(self, path: Path) -> tuple[Label, ...]:
        """Return the labels directly below a name; none if it has none."""
        return labels_below(labels_of(self.table), path)


@lru_cache(maxsize=64)
def labels_of(table: Table) -> tuple[Label, ...]:
    """Return the labels of a table: the rows' with the columns' below them, or the columns' alone of its only row."""
    (row, block), *more = table.rows
    if not more and not row.label:
        return _columns(block.columns, ())
    return tuple(label for block in table.blocks for label in _rows(block.rows, block, table, ()))


def labels_below(labels: tuple[Label, ...], path: Path) -> tuple[Label, ...]:
    """Return the labels directly below a name; none if it has none."""
    if not path:
        return labels
    for label in labels:
        if label.path == path and not label.is_group:
            return label.below
        if label.path == path[: len(label.path)] and (found := labels_below(label.below, path)):
            return found
    return ()


def nearest(labels: tuple[Label, ...]) -> Iterator[Label]:
    """Yield labels with those that stand in a group without a key: their names are as near."""
    for label in labels:
        yield label
        if label.is_group:
            yield from nearest(label.below)


def everywhere(labels: tuple[Label, ...]) -> Iterator[Label]:
    """Yield labels with all that are below them."""
    for label in labels:
        yield label
        yield from everywhere(label.below)


def leaves(labels: tuple[Label, ...], above: Path = ()) -> Iterator[tuple[Path, Path]]:
    """Yield the names of each number below labels, and the printed labels that lead to it, in print order."""
    for label in labels:
        chain = (*above, label.printed) if label.printed else above
        if label.below:
            yield from leaves(label.below, chain)
        else:
            yield label.path, chain


def called(labels: tuple[Label, ...], text: str, aliases: Mapping[str, str]) -> list[Label]:
    """Return the labels that a text names the most exactly: those directly there, or else those anywhere below."""
    sought = spelled(text)
    places = [
        Labels(((label.spelled, label) for label in some), aliases) for some in (nearest(labels), everywhere(labels))
    ]
    for degree in Degree:
        for place in places:
            if found := {(label.path, label.is_group): label for label in place.at(sought, degree)}:
                return list(found.values())
    return []


def _rows(rows: tuple[Header, ...], block: Block, table: Table, above: Path) -> tuple[Label, ...]:
    found = []
    for row in rows:
        path = _path(above, row)
        below = _rows(row.children, block, table, path)
        if row.key or not row.children:  # the sums of a group have the names of its columns, where no row has them
            taken = {label.path[len(path)] for label in nearest(below) if len(label.path) > len(path)}
            below += _columns(block.columns, path, taken, _without_sum(table, block, path) if row.children else ())
        found.append(Label(row.label, path, not row.key, below))
    return tuple(found)


def _without_sum(table: Table, block: Block, group: Path) -> set[Path]:
    """The names that a group of rows has not: columns of which nothing is added up, or money of several currencies."""
    above = ".".join((*group, ""))
    rows = [row.key for row, of in table.rows if of is block and row.key.startswith(above)]
    names = set()
    for column in block.column_leaves:
        cells = [table.cells[CellRef(table.key, row, column.key)] for row in rows]
        if len({cell.currency for cell in cells if cell.kind in ADDED}) != 1:
            names.add((*group, *column.key.split(".")))
    return names


def _columns(
    columns: tuple[Header, ...], above: Path, taken: Container[str] = (), absent: Container[Path] = ()
) -> tuple[Label, ...]:
    found = []
    for column in columns:
        path = _path(above, column)
        if len(path) > len(above) and path[len(above)] in taken:
            continue
        below = _columns(column.children, path, taken if path == above else (), absent)
        if path in absent and not below:
            continue
        if below or not column.children:
            found.append(Label(column.label, path, not column.key, below, column.unit))
    return tuple(found)


def _path(above: Path, header: Header) -> Path:
    return (*above, *header.key.split(".")) if header.key else above
