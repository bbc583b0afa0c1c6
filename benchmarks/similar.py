"""How long the search for near-duplicates takes: 1,000 SYNTHETIC narratives of some 2,000 characters.

    uv run python benchmarks/similar.py [--towns 1000] [--pairs 200]

The peer is the straightforward way: every text with every other one, by the sets of their shingles, and by difflib.
Both are timed on some pairs in the same run and extrapolated to all pairs.
"""

from __future__ import annotations

import argparse
import difflib
import random
import time
from collections.abc import Callable, Sequence
from itertools import combinations, islice

from synthetic import Words

from reportkit.checks.similarity import near_duplicates
from reportkit.errors import Origin
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing

YEAR, LENGTH, SIZE = 2023, 2000, 8
PLANTED = 0.1
WANTED_SECONDS = 10.0


def narrative(number: int) -> str:
    """Some LENGTH characters of SYNTHETIC sentences; of each hundred towns ten begin with their neighbour's text."""
    source = random.Random(number)
    text = ""
    while len(text) < LENGTH:
        words = Words(source, f"合成{number:04}镇", YEAR)
        text += words.section("overview") + words.section("problems")
    if number % 10 == 9:
        text = narrative(number - 1)[: LENGTH * 9 // 10] + text[: LENGTH // 10]
    return text[:LENGTH]


def towns(count: int) -> list[Filing]:
    """Return so many filings, in folders of forty."""
    form = shipped_forms()["2021"]
    return [
        Filing(
            form,
            name,
            YEAR,
            name,
            {},
            {"overview": narrative(number)},
            Origin(f"params/合成{number // 40}县/{name}.yaml"),
        )
        for number in range(count)
        for name in (f"合成{number:04}镇",)
    ]


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def by_sets(texts: Sequence[str], pairs: int) -> None:
    """Compare pairs of texts by the sets of their shingles, which are made once."""
    shingles = [{text[at : at + SIZE] for at in range(len(text) - SIZE + 1)} for text in texts[: pairs + 1]]
    for one, other in islice(combinations(shingles, 2), pairs):
        len(one & other) / len(one | other)


def by_difflib(texts: Sequence[str], pairs: int) -> None:
    """Compare pairs of texts by difflib."""
    for one, other in islice(combinations(texts, 2), pairs):
        difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--towns", type=int, default=1000)
    parser.add_argument(
        "--pairs", type=int, default=200, help="so many pairs are compared one by one (difflib: a tenth)"
    )
    wanted = parser.parse_args()
    filings = towns(wanted.towns)
    texts = [filing.narrative["overview"] for filing in filings]
    found: list[object] = []
    own = seconds(lambda: found.extend(near_duplicates(filings)))
    verdict = "ok" if own * 1000 < WANTED_SECONDS * wanted.towns else "too slow"
    print(f"{wanted.towns} narratives of {LENGTH} characters: {own:.2f} s, {len(found)} findings ({verdict})")
    every = wanted.towns * (wanted.towns - 1) // 2
    for name, peer, pairs in (("sets", by_sets, wanted.pairs), ("difflib", by_difflib, max(wanted.pairs // 10, 1))):
        each = seconds(lambda peer=peer, pairs=pairs: peer(texts, pairs)) / pairs
        all_pairs = each * every
        print(
            f"every pair by {name}: {each * 1e3:.2f} ms a pair, {all_pairs:.0f} s for {every}, {all_pairs / own:.0f}x"
        )


if __name__ == "__main__":
    main()
