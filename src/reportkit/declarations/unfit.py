"""Why a value cannot be taken."""

from __future__ import annotations

from reportkit.translation import gettext


class UnfitError(ValueError):
    """A value cannot be taken. Its words are put together when they are told: of most faults only the number is."""

    def __init__(self, words: str, /, **values: object) -> None:
        super().__init__(words)
        self.words, self.values = words, values

    def __str__(self) -> str:
        return gettext(self.words).format(**self.values)
