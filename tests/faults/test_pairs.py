"""Two commands at once on the same town: what comes of it is what one after the other makes, or one of them says no."""

import itertools
import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
from benches import Bench, ended
from judging import Files, held, lost
from syscalls import AVAILABLE, Work
from writers import WRITERS, moved_on

from reportkit.files.patience import waiting

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not AVAILABLE, reason="system calls are stopped on Linux on x86-64 only"),
]

SEED = int(os.environ.get("REPORTKIT_SEED", "1"))
MOMENTS = 2
"""At so many of its events, chosen by the seed, a command is left waiting while another does all it has to do."""

AT_ONCE = [name for name in WRITERS if name not in ("build for the public", "build that fails")]

Do = Callable[[], int]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("pair", [*itertools.combinations_with_replacement(AT_ONCE, 2)], ids=" and ".join)
def test_two_at_once_are_as_one_after_the_other(pair, bench: Bench):
    print(f"seed {SEED}")
    one, other = (WRITERS[name] for name in pair)
    then = [WRITERS["build"].work] if "build" in pair else []
    bench.lay(*sorted({one.before, other.before}, key=lambda before: (before is not moved_on, before.__name__)))
    with waiting(0.02):
        ends = Ends(bench, one.work, other.work, then)
        assert [*_wrong(bench, ends, one.work, other.work), *_wrong(bench, ends, other.work, one.work)] == []


class Ends:
    """How the office may be after two commands, of which each may have said that it did nothing.

    `then` follows in any case: a build makes its reports from what it finds, and the next one from what has come since.
    """

    def __init__(self, bench: Bench, one: Do, other: Do, then: Sequence[Do]) -> None:
        self.start, self.then = held(bench.anew()), then
        self._neither = _after(bench, *then)
        self._both = [_after(bench, *order, *then) for order in ((one, other), (other, one))]
        self._alone = {each: _after(bench, each, *then) for each in (one, other)}

    def reasons(self, now: Files, did: Sequence[Do]) -> Iterator[str]:
        """Why the office may not be so, if these have said that all is well."""
        allowed = [*self._both, *([self._alone[did[0]]] if len(did) == 1 else []), *([] if did else [self._neither])]
        if now not in allowed:
            other = min((_differing(now, each) for each in allowed), key=len)
            yield f"no order makes this of {', '.join(other)}; {len(did)} said that all is well"


def _after(bench: Bench, *works: Do) -> Files:
    bench.anew()
    return _go_on(bench, works)


def _go_on(bench: Bench, works: Iterable[Do]) -> Files:
    """The files after more commands, one after the other."""
    for each in works:
        work = Work(each, bench.root)
        list(work)
        assert [*ended(work)] == []
    return held(bench.root)


def _differing(one: Files, other: Files) -> list[str]:
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]


def _wrong(bench: Bench, ends: Ends, one: Do, other: Do) -> Iterator[str]:
    """What is wrong when one command is left waiting at some of its events until the other has ended."""
    events = bench.course(one).events
    for at in sorted(random.Random(SEED).sample(range(len(events)), min(MOMENTS, len(events)))):
        works = [bench.start(one)]
        for number, _ in enumerate(works[0]):
            if number == at:
                works.append(Work(other, bench.root))
                list(works[1])
        reasons = [*lost(ends.start, bench.root)]
        reasons += ends.reasons(
            _go_on(bench, ends.then), [each for each, work in zip((one, other), works, strict=True) if work.code == 0]
        )
        reasons += [reason for work in works for reason in ended(work)]
        yield from (f"waiting at {at} {events[at].call} {events[at].path}: {reason}" for reason in reasons)
