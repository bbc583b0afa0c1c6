"""What the text of a cell says: a figure, words, an option or a day; or the reason why it is none of what is asked."""

from __future__ import annotations

import re

from reportkit.model.cell import NUMBERS, Cell
from reportkit.model.days import read_day
from reportkit.model.filing import Text, Value
from reportkit.model.numbers import Refusal, half_width, read_figure, refused

MAX_TEXT = 500
"""More than fits into a cell of a table."""

_TICKED = "☑☒■√✓✔"
_BOX = re.compile(r"[□☐☑☒■√✓✔]")


def read_value(text: str, cell: Cell) -> Value | Refusal:
    """Return what a cell's text, which is not blank, states."""
    if cell.kind in NUMBERS:  # cell.is_number, without the call: there are hundreds in a file
        return read_figure(text, cell)
    if cell.kind == "choice":
        return _option(text, cell)
    if cell.kind == "date":
        day = read_day(text, cell.format.date)
        return refused("V8", cell, "date") if day is None else Text(day)
    words = " ".join(text.split())
    return refused("V8", cell, "long", "short_text", most=MAX_TEXT) if len(words) > MAX_TEXT else Text(words)


def is_blank(text: str, cell: Cell) -> bool:
    """Return whether a text is what a blank cell prints: nothing, the form's own sign, or boxes without a tick."""
    plain = text.strip()
    if not plain or plain == (cell.format.blank or "").strip():
        return True
    return cell.kind == "choice" and any(_boxed(plain)) and not any(sign in _TICKED for sign, _ in _boxed(plain))


def _option(text: str, cell: Cell) -> Text | Refusal:
    """The option that a text names, or that has the only ticked box of those that it prints."""
    named = [text]
    if boxed := _boxed(text):
        named = [words for sign, words in boxed if sign in _TICKED]
        if any(not _meant(words, cell) for _, words in boxed):
            return refused("V8", cell, "option")
    if len(named) > 1:
        return refused("V8", cell, "one_option")
    found = _meant(named[0], cell) if named else []
    return Text(found[0]) if len(found) == 1 else refused("V8", cell, "option")


def _meant(words: str, cell: Cell) -> list[str]:
    return [option for option in cell.options if _plain(option) == _plain(words)]


def _boxed(text: str) -> list[tuple[str, str]]:
    """The boxes of a text, each with the words that it stands before, or behind where the text ends with a box.

    Where it could be either, the words are "": nobody can tell whose box it is.
    """
    pieces = re.split(f"({_BOX.pattern})", text.strip())
    signs, words = pieces[1::2], pieces[::2]
    if not signs:
        return []
    before, behind = not words[0].strip(), not words[-1].strip()
    if before == behind:
        return [(sign, "") for sign in signs]
    return list(zip(signs, words[1:] if before else words[:-1], strict=True))


def _plain(text: str) -> str:
    return " ".join(half_width(text).split()).casefold()
