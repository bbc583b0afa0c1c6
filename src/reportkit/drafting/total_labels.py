"""Labels of totals: 合计, 小计, Total and the like, and how far each of them reaches."""

from __future__ import annotations

import re

from reportkit.model.spelling import normal

_NOTE = re.compile(r"\((?:单位\W?)?([^()]*)\)$|单位\W([^()]*)$")
SUBTOTAL, TOTAL, GRAND_TOTAL = 1, 2, 3
_RANKS = (
    (re.compile(r"(?:小计|\bsub-?totals?)$"), SUBTOTAL),
    (re.compile(r"(?:总计|总数|\bgrandtotal)$"), GRAND_TOTAL),
    (re.compile(r"(?:合计|共计|^计|^(?:.*[^a-z])?totals?)$"), TOTAL),
)
_ENGLISH_TOTAL = re.compile(r"total\b.+", re.IGNORECASE)


def total_rank(label: str, *, last: bool = False) -> int:
    """Return how far the total reaches that a label names, 0 for a label that names none.

    `last` tells that no other label follows: then Total revenue is one, too.
    """
    words = _NOTE.sub("", normal(label).lower()).rstrip(":;,")
    rank = next((rank for pattern, rank in _RANKS if pattern.search(words)), 0)
    return rank or (TOTAL if last and _ENGLISH_TOTAL.match(label) else 0)


def counted_unit(label: str) -> str:
    """Return the unit that a label states in brackets, of whatever is counted; "" if none."""
    found = _NOTE.search(normal(label))
    unit = next(filter(None, found.groups()), "") if found else ""
    return unit if len(unit) <= 4 else ""
