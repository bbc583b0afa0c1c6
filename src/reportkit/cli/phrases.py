"""Small words that several commands use."""

from collections.abc import Iterable

from reportkit.translation import _


def listed(parts: Iterable[str]) -> str:
    """Return what there is to say in a row, with commas."""
    return _(", ").join(parts)
