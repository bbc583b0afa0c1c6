"""What becomes of each reading: a new parameter file, a merged one, a comparison, or a refusal with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from reportkit.errors import CellRef, Issue, Origin, ReaderError, UserError, reason_of
from reportkit.files import ChangedError, History, put, replace_if
from reportkit.files.locations import read_local
from reportkit.imports.targets import Places
from reportkit.messages.figures import check
from reportkit.messages.words import issue, phrase
from reportkit.model.filing import Figure, Filing
from reportkit.model.form import Form
from reportkit.model.reading import Reading
from reportkit.model.zeros import by_table
from reportkit.params.editor import Shares
from reportkit.params.reader import decoded, read_params
from reportkit.params.round_trip import prove, stated_filing
from reportkit.params.update import compare, updated, zeros_of
from reportkit.params.writer import params_text

_AT_ONCE = 8
_TRIES = 5


class Status(StrEnum):
    """What became of a reading; nothing was written of one that is unchanged, different or refused."""

    written = "written"
    updated = "updated"
    unchanged = "unchanged"
    different = "different"
    refused = "refused"


@dataclass(frozen=True)
class Imported:
    """A file, or one report of it, and what became of it.

    `text` is the parameter file as it is, or would be, `before` what it was; both are "" where there is none. `zeros`
    are the blanks that were made 0, by the captions of their tables. `reading` is what was read, None of a file of
    which nothing could be.
    """

    source: Origin
    status: Status
    issues: tuple[Issue, ...]
    target: Path | None = None
    figures: int = 0
    unread: int = 0
    before: str = ""
    text: str = ""
    zeros: Mapping[str, int] = field(default_factory=dict)
    reading: Reading | None = None

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything about it: a warning does not count, a cell that was not read does."""
        settled = self.status not in (Status.refused, Status.different)
        return settled and not self.unread and all(one.severity != "error" for one in self.issues)


def refused(source: Origin, error: ReaderError) -> Imported:
    """Return a file of which nothing could be read."""
    return Imported(source, Status.refused, tuple(error.issues))


class Importer:
    """Brings readings into the parameter files below a folder.

    `shown` is how messages call a path. With `update` readings are put into files that are there; with `blank_as_zero`
    what is blank becomes 0 where that is sure; with `dry_run` nothing is written at all. Versions before are kept in
    the history of the project at `root`, if that is given, which tells them as changed `by` that.
    """

    def __init__(
        self,
        places: Places,
        forms: Mapping[str, Form],
        shown: Callable[[Path], str] = str,
        *,
        update: bool = False,
        blank_as_zero: bool = False,
        dry_run: bool = False,
        root: Path | None = None,
        by: str = "import --update",
    ) -> None:
        self._places, self._forms, self._shown = places, forms, shown
        self._update, self._dry_run, self._root, self._by = update, dry_run, root, by
        self._blank_as_zero = blank_as_zero

    def bring(self, readings: Iterable[Reading]) -> Iterator[Imported]:
        """Yield what becomes of each of the readings; of two for the same file, neither is written."""
        readings = list(readings)
        targets = [self._target(reading) for reading in readings]
        claims: dict[Path, list[Reading]] = {}
        for reading, target in zip(readings, targets, strict=True):
            if isinstance(target, Path):
                claims.setdefault(target, []).append(reading)

        def prepared(reading: Reading, target: Path | ReaderError) -> Callable[[], Imported]:
            if isinstance(target, ReaderError):
                return partial(self._refused, reading, target)
            if len(claims[target]) > 1:
                return partial(self._refused, reading, self._contested(target, claims[target]), target)
            return self._prepared(reading, target)

        # A disk takes its time to say that a file is safe on it, and is asked for many at once. What keeps the
        # processor busy is done before: in between, it would take a fifth longer.
        works = list(map(prepared, readings, targets))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(lambda work: work(), works)

    def merge(self, reading: Reading, target: Path, shares: Shares) -> Imported:
        """Return what becomes of sums in a parameter file that is there; `shares` are told in comments, see `updated`.

        The issues name what is put in 汇总的.
        """
        return self._brought(reading, target, partial(self._merged, reading, target, shares))

    def _target(self, reading: Reading) -> Path | ReaderError:
        """Where a reading goes, or why that is not known."""
        missing = []
        if reading.year is None:
            missing.append(issue("I2", reading.origin))
        if not reading.jurisdiction:
            missing.append(issue("I3", reading.origin))
        if reading.year is None or not reading.jurisdiction:
            return ReaderError(missing)
        try:
            return self._places.target(reading.year, reading.jurisdiction, reading.origin)
        except ReaderError as error:
            return error

    def _contested(self, target: Path, readings: list[Reading]) -> ReaderError:
        sources = [reading.origin for reading in readings]
        return ReaderError([issue("I5", sources[0], count=len(sources), target=self._shown(target), sources=sources)])

    def _refused(self, reading: Reading, error: ReaderError, target: Path | None = None) -> Imported:
        issues = (*error.issues, *reading.notes)
        return self._imported(reading, Status.refused, issues, target, text=params_text(reading))

    def _prepared(self, reading: Reading, target: Path) -> Callable[[], Imported]:
        """What remains to be done for a reading; the text of a new file is made, and proved, by then."""
        try:
            if target.is_symlink() or target.exists():
                return partial(self._brought, reading, target, partial(self._merged, reading, target))
            nothing = self._zeros(reading)
            full = replace(reading, values={**reading.values, **nothing})
            text = params_text(full)
            prove(text, stated_filing(full), "I17", self._forms)
        except (UserError, OSError) as error:
            return partial(self._failed, reading, error, target)
        return partial(self._brought, reading, target, partial(self._new, reading, target, text, nothing))

    def _brought(self, reading: Reading, target: Path, work: Callable[[], Imported]) -> Imported:
        try:
            return work()
        except (UserError, OSError) as error:
            return self._failed(reading, error, target)

    def _failed(self, reading: Reading, error: UserError | OSError, target: Path) -> Imported:
        if isinstance(error, ReaderError):
            return self._refused(reading, error, target)
        told = _unwritten(error, Origin(self._shown(target)))
        return self._refused(reading, ReaderError([told]), target)

    def _zeros(self, reading: Reading, existing: Filing | None = None) -> Mapping[CellRef, Figure]:
        """The blanks that are made 0."""
        return zeros_of(reading, existing) if self._blank_as_zero else {}

    def _new(self, reading: Reading, target: Path, text: str, nothing: Iterable[CellRef]) -> Imported:
        if not self._dry_run:
            put(target, text.encode(), new=True)
        made = self._imported(reading, Status.written, reading.notes, target, text=text)
        return replace(made, zeros=by_table(reading.form, nothing))

    def _merged(self, reading: Reading, target: Path, shares: Shares | None = None) -> Imported:
        """What becomes of a file that is there; if somebody saves it meanwhile, of that."""
        for left in reversed(range(_TRIES)):
            try:
                return self._merged_now(reading, target, shares)
            except ChangedError:
                if not left:
                    raise
        raise AssertionError

    def _merged_now(self, reading: Reading, target: Path, shares: Shares | None) -> Imported:
        content, existing = self._existing(target)
        before = decoded(content)
        other = phrase("imported" if shares is None else "summed")
        issues = [*reading.notes, *(one.issue(self._update, other) for one in compare(existing, reading))]
        text = updated(before, existing, reading, shares, self._forms, blank_as_zero=self._blank_as_zero)
        nothing = by_table(reading.form, self._zeros(reading, existing))
        if text == before:
            return self._imported(reading, Status.unchanged, issues, target, before, before)
        if not self._update:
            return replace(self._imported(reading, Status.different, issues, target, before, text), zeros=nothing)
        if not self._dry_run:
            self._replace(target, content, text.encode())
        issues += self._new_breaches(target, existing, text)
        return replace(self._imported(reading, Status.updated, issues, target, before, text), zeros=nothing)

    def _replace(self, target: Path, before: bytes, after: bytes) -> None:
        if self._root is None:
            replace_if(target, before, after)
        else:
            History(self._root, target).save(before, after, self._by)

    def _existing(self, target: Path) -> tuple[bytes, Filing]:
        """What is in a parameter file, and the filing that it makes. Raises ReaderError for one that makes none."""
        shown = self._shown(target)
        if target.is_symlink():
            raise ReaderError([issue("I7.link", Origin(shown))])
        content = read_local(target)
        try:
            return content, read_params(target, self._forms, shown, content)
        except ReaderError as error:
            raise ReaderError([issue("I7.unreadable", Origin(shown)), *error.issues]) from None

    def _new_breaches(self, target: Path, existing: Filing, text: str) -> list[Issue]:
        """The sums that added up before, or were not there, and do not any more: a total that nobody has updated."""
        known = {(one.code, one.ref) for one in check(existing)}
        merged = read_params(target, self._forms, self._shown(target), text.encode())
        errors = [one for one in check(merged) if one.severity == "error"]
        return [one for one in errors if (one.code, one.ref) not in known]

    def _imported(
        self,
        reading: Reading,
        status: Status,
        issues: Iterable[Issue],
        target: Path | None,
        before: str = "",
        text: str = "",
    ) -> Imported:
        counts = len(reading.values), len(reading.unread)
        return Imported(reading.origin, status, tuple(issues), target, *counts, before, text, reading=reading)


def _unwritten(error: UserError | OSError, origin: Origin) -> Issue:
    """Why a parameter file could not be written, and what to do."""
    if isinstance(error, ChangedError):
        return issue("I18.changed", origin)
    if isinstance(error, FileExistsError):
        return issue("I18.there", origin)
    if isinstance(error, OSError):
        return issue("I18.system", origin, why=reason_of(error))
    return issue("I18.other", origin, error=error)
