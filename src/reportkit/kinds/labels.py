"""What stands in the place of a label means: which of a form's labels it is, as printed or as people write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import cached_property
from typing import Generic, TypeVar

from reportkit.kinds.kind import kind_of
from reportkit.model.form import Form
from reportkit.model.spelling import Spelled, same_words

T = TypeVar("T")


class Degree(IntEnum):
    """How exactly a text names a label, most exactly first."""

    PRINTED = 0
    """The same signs, but for their width and for white space."""

    WRITTEN = 1
    """The same number, however it is written, and the same words; what the form says in brackets may be left out."""

    UNNUMBERED = 2
    """The same words, with a number in front on one side alone."""

    OTHER = 3
    """Other words that mean the same: 合计 is 总计, and what the kind's readers.yaml has among its aliases."""


OWN_NAMES = (Degree.PRINTED, Degree.WRITTEN, Degree.UNNUMBERED)
"""The degrees at which a text has a label's own words."""


class Labels(Generic[T]):
    """Labels, each with what it stands for, to be looked up by what somebody has written in the place of one.

    A unit of money that a text states must be the label's: the same figure in another unit is another figure. So must
    what it says in brackets: 自然人（男） is not 自然人.
    """

    def __init__(self, labelled: Iterable[tuple[Spelled, T]], aliases: Mapping[str, str]) -> None:
        self._labelled = tuple((label, value) for label, value in labelled if label.whole)
        self._aliases = aliases
        self._printed: dict[str, list[T]] = {}
        for label, value in self._labelled:
            self._printed.setdefault(label.whole, []).append(value)

    def meant(self, text: Spelled, degrees: Iterable[Degree] = Degree) -> list[T]:
        """Return what a text stands for: all that it names most exactly, none if it is no label."""
        return next((found for degree in degrees if (found := self.at(text, degree))), [])

    def at(self, text: Spelled, degree: Degree) -> list[T]:
        """Return what a text names just as exactly as that, in the order of the labels."""
        if degree is Degree.PRINTED:
            return self._printed.get(text.whole, [])
        if degree is Degree.OTHER:
            others = self.other_words(text.words)
            return [value for label, value in others if _fits(text, label) and text.number in ("", label.number)]
        found = [(label, value) for label, value in self.of_words(text.words) if label.words == text.words]
        return [value for label, value in found if _fits(text, label) and _numbered_at(text, label) is degree]

    def of_words(self, words: str) -> list[tuple[Spelled, T]]:
        """Return the labels that have words, whatever their number and notes, each with what it stands for."""
        return self._of_words.get(same_words(words), [])

    def other_words(self, words: str) -> list[tuple[Spelled, T]]:
        """Return the labels that mean the same as words, and have others."""
        same = [(label, value) for label, value in self.of_words(words) if label.words != words]
        return same or self.of_words(self._aliases.get(words, ""))

    @cached_property
    def _of_words(self) -> dict[str, list[tuple[Spelled, T]]]:
        found: dict[str, list[tuple[Spelled, T]]] = {}
        for label, value in self._labelled:
            if label.words:
                found.setdefault(same_words(label.words), []).append((label, value))
        return found


def aliases_of(form: Form) -> Mapping[str, str]:
    """Return the other names that a form's kind knows for labels: the words of the one by those of the other."""
    return kind_of(form).vocabulary.aliases


def _fits(text: Spelled, label: Spelled) -> bool:
    return text.unit == label.unit and label.note.startswith(text.note)


def _numbered_at(text: Spelled, label: Spelled) -> Degree | None:
    if text.number == label.number:
        return Degree.WRITTEN
    return None if text.number and label.number else Degree.UNNUMBERED
