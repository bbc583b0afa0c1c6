"""Rules that a table prints itself: 第一项加第二项之和，等于第三项加第四项之和, of its rows from the top down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from reportkit.drafting.draft_table import DraftBlock, DraftTable
from reportkit.drafting.label_sums import counted_path
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.trees import Node, dotted, paths
from reportkit.model.spelling import normal
from reportkit.translation import N_

_DIGITS = "一二三四五六七八九十"
_ITEM = rf"第(?:[{_DIGITS}]|\d)[项行]"
_SIDE = rf"{_ITEM}(?:[加减和、]{_ITEM}){{0,9}}"
_RULE = re.compile(rf"({_SIDE})(?:之[和差])?,?(?:应当?|必须)?等于({_SIDE})")
_TERM = re.compile(rf"([加减和、])?第([{_DIGITS}]|\d)[项行]")
_WHY = N_("so a note of the table reads")


def printed_proposals(table: DraftTable, say: Callable[[str], str]) -> Iterator[Proposal]:
    """Yield the rules that are written over the labels of a table's rows, or above or below it."""
    for block in table.blocks:
        texts = [path[-1].label for path in paths(block.corner)]
        if len(table.blocks) == 1:
            texts += [*table.above[-2:], *table.below[:3]]
        sides = [found.groups() for text in dict.fromkeys(map(normal, texts)) for found in _RULE.finditer(text)]
        for left, right in dict.fromkeys(sides):
            if proposal := _proposal(table, block, left, right, say):
                yield proposal


def _proposal(
    table: DraftTable, block: DraftBlock, left: str, right: str, say: Callable[[str], str]
) -> Proposal | None:
    """The rule of the two sides; None if the table has no row of one of the numbers."""
    terms = [*_terms(left), *((number, not minus) for number, minus in _terms(right))]
    if any(number > len(block.rows) for number, _minus in terms):
        return None
    added, taken = (_keys(block.rows, (number for number, minus in terms if minus is other)) for other in (False, True))
    words = say(N_("{left} is as much as {right}")).format(left=left, right=right)
    only = () if len(table.blocks) == 1 else tuple(map(dotted, paths(block.columns)))
    return Proposal(words, added, taken, table.key, "column", only, leaves=frozenset(added), why=_WHY)


def _terms(side: str) -> Iterator[tuple[int, bool]]:
    """The numbers of a side's items, each with whether it is taken off."""
    for sign, number in _TERM.findall(side):
        yield (_DIGITS.index(number) + 1 if number in _DIGITS else int(number)), sign == "减"


def _keys(rows: Sequence[Node], numbers: Iterable[int]) -> tuple[str, ...]:
    paths_of = [counted_path(rows[number - 1], ()) for number in numbers]
    return tuple(f"{dotted(path)}.*" if path[-1].children else dotted(path) for path in paths_of)
