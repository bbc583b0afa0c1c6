"""Keys for what is drafted: words of an English label, a few that every table has, and r1, c1 for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reportkit.drafting.captions import without_number
from reportkit.drafting.draft_table import DraftTable
from reportkit.drafting.trees import Node
from reportkit.model.facts import FACTS
from reportkit.model.open_rows import TOTAL
from reportkit.model.spelling import letters, squeezed

_COMMON: Mapping[str, str] = MappingProxyType(
    {
        "总计": "total", "总数": "total", "计": "total", "小计": "subtotal", "其他": "other", "金额": "amount",
        "数量": "number", "增减": "change", "备注": "remarks", "占比": "share", "单位": "unit",
    }
)  # fmt: skip
"""Labels of one meaning, in the spelling of `letters`, and the keys that the official forms have for them."""

_RESERVED = frozenset((FACTS, "words", "year", "jurisdiction", "edition", "agency", "narrative", "row", "table"))
"""What means something else in sentences and parameter files."""

_NUMBERING = re.compile(r"[\d.()\s]+(?=[A-Za-z])")
_LONGEST = 32


def give_keys(tables: Iterable[DraftTable]) -> None:
    """Give each table, row and column a key, the same for the same labels in the same places."""
    used: set[str] = set()
    for table in tables:
        table.key = _free(_slug(without_number(table.heading)) or "t1", used, _RESERVED)
        rows: set[str] = set()
        columns: dict[str, str] = {}
        for block in table.blocks:
            if block.register is None:
                _give(block.rows, "r", rows)
            else:
                for node, key in zip(block.rows, ("1", TOTAL), strict=False):
                    node.key = key
            _give_columns(block.columns, columns)


def _give(nodes: Iterable[Node], letter: str, used: set[str]) -> None:
    for number, node in enumerate(nodes, 1):
        node.key = _free(_slug(node.label) or f"{letter}{number}", used)
        _give(node.children, letter, set())


def _give_columns(nodes: Iterable[Node], known: dict[str, str]) -> None:
    """Give columns their keys; one that a block before has, too, keeps the key that it has there."""
    used: set[str] = set()
    for number, node in enumerate(nodes, 1):
        before = known.get(squeezed(node.label), "")
        if before and before not in used:
            used.add(before)
            node.key = before
        else:
            node.key = _free(_slug(node.label) or f"c{number}", used, frozenset(known.values()) - {before})
        known.setdefault(squeezed(node.label), node.key)
        _give(node.children, "c", set())


def _free(wanted: str, used: set[str], taken: frozenset[str] = frozenset()) -> str:
    """The key that is wanted, or with the next number that is free."""
    key, stem, number = wanted, wanted.rstrip("0123456789"), 1
    if stem != wanted:
        number = int(wanted[len(stem) :]) - 1
    else:
        stem = f"{wanted}_"
    while key in used or key in taken:
        number += 1
        key = f"{stem}{number}"
    used.add(key)
    return key


def _slug(label: str) -> str:
    """The words of a label as a key, "" for one that is not English."""
    if known := _COMMON.get(letters(label)):
        return known
    numbered = _NUMBERING.match(label)
    text = label[numbered.end() :] if numbered else label
    if not text.isascii():
        return ""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    key = words[:_LONGEST].rstrip("_") if len(words) <= _LONGEST else words[:_LONGEST].rpartition("_")[0]
    return key if key[:1].isalpha() else ""
