"""What throughput.py and growth.py share: a project of SYNTHETIC towns, a measured command, a printed table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthetic import write_towns

ROOT = Path(__file__).parent.parent
MB = 1_000_000
TICK = 0.01
"""Seconds between two looks for the log's first report. Memory is looked at less often, as that costs more."""

TICKS_PER_RSS, TICKS_PER_PSS = 5, 50


@dataclass
class Usage:
    """What a command used: wall seconds, seconds of the processors, and peaks in bytes of its whole process tree and of
    its first process (the parent) alone.

    `first_outcome` is when its log first told of a finished report, in seconds after the start, None if it never did.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    tree_rss: int = 0
    tree_pss: int = 0
    parent: int = 0
    first_outcome: float | None = None
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def first_report(self) -> float | None:
        """When the first report was begun, as far as the log tells."""
        if self.first_outcome is None:
            return None
        return self.first_outcome - next((sum(_seconds(line).values()) for line in self.log if _seconds(line)), 0.0)

    @property
    def shares(self) -> dict[str, float]:
        """The mean seconds of a report by what they went to, as far as the log tells."""
        reports = [_seconds(line) for line in self.log if _seconds(line)]
        names = dict.fromkeys(name for report in reports for name in report)
        return {name: sum(report.get(name, 0.0) for report in reports) / len(reports) for name in names}


class CommandError(Exception):
    """A measured command failed or did not make what it was asked for; the message ends with what it printed."""


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder that is gone afterwards. Programs started meanwhile keep their bytecode in it.

    Where no bytecode is kept (PYTHONDONTWRITEBYTECODE, or an environment that uv made and nobody used), every start
    compiles all modules, and above all the rival that starts a kernel for each report looks twice as slow as it is. So
    all contenders have theirs, and a first run that does not count makes it.
    """
    folder = Path(tempfile.mkdtemp(prefix="reportkit-benchmark-"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_project(folder: Path, count: int) -> Path:
    """Return a project's root: the repository's master notebook and `count` SYNTHETIC towns."""
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks/annual_report.ipynb", folder / "notebooks")
    write_towns(folder / "params", count)
    return folder


def run(command: Sequence[str | Path], cwd: Path, log: Path | None = None) -> Usage:
    """Return what a command used. `log` is the JSON log that it writes; where it writes none, less is known.

    Raises CommandError if it fails.
    """
    if log:
        log.unlink(missing_ok=True)
    usage, ended = Usage(), threading.Event()
    # A rival's start is not to wait for its maker's statistics server.
    environment = {**os.environ, "PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}
    with tempfile.TemporaryFile() as printed:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=printed, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=_watch, args=(usage, process.pid, start, log, ended))
        watcher.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            usage.seconds, usage.cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime
        finally:
            ended.set()
            watcher.join()
            if process.returncode is None:  # somebody stopped the benchmark
                process.kill()
        if process.returncode:
            printed.seek(0)
            raise CommandError(_tail(printed.read().decode(errors="replace")))
    usage.log = list(_lines(log)) if log else []
    return usage


def expect(folder: Path, count: int, formats: Iterable[str]) -> None:
    """Raise CommandError if there are not so many files of each format: a run that makes nothing is no fast run."""
    for name in formats:
        made = sum(path.stat().st_size > 0 for path in folder.rglob(f"*.{name}"))
        if made != count:
            raise CommandError(f"{made} {name} files of some length were made, not {count}")


def build(project: Path, formats: Sequence[str], jobs: int, *options: str) -> Usage:
    """Return what `reportkit build` of a project with so many workers used."""
    out, log = project / "dist", project / "log.jsonl"
    command: list[str | Path] = [sys.executable, "-m", "reportkit", "build", project / "params", "--out", out]
    for name in formats:
        command += ["--to", name]
    command += ["--jobs", str(jobs), "--log-json", log, *options]
    return run(command, project, log)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their heads: the first column to the left, numbers to the right."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines if column < len(line)) for column in range(len(heads))]
    for line in lines:
        first, *others = line
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=False)]
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())


def verdict(name: str, found: float | None, wanted: str, *, met: bool) -> None:
    """Print one requirement, what was found, and whether that meets it."""
    shown = "not measured" if found is None else f"{found:.2f}"
    print(f"  {name}: {shown} ({wanted}){'' if found is None else ': met' if met else ': NOT MET'}")


def megabytes(number: int) -> str:
    """The number of bytes in MB, as tables print it."""
    return f"{number / MB:.0f}"


def _watch(usage: Usage, pid: int, start: float, log: Path | None, ended: threading.Event) -> None:
    tick = 0
    while not ended.wait(TICK):
        if log and usage.first_outcome is None and log.exists() and b'"seconds"' in log.read_bytes():
            usage.first_outcome = time.perf_counter() - start
        if tick % TICKS_PER_RSS == 0:
            _look(usage, pid, shares=tick % TICKS_PER_PSS == 0)
        tick += 1


def _look(usage: Usage, pid: int, *, shares: bool) -> None:
    tree = list(_tree(pid))
    usage.tree_rss = max(usage.tree_rss, sum(_kilobytes(f"/proc/{each}/status", "VmRSS:") for each in tree) * 1024)
    usage.parent = max(usage.parent, _kilobytes(f"/proc/{pid}/status", "VmHWM:") * 1024)
    if shares:
        pss = sum(_kilobytes(f"/proc/{each}/smaps_rollup", "Pss:") for each in tree)
        usage.tree_pss = max(usage.tree_pss, pss * 1024)


def _tree(pid: int) -> Iterator[int]:
    """A process and everything below it."""
    yield pid
    try:
        below = [child for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]
    except OSError:  # it has just ended
        return
    for child in below:
        yield from _tree(int(child))


def _kilobytes(path: str, name: str) -> int:
    try:
        with open(path) as lines:  # noqa: PTH123  # read 20 times a second for each process
            return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
    except OSError:
        return 0


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    """The log's lines that are JSON objects."""
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def _seconds(line: Mapping[str, Any]) -> dict[str, float]:
    seconds = line.get("seconds")
    if not isinstance(seconds, dict):
        return {}
    return {name: float(number) for name, number in seconds.items() if isinstance(number, int | float)}


def _tail(printed: str) -> str:
    return "\n".join(printed.strip().splitlines()[-5:]) or "it printed nothing"
