"""Whatever a command was doing when it was killed or the disk refused: files are old or new, and the next one mends all."""

import errno
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from benches import Bench, ended
from judging import PART, Course, held, parts_left
from syscalls import AVAILABLE, Event, Work
from writers import WRITERS, Writer

from reportkit.files import parts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not AVAILABLE, reason="system calls are stopped on Linux on x86-64 only"),
]

_TAKES_SPACE = {
    "openat", "write", "pwrite", "writev", "mkdir", "link", "linkat", "rename", "renameat", "renameat2", "fallocate",
}  # fmt: skip

Fault = Callable[[Work, Event, bool], None]


def kill(work: Work, _: Event, now: bool) -> None:
    """The process ends there."""
    if now:
        work.end()


def refuse(work: Work, _: Event, now: bool) -> None:
    """That one call finds no space."""
    if now:
        work.refuse(errno.ENOSPC)


def fill(work: Work, event: Event, now: bool) -> None:
    """From there on nothing finds space."""
    work.full = now or getattr(work, "full", False)
    if work.full and event.call in _TAKES_SPACE:
        work.refuse(errno.ENOSPC)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("fault", [kill, refuse, fill])
@pytest.mark.parametrize("name", WRITERS)
def test_each_file_is_old_or_new_and_the_next_command_mends_all(name, fault, bench: Bench, monkeypatch):
    monkeypatch.setattr(parts.SWEEPER, "young", 0)
    writer = WRITERS[name]
    bench.lay(writer.before)
    course = bench.course(writer.work)
    assert [path for path in course.between() if not path.startswith("dist/")] == []
    wrong = [
        f"{at} {event.call} {event.path}: {reason}"
        for at, event in enumerate(course.events)
        for reason in _wrong(bench, writer, course, at, fault)
    ]
    assert wrong == []


def _wrong(bench: Bench, writer: Writer, course: Course, at: int, fault: Fault) -> Iterator[str]:
    """What is wrong after a fault at an event, and once the same has been done again."""
    work = bench.start(writer.work)
    for number, event in enumerate(work):
        fault(work, event, number == at)
    yield from ended(work, killed=fault is kill)
    yield from course.wrong(bench.root)
    if work.code == 0 and held(bench.root) != course.after:
        yield "it is not done, and nobody is told"
    is_done = held(bench.root) == course.after
    if not bench.is_untouched() and not (is_done and not writer.settles) and not _is_midway(course.events, at):
        yield from _again(bench.root, writer, course)


def _is_midway(events: Sequence[Event], at: int) -> bool:
    """Whether a part file is being filled, which is for the next command as before its next event."""
    event = events[at]
    return event.call in ("fchmod", "write") and PART.fullmatch(Path(event.path).name) is not None


def _again(root: Path, writer: Writer, course: Course) -> Iterator[str]:
    work = Work(writer.work, root)
    events = list(work)
    yield from ended(work)
    after = held(root)
    yield from (
        f"again: {name} is otherwise"
        for name in after.keys() | course.after.keys()
        if after.get(name) != course.after.get(name)
    )
    yield from (f"again: {name} is left" for name in parts_left(root, events))
