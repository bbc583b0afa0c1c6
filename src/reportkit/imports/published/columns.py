"""Whether the header texts that a file has are the columns of a form's block, all of them and in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import combinations

from reportkit.model.form import Block, Header
from reportkit.model.spelling import alike, is_slip, letters, squeezed

_MONEY = re.compile(r"[千万亿]?元")
_LEAST_CUT = 3
"""本年新 is enough of 本年新制作数量: the rest was lost at a line break."""

_MOST_TEXTS = 200
"""More texts than the largest header has characters."""


def fits(texts: Sequence[str], block: Block, other_spanners: Sequence[str]) -> bool:
    """Return whether header texts, in reading order, are this block's: whole, broken, or cut short at the end.

    Headers written downwards come out as single characters line by line: they must be the same characters, and begin in
    the same order. `other_spanners` are words that people write for headers over several columns.
    """
    if len(texts) > _MOST_TEXTS:
        return False
    headers = list(_by_level(block.columns))
    if [*map(squeezed, texts)] == [squeezed(header.label) for header in headers if header.label]:
        return True
    spanners = [letters(header.label) for header in headers if header.children]
    corners = {*map(squeezed, block.corners)}
    words = [letters(text) for text in texts if squeezed(text) not in corners]
    words = [word for word in words if word and word not in spanners and word not in other_spanners]
    by_level = [letters(header.label) for header in headers if not header.children]
    by_leaf = [letters(leaf.label) for leaf in block.column_leaves]
    if not _units_agree(texts, block):
        return False
    return any(_in_turn(words, labels, {*labels}) for labels in (by_level, by_leaf)) or _garbled(words, block, spanners)


def units(texts: Iterable[str]) -> list[str]:
    """Return the units of money that header texts name."""
    return [unit for text in texts for unit in _MONEY.findall(squeezed(text))]


def _units_agree(texts: Sequence[str], block: Block) -> bool:
    """Whether a unit of money stands only over amounts, and is the form's own where that has one."""
    found = set(units(texts))
    amounts = [leaf for leaf in block.column_leaves if leaf.kind == "amount"]
    return not found or (
        len(found) == 1 and bool(amounts) and found <= {leaf.unit or next(iter(found)) for leaf in amounts}
    )


def _in_turn(words: Sequence[str], labels: Sequence[str], known: Set[str]) -> bool:
    """Whether each label is the next words together, or is nearly the next word, which then is no `known` label."""
    if not labels:
        return not words
    label, together = labels[0], ""
    for count, word in enumerate(words, 1):
        together += word
        is_label = together == label or (count == 1 and word not in known and _stands_for(word, label))
        if is_label and _in_turn(words[count:], labels[1:], known):
            return True
        if not label.startswith(together):
            break
    return False


def _stands_for(word: str, label: str) -> bool:
    return (len(word) >= _LEAST_CUT and label.startswith(word)) or alike(word, label) or is_slip(word, label)


def _garbled(words: Sequence[str], block: Block, spanners: Sequence[str]) -> bool:
    labels = [letters(leaf.label) for leaf in block.column_leaves]
    if all(word in labels for word in words):
        return False  # whole labels in another order, too many or too few
    spare = Counter("".join(words))
    spare.subtract("".join(labels))
    subsets = (chosen for count in range(len(spanners) + 1) for chosen in combinations(spanners, count))
    if not any(+spare == Counter("".join(chosen)) and min(spare.values()) >= 0 for chosen in subsets):
        return False
    return all(_begin_in_order(words, siblings) for siblings in _siblings(block.columns))


def _begin_in_order(words: Sequence[str], labels: Sequence[str]) -> bool:
    rest = iter(words)
    return all(any(label.startswith(word) for word in rest) for label in labels)


def _siblings(headers: tuple[Header, ...]) -> Iterator[list[str]]:
    yield [letters(header.label) for header in headers if not header.children]
    for header in headers:
        yield from _siblings(header.children)


def _by_level(headers: tuple[Header, ...]) -> Iterator[Header]:
    """All headers row by row, as they are printed."""
    level = headers
    while level:
        yield from level
        level = tuple(child for header in level for child in header.children)
