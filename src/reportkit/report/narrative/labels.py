"""The official labels of a form's table as names: which of the table's names each label stands for."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportkit.model.form import Block, Header, Table
from reportkit.model.numbers import normal

Path = tuple[str, ...]


class Label(NamedTuple):
    """A printed label: its text as printed, the names that lead to it from its table on, and the labels below it.

    A header without a key is printed and adds no name; `is_group` says so.
    """

    printed: str
    path: Path
    is_group: bool
    below: tuple[Label, ...]


@lru_cache(maxsize=64)
def labels_of(table: Table) -> tuple[Label, ...]:
    """Return the labels of a table: the rows' with the columns' below them, or the columns' alone of its only row."""
    (row, block), *more = table.rows
    if not more and not row.label:
        return _columns(block.columns, ())
    return tuple(label for block in table.blocks for label in _rows(block.rows, block, ()))


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


def called(labels: tuple[Label, ...], text: str) -> list[Label]:
    """Return the labels that a text names: those directly there, or else those anywhere below.

    They are compared as in a parameter file: full or half width, with or without spaces.
    """
    sought = normal(text)
    for some in (nearest(labels), everywhere(labels)):
        if found := {(label.path, label.is_group): label for label in some if normal(label.printed) == sought}:
            return list(found.values())
    return []


def _rows(rows: tuple[Header, ...], block: Block, above: Path) -> tuple[Label, ...]:
    found = []
    for row in rows:
        path = _path(above, row)
        below = _rows(row.children, block, path)
        if row.key or not row.children:  # the sums of a group have the names of its columns, where no row has them
            taken = {label.path[len(path)] for label in nearest(below) if len(label.path) > len(path)}
            below += _columns(block.columns, path, taken)
        found.append(Label(row.label, path, not row.key, below))
    return tuple(found)


def _columns(columns: tuple[Header, ...], above: Path, taken: Container[str] = ()) -> tuple[Label, ...]:
    found = []
    for column in columns:
        path = _path(above, column)
        if len(path) > len(above) and path[len(above)] in taken:
            continue
        below = _columns(column.children, path, taken if path == above else ())
        if below or not column.children:
            found.append(Label(column.label, path, not column.key, below))
    return tuple(found)


def _path(above: Path, header: Header) -> Path:
    return (*above, *header.key.split(".")) if header.key else above
