"""How the cells of a workbook look: what of it says that a person does not see what is stored there."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from reportkit.spreadsheets.formulas import exact
from reportkit.spreadsheets.number_formats import GENERAL, seen, shows_text, shows_whole
from reportkit.spreadsheets.sheets import Facts, Position

_PADDED = re.compile("0{2,100}")
"""The format of numbers that have zeros before them, such as 00000."""


class Style(NamedTuple):
    """What a cell style says: its number format, and how its letters are: struck out, raised or lowered, not seen."""

    code: str = GENERAL
    struck: bool = False
    raised: bool = False
    unseen: bool = False

    @property
    def plain(self) -> bool:
        """Whether a whole number is seen as it is stored."""
        return shows_whole(self.code) and not self.marked

    @property
    def marked(self) -> bool:
        """Whether the letters are none that simply stand there."""
        return self.struck or self.raised or self.unseen


class Styles:
    """The cell styles of a workbook, by number."""

    def __init__(self, styles: Mapping[int, Style]) -> None:
        self._styles = styles
        self._for_numbers = frozenset(name for name, style in styles.items() if not style.plain)
        self._padding = {name: len(style.code) for name, style in styles.items() if _PADDED.fullmatch(style.code)}
        self._for_texts = frozenset(
            name for name, style in styles.items() if style.marked or not shows_text(style.code)
        )

    def note_number(self, facts: Facts, at: Position, name: int, number: float) -> None:
        """Note how a cell with a number looks, if that is not plainly the number."""
        if name in self._padding and number.is_integer() and number >= 0:
            facts.padded[at] = f"{number:0{self._padding[name]}.0f}"
        if name in self._for_numbers or not number.is_integer():
            self._note(facts, at, name)
            if name in self._styles and math.isfinite(number):
                stored = exact(number)
                shown = seen(self._styles[name].code, stored)
                if shown is None or shown != f"{stored:f}":
                    facts.shown[at] = shown

    def note_text(self, facts: Facts, at: Position, name: int) -> None:
        """Note how a cell with a text looks, if that is not plainly the text."""
        if name in self._for_texts:
            self._note(facts, at, name)
            if not shows_text(self._styles[name].code):
                facts.shown[at] = None

    def _note(self, facts: Facts, at: Position, name: int) -> None:
        style = self._styles.get(name, Style())
        facts.struck.update([at] if style.struck else ())
        facts.raised.update([at] if style.raised else ())
        facts.unseen.update([at] if style.unseen else ())


def is_white(color: str) -> bool:
    """Whether a colour, RRGGBB with or without something before it, is white."""
    return color[-6:].lower() == "ffffff"
