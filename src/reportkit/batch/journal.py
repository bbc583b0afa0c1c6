"""The journal of a folder of reports: what each was made from and what was made, so that nothing is made twice."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.batch import manifest, recovery
from reportkit.batch.database import DamagedError, connected, put_aside
from reportkit.batch.dependencies import digest, look, times_of
from reportkit.batch.fingerprint import TYPEFACES, change
from reportkit.batch.folder_lock import HeldError, Hold
from reportkit.batch.journal_words import BY_HAND, CUT_OFF, FULL, MISSING, REFUSED, busy, last_time
from reportkit.batch.outcome import Outcome
from reportkit.batch.placement import PAGES, beside, parts_folder
from reportkit.batch.sources import is_below, still_there
from reportkit.errors import UserError, reason_of
from reportkit.exporters.formats import need_typefaces
from reportkit.files import own_folder
from reportkit.files.locations import (
    identity,
    is_remote,
    listing,
    printed_location,
    read_remote,
)  # fmt: skip
from reportkit.notebook import read_notebook
from reportkit.notebook.towns import copy_digest, copy_path, towns_with_copies
from reportkit.params.reader import SUFFIXES
from reportkit.project import Given, Job, Project
from reportkit.project.siblings import Folders
from reportkit.translation import N_, _

_REPORT = "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?)"
_PATIENCE = 2.0
"""Seconds to wait for another build: one that has nothing to make ends in less."""


class Journal:
    """What has been built in a folder. While it is open, no other build can open it: a context manager.

    Writes survive a kill at any moment; after a power cut the last ones may be missing, and their reports are made
    again. A journal that is damaged, in its pages, its tables or a single row, is put aside, and everything is made
    again: `note` says so.

    SQLite needs a local disk: the journal of a remote folder is kept in the project, in `.reportkit/<hash of the
    address>/`. So it knows and keeps out the builds of this project folder only. Of remote outputs it knows the sizes,
    all from one listing; that a file was replaced by another of the same size goes unnoticed.
    """

    def __init__(self, project: Project, out: Path, environment: dict[str, Any]) -> None:
        self._project, self._out = project, out
        self._folder = _folder_of_journal(project, out)
        self._parts = environment
        self._environment = hashlib.sha256(json.dumps(environment, sort_keys=True).encode()).hexdigest()[:16]
        self._shared: dict[str, str] = {}
        self._remote: dict[str, str] = {}
        self._there: set[str] = set()
        self._given: dict[str, Given] = {}
        self._old_parts: dict[str, dict[str, Any]] = {}
        self.note = ""
        self._touched: dict[str, dict[str, list[Any]]] = {}
        self._hold = self._held()
        try:
            self._db = self._open()
        except BaseException:
            self._hold.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()
        self._hold.close()

    def _held(self) -> Hold:
        """The lock on the folder. SQLite's own would refuse both of two builds that begin at once."""
        try:
            base = self._project.root if is_remote(self._out) else self._out
            own_folder(base, *self._folder.relative_to(base).parts)
            return Hold(self._folder / "lock", _PATIENCE)
        except HeldError as error:
            raise UserError(busy(self._project.shown(self._out), str(error))) from None
        except OSError as error:
            raise UserError(_(REFUSED).format(path=error.filename, reason=reason_of(error))) from None

    def _open(self) -> sqlite3.Connection:
        path = self._folder / "journal.sqlite"
        try:
            if path.is_symlink():
                raise OSError(errno.ELOOP, N_("is a link, which could lead anywhere: remove it"), str(path))
            try:
                db = connected(path)
            except DamagedError:
                kept = put_aside(path)
                words = _("{path}: damaged, so everything is made again; kept as {kept}")
                self.note = words.format(path=self._project.shown(path), kept=kept.name)
                db = connected(path)
            with db:
                db.execute(
                    "INSERT OR IGNORE INTO environment VALUES (?, ?)", (self._environment, json.dumps(self._parts))
                )
            if not is_remote(self._out):
                with db:
                    db.executemany(_REPORT, self._cut_off(db))
                shutil.rmtree(parts_folder(self._out), ignore_errors=True)  # of a build that was killed
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise UserError(busy(self._project.shown(self._out))) from None
            raise UserError(_(REFUSED).format(path=self._project.shown(path), reason=error)) from None
        except OSError as error:
            raise UserError(_(REFUSED).format(path=error.filename, reason=reason_of(error))) from None
        return db

    def _cut_off(self, db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
        """What a build that was killed had put into place of each report, as rows: these files nobody made by hand."""
        for name, params, digests in recovery.cut_off(self._out):
            key = os.fsencode(name)
            row = db.execute("SELECT outputs FROM report WHERE name = ?", (key,)).fetchone()
            outputs = json.loads(row[0]) if row else {}
            for suffix, sha in digests.items():
                path = self._out / f"{name}{suffix}"
                if digest(path) == sha:
                    about = path.stat()
                    outputs[suffix] = [sha, about.st_size, *times_of(about)]
            yield key, os.fsencode(params), CUT_OFF, self._environment, "{}", json.dumps(outputs)

    def reasons(self, jobs: Sequence[Job]) -> Iterator[str]:
        """Yield for each job why its report has to be made, or "" if it is up to date.

        Raises UserError if a store cannot be read.
        """
        self._given |= {job.source: job.given for job in jobs if job.given}
        self._read_remote(jobs)
        yield from map(self._why, jobs)
        self._keep_times()

    def _read_remote(self, jobs: Sequence[Job]) -> None:
        """Hash the remote parameter files that reports were made from and checked against, many at a time."""
        files = (job for job in jobs if job.given is None and is_remote(job.params))
        rows = [(job.params, row) for job in files if (row := self._row(job))]
        remote = {str(params): params for params, _row in rows}
        for params, row in rows:
            remote |= {name: printed_location(name, params) for name in json.loads(row[2]) if _is_params(name)}
        for name, content in zip(remote, read_remote(remote.values()), strict=True):
            if content is not None:
                self._remote[name] = hashlib.sha256(content).hexdigest()

    def _last_year(self, job: Job) -> str:
        """Last year's parameter file as the journal calls it, "" if there is none."""
        name = self._folders.name(job.params) if job.given is None else None
        last = self._folders.last_year(name) if name else None
        return self._project.name_of(last) if last else ""

    @cached_property
    def _folders(self) -> Folders:
        return Folders(self._project)

    def _row(self, job: Job) -> Any:
        query = "SELECT status, environment, inputs, outputs FROM report WHERE name = ?"
        return next(iter(self._select(query, os.fsencode(job.name))), None)

    def _select(self, query: str, *values: Any) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:  # all could be read when it was opened, so it is the disk
            where = self._project.shown(self._folder)
            words = _("{path}: the journal can no longer be read: {error}; check the disk")
            raise UserError(words.format(path=where, error=error)) from None

    def _why(self, job: Job) -> str:
        row = self._row(job)
        if row is None:
            return _("new")
        status, environment, inputs, outputs = row[0], row[1], json.loads(row[2]), json.loads(row[3])
        if status != "built":
            return last_time(status)
        if missing := [suffix for suffix in _suffixes(job) if suffix not in outputs]:
            return _("{format} has not been made").format(format=missing[0][1:])
        if not job.notebook and ".ipynb" in outputs:
            return _("its notebook is to go")
        if (own := job.source) not in inputs:
            return _("made from another file than {params} the last time").format(params=own)
        own = self._project.name_of(copy_path(self._project, job.name))
        for name, known in inputs.items():
            if (now := self._copy(job) if name == own else self._input(name)) != known:
                words = _("{name} is there now") if now else _("{name} is gone")
                return (_("{name} changed") if now and known else words).format(name=name)
        if (last := self._last_year(job)) and last not in inputs:
            return _("{name} is there now").format(name=last)
        if environment != self._environment and (changes := self._changes(environment, job)):
            return _("; ").join(changes)
        for suffix in _suffixes(job):
            if words := _(self._altered(job, suffix, *outputs[suffix])):
                return words.format(file=beside(job.target, suffix).name)
        return ""

    def changed_pages(self, job: Job) -> list[Path]:
        """Return the pages of a report that somebody has changed by hand since they were made.

        Where the journal was lost, MANIFEST.sha256 says how they were made.
        """
        row = self._row(job)
        if row is None:
            return [page for page in map(partial(beside, job.target), PAGES) if self._is_unlisted(page)]
        outputs = json.loads(row[3])
        pages = [suffix for suffix in outputs if suffix != ".ipynb"]
        reasons = {suffix: self._altered(job, suffix, *outputs[suffix]) for suffix in pages}
        return [beside(job.target, suffix) for suffix, why in reasons.items() if why == BY_HAND]

    def _is_unlisted(self, page: Path) -> bool:
        """Whether MANIFEST.sha256 lists a local page with other content than it has."""
        name = os.fsencode(page.relative_to(self._out).as_posix())
        return name in self._listed and page.is_file() and digest(page) != self._listed[name]

    @cached_property
    def _listed(self) -> dict[bytes, str]:
        """The SHA-256 of each file in MANIFEST.sha256 of a local folder, where its name is written as it is."""
        return manifest.listed(self._out)

    def _altered(self, job: Job, suffix: str, sha: str, size: int, *times: int) -> str:
        """Why an output is not the one that was made: MISSING, BY_HAND, or "".

        Only a local one that was touched is read.
        """
        path = beside(job.target, suffix)
        if is_remote(path):
            now = self._sizes.get(PurePosixPath(job.name + suffix))
            same, gone = now == size, now is None
        else:
            same, gone = self._unaltered(job.name, path, suffix, sha, (size, *times)), not path.exists()
        return "" if same else MISSING if gone else BY_HAND

    def _unaltered(self, name: str, path: Path, suffix: str, sha: str, known: tuple[int, ...]) -> bool:
        seen = look(path)  # before it is read: what changes it after that is seen the next time
        if seen == known:
            return True
        if seen is None or digest(path) != sha:
            return False
        self._touched.setdefault(name, {})[suffix] = [sha, *seen]
        return True

    def _keep_times(self) -> None:
        """Keep when those outputs were touched that are as they were made, so that they are not read each time."""
        with contextlib.suppress(sqlite3.Error), self._db:  # on a full disk they are
            for name, touched in self._touched.items():
                query, key = "SELECT outputs FROM report WHERE name = ?", os.fsencode(name)
                outputs = json.dumps(json.loads(self._db.execute(query, (key,)).fetchone()[0]) | touched)
                self._db.execute("UPDATE report SET outputs = ? WHERE name = ?", (outputs, key))
        self._touched.clear()

    def _copy(self, job: Job) -> str:
        """The digest of a town's own copy, "" if it has none; which have one, one listing tells for all."""
        return copy_digest(self._project, job.name) if job.name in self._copies else ""

    @cached_property
    def _copies(self) -> set[str]:
        return set(towns_with_copies(self._project))

    @cached_property
    def _sizes(self) -> dict[PurePosixPath, int]:
        return listing(self._out)

    def files(self, job: Job) -> tuple[Path, ...]:
        """Return the files of a report that is up to date."""
        return tuple(beside(job.target, suffix) for suffix in _suffixes(job))

    def record(self, outcome: Outcome) -> None:
        """Keep what became of a job. Raises UserError if it cannot be kept, on a full disk for instance."""
        job = outcome.job
        outputs = {}
        for path, sha, size in zip(outcome.files, outcome.digests, outcome.sizes, strict=True):
            outputs[path.name[len(job.target.name) :]] = [sha, size, *self._times(path)]
        name = job.source
        self._there.add(name)
        values = (os.fsencode(job.name), os.fsencode(name), outcome.status, self._environment)
        try:
            with self._db:
                self._db.execute(_REPORT, (*values, json.dumps(dict(outcome.inputs)), json.dumps(outputs)))
        except sqlite3.Error as error:
            raise UserError(_(FULL).format(path=self._project.shown(self._folder), reason=error)) from None
        recovery.forget(job)

    def _times(self, path: Path) -> tuple[int, int]:
        try:
            return (0, 0) if is_remote(path) else times_of(path.stat())
        except OSError as error:
            words = _("{path}: {reason}; every machine of a cluster must see this folder")
            raise UserError(words.format(path=self._project.shown(path), reason=reason_of(error))) from None

    def made(self, job: Job) -> tuple[str, ...]:
        """Return the suffixes of the files that the last build made of a report."""
        row = self._row(job)
        return tuple(json.loads(row[3])) if row else ()

    def gone(self, covered: Sequence[Path]) -> list[tuple[str, str]]:
        """Return the reports whose parameter file is gone from the folders covered: its name, and the file's.

        Raises UserError if a store cannot be read.
        """
        rows = self._select("SELECT name, params FROM report") if covered else []
        names = [(os.fsdecode(name), os.fsdecode(params)) for name, params in rows]
        inside = [(name, params) for name, params in names if is_below(self._project, params, covered)]
        there = self._present({params for _name, params in inside})
        return [(name, params) for name, params in inside if params not in there]

    def forget(self, name: str) -> None:
        """Forget a report. Raises UserError if that cannot be written."""
        try:
            with self._db:
                self._db.execute("DELETE FROM report WHERE name = ?", (os.fsencode(name),))
        except sqlite3.Error as error:
            raise UserError(_(FULL).format(path=self._project.shown(self._folder), reason=error)) from None

    def unmade(self) -> set[str]:
        """Return the names of the reports that were invalid, failed or cut off the last time."""
        rows = self._select("SELECT name FROM report WHERE status != 'built'")
        return {os.fsdecode(name) for (name,) in rows}

    def write_manifest(self) -> None:
        """Write MANIFEST.sha256: every file of every report that has been built from a parameter file still there.

        Raises UserError if it cannot be written, on a full disk for instance, or without rights in a store.
        """
        try:
            manifest.write_manifest(self._out, self._manifest_lines())
        except OSError as error:
            path = self._out / manifest.NAME
            raise UserError(_(FULL).format(path=self._project.shown(path), reason=reason_of(error))) from None

    def _manifest_lines(self) -> Iterator[bytes]:
        rows = self._select("SELECT name, params, outputs FROM report WHERE status = 'built'")
        there = self._present({os.fsdecode(row[1]) for row in rows})
        for name, params, outputs in rows:
            if os.fsdecode(params) in there:
                for suffix, (sha, *_) in json.loads(outputs).items():
                    yield manifest.manifest_line(sha, name + suffix.encode())

    def _present(self, names: set[str]) -> set[str]:
        """The parameter files, and the parts of lists, that may still be there."""
        known = self._there | self._remote.keys()
        return still_there(self._project, names - known) | known

    def _input(self, name: str) -> str:
        """The hash of an input file now; those that several reports share are read once."""
        if name in self._remote:
            return self._remote[name]
        if name in self._given:
            return hashlib.sha256(self._given[name].content).hexdigest()
        if name == self._project.name_of(self._project.notebook):
            if name not in self._shared:
                self._shared[name] = read_notebook(self._project.notebook).digest
            return self._shared[name]
        return digest(self._project.root / name)

    def _changes(self, environment: str, job: Job) -> list[str]:
        """What differs between the environment of an earlier build and this one's, as far as it matters to the job."""
        if environment not in self._old_parts:
            ((parts,),) = self._select("SELECT parts FROM environment WHERE id = ?", environment)
            self._old_parts[environment] = json.loads(parts)
        old, new = self._old_parts[environment], self._parts
        ignored = () if need_typefaces(job.formats) else (TYPEFACES,)
        names = [name for name in new if name not in ignored and old.get(name) != new[name]]
        return [change(name, old.get(name), new[name]) for name in names]


def _folder_of_journal(project: Project, out: Path) -> Path:
    if not is_remote(out):
        return out / ".reportkit"
    return project.root / ".reportkit" / hashlib.sha256(identity(out).encode()).hexdigest()[:12]


def _is_params(name: str) -> bool:
    return "://" in name and name.endswith(SUFFIXES)


def _suffixes(job: Job) -> tuple[str, ...]:
    """The suffixes of the files that a job asks for."""
    return (*((".ipynb",) if job.notebook else ()), *(f".{name}" for name in job.formats))
