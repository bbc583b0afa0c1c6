"""What a report is made from, read once for all the steps of its job."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from reportkit.files.locations import read_or_none
from reportkit.kinds import NOTEBOOK
from reportkit.model.filing import Filing
from reportkit.model.form import Form
from reportkit.notebook import Source, read_notebook
from reportkit.notebook.towns import Copy, Town, copy_path, own_copy
from reportkit.project import Job


class Loaded:
    """The files of a job, each as it was when a step first asked for it; all later steps see the same.

    It can be handed to another process with what has been read so far. What cannot be read is tried anew, and is told
    to each who asks.
    """

    def __init__(self, job: Job, content: bytes | None = None) -> None:
        """`content` is what the parameter file is taken to hold, else it is read."""
        self.job = job
        if content is not None:
            self.content = content

    @cached_property
    def content(self) -> bytes | None:
        """What the parameter file holds, None if it cannot be read; then `filing` says why. Of a list, its own row.

        Raises UserError if its store cannot be read.
        """
        given = self.job.given
        return read_or_none(self.job.params) if given is None else given.content

    @cached_property
    def filing(self) -> Filing:
        """What the parameter file says. Raises as `Project.read` does."""
        given = self.job.given
        return self.job.project.read(self.job.params, self.content) if given is None else self.job.project.filing(given)

    @cached_property
    def master(self) -> Source:
        """The notebook that all towns share. Raises UserError if it cannot be read."""
        return read_notebook(self.job.project.notebook)

    @cached_property
    def copy(self) -> Copy | None:
        """The town's own copy, None if it has none. Raises CopyError if it cannot be read or is another user's."""
        return own_copy(self.job.project, self.job.name)

    @cached_property
    def town(self) -> Town:
        """The town's notebook, made of all three. Raises as these do."""
        words = self.filing.narrative
        return Town(self.job.name, self.master, words, self.copy)

    def written(self, town: Town | None = None) -> None:
        """Forget the copy, which has been written: it is read when next asked for, unless `town` is it, read anew."""
        for name in ("copy", "town"):
            self.__dict__.pop(name, None)
        if town:
            self.copy, self.town = town.copy, town

    def __getstate__(self) -> dict[str, Any]:
        state = dict(vars(self))
        if "filing" in state:
            state["filing"] = handed_on(self.filing)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if fields := state.get("filing"):
            job = state["job"]
            state["filing"] = taken_over(
                fields, job.project.forms if job.given is None else {NOTEBOOK.edition: NOTEBOOK}
            )
        vars(self).update(state)


def handed_on(filing: Filing) -> dict[str, Any]:
    """Return a filing as it is handed to another process: its form, which is large and read by each, by its name."""
    return {name: getattr(filing, name) for name in Filing.__dataclass_fields__} | {"form": filing.form.edition}


def taken_over(fields: Mapping[str, Any], forms: Mapping[str, Form]) -> Filing:
    """Return the filing that has been handed to this process, which has these forms."""
    return Filing(**{**fields, "form": forms[fields["form"]]})


def notebook_folders(job: Job) -> tuple[Path, ...]:
    """Return the folders of the town's own copy and of the master."""
    return copy_path(job.project, job.name).parent, job.project.notebook.parent
