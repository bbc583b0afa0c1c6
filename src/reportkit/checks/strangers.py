"""L3: the names of a project's other units in a report's text, found without comparing text and names one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportkit.checks.findings import Finding
from reportkit.checks.texts import Passage, passages, quoted
from reportkit.filing import Filing

CODE = "L3"
SHORTEST = 3
_TOWN = ("镇", "乡", "街道", "苏木")
_COUNTY = ("县", "旗", "区")
_LAST_SIGN = re.compile("[镇乡道木县旗区]")
# Words, not names of places, that end like one; and what follows where the suffix belongs to the next word.
_WORDS = frozenset(
    (
        *("小城镇", "新城镇", "中心镇", "特色镇", "重点镇", "建制镇", "各乡镇"),
        *("开发区", "工业区", "示范区", "高新区", "新城区", "老城区", "城镇区"),
    )
)
_NOT_THE_END = re.compile("[化域村区长街级贫企路]|等|、|和|与|及")
# Another unit may be spoken of where something is done with it or in it, or where several are listed.
_WITH = re.compile("(?:赴|与|和|同|到|向|往|联合|原|从|及|、)$")


class _Known(NamedTuple):
    names: frozenset[str]
    lengths: tuple[int, ...]


def other_names(filing: Filing, names: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each name of another unit of the same level in the filing's text, once a name.

    `names` are those of all the project's jurisdictions: a frozenset is prepared once for all filings. Units above
    the filing's own are rightly named, departments too; names shorter than three characters are not looked for.
    """
    suffixes = next((level for level in (_TOWN, _COUNTY) if filing.jurisdiction.endswith(level)), ())
    known = _known(names if isinstance(names, frozenset) else frozenset(names), suffixes)
    if not known.names - {filing.jurisdiction}:
        return
    told: set[str] = set()
    for passage in passages(filing):
        for name, at in _found(passage.text, known, filing):
            if name not in told:
                told.add(name)
                yield _finding(passage, name, at, filing)


def _finding(passage: Passage, name: str, at: int, filing: Filing) -> Finding:
    words = quoted(passage.text, max(at - 8, 0), at + len(name) + 8)
    message = f"正文{words}里有别的单位“{name}”，本报告是“{filing.jurisdiction}”的；请检查是不是从别处抄来的"
    return Finding(message, passage.section, name, filing.jurisdiction)


@lru_cache(maxsize=8)
def _known(names: frozenset[str], suffixes: tuple[str, ...]) -> _Known:
    """The names of one level, with the lengths that they have, longest first."""
    level = frozenset(
        name for name in names if suffixes and len(name) >= SHORTEST and name.endswith(suffixes) and name not in _WORDS
    )
    return _Known(level, tuple(sorted({len(name) for name in level}, reverse=True)))


def _found(text: str, known: _Known, filing: Filing) -> Iterator[tuple[str, int]]:
    """Each name and its place; where names end alike the longest counts, the filing's own among them."""
    for sign in _LAST_SIGN.finditer(text):
        end = sign.end()
        lengths = (length for length in known.lengths if length <= end)
        name = next((text[end - length : end] for length in lengths if text[end - length : end] in known.names), "")
        if not name or _is_own(name, text, end, filing) or _NOT_THE_END.match(text, end):
            continue
        if not _WITH.search(text[: end - len(name)][-2:]):
            yield name, end - len(name)


def _is_own(name: str, text: str, end: int, filing: Filing) -> bool:
    """Whether the words that end here are the filing's own name, or a part of it."""
    own = (filing.jurisdiction, filing.agency)
    return any(name in known for known in own) or any(
        len(known) > len(name) and text.endswith(known, 0, end) for known in own
    )
