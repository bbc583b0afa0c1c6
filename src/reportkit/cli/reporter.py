"""What a build says while it runs and when it ends: to a person at a terminal, to a log, to a machine."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reportkit.cli.output import say, say_lines
from reportkit.cli.phrases import listed
from reportkit.errors import reason_of, unwritten
from reportkit.signs import json_text, one_line
from reportkit.translation import N_, _, counted

if TYPE_CHECKING:
    from reportkit.batch import Outcome
    from reportkit.batch.incremental import Plan
    from reportkit.batch.withdrawal import Left
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
        self._problems: list[list[str]] = []
        self._unlisted = 0
        self._warnings: Counter[str] = Counter()
        self._start = time.monotonic()
        self._total = 0
        self._stuck = False
        self._bar: _Bar | _Lines | None = None

    def __exit__(self, *exc: object) -> None:
        self._end_bar()
        if self._log:
            self._log.close()

    @property
    def all_well(self) -> bool:
        """Whether every report is there, and none that is asked for no more."""
        made = not self._counts["invalid"] and not self._counts["failed"] and self._made == self._total
        return made and not self._unlisted and not self._stuck

    @property
    def log_lost(self) -> bool:
        """Whether the log could not be written to its end."""
        return self._log is not None and self._log.lost

    @property
    def _made(self) -> int:
        return _done(self._counts)

    def tell_unlisted(self, unlisted: Iterable[tuple[Path, str]]) -> None:
        """Say which folders could not be looked into, so that nobody knows what reports they ask for."""
        for path, reason in unlisted:
            self._unlisted += 1
            say_lines(_("not looked into {message}"), [self._shown(path), reason])
            if self._log:
                self._log.write(event="unlisted", params=self._shown(path), reason=reason)

    def announce(self, plan: Plan) -> None:
        """Say what there is to do, and with `why`, for which reason."""
        self._total = len(plan.stale)
        if self._log:
            self._log.write(event="start", total=len(plan.stale), current=len(plan.current))
        self._stuck = bool(plan.stuck)
        for note in filter(None, (plan.note, *plan.stuck)):
            say(note)
            if self._log:
                self._log.write(event="note", text=note)
        for left in plan.left:
            self._tell_left(left)
        if self._why:
            for job, reason in plan.stale:
                say(_("{path}: {reason}").format(path=job.place, reason=reason))
        if self._total > _FEW:
            self._bar = _Bar(self._total) if sys.stdout.isatty() else _Lines(self._total)

    def _tell_left(self, left: Left) -> None:
        files, kept = ([self._shown(path) for path in paths] for paths in (left.files, left.kept))
        if self._log:
            self._log.write(event="left", params=left.params, files=files, kept=kept)
        if files:
            words = _("{params} is gone, so its report has left: {files}")
            say(words.format(params=left.params, files=" ".join(files)))
            words = _("kept as {files}; put the parameter file back and build to have it again")
            say("  " + words.format(files=" ".join(kept)))

    def tell(self, outcome: Outcome) -> None:
        """Say what became of a report."""
        self._counts[outcome.status] += 1
        if self._log:
            self._log.write(event="outcome", **outcome.as_dict())
        if outcome.status == "up-to-date":
            return
        self._say(*(f"{outcome.job.name}: {line}" for line in outcome.printed))
        if outcome.status == "built":
            self._warnings.update(outcome.warnings)
            if outcome.reason or self._total <= _FEW:
                self._say(*self._built(outcome))
        else:
            self._problems.append(self._problem(outcome))
            if self._bar:
                self._say(self._problems[-1][0])
        if self._bar:
            self._bar.advance(self._counts)

    def summarize(self, retry: str) -> None:
        """Name every report that could not be made and why, the command that tries these again, and the counts."""
        self._end_bar()
        if self._total > _FEW:  # else each was told with its report
            for warning, reports in self._warnings.most_common(_FEW):
                say(counted(reports, "{warning} ({number} report)", "{warning} ({number} reports)", warning=warning))
            if len(self._warnings) > _FEW:
                words = counted(
                    len(self._warnings) - _FEW,
                    "…{number} more warning of this kind: --log-json has them all",
                    "…{number} more warnings of this kind: --log-json has them all",
                )
                say(words)
        for line in chain.from_iterable(self._problems):
            say(line)
        if self._problems:
            say(_("to try just these again: {command}").format(command=retry))
        missing = self._total - self._made
        if missing:
            say(_missing(missing, interrupted=self.interrupted))
        say(self._summary())
        if self._log:
            counts = {status.replace("-", "_"): number for status, number in self._counts.items()}
            self._log.write(event="end", interrupted=self.interrupted, missing=missing, **counts)

    def _summary(self) -> str:
        told = [_(words).format(number=self._counts[key]) for key, words in _COUNTS.items() if self._counts[key]]
        if not self._counts["built"] and not self._counts["up-to-date"]:
            told = [_(_BUILT).format(number=0), *told]
        if self._unlisted:
            told += [counted(self._unlisted, "{number} folder not looked into", "{number} folders not looked into")]
        seconds = time.monotonic() - self._start
        words = _("{counts} ({seconds:.1f} s)")
        if self._counts["built"] > _FEW:
            words = _("{counts} ({seconds:.1f} s, {rate:.1f} reports/s)")
        return words.format(counts=listed(told), seconds=seconds, rate=self._counts["built"] / seconds)

    def _built(self, outcome: Outcome) -> list[str]:
        files = " ".join(self._shown(path) for path in outcome.files if path.suffix != ".ipynb")
        number = sum(issue.severity == "warning" for issue in outcome.issues)
        head = _("built {files}").format(files=files)
        if number:
            head = counted(
                number,
                "built {files} ({number} warning: reportkit check)",
                "built {files} ({number} warnings: reportkit check)",
                files=files,
            )
        told = outcome.warnings if self._total <= _FEW else ()
        return [head, *(f"  {line}" for line in [*outcome.reason.splitlines(), *told])]

    def _problem(self, outcome: Outcome) -> list[str]:
        words = _("invalid {params}") if outcome.status == "invalid" else _("failed {params}")
        head = words.format(params=outcome.job.place)
        return [head, *(f"  {line}" for line in [*outcome.errors, *outcome.reason.splitlines()])]

    def _say(self, *lines: str) -> None:
        write = self._bar.say if isinstance(self._bar, _Bar) else say
        for line in lines:
            write(line)

    def _end_bar(self) -> None:
        if self._bar:
            self._bar.close()
            self._bar = None


_BUILT = N_("{number} built")

_COUNTS = {
    "built": _BUILT,
    "up-to-date": N_("{number} up to date"),
    "invalid": N_("{number} invalid"),
    "failed": N_("{number} failed"),
}


def _missing(reports: int, *, interrupted: bool) -> str:
    """What is told of reports that were not begun."""
    if interrupted:
        return counted(
            reports,
            "interrupted; {number} report not begun: the same command goes on from here",
            "interrupted; {number} reports not begun: the same command goes on from here",
        )
    return counted(
        reports,
        "stopped, as the others would fail too; {number} report not begun: the same command goes on from here",
        "stopped, as the others would fail too; {number} reports not begun: the same command goes on from here",
    )


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
        words = _("{rate:.1f} reports/s, {bad} not made") if bad else _("{rate:.1f} reports/s")
        told = words.format(rate=rate, bad=bad)
        self._progress.update(self._task, advance=1, told=told)

    def say(self, line: str) -> None:
        self._console.print(one_line(line), soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


class _Lines:
    """A line of progress after so many seconds each, for a log."""

    def __init__(self, total: int, interval: float = _INTERVAL) -> None:
        self._total, self._interval, self._start = total, interval, time.monotonic()
        self._next = self._start + interval

    def advance(self, counts: Counter[str]) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._interval
        done = _done(counts)
        rate = done / (now - self._start)
        words = _("{done} of {total}, {rate:.1f} reports/s, {left:.0f} s left")
        say(words.format(done=done, total=self._total, rate=rate, left=(self._total - done) / rate), flush=True)

    def close(self) -> None:
        """Nothing is open."""


class _Log:
    """A file with a line of JSON for each event, readable while the build runs; no line of it is ever half written.

    When it cannot be written any more, that is told, and it ends there: the reports matter more.
    """

    def __init__(self, path: Path) -> None:
        self._path, self.lost = path, False
        try:
            self._file: IO[bytes] = path.open("wb", buffering=0)
        except OSError as error:
            raise unwritten(error, path, N_("choose another file for --log-json")) from None

    def write(self, **fields: Any) -> None:
        if self.lost:
            return
        line = (json_text(fields) + "\n").encode()
        written = 0
        try:
            while written < len(line):
                written += self._file.write(line[written:]) or 0
        except OSError as error:
            self._end_at_last_line(written)
            words = _("error: --log-json {path}: {reason}; its last lines are missing, and the build goes on")
            say(words.format(path=self._path, reason=reason_of(error)), aside=True)

    def _end_at_last_line(self, written: int) -> None:
        self.lost = True
        with suppress(OSError):  # of a pipe, nothing can be taken back
            self._file.seek(-written, os.SEEK_CUR)
            self._file.truncate()

    def close(self) -> None:
        self._file.close()
