"""A journal for whoever only looks: as it is now, in memory. Nothing is written, and no build is kept out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.batch import recovery
from reportkit.batch.database import DamagedError, copied
from reportkit.batch.journal_words import CUT_OFF, REFUSED
from reportkit.batch.record import Record, is_recorded
from reportkit.errors import UserError, reason_of
from reportkit.files.locations import is_remote
from reportkit.project import Job, Project
from reportkit.translation import _


class Snapshot(Record):
    """The reports of a folder as its journal knows them now. Of one that is damaged none counts: `note` says so."""

    def __init__(
        self, project: Project, out: Path, environment: Mapping[str, Any], known: Mapping[str, str] | None = None
    ) -> None:
        """Raise UserError if the journal cannot be read."""
        super().__init__(project, out, environment, known)
        noted = () if is_remote(out) else recovery.cut_off(out)
        self._noted = {making.name: making.digests for making in noted}
        self._db = self._copy_of(self._folder / "journal.sqlite")

    def _copy_of(self, path: Path) -> sqlite3.Connection:
        try:
            return copied(path)
        except DamagedError:
            words = _("{path}: damaged, so no report counts as made; the next build puts it aside and makes all again")
            self.note = words.format(path=self._project.shown(path))
            return copied(path.with_name("none"))
        except OSError as error:
            raise UserError(_(REFUSED).format(path=self._project.shown(path), reason=reason_of(error))) from None

    def _row(self, job: Job) -> Any:
        row = super()._row(job)
        noted = self._noted.get(job.name)
        if row and noted is not None and not is_recorded(json.loads(row[3]), noted):
            return (CUT_OFF, *row[1:])
        return row
