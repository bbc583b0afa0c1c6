"""The rules that the labels of a table propose, in the form's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reportkit.drafting.block_traits import ADDED, Pair, Types
from reportkit.drafting.cell_types import CellType
from reportkit.drafting.draft_table import DraftBlock, DraftTable
from reportkit.drafting.label_sums import Sum, sums_in
from reportkit.drafting.proposal import Proposal
from reportkit.drafting.trees import Node, dotted, paths
from reportkit.translation import N_

_WHY = N_("so its label reads")
_ASADDED = N_("as what it is added to")


def label_proposals(table: DraftTable, types: Types, say: Callable[[str], str]) -> list[Proposal]:
    """Return the rules that labels speak of, block by block; `say` translates what is printed of them.

    Cells of which nothing is known are of the type of those that they are added to from then on.
    """
    known = -1
    found: list[Proposal] = []
    while known < (now := sum(bool(one.kind) for one in types.values())):
        known, found = now, [*_proposals(table, types, say)]
    return found


def _proposals(table: DraftTable, types: Types, say: Callable[[str], str]) -> Iterator[Proposal]:
    for block in table.blocks:
        for per in ("row", "column"):
            adding = _Adding(block, types, per)
            for found in sums_in(adding.own, adding.leaf):
                good = [path for path in adding.lines if adding.line(path[-1], found)]
                if good:
                    every = len(table.blocks) == 1 and len(good) == len(adding.lines)
                    yield _proposal(table, per, found, () if every else tuple(map(dotted, good)), say)


class _Adding:
    """The rows or columns of a block that can be added up, and the lines in which they are."""

    def __init__(self, block: DraftBlock, types: Types, per: str) -> None:
        self._types, self._per = types, per
        self.own, lines = (block.columns, block.rows) if per == "row" else (block.rows, block.columns)
        self.lines = [*paths(lines)]

    def leaf(self, node: Node) -> bool:
        """Whether a row or column can be added in any line."""
        return any(self._type(line[-1], node).kind in ADDED for line in self.lines)

    def line(self, line: Node, found: Sum) -> bool:
        """Whether a sum means something in a line: all that is added can be."""
        nodes = [leaf for path in (found.total, *found.parts) for leaf in path[-1].leaves]
        known = {one.bare: one for node in nodes if (one := self._type(line, node)).kind not in ("", "count")}
        if len(known) == 1 and not any(self._type(line, node).kind == "count" for node in nodes):
            one = next(iter(known.values()))._replace(why=_ASADDED)
            for node in nodes:
                if not self._type(line, node).kind:
                    self._types[self._pair(line, node)] = one
        return all(self._type(line, node).kind in ADDED for node in nodes)

    def _type(self, line: Node, node: Node) -> CellType:
        return self._types[self._pair(line, node)]

    def _pair(self, line: Node, node: Node) -> Pair:
        return (line, node) if self._per == "row" else (node, line)


def _proposal(table: DraftTable, per: str, found: Sum, only: tuple[str, ...], say: Callable[[str], str]) -> Proposal:
    total, parts = dotted(found.total), tuple(map(_key, found.parts))
    leaves = frozenset(leaf for path in found.parts for leaf in _leaves(path))
    rule = Proposal("", parts, (total,), table.key, per, only, leaves=leaves, why=_WHY)
    if found.part_of:
        words = say(N_("{part} is no more than {whole}"))
        words = words.format(part=found.parts[0][-1].label, whole=found.total[-1].label)
        return rule._replace(label=words, sign="<=")
    name = " / ".join(node.label for node in found.total if node.label)
    return rule._replace(label=say(N_("{total} is the sum of its parts")).format(total=name), total=True)


def _key(path: Sequence[Node]) -> str:
    return f"{dotted(path)}.*" if path[-1].children else dotted(path)


def _leaves(path: Sequence[Node]) -> Iterator[str]:
    return (dotted((*path[:-1], *below)) for below in paths([path[-1]]))
