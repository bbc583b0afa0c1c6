"""S1 and S2: narratives that are nearly another town's, or nearly last year's.

Texts are compared by shingles (shingles.py). Which texts to compare at all is found by MinHash signatures cut into
bands (locality-sensitive hashing), so that the work grows with the number of texts and not with its square; what is
told is counted on the texts themselves.

Phrases that more than half of the texts in a folder have in common count for nothing where the folder has ten texts
or more: the official phrases, and what a county prescribes. A passage of more than LONGEST_PHRASE letters is no phrase;
it counts, even if everybody has copied it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportkit.checks.findings import Finding
from reportkit.checks.similarity_hashes import (
    Hashes,
    Mask,
    Shingled,
    among,
    covered,
    passages_in_common,
    shingled,
    stock,
    without_stock,
)
from reportkit.messages.words import phrase
from reportkit.model.filing import Filing

THRESHOLD = 0.6
LAST_YEAR_THRESHOLD = 0.8
"""A town goes on where it stopped: a third or half of its text may well be last year's."""

LEAST_LETTERS = 100
ENOUGH_FOR_STOCK = 10
LONGEST_PHRASE = 120
_BANDS, _ROWS = 42, 3
_NEAREST = 3
_SMALL_BUCKET = 8
_SHOWN_PASSAGES, _SHOWN_LETTERS = 3, 40
_NOTHING: Hashes = np.zeros(0, dtype=np.uint64)


class Share(NamedTuple):
    """How much of a text stands in another one, and in which shingles."""

    part: float
    shared: Mask


class _Text(NamedTuple):
    """A filing's text, which of its shingles count, and those in order, each once."""

    filing: Filing
    shingles: Shingled
    counts: Mask
    known: Hashes


def near_duplicates(filings: Sequence[Filing], threshold: float = THRESHOLD) -> Iterator[tuple[Filing, Finding]]:
    """Yield each filing of which so much of the text stands in another one's, with the finding (S1).

    The filings are those of one year. For each only the nearest other one is told, with the share of the text and the
    longest common passages. Texts of fewer than a hundred letters, stock phrases aside, are left out.
    """
    texts = _texts(filings)
    groups = _identical(texts)
    for members in groups:
        for text in members if len(members) > 1 else ():
            other = members[1] if text is members[0] else members[0]
            yield text.filing, _finding(text, other, Share(1.0, text.counts), len(members) - 2)
    first = [members[0] for members in groups]
    alone = [len(members) == 1 for members in groups]
    for number, others in _candidates(first).items():
        if alone[number]:
            share, other = max(
                ((share_of(first[number], first[other]), first[other]) for other in others),
                key=lambda pair: pair[0].part,
            )
            if share.part >= threshold:
                yield first[number].filing, _finding(first[number], other, share, 0)


def as_last_year(filing: Filing, last: Filing) -> Iterator[Finding]:
    """S2: the text is not nearly last year's."""
    now, before = (_text(each, shingled(each), _NOTHING) for each in (filing, last))
    if now.shingles.letters < LEAST_LETTERS:
        return
    share = share_of(now, before)
    if share.part >= LAST_YEAR_THRESHOLD:
        at = ("narrative", _percent(share.part), phrase("less_than", number=f"{LAST_YEAR_THRESHOLD:.0%}"))
        if found := _quotations(now, share):
            yield Finding("S2.quoted", *at, last_year=last.year, year=filing.year, quotations=found)
        else:
            yield Finding("S2.plain", *at, last_year=last.year, year=filing.year)


def share_of(text: _Text, other: _Text) -> Share:
    """Return how much of the first text, stock phrases aside, stands in the second."""
    shared = text.counts & among(text.shingles.hashes, other.known)
    of_all = covered(text.counts).sum()
    return Share(float(covered(shared).sum() / of_all) if of_all else 0.0, shared)


def _finding(text: _Text, other: _Text, share: Share, more: int) -> Finding:
    at = ("narrative", _percent(share.part), phrase("less_than", number=f"{THRESHOLD:.0%}"))
    who, path, found = other.filing.jurisdiction, other.filing.origin.path, _quotations(text, share)
    if more > 0 and found:
        return Finding("S1.more_quoted", *at, other=who, path=path, more=more, quotations=found)
    if more > 0:
        return Finding("S1.more", *at, other=who, path=path, more=more)
    if found:
        return Finding("S1.one_quoted", *at, other=who, path=path, quotations=found)
    return Finding("S1.one", *at, other=who, path=path)


def _quotations(text: _Text, share: Share) -> list[str]:
    found = passages_in_common(text.shingles, share.shared, _SHOWN_PASSAGES, _SHOWN_LETTERS)
    return [f"“{words}”" for words in found]


def _percent(part: float) -> str:
    """Whole percents, cut off: 100% is only what is the same throughout."""
    return f"{int(part * 100)}%"


def _texts(filings: Iterable[Filing]) -> list[_Text]:
    """The texts that are long enough, with the shingles that count."""
    every = [(filing, text) for filing in filings if filing.narrative for text in (shingled(filing),)]
    common = _stock_by_folder(every)
    texts = [_text(filing, text, common[_folder(filing)]) for filing, text in every]
    return [text for text in texts if covered(text.counts).sum() >= LEAST_LETTERS]


def _text(filing: Filing, shingles: Shingled, common: Hashes) -> _Text:
    counts = without_stock(shingles.hashes, common, LONGEST_PHRASE)
    return _Text(filing, shingles, counts, np.unique(shingles.hashes[counts]))


def _stock_by_folder(texts: Iterable[tuple[Filing, Shingled]]) -> dict[str, Hashes]:
    folders: dict[str, list[Hashes]] = {}
    for filing, text in texts:
        folders.setdefault(_folder(filing), []).append(text.hashes)
    return {
        folder: stock(hashes, len(hashes)) if len(hashes) >= ENOUGH_FOR_STOCK else _NOTHING
        for folder, hashes in folders.items()
    }


def _folder(filing: Filing) -> str:
    return str(PurePosixPath(filing.origin.path.replace("\\", "/")).parent)


def _identical(texts: Iterable[_Text]) -> list[list[_Text]]:
    """The texts, those together whose letters are all the same."""
    groups: dict[bytes, list[_Text]] = {}
    for text in texts:
        groups.setdefault(text.shingles.hashes.tobytes(), []).append(text)
    return list(groups.values())


def _candidates(texts: Sequence[_Text]) -> dict[int, list[int]]:
    """For each text, by number, the few others whose signatures are most like its own."""
    if len(texts) < 2:
        return {}
    signatures = _signatures(texts)
    pairs = _pairs_in_buckets(signatures)
    alike = np.array([(signatures[one] == signatures[other]).mean() for one, other in pairs])
    nearest: dict[int, list[int]] = {}
    for at in np.argsort(-alike, kind="stable").tolist():
        for one, other in (pairs[at], pairs[at][::-1]):
            if len(nearest.setdefault(one, [])) < _NEAREST:
                nearest[one].append(other)
    return nearest


def _signatures(texts: Sequence[_Text]) -> NDArray[np.uint64]:
    """MinHash: for each of many ways to mix the hashes, the smallest that a text has."""
    source = np.random.default_rng(20190503)
    factors, shifts = source.integers(1, 2**63, size=(2, _BANDS * _ROWS), dtype=np.uint64)
    factors |= np.uint64(1)
    return np.stack([(text.known[:, None] * factors + shifts).min(axis=0) for text in texts])


def _pairs_in_buckets(signatures: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Pairs of texts of which a band of the signature is the same; in a large bucket each with its neighbours only."""
    pairs: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = {}
        for number, part in enumerate(np.ascontiguousarray(signatures[:, band * _ROWS : (band + 1) * _ROWS])):
            buckets.setdefault(part.tobytes(), []).append(number)
        for members in buckets.values():
            if 1 < len(members) <= _SMALL_BUCKET:
                pairs.update(combinations(members, 2))
            elif len(members) > 1:
                pairs.update(pairwise(members))
                pairs.update((members[0], member) for member in members[1:])
    return sorted(pairs)
