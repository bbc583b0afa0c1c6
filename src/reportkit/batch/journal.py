"""The journal of a folder of reports: what each was made from and what was made, so that nothing is made twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.batch.environment import PDF_ONLY
from reportkit.batch.outcome import Outcome
from reportkit.batch.place import beside, parts_folder, write_all
from reportkit.batch.tracing import digest
from reportkit.copies import copy_digest, copy_path, towns_with_copies
from reportkit.errors import UserError
from reportkit.locations import below, identity, is_remote, listing, printed_location, read_remote
from reportkit.notebook import read_notebook
from reportkit.project import Job, Project

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS environment (id TEXT PRIMARY KEY, parts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS report (
    name BLOB PRIMARY KEY,      -- its path below the folder, without suffix
    params BLOB NOT NULL,       -- its parameter file, by its path in the project
    status TEXT NOT NULL,
    environment TEXT NOT NULL REFERENCES environment,
    inputs TEXT NOT NULL,       -- {file: SHA-256}
    outputs TEXT NOT NULL       -- {suffix: [SHA-256, size, time]}
) WITHOUT ROWID;
"""
_BY_HAND = "was changed by hand"
_BUSY = "another build is at work in {}; wait until it has ended, or build into another folder with --out"


class Journal:
    """What has been built in a folder. While it is open, no other build can open it: a context manager.

    Writes survive a kill at any moment; after a power cut the last ones may be missing, and their reports are made
    again. A journal that is damaged is put aside, and everything is made again.

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
        self._old_parts: dict[str, dict[str, Any]] = {}
        self._db = self._open()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def _open(self) -> sqlite3.Connection:
        path = self._folder / "journal.sqlite"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                db = _connected(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                path.replace(path.with_suffix(".damaged"))
                db = _connected(path)
            with db:
                db.execute(
                    "INSERT OR IGNORE INTO environment VALUES (?, ?)", (self._environment, json.dumps(self._parts))
                )
            if not is_remote(self._out):
                shutil.rmtree(parts_folder(self._out), ignore_errors=True)  # of a build that was killed
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise UserError(_BUSY.format(self._project.shown(self._out))) from None
            raise UserError(f"{self._project.shown(path)}: {error}; check the folder's rights and the disk") from None
        except OSError as error:
            raise UserError(f"{error.filename}: {error.strerror}; check the folder's rights and the disk") from None
        return db

    def reasons(self, jobs: Sequence[Job]) -> Iterator[str]:
        """Yield for each job why its report has to be made, or "" if it is up to date.

        Raises UserError if a store cannot be read.
        """
        self._read_remote(jobs)
        return map(self._why, jobs)

    def _read_remote(self, jobs: Sequence[Job]) -> None:
        """Hash the remote parameter files of reports that have been made, many at a time."""
        remote = [job.params for job in jobs if is_remote(job.params) and self._row(job)]
        for path, content in zip(remote, read_remote(remote), strict=True):
            if content is not None:
                self._remote[str(path)] = hashlib.sha256(content).hexdigest()

    def _row(self, job: Job) -> Any:
        query = "SELECT status, environment, inputs, outputs FROM report WHERE name = ?"
        return self._db.execute(query, (os.fsencode(job.name),)).fetchone()

    def _why(self, job: Job) -> str:
        row = self._row(job)
        if row is None:
            return "new"
        status, environment, inputs, outputs = row[0], row[1], json.loads(row[2]), json.loads(row[3])
        if status != "built":
            return f"{status} the last time"
        if missing := [suffix for suffix in _suffixes(job) if suffix not in outputs]:
            return f"{missing[0][1:]} has not been made"
        if (own := self._project.name_of(job.params)) not in inputs:
            return f"made from another file than {own} the last time"
        copy = copy_path(self._project, job.name)
        own = self._project.name_of(copy)
        for name, known in inputs.items():
            if (now := self._copy(job, copy) if name == own else self._input(name)) != known:
                return f"{name} changed" if now and known else f"{name} is {'there now' if now else 'gone'}"
        if environment != self._environment and (changes := self._changes(environment, job)):
            return "; ".join(changes)
        for suffix in _suffixes(job):
            if reason := self._altered(job, suffix, *outputs[suffix]):
                return reason
        return ""

    def changed_pages(self, job: Job) -> list[Path]:
        """Return the pages of a report that somebody has changed by hand since they were made."""
        row = self._row(job)
        outputs = json.loads(row[3]) if row else {}
        pages = [suffix for suffix in outputs if suffix != ".ipynb"]
        reasons = {suffix: self._altered(job, suffix, *outputs[suffix]) for suffix in pages}
        return [beside(job.target, suffix) for suffix, why in reasons.items() if why.endswith(_BY_HAND)]

    def _altered(self, job: Job, suffix: str, sha: str, size: int, time: int) -> str:
        """Why an output is not the one that was made, or "". Only a local one that was touched is read."""
        path = beside(job.target, suffix)
        if is_remote(path):
            now = self._sizes.get(PurePosixPath(job.name + suffix))
            same, gone = now == size, now is None
        else:
            same, gone = _unaltered(path, sha, size, time), not path.exists()
        return "" if same else f"{path.name} is missing" if gone else f"{path.name} {_BY_HAND}"

    def _copy(self, job: Job, path: Path) -> str:
        """The digest of a town's own copy, "" if it has none; which have one, one listing tells for all."""
        return copy_digest(path) if job.name in self._copies else ""

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
            outputs[path.name[len(job.target.name) :]] = [sha, size, self._time(path)]
        name = self._project.name_of(job.params)
        self._there.add(name)
        values = (os.fsencode(job.name), os.fsencode(name), outcome.status, self._environment)
        try:
            with self._db:
                self._db.execute(
                    "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?)",
                    (*values, json.dumps(dict(outcome.inputs)), json.dumps(outputs)),
                )
        except sqlite3.Error as error:
            raise UserError(f"{self._project.shown(self._folder)}: {error}; free space and build again") from None

    def _time(self, path: Path) -> int:
        try:
            return 0 if is_remote(path) else path.stat().st_mtime_ns
        except OSError as error:
            message = f"{self._project.shown(path)}: {error.strerror}; every machine of a cluster must see this folder"
            raise UserError(message) from None

    def unmade(self) -> set[str]:
        """Return the names of the reports that were invalid or failed the last time."""
        rows = self._db.execute("SELECT name FROM report WHERE status IN ('invalid', 'failed')")
        return {os.fsdecode(name) for (name,) in rows}

    def write_manifest(self) -> None:
        """Write MANIFEST.sha256: every file of every report that has been built from a parameter file still there.

        Raises UserError if it cannot be written, on a full disk for instance, or without rights in a store.
        """
        path = self._out / "MANIFEST.sha256"
        try:
            write_all({path: b"".join(sorted(self._manifest_lines()))}, self._out)
        except OSError as error:
            raise UserError(f"{self._project.shown(path)}: {error.strerror}; free space and build again") from None

    def _manifest_lines(self) -> Iterator[bytes]:
        rows = self._db.execute("SELECT name, params, outputs FROM report WHERE status = 'built'").fetchall()
        there = self._present({os.fsdecode(params) for _, params, _ in rows})
        for name, params, outputs in rows:
            if os.fsdecode(params) in there:
                for suffix, (sha, *_) in json.loads(outputs).items():
                    yield manifest_line(sha, name + suffix.encode())

    def _present(self, names: set[str]) -> set[str]:
        """The parameter files that are still there; in a store, those of a folder by one listing."""
        there = {name for name in names if "://" not in name and (self._project.root / name).exists()}
        there |= self._there | self._remote.keys()
        params = self._project.params
        others = [printed_location(name, params) for name in names - there if "://" in name]
        folders = {path.parent if below(path, params) is None else params for path in others}
        return there | {str(folder / inside) for folder in folders for inside in listing(folder)}

    def _input(self, name: str) -> str:
        """The hash of an input file now; those that several reports share are read once."""
        if name in self._remote:
            return self._remote[name]
        if name == self._project.name_of(self._project.notebook):
            if name not in self._shared:
                self._shared[name] = read_notebook(self._project.notebook).digest
            return self._shared[name]
        return digest(self._project.root / name)

    def _changes(self, environment: str, job: Job) -> list[str]:
        """What differs between the environment of an earlier build and this one's, as far as it matters to the job."""
        if environment not in self._old_parts:
            row = self._db.execute("SELECT parts FROM environment WHERE id = ?", (environment,)).fetchone()
            self._old_parts[environment] = json.loads(row[0])
        old, new = self._old_parts[environment], self._parts
        ignored = frozenset() if "pdf" in job.formats else PDF_ONLY
        names = [name for name in new if name not in ignored and old.get(name) != new[name]]
        return [_change(name, old.get(name), new[name]) for name in names]


def _folder_of_journal(project: Project, out: Path) -> Path:
    if not is_remote(out):
        return out / ".reportkit"
    return project.root / ".reportkit" / hashlib.sha256(identity(out).encode()).hexdigest()[:12]


def manifest_line(sha: str, name: bytes) -> bytes:
    """Return a line that `sha256sum -c` reads; it wants a mark and escapes for names with line ends in them."""
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return (b"" if escaped == name else b"\\") + f"{sha}  ".encode() + escaped + b"\n"


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=0)
    with contextlib.ExitStack() as stack:
        stack.callback(db.close)
        # In this mode the first write takes a lock that lasts until the connection, or its process, ends.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if db.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
            raise sqlite3.DatabaseError("written by another version")
        with db:
            db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        stack.pop_all()
    return db


def _suffixes(job: Job) -> tuple[str, ...]:
    """The suffixes of the files that a job asks for."""
    return (".ipynb", *(f".{name}" for name in job.formats))


def _unaltered(path: Path, sha: str, size: int, time: int) -> bool:
    """Whether an output is the one that was made. Only one that was touched is read."""
    try:
        about = path.stat()
    except OSError:
        return False
    return (about.st_size, about.st_mtime_ns) == (size, time) or digest(path) == sha


def _change(name: str, old: Any, new: Any) -> str:
    if not isinstance(new, dict) or not isinstance(old, dict):
        shown = f" {old} → {new}" if name == "Python" else " changed"
        return f"{name}{shown}"
    names = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return ", ".join(f"{key} {old.get(key, 'none')} → {new.get(key, 'none')}" for key in names)
