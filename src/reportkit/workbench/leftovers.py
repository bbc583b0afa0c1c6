"""What was not saved when a workbench ended, offered to the person who opens the town next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportkit.errors import reason_of
from reportkit.project import Project
from reportkit.translation import _
from reportkit.workbench import serialization
from reportkit.workbench.draft import Draft
from reportkit.workbench.fields import Field
from reportkit.workbench.kept_drafts import Keeper, Kept, with_unsent


class Leftovers:
    """Keeps the drafts of this workbench, and tells of what others have left."""

    def __init__(self, project: Project, tell: Callable[[dict[str, Any]], None]) -> None:
        self._keeper, self._tell = Keeper(project), tell
        self._offered: Kept | None = None
        self._is_told = False

    @property
    def edits(self) -> Mapping[Field, str]:
        """The edits that are offered now; none if nothing is."""
        return self._offered.edits if self._offered else {}

    def keep(self, name: str, draft: Draft) -> None:
        """Keep what is not saved of a town; where that is not possible the person is told once."""
        try:
            self._keeper.keep(name, draft)
        except OSError as error:
            if self._is_told:
                return
            self._is_told = True
            words = _("What is not saved is lost when the kernel stops: it cannot be kept ({reason}); save often.")
            self._tell(serialization.notice("error", words.format(reason=reason_of(error))))

    def offer(self, name: str, draft: Draft) -> None:
        """Tell what was left of a town, if anything was."""
        self._tell_of(self._keeper.left(name, draft), draft)

    def add(self, texts: Mapping[str, str], when: float, draft: Draft) -> None:
        """Tell of it together with the texts that a front end could not tell its kernel any more."""
        self._tell_of(with_unsent(self._offered, texts, when, draft), draft)

    def forget(self, name: str, draft: Draft) -> None:
        """Remove what is offered, and tell of what else there is."""
        if self._offered:
            self._offered.forget()
            self.offer(name, draft)

    def close(self) -> None:
        """Leave what is not saved to the next workbench."""
        self._keeper.close()

    def _tell_of(self, kept: Kept | None, draft: Draft) -> None:
        self._offered = kept
        if kept:
            self._tell(serialization.left(kept, draft))
