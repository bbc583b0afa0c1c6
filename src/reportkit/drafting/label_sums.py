"""Sums that labels speak of: 合计, 小计 and Total are what stands before or after added up, 其中 is no more than it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from reportkit.drafting.total_labels import counted_unit, total_rank
from reportkit.drafting.trees import Node
from reportkit.model.spelling import normal

_PART = re.compile(r"(?:\W|\d)*其中")


class Sum(NamedTuple):
    """A total with its parts: each is the path of a node, and one without children of its own is a leaf.

    `part_of` tells that the one part is no more than the total.
    """

    total: tuple[Node, ...]
    parts: tuple[tuple[Node, ...], ...]
    part_of: bool = False


class _Item(NamedTuple):
    node: Node
    rank: int


def sums_in(nodes: Sequence[Node], adds: Callable[[Node], bool], above: tuple[Node, ...] = ()) -> Iterator[Sum]:
    """Yield the sums that the labels of a forest speak of; a leaf that `adds` denies takes part in none."""
    for node in nodes:
        if node.children:
            yield from sums_in(node.children, adds, (*above, node))
    there = [
        _Item(node, total_rank(node.label, last=node is nodes[-1])) for node in nodes if node.children or adds(node)
    ]
    yield from _parts(there, above)
    items = _outer([item for item in there if not _is_part(item.node)])
    found = _opening(items) if items and items[0].rank else list(_closing(items))
    for total, parts in found:
        yield from _sum(total, parts, above)


def _outer(items: list[_Item]) -> list[_Item]:
    """The labels that stand furthest to the left, and the totals: what is indented is a part of what stands over it."""
    left = min((_indent(item.node) for item in items if not item.rank), default=0)
    return [item for item in items if item.rank or _indent(item.node) == left]


def _indent(node: Node) -> int:
    return node.cell.indent if node.cell else 0


def _parts(items: Sequence[_Item], above: tuple[Node, ...]) -> Iterator[Sum]:
    """What is said to be a part of the label before it."""
    whole: Node | None = None
    for node, _rank in items:
        if not _is_part(node):
            whole = node
        elif whole is not None and not whole.children and not node.children and _one_unit([whole, node]):
            yield Sum((*above, whole), ((*above, node),), part_of=True)


def _is_part(node: Node) -> bool:
    return _PART.match(node.label) is not None


def _opening(items: Sequence[_Item]) -> list[tuple[Node, list[Node]]]:
    """A total that stands first: of all that follows, if no other total does."""
    first, *others = items
    return [] if any(item.rank for item in others) else [(first.node, [item.node for item in others])]


def _closing(items: Sequence[_Item]) -> Iterator[tuple[Node, list[Node]]]:
    """Totals that stand last: each of what stands before it, back to the total that reaches as far."""
    open_items: list[_Item] = []
    for item in items:
        if item.rank:
            ends = [at for at, other in enumerate(open_items) if other.rank >= item.rank]
            start = ends[-1] + 1 if ends else 0
            if ends and len(open_items) - start < 2:
                start = ends[-1]  # the sum of one thing is none: it goes on from the total before
            if _are_several([other.node for other in open_items[start:]]):
                yield item.node, [other.node for other in open_items[start:]]
                del open_items[start:]
        open_items.append(item)


def _sum(total: Node, parts: Sequence[Node], above: tuple[Node, ...]) -> Iterator[Sum]:
    """The sums of a total: of a leaf one, of a group one for each leaf that all its parts have, too."""
    if not _are_several(parts) or not _one_unit([total, *parts]):
        return
    if not total.children:
        unit = counted_unit(total.label)
        yield Sum((*above, total), tuple(path for part in parts for path in _in_unit(part, above, unit)))
        return
    by_labels = [{_labels(path): path for path in _below(node)} for node in (total, *parts)]
    for labels, path in by_labels[0].items():
        if all(labels in one for one in by_labels):
            yield Sum((*above, *path), tuple((*above, *one[labels]) for one in by_labels[1:]))


def _in_unit(part: Node, above: tuple[Node, ...], unit: str) -> Iterator[tuple[Node, ...]]:
    """The path of what a part is counted by; of a group with other units, those of what is in this one."""
    path = counted_path(part, above)
    leaves = list(_below(part)) if path[-1].children else []
    stated = {counted_unit(leaf[-1].label) for leaf in leaves} - {""}
    if not unit or stated <= {unit}:
        yield path
    else:
        yield from ((*above, *leaf) for leaf in leaves if counted_unit(leaf[-1].label) == unit)


def _are_several(parts: Sequence[Node]) -> bool:
    """Whether there is something to add up: several parts, or a group of them."""
    return len(parts) > 1 or (len(parts) == 1 and len(parts[0].leaves) > 1)


def _below(node: Node, over: tuple[Node, ...] = ()) -> Iterator[tuple[Node, ...]]:
    path = (*over, node)
    if not node.children:
        yield path
    for child in node.children:
        yield from _below(child, path)


def _labels(path: Sequence[Node]) -> tuple[str, ...]:
    return tuple(normal(node.label) for node in path[1:])


def counted_path(part: Node, above: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the path of what a part is counted by: a leaf, the total of a group, or the group for all that it has."""
    totals = [child for child in part.children if not child.children and total_rank(child.label)]
    return (*above, part, totals[-1]) if totals else (*above, part)


def _one_unit(nodes: Sequence[Node]) -> bool:
    """Whether none of some labels states another unit than the others."""
    return len({unit for node in nodes if (unit := counted_unit(node.label))}) < 2
