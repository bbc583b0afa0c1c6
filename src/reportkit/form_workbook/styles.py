"""How the cells of our workbooks look, and what may be typed into them."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from reportkit.model.form import Fact, Leaf

SONG, FANG = "宋体", "仿宋"
_GRID, _GREY = "#7F7F7F", "#E7E6E6"
_BASE = {"font_name": SONG, "font_size": 10.5, "valign": "vcenter"}
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
    "total": {**_BOXED, "align": "center", "num_format": "0", "bg_color": _GREY, "text_wrap": False, "shrink": True},
    "check": {**_BASE, "align": "center", "font_color": "#2E7D32", "shrink": True},
    "checked": {**_BASE, "align": "right", "font_color": "#595959", "shrink": True},
    "hint": {**_BASE, "font_size": 9, "font_color": "#7F7F7F", "align": "left", "text_wrap": True},
    "remark": {**_BASE, "font_color": "#595959", "align": "left"},
    "advice": {**_BASE, "text_wrap": True, "valign": "top"},
    "heading": {**_BASE, "font_size": 14, "bold": True, "bottom": 1, "bottom_color": _GRID},
    "text": {
        **_BASE, **_INPUT, "font_name": FANG, "font_size": 12, "text_wrap": True, "valign": "top", "bottom": 4,
        "bottom_color": "#BFBFBF",
    },
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}  # fmt: skip

PROTECTED = {"format_columns": True, "format_rows": True}
"""What people may do in a protected sheet beside filling it in."""


class Styles:
    """The formats of a workbook, by name."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._words: Format | None = None  # made when it is needed: a workbook without facts has none
        self._formats = {name: book.add_format(style) for name, style in _STYLES.items()}

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]

    def fact(self, fact: Fact) -> Format:
        """Return the format of a fact's cell: what is typed into one for words or a date stays as it is."""
        if fact.type in ("int", "float"):
            return self["count" if fact.type == "int" else "amount"]
        if self._words is None:
            self._words = self._book.add_format({**_STYLES["name"], "num_format": "@"})
        return self._words

    def cell(self, column: Leaf, *, total: bool) -> Format:
        """Return the format of a value cell."""
        if total:
            return self["total"]
        return self["amount" if column.kind == "amount" else "count"]


def validation(column: Leaf) -> dict[str, Any]:
    """Return what may be typed into a column, and what is said about anything else."""
    if column.kind == "count":
        return _rule("integer", "不小于 0 的整数；没有的数填 0", criteria=">=", value=0)
    if column.kind == "change":
        limits = {"criteria": "between", "minimum": -(10**9), "maximum": 10**9}
        return _rule("integer", "整数，减少的写负数；没有增减填 0", **limits)
    if column.unit:
        told = {"input_title": "金额", "input_message": f"单位是{column.unit}，可以有小数；只写数。"}
        return _rule("decimal", f"不小于 0 的数，单位是{column.unit}；没有的填 0", criteria=">=", value=0) | told
    # The form leaves the unit open here, so it is written with the number.
    message = "请连同单位一起写，例如 9.2万元；没有的填 0。"
    return {"validate": "any", "input_title": "金额", "input_message": message}


def fact_validation(fact: Fact) -> dict[str, Any]:
    """Return what may be typed for a fact."""
    match fact.type:
        case "int":
            limits = {"criteria": "between", "minimum": -(10**9), "maximum": 10**9}
            return _rule("integer", "整数", **limits)
        case "float":
            return _rule("decimal", "数", criteria="between", minimum=-(10**15), maximum=10**15)
        case "bool":
            return _rule("list", "是或否", source=["是", "否"])
        case "date":
            return {"validate": "any", "input_title": "日期", "input_message": "年、月、日，例如 2024-01-31"}
    return {"validate": "any"}


def _rule(kind: str, wanted: str, **limits: Any) -> dict[str, Any]:
    return {"validate": kind, "error_title": "这一格不能这样填", "error_message": f"这里填{wanted}。", **limits}


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
