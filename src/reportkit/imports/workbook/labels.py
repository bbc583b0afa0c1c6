"""The labels of a form in a sheet: which line of the sheet is which line of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from reportkit.kinds import Vocabulary
from reportkit.kinds.labels import OWN_NAMES, Degree, Labels
from reportkit.model.form import Leaf, Table
from reportkit.model.spelling import Spelled, spelled
from reportkit.spreadsheets.sheets import Position

_ALONE = (Degree.UNNUMBERED, Degree.OTHER)
"""What a text means at these degrees, it means only where it means nothing else."""


class Naming(NamedTuple):
    """What a text in a sheet names: leaves of an axis, by their own names or others, and the unit that it states."""

    leaves: tuple[int, ...]
    own: bool
    unit: str


def unit_stated(text: Spelled, leaf: Leaf) -> str | None:
    """Return the unit of money that a label states where the form leaves it open, else "".

    None if the label is not the leaf's: it leaves out the form's unit, has another one, or one for a count. One that is
    printed just so is the leaf's, whatever says that the unit is that of its cells.
    """
    printed = text.whole == spelled(leaf.label).whole
    if leaf.unit or (printed and leaf.kind != "amount"):
        return "" if leaf.unit == text.unit or printed else None
    return text.unit if leaf.kind == "amount" or not text.unit else None


def without_unit(label: str) -> Spelled:
    """Return a label in its parts, without the unit that it states: a sheet may state that elsewhere, or another."""
    return spelled(label)._replace(unit="")


class Axis:
    """The rows of a table or the columns of a block, by what they are called; `groups` are the headers above them.

    `elsewhere` are labels of others, which a text without its number rather means.
    """

    def __init__(self, leaves: tuple[Leaf, ...], aliases: Mapping[str, str], elsewhere: Iterable[str] = ()) -> None:
        self.leaves = leaves
        self.groups = tuple(frozenset(leaf.labels[:-1]) for leaf in leaves)
        over = frozenset().union(*self.groups)
        self._labels = Labels(((without_unit(leaf.label), at) for at, leaf in enumerate(leaves)), aliases)
        self._groups = Labels(((spelled(label), label) for label in over), aliases)
        self._elsewhere = Labels(((without_unit(label), label) for label in (*elsewhere, *over)), aliases)

    @lru_cache(maxsize=1 << 14)  # noqa: B019  (an axis is there as long as the program, and its workbooks are alike)
    def naming(self, word: str) -> Naming | None:
        """Return what a text names, None if it is none of the axis's labels."""
        return next(self._namings(spelled(word)), None)

    @lru_cache(maxsize=1 << 14)  # noqa: B019
    def group(self, word: str) -> frozenset[str]:
        """Return the labels of the groups that a text names."""
        return frozenset(self._groups.meant(spelled(word)))

    def _namings(self, text: Spelled) -> Iterator[Naming]:
        asked = text._replace(unit="")
        for degree in Degree:
            if degree in _ALONE and self._elsewhere.meant(asked, OWN_NAMES):
                return
            found = [(at, unit_stated(text, self.leaves[at])) for at in self._labels.at(asked, degree)]
            named = [(at, unit) for at, unit in found if unit is not None]
            if named and (len(named) == 1 or degree not in _ALONE):
                yield Naming(tuple(at for at, _ in named), degree in OWN_NAMES, named[0][1])


class Found(NamedTuple):
    """A label in a sheet: the row or column it heads, where it stands, and how to find the groups over it."""

    line: int
    word: str
    at: Position
    groups: Callable[[], Iterable[str]]


@cache
def row_axis(table: Table, words: Vocabulary) -> Axis:
    """Return the rows of a table, by their labels and by the other names that are among a kind's words."""
    columns = (leaf.label for block in table.blocks for leaf in block.column_leaves)
    return Axis(tuple(leaf for leaf, _ in table.rows), words.aliases, columns)


@cache
def column_axis(leaves: tuple[Leaf, ...], words: Vocabulary) -> Axis:
    """Return the columns of a block."""
    return Axis(leaves, words.aliases)


def assign(axis: Axis, found: list[Found]) -> tuple[dict[int, Found], dict[int, list[Found]]]:
    """Return for each leaf the label that names it, and the leaves that several labels name.

    A label that several leaves have is told by the groups over it; where these do not tell, by the order, if the whole
    line of labels is the printed one.
    """
    meant: dict[int, list[Found]] = {}
    counts = Counter(label.word for label in found)
    choices = [_choices(axis, label, counts[label.word]) for label in found]
    for label, indexes in zip(found, choices, strict=True):
        if len(indexes) == 1:
            meant.setdefault(indexes[0], []).append(label)
    in_order = sorted(zip(found, choices, strict=True), key=lambda pair: pair[0].line)
    unclear = any(len(indexes) > 1 for indexes in choices)
    if unclear and len(found) == len(axis.leaves) and all(index in pair[1] for index, pair in enumerate(in_order)):
        return {index: label for index, (label, _) in enumerate(in_order)}, {}
    once = {index: labels[0] for index, labels in meant.items() if len(labels) == 1}
    return once, {index: labels for index, labels in meant.items() if len(labels) > 1}


def _choices(axis: Axis, label: Found, count: int) -> tuple[int, ...]:
    """The leaves that a label can mean: those of this name that stand below the groups found over it.

    How far a group reaches is seen by where the next one begins; so where one of several columns of the same name is
    lost, its neighbour could be taken for it, and none of them is sure.
    """
    naming = axis.naming(label.word)
    indexes = naming.leaves if naming else ()
    if len(indexes) < 2:
        return indexes
    if count != len(indexes):
        return ()
    over = [groups for word in label.groups() if (groups := axis.group(word))]
    return tuple(index for index in indexes if all(groups & axis.groups[index] for groups in over))
