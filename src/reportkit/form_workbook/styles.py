"""How the cells of our workbooks look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from reportkit.form_workbook.cell_formats import GENERAL, number_format
from reportkit.model.cell import DECIMALS, Cell
from reportkit.model.facts import Fact

_FACES = {"zh": ("宋体", "仿宋"), "en": ("Calibri", "Calibri")}
"""The typefaces of a workbook by its language: of labels and figures, and of text."""

_OF_TEXT = "_text_face"
_GRID, _GREY = "#7F7F7F", "#E7E6E6"
_BASE = {"font_size": 10.5, "valign": "vcenter"}
_BOXED = {**_BASE, "border": 1, "border_color": _GRID, "text_wrap": True}
_INPUT = {"bg_color": "#FFF9DB", "locked": False}

_STYLES: dict[str, dict[str, Any]] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "align": "center"},
    "subtitle": {**_BASE, "font_size": 10.5, "align": "right", "font_color": "#595959"},
    "label": {**_BOXED, "align": "center", "bg_color": "#F2F2F2"},
    "stub": {**_BOXED, "align": "left", "indent": 1, "bg_color": "#F2F2F2"},
    "field": {**_BOXED, "align": "center", "bg_color": "#F2F2F2", "font_size": 12},
    "name": {**_BOXED, **_INPUT, "align": "left", "font_size": 12, "num_format": "0", "indent": 1},
    "fixed": {**_BOXED, "align": "left", "font_size": 12, "indent": 1},
    "count": {**_BOXED, **_INPUT, "align": "center", "num_format": "0", "text_wrap": False, "shrink": True},
    "amount": {**_BOXED, **_INPUT, "align": "center", "text_wrap": False, "shrink": True},
    "words": {**_BOXED, **_INPUT, "align": "left"},
    "total": {**_BOXED, "align": "center", "num_format": "0", "bg_color": _GREY, "text_wrap": False, "shrink": True},
    "check": {**_BASE, "align": "center", "font_color": "#2E7D32", "shrink": True},
    "checked": {**_BASE, "align": "right", "font_color": "#595959", "shrink": True},
    "hint": {**_BASE, "font_size": 9, "font_color": "#7F7F7F", "align": "left", "text_wrap": True},
    "above": {**_BASE, "font_size": 9, "align": "right"},
    "below": {**_BASE, "font_size": 9, "align": "left", "text_wrap": True},
    "remark": {**_BASE, "font_color": "#595959", "align": "left"},
    "advice": {**_BASE, "text_wrap": True, "valign": "top"},
    "heading": {**_BASE, "font_size": 14, "bold": True, "bottom": 1, "bottom_color": _GRID},
    "text": {
        **_BASE, **_INPUT, "font_name": _OF_TEXT, "font_size": 12, "text_wrap": True, "valign": "top", "bottom": 4,
        "bottom_color": "#BFBFBF",
    },
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}  # fmt: skip

PROTECTED = {"format_columns": True, "format_rows": True}
"""What people may do in a protected sheet beside filling it in."""


class Styles:
    """The formats of a workbook, by name."""

    def __init__(self, book: Workbook, language: str) -> None:
        self._book = book
        self._face, self._text_face = _FACES[language]
        self._numbers: dict[tuple[str, str], Format] = {}
        self._words: Format | None = None  # made when it is needed: a workbook without facts has none
        self._formats = {name: self._added(style) for name, style in _STYLES.items()}

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]

    def _added(self, style: Mapping[str, Any]) -> Format:
        if style.get("font_name") == _OF_TEXT:
            return self._book.add_format({**style, "font_name": self._text_face})
        # "wrong" takes the place of colours alone.
        return self._book.add_format({"font_name": self._face, **style} if "font_size" in style else dict(style))

    def fact(self, fact: Fact) -> Format:
        """Return the format of a fact's cell: what is typed into one for words or a date stays as it is."""
        if fact.type in ("int", "float"):
            return self["count" if fact.type == "int" else "amount"]
        if self._words is None:
            self._words = self._added({**_STYLES["name"], "num_format": "@"})
        return self._words

    def cell(self, cell: Cell, *, computed: bool) -> Format:
        """Return the format of a value cell."""
        style = (
            "total" if computed else "words" if not cell.is_number else "amount" if cell.kind in DECIMALS else "count"
        )
        code = number_format(cell)
        if code == _STYLES[style].get("num_format", GENERAL):
            return self[style]
        if (style, code) not in self._numbers:
            self._numbers[style, code] = self._added({**_STYLES[style], "num_format": code})
        return self._numbers[style, code]


def width(text: str) -> int:
    """Return how wide a text is, in half-width characters.

    >>> width("第1项")
    5
    """
    return sum(2 if ord(sign) > 0x2000 else 1 for sign in text)


def lines(text: str, columns: float) -> int:
    """Return how many lines a text takes in a cell of this width."""
    room = max(int(columns) - 1, 2)
    return max(-(-width(text) // room), 1)
