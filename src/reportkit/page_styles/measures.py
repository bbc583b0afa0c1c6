"""The values that a style is made of: lengths, colours, names of typefaces, languages."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any, ClassVar, Self

from reportkit.shapes import Checked
from reportkit.translation import N_

_MM = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4"), "pt": Decimal("25.4") / 72}


class Length(Checked):
    """A length, written as both CSS and Typst read it."""

    __slots__ = ()
    _FORM = r"\d{1,4}(\.\d{1,4})?(mm|cm|in|pt)"
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": f"^{_FORM}$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no length."""
        return "" if re.fullmatch(cls._FORM, text, re.ASCII) else N_("which is no number followed by mm, cm, in or pt")

    @property
    def millimetres(self) -> Decimal:
        """It in millimetres."""
        return Decimal(self[:-2]) * _MM[self[-2:]]

    @property
    def points(self) -> float:
        """It in points."""
        return points(self.millimetres)


def points(millimetres: Decimal) -> float:
    """Return a length in points."""
    return float(millimetres) / 25.4 * 72


class Colour(Checked):
    """A colour, or none."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": "^(none|#[0-9a-fA-F]{6})$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no colour."""
        return "" if re.fullmatch("none|#[0-9a-fA-F]{6}", text) else N_("which is neither none nor one such as #336699")


class Ink(Checked):
    """A colour that something is printed in, or on."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": "^#[0-9a-fA-F]{6}$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no such colour."""
        return "" if re.fullmatch("#[0-9a-fA-F]{6}", text) else N_("which is no colour such as #336699")

    def contrast(self, other: str) -> float:
        """Return how far it stands out from another colour, from 1 (not at all) to 21, as WCAG 2 measures it."""
        high, low = sorted((_luminance(self), _luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Family(Checked):
    """The name of a typeface."""

    __slots__ = ()
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": r"^[\w .+-]{1,80}$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why no typeface can be called so."""
        return "" if re.fullmatch(r"[\w .+-]{1,80}", text) and text.strip() else N_("which no typeface is called")


class Language(Checked):
    """A language by its code, perhaps with a country."""

    __slots__ = ()
    _FORM = "[a-z]{2,3}(-[A-Z]{2})?"
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": f"^{_FORM}$"}

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text is no such code."""
        return "" if re.fullmatch(cls._FORM, text) else N_("which is no code such as en, en-US or zh-CN")


class Pattern(Checked):
    """A text with fields, of which a class says which there can be."""

    __slots__ = ()
    FIELDS: ClassVar[frozenset[str] | None] = frozenset()
    """The names of fields that there are, None for any."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its texts, and the fields with their braces, in order."""
        return tuple(part for part in re.split(r"(\{\w+\})", self) if part)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(re.findall(r"\{(\w+)\}", self))

    def filled(self, **values: object) -> str:
        """Return the text with the values in their fields."""
        return re.sub(r"\{(\w+)\}", lambda field: str(values[field[1]]), self)

    @classmethod
    def fault(cls, text: str) -> str:
        """Return why a text cannot be filled in."""
        found = set(re.findall(r"\{(\w+)\}", text))
        bare = re.sub(r"\{\w+\}", "", text)
        fits = (cls.FIELDS is None or found <= cls.FIELDS) and not re.search("[{}]", bare) and text.isprintable()
        return "" if fits else N_("which has braces around something else")


class PagePattern(Pattern):
    """How a page's number is written."""

    __slots__ = ()
    FIELDS = frozenset({"page", "pages"})


class NumberPattern(Pattern):
    """A name with a number in it."""

    __slots__ = ()
    FIELDS = frozenset({"number"})


class ReasonsPattern(Pattern):
    """A sentence with some reasons in it."""

    __slots__ = ()
    FIELDS = frozenset({"reasons"})


class TitlePattern(Pattern):
    """A title with something around it."""

    __slots__ = ()
    FIELDS = frozenset({"title"})


class FactPattern(Pattern):
    """A text with names of what is known of a report in it: {title}, {year}, {jurisdiction}, or any parameter."""

    __slots__ = ()
    FIELDS = None
    SCHEMA: ClassVar[dict[str, Any]] = {"pattern": r"^([^{}]|\{\w+\})*$"}

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return a text of a file; a date or a number without quotes is one, too. Raises ValueError as others do."""
        plain = isinstance(value, datetime.date | int | float) and not isinstance(value, bool)
        return super().read(str(value) if plain else value)


class DatePattern(Pattern):
    """How a date is written."""

    __slots__ = ()
    FIELDS = frozenset({"year", "month", "day"})
