"""Small words that several commands use."""

from collections.abc import Iterable

from reportkit.translation import _, ngettext


def counted(number: int, one: str, many: str, **fields: object) -> str:
    """Return the sentence about so many things, whose {number} is written 1,234, with its other fields filled in."""
    return ngettext(one, many, number).format(number=f"{number:,}", **fields)


def listed(parts: Iterable[str]) -> str:
    """Return what there is to say in a row, with commas."""
    return _(", ").join(parts)
