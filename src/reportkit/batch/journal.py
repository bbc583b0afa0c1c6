"""The journal of a folder of reports: what each was made from and what was made, so that nothing is made twice."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from reportkit.batch import manifest, recovery
from reportkit.batch.database import DamagedError, connected, put_aside
from reportkit.batch.dependencies import digest, times_of
from reportkit.batch.folder_lock import HeldError, Hold
from reportkit.batch.journal_words import BY_HAND, CUT_OFF, FULL, REFUSED, busy
from reportkit.batch.outcome import Outcome
from reportkit.batch.placement import PAGES, beside, parts_folder
from reportkit.batch.record import Record, is_recorded
from reportkit.batch.sources import all_below, is_part, still_there
from reportkit.errors import UserError, reason_of
from reportkit.files import own_folder
from reportkit.files.locations import is_remote, may_be_there
from reportkit.files.patience import patience
from reportkit.notebook.towns import copy_path
from reportkit.project import Job, Project
from reportkit.translation import N_, _

_AT_ONCE = 500
"""Rows that are read at once; SQLite takes 999 values in a statement."""

_REPORT = "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?)"


class Journal(Record):
    """What has been built in a folder. While it is open, no other build can open it: a context manager.

    Writes survive a kill at any moment; after a power cut the last ones may be missing, and their reports are made
    again. A journal that is damaged, in its pages, its tables or a single row, is put aside, and everything is made
    again: `note` says so. That of a remote folder keeps out the builds of this project folder only.
    """

    def __init__(self, project: Project, out: Path, environment: Mapping[str, Any]) -> None:
        super().__init__(project, out, environment)
        self._there: set[str] = set()
        self._hold = self._held()
        try:
            self._db = self._open()
        except BaseException:
            self._hold.close()
            raise

    def __exit__(self, *exc: object) -> None:
        with contextlib.suppress(sqlite3.Error, OSError):  # else the next build does it
            self._take_in_cut_off(self._db)
        super().__exit__(*exc)
        self._hold.close()

    def _held(self) -> Hold:
        """The lock on the folder. SQLite's own would refuse both of two builds that begin at once."""
        try:
            base = self._project.root if is_remote(self._out) else self._out
            own_folder(base, *self._folder.relative_to(base).parts)
            return Hold(self._folder / "lock", patience())
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
            self._take_in_cut_off(db)
            if not is_remote(self._out):
                shutil.rmtree(parts_folder(self._out), ignore_errors=True)  # of a build that was killed
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise UserError(busy(self._project.shown(self._out))) from None
            raise UserError(_(REFUSED).format(path=self._project.shown(path), reason=error)) from None
        except OSError as error:
            raise UserError(_(REFUSED).format(path=error.filename, reason=reason_of(error))) from None
        return db

    def _take_in_cut_off(self, db: sqlite3.Connection) -> None:
        """Keep what was put into place and never recorded, by a build that was killed or stopped."""
        if not is_remote(self._out):
            with db:
                db.executemany(_REPORT, self._cut_off(db))
            recovery.forget(self._out)

    def _cut_off(self, db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
        """What has been put into place and is not known here of each report, as rows: nobody made it by hand."""
        for name, params, digests in recovery.cut_off(self._out):
            key = os.fsencode(name)
            row = db.execute("SELECT outputs FROM report WHERE name = ?", (key,)).fetchone()
            outputs = json.loads(row[0]) if row else {}
            if is_recorded(outputs, digests):
                continue
            for suffix, sha in digests.items():
                path = self._out / f"{name}{suffix}"
                if digest(path) == sha:
                    about = path.stat()
                    outputs[suffix] = [sha, about.st_size, *times_of(about)]
            yield key, os.fsencode(params), CUT_OFF, self._environment, "{}", json.dumps(outputs)

    def reasons(self, jobs: Sequence[Job]) -> Iterator[str]:
        for job, why in zip(jobs, super().reasons(jobs), strict=True):
            if not why:
                self._there.add(job.source)  # it has just been read
            yield why
        self._keep_times()

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

    def _keep_times(self) -> None:
        """Keep when those outputs were touched that are as they were made, so that they are not read each time."""
        with contextlib.suppress(sqlite3.Error), self._db:  # on a full disk they are
            for name, touched in self._touched.items():
                query, key = "SELECT outputs FROM report WHERE name = ?", os.fsencode(name)
                outputs = json.dumps(json.loads(self._db.execute(query, (key,)).fetchone()[0]) | touched)
                self._db.execute("UPDATE report SET outputs = ? WHERE name = ?", (outputs, key))
        self._touched.clear()

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

    def _times(self, path: Path) -> tuple[int, int]:
        try:
            return (0, 0) if is_remote(path) else times_of(path.stat())
        except OSError as error:
            words = _("{path}: {reason}; every machine of a cluster must see this folder")
            raise UserError(words.format(path=self._project.shown(path), reason=reason_of(error))) from None

    def gone(self, covered: Sequence[Path], wanted: Collection[str]) -> list[tuple[str, str]]:
        """Return the reports whose parameter file is gone from the folders covered: its name, and the file's.

        Those that are `wanted`, by their names, are none of them. Raises UserError if a store cannot be read.
        """
        rows = self._each("SELECT name, params FROM report") if covered else iter(())
        told = [(name, os.fsdecode(row[1])) for row in rows if (name := os.fsdecode(row[0])) not in wanted]
        are_inside = all_below(self._project, (params for _name, params in told), covered)
        inside = [row for row, is_inside in zip(told, are_inside, strict=True) if is_inside]
        absent = self._absent(params for _name, params in inside)
        return [row for row in inside if row[1] in absent and not self._is_another_s(*row)]

    def _is_another_s(self, name: str, params: str) -> bool:
        """Whether a report is one that another notebook, which is still there, was run for with this list."""
        if not is_part(self._project, params):
            return False
        ((inputs,),) = self._select("SELECT inputs FROM report WHERE name = ?", os.fsencode(name))
        master, copy = (
            self._project.name_of(path) for path in (self._project.notebook, copy_path(self._project, name))
        )
        notebooks = {path for path in json.loads(inputs) if path.endswith(".ipynb")} - {copy}
        return master not in notebooks and any(may_be_there(self._project.root / path) for path in notebooks)

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
        found = (name for (name,) in self._each("SELECT name FROM report WHERE status = 'built' ORDER BY name"))
        names = self._project.in_order(found, os.fsdecode)
        sources = self._each("SELECT params FROM report WHERE status = 'built'")
        absent = self._absent(os.fsdecode(params) for (params,) in sources)
        for start in range(0, len(names), _AT_ONCE):  # all there is to know of tens of thousands would be much to hold
            part = names[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            rows = self._select(f"SELECT name, params, outputs FROM report WHERE name IN ({marks})", *part)
            known = {name: (os.fsdecode(params), outputs) for name, params, outputs in rows}
            for name in part:
                source, outputs = known[name]
                if source not in absent or self._is_another_s(os.fsdecode(name), source):
                    for suffix, (sha, *_) in sorted(json.loads(outputs).items()):
                        yield manifest.manifest_line(sha, name + suffix.encode())

    def _absent(self, sources: Iterable[str]) -> set[str]:
        """Those of the parameter files, and of the parts of lists, that are no longer there."""
        unsure = {source for source in sources if source not in self._there and source not in self._known}
        return unsure - still_there(self._project, unsure) if unsure else unsure
