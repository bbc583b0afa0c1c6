"""What a picture shows, in words made from its numbers: for those who hear the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from reportkit.kinds.comparison import Line
from reportkit.report.comparison.changes import change

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")
_REMARK = re.compile(r"(?<=.)（[^（）]*）$")


def short(label: str) -> str:
    """Return a label without its number and without the remark behind it: （二）部分公开（…） -> 部分公开."""
    return _REMARK.sub("", _NUMBERING.sub("", label))


def groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines below the heading they share; a single group has none, as the picture's title says it."""
    found = [(short(above), list(below)) for above, below in groupby(lines, _above)]
    return found if len(found) > 1 else [("", list(lines))]


def _above(line: Line) -> str:
    return line.labels[-2] if len(line.labels) > 1 else ""


def described(title: str, year: int, lines: Sequence[Line]) -> str:
    """Return the alternative text of a picture: every figure of both years, and what rises and falls."""
    parts = ("".join((f"{name}：" if name else "", "；".join(_descriptions(below)))) for name, below in groups(lines))
    return f"条形图：{title}，{year}年与{year - 1}年对比，单位：件。{'。'.join(parts)}。"


def _descriptions(lines: Sequence[Line]) -> Iterator[str]:
    """The lines one by one, those without anything to tell together at the end."""
    for line in lines:
        if not _is_nothing(line):
            yield f"{short(line.labels[-1])} {_figures(line)}"
    nothing = [short(line.labels[-1]) for line in lines if _is_nothing(line)]
    if nothing:
        yield f"{'、'.join(nothing)} 两年都是 0"


def _is_nothing(line: Line) -> bool:
    return line.now == 0 and line.before == 0 and line.now is not None


def _figures(line: Line) -> str:
    difference = change(line)
    now, before = (f"{when}空白" if figure is None else f"{figure}" for when, figure in _years(line))
    if difference is None:
        return f"{now}，{before if line.before is None else f'上年 {before}'}"
    trend = "与上年相同" if difference == 0 else f"{'增' if difference > 0 else '减'} {abs(difference):f}"
    return f"{now}，{trend}" if difference == 0 else f"{now}，上年 {before}，{trend}"


def _years(line: Line) -> list[tuple[str, object]]:
    return [("本年", line.now), ("上年", line.before)]
