"""A text as hashes of every eight characters in a row, and what two texts have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportkit.model.filing import Filing

SIZE = 8
"""So many characters in a row make a shingle; any four- or six-character word of office is shorter."""

Hashes = NDArray[np.uint64]
Mask = NDArray[np.bool_]

_BASE, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD)


class Shingled(NamedTuple):
    """A text: where its letters stand, and the hash of each SIZE of them in a row, in order."""

    text: str
    places: NDArray[np.intp]
    hashes: Hashes

    @property
    def letters(self) -> int:
        """The number of letters."""
        return len(self.places)


def shingled(filing: Filing) -> Shingled:
    """Return a filing's own words as shingles of Chinese and Latin letters.

    White space, punctuation, digits and with them years and counts, and the unit's own names do not count.
    """
    text = "\n".join(filing.narrative[key] for key in filing.narrative)
    codes = np.frombuffer(_nameless(text, filing).encode("utf-32-le", "replace"), dtype="<u4")
    chinese = (codes >= 0x3400) & (codes <= 0x9FFF)
    latin = ((codes | 0x20) >= ord("a")) & ((codes | 0x20) <= ord("z"))
    places = np.flatnonzero(chinese | latin)
    return Shingled(text, places, _hashes(codes[places].astype(np.uint64)))


def _nameless(text: str, filing: Filing) -> str:
    """The text with blanks where the unit's names stand, all other letters in their places."""
    for name in sorted({filing.jurisdiction, filing.agency}, key=len, reverse=True):
        text = text.replace(name, " " * len(name))
    return text


def _hashes(letters: Hashes) -> Hashes:
    count = max(len(letters) - SIZE + 1, 0)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(SIZE if count else 0):
        hashes = hashes * _BASE + letters[offset : offset + count]
    hashes ^= hashes >> np.uint64(33)
    hashes *= _MIX
    return hashes ^ (hashes >> np.uint64(29))


def among(hashes: Hashes, known: Hashes) -> Mask:
    """Return which hashes are among the known ones, which are in order."""
    if not len(known):
        return np.zeros(len(hashes), dtype=bool)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.asarray(known[at] == hashes, dtype=bool)


def covered(chosen: Mask) -> Mask:
    """Return which letters stand in one of the chosen shingles."""
    steps = np.zeros(len(chosen) + SIZE, dtype=np.int64)
    steps[: len(chosen)] += chosen
    steps[SIZE:] -= chosen
    return np.asarray(np.cumsum(steps[:-1]) > 0, dtype=bool)


def runs(chosen: Mask) -> list[tuple[int, int]]:
    """Return where each unbroken run begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def stock(texts: Iterable[Hashes], number: int) -> Hashes:
    """Return the shingles that stand in more than half of so many texts, in order."""
    hashes, counts = np.unique(np.concatenate([np.unique(hashes) for hashes in texts]), return_counts=True)
    return hashes[counts * 2 > number]


def without_stock(hashes: Hashes, common: Hashes, longest: int) -> Mask:
    """Return which shingles count: all but stock phrases. A passage longer than `longest` is no phrase any more."""
    counts = ~among(hashes, common)
    for begin, end in runs(~counts):
        if end - begin + SIZE - 1 > longest:
            counts[begin:end] = True
    return counts


def passages_in_common(text: Shingled, shared: Mask, most: int, length: int) -> list[str]:
    """Return the longest passages of a text that are shared, each cut to a length, the longest first."""
    longest = sorted(runs(covered(shared)), key=lambda run: run[0] - run[1])[:most]
    passages = [text.text[text.places[begin] : text.places[end - 1] + 1] for begin, end in longest]
    return [_short(" ".join(passage.split()), length) for passage in passages]


def _short(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[:length]}…"
