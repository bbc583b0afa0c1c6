"""The labels of a form as a sheet may spell them, and which line of the sheet is which line of the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from reportkit.imports.spelling import numbered
from reportkit.kinds import Vocabulary
from reportkit.model.form import Leaf, Table
from reportkit.model.numbers import MONEY, normal
from reportkit.spreadsheets.sheets import Position

_NOTE = re.compile(r"\([^()]*\)$")
_NUMBER = re.compile(r"^(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d+[.、])")


def words_of(leaf_label: str, unit: str = "", money: bool = False) -> dict[str, str]:
    """Return the spellings of a label, each with the unit of money that it states where the form leaves that open."""
    whole = normal(leaf_label)
    bare = _NOTE.sub("", whole)
    words = {whole: ""}
    if unit:
        words[f"{bare}({unit})"] = ""
    elif bare:
        words[bare] = ""
    if money and not unit:
        words |= {f"{bare}({said}{each})": each for each in MONEY for said in ("", "单位:")}
    if re.match(r"^\d+\.", whole):
        words |= {re.sub(r"^(\d+)\.", r"\1、", word): stated for word, stated in list(words.items())}
    return words


@dataclass(frozen=True)
class Axis:
    """The rows of a table or the columns of a block, by what they are called.

    `by_word` gives the leaves that a word can mean, `groups` for each leaf the words of the headers above it, `units`
    the unit that a word states. `aliases` are words that stand for a leaf where its own label is not there.
    """

    leaves: tuple[Leaf, ...]
    by_word: Mapping[str, tuple[int, ...]]
    groups: tuple[frozenset[str], ...]
    units: Mapping[str, str]
    aliases: frozenset[str] = frozenset()

    @property
    def group_words(self) -> frozenset[str]:
        """The words of all groups."""
        return frozenset().union(*self.groups)


class Found(NamedTuple):
    """A label in a sheet: the row or column it heads, where it stands, and how to find the groups over it."""

    line: int
    word: str
    at: Position
    groups: Callable[[], Iterable[str]]


def other_names(label: str, aliases: Mapping[str, str]) -> list[str]:
    """Return what else a label is called, with its number and without, where other names stand for words of labels."""
    number, core = _NUMBER.match(normal(label)), numbered(label)[1]
    names = [alias for alias, words in aliases.items() if words == core]
    return [*names, *(f"{number[0]}{name}" for name in names)] if number else names


@cache
def row_axis(table: Table, words: Vocabulary) -> Axis:
    """Return the rows of a table, by their labels and by the other names that are among a kind's words."""
    taken = {word for block in table.blocks for word in axis_of(block.column_leaves).by_word}
    axis = _axis(tuple(leaf for leaf, _ in table.rows), taken)
    others = {name: at for at, leaf in enumerate(axis.leaves) for name in other_names(leaf.label, words.aliases)}
    new = {name: (at,) for name, at in others.items() if name not in taken and name not in axis.by_word}
    return replace(axis, by_word={**axis.by_word, **new}, aliases=frozenset(new))


@cache
def axis_of(leaves: tuple[Leaf, ...]) -> Axis:
    """Return the columns of a block."""
    return _axis(leaves, frozenset())


def _axis(leaves: tuple[Leaf, ...], taken: Set[str]) -> Axis:
    """The leaves by their words. A label may be without its number, if nothing else is then called so."""
    spelled = [words_of(leaf.label, leaf.unit, leaf.kind == "amount") for leaf in leaves]
    by_word: dict[str, tuple[int, ...]] = {}
    for index, words in enumerate(spelled):
        for word in filter(None, words):
            by_word[word] = (*by_word.get(word, ()), index)
    groups = tuple(frozenset(word for label in leaf.labels[:-1] for word in words_of(label)) for leaf in leaves)
    known = {*taken, *by_word}.union(*groups)
    short: dict[str, list[tuple[str, int]]] = {}
    for word, indexes in by_word.items():
        if len(indexes) == 1:
            short.setdefault(_NUMBER.sub("", word), []).append((word, indexes[0]))
    for word, meant in short.items():
        if word and word not in known and len({index for _, index in meant}) == 1:
            by_word[word] = (meant[0][1],)
    units = {word: unit for words in spelled for word, unit in words.items() if unit}
    return Axis(leaves, by_word, groups, units)


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
    indexes = axis.by_word[label.word]
    if len(indexes) == 1:
        return indexes
    if count != len(indexes):
        return ()
    over = {word for word in label.groups() if word in axis.group_words}
    return tuple(index for index in indexes if over <= axis.groups[index])
