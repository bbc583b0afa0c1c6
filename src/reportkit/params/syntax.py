"""Why a text is no YAML, in our own words, at the line that has to be mended.

Of the parser only the places are used, which its interface promises: its words, the order in which it looks and its
limits change from version to version. What it stumbled over is read from the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from reportkit.errors import Issue, Origin

MAX_DEPTH = 12
DEPTH_CURE = "层次太深；参数文件最多用到五六层，请检查缩进和括号"

WIDE_SPACES = ("\u3000", "\u00a0", "\u2002", "\u2003", "\u2007", "\u2009", "\u202f")
"""Spaces that look like an indent and are none."""

WIDE_COLON = "用了全角冒号“：”；名称后面要用半角冒号加空格“: ”"

_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM = re.compile(r"[-?] +")
_LINE_END = re.compile(r"\r\n?|[\n\x85\u2028\u2029]")
_KEY = re.compile(r":(?:\s|$)")
_TEXT_BEGINS = re.compile(r":\s+[|>][-+0-9]*\s*(?:#.*)?$")
_STARTS_NOTHING = "@`%"
_CLOSING = {"[": "]", "{": "}"}
_GENERAL = "不符合 YAML 的写法；请检查这一行和上一行的缩进、引号和括号"


def wide_space(sign: str) -> str:
    """Return what to tell of a line that begins with one of WIDE_SPACES."""
    name = "全角空格" if sign == "\u3000" else "不间断空格" if sign == "\u00a0" else "特殊空格"
    return f"行首用了{name}（U+{ord(sign):04X}）；YAML 的缩进只能用半角空格，请改成半角空格"


class _Slip(NamedTuple):
    line: int
    message: str


def syntax_issue(error: yaml.YAMLError, text: str, path: str) -> Issue:
    """Return the issue of a text that the parser refused: Y3 where it is nested too deep, else Y2."""
    lines = _LINE_END.split(text)
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    deep = _too_deep(lines[: place.line + 1] if place else lines)
    if deep is not None:
        return Issue("Y3", "error", DEPTH_CURE, Origin(path, str(deep + 1)))
    slip = next(_slips(error, lines), None) or _Slip(place.line if place else 0, _GENERAL)
    found = lines[slip.line].strip()[:60] if slip.line < len(lines) else ""
    return Issue("Y2", "error", slip.message, Origin(path, str(slip.line + 1)), None, found)


def _slips(error: yaml.YAMLError, lines: list[str]) -> Iterator[_Slip]:
    """What may be wrong, the most certain first."""
    for number, line in enumerate(lines):
        if found := _UNPRINTABLE.search(line):
            yield _Slip(number, f"有 YAML 不允许的控制字符（U+{ord(found[0]):04X}）；请删除后另存")
    at, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = at or began
    if at is None:
        return
    began = began or at
    line = lines[at.line] if at.line < len(lines) else ""
    if "\t" in line[: _indent(line)] or line[at.column : at.column + 1] == "\t":
        yield _Slip(at.line, "行首用了制表符（Tab）；YAML 的缩进只能用空格，请改成空格")
    if line.strip(" ").startswith(WIDE_SPACES):
        yield _Slip(at.line, wide_space(line.strip(" ")[0]))
    opening = lines[began.line][began.column : began.column + 1] if began.line < len(lines) else ""
    if opening in ('"', "'"):
        yield _quotes(lines, began.line, opening)
    if opening in _CLOSING:
        yield _Slip(began.line, f"这里的括号“{opening}”没有写完整：各项用半角逗号隔开，最后用“{_CLOSING[opening]}”收尾")
    yield from _names(lines, at.line, at.column, began.line)
    if line[at.column : at.column + 1] and line[at.column] in _STARTS_NOTHING:
        yield _Slip(at.line, f"值不能以“{line[at.column]}”开头；请给整个值加上引号")
    if line.strip() and _indent(line) not in next(reversed([*_levels(lines[: at.line])]), []):
        yield _Slip(at.line, "这一行的缩进和上面各行对不齐；同一层的名称要从同一列写起")


def _quotes(lines: list[str], number: int, quote: str) -> _Slip:
    if quote == '"' and "\\" in lines[number]:
        return _Slip(number, "双引号里的反斜杠“\\”有特别的意思；请改用单引号，并检查引号是否配对")
    return _Slip(number, f"这里的引号 {quote} 没有配对；请在值的末尾补上")


def _names(lines: list[str], number: int, column: int, began: int) -> Iterator[_Slip]:
    """A name without its colon: the parser notices it there, or only at the line after it."""
    line = lines[number] if number < len(lines) else ""
    before = next((at for at in range(min(number, len(lines)) - 1, -1, -1) if _says_something(lines[at])), number)
    near = [at for at in (before, began, number) if at < len(lines) and _says_something(lines[at])]
    near = [at for at in near if at == began or _indent(lines[at]) <= _indent(line)]
    unnamed = [at for at in near if not _KEY.search(lines[at]) and lines[at].lstrip()[0] not in "\"'-[]{}"]
    for at in unnamed:
        if _runs_out_of_text(lines, at):
            message = "上面“|”后面的文字，每一行都要比它的名称缩进得多；请把这一行缩进到和上一行对齐"
        elif "：" in lines[at]:
            message = f"这一行{WIDE_COLON}"
        elif lines[at].lstrip().startswith("＃"):
            message = "注释要用半角的“#”开头，这里用了全角的“＃”"
        elif lines[at].rstrip() == "=======":
            message = "这是 git 合并时留下的标记；请留下要的文字，删去有标记的行"
        elif ":" in lines[at]:
            message = "冒号后面缺少空格；每项写成“名称: 值”"
        else:
            message = "这里缺少冒号；每项写成“名称: 值”，冒号是半角，后面有一个空格"
        yield _Slip(at, message)
    if line[column : column + 1] == ":" and _KEY.search(line[:column]):
        yield _Slip(number, "值里又有冒号；请给整个值加上引号")


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _runs_out_of_text(lines: list[str], number: int) -> bool:
    """Whether a line would belong to the text above it, were it indented as that is."""
    indent = _indent(lines[number])
    above = (line for line in reversed(lines[:number]) if line.strip() and _indent(line) <= indent)
    return bool(_TEXT_BEGINS.search(next(above, "")))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _levels(lines: list[str]) -> Iterator[list[int]]:
    """Yield after each line the columns at which the levels begin that are open there."""
    levels: list[int] = []
    for line in lines:
        column = _indent(line)
        while _says_something(line) and levels and levels[-1] > column:
            levels.pop()
        if _says_something(line) and (not levels or levels[-1] < column):
            levels.append(column)
        while item := _ITEM.match(line, column):  # each dash begins a level of its own
            column = item.end()
            levels.append(column)
        yield levels


def _too_deep(lines: list[str]) -> int | None:
    """The number of the first line that is nested too deep; brackets in quotes, comments and texts count, too."""
    brackets = 0
    for number, (line, levels) in enumerate(zip(lines, _levels(lines), strict=True)):
        if len(levels) > MAX_DEPTH:
            return number
        for sign in line:
            brackets = max(brackets + (sign in "[{") - (sign in "]}"), 0)
            if brackets > MAX_DEPTH:
                return number
    return None
