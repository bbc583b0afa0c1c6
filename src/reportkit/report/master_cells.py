"""The cells of the master that a report is made with: whether its words were changed, and what sections it shows."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from functools import cached_property

from reportkit.errors import UserError
from reportkit.kinds import Kind
from reportkit.model.form import Form
from reportkit.notebook.normalization import notebook_of
from reportkit.notebook.own_words import comparable, shown_in
from reportkit.project import Project


class MasterCells:
    """The cells of a project's master, which `kind` is the kind of; nothing is known of them without a project."""

    def __init__(self, project: Project | None, kind: Kind) -> None:
        self._project, self._kind = project, kind

    def is_changed(self, source: str) -> bool:
        """Whether a narrative cell is none of the master's; never where there is no master to tell it by."""
        return bool(self._sources) and comparable(source) not in self._comparable

    def sections_of(self, form: Form) -> Container[str]:
        """Return the sections that have cells: those of the kind for its own forms, for others those that it names."""
        return self._named if form.kind != self._kind.name and self._sources else self._kind.sections

    @cached_property
    def _sources(self) -> list[str]:
        with suppress(UserError):
            if self._project:
                return [cell["source"] for cell in notebook_of(self._project.notebook)["cells"]]
        return []

    @cached_property
    def _comparable(self) -> set[str]:
        return {comparable(source) for source in self._sources}

    @cached_property
    def _named(self) -> set[str]:
        return shown_in(self._sources)
