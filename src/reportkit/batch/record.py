"""What the journal of a folder of reports says: what each was made from, and why it would have to be made again."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Self

from reportkit.batch.dependencies import digest, look
from reportkit.batch.fingerprint import TYPEFACES, change
from reportkit.batch.journal_words import BY_HAND, MISSING, last_time
from reportkit.batch.placement import beside
from reportkit.errors import UserError
from reportkit.exporters.formats import need_typefaces
from reportkit.files.locations import identity, is_remote, listing, printed_location, read_remote
from reportkit.notebook import read_notebook
from reportkit.notebook.towns import copy_digest, copy_path, towns_with_copies
from reportkit.params.reader import SUFFIXES
from reportkit.project import Given, Job, Project
from reportkit.project.siblings import Folders
from reportkit.translation import _


class Record:
    """The reports of a folder as its journal knows them, which whoever derives from this opens: a context manager.

    SQLite needs a local disk: the journal of a remote folder is kept in the project, in `.reportkit/<hash of the
    address>/`. So it knows the builds of this project folder only. Of remote outputs it knows the sizes, all from one
    listing; that a file was replaced by another of the same size goes unnoticed.

    `environment` is what reportkit.batch.fingerprint says; `known` are files that have been read already, as the
    journal calls them, with their digests.
    """

    _db: sqlite3.Connection

    def __init__(
        self, project: Project, out: Path, environment: Mapping[str, Any], known: Mapping[str, str] | None = None
    ) -> None:
        self._project, self._out = project, out
        self._folder = _folder_of_journal(project, out)
        self._parts = environment
        self._environment = hashlib.sha256(json.dumps(environment, sort_keys=True).encode()).hexdigest()[:16]
        self._known: dict[str, str] = dict(known or {})
        self._shared: dict[str, str] = {}
        self._given: dict[str, Given] = {}
        self._old_parts: dict[str, dict[str, Any]] = {}
        self._touched: dict[str, dict[str, list[Any]]] = {}
        self.note = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def reasons(self, jobs: Sequence[Job]) -> Iterator[str]:
        """Yield for each job why its report has to be made, or "" if it is up to date.

        Raises UserError if a store cannot be read.
        """
        self._given |= {job.source: job.given for job in jobs if job.given}
        self._read_remote(jobs)
        yield from map(self._why, jobs)

    def _read_remote(self, jobs: Sequence[Job]) -> None:
        """Hash the remote parameter files that reports were made from and checked against, many at a time."""
        files = (job for job in jobs if job.given is None and is_remote(job.file))
        rows = [(job.params, row) for job in files if (row := self._row(job))]
        remote = {str(params): params for params, _row in rows}
        for params, row in rows:
            remote |= {name: printed_location(name, params) for name in json.loads(row[2]) if _is_params(name)}
        for name, content in zip(remote, read_remote(remote.values()), strict=True):
            if content is not None:
                self._known[name] = hashlib.sha256(content).hexdigest()

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
        return list(self._each(query, *values))

    def _each(self, query: str, *values: Any) -> Iterator[Any]:
        """Yield the rows that a query finds, as they are read."""
        try:
            yield from self._db.execute(query, values)
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
        own = f"{self._copies_at}{job.name}.ipynb"
        for name, known in inputs.items():
            if (now := self._copy(job, own) if name == own else self._input(name, known)) != known:
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

    def _altered(self, job: Job, suffix: str, sha: str, size: int, *times: int) -> str:
        """Why an output is not the one that was made: MISSING, BY_HAND, or "".

        Only a local one that was touched is read.
        """
        if not is_remote(job.out) and look(f"{job.out}/{job.name}{suffix}") == (size, *times):
            return ""  # as nearly all are, of thousands
        path = beside(job.target, suffix)
        if is_remote(path):
            now = self._sizes.get(PurePosixPath(job.name + suffix))
            same, gone = now == size, now is None
        else:
            same = self._unaltered(job.name, path, suffix, sha, (size, *times))
            gone = not same and not path.exists()
        return "" if same else MISSING if gone else BY_HAND

    def _unaltered(self, name: str, path: Path, suffix: str, sha: str, known: tuple[int, ...]) -> bool:
        seen = look(path)  # before it is read: what changes it after that is seen the next time
        if seen == known:
            return True
        if seen is None or digest(path) != sha:
            return False
        self._touched.setdefault(name, {})[suffix] = [sha, *seen]
        return True

    def _copy(self, job: Job, own: str) -> str:
        """The digest of a town's own copy, "" if it has none; which have one, one listing tells for all."""
        if own not in self._known:
            if job.name not in self._copies:
                return ""
            self._known[own] = copy_digest(self._project, job.name)
        return self._known[own]

    @cached_property
    def _copies_at(self) -> str:
        """What the name of each town's own copy begins with, as the journal calls it."""
        return self._project.name_of(copy_path(self._project, "")).removesuffix(".ipynb")

    @cached_property
    def _copies(self) -> set[str]:
        return set(towns_with_copies(self._project))

    @cached_property
    def _sizes(self) -> dict[PurePosixPath, int]:
        return listing(self._out)

    def files(self, job: Job) -> tuple[Path, ...]:
        """Return the files of a report that is up to date."""
        return tuple(job.out / f"{job.name}{suffix}" for suffix in _suffixes(job))

    def knows(self, job: Job) -> bool:
        """Return whether a build has ever tried to make a report."""
        return self._row(job) is not None

    def made(self, job: Job) -> tuple[str, ...]:
        """Return the suffixes of the files that the last build made of a report."""
        row = self._row(job)
        return tuple(json.loads(row[3])) if row else ()

    def _input(self, name: str, known: str) -> str:
        """The hash of an input file now, which was `known`; those that several reports share are read once."""
        if name in self._known:
            return self._known[name]
        if name in self._given:
            return hashlib.sha256(self._given[name].content).hexdigest()
        if name == self._master:
            if name not in self._shared:
                self._shared[name] = read_notebook(self._project.notebook).digest
            return self._shared[name]
        if not known and look(f"{self._root}{name}") is None:  # as of last year's file, where there is none
            return ""
        return digest(self._project.root / name)

    @cached_property
    def _root(self) -> str:
        """What the path of a file of the project begins with."""
        return f"{self._project.root}{os.sep}"

    @cached_property
    def _master(self) -> str:
        """The master as the journal calls it."""
        return self._project.name_of(self._project.notebook)

    def _changes(self, environment: str, job: Job) -> list[str]:
        """What differs between the environment of an earlier build and this one's, as far as it matters to the job."""
        if environment not in self._old_parts:
            ((parts,),) = self._select("SELECT parts FROM environment WHERE id = ?", environment)
            self._old_parts[environment] = json.loads(parts)
        old, new = self._old_parts[environment], self._parts
        ignored = () if need_typefaces(job.formats) else (TYPEFACES,)
        names = [name for name in new if name not in ignored and old.get(name) != new[name]]
        return [change(name, old.get(name), new[name]) for name in names]


def is_recorded(outputs: Mapping[str, Sequence[Any]], digests: Mapping[str, str]) -> bool:
    """Whether a report's outputs, as its row has them, are those of which a note was made, by their SHA-256."""
    return {suffix: sha for suffix, (sha, *_) in outputs.items()} == digests


def _folder_of_journal(project: Project, out: Path) -> Path:
    if not is_remote(out):
        return out / ".reportkit"
    return project.root / ".reportkit" / hashlib.sha256(identity(out).encode()).hexdigest()[:12]


def _is_params(name: str) -> bool:
    return "://" in name and name.endswith(SUFFIXES)


def _suffixes(job: Job) -> tuple[str, ...]:
    """The suffixes of the files that a job asks for."""
    return (*((".ipynb",) if job.notebook else ()), *(f".{name}" for name in job.formats))
