"""What was said before and is said after, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from reportkit.worddiff.common_subsequence import EXACT, Block, matching_blocks
from reportkit.worddiff.segmentation import clauses, sentences, words

_SLIGHT = 0.25  # the share of common signs below which two texts have nothing to do with each other
_HANGING = "，、。；：！？"


class Piece(NamedTuple):
    """A stretch of text that both have, or that only the earlier (gone) or only the later one (new) has."""

    kind: Literal["same", "gone", "new"]
    text: str


class _Run(NamedTuple):
    """What a stretch said before and says after; the same if nothing was changed."""

    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


def word_diff(before: str, after: str) -> list[Piece]:
    """Return the difference in words. Pieces same and gone joined are `before`; same and new joined are `after`."""
    runs = _runs(sentences(before), sentences(after))
    within = [part for run in runs for part in ([run] if run.same else _within(run))]
    return list(_pieces(_slid(_joined(within))))


def _within(run: _Run) -> list[_Run]:
    """Return the difference between sentences that are not the same."""
    runs = _without_islands(_joined(_in_words(run)))
    if sum(not part.same for part in runs) < 2:
        return runs
    common = sum(len(part.before.strip(_HANGING)) for part in runs if part.same)
    return runs if common >= _SLIGHT * min(len(run.before), len(run.after)) else [run]


def _in_words(run: _Run) -> Iterator[_Run]:
    """Yield the difference in words, of long texts the difference in words between clauses that are not the same."""
    before, after = words(run.before), words(run.after)
    if len(before) * len(after) <= EXACT:
        yield from _runs(before, after)
        return
    for part in _joined(_runs(clauses(run.before), clauses(run.after))):
        yield from [part] if part.same else _runs(words(part.before), words(part.after))


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[_Run]:
    a = b = 0
    for old, new, size in [*matching_blocks(before, after), Block(len(before), len(after), 0)]:
        if old > a or new > b:
            yield _Run("".join(before[a:old]), "".join(after[b:new]))
        a, b = old + size, new + size
        if size:
            yield _Run(*["".join(before[old:a])] * 2)


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Return the runs so that every second one is the same on both sides."""
    return [_together(group) for _, group in groupby(runs, lambda run: run.same)]


def _together(runs: Iterable[_Run]) -> _Run:
    before, after = zip(*runs, strict=True)
    return _Run("".join(before), "".join(after))


def _without_islands(runs: list[_Run]) -> list[_Run]:
    """Return the runs with what is hardly a word between two changes counted among them.

    It stays where words were only added, or only left out, on both sides of it: nothing is gained by repeating it.
    """
    whole: list[list[_Run]] = []
    for at, run in enumerate(runs):
        island = run.same and 0 < at < len(runs) - 1 and _is_slight(run.before)
        swallowed = island and _replaces(*whole[-1], runs[at + 1])
        if swallowed or (whole and not (len(whole[-1]) == 1 and whole[-1][0].same) and not run.same):
            whole[-1].append(run)
        else:
            whole.append([run])
    return [_together(group) for group in whole]


def _is_slight(text: str) -> bool:
    return "\n" not in text and len(text.strip()) <= 1 and not text.strip().isdigit()


def _replaces(*changes: _Run) -> bool:
    return any(change.before for change in changes) and any(change.after for change in changes)


def _slid(runs: list[_Run]) -> list[_Run]:
    """Return the runs with additions and omissions that begin with a comma moved on to end with the next one."""
    runs = list(runs)
    for at in range(1, len(runs) - 1):
        last, change, following = runs[at - 1 : at + 2]
        sign = (change.before or change.after)[:1]
        one_sided = not (change.before and change.after)
        if one_sided and sign in _HANGING and last.same and following.before[:1] == sign:
            runs[at - 1] = _Run(last.before + sign, last.after + sign)
            runs[at] = _Run(*(text and text[1:] + sign for text in change))
            runs[at + 1] = _Run(following.before[1:], following.after[1:])
    return runs


def _pieces(runs: Iterable[_Run]) -> Iterator[Piece]:
    for run in runs:
        kinds: list[tuple[Literal["same", "gone", "new"], str]]
        kinds = [("same", run.before)] if run.same else [("gone", run.before), ("new", run.after)]
        yield from (Piece(kind, text) for kind, text in kinds if text)
