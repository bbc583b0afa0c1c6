"""Why a text is no YAML, in our own words, at the line that has to be mended.

Of the parser only the places are used, which its interface promises: its words, the order in which it looks and its
limits change from version to version. What it stumbled over is read from the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import yaml

from reportkit.errors import Issue, Origin
from reportkit.messages.words import issue

MAX_DEPTH = 12

WIDE_SPACES = ("\u3000", "\u00a0", "\u2002", "\u2003", "\u2007", "\u2009", "\u202f")
"""Spaces that look like an indent and are none."""

_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM = re.compile(r"[-?] +")
_LINE_END = re.compile(r"\r\n?|[\n\x85\u2028\u2029]")
_KEY = re.compile(r":(?:\s|$)")
_TEXT_BEGINS = re.compile(r":\s+[|>][-+0-9]*\s*(?:#.*)?$")
_STARTS_NOTHING = "@`%"
_CLOSING = {"[": "]", "{": "}"}


def wide_space(sign: str, origin: Origin, found: str = "") -> Issue:
    """Return the issue of a line that begins with one of WIDE_SPACES."""
    name = {"\u3000": "Y2.wide_space", "\u00a0": "Y2.no_break_space"}.get(sign, "Y2.other_space")
    return issue(name, origin, None, found, code=f"{ord(sign):04X}")


class _Slip(NamedTuple):
    """A line, and what is wrong with it: the issue at a place, with what stands there."""

    line: int
    told: Callable[[Origin, str], Issue]


def _slip(line: int, name: str, /, **values: object) -> _Slip:
    return _Slip(line, lambda origin, found: issue(name, origin, None, found, **values))


def syntax_issue(error: yaml.YAMLError, text: str, path: str) -> Issue:
    """Return the issue of a text that the parser refused: Y3 where it is nested too deep, else Y2."""
    lines = _LINE_END.split(text)
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    deep = _too_deep(lines[: place.line + 1] if place else lines)
    if deep is not None:
        return issue("Y3.depth", Origin(path, deep + 1))
    slip = next(_slips(error, lines), None) or _slip(place.line if place else 0, "Y2.general")
    found = lines[slip.line].strip()[:60] if slip.line < len(lines) else ""
    return slip.told(Origin(path, slip.line + 1), found)


def _slips(error: yaml.YAMLError, lines: list[str]) -> Iterator[_Slip]:
    """What may be wrong, the most certain first."""
    for number, line in enumerate(lines):
        if found := _UNPRINTABLE.search(line):
            yield _slip(number, "Y2.control", code=f"{ord(found[0]):04X}")
    at, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = at or began
    if at is None:
        return
    began = began or at
    line = lines[at.line] if at.line < len(lines) else ""
    if "\t" in line[: _indent(line)] or line[at.column : at.column + 1] == "\t":
        yield _slip(at.line, "Y2.tab")
    if line.strip(" ").startswith(WIDE_SPACES):
        yield _Slip(at.line, partial(wide_space, line.strip(" ")[0]))
    opening = lines[began.line][began.column : began.column + 1] if began.line < len(lines) else ""
    if opening in ('"', "'"):
        yield _quotes(lines, began.line, opening)
    if opening in _CLOSING:
        yield _slip(began.line, "Y2.brackets", opening=opening, closing=_CLOSING[opening])
    yield from _names(lines, at.line, at.column, began.line)
    if line[at.column : at.column + 1] and line[at.column] in _STARTS_NOTHING:
        yield _slip(at.line, "Y2.start", sign=line[at.column])
    if line.strip() and _indent(line) not in next(reversed([*_levels(lines[: at.line])]), []):
        yield _slip(at.line, "Y2.indent")


def _quotes(lines: list[str], number: int, quote: str) -> _Slip:
    if quote == '"' and "\\" in lines[number]:
        return _slip(number, "Y2.backslash")
    return _slip(number, "Y2.quote", quote=quote)


def _names(lines: list[str], number: int, column: int, began: int) -> Iterator[_Slip]:
    """A name without its colon: the parser notices it there, or only at the line after it."""
    line = lines[number] if number < len(lines) else ""
    before = next((at for at in range(min(number, len(lines)) - 1, -1, -1) if _says_something(lines[at])), number)
    near = [at for at in (before, began, number) if at < len(lines) and _says_something(lines[at])]
    near = [at for at in near if at == began or _indent(lines[at]) <= _indent(line)]
    unnamed = [at for at in near if not _KEY.search(lines[at]) and lines[at].lstrip()[0] not in "\"'-[]{}"]
    for at in unnamed:
        if _runs_out_of_text(lines, at):
            name = "Y2.text_indent"
        elif "：" in lines[at]:
            name = "Y2.wide_colon"
        elif lines[at].lstrip().startswith("＃"):
            name = "Y2.wide_hash"
        elif lines[at].rstrip() == "=======":
            name = "Y2.marker"
        elif ":" in lines[at]:
            name = "Y2.no_space"
        else:
            name = "Y2.no_colon"
        yield _slip(at, name)
    if line[column : column + 1] == ":" and _KEY.search(line[:column]):
        yield _slip(number, "Y2.colon")


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
