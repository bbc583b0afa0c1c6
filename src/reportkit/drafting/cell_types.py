"""What a cell holds: as the file says, by what may be typed, by number format, by label, or by what stands there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from reportkit.drafting.source_grid import SourceCell
from reportkit.model.numbers import MONEY, half_width
from reportkit.model.spelling import normal
from reportkit.spreadsheets.entry_cells import Asked
from reportkit.translation import N_


class CellType(NamedTuple):
    """A kind of the form's language with what belongs to it; `why` is what it was guessed from, "" if it is sure.

    `firm` tells that the file lets nothing else be typed: no other cell's figures say more of it.
    """

    kind: str = ""
    unit: str = ""
    currency: str = ""
    options: tuple[str, ...] = ()
    negative: bool = False
    decimals: int | None = None
    group: bool = False
    why: str = ""
    firm: bool = False

    @property
    def bare(self) -> CellType:
        """The type without how it is known, to compare it with others."""
        return self._replace(why="", firm=False)


UNKNOWN = CellType()
"""Of a cell of which nothing says anything."""

_BY_LABEL, _BY_FORMAT, _BY_VALUE = N_("so its label reads"), N_("so it is shown"), N_("so what stands there reads")
_BY_NOTE = N_("so the note above the table reads")

_MONEY = "亿元|万元|元"
_STATED = re.compile(rf"(?:单位\W?|[(])({_MONEY})(?:[)]|$)|^({_MONEY})$|unit is ({_MONEY})|单位是({_MONEY})")
_UNITS = re.compile(r"[(]?单位:[^\W\d]{1,4}(?:[、,/][^\W\d]{1,4}){0,5}(?<![局镇乡县市府委办院])[)]?")
"""A note of units of any kind: 单位：件、万元. A line that ends as the name of an office is none."""
_AMOUNT = re.compile(r"金额|预算数|决算数|执行数|经费|拨款|费用|余额|资金|收费")
_DOLLARS = re.compile(r"\$|\bUSD\b|\b(?:amounts?|appropriat\w+|spent|budget\w*|balance|revenues?|expenditures?|cost)\b")
_PERCENT = re.compile(r"%|％|百分比|占比|比重|比例|(?:率|幅度)$|\b(?:percent|percentage|share|rate)\b")
_COUNT = re.compile(r"(?:数量|件数|次数|人数|个数|总数|项数)$|\bnumber of\b")
_CHANGE = re.compile(r"增/?减|\bchange\b")
_DECIMAL = re.compile(r"平均|人均|均值|面积|长度|天\)|公里|平方米|公顷|亩|吨|千瓦时|立方米|\baverage\b|\bmean\b")
_DAY = re.compile(r"日期|(?:成立|发布|批准|开通|截止|填报)时间|\bdate\b")
_WORDS = re.compile(
    r"名称|姓名|地址|网址|标识码|备案号|编号|代码|负责人|联系人|电话|备注|说明|依据|文号"
    r"|\b(?:name|address|remarks?|notes?)\b"
)
_WHETHER = re.compile(r"是否")
_KINDS = (
    ("count", _COUNT), ("change", _CHANGE), ("date", _DAY), ("text", _WORDS), ("number", _DECIMAL), ("amount", _AMOUNT),
)  # fmt: skip
"""What the words of a label say of its cells: the first of them that it has."""

_YES_NO = ("是", "否")
_GENERAL = re.compile(r"|数值|数据|内容|填报内容|指标值|情况|value|values|figure")
"""Labels of columns that say nothing of what is in them."""

_VALUE = re.compile(
    r"(?P<currency>[$¥￥€£])?(?P<sign>[-+(])?(?P<whole>\d[\d,]*)(?P<fraction>\.\d+)?\)?\s*(?P<unit>%|亿元|万元|元)?"
)
_DATE = re.compile(r"\d{4}([-/.年])\d{1,2}[-/.月]\d{1,2}日?")
_CURRENCIES = {"$": "USD", "¥": "CNY", "￥": "CNY", "€": "EUR", "£": "GBP"}
_TICK = re.compile(r"[□☐☑☒■√✓]\s*([^□☐☑☒■√✓\s]+)")
_MOST_OPTIONS = 20
_FROM_BELOW = ("greaterThan", "greaterThanOrEqual", "between")
_TOLD = re.compile(r"(?:单位是|[Tt]he unit is |单位[:：])([^\s，。；,;]{1,12})")
_NUMBER_TITLES = ("Number", "数", "数值", "数字")
"""What the message beside a cell is headed, where its unit is not one of money."""


def type_of(
    cell: SourceCell, row: Sequence[str], column: Sequence[str], note: str = "", alone: bool = False
) -> CellType:
    """Return what a cell holds; `row` and `column` are the labels over it, `note` what stands above the table.

    `alone` tells that each row has this one cell, so that it is the row's label which says what it is.
    """
    asked = _asked(cell.asked) if cell.asked else UNKNOWN
    by_label = _by_labels(row, column, alone or bool(column and _GENERAL.fullmatch(normal(column[-1]).lower())))
    shown, value = _by_format(cell.shown), _by_value(cell)
    if asked.kind:
        return _finer(asked, by_label, shown)._replace(firm=True)
    if by_label.kind in ("", "amount") and value.kind in ("text", "choice", "date", "percent"):
        by_label = UNKNOWN  # what stands there is no such number
    found = next((one for one in (shown, by_label, value) if one.kind), UNKNOWN)
    if found.kind == "number" and by_label.kind:
        found = by_label._replace(decimals=shown.decimals, group=shown.group)
    if found.kind in ("", "number", "count") and not by_label.kind and (unit := stated_unit(note)):
        found = CellType("amount", unit, decimals=shown.decimals, group=shown.group, why=_BY_NOTE)
    if found.kind in ("count", "change", "") and value.kind in ("change", "number"):
        found = value._replace(negative=found.kind == "change" or value.negative)
    below = (value.negative or found.negative) and found.kind in ("amount", "number", "money", "percent")
    return found._replace(negative=below)


def stated_unit(text: str) -> str:
    """Return the unit of money that a label or a note states, "" if none."""
    found = _STATED.search(normal(text))
    return next(filter(None, found.groups()), "") if found else ""


def is_unit_note(line: str) -> bool:
    """Return whether a line says in what unit, or units, the figures of a table are, and nothing else."""
    stated = bool(stated_unit(line)) and ("单位" in line or line[:1] in "（(")
    return len(line) <= 20 and (stated or _UNITS.fullmatch(normal(line)) is not None)


def _finer(asked: CellType, label: CellType, shown: CellType) -> CellType:
    """What may be typed, with the unit of the label and the look of the number."""
    for finer in (shown, label):
        if asked.kind == "number" and finer.kind in ("amount", "percent", "money"):
            unit = label.unit if label.kind == finer.kind else finer.unit
            asked = finer._replace(unit=unit, negative=asked.negative, why="")
    unit = asked.unit or (label.unit if label.kind == asked.kind else "")
    return asked._replace(unit=unit, decimals=shown.decimals, group=shown.group)


def _asked(asked: Asked) -> CellType:
    """The kind of what may be typed."""
    title = asked.words[0] if asked.words else ""
    lowest = asked.limits[0] if asked.limits and asked.operator in _FROM_BELOW else "-"
    match asked.kind:
        case "whole":
            return CellType("change" if lowest.startswith("-") else "count")
        case "decimal":
            told = next((found[1] for words in asked.words if (found := _TOLD.search(words))), "")
            number = CellType("number", told) if title in _NUMBER_TITLES or not told else _money(told)
            return number._replace(negative=lowest.startswith("-"))
        case "list":
            options = tuple(dict.fromkeys(asked.options))
            return CellType("choice", options=options) if 1 < len(options) <= _MOST_OPTIONS else CellType("text")
        case "date" | "time":
            return CellType("date")
        case "textLength":
            return CellType("text")
    return CellType("amount") if title and (_AMOUNT.search(title) or title == "Amount") else UNKNOWN


def _money(unit: str) -> CellType:
    """The kind of a number in a unit that is told: an amount, money of a currency, or any number."""
    if unit in MONEY:
        return CellType("amount", unit)
    return CellType("money", currency=unit) if re.fullmatch("[A-Z]{3}", unit) else CellType("number", unit)


def _by_labels(row: Sequence[str], column: Sequence[str], of_row: bool) -> CellType:
    """What the labels over a cell say: a unit in any of them, or the words of the nearest that says something."""
    nearest = [*reversed(row), *reversed(column)] if of_row else [*reversed(column)]
    if unit := next((unit for label in (*reversed(row), *reversed(column)) if (unit := stated_unit(label))), ""):
        return CellType("amount", unit)
    return next((found for label in nearest if (found := _by_words(label)).kind), UNKNOWN)


def _by_words(label: str) -> CellType:
    plain = normal(label).lower()
    words = " ".join(label.lower().split())
    if _PERCENT.search(plain) or _PERCENT.search(words):
        return CellType("percent", "%" if "%" in plain else "", why=_BY_LABEL)
    if _WHETHER.search(plain):
        return CellType("choice", options=_YES_NO, why=_BY_LABEL)
    if words.endswith("?") and words.isascii():
        return CellType("choice", options=("Yes", "No"), why=_BY_LABEL)
    for kind, pattern in _KINDS:
        if pattern.search(plain) or pattern.search(words):
            return CellType(kind, why=_BY_LABEL)
    return CellType("money", currency="USD", why=_BY_LABEL) if _DOLLARS.search(words) else UNKNOWN


def _by_format(code: str) -> CellType:
    """What a number format shows."""
    plain = re.sub(r'"[^"]{0,255}"|\\.|\[[^\]]{0,255}\]', "", code.partition(";")[0])
    places = re.search(r"[0#]\.(0+)", plain)
    decimals, group = len(places[1]) if places else None, "#,#" in plain
    if plain == "@":
        return CellType("text", why=_BY_FORMAT)
    if plain.rstrip().endswith("%"):
        return CellType("percent", decimals=decimals, why=_BY_FORMAT)
    if "y" in plain.lower() and set(plain.lower()) & {"m", "d"}:
        return CellType("date", why=_BY_FORMAT)
    if sign := re.search(r"[$€£]", code.partition(";")[0].replace("[$-", "")):
        return CellType("money", currency=_CURRENCIES[sign[0]], decimals=decimals, group=group, why=_BY_FORMAT)
    return CellType("number", decimals=decimals, group=group, why=_BY_FORMAT) if decimals else UNKNOWN


def _by_value(cell: SourceCell) -> CellType:
    """What stands in a filled cell."""
    text = half_width(cell.text)
    if isinstance(cell.value, datetime.date) or _DATE.fullmatch(text):
        return CellType("date", why=_BY_VALUE)
    if cell.has_boxes:
        options = tuple(dict.fromkeys(_TICK.findall(cell.text)))
        return CellType("choice", options=options, why=_BY_VALUE) if len(options) > 1 else _TEXT
    if not text or (cell.is_figure and not any(map(str.isdigit, text))):
        return UNKNOWN
    found = _VALUE.fullmatch(text)
    if not found:
        return CellType("choice", options=_YES_NO, why=_BY_VALUE) if text in _YES_NO else _TEXT
    negative, unit = found["sign"] in ("-", "("), found["unit"]
    if found["currency"]:
        return CellType("money", currency=_CURRENCIES[found["currency"]], negative=negative, why=_BY_VALUE)
    if unit or found["fraction"]:
        kind = "number" if not unit else "percent" if unit == "%" else "amount"
        return CellType(kind, negative=negative, why=_BY_VALUE)
    return CellType("change" if negative else "count", why=_BY_VALUE)


_TEXT = CellType("text", why=_BY_VALUE)
