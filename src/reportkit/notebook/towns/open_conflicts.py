"""A town's open conflicts as values, for whatever shows them to a person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from reportkit.errors import Origin
from reportkit.model.filing import Filing
from reportkit.notebook.both_changes import both_changes, only_adds
from reportkit.notebook.cells import Cell
from reportkit.notebook.conflict_view import View, view_of, without_head
from reportkit.notebook.markers import Labels, is_open, labels_of
from reportkit.notebook.merge import Conflict
from reportkit.notebook.sentence_ends import is_prose
from reportkit.notebook.towns.file import copy_path
from reportkit.notebook.towns.town_notebook import COPY_AND_MASTER, Town, cell_place, read_town
from reportkit.project import Project
from reportkit.translation import _


class Choice(StrEnum):
    """Whose text a cell in conflict is to have."""

    ours = "ours"
    theirs = "theirs"
    both = "both"


@dataclass(frozen=True)
class OpenConflict:
    """A cell of a town's copy in conflict.

    `cell` is its id, and `place` where it is, as messages tell it. `head` is the line `%%narrative …` with its line end
    where all texts have the same, else ""; the texts are without it. `base` is what was there before both changes, None
    if that is not known or nothing was there; `ours` and `theirs` are the two sides, None for one that has taken the
    cell out. What could be merged is the same in all three. `labels` say whose the sides are: where an edit was carried
    over from an output, it is `ours` and the copy `theirs`.
    """

    cell: str
    place: Origin
    head: str
    base: str | None
    ours: str | None
    theirs: str | None
    labels: Labels
    prose: bool

    @property
    def view(self) -> View:
        """What was before and both changes, word by word as pieces (same, gone, new), less what is alike in all."""
        return view_of(self._conflict)

    @property
    def choices(self) -> list[Choice]:
        """What `settle` takes for this one; a text of one's own is always possible (`settle_by_text`).

        None of them where the marks are half edited, so that the sides are not known any more.
        """
        if is_open(self.ours or ""):
            return []
        return [Choice.ours, Choice.theirs, *([] if self.both is None else [Choice.both])]

    @cached_property
    def proposal(self) -> str | None:
        """The text with both changes in it, for a person to begin from and to read before it is settled by it.

        None where both have changed the same sentence. Changes of neighbours are a conflict, as they often belong
        together; mostly this is then what is wanted.
        """
        if self.base is None or self.ours is None or self.theirs is None:
            return None
        return both_changes(self.base, self.ours, self.theirs, prose=self.prose)

    @cached_property
    def both(self) -> str | None:
        """What the cell has if both are taken: what both sides have added, theirs first at the same place.

        None if one has changed something or taken it out, or both have added the same sentence; see `no_both`.
        """
        return None if any(map(self._changes, (self.ours, self.theirs))) else self.proposal

    @property
    def no_both(self) -> str:
        """Why both cannot be taken, in a sentence; "" if they can."""
        if self.both is not None:
            return ""
        if self.ours is None or self.theirs is None:
            return _("one side has taken the cell out, so there are not two texts to take")
        if self.base is None:
            return _("it is not known what was there before, so what was added cannot be told from what was changed")
        for label, side in zip(self.labels, (self.ours, self.theirs), strict=True):
            if self._changes(side):
                return _("{whose} does not only add, but changes or takes out what was there").format(whose=_(label))
        return _("both have added the same sentence, which would stand there twice")

    @property
    def version(self) -> str:
        """What tells this state of the conflict from any other: a short text to hand to `settle` as `seen`."""
        texts = json.dumps([self.head, self.base, self.ours, self.theirs])
        return hashlib.sha256(texts.encode()).hexdigest()[:16]

    def _changes(self, side: str | None) -> bool:
        """Whether a side does more than to add."""
        return self.base is None or side is None or not only_adds(self.base, side, prose=self.prose)

    @property
    def _conflict(self) -> Conflict:
        return Conflict(self.cell, self.base, self.ours, self.theirs)


def open_conflicts(project: Project, name: str, filing: Filing) -> list[OpenConflict]:
    """Return the conflicts of a report's town (2019/宁海县/桑洲镇), in the order of its cells; nothing is written.

    Raises UserError if a notebook cannot be read.
    """
    return conflicts_of(project, read_town(project, name, filing))


def conflicts_of(project: Project, town: Town) -> list[OpenConflict]:
    """Return the conflicts of a town that has been read."""
    cells = {cell.id: cell for cell in town.merged.cells}
    path = project.shown(copy_path(project, town.name))
    return [_open(path, each, cells[each.cell]) for each in town.merged.conflicts]


def _open(path: str, conflict: Conflict, cell: Cell) -> OpenConflict:
    head, bare = without_head(conflict)
    return OpenConflict(
        conflict.cell,
        cell_place(path, conflict.cell),
        head,
        bare.base,
        bare.ours,
        bare.theirs,
        labels_of(cell.source) or COPY_AND_MASTER,
        is_prose(replace(cell, source=head + (bare.ours or bare.theirs or ""))),
    )
