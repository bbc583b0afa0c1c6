"""Sums that labels speak of without a total: last year and the change make this year, both sides come to the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from reportkit.drafting.block_traits import ADDED, Types
from reportkit.drafting.draft_table import DraftBlock, DraftTable
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.total_labels import GRAND_TOTAL, total_rank
from reportkit.drafting.trees import Node, dotted, paths
from reportkit.model.spelling import normal
from reportkit.translation import N_

_THIS = re.compile(r"(?:本年|今年|本期|本季|本月)(?!.{0,4}(?:增|减))|thisyear|current")
_LAST = re.compile(r"(?:上年|去年|上一年|上期|上季|上月)(?!.{0,4}(?:增|减))|lastyear|prior|previous")
_CHANGE = re.compile(r"(?:比|较)?.{0,4}增/?减(?:数|额|量)?$|change$")
_WHY = N_("so its labels read")


def balance_proposals(table: DraftTable, types: Types, say: Callable[[str], str]) -> Iterator[Proposal]:
    """Yield the rules; `say` translates what is printed of them."""
    for block in table.blocks:
        yield from _changes(table, block, types, say)
    for one, other in pairwise(table.blocks):
        if other.beside and (found := _sides(table, one, other, say)):
            yield found


def _changes(table: DraftTable, block: DraftBlock, types: Types, say: Callable[[str], str]) -> Iterator[Proposal]:
    """Columns of one group, of which two are the change from year to year and last year's."""
    rows = [*paths(block.rows)]
    for above, siblings in _groups(block.columns):
        plain = (node for node in siblings if not node.children)
        leaves = [node for node in plain if any(types[path[-1], node].kind in ADDED for path in rows)]
        named = [[node for node in leaves if way.match(_plain(node))] for way in (_THIS, _LAST, _CHANGE)]
        if any(len(found) != 1 for found in named):
            continue
        this, last, change = (found[0] for found in named)
        good = [path for path in rows if all(types[path[-1], node].kind in ADDED for node in (this, last, change))]
        if good:
            keys = [dotted((*above, node)) for node in (last, change, this)]
            only = () if len(table.blocks) == 1 and len(good) == len(rows) else tuple(map(dotted, good))
            words = say(N_("{last} and {change} make {this}"))
            label = words.format(last=last.label, change=change.label, this=this.label)
            yield Proposal(
                label, tuple(keys[:2]), (keys[2],), table.key, "row", only, leaves=frozenset(keys[:2]), why=_WHY
            )


def _groups(nodes: Sequence[Node], above: tuple[Node, ...] = ()) -> Iterator[tuple[tuple[Node, ...], Sequence[Node]]]:
    """The nodes of each level that stand together, with those above them."""
    yield above, nodes
    for node in nodes:
        if node.children:
            yield from _groups(node.children, (*above, node))


def _plain(node: Node) -> str:
    return re.sub(r"\(.*", "", normal(node.label).lower())


def _sides(table: DraftTable, one: DraftBlock, other: DraftBlock, say: Callable[[str], str]) -> Proposal | None:
    """The grand totals of two sides, where both end with one, and have the same columns."""
    rows = [[*paths(block.rows)][-1] for block in (one, other)]
    columns = [[dotted(path) for path in paths(block.columns)] for block in (one, other)]
    if columns[0] != columns[1] or any(total_rank(path[-1].label) != GRAND_TOTAL for path in rows):
        return None
    left, right = map(dotted, rows)
    label = say(N_("{one} is as much as {other}")).format(one=rows[0][-1].label, other=rows[1][-1].label)
    only = tuple(columns[0])
    return Proposal(label, (left,), (right,), table.key, "column", only, leaves=frozenset((left,)), why=_WHY)
