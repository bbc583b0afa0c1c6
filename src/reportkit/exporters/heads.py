"""Where the heads of a table may be broken: between words, which Chinese does not show. Their text stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

AHEAD = Path(__file__).with_name("head_words.txt")
"""The heads of the packaged forms, a line for each, with a border between its words; tools/heads.py writes it."""

BORDER = "|"
SHORTEST = 3
"""So many characters a head has at least that may be broken."""

_HEAD = re.compile(rf"<th((?: [^<>]*)?)>([^<>&]{{{SHORTEST},}})</th>")
_CLOSING = frozenset("）》〉】〕」』、，。；：！？…”’)],.;:!?%")
_OPENING = frozenset("（《〈【〔「『“‘([")
_LONG = 4  # characters in a word from which on it may be broken between the words that it is made of


def make_ready() -> None:
    """Load the dictionary, which takes 0.1 s and 20 MB, before the first report is there."""
    import rjieba  # noqa: F401


def with_breaks(html: str) -> str:
    """Return HTML with a <wbr> at each border of words in header cells that hold nothing but text."""
    return _HEAD.sub(_broken, html) if "<th" in html else html


def _broken(head: re.Match[str]) -> str:
    return f'<th{head[1]}><span class="words">{"<wbr>".join(words(head[2]))}</span></th>'


def words(text: str) -> tuple[str, ...]:
    """Return a text cut where a line may end: between words, with no closing sign first and no opening one last."""
    return (text,) if text.isascii() else _cut_ahead().get(text) or cut(text)


@cache
def _cut_ahead() -> Mapping[str, tuple[str, ...]]:
    lines = (line.split(BORDER) for line in AHEAD.read_text(encoding="utf-8").splitlines())
    return {"".join(pieces): tuple(pieces) for pieces in lines}


@lru_cache(maxsize=4096)  # every report has the same heads
def cut(text: str) -> tuple[str, ...]:
    """Return the words of a text that is not known ahead, see `words`."""
    import rjieba  # takes 0.1 s and 20 MB, which most reports do without

    pieces = [""]
    for word in rjieba.cut(text):
        for part in _parts(word):
            before = pieces[-1]
            if not before or before[-1] in _OPENING or part[0] in _CLOSING or _is_ascii(before[-1], part[0]):
                pieces[-1] += part
            else:
                pieces.append(part)
    return tuple(pieces)


def _is_ascii(before: str, after: str) -> bool:
    """Whether the border is one that browsers know by themselves, like that within 3.5 or A/B."""
    return before.isascii() and after.isascii()


def _parts(word: str) -> tuple[str, ...]:
    """The two words that a long word is made of, or the word."""
    if len(word) < _LONG:
        return (word,)
    import rjieba

    within = set(rjieba.cut_all(word))
    halves = (
        (word[:place], word[place:]) for place in sorted(range(2, len(word) - 1), key=lambda n: abs(len(word) - 2 * n))
    )
    return next((pair for pair in halves if within.issuperset(pair)), (word,))
