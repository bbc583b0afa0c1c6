"""What a build says while it runs and when it ends: to a person at a terminal, to a log, to a machine."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reportkit.cli.words import count
from reportkit.errors import UserError

if TYPE_CHECKING:
    from reportkit.batch import Outcome
    from reportkit.batch.updating import Plan
    from reportkit.project import Project

_FEW = 20
"""Up to so many reports are named as they are made; of more, only those that could not be made are."""

_INTERVAL = 10.0
"""Seconds between two lines of progress in a log."""


class Teller(AbstractContextManager["Teller"]):
    """Tells of outcomes as they come, and sums them up."""

    def __init__(self, project: Project, *, why: bool, log: Path | None) -> None:
        self.interrupted = False
        self._shown = project.shown
        self._why = why
        self._log = _Log(log) if log else None
        self._counts: Counter[str] = Counter()
        self._problems: list[str] = []
        self._start = time.monotonic()
        self._total = 0
        self._bar: _Bar | _Lines | None = None

    def __exit__(self, *exc: object) -> None:
        self._end_bar()
        if self._log:
            self._log.close()

    @property
    def all_well(self) -> bool:
        """Whether every report is there."""
        return not self._counts["invalid"] and not self._counts["failed"] and self._made == self._total

    @property
    def _made(self) -> int:
        return _done(self._counts)

    def announce(self, plan: Plan) -> None:
        """Say what there is to do, and with `why`, for which reason."""
        self._total = len(plan.stale)
        if self._log:
            self._log.write(event="start", total=len(plan.stale), current=len(plan.current))
        if self._why:
            for job, reason in plan.stale:
                print(f"{self._shown(job.params)}: {reason}")
        if self._total > _FEW:
            self._bar = _Bar(self._total) if sys.stdout.isatty() else _Lines(self._total)

    def tell(self, outcome: Outcome) -> None:
        """Say what became of a report."""
        self._counts[outcome.status] += 1
        if self._log:
            self._log.write(event="outcome", **outcome.as_dict())
        if outcome.status == "up-to-date":
            return
        if outcome.status == "built":
            if outcome.reason or self._total <= _FEW:
                self._print(self._built(outcome))
        else:
            self._problems.append(self._problem(outcome))
            if self._bar:
                self._print(self._problems[-1].splitlines()[0])
        if self._bar:
            self._bar.advance(self._counts)

    def summarize(self, retry: str) -> None:
        """Name every report that could not be made and why, the command that tries these again, and the counts."""
        self._end_bar()
        for problem in self._problems:
            print(problem)
        if self._problems:
            print(f"to try just these again: {retry}")
        missing = self._total - self._made
        if missing:
            cause = "interrupted" if self.interrupted else "stopped, as the others would fail too"
            print(f"{cause}; {count(missing, 'report')} not begun: the same command goes on from here")
        print(self._summary())
        if self._log:
            counts = {status.replace("-", "_"): number for status, number in self._counts.items()}
            self._log.write(event="end", interrupted=self.interrupted, missing=missing, **counts)

    def _summary(self) -> str:
        names = {"built": "built", "up-to-date": "up to date", "invalid": "invalid", "failed": "failed"}
        told = [f"{self._counts[key]} {name}" for key, name in names.items() if self._counts[key]]
        told = told if self._counts["built"] or self._counts["up-to-date"] else ["0 built", *told]
        seconds = time.monotonic() - self._start
        rate = f", {self._counts['built'] / seconds:.1f} reports/s" if self._counts["built"] > _FEW else ""
        return f"{', '.join(told)} ({seconds:.1f} s{rate})"

    def _built(self, outcome: Outcome) -> str:
        files = " ".join(self._shown(path) for path in outcome.files if path.suffix != ".ipynb")
        number = sum(issue.severity == "warning" for issue in outcome.issues)
        warnings = f" ({count(number, 'warning')}: reportkit check)" if number else ""
        note = f"\n  {outcome.reason}" if outcome.reason else ""
        return f"built {files}{warnings}{note}"

    def _problem(self, outcome: Outcome) -> str:
        lines = [f"{outcome.status} {self._shown(outcome.job.params)}", *(f"  {issue}" for issue in outcome.errors)]
        return "\n".join(lines + [f"  {line}" for line in outcome.reason.splitlines()])

    def _print(self, text: str) -> None:
        if isinstance(self._bar, _Bar):
            self._bar.print(text)
        else:
            print(text)

    def _end_bar(self) -> None:
        if self._bar:
            self._bar.close()
            self._bar = None


def _done(counts: Counter[str]) -> int:
    """How many reports were made, or tried."""
    return counts["built"] + counts["invalid"] + counts["failed"]


class _Bar:
    """A progress bar with rate and time left."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        # highlight and markup off: a town's name in brackets is no colour.
        self._console = Console(highlight=False, markup=False)
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}", markup=False))
        self._progress = Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True)
        self._task = self._progress.add_task("", total=total, told="")
        self._start = time.monotonic()
        self._progress.start()

    def advance(self, counts: Counter[str]) -> None:
        rate = _done(counts) / max(time.monotonic() - self._start, 0.001)
        bad = counts["failed"] + counts["invalid"]
        told = f"{rate:.1f} reports/s" + (f", {bad} not made" if bad else "")
        self._progress.update(self._task, advance=1, told=told)

    def print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


class _Lines:
    """A line of progress now and then, for a log."""

    def __init__(self, total: int) -> None:
        self._total, self._start = total, time.monotonic()
        self._next = self._start + _INTERVAL

    def advance(self, counts: Counter[str]) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL
        done = _done(counts)
        rate = done / (now - self._start)
        print(f"{done} of {self._total}, {rate:.1f} reports/s, {(self._total - done) / rate:.0f} s left", flush=True)

    def close(self) -> None:
        """Nothing is open."""


class _Log:
    """A file with a line of JSON for each event, readable while the build runs."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: IO[str] = path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}; choose another file for --log-json") from None

    def write(self, **fields: Any) -> None:
        self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()
