"""What a person has done in one town's sheet, step by step, to be taken back and done again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reportkit.workbench.draft import Draft
from reportkit.workbench.fields import Field

MOST = 1000
"""Steps that are kept; those before are for good."""


class Step(NamedTuple):
    """The fields that were changed at once, before and after; `group` joins what is typed in one go."""

    before: Mapping[Field, str]
    after: Mapping[Field, str]
    group: str


class Steps:
    """One history for all of a sheet: figures, words, facts, names, waivers.

    A step is by what stands in the fields, not by versions of the file: so saving, and somebody else's save that was
    merged, take nothing away.
    """

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is one to do again."""
        return bool(self._undone)

    def add(self, before: Draft, after: Draft, group: str = "") -> None:
        """Keep a step that has led from one draft to another; what goes on with the last step's group belongs to it."""
        fields = changed(before, after)
        if not fields:
            return
        step = Step({one: before.text_at(one) for one in fields}, {one: after.text_at(one) for one in fields}, group)
        if group and self._done and not self._undone and self._done[-1].group == group:
            step = _joined(self._done.pop(), step)
        self._undone.clear()
        if step.before != step.after:
            self._done = [*self._done[1 - MOST :], step]

    def undo(self, draft: Draft) -> tuple[Draft, list[Field]]:
        """Return the draft without the last step, and the fields of it; none if there is no step."""
        return self._move(draft, self._done, self._undone, "before")

    def redo(self, draft: Draft) -> tuple[Draft, list[Field]]:
        """Return the draft with the step again that was taken back last, and the fields of it."""
        return self._move(draft, self._undone, self._done, "after")

    def _move(self, draft: Draft, source: list[Step], target: list[Step], side: str) -> tuple[Draft, list[Field]]:
        if not source:
            return draft, []
        texts: Mapping[Field, str] = getattr(source[-1], side)
        moved = draft.with_edits(texts)
        target.append(source.pop()._replace(group=""))
        return moved, list(texts)


def changed(before: Draft, after: Draft) -> list[Field]:
    """Return the fields with edits in which two drafts of one file differ, the figures in print order."""
    places = before.edits.keys() | after.edits.keys()
    return [one for one in _in_order(places, after) if before.text_at(one) != after.text_at(one)]


def _in_order(places: Iterable[Field], draft: Draft) -> list[Field]:
    cells = (ref for table in draft.opened.form.tables.values() for ref in table.cells)
    numbers = {"|".join(ref): number for number, ref in enumerate(cells)}
    return sorted(places, key=lambda place: (numbers.get(place.key, len(numbers)), place.name))


def _joined(first: Step, second: Step) -> Step:
    return Step({**second.before, **first.before}, {**first.after, **second.after}, second.group)
