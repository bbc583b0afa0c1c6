"""The files of an overview, each opened once: what is seen by the way is kept for whoever asks about it next."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple

from reportkit.batch.inputs import Loaded
from reportkit.kinds.carry_over import is_only_begun
from reportkit.model.filing import Filing
from reportkit.notebook import Source, read_notebook
from reportkit.notebook.towns import (
    CopyError,
    as_printed,
    changes,
    copy_path,
    towns_with_copies,
    unlisted_copies,
    unread,
)
from reportkit.project import Job, Project, jobs_of


class EditCounts(NamedTuple):
    """How many cells of a town's own copy differ from the master's, and how many nobody has settled yet."""

    edited: int = 0
    conflicts: int = 0


class OpenedFiles:
    """Opens parameter files with the towns' own copies.

    `digests` are those of all that was opened, as the journal calls it; `edits` those of the copies, by report; `begun`
    are the reports whose file nobody has filled in yet.
    """

    def __init__(self, project: Project) -> None:
        """Raise UserError if the copies' store cannot be read."""
        self._project = project
        self.copies = frozenset(towns_with_copies(project))
        self._unlisted = bool(unlisted_copies(project))
        self.digests: dict[str, str] = {}
        self.edits: dict[str, EditCounts] = {}
        self.begun: set[str] = set()

    @cached_property
    def master(self) -> Source:
        """The notebook that all towns share. Raises UserError if it cannot be read."""
        source = read_notebook(self._project.notebook)
        self.digests[self._project.name_of(self._project.notebook)] = source.digest
        return source

    def filing(self, path: Path, content: bytes | None = None) -> Filing:
        """Return what a parameter file says, as its report prints it; `content` is what it holds, if that is known.

        Raises ReaderError if no filing can be made of it, UserError if the master or a store cannot be read.
        """
        file = (path, self._project.inside(path) or PurePath(path.name))
        (job,) = jobs_of(self._project, [file], ())
        return self.printed(job, content)

    def printed(self, job: Job, content: bytes | None = None) -> Filing:
        """Return what a job's report prints. Raises as `filing` does."""
        loaded = Loaded(job, content)
        if loaded.content is not None:
            self.digests[job.source] = hashlib.sha256(loaded.content).hexdigest()
        filing = loaded.filing
        if is_only_begun(filing):
            self.begun.add(job.name)
        if job.name not in self.copies and not self._unlisted:
            return filing
        try:
            return self._as_printed(loaded, filing)
        except CopyError as error:
            return replace(filing, notes=(*filing.notes, unread(self._project, error)))

    def _as_printed(self, loaded: Loaded, filing: Filing) -> Filing:
        loaded.master = self.master
        town, name = loaded.town, loaded.job.name
        if town.copy:
            self.digests[self._project.name_of(copy_path(self._project, name))] = town.copy.digest
            self.edits[name] = EditCounts(sum(1 for _change in changes(town)), len(town.merged.conflicts))
        return as_printed(self._project, town, filing)
